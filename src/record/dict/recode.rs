//! Rows under the codes of another dictionary.

use super::super::error::StoreError;
use super::super::text::TextField;
use super::super::validity::Validity;
use super::buffer::Width;
use super::codes::{Code, each};
use super::{Codes, DictColumn, DictSlice};
use crate::intern::Key;
use crate::raw::{ReserveError, growth};
use alloc::vec::Vec;
use core::mem;
use core::ops::Range;

impl<V: TextField> DictColumn<V> {
    /// Moves all strings of another column behind those of this one, under the codes of this one. The other is left empty, with its memory
    /// and its dictionary.
    ///
    /// # Panics
    ///
    /// Panics where [`try_append`](Self::try_append) fails for another reason than memory. Like a `Vec`, ends the program where the
    /// allocator refuses.
    #[track_caller]
    pub fn append(&mut self, other: &mut Self) {
        if let Err(error) = self.try_append(other) {
            error.raise();
        }
    }

    /// Moves all strings of another column behind those of this one, under the codes of this one. The other is left empty, with its memory
    /// and its dictionary.
    ///
    /// # Errors
    ///
    /// As [`try_push`](Self::try_push). Both columns hold the rows that they held.
    pub fn try_append(&mut self, other: &mut Self) -> Result<(), StoreError> {
        self.try_extend_from(other, 0..other.len())?;
        other.clear();
        Ok(())
    }

    /// Appends strings that lie elsewhere, by a table of their codes. What fails may have appended some.
    pub(super) fn recode_from(&mut self, slice: DictSlice<'_, V>) -> Result<(), StoreError> {
        let used = slice.used()?;
        let mut table = Vec::new();
        growth::reserve_exact(&mut table, used.len())?;
        for ((_, text), used) in slice.dictionary().iter().zip(&used) {
            table.push(if *used { self.intern(text)? } else { 0 });
        }
        self.codes.try_reserve(slice.len())?;
        self.validity.try_extend(slice.validity())?;
        let len = self.len();
        self.codes.extend(slice.codes(), |code| table.get(code as usize).map_or(0, |&code| code));
        slice.validity().iter_nulls().for_each(|index| self.codes.set(len + index, 0));
        Ok(())
    }

    /// Appends strings that lie elsewhere at some indices, by a table of their codes. What fails may have appended some.
    pub(super) fn recode_at(
        &mut self,
        slice: DictSlice<'_, V>,
        indices: &[usize],
    ) -> Result<(), StoreError> {
        const NEW: u32 = u32::MAX;
        let (dictionary, validity) = (slice.dictionary(), slice.validity());
        let mut table = Vec::new();
        growth::reserve_exact(&mut table, dictionary.len())?;
        table.resize(dictionary.len(), NEW);
        let nulls = validity.any_null();
        let is_there = |index: usize| !nulls || validity.is_valid(index);
        each!(slice.codes(), codes => {
            for &index in indices.iter().filter(|&&index| is_there(index)) {
                let code = codes[index].wide();
                if table[code as usize] == NEW {
                    table[code as usize] = self.intern(slice.string(code).unwrap_or_default())?;
                }
            }
            self.codes.try_reserve(indices.len())?;
            for &index in indices {
                let there = is_there(index);
                self.validity.try_push(there)?;
                self.codes.push(if there { table[codes[index].wide() as usize] } else { 0 });
            }
        });
        Ok(())
    }

    /// Appends rows by the keys that they have in a dictionary which lies elsewhere: `read` gives the keys of a range of rows, and `string`
    /// that of a row's key, which may be none. It is called once for each string that a row has, and interned then. What fails may have
    /// appended some.
    ///
    /// `strings` says which of the strings are there.
    pub(in crate::record) fn try_extend_keyed<'t, E: From<StoreError> + From<ReserveError>>(
        &mut self,
        rows: Validity<'_>,
        strings: Validity<'_>,
        read: impl Fn(Range<usize>, &mut [u32]),
        string: impl Fn(usize, u32) -> Result<Option<&'t str>, E>,
    ) -> Result<(), E> {
        /// The code of what is null, and of what was not yet met.
        const NULL: u32 = u32::MAX;
        const NEW: u32 = u32::MAX - 1;
        const BLOCK: usize = 256;

        let mut table = Vec::new();
        growth::reserve_exact(&mut table, strings.len())?;
        table.resize(strings.len(), NEW);
        let some_are_null = strings.any_null();
        self.codes.try_reserve(rows.len())?;
        let mut keys = [0; BLOCK];
        for first in (0..rows.len()).step_by(BLOCK) {
            let keys = &mut keys[..BLOCK.min(rows.len() - first)];
            read(first..first + keys.len(), keys);
            for (row, key) in (first..).zip(&mut *keys) {
                if rows.is_null(row) {
                    *key = 0;
                    continue;
                }
                *key = match table.get(*key as usize) {
                    Some(&code) if code != NEW => code,
                    _ => {
                        let code = string(row, *key)?.map_or(Ok(NULL), |text| self.intern(text))?;
                        table[*key as usize] = code;
                        code
                    }
                };
            }
            self.codes.try_reserve(keys.len())?;
            if some_are_null {
                for (row, key) in (first..).zip(&mut *keys) {
                    self.validity.try_push(rows.is_valid(row) && *key != NULL)?;
                    *key = if *key == NULL { 0 } else { *key };
                }
            }
            self.codes.extend(Codes::U32(keys), |code| code);
        }
        if !some_are_null {
            self.validity.try_extend(rows)?;
        }
        Ok(())
    }

    /// Drops the strings that no row has from the dictionary, and gives the others new codes, in the order of the old ones and at the
    /// width that they need: `remove_unused_categories` of pandas. Codes from before say nothing any more.
    ///
    /// Takes a byte and 4 bytes for each string of the dictionary meanwhile, and those that are kept twice.
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    ///
    /// ```
    /// use pennyweight::record::DictColumn;
    ///
    /// let mut origins: DictColumn = ["EWR", "LGA", "JFK"].iter().collect();
    /// origins.retain(|origin| origin != "EWR");
    /// assert_eq!((origins.dictionary().len(), origins.code("LGA")), (3, Some(1)));
    /// origins.remove_unused();
    /// assert_eq!((origins.dictionary().len(), origins.code("LGA")), (2, Some(0)));
    /// ```
    #[track_caller]
    pub fn remove_unused(&mut self) {
        if let Err(error) = self.try_remove_unused() {
            error.raise();
        }
    }

    /// Drops the strings that no row has from the dictionary: see [`remove_unused`](Self::remove_unused).
    ///
    /// # Errors
    ///
    /// Fails where there is no memory; the column is as it was.
    pub fn try_remove_unused(&mut self) -> Result<(), StoreError> {
        let used = self.as_slice().used()?;
        if used.iter().all(|&used| used) {
            return Ok(());
        }
        let dictionary = mem::take(&mut self.dictionary);
        let remap = match dictionary.try_compact(|symbol, _| used[symbol.index()]) {
            Ok((kept, remap)) => {
                self.dictionary = kept;
                remap
            }
            Err((dictionary, error)) => {
                self.dictionary = dictionary;
                return Err(error.into());
            }
        };
        let new = |code: u32| {
            let symbol = Key::try_from_index(code as usize)?;
            remap.get(symbol).map(|symbol| symbol.index() as u32)
        };
        self.codes.recode(|code| new(code).unwrap_or(0));
        self.codes.narrow(Width::of(self.dictionary.len()));
        Ok(())
    }
}
