// The examples of the README derive and measure.
#![cfg_attr(all(feature = "derive", feature = "std"), doc = include_str!("../README.md"))]
#![cfg_attr(
    not(all(feature = "derive", feature = "std")),
    doc = "Collections that weigh little more than what they hold."
)]
#![no_std]
#![warn(clippy::std_instead_of_core, clippy::std_instead_of_alloc, clippy::alloc_instead_of_core)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

#[cfg(feature = "std")]
pub mod profile;
pub mod size;

pub mod array;
pub mod intern;
pub mod pool;
#[cfg(feature = "std")]
pub mod stream;
pub mod view;
pub mod weak;

pub mod record;

mod raw;

pub use array::IntArray;
#[cfg(feature = "std")]
pub use profile::measure;
pub use size::HeapSize;
