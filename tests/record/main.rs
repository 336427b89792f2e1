//! Records against `Vec`s of structs, and columns against `Vec`s of what they hold.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod columns;
#[cfg(feature = "csv")]
mod csv;
mod derive;
mod first;
mod frozen;
mod frozen_images;
#[cfg(feature = "csv")]
mod flight;
mod group;
mod hygiene;
mod model;
mod panics;
mod vec;
