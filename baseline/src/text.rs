//! What a newcomer writes instead of arrays of strings: a `Vec<String>`; and the words of an English dictionary.

use std::{fs, io, path::Path};

/// Reads the 104,334 words of `data/words.txt`, sorted by their bytes.
///
/// # Errors
///
/// Fails if the file cannot be read.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::text::{find, words};
///
/// let words = words().unwrap();
/// assert_eq!(words.len(), 104_334);
/// assert_eq!(find(&words, "zebra").map(|index| &*words[index]), Some("zebra"));
/// ```
pub fn words() -> io::Result<Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/words.txt"))?;
    let mut words: Vec<String> = text.lines().map(str::to_owned).collect();
    words.sort_unstable();
    Ok(words)
}

/// The index of a string among sorted ones.
pub fn find<S: AsRef<str>>(sorted: &[S], string: &str) -> Option<usize> {
    sorted.binary_search_by(|other| other.as_ref().cmp(string)).ok()
}

/// The bytes of all strings.
pub fn total_len<S: AsRef<str>>(strings: &[S]) -> usize {
    strings.iter().map(|string| string.as_ref().len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_distinct() {
        let words = words().unwrap();
        assert!(words.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(total_len(&words), 985_084 - words.len());
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert_eq!(find(&["ant", "bee"], "bee"), Some(1));
        assert_eq!(find(&["ant", "bee"], "cat"), None);
    }
}
