//! Weighs all comparisons, in a process whose allocator counts; leaves the rows for the report.

#[path = "../comparisons/mod.rs"]
mod comparisons;

use std::process::ExitCode;

use pennyweight_comparison::{Usable, memory};

#[global_allocator]
static ALLOCATOR: memory::Allocator = memory::Allocator::over(Usable);

fn main() -> ExitCode {
    memory::main(&comparisons::suite())
}
