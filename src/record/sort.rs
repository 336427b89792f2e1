//! Records in another order.
#![allow(unsafe_code)]

use super::records::Records;
use super::schema::Record;
use alloc::vec::Vec;

impl<R: Record> Records<R> {
    /// Sorts by a key, those of equal keys as they were. Nothing has changed yet where `key` or its comparison panics.
    ///
    /// # Panics
    ///
    /// Panics where there are more than 2^32 records.
    #[track_caller]
    pub fn sort_by_key<K: Ord>(&mut self, mut key: impl FnMut(&R::Row) -> K) {
        let len = u32::try_from(self.len()).expect("at most 2^32 records are sorted");
        let mut keys: Vec<(K, u32)> = self.iter().map(&mut key).zip(0..len).collect();
        keys.sort_unstable();
        let order: Vec<u32> = keys.into_iter().map(|(_, index)| index).collect();
        // SAFETY: the order has the index of each row once, as `zip` numbered them.
        unsafe { self.table_mut().permute(&order) };
    }
}
