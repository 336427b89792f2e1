//! Records cloned.

use super::error::StoreError;
use super::leaf::Own;
use super::records::Records;
use super::schema::Record;
use super::slice::Slice;

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
    /// # Errors
    ///
    /// Fails where there is no memory for them in the columns, or a column cannot take a value; rows before it have been appended. What
    /// clones own is theirs to ask for: where the allocator refuses a `String` its copy, the program ends.
    pub fn try_extend_from_slice(&mut self, rows: Slice<'_, R>) -> Result<(), StoreError> {
        self.try_reserve(rows.len())?;
        for row in rows.rows() {
            self.table_mut().try_push(row.own()).map_err(|(_, refused)| refused.cause)?;
        }
        Ok(())
    }
}

/// With room for exactly the rows that there are.
impl<R: Record<Fields: Own>> Clone for Records<R> {
    fn clone(&self) -> Self {
        let mut clone = Self::with_capacity(self.len());
        clone.extend_from_slice(self.as_slice());
        clone
    }
}
