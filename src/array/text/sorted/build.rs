//! Building arrays of sorted strings: which operations there are, and the buckets.

use super::tail::{
    DROPPED, FOLLOWING, MAX_OPS, OWN_BYTES, form_of, number, number_len, op_of, put_number,
    put_tail,
};
use super::{MAX_SHIFT, SHIFT, SortedStrArray};
use crate::array::text::{BytesArray, StrArray};
use crate::raw::growth;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use hashbrown::HashMap;

/// So many different endings are counted, and no more.
const COUNTED: usize = 1 << 16;

/// The bytes of an operation in the table.
const ENTRY: i64 = 8;

impl SortedStrArray {
    /// Holds sorted strings, equal ones among them, in buckets of 16. Byte order, as `str` has it, is what counts.
    ///
    /// # Errors
    ///
    /// Fails at the first string that is less than the one before, and gives it back with its index.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let error = SortedStrArray::from_sorted(["b", "c", "a"]).unwrap_err();
    /// assert_eq!((error.index(), error.into_value()), (2, "a"));
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    pub fn from_sorted<S: AsRef<str>>(
        strings: impl IntoIterator<Item = S>,
    ) -> Result<Self, UnsortedError<S>> {
        Self::with_buckets(1 << SHIFT, strings)
    }

    /// Holds sorted strings in buckets of so many: the more, the smaller and the slower to read.
    ///
    /// The words of a dictionary take 3.0 bytes each in buckets of 8, 2.5 in buckets of 16 and 2.3 in buckets of
    /// 32, of which [`get`](Self::get) and [`search`](Self::search) read half.
    ///
    /// # Errors
    ///
    /// Fails at the first string that is less than the one before, and gives it back with its index.
    ///
    /// # Panics
    ///
    /// Panics when `bucket` is no power of two up to 65,536, or when the capacity overflows. Like a `Vec`, ends the
    /// program where the allocator refuses.
    #[track_caller]
    pub fn with_buckets<S: AsRef<str>>(
        bucket: usize,
        strings: impl IntoIterator<Item = S>,
    ) -> Result<Self, UnsortedError<S>> {
        assert!(
            bucket.is_power_of_two() && bucket <= 1 << MAX_SHIFT,
            "buckets have a power of two of strings up to 65536, not {bucket}"
        );
        let mut builder = Builder::new(bucket.ilog2());
        for string in strings {
            let index = builder.len;
            if !builder.push(string.as_ref()) {
                return Err(UnsortedError { index, value: string });
            }
        }
        Ok(builder.finish())
    }
}

impl<S: AsRef<str>> FromIterator<S> for SortedStrArray {
    /// Sorts strings, and holds them. Meanwhile their text and 16 bytes a string are held beside.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words: SortedStrArray = "the quick brown fox".split(' ').collect();
    /// assert_eq!(words, ["brown", "fox", "quick", "the"][..]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let strings: StrArray = strings.into_iter().collect();
        let mut sorted: Vec<&str> = strings.iter().collect();
        sorted.sort_unstable();
        match Self::from_sorted(sorted) {
            Ok(array) => array,
            Err(error) => unreachable!("{error}"),
        }
    }
}

impl Default for SortedStrArray {
    /// An empty array. Does not allocate.
    fn default() -> Self {
        Self { buckets: BytesArray::new(), ops: Box::default(), len: 0, shift: SHIFT }
    }
}

/// A string that is less than the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnsortedError<S> {
    index: usize,
    value: S,
}

impl<S> UnsortedError<S> {
    /// Which string it is.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The string that was refused.
    pub fn into_value(self) -> S {
        self.value
    }
}

impl<S> fmt::Display for UnsortedError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the string at index {} is less than the one before", self.index)
    }
}

impl<S: fmt::Debug> core::error::Error for UnsortedError<S> {}

/// Takes strings, and knows in the end which operations are frequent.
pub(in crate::array::text) struct Builder {
    /// What each string has that the one before has not: drop, length, bytes.
    script: Vec<u8>,
    last: Vec<u8>,
    len: usize,
    shift: u32,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new(SHIFT)
    }
}

impl Builder {
    fn new(shift: u32) -> Self {
        Self { script: Vec::new(), last: Vec::new(), len: 0, shift }
    }

    /// Takes a string, unless it is less than the one before.
    pub(in crate::array::text) fn push(&mut self, string: &str) -> bool {
        let bytes = string.as_bytes();
        let same = self.last.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        let tail = &bytes[same..];
        if self.last.get(same).copied() > tail.first().copied() {
            return false;
        }
        // Where that is refused, a push asks once more, and ends as a `Vec`'s do.
        let _ = growth::reserve(&mut self.script, 2 * size_of::<usize>() + tail.len());
        put_number(&mut self.script, self.last.len() - same);
        put_number(&mut self.script, tail.len());
        self.script.extend_from_slice(tail);
        self.last.truncate(same);
        self.last.extend_from_slice(tail);
        self.len += 1;
        true
    }

