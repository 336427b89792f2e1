//! Rows looked for.

use super::records::Records;
use super::schema::Record;
use core::cmp::Ordering;

impl<R: Record> Records<R> {
    /// The index of a row that equals another one, of any records, where the rows are sorted. For a struct that is no row, there is
    /// [`binary_search_by_key`](Self::binary_search_by_key).
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Point(i16, i16);
    ///
    /// let points: Records<Point> = (0..9).map(|x| Point(x * 2, x)).collect();
    /// let wanted = Records::from([Point(6, 3), Point(6, 4)]);
    /// assert_eq!(points.binary_search(&wanted[0]), Ok(3));
    /// assert_eq!(points.binary_search(&wanted[1]), Err(4));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`binary_search_by`](Self::binary_search_by).
    pub fn binary_search(&self, wanted: &R::Row) -> Result<usize, usize>
    where
        R::Row: Ord,
    {
        self.as_slice().binary_search(wanted)
    }

    /// The index of a row that `compare` calls equal, where the rows are sorted by it.
    ///
    /// # Errors
    ///
    /// Gives the index at which such a row could be inserted where there is none.
    pub fn binary_search_by<'r>(
        &'r self,
        compare: impl FnMut(&'r R::Row) -> Ordering,
    ) -> Result<usize, usize> {
        self.as_slice().binary_search_by(compare)
    }

    /// The index of a row with this key, where the rows are sorted by it.
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Point(i16, i16);
    ///
    /// let points: Records<Point> = (0..9).map(|x| Point(x * 2, x)).collect();
    /// assert_eq!(points.binary_search_by_key(&6, |point| point._0()), Ok(3));
    /// assert_eq!(points.binary_search_by_key(&7, |point| point._0()), Err(4));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`binary_search_by`](Self::binary_search_by).
    pub fn binary_search_by_key<'r, K: Ord>(
        &'r self,
        wanted: &K,
        key: impl FnMut(&'r R::Row) -> K,
    ) -> Result<usize, usize> {
        self.as_slice().binary_search_by_key(wanted, key)
    }

    /// The number of rows before the first of which `before` is false, where all those behind it are so too.
    pub fn partition_point<'r>(&'r self, before: impl FnMut(&'r R::Row) -> bool) -> usize {
        self.as_slice().partition_point(before)
    }

    /// True where the rows are sorted by this key.
    pub fn is_sorted_by_key<'r, K: PartialOrd>(&'r self, key: impl FnMut(&'r R::Row) -> K) -> bool {
        self.as_slice().is_sorted_by_key(key)
    }
}
