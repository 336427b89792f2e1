//! The report: what runs the timing passes, joins all rows, and writes them.

mod figures;
mod preface;

mod bars;
mod html;
mod json;
mod markdown;
mod terminal;

use core::fmt;
use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use crate::{
    Options, Parsed, Section, Suite, machine::Machine, options::HELP, paired, part, place,
    row::join,
};

/// The variable that makes a process of this executable the one in which criterion runs. Its value is [`Options`].
///
/// Criterion reads the arguments of its process by itself and refuses those that it does not know, so that it
/// gets a process whose arguments are all its own; what else it has to know is in the variable.
const CRITERION: &str = "PENNYWEIGHT_CRITERION";

/// Returns the options of the run if this process is the one in which criterion is to run.
///
/// # Panics
///
/// Panics if the variable was set by hand to something else.
#[must_use]
pub fn criterion_options() -> Option<Options> {
    let options = env::var(CRITERION).ok()?;
    Some(serde_json::from_str(&options).expect("options as this executable wrote them"))
}

/// Runs the bench target that times, and writes the report.
#[must_use]
pub fn main(suite: &Suite) -> ExitCode {
    let options = match Options::from_args() {
        Ok(Parsed::Run(options)) => options,
        Ok(Parsed::List(options)) => {
            for entry in suite.select(&options) {
                println!("{}: benchmark", entry.id());
            }
            return ExitCode::SUCCESS;
        }
        Ok(Parsed::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(error),
    };
    if options.memory {
        return ExitCode::SUCCESS;
    }
    match run(suite, &options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(error),
    }
}

fn run(suite: &Suite, options: &Options) -> Result<(), String> {
    if options.profile {
        return criterion(options);
    }
    // The machine is described before this run loads it.
    let machine = Machine::here();
    let mut sections =
        part::take().map_err(|error| format!("the rows of the other targets: {error}"))?;
    join(&mut sections, paired::pass(suite, options)?);
    if sections.is_empty() && !options.filters.is_empty() {
        return Err(format!("no comparison has {} in its name", options.filters.join(" or ")));
    }
    let criterion = criterion(options);
    if options.test {
        return criterion;
    }
    let directory = write(&machine, &sections).map_err(|error| format!("the report: {error}"))?;
    print!("{}", terminal::report(&machine, &sections));
    println!("\n{}", directory.join("report.html").display());
    println!("{} and report.json beside it", directory.join("report.md").display());
    // What criterion found wrong fails the run, but does not keep the rest from being seen.
    criterion
}

/// Runs criterion over the selected comparisons, in a child of this process.
fn criterion(options: &Options) -> Result<(), String> {
    let executable = env::current_exe().map_err(|error| format!("this executable: {error}"))?;
    let mut child = Command::new(executable);
    child.arg("--bench").args(&options.criterion);
    if options.test {
        child.arg("--test");
    }
    let quiet_by_default = options.criterion.is_empty() && !options.thorough;
    if quiet_by_default {
        child.arg("--quiet");
    }
    child.env(CRITERION, serde_json::to_string(options).expect("strings and booleans"));
    let status = child.status().map_err(|error| format!("criterion's process: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("criterion's process ended with {status}")) }
}

fn write(machine: &Machine, sections: &[Section]) -> io::Result<PathBuf> {
    let directory = place::directory()?;
    let file = |name: &str, text: String| fs::write(directory.join(name), text);
    file("report.md", markdown::report(machine, sections))?;
    file("report.html", html::report(machine, sections))?;
    file("report.json", json::report(machine, sections))?;
    Ok(shortened(&directory))
}

/// Returns the path from the current directory, if it is in there.
fn shortened(path: &Path) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).to_path_buf()
}

/// Prints the table of the memory pass alone.
pub(crate) fn print_memory(sections: &[Section]) -> ExitCode {
    print!("{}", terminal::report(&Machine::here(), sections));
    ExitCode::SUCCESS
}

/// Says on standard error why the run failed.
pub(crate) fn fail(error: impl fmt::Display) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
