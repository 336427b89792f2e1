//! Arrays as sequences of their values, for [serde](https://serde.rs).
//!
//! What is written are the values, never the codes: a reader needs not know how an array is
//! encoded, a `Vec` reads what an array wrote and the other way round, and text and binary formats
//! hold the same sequence.
//!
//! What is read may be hostile. A format tells how long a sequence claims to be, and no array
//! believes it: those that grow packed take values in chunks and reserve nothing ahead, the others
//! reserve at most [`CLAIMED`] bytes. What cannot be stored is an error of the format's own type.

use super::{
    Array, BitArray, BlockArray, Compressed, DecimalArray, DictArray, Element, FloatElement, Int,
    IntArray, NullableIntArray, SortedArray, try_compress,
};
use crate::raw::{Words, growth};
use alloc::vec::Vec;
use arrayvec::ArrayVec;
use bytemuck::Pod;
use core::fmt::{self, Display};
use core::marker::PhantomData;
use serde_core::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

/// The most bytes that are reserved because a sequence claims to be so long.
const CLAIMED: usize = 1 << 20;

impl<T: Pod + Serialize> Serialize for Array<T> {
    /// Writes the values as a sequence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<T: Int + Serialize, W: Words> Serialize for IntArray<T, W> {
    /// Writes the values as a sequence.
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    ///
    /// let hours = IntArray::from(&[1_357_016_400_i64, 1_357_020_000, 1_357_023_600][..]);
    /// let json = serde_json::to_string(&hours)?;
    /// assert_eq!(json, "[1357016400,1357020000,1357023600]");
    /// assert_eq!(serde_json::from_str::<Vec<i64>>(&json)?, hours.to_vec());
    /// assert_eq!(serde_json::from_str::<IntArray<i64>>(&json)?, hours);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<T: Int + Serialize, W: Words> Serialize for NullableIntArray<T, W> {
    /// Writes the values as a sequence of optional ones.
    ///
    /// ```
    /// use pennyweight::array::NullableIntArray;
    ///
    /// let delays = NullableIntArray::from(&[Some(2_i16), None, Some(-4)][..]);
    /// assert_eq!(serde_json::to_string(&delays)?, "[2,null,-4]");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<W: Words> Serialize for BitArray<W> {
    /// Writes the values as a sequence of booleans.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

/// The arrays that are packed once all of their values are known.
macro_rules! serialize_packed {
    ($([$($generics:tt)*] $array:ty),+ $(,)?) => {$(
        impl<$($generics)*> Serialize for $array {
            /// Writes the values as a sequence, of optional ones where they are.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self)
            }
        }
    )+};
}

serialize_packed! {
    [V: Element + Serialize, W: Words] BlockArray<V, W>,
    [V: Element + Serialize, W: Words] DictArray<V, W>,
    [T: Int + Serialize, W: Words] SortedArray<T, W>,
    [V: FloatElement + Serialize, W: Words] DecimalArray<V, W>,
    [V: Element + Serialize, W: Words] Compressed<V, W>,
}

impl<'de, T: Pod + Deserialize<'de>> Deserialize<'de> for Array<T> {
    /// Reads a sequence. Leaves no slack.
    ///
    /// Reserves what the format says that the sequence takes, but not more than a mebibyte.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Values(PhantomData))
    }
}

impl<'de, T: Int + Deserialize<'de>> Deserialize<'de> for IntArray<T> {
    /// Reads a sequence, at the smallest width and without slack.
    ///
    /// Meanwhile the array holds the values read so far and the slack of growth, whatever the format
    /// says of the length.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Values(PhantomData))
    }
}

impl<'de, T: Int + Deserialize<'de>> Deserialize<'de> for NullableIntArray<T> {
    /// Reads a sequence of optional values, at the smallest width and without slack.
    ///
    /// # Errors
    ///
    /// Fails where the format does, and where the smallest and the largest 64-bit value and null
    /// are in one sequence:
    ///
    /// ```
    /// use pennyweight::array::NullableIntArray;
    ///
    /// let all_but_one = format!("[{}, {}, 0]", i64::MIN, i64::MAX);
    /// assert!(serde_json::from_str::<NullableIntArray<i64>>(&all_but_one).is_ok());
    /// let too_many = format!("[{}, {}, null, 0]", i64::MIN, i64::MAX);
    /// assert!(serde_json::from_str::<NullableIntArray<i64>>(&too_many).is_err());
    /// ```
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Values(PhantomData))
    }
}

impl<'de> Deserialize<'de> for BitArray {
    /// Reads a sequence of booleans. Leaves no slack.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Values(PhantomData))
    }
}

/// Reads a sequence into an `A`.
struct Values<A>(PhantomData<A>);

impl<'de, A: FromValues<'de>> Visitor<'de> for Values<A> {
    type Value = A;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(A::EXPECTED)
    }

    fn visit_seq<S: SeqAccess<'de>>(self, values: S) -> Result<A, S::Error> {
        A::from_values(values)
    }
}

/// An array that can be read from a sequence of its values.
trait FromValues<'de>: Sized {
    const EXPECTED: &'static str;

    fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error>;
}

