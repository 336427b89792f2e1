//! [lasso](https://docs.rs/lasso)'s traits: code that is written against them runs on an [`Interner`] when the constructor is changed.
//!
//! lasso's keys are keys here. `into_reader` gives a [`Frozen`], and `into_resolver` [`FrozenStrings`].
#![allow(unsafe_code)]

use super::error::InternError;
use super::frozen::{Frozen, FrozenStrings};
use super::hash::Seeded;
use super::interner::Interner;
#[cfg(feature = "std")]
use super::shared::SharedInterner;
use super::symbol::{Key, Symbol};
use crate::raw::Words;
use alloc::boxed::Box;
use core::hash::BuildHasher;
use lasso::{
    Capacity, IntoReader, IntoReaderAndResolver, IntoResolver, LargeSpur, LassoError, LassoResult,
    MemoryLimits, MicroSpur, MiniSpur, Reader, Resolver, Rodeo, RodeoReader, RodeoResolver, Spur,
};

macro_rules! keys {
    ($($key:ty)*) => {$(
        impl Key for $key {
            #[inline]
            fn try_from_index(index: usize) -> Option<Self> {
                lasso::Key::try_from_usize(index)
            }

            #[inline]
            fn index(self) -> usize {
                lasso::Key::into_usize(self)
            }
        }
    )*};
}

keys!(LargeSpur Spur MiniSpur MicroSpur);

/// Lets the symbols of a type be keys of lasso.
#[doc(hidden)]
#[macro_export]
macro_rules! __symbol_as_lasso_key {
    ($name:ident) => {
        // SAFETY: an index becomes the number that is one more, and this the index.
        unsafe impl $crate::intern::lasso_crate::Key for $name {
            fn into_usize(self) -> usize {
                $crate::intern::Key::index(self)
            }

            fn try_from_usize(int: usize) -> ::core::option::Option<Self> {
                $crate::intern::Key::try_from_index(int)
            }
        }
    };
}

__symbol_as_lasso_key!(Symbol);

/// What resolves.
macro_rules! resolver {
    ($([$($generics:tt)*] $names:ty;)*) => {$(
        impl<K: Key, $($generics)*> Resolver<K> for $names {
            #[track_caller]
            fn resolve<'a>(&'a self, key: &K) -> &'a str {
                self.resolve(*key)
            }

            fn try_resolve<'a>(&'a self, key: &K) -> Option<&'a str> {
                self.try_resolve(*key)
            }

            unsafe fn resolve_unchecked<'a>(&'a self, key: &K) -> &'a str {
                self.resolve(*key)
            }

            fn contains_key(&self, key: &K) -> bool {
                self.try_resolve(*key).is_some()
            }

            fn len(&self) -> usize {
                self.len()
            }
        }
    )*};
}

resolver! {
    [S: BuildHasher] Interner<K, str, S>;
    [W: Words] Frozen<K, str, W>;
    [W: Words] FrozenStrings<K, str, W>;
}

#[cfg(feature = "std")]
resolver!([S: BuildHasher] SharedInterner<K, str, S>;);

/// What finds.
macro_rules! reader {
    ($([$($generics:tt)*] $names:ty;)*) => {$(
        impl<K: Key, $($generics)*> Reader<K> for $names {
            fn get(&self, val: &str) -> Option<K> {
                self.get(val)
            }

            fn contains(&self, val: &str) -> bool {
                self.contains(val)
            }
        }
    )*};
}

reader! {
    [S: BuildHasher] Interner<K, str, S>;
    [W: Words] Frozen<K, str, W>;
}

#[cfg(feature = "std")]
reader!([S: BuildHasher] SharedInterner<K, str, S>;);

/// What interns. lasso's error has no kind that can be made for memory that the allocator refuses: that is told as a limit that is
/// reached.
macro_rules! interner {
    ($([$names:ty] $static:ident $try_static:ident;)*) => {$(
        impl<K: Key, S: BuildHasher> lasso::Interner<K> for $names {
            #[track_caller]
            fn get_or_intern(&mut self, val: &str) -> K {
                self.intern(val)
            }

            fn try_get_or_intern(&mut self, val: &str) -> LassoResult<K> {
                self.try_intern(val).map_err(error)
            }

            #[track_caller]
            fn get_or_intern_static(&mut self, val: &'static str) -> K {
                self.$static(val)
            }

            fn try_get_or_intern_static(&mut self, val: &'static str) -> LassoResult<K> {
                self.$try_static(val).map_err(error)
            }
        }
    )*};
}

interner!([Interner<K, str, S>] intern_static try_intern_static;);

#[cfg(feature = "std")]
interner! {
    [SharedInterner<K, str, S>] intern try_intern;
    [&SharedInterner<K, str, S>] intern try_intern;
}