    /// Calls `f` with the index of each string, the bytes that go, and those that come.
    fn for_each(&self, mut f: impl FnMut(usize, usize, &[u8])) {
        let mut script = &self.script[..];
        let mut index = 0;
        while let Some((drop, rest)) = number(script)
            && let Some((len, rest)) = number(rest)
        {
            let (tail, rest) = rest.split_at(len);
            f(index, drop, tail);
            script = rest;
            index += 1;
        }
    }

    pub(in crate::array::text) fn finish(self) -> SortedStrArray {
        let ops = self.ops();
        let codes: HashMap<u64, u8> = ops.iter().copied().zip(0..).collect();
        let (mut buckets, mut row, mut string) = (BytesArray::new(), Vec::new(), Vec::new());
        let first = (1 << self.shift) - 1;
        self.for_each(|index, drop, tail| {
            string.truncate(string.len() - drop);
            string.extend_from_slice(tail);
            if index & first != 0 {
                return put_tail(&mut row, (drop, tail), |op| codes.get(&op).copied());
            }
            if index > 0 {
                buckets.push(&row);
            }
            row.clear();
            put_number(&mut row, string.len());
            row.extend_from_slice(&string);
        });
        if self.len > 0 {
            buckets.push(&row);
        }
        buckets.shrink_to_fit();
        SortedStrArray { buckets, ops: ops.into_boxed_slice(), len: self.len, shift: self.shift }
    }

    /// The operations by which the strings take the fewest bytes, as far as trying some divisions of the table tells.
    fn ops(&self) -> Vec<u64> {
        let (mut endings, mut forms) = (HashMap::new(), HashMap::new());
        let first = (1 << self.shift) - 1;
        self.for_each(|index, drop, tail| {
            if index & first == 0 || drop > DROPPED || tail.len() > FOLLOWING {
                return;
            }
            *forms.entry(form_of(drop, tail.len())).or_insert(0_i64) += 1;
            if tail.len() > OWN_BYTES || tail.is_empty() {
                return;
            }
            let op = op_of(drop, tail);
            if endings.len() < COUNTED {
                *endings.entry(op).or_insert(0_i64) += 1;
            } else if let Some(count) = endings.get_mut(&op) {
                *count += 1;
            }
        });
        // An ending saves its bytes, if there is a form for it.
        let endings = endings.into_iter().map(|(op, count)| (op, count, count * length(op)));
        let mut endings: Vec<_> = endings.filter(|(.., saved)| *saved > ENTRY).collect();
        endings.sort_unstable_by_key(|&(op, _, saved)| (-saved, op));
        let divisions = [255, 248, 240, 224, 208, 192, 160, 128, 64, 0];
        let sized = divisions.map(|most| choose(&endings[..endings.len().min(most)], &forms));
        sized.into_iter().max_by_key(|(saved, _)| *saved).map_or_else(Vec::new, |(_, ops)| ops)
    }
}

/// The bytes of an ending.
fn length(op: u64) -> i64 {
    (op >> 8 & 0xf) as i64
}

/// What endings save together with the best forms beside them, and both.
fn choose(endings: &[(u64, i64, i64)], forms: &HashMap<u64, i64>) -> (i64, Vec<u64>) {
    let mut left = forms.clone();
    let mut saved = 0;
    for &(op, count, _) in endings {
        let (drop, len) = ((op & 0xff) as usize, length(op));
        saved += count * (escaped(drop, len as usize) - 1 + len) - ENTRY;
        if let Some(left) = left.get_mut(&form_of(drop, len as usize)) {
            *left -= count;
        }
    }
    let worth = left.into_iter().map(|(form, count)| {
        let (drop, following) = ((form & 0xff) as usize, (form >> 12) as usize);
        (count * (escaped(drop, following) - 1) - ENTRY, form)
    });
    let mut worth: Vec<_> = worth.filter(|(saved, _)| *saved > 0).collect();
    worth.sort_unstable_by_key(|&(saved, form)| (-saved, form));
    worth.truncate(MAX_OPS - endings.len());
    saved += worth.iter().map(|(saved, _)| saved).sum::<i64>();
    let endings = endings.iter().map(|&(op, ..)| op);
    (saved, endings.chain(worth.into_iter().map(|(_, form)| form)).collect())
}

/// The bytes of an escape.
fn escaped(drop: usize, len: usize) -> i64 {
    (1 + number_len(drop) + number_len(len)) as i64
}
