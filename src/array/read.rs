//! The methods of reading that every array has, made of a few of its own.

/// `is_empty`, `get`, `first`, `last`, `iter`, `for_each_block`, `copy_to_slice` and `to_vec` of values of one type, by
/// `len`, `value` and `for_each_within`, which calls a closure with the values of a range in slices of at most 256. Of
/// an array that has an iterator of its own, the last three alone: `blocks of`.
macro_rules! read_methods {
    ($value:ty) => {
        /// True where there are none.
        pub fn is_empty(&self) -> bool {
            self.len() == 0
        }

        /// The value at `index`, or `None` behind the end.
        #[inline]
        pub fn get(&self, index: usize) -> Option<$value> {
            (index < self.len()).then(|| self.value(index))
        }

        /// The first value.
        pub fn first(&self) -> Option<$value> {
            self.get(0)
        }

        /// The last value.
        pub fn last(&self) -> Option<$value> {
            self.get(self.len().wrapping_sub(1))
        }

        /// Iterates over the values. Adaptors that fold, `sum` and `for_each` among them, take hundreds of values at a
        /// time; a plain `for` loop takes them one by one.
        pub fn iter(&self) -> $crate::array::Iter<'_, Self> {
            $crate::array::Iter::new(self)
        }

        read_methods!(blocks of $value);
    };
    (blocks of $value:ty) => {
        /// Calls `f` with all values in order, in slices of at most 256.
        ///
        /// ```
        /// use pennyweight::array::IntArray;
        ///
        /// let array: IntArray<u16> = (0..1000).collect();
        /// let mut even = 0;
        /// array.for_each_block(|values| even += values.iter().filter(|&v| v % 2 == 0).count());
        /// assert_eq!(even, 500);
        /// ```
        #[inline]
        pub fn for_each_block(&self, f: impl FnMut(&[$value])) {
            self.for_each_within(0..self.len(), f);
        }

        /// Copies the values from `start` on to `values`.
        ///
        /// # Panics
        ///
        /// Panics when `values` reaches behind the end of the array.
        #[track_caller]
        pub fn copy_to_slice(&self, start: usize, values: &mut [$value]) {
            let end = $crate::array::codes::slice_end(start, values.len(), self.len());
            let mut copied = 0;
            self.for_each_within(start..end, |block| {
                values[copied..copied + block.len()].copy_from_slice(block);
                copied += block.len();
            });
        }

        /// The values in a `Vec`.
        pub fn to_vec(&self) -> alloc::vec::Vec<$value> {
            let mut values = alloc::vec![<$value>::default(); self.len()];
            self.copy_to_slice(0, &mut values);
            values
        }
    };
}

pub(super) use read_methods;
