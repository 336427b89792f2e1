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
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{
    Options, Parsed, Section, Suite, criterion, machine::Machine, options::HELP, paired, part,
    place, row::join,
};

/// Runs the bench target that times, and writes the report.
#[must_use]
pub fn main(suite: &Suite) -> ExitCode {
    let options = match Options::from_args() {
        Ok(Parsed::Run(options)) => options,
        Ok(Parsed::List(options)) => {
            list(suite, &options);
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

/// Prints the names of the selected comparisons, for `--list`.
pub fn list(suite: &Suite, options: &Options) {
    for entry in suite.select(options) {
        println!("{}: benchmark", entry.id());
    }
}

fn run(suite: &Suite, options: &Options) -> Result<(), String> {
    if options.profile {
        return criterion::pass(options, &mut []).map_err(|error| error.to_string());
    }
    // The machine is described before this run loads it.
    let machine = Machine::here();
    let mut sections =
        part::take().map_err(|error| format!("the rows of the other targets: {error}"))?;
    join(&mut sections, paired::pass(suite, options)?);
    // In a test the other targets leave no rows, and may have had a comparison of that name.
    if sections.is_empty() && !options.test {
        return Err(nothing_selected(options));
    }
    let criterion = criterion::pass(options, &mut sections).map_err(|error| error.to_string());
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

fn write(machine: &Machine, sections: &[Section]) -> io::Result<PathBuf> {
    let directory = place::directory()?;
    let file = |name: &str, text: String| fs::write(directory.join(name), text);
    file("report.md", markdown::report(machine, sections))?;
    file("report.html", html::report(machine, sections))?;
    file("report.json", json::report(machine, sections))?;
    Ok(shortened(&directory))
}

/// Returns the path from the workspace, where a reader most likely is. (Cargo runs a bench in its package.)
fn shortened(path: &Path) -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let from_there = workspace.and_then(|workspace| path.strip_prefix(workspace).ok());
    from_there.unwrap_or(path).to_path_buf()
}

/// Prints the table of the memory pass alone.
pub(crate) fn print_memory(options: &Options, sections: &[Section]) -> ExitCode {
    if sections.is_empty() {
        return fail(nothing_selected(options));
    }
    print!("{}", terminal::report(&Machine::here(), sections));
    ExitCode::SUCCESS
}

fn nothing_selected(options: &Options) -> String {
    format!("no comparison of this target has {} in its name", options.filters.join(" or "))
}

/// Says on standard error why the run failed.
pub(crate) fn fail(error: impl fmt::Display) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}
