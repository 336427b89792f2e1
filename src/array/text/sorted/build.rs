//! Building arrays of sorted strings: which operations there are, and the buckets.

use super::tail::{
    DROPPED, FOLLOWING, MAX_OPS, OWN_BYTES, form_of, number, number_len, op_of, put_number,
    put_tail,
};
use super::{MAX_SHIFT, SHIFT, SortedStrArray};
use crate::array::iter::try_from_traits;
use crate::array::text::{BytesArray, StrArray};
use crate::array::{ReserveError, SortedError};
use crate::raw::growth;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use hashbrown::{HashMap, TryReserveError};

/// So many different endings are counted, and no more.
const COUNTED: usize = 1 << 16;

/// The bytes of an operation in the table.
const ENTRY: i64 = 8;

/// Two numbers and a byte are no longer.
const NUMBERS: usize = 24;

impl SortedStrArray {
    /// Holds sorted strings, equal ones among them, in buckets of 16. Byte order, as `str` has it, is what counts.
    ///
    /// # Panics
    ///
    /// Panics where a string is less than the one before, and when the capacity overflows. Like a `Vec`, ends the
    /// program where the allocator refuses.
    #[track_caller]
    pub fn from_sorted<S: AsRef<str>>(strings: impl IntoIterator<Item = S>) -> Self {
        Self::with_buckets(1 << SHIFT, strings)
    }

    /// Holds sorted strings, as [`from_sorted`](Self::from_sorted) does.
    ///
    /// # Errors
    ///
    /// Fails where a string is less than the one before, and where there is no memory for them.
    ///
    /// ```
    /// use pennyweight::array::{SortedError, SortedStrArray};
    ///
    /// assert!(SortedStrArray::try_from_sorted(["a", "b"]).is_ok());
    /// let error = SortedStrArray::try_from_sorted(["b", "c", "a"]).unwrap_err();
    /// assert_eq!(error, SortedError::Unsorted { index: 2, before: "c".into(), value: "a".into() });
    /// ```
    pub fn try_from_sorted<S: AsRef<str>>(
        strings: impl IntoIterator<Item = S>,
    ) -> Result<Self, SortedError<String>> {
        Self::try_with_buckets(1 << SHIFT, strings)
    }

    /// Holds sorted strings in buckets of so many: the more, the smaller and the slower to read.
    ///
    /// The words of a dictionary take 3.1 bytes each in buckets of 8, 2.5 in buckets of 16 and 2.3 in buckets of
    /// 32, of which [`get`](Self::get) and [`binary_search`](Self::binary_search) read half.
    ///
    /// # Panics
    ///
    /// Panics when `bucket` is no power of two up to 65,536, where a string is less than the one before, and when
    /// the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    pub fn with_buckets<S: AsRef<str>>(
        bucket: usize,
        strings: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::try_with_buckets(bucket, strings).unwrap_or_else(|error| error.raise())
    }

    /// Holds sorted strings in buckets of so many, as [`with_buckets`](Self::with_buckets) does.
    ///
    /// # Errors
    ///
    /// Fails where a string is less than the one before, and where there is no memory for them.
    ///
    /// # Panics
    ///
    /// Panics when `bucket` is no power of two up to 65,536.
    #[track_caller]
    pub fn try_with_buckets<S: AsRef<str>>(
        bucket: usize,
        strings: impl IntoIterator<Item = S>,
    ) -> Result<Self, SortedError<String>> {
        assert!(
            bucket.is_power_of_two() && bucket <= 1 << MAX_SHIFT,
            "buckets have a power of two of strings up to 65536, not {bucket}"
        );
        let mut builder = Builder::new(bucket.ilog2());
        for string in strings {
            builder.push(string.as_ref())?;
        }
        Ok(builder.finish()?)
    }
}

try_from_traits!([S: AsRef<str>] SortedStrArray, S, SortedError<String>);

