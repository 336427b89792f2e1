//! Records as structs again, one after the other.
#![allow(unsafe_code)]

use super::records::Records;
use super::schema::Record;
use super::slice::Slice;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// Takes records out as structs, from both ends. What is left is dropped with it, and so is the memory.
pub struct IntoIter<R: Record> {
    /// Its rows outside of `rows` have been moved out.
    records: Records<R>,
    /// Invariant: within the length of the records; these rows have not been moved out.
    rows: Range<usize>,
}

impl<R: Record> IntoIter<R> {
    pub(super) fn new(records: Records<R>) -> Self {
        Self { rows: 0..records.len(), records }
    }

    /// What is left. It is not lent to users: the columns of an enum's variant are those of all rows, and some have been moved out.
    fn rest(&self) -> Slice<'_, R> {
        Slice::new(&self.records, self.rows.clone())
    }

    /// Moves a row out.
    ///
    /// # Safety
    ///
    /// `index` is the first or the last of `rows`, which has been made less by it once this returns: hence the function that does it.
    unsafe fn take(&mut self, index: usize, shorten: fn(&mut Range<usize>)) -> R {
        let computed = R::compute(&self.records[index]);
        shorten(&mut self.rows);
        // SAFETY: the row has not been moved out (invariant of `rows`), and is no longer in `rows`.
        let values = unsafe { self.records.table_mut().take(index) };
        R::from_values(values, computed)
    }
}

impl<R: Record> Iterator for IntoIter<R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        let first = self.rows.start;
        // SAFETY: it is the first.
        (!self.rows.is_empty()).then(|| unsafe { self.take(first, |rows| rows.start += 1) })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}

impl<R: Record> DoubleEndedIterator for IntoIter<R> {
    fn next_back(&mut self) -> Option<R> {
        let last = self.rows.end.wrapping_sub(1);
        // SAFETY: it is the last.
        (!self.rows.is_empty()).then(|| unsafe { self.take(last, |rows| rows.end -= 1) })
    }
}

impl<R: Record> ExactSizeIterator for IntoIter<R> {}

impl<R: Record> FusedIterator for IntoIter<R> {}

impl<R: Record> Drop for IntoIter<R> {
    fn drop(&mut self) {
        // What has been moved out is not dropped with the records.
        self.records.table_mut().keep_only(self.rows.clone());
    }
}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for IntoIter<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.rest()).finish()
    }
}

impl<R: Record> IntoIterator for Records<R> {
    type Item = R;
    type IntoIter = IntoIter<R>;

    fn into_iter(self) -> IntoIter<R> {
        IntoIter::new(self)
    }
}
