//! What reads in bounded memory returns what reading everything returns, whatever the source does.
#![cfg(feature = "std")]

mod source;

mod batches;
mod chunks;
mod line_index;
mod lines;
mod pages;
mod progress;
mod records;

#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "csv")]
mod csv_model;
