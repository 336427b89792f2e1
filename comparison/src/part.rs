//! Part files: the rows of one bench target on their way to the target that writes the report.
//!
//! A process has one global allocator, so that weighing and timing take a process each. All
//! bench targets of one `cargo bench` leave their sections in `target/pennyweight/NAME.part.json`, and `report`,
//! the last of them, reads and removes them. A part is never mistaken for this run's: it carries the arguments
//! and the identity of the process that started its target, which for one `cargo bench` is the same
//! cargo. What is left over from an interrupted run, or from other arguments, is removed unread.

use std::{
    fs, io,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};

use crate::{Section, place};

const EXTENSION: &str = ".part.json";

#[derive(Debug, Serialize, Deserialize)]
struct Part {
    run: Run,
    sections: Vec<Section>,
}

/// What tells the targets of one `cargo bench` from those of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    parent: u32,
    arguments: Vec<String>,
    /// Seconds since 1970.
    started: u64,
}

impl Run {
    /// Process ids come round again, and off Unix there is none: a part also has to be this young.
    const OLDEST: u64 = 6 * 60 * 60;

    fn this() -> Self {
        Self {
            parent: parent_id(),
            arguments: std::env::args().skip(1).collect(),
            started: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
        }
    }

    fn includes(&self, part: &Self) -> bool {
        let age = self.started.checked_sub(part.started);
        self.parent == part.parent
            && self.arguments == part.arguments
            && age.is_some_and(|age| age <= Self::OLDEST)
    }
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}

/// Leaves `sections` for the target that writes the report. `name` is the name of the target that leaves them.
///
/// # Errors
///
/// Returns an error if the file cannot be written.
pub fn write(name: &str, sections: Vec<Section>) -> io::Result<()> {
    let part = Part { run: Run::this(), sections };
    let file = place::directory()?.join(format!("{name}{EXTENSION}"));
    fs::write(file, serde_json::to_vec(&part)?)
}

/// Takes the sections that other targets of this run left, in the order of the targets' names, and removes all
/// part files, of this run or not.
pub(crate) fn take() -> io::Result<Vec<Section>> {
    let run = Run::this();
    let mut files: Vec<_> = fs::read_dir(place::directory()?)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(EXTENSION))
        .collect();
    files.sort();
    let mut sections = Vec::new();
    for file in files {
        let bytes = fs::read(&file)?;
        fs::remove_file(&file)?;
        // A part that cannot be read is from another version of this crate.
        if let Ok(part) = serde_json::from_slice::<Part>(&bytes)
            && run.includes(&part.run)
        {
            sections.extend(part.sections);
        }
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parts_of_the_same_cargo_with_the_same_arguments_are_ours() {
        let run = Run { parent: 7, arguments: vec!["sum".into()], started: 100_000 };
        assert!(run.includes(&run));
        assert!(run.includes(&Run { started: 99_000, ..run.clone() }));
        assert!(!run.includes(&Run { parent: 8, ..run.clone() }));
        assert!(!run.includes(&Run { arguments: vec![], ..run.clone() }));
        assert!(!run.includes(&Run { started: 1_000, ..run.clone() }), "too old");
        assert!(!run.includes(&Run { started: 100_001, ..run.clone() }), "from the future");
    }
}
