//! Hands the name of the compiler and the target on to the report, which names both.

use std::{env, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .unwrap_or_else(|| "rustc of unknown version".into());
    println!("cargo::rustc-env=PENNYWEIGHT_RUSTC={}", version.trim());
    println!("cargo::rustc-env=PENNYWEIGHT_TARGET={}", env::var("TARGET").unwrap_or_default());
}
