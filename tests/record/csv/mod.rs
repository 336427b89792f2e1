//! Records from CSV.

mod bad;
mod flights;
mod headers;
mod values;
