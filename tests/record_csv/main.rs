//! Records from CSV.
#![forbid(unsafe_code)]
#![cfg(all(feature = "csv", feature = "derive"))]

mod bad;
mod category;
mod flight;
mod flights;
mod headers;
mod values;
