//! Frozen records.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod images;
mod records;
