//! The criterion pass: a child of this executable, in which criterion has the arguments to itself.
//!
//! Criterion reads the arguments of its process by itself and refuses those that it does not know. So it gets a
//! process whose arguments are all its own, and what else it has to know is in a variable. Its medians are read back
//! from the files that it leaves, and stand in the report beside the paired ones: measured by the same runners and
//! clock, but one variant after the other.

use core::fmt;
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use serde::Deserialize;

use crate::{Options, Section, child, place};

/// The variable that makes a process the child. Its value is [`Options`].
const CHILD: &str = "PENNYWEIGHT_CRITERION";
/// Criterion's own variable: where its files are.
const HOME: &str = "CRITERION_HOME";

/// Returns the options of the run if this process is the child, in which criterion is to run.
///
/// # Panics
///
/// Panics if the variable was set by hand to something else.
#[must_use]
pub fn child_options() -> Option<Options> {
    child::options(CHILD)
}

/// Runs criterion over the selected comparisons, and writes its medians into their sections.
pub(crate) fn pass(options: &Options, sections: &mut [Section]) -> Result<(), Error> {
    let started = SystemTime::now();
    let home = match env::var_os(HOME) {
        Some(home) => PathBuf::from(home),
        None => place::target()?.join("criterion"),
    };
    let mut child = child::command(CHILD, options)?;
    child.args(&options.criterion);
    if options.test {
        child.arg("--test");
    }
    let wants_short_output = options.criterion.is_empty() && !options.thorough;
    if wants_short_output {
        child.arg("--quiet");
    }
    child.env(HOME, &home);
    let status = child.status()?;
    collect(&home, started, sections);
    if status.success() { Ok(()) } else { Err(Error::Failed(status.to_string())) }
}

#[derive(Debug, Deserialize)]
struct Benchmark {
    group_id: String,
    function_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Estimates {
    median: Estimate,
}

#[derive(Debug, Deserialize)]
struct Estimate {
    point_estimate: f64,
}

/// Reads the medians that criterion has left since `started`.
///
/// The files are found by what they say, not by what they are called, and are criterion's own affair: those that are not
/// there or not understood are passed over, and the report is without them.
fn collect(directory: &Path, started: SystemTime, sections: &mut [Section]) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let directories =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_dir());
    for path in directories {
        if path.ends_with("new") {
            if let Some((benchmark, median)) = read(&path, started)
                && let Some(section) =
                    sections.iter_mut().find(|section| section.id() == benchmark.group_id)
                && let Some(variant) = benchmark.function_id
            {
                section.criterion_ns.insert(variant, median);
            }
        } else {
            collect(&path, started, sections);
        }
    }
}

fn read(directory: &Path, started: SystemTime) -> Option<(Benchmark, f64)> {
    let estimates = directory.join("estimates.json");
    if fs::metadata(&estimates).ok()?.modified().ok()? < started {
        return None;
    }
    let estimates: Estimates = serde_json::from_slice(&fs::read(estimates).ok()?).ok()?;
    let benchmark =
        serde_json::from_slice(&fs::read(directory.join("benchmark.json")).ok()?).ok()?;
    Some((benchmark, estimates.median.point_estimate))
}

/// The error of a criterion pass.
#[derive(Debug)]
pub(crate) enum Error {
    /// The child could not be run.
    Io(io::Error),
    /// The child ended with this status.
    Failed(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "criterion's process: {error}"),
            Self::Failed(status) => write!(f, "criterion's process ended with {status}"),
        }
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::Row;

    #[test]
    fn medians_are_found_by_what_the_files_say_and_only_new_ones() {
        let home = place::directory().unwrap().join("criterion-test");
        let new = home.join("array_sum/naive/27004/new");
        fs::create_dir_all(&new).unwrap();
        let benchmark = r#"{"group_id":"array/sum","function_id":"naive","value_str":"27004"}"#;
        fs::write(new.join("benchmark.json"), benchmark).unwrap();
        fs::write(new.join("estimates.json"), r#"{"median":{"point_estimate":12.5}}"#).unwrap();

        let row = Row { module: "array".into(), comparison: "sum".into(), ..Row::default() };
        let empty = Section { rows: vec![row], ..Section::default() };
        let hour = Duration::from_secs(3_600);
        let mut sections = [empty.clone()];
        collect(&home, SystemTime::now() + hour, &mut sections);
        assert_eq!(sections[0], empty, "left by an earlier run");
        collect(&home, SystemTime::now() - hour, &mut sections);
        fs::remove_dir_all(&home).unwrap();
        assert_eq!(sections[0].criterion_ns.get("naive"), Some(&12.5));
    }
}
