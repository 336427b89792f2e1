//! Records against `Vec`s of structs, and columns against `Vec`s of what they hold.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod columns;
#[cfg(feature = "csv")]
mod csv;
mod derive;
mod first;
#[cfg(feature = "csv")]
mod flight;
mod frozen;
mod frozen_images;
mod group;
mod hygiene;
mod model;
mod panics;
#[cfg(feature = "rayon")]
mod parallel;
mod vec;
