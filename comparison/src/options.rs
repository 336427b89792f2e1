//! The command line: our own options, criterion's, and the filter.
//!
//! `cargo bench -- ARGUMENTS` gives the same arguments to every bench target. Ours are few; every other one has to be
//! criterion's and is handed on to it unread. To tell `--baseline main` from `--noplot main`, where `main` is a
//! filter, the options of criterion that take a value have to be known.

use core::fmt;

use serde::{Deserialize, Serialize};

/// What a run is asked to do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Only comparisons whose name contains one of these; all if there are none.
    pub filters: Vec<String>,
    /// A filter has to be the whole name.
    pub exact: bool,
    /// Only the memory pass.
    pub memory: bool,
    /// All variants through criterion, in long windows, and longer paired rounds.
    pub thorough: bool,
    /// Everything once and nothing reported.
    pub test: bool,
    /// Only criterion, to be watched by a profiler.
    pub profile: bool,
    /// Criterion's own arguments.
    pub criterion: Vec<String>,
}

/// What [`Options::parse`] understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parsed {
    /// A run.
    Run(Options),
    /// A list of the selected comparisons.
    List(Options),
    /// The page that explains the options.
    Help,
}

/// The text of `--help`.
pub(crate) const HELP: &str = "\
The comparison report of pennyweight.

Usage: cargo bench [-- [OPTIONS] [FILTER]...]

  FILTER           only comparisons whose module/comparison contains FILTER
  --memory         the memory pass alone: a table within seconds, nothing timed
  --thorough       all variants through criterion, in long windows; long paired rounds
  --test           everything once, checking that the answers agree; nothing reported
  --list           the names of the comparisons
  --help           this page

All other options are criterion's, for the criterion part: --save-baseline NAME, --baseline NAME,
--sample-size N, --measurement-time SECONDS, --noplot, --verbose and so on.

Environment: PENNYWEIGHT_FLIGHTS names a larger file of the shape of data/flights-2013-01.csv.";

/// Criterion 0.8's options that take a value.
const WITH_VALUE: &[&str] = &[
    "-b",
    "-c",
    "-s",
    "--baseline",
    "--baseline-lenient",
    "--color",
    "--colour",
    "--confidence-level",
    "--format",
    "--load-baseline",
    "--measurement-time",
    "--noise-threshold",
    "--nresamples",
    "--output-format",
    "--plotting-backend",
    "--profile-time",
    "--sample-size",
    "--save-baseline",
    "--significance-level",
    "--warm-up-time",
];

/// Criterion 0.8's flags.
const FLAGS: &[&str] = &[
    "-n",
    "-v",
    "--discard-baseline",
    "--ignored",
    "--include-ignored",
    "--nocapture",
    "--noplot",
    "--quick",
    "--quiet",
    "--show-output",
    "--verbose",
];

impl Options {
    /// Reads the arguments of this process.
    ///
    /// # Errors
    ///
    /// [`UnknownOption`] for one that is neither ours nor criterion's.
    pub fn from_args() -> Result<Parsed, UnknownOption> {
        Self::parse(std::env::args().skip(1))
    }

    /// Reads `arguments`.
    ///
    /// Without `--bench`, which `cargo bench` adds, the run is a test, as criterion has it.
    ///
    /// # Errors
    ///
    /// [`UnknownOption`] for one that is neither ours nor criterion's.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Parsed, UnknownOption> {
        let mut options = Self::default();
        let (mut bench, mut list, mut help) = (false, false, false);
        let mut arguments = arguments.into_iter();
        while let Some(argument) = arguments.next() {
            let name = argument.split_once('=').map_or(argument.as_str(), |(name, _)| name);
            match name {
                "--bench" => bench = true,
                "--memory" => options.memory = true,
                "--thorough" => options.thorough = true,
                "--test" => options.test = true,
                "--list" => list = true,
                "-h" | "--help" => help = true,
                "--exact" => options.exact = true,
                _ if WITH_VALUE.contains(&name) => {
                    options.profile |= name == "--profile-time";
                    let has_value = name.len() < argument.len();
                    options.criterion.push(argument);
                    if !has_value {
                        options.criterion.extend(arguments.next());
                    }
                }
                _ if FLAGS.contains(&name) => options.criterion.push(argument),
                _ if name.starts_with('-') => return Err(UnknownOption(argument)),
                _ => options.filters.push(argument),
            }
        }
        options.test |= !bench;
        Ok(match (help, list) {
            (true, _) => Parsed::Help,
            (_, true) => Parsed::List(options),
            _ => Parsed::Run(options),
        })
    }

    /// Returns whether the comparison `id`, `module/comparison`, is asked for.
    #[must_use]
    pub fn selects(&self, id: &str) -> bool {
        self.filters.is_empty()
            || self.filters.iter().any(|filter| {
                if self.exact { id == filter.as_str() } else { id.contains(filter.as_str()) }
            })
    }
}

/// The error of an argument that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOption(String);

impl fmt::Display for UnknownOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown option {}; see `cargo bench -- --help`", self.0)
    }
}

impl core::error::Error for UnknownOption {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Parsed, UnknownOption> {
        Options::parse(line.split_whitespace().map(String::from))
    }

    fn run(line: &str) -> Options {
        match parse(line) {
            Ok(Parsed::Run(options)) => options,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn the_value_of_an_option_is_not_a_filter() {
        let options =
            run("--bench --save-baseline main sum -b other --noplot get --sample-size=20 -s x");
        assert_eq!(options.filters, ["sum", "get"]);
        assert_eq!(
            options.criterion,
            ["--save-baseline", "main", "-b", "other", "--noplot", "--sample-size=20", "-s", "x"]
        );
        assert!(!options.test);
    }

    #[test]
    fn our_options_are_not_handed_on() {
        let options = run("--bench --memory --thorough --test");
        assert!(options.memory && options.thorough && options.test);
        assert!(options.criterion.is_empty() && options.filters.is_empty());
    }

    #[test]
    fn a_run_without_cargo_bench_is_a_test() {
        assert!(run("").test);
        assert!(!run("--bench").test);
    }

    #[test]
    fn listing_and_help_run_nothing() {
        assert!(
            matches!(parse("--bench --list sum").unwrap(), Parsed::List(options) if options.filters == ["sum"])
        );
        assert_eq!(parse("--bench --help --list").unwrap(), Parsed::Help);
    }

    #[test]
    fn a_misspelt_option_is_an_error() {
        assert_eq!(parse("--bench --memroy").unwrap_err(), UnknownOption("--memroy".into()));
    }

    #[test]
    fn an_exact_filter_is_the_whole_name() {
        let options = run("--bench --exact array/sum");
        assert!(options.selects("array/sum") && !options.selects("array/sum-wide"));
    }

    #[test]
    fn profiling_is_criterions_alone() {
        assert!(run("--bench --profile-time 5 sum").profile);
    }
}
