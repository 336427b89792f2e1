//! Reading what does not fit into memory: chunks, lines, rows of CSV, pages and batches, each in one buffer that is used again.
//!
//! What is here knows bytes, rows and fields; [`record`](crate::record) makes typed columns of them.
//!
//! | | hands out | takes | in Python |
//! |---|---|---|---|
//! | [`Lines`] | lines, as `&str` or `&[u8]`, none longer than a limit | 64 KiB, or the longest line | `for line in file` |
//! | [`LineIndex`] | lines by their numbers | 8 bytes for 64 lines | `linecache.getline` |
//! | [`Chunks`] | so many bytes | the chunk | `while chunk := file.read(n)` |
//! | [`TextChunks`] | so many bytes of whole characters | the chunk | the same of a text, in characters |
//! | [`RecordChunks`] | as many records as fit | the chunk, or the longest record | |
//! | `CsvReader` (feature `csv`) | rows of fields | 42 KiB, or twice the longest row and 8 bytes for each of its fields | `csv.reader` |
//! | [`Batches`], [`TryBatches`] | so many items of an iterator, or so much [weight](Batches::by_weight) | the batch | `cursor.fetchmany(n)`, `read_csv(chunksize=n)` |
//! | [`Pages`], of [`paginate`] | pages of a server, or their items | the page | a generator around `requests.get` |
//! | [`Progress`] | the bytes as they are, counted | 40 bytes | `tqdm.wrapattr` |
//!
//! # Generators
//!
//! A generator of Python makes values when they are asked for. In Rust every iterator does: a range takes 16 bytes where `collect` takes
//! 80 MB for ten million `u64`, `map` and `filter` allocate nothing, and `take_while` stops where `break` does. There is nothing to add to that.
//!
//! What std's iterators cannot do is lend: an item may not point into the iterator, and so [`BufRead::lines`](std::io::BufRead::lines)
//! allocates a `String` for each line, and `by_ref().take(n).collect()` a `Vec` for each batch. What is here lends: each thing that it hands out is in its one buffer until the next is asked for,
//! which the compiler sees to. The loop is
//!
//! ```
//! use pennyweight::stream::Lines;
//!
//! # let file = "to be\nor not\n".as_bytes();
//! let mut lines = Lines::new(file);
//! while let Some(line) = lines.next_line()? {
//!     // …
//!     # assert_eq!(line.len(), if lines.number() == 1 { 5 } else { 6 });
//! }
//! # Ok::<(), pennyweight::stream::LineError>(())
//! ```
//!
//! and `map` makes an [`Iterator`] of it, with all adaptors of std, from whatever is to be kept of each: a number, a parsed record, a string of its own.
//!
//! # Bounds
//!
//! A generator bounds memory by the longest line, the largest page, the biggest record: by the data, that is, which come from somewhere else.
//! What is here has limits, and an error that names what was beyond one, in line, byte and column. No error loses what is around it: reading goes on behind, and where
//! it was the source that failed, with what had been read before.

mod line_index;
mod lines;

mod chunks;
mod records;

#[cfg(feature = "csv")]
mod csv;

mod batches;
mod pages;

mod progress;

mod error;
mod window;

pub use batches::{Batches, TryBatches, TryWeighedBatches, WeighedBatches};
pub use chunks::{Chunks, TextChunks};
#[cfg(feature = "csv")]
pub use csv::{CsvError, CsvErrorCause, CsvOptions, CsvReader, Fields, Headers, Row, Trim};
pub use error::{LineError, RecordError, TextError};
pub use line_index::LineIndex;
pub use lines::{LineText, Lines};
pub use pages::{PageError, Pages, paginate};
pub use progress::{Progress, ProgressHandle};
pub use records::RecordChunks;
