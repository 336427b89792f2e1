//! Columns that own their buffers.

mod dict;
mod model;
