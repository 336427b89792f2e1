//! How records are written in CSV, and what happens to those that are not.

use super::RecordReader;
use super::field::Nulls;
use crate::record::Record;
use crate::record::csv::Parse;
use crate::stream::CsvOptions;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// How records are written in CSV: what a [`RecordReader`] is made by.
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::Record;
/// use pennyweight::record::csv::ReadOptions;
/// use pennyweight::stream::CsvOptions;
///
/// #[derive(Record)]
/// struct City {
///     name: String,
///     height: Option<i16>,
/// }
///
/// let file = "Quito;2850\nTallinn;9\nAtlantis;?\n";
/// let options = ReadOptions::new()
///     .csv(CsvOptions::new().delimiter(b';').has_headers(false))
///     .nulls(["", "?"]);
/// let cities = options.read_from::<City, _>(file.as_bytes()).read_all()?;
/// assert_eq!(cities[0].height(), Some(2850));
/// assert_eq!((cities[2].name().as_str(), cities[2].height()), ("Atlantis", None));
/// # }
/// # Ok::<(), pennyweight::record::csv::ReadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReadOptions {
    pub(super) csv: CsvOptions,
    pub(super) nulls: Nulls,
    pub(super) allow_missing: bool,
    pub(super) deny_extra: bool,
    pub(super) on_bad_row: OnBadRow,
    pub(super) input_len: Option<u64>,
}

/// What happens to a row that is not what it should be. It is never in the records, and no other row is lost by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnBadRow {
    /// It is an error. The next call goes on behind the row.
    Error,
    /// It is counted.
    Skip,
    /// It is counted, and the first ones are kept, at most so many: see [`RecordReader::bad_rows`].
    Collect(usize),
}

impl ReadOptions {
    /// Commas, quotes and a header as [`CsvOptions::new`] has them; an empty field is null; each column of the record is in the file, which may have
    /// others; a bad row is an error.
    #[must_use]
    pub fn new() -> Self {
        Self {
            csv: CsvOptions::new(),
            nulls: Nulls::new([""]),
            allow_missing: false,
            deny_extra: false,
            on_bad_row: OnBadRow::Error,
            input_len: None,
        }
    }

    /// How rows and fields are divided: the delimiter, quotes, comments, blanks, and whether there is a header. Where there is no header, the first fields of a row
    /// are those of the record in its order, and others are not looked at.
    #[must_use]
    pub fn csv(self, csv: CsvOptions) -> Self {
        Self { csv, ..self }
    }

    /// The fields that are null where a column is of `Option`s, in the place of the empty one: name that too (`["", "NA"]`) where both are.
    /// Elsewhere they are text as any other. Quotes around them are no part of them.
    #[must_use]
    pub fn nulls<T: AsRef<[u8]>>(self, texts: impl IntoIterator<Item = T>) -> Self {
        Self { nulls: Nulls::new(texts), ..self }
    }

    /// Whether a column of `Option`s may be missing in the file. All of it is null then. If it may not, which is so if nothing else is said, a header
    /// without it is an error. Where a header should be and is not, that is one in any case.
    #[must_use]
    pub fn allow_missing(self, allow_missing: bool) -> Self {
        Self { allow_missing, ..self }
    }

    /// Whether a header must name no other columns than those of the record.
    #[must_use]
    pub fn deny_extra(self, deny_extra: bool) -> Self {
        Self { deny_extra, ..self }
    }

    /// What happens to a row that is not what it should be.
    #[must_use]
    pub fn on_bad_row(self, on_bad_row: OnBadRow) -> Self {
        Self { on_bad_row, ..self }
    }

    /// How many bytes the input has: so it is guessed, once some rows are read, how many there are, and memory is asked for once. What is said is believed: of too much, memory is
    /// asked for in vain.
    #[must_use]
    pub fn input_len(self, input_len: u64) -> Self {
        Self { input_len: Some(input_len), ..self }
    }

    /// A reader of records that are written so. Reads nothing yet.
    ///
    /// # Panics
    ///
    /// As [`CsvOptions::read_from`].
    #[must_use]
    pub fn read_from<R: Record<Fields: Parse>, I: Read>(self, input: I) -> RecordReader<R, I> {
        RecordReader::with_options(input, self)
    }

    /// A reader of a file, of which it asks for the length.
    ///
    /// # Errors
    ///
    /// Where the file cannot be opened.
    ///
    /// # Panics
    ///
    /// As [`CsvOptions::read_from`].
    pub fn open<R: Record<Fields: Parse>>(
        self,
        path: impl AsRef<Path>,
    ) -> io::Result<RecordReader<R, File>> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(self.input_len(len).read_from(file))
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self::new()
    }
}
