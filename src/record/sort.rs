//! Records in another order.
#![allow(unsafe_code)]

use super::order::order;
use super::records::Records;
use super::schema::Record;
use alloc::vec::Vec;
use core::cmp::Ordering;

/// # Sorting
///
/// First an order of indices is made, and then each column is brought into it, through a buffer that is as large as the widest column.
/// While keys or rows are compared, and where that panics, the records are as they were.
impl<R: Record> Records<R> {
    /// Sorts by a key, which is asked for once for each row; rows of equal keys stay in their order.
    ///
    /// Keys that are integers, or an `Option` of one of at most 32 bits, are not compared but sorted by their digits, in time
    /// **O(n)**. A key cannot borrow of the row: by strings, sort with [`sort_by`](Self::sort_by), as in `sort_by(|a, b| a.name().cmp(b.name()))`.
    ///
    /// # Memory
    ///
    /// For keys that go by digits 8 bytes a row, or 12 where they differ by 2,048 or more, and 16 from 4,194,304 on. Keys of 64 bits, and an
    /// `Option` of 32, take 12 and 16; and 24 where their range leaves no room in 64 bits for an index. For other keys what a pair of the
    /// key and a `u32` takes, and 4 bytes. But for 4 bytes a row these are freed before columns move. Then there is a buffer of as many bytes a
    /// row as the widest cell has, beside what columns with buffers of their own take: text and packed columns are there twice meanwhile.
    ///
    /// # Panics
    ///
    /// Panics where there are 2³² records or more.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::record::{Record, Records};
    ///
    /// #[derive(Record)]
    /// struct Flight {
    ///     number: u16,
    ///     delay: Option<i16>,
    /// }
    ///
    /// let delays = [Some(31), None, Some(-4), Some(31)];
    /// let mut flights: Records<Flight> =
    ///     (1..).zip(delays).map(|(number, delay)| Flight { number, delay }).collect();
    /// flights.sort_by_key(|flight| flight.delay());
    /// assert_eq!(flights.columns().number(), [2, 3, 1, 4]);
    /// ```
    #[track_caller]
    pub fn sort_by_key<K: Ord>(&mut self, key: impl FnMut(&R::Row) -> K) {
        sortable(self.len());
        if let Some(order) = order(self.iter().map(key)) {
            // SAFETY: the order has the index of each row once, as those of the keys.
            unsafe { self.table_mut().permute(&order) };
        }
    }

    /// Sorts by a comparison; rows that are equal stay in their order. Takes 4 bytes a row, and then the buffer that
    /// [`sort_by_key`](Self::sort_by_key) takes. Where a key can be had, that is faster: rows are compared where they lie.
    ///
    /// # Panics
    ///
    /// Panics where there are 2³² records or more, and may panic where the comparison is no total order; the records are as they
    /// were.
    #[track_caller]
    pub fn sort_by(&mut self, mut compare: impl FnMut(&R::Row, &R::Row) -> Ordering) {
        let mut order: Vec<u32> = (0..sortable(self.len())).collect();
        let rows = self.as_slice();
        order.sort_unstable_by(|&a, &b| {
            compare(&rows[a as usize], &rows[b as usize]).then(a.cmp(&b))
        });
        // SAFETY: the order has the index of each row once: sorting exchanges them, whatever the comparison says.
        unsafe { self.table_mut().permute(&order) };
    }

    /// Sorts by a key: [`sort_by_key`](Self::sort_by_key) under the name that a `Vec` has for a sort that need not keep equal rows in their
    /// order. It keeps them; there is nothing to be gained where columns are brought into an order.
    ///
    /// # Panics
    ///
    /// As `sort_by_key`.
    #[track_caller]
    pub fn sort_unstable_by_key<K: Ord>(&mut self, key: impl FnMut(&R::Row) -> K) {
        self.sort_by_key(key);
    }

    /// Sorts by a comparison: [`sort_by`](Self::sort_by), which see, and [`sort_unstable_by_key`](Self::sort_unstable_by_key).
    ///
    /// # Panics
    ///
    /// As `sort_by`.
    #[track_caller]
    pub fn sort_unstable_by(&mut self, compare: impl FnMut(&R::Row, &R::Row) -> Ordering) {
        self.sort_by(compare);
    }

    /// Turns the order of the rows around.
    ///
    /// # Panics
    ///
    /// Panics where there are 2³² records or more.
    #[track_caller]
    pub fn reverse(&mut self) {
        let mut order: Vec<u32> = (0..sortable(self.len())).collect();
        order.reverse();
        // SAFETY: the order has the index of each row once.
        unsafe { self.table_mut().permute(&order) };
    }
}

/// The number of rows, where they can be sorted.
#[track_caller]
fn sortable(len: usize) -> u32 {
    u32::try_from(len).expect("at most 2^32 - 1 records can be sorted")
}