impl<S: AsRef<str>> FromIterator<S> for SortedStrArray {
    /// Sorts strings, and holds them. Meanwhile their text and 16 bytes a string are held beside.
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// let words: SortedStrArray = "the quick brown fox".split(' ').collect();
    /// assert_eq!(words, ["brown", "fox", "quick", "the"]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when the capacity overflows. Like a `Vec`, ends the program where the allocator refuses.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let strings: StrArray = strings.into_iter().collect();
        let mut sorted: Vec<&str> = strings.iter().collect();
        sorted.sort_unstable();
        Self::from_sorted(sorted)
    }
}

impl Default for SortedStrArray {
    /// An empty array. Does not allocate.
    fn default() -> Self {
        Self { buckets: BytesArray::new(), ops: Box::default(), len: 0, shift: SHIFT }
    }
}

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

    /// Takes a string, unless it is less than the one before, or there is no memory for it.
    pub(in crate::array::text) fn push(&mut self, string: &str) -> Result<(), SortedError<String>> {
        let bytes = string.as_bytes();
        let same = self.last.iter().zip(bytes).take_while(|(a, b)| a == b).count();
        let tail = &bytes[same..];
        if self.last.get(same).copied() > tail.first().copied() {
            return Err(self.unsorted(string));
        }
        growth::reserve(&mut self.script, NUMBERS + tail.len())?;
        growth::reserve(&mut self.last, tail.len())?;
        put_number(&mut self.script, self.last.len() - same);
        put_number(&mut self.script, tail.len());
        self.script.extend_from_slice(tail);
        self.last.truncate(same);
        self.last.extend_from_slice(tail);
        self.len += 1;
        Ok(())
    }

    /// The error of a string that is less than the one before.
    #[cold]
    fn unsorted(&self, string: &str) -> SortedError<String> {
        let copies = copied(&self.last).and_then(|before| Ok((before, copied(string.as_bytes())?)));
        match copies {
            Ok((before, value)) => SortedError::Unsorted { index: self.len, before, value },
            Err(error) => error.into(),
        }
    }

    /// For each string its index, the bytes that go, and those that come.
    fn script(&self) -> impl Iterator<Item = (usize, usize, &[u8])> {
        let mut script = &self.script[..];
        (0..self.len).map_while(move |index| {
            let (drop, rest) = number(script)?;
            let (len, rest) = number(rest)?;
            let (tail, rest) = rest.split_at_checked(len)?;
            script = rest;
            Some((index, drop, tail))
        })
    }

    pub(in crate::array::text) fn finish(self) -> Result<SortedStrArray, ReserveError> {
        let ops = self.ops()?;
        let mut codes = HashMap::new();
        reserve(&mut codes, ops.len())?;
        codes.extend(ops.iter().copied().zip(0..));
        let (mut buckets, mut row, mut string) = (BytesArray::new(), Vec::new(), Vec::new());
        let first = (1 << self.shift) - 1;
        for (index, drop, tail) in self.script() {
            string.truncate(string.len() - drop);
            growth::reserve(&mut string, tail.len())?;
            string.extend_from_slice(tail);
            if index & first != 0 {
                growth::reserve(&mut row, NUMBERS + tail.len())?;
                put_tail(&mut row, (drop, tail), |op| codes.get(&op).copied());
                continue;
            }
            if index > 0 {
                buckets.try_append(&row)?;
            }
            row.clear();
            growth::reserve(&mut row, NUMBERS + string.len())?;
            put_number(&mut row, string.len());
            row.extend_from_slice(&string);
        }
        if self.len > 0 {
            buckets.try_append(&row)?;
        }
        buckets.shrink_to_fit();
        let ops = ops.into_boxed_slice();
        Ok(SortedStrArray { buckets, ops, len: self.len, shift: self.shift })
    }

    /// The operations by which the strings take the fewest bytes, as far as trying some divisions of the table tells.
    fn ops(&self) -> Result<Vec<u64>, ReserveError> {
        let (mut endings, mut forms) = (HashMap::new(), HashMap::new());
        let first = (1 << self.shift) - 1;
        for (index, drop, tail) in self.script() {
            if index & first == 0 || drop > DROPPED || tail.len() > FOLLOWING {
                continue;
            }
            reserve(&mut forms, 1)?;
            *forms.entry(form_of(drop, tail.len())).or_insert(0_i64) += 1;
            if tail.len() > OWN_BYTES || tail.is_empty() {
                continue;
            }
            let op = op_of(drop, tail);
            if endings.len() < COUNTED {
                reserve(&mut endings, 1)?;
                *endings.entry(op).or_insert(0_i64) += 1;
            } else if let Some(count) = endings.get_mut(&op) {
                *count += 1;
            }
        }
        // An ending saves its bytes, if there is a form for it.
        endings.retain(|&op, count| *count * length(op) > ENTRY);
        let mut worth = Vec::new();
        growth::reserve_exact(&mut worth, endings.len())?;
        worth.extend(endings.into_iter().map(|(op, count)| (op, count, count * length(op))));
        worth.sort_unstable_by_key(|&(op, _, saved)| (-saved, op));
        let (mut most_saved, mut best) = (i64::MIN, Vec::new());
        for most in [255, 248, 240, 224, 208, 192, 160, 128, 64, 0] {
            let (saved, ops) = choose(&worth[..worth.len().min(most)], &forms)?;
            // Of two that are equal the one with fewer endings.
            if saved >= most_saved {
                (most_saved, best) = (saved, ops);
            }
        }
        Ok(best)
    }
}

