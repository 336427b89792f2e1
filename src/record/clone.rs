//! Records cloned.

use super::error::StoreError;
use super::leaf::Own;
use super::records::Records;
use super::schema::Record;
use super::slice::Slice;
use crate::array::{BitArray, Words};

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
    /// Column by column, as [`try_extend_from_slice`](Self::try_extend_from_slice) does it; dictionaries have the strings that are chosen. The
    /// indices are collected meanwhile, a word each, and another one for each enum and each `Option` of a record.
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
        self.as_slice().select(indices)
    }

    /// Clones of the rows at these indices: see [`select`](Self::select).
    ///
    /// # Errors
    ///
    /// As [`try_extend_from_slice`](Self::try_extend_from_slice).
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range.
    #[track_caller]
    pub fn try_select(&self, indices: impl IntoIterator<Item = usize>) -> Result<Self, StoreError> {
        self.as_slice().try_select(indices)
    }

    /// Clones of the rows where `mask` is true, in their order, as records of their own: `df[mask]` of pandas. [`select`](Self::select) says
    /// what it takes. To keep these rows and no others, there is [`retain`](Self::retain).
    ///
    /// ```
    /// use pennyweight::array::BitArray;
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     origin: String,
    ///     delay: i16,
    /// }
    ///
    /// let flights = [("EWR", 4), ("JFK", 71), ("JFK", -2), ("LGA", 90)];
    /// let flights = flights.map(|(origin, delay)| Flight { origin: origin.to_owned(), delay });
    /// let flights = Records::from(flights);
    ///
    /// let late: BitArray = flights.columns().delay().iter().map(|&delay| delay > 60).collect();
    /// let from_jfk = flights.columns().origin().mask(|origin| origin == "JFK");
    /// assert_eq!(flights.filter(&late).columns().delay(), [71, 90]);
    /// assert_eq!(flights.filter(&(&late & &from_jfk)).columns().delay(), [71]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics where the mask has another length, and where [`try_filter`](Self::try_filter) has an error.
    #[must_use]
    #[track_caller]
    pub fn filter<M: Words>(&self, mask: &BitArray<M>) -> Self {
        self.as_slice().filter(mask)
    }

    /// Clones of the rows where `mask` is true: see [`filter`](Self::filter).
    ///
    /// # Errors
    ///
    /// As [`try_extend_from_slice`](Self::try_extend_from_slice).
    ///
    /// # Panics
    ///
    /// Panics where the mask has another length.
    #[track_caller]
    pub fn try_filter<M: Words>(&self, mask: &BitArray<M>) -> Result<Self, StoreError> {
        self.as_slice().try_filter(mask)
    }
}

impl<R: Record<Fields: Own>> Slice<'_, R> {
    /// Clones of the rows at these indices, counted from the first of the slice: see [`Records::select`].
    ///
    /// # Panics
    ///
    /// As [`Records::select`].
    #[must_use]
    #[track_caller]
    pub fn select(self, indices: impl IntoIterator<Item = usize>) -> Records<R> {
        match self.try_select(indices) {
            Ok(selected) => selected,
            Err(error) => error.raise(),
        }
    }

    /// Clones of the rows at these indices: see [`Records::try_select`].
    ///
    /// # Errors
    ///
    /// As [`Records::try_select`].
    ///
    /// # Panics
    ///
    /// Panics when an index is out of range.
    #[track_caller]
    pub fn try_select(
        self,
        indices: impl IntoIterator<Item = usize>,
    ) -> Result<Records<R>, StoreError> {
        let mut selected = Records::new();
        let cloned = self.clone_at(indices.into_iter(), selected.table_mut());
        cloned.map(|()| selected).map_err(|refused| refused.cause)
    }

    /// Clones of the rows where `mask` is true: see [`Records::filter`].
    ///
    /// # Panics
    ///
    /// As [`Records::filter`].
    #[must_use]
    #[track_caller]
    pub fn filter<M: Words>(self, mask: &BitArray<M>) -> Records<R> {
        match self.try_filter(mask) {
            Ok(filtered) => filtered,
            Err(error) => error.raise(),
        }
    }

    /// Clones of the rows where `mask` is true: see [`Records::try_filter`].
    ///
    /// # Errors
    ///
    /// As [`Records::try_filter`].
    ///
    /// # Panics
    ///
    /// Panics where the mask has another length.
    #[track_caller]
    pub fn try_filter<M: Words>(self, mask: &BitArray<M>) -> Result<Records<R>, StoreError> {
        let (len, other) = (self.len(), mask.len());
        assert!(len == other, "a mask of {other} values does not choose among {len} records");
        self.try_select(mask.iter_ones())
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
