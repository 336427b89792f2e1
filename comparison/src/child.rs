//! Processes of this executable that measure on behalf of another: what they are told stands in a variable of their
//! environment.

use std::{env, io, process::Command};

use crate::Options;

/// Returns this executable as a command whose process finds `options` in `variable`.
pub(crate) fn command(variable: &str, options: &Options) -> io::Result<Command> {
    let mut child = Command::new(env::current_exe()?);
    child.arg("--bench");
    child.env(variable, serde_json::to_string(options).expect("strings and booleans"));
    Ok(child)
}

/// Returns what stands in `variable`, if this process was started by such a command.
///
/// # Panics
///
/// Panics if the variable was set by hand to something else.
pub(crate) fn options(variable: &str) -> Option<Options> {
    let options = env::var(variable).ok()?;
    Some(serde_json::from_str(&options).expect("options as this executable wrote them"))
}