/// A copy of a string.
fn copied(string: &[u8]) -> Result<String, ReserveError> {
    let mut bytes = Vec::new();
    growth::reserve_exact(&mut bytes, string.len())?;
    bytes.extend_from_slice(string);
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| unreachable!("it came as a str: {error}")))
}

/// Makes room in a table.
fn reserve<V>(table: &mut HashMap<u64, V>, additional: usize) -> Result<(), ReserveError> {
    table.try_reserve(additional).map_err(|error| match error {
        TryReserveError::CapacityOverflow => ReserveError::CapacityOverflow,
        TryReserveError::AllocError { layout } => {
            ReserveError::AllocationFailed { bytes: layout.size() }
        }
    })
}

/// The bytes of an ending.
fn length(op: u64) -> i64 {
    (op >> 8 & 0xf) as i64
}

/// What endings save together with the best forms beside them, and both.
fn choose(
    endings: &[(u64, i64, i64)],
    forms: &HashMap<u64, i64>,
) -> Result<(i64, Vec<u64>), ReserveError> {
    let mut left = HashMap::new();
    reserve(&mut left, forms.len())?;
    left.extend(forms.iter().map(|(&form, &count)| (form, count)));
    let mut saved = 0;
    for &(op, count, _) in endings {
        let (drop, len) = ((op & 0xff) as usize, length(op));
        saved += count * (escaped(drop, len as usize) - 1 + len) - ENTRY;
        if let Some(left) = left.get_mut(&form_of(drop, len as usize)) {
            *left -= count;
        }
    }
    let mut worth = Vec::new();
    growth::reserve_exact(&mut worth, left.len())?;
    worth.extend(left.into_iter().map(|(form, count)| {
        let (drop, following) = ((form & 0xff) as usize, (form >> 12) as usize);
        (count * (escaped(drop, following) - 1) - ENTRY, form)
    }));
    worth.retain(|(saved, _)| *saved > 0);
    worth.sort_unstable_by_key(|&(saved, form)| (-saved, form));
    worth.truncate(MAX_OPS - endings.len());
    saved += worth.iter().map(|(saved, _)| saved).sum::<i64>();
    let mut ops = Vec::new();
    growth::reserve_exact(&mut ops, endings.len() + worth.len())?;
    ops.extend(endings.iter().map(|&(op, ..)| op));
    ops.extend(worth.into_iter().map(|(_, form)| form));
    Ok((saved, ops))
}

/// The bytes of an escape.
fn escaped(drop: usize, len: usize) -> i64 {
    (1 + number_len(drop) + number_len(len)) as i64
}
