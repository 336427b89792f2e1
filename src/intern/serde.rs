//! Interners as sequences of strings, for [serde](https://serde.rs): symbols are numbers of one interner, and are never
//! written.
//!
//! What was written by one interner has the same symbols in another that reads it. A column of symbols is written as that of its
//! strings, or beside the interner by their [`index`](super::Key::index).

use super::interner::Interner;
use super::symbol::Key;
use super::text::Text;
use alloc::vec::Vec;
use core::fmt;
use core::hash::BuildHasher;
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, SerializeSeq, Serializer};

/// What a string is to serde.
trait Wire: Text {
    /// Writes the string.
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    /// Reads one.
    fn read<'de, D: Deserializer<'de>, V: Visitor<'de>>(
        from: D,
        visitor: V,
    ) -> Result<V::Value, D::Error>;
}

impl Wire for str {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }

    fn read<'de, D: Deserializer<'de>, V: Visitor<'de>>(
        from: D,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        from.deserialize_str(visitor)
    }
}

impl Wire for [u8] {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(self)
    }

    fn read<'de, D: Deserializer<'de>, V: Visitor<'de>>(
        from: D,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        from.deserialize_bytes(visitor)
    }
}

/// A string as serde writes it.
struct Written<'a, T: ?Sized>(&'a T);

impl<T: Wire + ?Sized> Serialize for Written<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<K: Key, T: Wire + ?Sized, H: BuildHasher> Serialize for Interner<K, T, H> {
    /// Writes the strings as a sequence, in the order of their symbols.
    ///
    /// ```
    /// use pennyweight::intern::Interner;
    ///
    /// let names: Interner = ["Ada", "Grace"].into_iter().collect();
    /// let json = serde_json::to_string(&names)?;
    /// assert_eq!(json, r#"["Ada","Grace"]"#);
    /// assert_eq!(serde_json::from_str::<Interner>(&json)?, names);
    /// assert!(serde_json::from_str::<Interner>(r#"["Ada","Ada"]"#).is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut texts = serializer.serialize_seq(Some(self.len()))?;
        self.iter().try_for_each(|(_, text)| texts.serialize_element(&Written(text)))?;
        texts.end()
    }
}

impl<'de, K: Key, T: Wire + ?Sized, H: BuildHasher + Default> Deserialize<'de>
    for Interner<K, T, H>
{
    /// Reads a sequence of strings that are all different, and gives them their symbols in this order.
    ///
    /// No [`Limits`](super::Limits) hold meanwhile: what bounds the bytes that are read bounds the interner.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Texts(Self::default()))
    }
}

/// The strings, read into an interner.
struct Texts<I>(I);

impl<'de, K: Key, T: Wire + ?Sized, H: BuildHasher> Visitor<'de> for Texts<Interner<K, T, H>> {
    type Value = Interner<K, T, H>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of different strings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut texts: A) -> Result<Self::Value, A::Error> {
        let Self(mut interner) = self;
        // No length is believed before the strings have come.
        while texts.next_element_seed(One(&mut interner))?.is_some() {}
        Ok(interner)
    }
}

/// A string, interned without one of its own.
struct One<'i, K, T: ?Sized, H>(&'i mut Interner<K, T, H>);

impl<'de, K: Key, T: Wire + ?Sized, H: BuildHasher> DeserializeSeed<'de> for One<'_, K, T, H> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        T::read(deserializer, self)
    }
}

impl<'de, K: Key, T: Wire + ?Sized, H: BuildHasher> Visitor<'de> for One<'_, K, T, H> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.visit_bytes(text.as_bytes())
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        let len = self.0.len();
        let text = T::from_bytes(bytes).ok_or_else(|| E::custom("a string is not UTF-8"))?;
        let symbol = self.0.try_intern(text).map_err(E::custom)?;
        match symbol.index() == len {
            true => Ok(()),
            false => Err(E::custom(format_args!(
                "the strings {} and {len} are the same, and symbols stand for different ones",
                symbol.index()
            ))),
        }
    }

    /// Formats without bytes write them as numbers.
    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<(), A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = numbers.next_element()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}
