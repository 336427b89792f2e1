//! Records against `Vec`s of structs, and columns against `Vec`s of what they hold.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod borrow;
mod clone;
mod columns;
mod derive;
mod first;
mod hygiene;
mod in_place;
mod model;
mod optional;
mod order;
mod panics;
#[cfg(feature = "rayon")]
mod parallel;
mod vec;
