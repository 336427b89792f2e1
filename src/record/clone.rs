//! Records cloned.

use super::error::StoreError;
use super::leaf::Own;
use super::records::Records;
use super::schema::Record;
use super::slice::{Slice, out_of_range};

impl<R: Record<Fields: Own>> Records<R> {
    /// Appends clones of rows, which may be those of other records.
    ///
    /// # Panics
    ///
    /// Panics where [`try_extend_from_slice`](Self::try_extend_from_slice) has an error.
    #[track_caller]
    pub fn extend_from_slice(&mut self, rows: Slice<'_, R>) {
        if let Err(error) = self.try_extend_from_slice(rows) {
            error.raise();
        }
    }

    /// Appends clones of rows, which may be those of other records. Computed fields are not computed.
    ///
    /// Column by column: fields that lie in the block are cloned one by one, text is copied, and codes are looked up once for each string, where
    /// there are more rows than strings.
    ///
    /// # Errors
    ///
    /// Fails where there is no memory for them in the columns, or a column cannot take a value. What clones own is theirs to ask for: where the
    /// allocator refuses a `String` its copy, the program ends. Where it fails, or a clone panics, the records are as they were.
    pub fn try_extend_from_slice(&mut self, rows: Slice<'_, R>) -> Result<(), StoreError> {
        rows.clone_onto(self.table_mut()).map_err(|refused| refused.cause)
    }

    /// Clones of the rows at these indices, in their order, as records of their own: a row may be chosen more than once.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     origin: String,
    ///     number: u16,
    /// }
    ///
    /// let origins = ["EWR", "JFK", "EWR", "LGA"];
    /// let flights: Records<Flight> = (0..8)
    ///     .map(|i| Flight { origin: origins[usize::from(i) % 4].to_owned(), number: i })
    ///     .collect();
    ///
    /// let origins = flights.columns().origin();
    /// let newark = origins.code("EWR").unwrap();
    /// let from_newark = flights.select(origins.positions(newark));
    /// assert_eq!(from_newark.columns().number(), [0, 2, 4, 6]);
    /// assert_eq!(flights.select([7, 0, 7]).columns().number(), [7, 0, 7]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range, and where [`try_select`](Self::try_select) has an error.
    #[must_use]
    #[track_caller]
    pub fn select(&self, indices: impl IntoIterator<Item = usize>) -> Self {
        match self.try_select(indices) {
            Ok(selected) => selected,
            Err(error) => error.raise(),
        }
    }

    /// Clones of the rows at these indices: see [`select`](Self::select).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory.
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range.
    #[track_caller]
    pub fn try_select(&self, indices: impl IntoIterator<Item = usize>) -> Result<Self, StoreError> {
        let indices = indices.into_iter();
        let mut selected = Self::new();
        selected.try_reserve(indices.size_hint().0)?;
        for index in indices {
            if index >= self.len() {
                out_of_range(index, self.len());
            }
            selected.try_extend_from_slice(self.slice(index..index + 1))?;
        }
        Ok(selected)
    }
}

/// With room for exactly the rows that there are. Columns that own their buffers are copied as they are, so that strings keep their codes.
/// Buffers are allocated for columns, and for a row what its values allocate when they are cloned.
impl<R: Record<Fields: Own>> Clone for Records<R> {
    fn clone(&self) -> Self {
        match self.table().try_clone() {
            Ok(table) => Self::from_table(table),
            Err(refused) => refused.cause.raise(),
        }
    }
}
