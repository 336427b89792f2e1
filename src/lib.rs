#![no_std]
//! placeholder
extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

pub mod array;
#[cfg(feature = "std")]
pub mod profile;
mod raw;
pub mod size;
