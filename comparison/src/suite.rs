//! The list of all comparisons, by name; each is defined only when its turn comes.

use core::fmt;

use crate::{Comparison, Options};

/// All comparisons, in the order of the report.
#[derive(Debug, Default)]
pub struct Suite {
    entries: Vec<Entry>,
}

/// A comparison that is not defined yet.
///
/// Only its names are known, so that selecting and listing read no data, and one comparison's data is gone
/// before the next one's is made.
pub struct Entry {
    module: &'static str,
    comparison: &'static str,
    define: Box<dyn Fn(&Sizes) -> Comparison>,
}

/// How large generated data may be.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    at_most: usize,
}

impl Suite {
    /// Creates an empty suite.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a comparison.
    ///
    /// `comparison` names the operation and, where there are several, the data: it is the second part of
    /// criterion's `module/operation/variant/size`.
    ///
    /// # Panics
    ///
    /// Panics if the names are taken.
    pub fn add(
        &mut self,
        module: &'static str,
        comparison: &'static str,
        define: impl Fn(&Sizes) -> Comparison + 'static,
    ) {
        let entry = Entry { module, comparison, define: Box::new(define) };
        assert!(self.entries.iter().all(|other| other.id() != entry.id()), "two of {}", entry.id());
        self.entries.push(entry);
    }

    /// Returns the comparisons that `options` select, the same in every pass.
    pub fn select(&self, options: &Options) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| options.selects(&entry.id())).collect()
    }
}

impl Entry {
    /// Returns the module's name.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.module
    }

    /// Returns the comparison's name.
    #[must_use]
    pub fn comparison(&self) -> &'static str {
        self.comparison
    }

    /// Returns `module/comparison`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.module, self.comparison)
    }

    /// Makes the data and defines the comparison.
    #[must_use]
    pub fn define(&self, options: &Options) -> Comparison {
        let at_most = if options.test { Sizes::IN_TESTS } else { usize::MAX };
        (self.define)(&Sizes { at_most })
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.id()).finish()
    }
}

impl Sizes {
    const IN_TESTS: usize = 10_000;

    /// Returns `elements`, or fewer in a run that only tests that everything works.
    #[must_use]
    pub fn generated(&self, elements: usize) -> usize {
        elements.min(self.at_most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite() -> Suite {
        let mut suite = Suite::new();
        for (module, comparison) in [("array", "sum"), ("array", "get"), ("intern", "summary")] {
            suite.add(module, comparison, |sizes| {
                Comparison::of("counted", sizes.generated(10_000_000)).naive(|| (), |()| 0_i64)
            });
        }
        suite
    }

    fn selected(filter: &[&str]) -> Vec<String> {
        let options =
            Options { filters: filter.iter().map(|&f| f.into()).collect(), ..Options::default() };
        suite().select(&options).iter().map(|entry| entry.id()).collect()
    }

    #[test]
    fn a_filter_selects_by_part_of_the_name() {
        assert_eq!(selected(&[]).len(), 3);
        assert_eq!(selected(&["sum"]), ["array/sum", "intern/summary"]);
        assert_eq!(selected(&["array/"]), ["array/sum", "array/get"]);
        assert_eq!(selected(&["get", "summary"]), ["array/get", "intern/summary"]);
        assert!(selected(&["nothing"]).is_empty());
    }

    #[test]
    fn a_test_run_generates_little() {
        let suite = suite();
        let options = Options { test: true, ..Options::default() };
        assert_eq!(suite.select(&options)[0].define(&options).elements(), 10_000);
        let options = Options::default();
        assert_eq!(suite.select(&options)[0].define(&options).elements(), 10_000_000);
    }

    #[test]
    #[should_panic(expected = "two of array/sum")]
    fn a_name_is_taken_once() {
        let mut suite = suite();
        suite.add("array", "sum", |_| Comparison::of("", 1));
    }
}
