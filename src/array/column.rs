//! What every array encoding has in common.

use crate::raw::packed::BLOCK;
use crate::size::HeapSize;
use core::fmt;

/// A column of values, however they are encoded.
///
/// Every array of numbers or booleans of this module is one, whether it owns its words or has opened them, and
/// nothing else: what is written against a column works with each encoding. Arrays of strings and lists are none, since
/// what they hand out lives as long as the borrow. The methods are the inherent ones of the arrays; `heap_bytes` is that
/// of [`HeapSize`]. A column is not `dyn` compatible: what has to hold columns of several encodings is an enum of
/// them, as [`Compressed`](super::Compressed) is. Two columns together are read by [`zip_blocks`].
///
/// ```
/// use pennyweight::array::{BitArray, Column, IntArray};
///
/// fn bits_per_value(column: &impl Column) -> usize {
///     column.heap_bytes() * 8 / column.len()
/// }
///
/// let days: IntArray<i64> = (0..10_000).map(|i| i % 31).collect();
/// let weekend: BitArray = days.iter().map(|day| day % 7 >= 5).collect();
/// assert_eq!((bits_per_value(&days), bits_per_value(&weekend)), (5, 1));
/// ```
pub trait Column: HeapSize + sealed::Sealed {
    /// What the column holds, as it is handed out.
    type Item: Copy + PartialEq + fmt::Debug;

    /// The number of values.
    fn len(&self) -> usize;

    /// True where there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at `index`, or `None` behind the end.
    fn get(&self, index: usize) -> Option<Self::Item>;

    /// Calls `f` with all values in order, in one or more slices: the fast way to read them all.
    fn for_each_block(&self, f: impl FnMut(&[Self::Item]));

    /// Copies the values from `start` on to `values`.
    ///
    /// # Panics
    ///
    /// Panics when `values` reaches behind the end of the column.
    #[track_caller]
    fn copy_to_slice(&self, start: usize, values: &mut [Self::Item]);

    /// Iterates over the values.
    fn iter(&self) -> impl DoubleEndedIterator<Item = Self::Item> + ExactSizeIterator;

