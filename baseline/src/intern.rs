//! What a newcomer writes instead of an interner: a map from strings to numbers, and a list of the strings.

use std::collections::HashMap;

/// Strings and their numbers. Each string is there twice.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::intern::Interner;
///
/// let mut names = Interner::default();
/// assert_eq!((names.intern("UA"), names.intern("DL"), names.intern("UA")), (0, 1, 0));
/// assert_eq!((names.get("DL"), names.get("AA")), (Some(1), None));
/// assert_eq!(names.resolve(1), "DL");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Interner {
    numbers: HashMap<String, u32>,
    /// At the place of its number each key of `numbers`.
    strings: Vec<String>,
}

impl Interner {
    /// The number of a string, which is kept if it is new.
    ///
    /// # Panics
    ///
    /// Panics if there is no number left.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.strings.len()).expect("fewer than 2^32 strings");
        self.numbers.insert(text.to_owned(), number);
        self.strings.push(text.to_owned());
        number
    }

    /// The number of a string, if it is there.
    pub fn get(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The string of a number.
    ///
    /// # Panics
    ///
    /// Panics if there is none.
    pub fn resolve(&self, number: u32) -> &str {
        &self.strings[number as usize]
    }

    /// All strings, in the order in which they came.
    pub fn strings(&self) -> &[String] {
        &self.strings
    }
}
