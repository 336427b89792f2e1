//! Columns that own their buffers.

mod dict;
mod model;
mod records;
