//! What reads in bounded memory returns what reading everything returns, whatever the source does.
#![cfg(feature = "std")]

mod source;

mod chunks;
mod lines;
mod records;

#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "csv")]
mod csv_model;
