//! Iterating over arrays that are held: each row is allocated when it is asked for.

use super::ends::Ends;
#[cfg(feature = "fsst")]
use super::fsst::FsstArray;
use super::ragged::RaggedArray;
use super::str::StrArray;
use alloc::string::String;
use alloc::vec::{self, Vec};
use core::fmt;
use core::iter::FusedIterator;
use core::ops::Range;

/// An iterator over the strings of an array that it holds, each of which is allocated when it is asked for.
///
/// ```
/// use pennyweight::array::StrArray;
///
/// let names = StrArray::from(["Ada", "Grace"]);
/// let greetings: Vec<String> = names.into_iter().map(|name| name + "!").collect();
/// assert_eq!(greetings, ["Ada!", "Grace!"]);
/// ```
#[derive(Clone, Debug)]
pub struct IntoStrs<A> {
    array: A,
    /// What is left.
    range: Range<usize>,
}

macro_rules! into_strs {
    ($array:ty) => {
        impl IntoIterator for $array {
            type Item = String;
            type IntoIter = IntoStrs<Self>;

            fn into_iter(self) -> IntoStrs<Self> {
                IntoStrs { range: 0..self.len(), array: self }
            }
        }

        impl Iterator for IntoStrs<$array> {
            type Item = String;

            fn next(&mut self) -> Option<String> {
                self.array.get(self.range.next()?).map(Into::into)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                self.range.size_hint()
            }

            fn nth(&mut self, n: usize) -> Option<String> {
                self.array.get(self.range.nth(n)?).map(Into::into)
            }
        }

        impl DoubleEndedIterator for IntoStrs<$array> {
            fn next_back(&mut self) -> Option<String> {
                self.array.get(self.range.next_back()?).map(Into::into)
            }

            fn nth_back(&mut self, n: usize) -> Option<String> {
                self.array.get(self.range.nth_back(n)?).map(Into::into)
            }
        }

        impl ExactSizeIterator for IntoStrs<$array> {}
        impl FusedIterator for IntoStrs<$array> {}
    };
}

into_strs!(StrArray);
#[cfg(feature = "fsst")]
into_strs!(FsstArray);

/// An iterator over the rows of a [`RaggedArray`] that it holds: their values move to a `Vec` each.
pub struct IntoRows<T> {
    /// Those of the rows that are left.
    values: vec::IntoIter<T>,
    ends: Ends,
    /// What is left.
    range: Range<usize>,
}

impl<T> IntoIterator for RaggedArray<T> {
    type Item = Vec<T>;
    type IntoIter = IntoRows<T>;

    fn into_iter(self) -> IntoRows<T> {
        let (values, ends) = self.into_parts();
        IntoRows { range: 0..ends.len(), values: values.into_iter(), ends }
    }
}

impl<T> Iterator for IntoRows<T> {
    type Item = Vec<T>;

    fn next(&mut self) -> Option<Vec<T>> {
        let len = self.ends.row(self.range.next()?).len();
        Some(self.values.by_ref().take(len).collect())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl<T> DoubleEndedIterator for IntoRows<T> {
    fn next_back(&mut self) -> Option<Vec<T>> {
        let len = self.ends.row(self.range.next_back()?).len();
        let mut row: Vec<T> = self.values.by_ref().rev().take(len).collect();
        row.reverse();
        Some(row)
    }
}

impl<T> ExactSizeIterator for IntoRows<T> {}
impl<T> FusedIterator for IntoRows<T> {}

impl<T: fmt::Debug> fmt::Debug for IntoRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.ends.iter_range(self.range.clone());
        let first = rows.clone().next().map_or(0, |row| row.start);
        let values = self.values.as_slice();
        f.debug_list().entries(rows.map(|row| &values[row.start - first..row.end - first])).finish()
    }
}
