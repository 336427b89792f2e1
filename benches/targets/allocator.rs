//! Times programs under the counting allocator, under the plain one and under its peers, and leaves the rows for the
//! report. A target of its own, since a process has one global allocator: here it is a switch.

extern crate alloc;

#[path = "../comparisons/profile/mod.rs"]
mod profile;

use std::process::ExitCode;

use pennyweight_comparison::{Options, Parsed, Suite, paired, part, report};

#[global_allocator]
static ALLOCATOR: profile::Switch = profile::Switch;

fn main() -> ExitCode {
    let mut suite = Suite::new();
    profile::add_to(&mut suite);
    // As long as it lives dhat records; without it dhat would only forward.
    let _recording = dhat::Profiler::builder().testing().build();
    if let Some(code) = paired::child(&suite) {
        return code;
    }
    match run(&suite) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(suite: &Suite) -> Result<(), String> {
    let options = match Options::from_args().map_err(|error| error.to_string())? {
        // Nothing here is weighed, and the target `report` helps and profiles.
        Parsed::Run(options) if !options.memory && !options.profile => options,
        Parsed::List(options) => {
            report::list(suite, &options);
            return Ok(());
        }
        _ => return Ok(()),
    };
    let sections = paired::pass(suite, &options)?;
    if options.test {
        return Ok(());
    }
    part::write("allocator", sections).map_err(|error| format!("the rows of this target: {error}"))
}
