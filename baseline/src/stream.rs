//! What a newcomer writes instead of reading in bounded memory: everything is read, and then looked at.

use core::ops::Range;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

/// Returns the path of a file of the sample data.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::stream::{lines, sample};
///
/// let airlines = lines(&sample("airlines.csv")).unwrap();
/// assert_eq!((airlines.len(), &*airlines[0]), (17, "carrier,name"));
/// ```
#[must_use]
pub fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name)
}

/// Reads all lines of a file, each into a string of its own.
///
/// # Errors
///
/// Fails if the file cannot be read, or is not UTF-8.
pub fn lines(path: &Path) -> io::Result<Vec<String>> {
    BufReader::new(File::open(path)?).lines().collect()
}

/// Reads a whole file.
///
/// # Errors
///
/// Fails if the file cannot be read, or is not UTF-8.
pub fn text(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// The sum of a column of integers for each string of another one, in the order in which they come. Fields end with a comma, and nothing
/// is quoted; what is no integer is left out.
///
/// # Errors
///
/// Fails if the file cannot be read, or is not UTF-8.
///
/// # Panics
///
/// If one of the columns is not there.
pub fn sums_by(path: &Path, key: &str, summed: &str) -> io::Result<Vec<(String, i64)>> {
    let mut lines = BufReader::new(File::open(path)?).lines();
    let header = lines.next().transpose()?.unwrap_or_default();
    let position = |name| header.split(',').position(|found| found == name).expect("a column");
    let (key, summed) = (position(key), position(summed));
    let mut sums: Vec<(String, i64)> = Vec::new();
    for line in lines {
        let line = line?;
        let fields: Vec<&str> = line.split(',').collect();
        if let Ok(value) = fields[summed].parse::<i64>() {
            match sums.iter_mut().find(|(found, _)| found == fields[key]) {
                Some((_, sum)) => *sum += value,
                None => sums.push((fields[key].to_owned(), value)),
            }
        }
    }
    Ok(sums)
}

/// The lines of `bytes`, without their ends, as places.
#[must_use]
pub fn lines_of(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let content = line.strip_suffix(b"\n").map_or(line, |l| l.strip_suffix(b"\r").unwrap_or(l));
        lines.push(start..start + content.len());
        start += line.len();
    }
    lines
}

/// Collects `items`, and cuts them into vectors of `size`.
pub fn batches<T>(items: impl IntoIterator<Item = T>, size: usize) -> Vec<Vec<T>> {
    let mut items = items.into_iter().collect::<Vec<T>>().into_iter();
    let mut batches = Vec::new();
    loop {
        let batch: Vec<T> = items.by_ref().take(size).collect();
        if batch.is_empty() {
            return batches;
        }
        batches.push(batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_std() {
        let bytes = b"a\r\n\r\nb\r\r\n\n\rc\r";
        let lines: Vec<&[u8]> = lines_of(bytes).into_iter().map(|line| &bytes[line]).collect();
        let std: Vec<String> = bytes.lines().map(Result::unwrap).collect();
        assert_eq!(lines, std.iter().map(String::as_bytes).collect::<Vec<_>>());
    }

    #[test]
    fn sums_are_of_what_is_a_number() {
        let sums = sums_by(&sample("weather.csv"), "origin", "hour").unwrap();
        let names: Vec<&str> = sums.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["EWR", "JFK", "LGA"]);
        assert!(sums_by(&sample("weather.csv"), "origin", "time_hour").unwrap().is_empty());
    }

    #[test]
    fn batches_end_with_a_shorter_one() {
        assert_eq!(batches(0..7, 3), [vec![0, 1, 2], vec![3, 4, 5], vec![6]]);
        assert!(batches([0; 0], 3).is_empty());
    }
}
