//! `stream`: files that are read in one buffer, and in one piece.
//!
//! What is timed and weighed is the reading of a file, with what is left of it at the end: for those who read everything that is the
//! file, for others the buffer. The system has the file in its cache.

mod lines;

mod chunks;

mod csv;

mod batches;

use std::{
    env,
    fs::File,
    path::{Path, PathBuf},
};

use pennyweight_baseline::{flights::VARIABLE, stream::sample};
use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    lines::add_to(suite);
    chunks::add_to(suite);
    csv::add_to(suite);
    batches::add_to(suite);
}

/// The file of flights that was asked for, or else the sample.
fn flights() -> PathBuf {
    env::var_os(VARIABLE).map_or_else(|| sample("flights-2013-01.csv"), PathBuf::from)
}

/// Opens a file that was read before.
fn open(path: &PathBuf) -> File {
    File::open(path).expect("a file that was there before")
}

/// Returns its name, for the report.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
