//! Record batches to records.

use super::open::open;
use crate::record::c_data::{Columns, Import, ImportError, ImportErrorCause, import};
use crate::record::records::Records;
use crate::record::schema::Record;
use alloc::boxed::Box;
use arrow_array::RecordBatch;

impl<R: Record<Fields: Import>> TryFrom<&RecordBatch> for Records<R> {
    type Error = ImportError;

    /// Copies the rows of a batch, whose columns may be in any order, and more than those of the record. Numbers may mean anything, such as
    /// dates; strings may be held in any way. A `dict` column maps a dictionary once, not row by row.
    ///
    /// # Errors
    ///
    /// Where a column is missing or of another type, and where a value is null that cannot be, or none of the field's type.
    fn try_from(batch: &RecordBatch) -> Result<Self, ImportError> {
        let find: Columns<'_> = Box::new(|name| {
            let column = batch.column_by_name(name);
            column.map(|column| open(column)).ok_or(ImportErrorCause::Missing)
        });
        import(&find, batch.num_rows())
    }
}
