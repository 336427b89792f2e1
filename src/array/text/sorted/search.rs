//! Finding strings, without decoding them.

use super::super::buffer::Buffer;
use super::SortedStrArray;
use super::tail::Tail;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::{Bound, Range, RangeBounds};

impl<W: Buffer<u8>> SortedStrArray<W> {
    /// Where `string` is: the first of equal ones, or else where it could be inserted. Slices may find any of those
    /// that are equal.
    ///
    /// # Errors
    ///
    /// Gives the index where the string would be if none is equal.
    ///
    /// Reads the heads of some buckets, as binary search does, and one bucket on to the string. Allocates nothing.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["can", "can", "do"]);
    /// assert_eq!((words.binary_search("can"), words.binary_search("did")), (Ok(0), Err(2)));
    /// ```
    pub fn binary_search(&self, string: &str) -> Result<usize, usize> {
        match self.lower_bound(string.as_bytes()) {
            (index, true) => Ok(index),
            (index, false) => Err(index),
        }
    }

    /// The index of the first string that is equal.
    pub fn position(&self, string: &str) -> Option<usize> {
        self.binary_search(string).ok()
    }

    /// True where a string is equal.
    pub fn contains(&self, string: &str) -> bool {
        self.lower_bound(string.as_bytes()).1
    }

    /// The number of strings that are equal.
    pub fn count(&self, string: &str) -> usize {
        self.range(string..=string).len()
    }

    /// Which strings begin so. [`iter_range`](Self::iter_range) reads them.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["hell", "hellebore", "hellenic", "hellenism", "hello"]);
    /// for word in words.iter_range(words.prefix("hellen")) {
    ///     assert!(word == "hellenic" || word == "hellenism");
    /// }
    ///
    /// let words = SortedStrArray::from_sorted(["car", "card", "cat", "do"]);
    /// assert_eq!(words.prefix("car"), 0..2);
    /// assert_eq!(words.prefix(""), 0..4);
    /// assert_eq!(words.prefix("cow"), 3..3);
    /// ```
    pub fn prefix(&self, prefix: &str) -> Range<usize> {
        let mut end = Vec::from(prefix);
        let start = self.lower_bound(&end).0;
        match end.last_mut() {
            // No byte of UTF-8 is the last one of all.
            Some(last) => *last += 1,
            None => return 0..self.len,
        }
        start..self.lower_bound(&end).0
    }

    /// Which strings lie in a range of strings. Empty where the range ends before it begins.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words = SortedStrArray::from_sorted(["a", "b", "b", "c"]);
    /// assert_eq!(words.range("b"..), 1..4);
    /// assert_eq!(words.range("a"..="b"), 0..3);
    /// ```
    pub fn range<'s>(&self, range: impl RangeBounds<&'s str>) -> Range<usize> {
        let behind = |string: &str| {
            // Nothing lies between a string and the same with a zero.
            let next: Vec<u8> = string.bytes().chain([0]).collect();
            self.lower_bound(&next).0
        };
        let start = match range.start_bound() {
            Bound::Unbounded => 0,
            Bound::Included(string) => self.lower_bound(string.as_bytes()).0,
            Bound::Excluded(string) => behind(string),
        };
        let end = match range.end_bound() {
            Bound::Unbounded => self.len,
            Bound::Included(string) => behind(string),
            Bound::Excluded(string) => self.lower_bound(string.as_bytes()).0,
        };
        start..end.max(start)
    }

    /// The first string that is not less than `key`, and whether it is equal.
    fn lower_bound(&self, key: &[u8]) -> (usize, bool) {
        let (mut low, mut high) = (0, self.buckets.len());
        let mut equal = false;
        while low < high {
            let middle = low + (high - low) / 2;
            match self.bucket(middle).0.cmp(key) {
                Ordering::Less => low = middle + 1,
                order => {
                    high = middle;
                    equal = order == Ordering::Equal;
                }
            }
        }
        match low.checked_sub(1).and_then(|bucket| self.find_in(bucket, key)) {
            Some(found) => found,
            None => ((low << self.shift).min(self.len), equal),
        }
    }

    /// The first string of a bucket that is not less than `key`, as its head is, and whether it is equal.
    fn find_in(&self, bucket: usize, key: &[u8]) -> Option<(usize, bool)> {
        let (head, tails) = self.bucket(bucket);
        let mut len = head.len();
        // The bytes that key and the string before have in common. That one is less: it ends there, or has a lesser
        // byte there.
        let mut common = common_bytes(head, key);
        for (tail, index) in tails.zip((bucket << self.shift) + 1..) {
            let keep = len.saturating_sub(tail.drop);
            len = keep + tail.len();
            match keep.cmp(&common) {
                // Still a lesser byte there.
                Ordering::Greater => {}
                // A greater byte where the string before and the key have the same.
                Ordering::Less => return Some((index, false)),
                Ordering::Equal => match compare(&tail, &key[common..]) {
                    (more, Ordering::Less) => common += more,
                    (_, order) => return Some((index, order == Ordering::Equal)),
                },
            }
        }
        None
    }
}

/// The number of bytes that both begin with.
fn common_bytes(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The number of bytes that both begin with, and how they compare.
fn compare(tail: &Tail<'_>, key: &[u8]) -> (usize, Ordering) {
    let (own, following) = (tail.own(), tail.following());
    let mut common = common_bytes(own, key);
    if common == own.len() {
        common += common_bytes(following, &key[common..]);
    }
    let byte = own.get(common).or_else(|| following.get(common - own.len()));
    (common, byte.cmp(&key.get(common)))
}
