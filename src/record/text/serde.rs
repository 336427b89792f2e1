//! Columns of text as sequences of strings and nulls, for [serde](https://serde.rs).
//!
//! What is written are the strings, whatever the column; a string goes from the reader to the column without a `String` of its own, and no
//! length is believed before the strings have come.

use super::super::dict::{DictColumn, DictSlice};
use super::super::error::StoreError;
use super::{TextColumn, TextField, TextSlice};
use core::fmt;
use core::marker::PhantomData;
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

macro_rules! sequences {
    ($($column:ident $slice:ident, $leaves:literal)*) => {$(
        impl<V: TextField> Serialize for $column<V> {
            /// Writes the strings as a sequence.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.as_slice().serialize(serializer)
            }
        }

        impl<V: TextField> Serialize for $slice<'_, V> {
            /// Writes the strings as a sequence.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match V::NULLABLE {
                    true => serializer.collect_seq(self.iter().map(V::text)),
                    false => serializer.collect_seq(self.iter().map(|text| V::text(text).unwrap_or_default())),
                }
            }
        }

        impl<'de, V: TextField> Deserialize<'de> for $column<V> {
            #[doc = $leaves]
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut column = Self::default();
                deserializer.deserialize_seq(Each {
                    push: |text: Option<&str>| column.try_push(V::lend(text)),
                    values: PhantomData::<V>,
                })?;
                column.shrink_to_fit();
                Ok(column)
            }
        }
    )*};
}

sequences! {
    TextColumn TextSlice, "Reads a sequence of strings. Leaves no slack."
    DictColumn DictSlice, "Reads a sequence of strings, and gives them codes in their order. Leaves no slack."
}

/// Hands each of a sequence of strings, or nulls where `V` has them, to a closure.
struct Each<F, V> {
    push: F,
    values: PhantomData<V>,
}

impl<'de, F: FnMut(Option<&str>) -> Result<(), StoreError>, V: TextField> Visitor<'de>
    for Each<F, V>
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of strings")
    }

    fn visit_seq<S: SeqAccess<'de>>(mut self, mut strings: S) -> Result<(), S::Error> {
        while strings.next_element_seed(One::<F, V>(&mut self.push, PhantomData))?.is_some() {}
        Ok(())
    }
}

/// Hands one string to a closure.
struct One<'f, F, V>(&'f mut F, PhantomData<V>);

impl<'de, F: FnMut(Option<&str>) -> Result<(), StoreError>, V: TextField> DeserializeSeed<'de>
    for One<'_, F, V>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match V::NULLABLE {
            true => deserializer.deserialize_option(self),
            false => deserializer.deserialize_str(self),
        }
    }
}

impl<'de, F: FnMut(Option<&str>) -> Result<(), StoreError>, V: TextField> Visitor<'de>
    for One<'_, F, V>
{
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if V::NULLABLE { "a string or null" } else { "a string" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        (self.0)(Some(text)).map_err(E::custom)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        if !V::NULLABLE {
            return Err(E::invalid_type(serde_core::de::Unexpected::Option, &self));
        }
        (self.0)(None).map_err(E::custom)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.visit_none()
    }
}