    /// How the values are stored.
    fn encoding(&self) -> Encoding;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// Calls `f` with the values of two columns, in blocks of equal lengths: the first values of both, then those that
/// follow, to the end. Allocates nothing.
///
/// It is the fast way to read two columns at once: `a.iter().zip(&b)` takes their values one by one.
///
/// # Panics
///
/// Panics where the columns have different lengths.
///
/// ```
/// use pennyweight::array::{self, Array, IntArray};
///
/// let pieces = IntArray::from([3_u8, 1, 2]);
/// let prices = Array::from([0.5, 20.0, 1.25]);
/// let mut total = 0.0;
/// array::zip_blocks(&pieces, &prices, |pieces, prices| {
///     for (&pieces, price) in pieces.iter().zip(prices) {
///         total += f64::from(pieces) * price;
///     }
/// });
/// assert_eq!(total, 24.0);
/// ```
#[track_caller]
pub fn zip_blocks<A: Column, B: Column>(a: &A, b: &B, mut f: impl FnMut(&[A::Item], &[B::Item])) {
    let (len, other) = (a.len(), b.len());
    assert!(len == other, "columns of {len} and of {other} values have no pairs");
    let Some(first) = b.get(0) else { return };
    let mut block = [first; BLOCK];
    let mut start = 0;
    a.for_each_block(|values| {
        for values in values.chunks(BLOCK) {
            let others = &mut block[..values.len()];
            b.copy_to_slice(start, others);
            f(values, others);
            start += values.len();
        }
    });
}

/// How a column stores its values.
///
/// ```
/// use pennyweight::array::{Encoding, IntArray};
///
/// let hours = IntArray::from(&[7200, 3600, 36_000][..]);
/// assert_eq!(hours.encoding(), Encoding::Packed { width: 4, base: 3600, scale: 3600 });
/// assert_eq!(hours.encoding().to_string(), "4 bits a value: 3600 + 3600 * code");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Encoding {
    /// The values as they are in memory.
    Plain {
        /// Bits of a value.
        width: u32,
    },
    /// One bit a value.
    Bits,
    /// Codes of one width: `value = base + scale * code`.
    Packed {
        /// Bits of a code.
        width: u32,
        /// The value of code 0.
        base: i128,
        /// What one code more is worth.
        scale: u64,
    },
    /// Codes of one width, of which code 0 is null: `value = base + scale * (code - 1)`.
    PackedNullable {
        /// Bits of a code.
        width: u32,
        /// The value of code 1.
        base: i128,
        /// What one code more is worth.
        scale: u64,
    },
    /// Numbers in blocks of 1,024 with a base and a width each: `value = base + scale * number`.
    Blocks {
        /// Bits of a code, on the average.
        mean_width: f64,
        /// The value of number 0.
        base: i128,
        /// What a number more is worth.
        scale: u64,
        /// The numbers that are kept beside the blocks.
        outliers: usize,
    },
    /// Codes of one width, each for one of the distinct values, which rise: `value = base + scale * entry[code]`.
    Dictionary {
        /// Bits of a code.
        width: u32,
        /// The distinct values that are not null.
        distinct: usize,
        /// Bits of an entry.
        entry_width: u32,
        /// The value of entry 0.
        base: i128,
        /// What an entry more by 1 is worth.
        scale: u64,
    },
    /// Numbers that do not fall, by their low bits and by how far the high ones rise: `value = base + scale * number`.
    Sorted {
        /// Bits of a number, on the average, with what it takes to find it.
        mean_width: f64,
        /// Bits of the low part.
        low_width: u32,
        /// The value of number 0.
        base: i128,
        /// What a number more is worth.
        scale: u64,
    },
    /// Rows end to end: see [`RaggedArray`](super::RaggedArray).
    Rows {
        /// The bits that it takes to know where a row ends, on average: 0 where all have one length.
        mean_width: f64,
    },
    /// Sorted strings, each as what it does not share with the one before.
    FrontCoded {
        /// The strings of a bucket, of which the first is kept in full.
        bucket: u32,
        /// The pairs of dropped and added bytes that take one byte.
        ops: u32,
    },
    /// Strings as numbers of symbols.
    Symbols {
        /// The symbols of up to eight bytes.
        symbols: u32,
    },
    /// Floats as numbers of steps, and as bit patterns where they are no decimals, in blocks of 1,024 with a base and
    /// a width each.
    Decimals {
        /// Bits of a code, on the average.
        mean_width: f64,
        /// What a number more is worth in most blocks; 0 where all values are bit patterns.
        step: f64,
        /// The values that are kept as bit patterns.
        exceptions: usize,
    },
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = |f: &mut fmt::Formatter<'_>, base, scale, code| match scale {
            1 => write!(f, ": {base} + {code}"),
            _ => write!(f, ": {base} + {scale} * {code}"),
        };
        match *self {
            Self::Plain { width } => write!(f, "{width} bits a value, plain"),
            Self::Bits => f.write_str("1 bit a value"),
            Self::Packed { width, base, scale } => {
                write!(f, "{width} bits a value")?;
                codes(f, base, scale, "code")
            }
            Self::Rows { mean_width } => {
                write!(
                    f,
                    "values end to end, and {mean_width:.1} bits a row that say where it ends"
                )
            }
            Self::FrontCoded { bucket, ops } => {
                write!(
                    f,
                    "one string of {bucket} in full, of the others what differs from the one before; {ops} frequent endings take a byte each"
                )
            }
            Self::Symbols { symbols } => {
                write!(f, "a byte for each of {symbols} frequent sequences of up to 8 bytes")
            }
            Self::PackedNullable { width, base, scale } => {
                write!(f, "{width} bits a value, code 0 is null")?;
                codes(f, base, scale, "(code - 1)")
            }
            Self::Dictionary { width, distinct, entry_width, base, scale } => {
                write!(
                    f,
                    "{width} bits a value, codes of {distinct} values of {entry_width} bits"
                )?;
                codes(f, base, scale, "entry")
            }
            Self::Blocks { mean_width, base, scale, outliers } => {
                write!(f, "{mean_width:.2} bits a value in blocks, {outliers} outliers")?;
                codes(f, base, scale, "number")
            }
            Self::Decimals { mean_width, step: 0.0, .. } => {
                write!(f, "{mean_width:.2} bits a value in blocks, bit patterns")
            }
            Self::Decimals { mean_width, step, exceptions } => {
                write!(f, "{mean_width:.2} bits a value in blocks, steps of {step}")?;
                write!(f, ", {exceptions} bit patterns")
            }
            Self::Sorted { mean_width, low_width, base, scale } => {
                write!(f, "{mean_width:.2} bits a value, sorted, {low_width} of them low")?;
                codes(f, base, scale, "number")
            }
        }
    }
}
