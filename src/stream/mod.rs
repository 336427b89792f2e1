//! Reading what does not fit into memory: chunks, lines, rows of CSV, pages and batches, each in one buffer that is used again.
//!
//! What is here knows bytes, rows and fields; [`record`](crate::record) makes typed columns of them.

mod lines;

mod chunks;
mod records;

mod error;
mod window;

#[cfg(feature = "csv")]
mod csv;

pub use chunks::{Chunks, TextChunks};
#[cfg(feature = "csv")]
pub use csv::{CsvError, CsvErrorCause, CsvOptions, CsvReader, Fields, Headers, Row};
pub use error::{LineError, RecordError, TextError};
pub use lines::{LineText, Lines};
pub use records::RecordChunks;
