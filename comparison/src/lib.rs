//! The engine of the comparison report, which `cargo bench` runs.
//!
//! A [`Comparison`] is defined once: its data, the physical limit, and for each variant (naive, pennyweight, the
//! peers) how to build the state that is weighed and the work that is timed. Three passes are driven by that
//! definition, so that they cannot disagree about what is compared:
//!
//! 1. the memory pass ([`memory::main`]), in a process whose allocator counts: exact and repeatable;
//! 2. the paired timing pass ([`paired`]), in a process for each comparison, with the plain system allocator: rounds in
//!    balanced order, a ratio to `naive` per round, their median and its interval;
//! 3. criterion, in one more process of that executable, with criterion's own arguments.
//!
//! Every pass checks every variant's answer against naive's; a mismatch fails the run.
//!
//! The passes exchange [`Section`]s of [`Row`]s through [part files](part), and [`report::main`] joins them into
//! the terminal's table and `target/pennyweight/report.{md,html,json}`.

extern crate alloc;

mod comparison;
mod suite;

mod options;

pub mod memory;
mod usable;

mod child;
mod clock;
pub mod paired;
pub mod statistics;

pub mod criterion;

pub mod part;
mod place;
mod row;

mod machine;
mod peers;

mod progress;
pub mod report;

pub use comparison::{Answer, Comparison, Metric, Mismatch, Runner, Variant};
pub use options::{Options, Parsed, UnknownOption};
pub use row::{Row, Section};
pub use suite::{Entry, Sizes, Suite};
pub use usable::Usable;

/// The version of pennyweight that is compared: all packages of the workspace share it.
const PENNYWEIGHT_VERSION: &str = env!("CARGO_PKG_VERSION");
