//! Reading what does not fit into memory: chunks, lines, rows of CSV, pages and batches, each in one buffer that is used again.
//!
//! What is here knows bytes, rows and fields; [`record`](crate::record) makes typed columns of them.

mod lines;

mod chunks;
mod records;

mod error;
mod window;

pub use chunks::{Chunks, TextChunks};
pub use error::{LineError, RecordError, TextError};
pub use lines::{LineText, Lines};
pub use records::RecordChunks;