impl<'de, T: Pod + Deserialize<'de>> FromValues<'de> for Array<T> {
    const EXPECTED: &'static str = "a sequence";

    fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error> {
        let mut array = Self::from(collected(values)?);
        array.shrink_to_fit();
        Ok(array)
    }
}

impl<'de, T: Int + Deserialize<'de>> FromValues<'de> for IntArray<T> {
    const EXPECTED: &'static str = "a sequence of integers";

    fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error> {
        let mut array = Self::new();
        in_chunks(values, |chunk| array.try_extend_from_slice(chunk))?;
        array.shrink_to_fit();
        Ok(array)
    }
}

impl<'de, T: Int + Deserialize<'de>> FromValues<'de> for NullableIntArray<T> {
    const EXPECTED: &'static str = "a sequence of integers and nulls";

    fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error> {
        let mut array = Self::new();
        in_chunks(values, |chunk| array.try_extend_from_slice(chunk))?;
        array.shrink_to_fit();
        Ok(array)
    }
}

impl<'de> FromValues<'de> for BitArray {
    const EXPECTED: &'static str = "a sequence of booleans";

    fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error> {
        let mut array = Self::new();
        in_chunks(values, |chunk| array.try_extend_from_slice(chunk))?;
        array.shrink_to_fit();
        Ok(array)
    }
}

/// The arrays that are packed once all of their values are known, and by what.
macro_rules! deserialize_packed {
    ($($(#[$doc:meta])* [$value:ident: $($bound:tt)+] $array:ident by $pack:expr, $expected:expr;)+) => {$(
        impl<'de, $value: $($bound)+ + Deserialize<'de>> Deserialize<'de> for $array<$value> {
            /// Reads a sequence. Meanwhile the values are held as they are.
            ///
            /// Reserves what the format says that the sequence takes, but not more than a mebibyte.
            $(#[$doc])*
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_seq(Values(PhantomData))
            }
        }

        impl<'de, $value: $($bound)+ + Deserialize<'de>> FromValues<'de> for $array<$value> {
            const EXPECTED: &'static str = $expected;

            fn from_values<S: SeqAccess<'de>>(values: S) -> Result<Self, S::Error> {
                $pack(&collected::<_, $value>(values)?).map_err(S::Error::custom)
            }
        }
    )+};
}

deserialize_packed! {
    ///
    /// ```
    /// use pennyweight::array::BlockArray;
    ///
    /// let delays: BlockArray<Option<i16>> = serde_json::from_str("[2, null, -4]")?;
    /// assert_eq!(delays, [Some(2), None, Some(-4)]);
    /// assert_eq!(serde_json::to_string(&delays)?, "[2,null,-4]");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    [V: Element] BlockArray by BlockArray::try_from_slice, expected(INTEGERS, V::NULLABLE);
    [V: Element] DictArray by DictArray::try_from_slice, expected(INTEGERS, V::NULLABLE);
    [V: Element] Compressed by try_compress, expected(INTEGERS, V::NULLABLE);
    [V: FloatElement] DecimalArray by DecimalArray::try_from_slice, expected(FLOATS, V::NULLABLE);
    ///
    /// # Errors
    ///
    /// Fails where the format does, and where a value lies below the one before:
    ///
    /// ```
    /// use pennyweight::array::SortedArray;
    ///
    /// assert_eq!(serde_json::from_str::<SortedArray<u32>>("[1, 5, 5]")?, [1, 5, 5]);
    /// assert!(serde_json::from_str::<SortedArray<u32>>("[1, 5, 4]").is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    [T: Int] SortedArray by SortedArray::try_from_sorted, "a sequence of sorted integers";
}

const INTEGERS: [&str; 2] = ["a sequence of integers", "a sequence of integers and nulls"];
const FLOATS: [&str; 2] = ["a sequence of floats", "a sequence of floats and nulls"];

/// What is expected of a sequence, without nulls and with them.
const fn expected(names: [&'static str; 2], nullable: bool) -> &'static str {
    names[nullable as usize]
}

/// The values of a sequence, with the slack of growth.
fn collected<'de, S: SeqAccess<'de>, V: Deserialize<'de>>(
    mut values: S,
) -> Result<Vec<V>, S::Error> {
    let mut items = Vec::new();
    let claimed = values.size_hint().unwrap_or(0).min(CLAIMED / size_of::<V>().max(1));
    growth::reserve(&mut items, claimed).map_err(S::Error::custom)?;
    while let Some(value) = values.next_element()? {
        growth::reserve(&mut items, 1).map_err(S::Error::custom)?;
        items.push(value);
    }
    Ok(items)
}

/// Hands out the values of a sequence many at a time, so that an array widens seldom.
fn in_chunks<'de, S: SeqAccess<'de>, T: Copy + Deserialize<'de>, E: Display>(
    mut values: S,
    mut append: impl FnMut(&[T]) -> Result<(), E>,
) -> Result<(), S::Error> {
    let mut chunk = ArrayVec::<T, 256>::new();
    loop {
        while !chunk.is_full()
            && let Some(value) = values.next_element()?
        {
            chunk.push(value);
        }
        append(&chunk).map_err(S::Error::custom)?;
        if !chunk.is_full() {
            return Ok(());
        }
        chunk.clear();
    }
}
