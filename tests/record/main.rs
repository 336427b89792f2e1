//! Records against `Vec`s of structs, and columns against `Vec`s of what they hold.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod borrow;
mod columns;
mod derive;
mod first;
mod hygiene;
mod model;
mod panics;
#[cfg(feature = "rayon")]
mod parallel;
mod vec;