impl<K: Key + lasso::Key, S: BuildHasher> IntoReader<K> for Interner<K, str, S> {
    type Reader = Frozen<K>;

    fn into_reader(self) -> Frozen<K> {
        self.freeze()
    }

    fn into_reader_boxed(self: Box<Self>) -> Frozen<K> {
        self.freeze()
    }
}

impl<K: Key + lasso::Key, S: BuildHasher> IntoResolver<K> for Interner<K, str, S> {
    type Resolver = FrozenStrings<K>;

    fn into_resolver(self) -> FrozenStrings<K> {
        self.freeze_strings()
    }

    fn into_resolver_boxed(self: Box<Self>) -> FrozenStrings<K> {
        self.freeze_strings()
    }
}

impl<K: Key + lasso::Key> IntoResolver<K> for Frozen<K> {
    type Resolver = FrozenStrings<K>;

    fn into_resolver(self) -> FrozenStrings<K> {
        self.into_strings()
    }

    fn into_resolver_boxed(self: Box<Self>) -> FrozenStrings<K> {
        self.into_strings()
    }
}

impl<K: Key + lasso::Key, S: BuildHasher> IntoReaderAndResolver<K> for Interner<K, str, S> {}

impl<K: Key + lasso::Key, S: BuildHasher> From<Rodeo<K, S>> for Interner<K> {
    /// The same strings under the same keys.
    ///
    /// # Panics
    ///
    /// Where [`Interner::try_intern`] has an error, or lasso has a string under several keys.
    #[track_caller]
    fn from(names: Rodeo<K, S>) -> Self {
        moved(names.strings())
    }
}

impl<K: Key + lasso::Key, S: BuildHasher> From<RodeoReader<K, S>> for Interner<K> {
    /// The same strings under the same keys.
    ///
    /// # Panics
    ///
    /// Where [`Interner::try_intern`] has an error, or lasso has a string under several keys.
    #[track_caller]
    fn from(names: RodeoReader<K, S>) -> Self {
        moved(names.strings())
    }
}

impl<K: Key + lasso::Key> From<RodeoResolver<K>> for Interner<K> {
    /// The same strings under the same keys.
    ///
    /// # Panics
    ///
    /// Where [`Interner::try_intern`] has an error, or lasso has a string under several keys.
    #[track_caller]
    fn from(names: RodeoResolver<K>) -> Self {
        moved(names.strings())
    }
}

/// Strings that have the keys from the first on. lasso takes a list with equal ones from serde, where later keys would be shifted.
#[track_caller]
fn moved<'a, K: Key + lasso::Key>(texts: impl Iterator<Item = &'a str>) -> Interner<K> {
    let mut interner = Interner::default();
    for (index, text) in texts.enumerate() {
        let key: K = interner.intern(text);
        assert!(
            Key::index(key) == index,
            "lasso has the string of key {index} under key {} as well",
            Key::index(key)
        );
    }
    interner
}

/// A key that there is none of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NoKey {}

// SAFETY: there is nothing to convert.
unsafe impl lasso::Key for NoKey {
    fn into_usize(self) -> usize {
        match self {}
    }

    fn try_from_usize(_: usize) -> Option<Self> {
        None
    }
}

/// lasso's error, which has no public constructor: that of an interner of lasso in which there is no key, or no memory.
///
/// That interner is made for it and allocates a few small blocks. Where the allocator refuses these as well, this panics or aborts.
#[cold]
fn error(error: InternError) -> LassoError {
    let capacity = Capacity::minimal();
    let refused = match error {
        InternError::Symbols { .. } => {
            let mut none =
                Rodeo::<NoKey, Seeded>::with_capacity_and_hasher(capacity, Seeded::with_seed(0));
            none.try_get_or_intern("x").err()
        }
        InternError::Bytes { .. } | InternError::Reserve(_) => {
            let limits = MemoryLimits::for_memory_usage(1);
            let mut small = Rodeo::<Spur, Seeded>::with_capacity_memory_limits_and_hasher(
                capacity,
                limits,
                Seeded::with_seed(0),
            );
            small.try_get_or_intern("xx").err()
        }
    };
    refused.unwrap_or_else(|| unreachable!("lasso takes a string for which it has no room"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_that_lasso_has_once_keep_their_keys() {
        let names: Interner<Spur> = moved(["a", "", "b"].into_iter());
        assert!(names.iter().map(|(key, text)| (Key::index(key), text)).eq([
            (0, "a"),
            (1, ""),
            (2, "b")
        ]));
    }

    /// `RodeoResolver`'s `Deserialize` lets such lists pass.
    #[test]
    #[should_panic = "lasso has the string of key 2 under key 0 as well"]
    fn a_string_under_two_keys_is_refused() {
        let _: Interner<Spur> = moved(["a", "b", "a", "c"].into_iter());
    }
}
