//! Rows and strings as sequences, for [serde](https://serde.rs).
//!
//! As with the other arrays the values are written, never the form they are kept in, and no length is believed
//! before the values have come. A string goes from the reader to the array without a `String` of its own.

use super::buffer::Buffer;
#[cfg(feature = "fsst")]
use super::fsst::FsstArray;
use super::ragged::RaggedArray;
use super::sorted::{Builder, SortedStrArray};
use super::str::StrArray;
use alloc::vec::Vec;
use core::fmt;
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeSeq, Serializer};

impl<T: Serialize, W: Buffer<T>> Serialize for RaggedArray<T, W> {
    /// Writes the rows as a sequence of sequences.
    ///
    /// ```
    /// use pennyweight::array::RaggedArray;
    ///
    /// let rows = RaggedArray::from(&[vec![1, 2], vec![], vec![3]][..]);
    /// let json = serde_json::to_string(&rows)?;
    /// assert_eq!(json, "[[1,2],[],[3]]");
    /// assert_eq!(serde_json::from_str::<RaggedArray<i32>>(&json)?, rows);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for RaggedArray<T> {
    /// Reads a sequence of sequences. Leaves no slack.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Rows<T>(RaggedArray<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Rows<T> {
            type Value = RaggedArray<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence of sequences")
            }

            fn visit_seq<S: SeqAccess<'de>>(self, mut rows: S) -> Result<Self::Value, S::Error> {
                let Self(mut array) = self;
                while let Some(row) = rows.next_element::<Vec<T>>()? {
                    array.try_push_from(row).map_err(S::Error::custom)?;
                }
                array.shrink_to_fit();
                Ok(array)
            }
        }

        deserializer.deserialize_seq(Rows(Self::new()))
    }
}

impl<W: Buffer<u8>> Serialize for StrArray<W> {
    /// Writes the strings as a sequence.
    ///
    /// ```
    /// use pennyweight::array::StrArray;
    ///
    /// let names = StrArray::from(["Ada", "Grace"]);
    /// assert_eq!(serde_json::to_string(&names)?, r#"["Ada","Grace"]"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for StrArray {
    /// Reads a sequence of strings. Leaves no slack.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut array = Self::new();
        let each = Each(|string: &str| array.try_push(string).map_err(|error| error.cause()));
        deserializer.deserialize_seq(each)?;
        array.shrink_to_fit();
        Ok(array)
    }
}

impl<W: Buffer<u8>> Serialize for SortedStrArray<W> {
    /// Writes the strings as a sequence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut strings = serializer.serialize_seq(Some(self.len()))?;
        let mut cursor = self.cursor(..);
        while let Some(string) = cursor.next_str() {
            strings.serialize_element(string)?;
        }
        strings.end()
    }
}

impl<'de> Deserialize<'de> for SortedStrArray {
    /// Reads a sequence of strings.
    ///
    /// # Errors
    ///
    /// Fails where the format does, and where the strings are not sorted:
    ///
    /// ```
    /// use pennyweight::array::SortedStrArray;
    ///
    /// assert!(serde_json::from_str::<SortedStrArray>(r#"["a", "b"]"#).is_ok());
    /// assert!(serde_json::from_str::<SortedStrArray>(r#"["b", "a"]"#).is_err());
    /// ```
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut builder = Builder::default();
        deserializer.deserialize_seq(Each(|string: &str| builder.push(string)))?;
        builder.finish().map_err(D::Error::custom)
    }
}

#[cfg(feature = "fsst")]
impl<W: Buffer<u8>> Serialize for FsstArray<W> {
    /// Writes the strings as a sequence.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

#[cfg(feature = "fsst")]
impl<'de> Deserialize<'de> for FsstArray {
    /// Reads a sequence of strings, finds symbols, and encodes every string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from_strs(&StrArray::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Hands each string of a sequence to a closure.
struct Each<F>(F);

impl<'de, E: fmt::Display, F: FnMut(&str) -> Result<(), E>> Visitor<'de> for Each<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of strings")
    }

    fn visit_seq<S: SeqAccess<'de>>(mut self, mut strings: S) -> Result<(), S::Error> {
        while strings.next_element_seed(One(&mut self.0))?.is_some() {}
        Ok(())
    }
}

/// Hands one string to a closure.
struct One<'f, F>(&'f mut F);

impl<'de, E: fmt::Display, F: FnMut(&str) -> Result<(), E>> DeserializeSeed<'de> for One<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<E: fmt::Display, F: FnMut(&str) -> Result<(), E>> Visitor<'_> for One<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<D: Error>(self, string: &str) -> Result<(), D> {
        (self.0)(string).map_err(D::custom)
    }
}
