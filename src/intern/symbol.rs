//! Symbols: the numbers that stand for strings.

use core::fmt::Debug;
use core::hash::Hash;

/// A number that stands for a string.
///
/// [`Symbol`] is one, and [`define_symbol!`](crate::define_symbol) makes others. An own implementation must give each index a key of its own, and
/// [`index`](Self::index) must give it back; otherwise symbols name other strings, or none, but memory stays safe.
pub trait Key: Copy + Eq + Hash + Debug {
    /// The key of the string with this index, counted from 0, or `None` where all keys are in use.
    fn try_from_index(index: usize) -> Option<Self>;

    /// The index of the string, counted from 0.
    fn index(self) -> usize;
}

/// Defines a type of symbols for one purpose, so that symbols of other interners are no symbols of this one.
///
/// The name stands for a type that is like [`Symbol`](crate::intern::Symbol): a number that is not zero, so that `Option` of it
/// takes no more bytes. Behind a colon may stand which: `u8` (255 strings), `u16` (65,535), `u32` (the default), or `u64`.
/// Attributes and visibility are written as for a `struct`.
///
/// # Examples
///
/// ```
/// use pennyweight::define_symbol;
/// use pennyweight::intern::Interner;
///
/// define_symbol! {
///     /// An airline.
///     pub Carrier: u8
/// }
/// define_symbol!(Airport);
///
/// let mut carriers: Interner<Carrier> = Interner::default();
/// let united: Carrier = carriers.intern("UA");
/// assert_eq!(carriers.resolve(united), "UA");
/// assert_eq!(size_of::<Option<Carrier>>(), 1);
///
/// let mut airports: Interner<Airport> = Interner::default();
/// let newark: Airport = airports.intern("EWR");
/// assert_eq!(size_of_val(&newark), 4);
/// ```
///
/// A symbol of one is no symbol of the other:
///
/// ```compile_fail,E0308
/// # use pennyweight::{define_symbol, intern::Interner};
/// # define_symbol!(Carrier);
/// # define_symbol!(Airport);
/// let mut carriers: Interner<Carrier> = Interner::default();
/// let airports: Interner<Airport> = Interner::default();
/// airports.resolve(carriers.intern("UA"));
/// ```
#[macro_export]
macro_rules! define_symbol {
    ($(#[$attribute:meta])* $visibility:vis $name:ident $(;)?) => {
        $crate::define_symbol!(@define [$(#[$attribute])*] $visibility $name u32 NonZeroU32);
        $crate::__symbol_as_lasso_key!($name);
    };
    ($(#[$attribute:meta])* $visibility:vis $name:ident: u8 $(;)?) => {
        $crate::define_symbol!(@define [$(#[$attribute])*] $visibility $name u8 NonZeroU8);
        $crate::__symbol_as_lasso_key!($name);
    };
    ($(#[$attribute:meta])* $visibility:vis $name:ident: u16 $(;)?) => {
        $crate::define_symbol!(@define [$(#[$attribute])*] $visibility $name u16 NonZeroU16);
        $crate::__symbol_as_lasso_key!($name);
    };
    ($(#[$attribute:meta])* $visibility:vis $name:ident: u32 $(;)?) => {
        $crate::define_symbol!(@define [$(#[$attribute])*] $visibility $name u32 NonZeroU32);
        $crate::__symbol_as_lasso_key!($name);
    };
    ($(#[$attribute:meta])* $visibility:vis $name:ident: u64 $(;)?) => {
        $crate::define_symbol!(@define [$(#[$attribute])*] $visibility $name u64 NonZeroU64);
        $crate::__symbol_as_lasso_key!($name);
    };
    (@define [$(#[$attribute:meta])*] $visibility:vis $name:ident $number:ident $non_zero:ident) => {
        $(#[$attribute])*
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash,
        )]
        #[repr(transparent)]
        $visibility struct $name(::core::num::$non_zero);

        impl $name {
            /// The index of the string, counted from 0.
            #[inline(always)]
            $visibility const fn index(self) -> usize {
                (self.0.get() - 1) as usize
            }
        }

        impl $crate::intern::Key for $name {
            #[inline(always)]
            fn try_from_index(index: usize) -> ::core::option::Option<Self> {
                if index as u64 >= $number::MAX as u64 {
                    return ::core::option::Option::None;
                }
                ::core::option::Option::map(::core::num::$non_zero::new(index as $number + 1), Self)
            }

            #[inline(always)]
            fn index(self) -> usize {
                $name::index(self)
            }
        }

        /// The name, and the index of the string.
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($name)).field(&(self.0.get() - 1)).finish()
            }
        }

        impl $crate::size::HeapSize for $name {
            fn visit<'v>(&'v self, _: &mut $crate::size::Visitor<'v>) {}

            fn owns_heap() -> bool {
                false
            }
        }
    };
}

/// Without the feature `lasso`, symbols are no keys of it.
#[cfg(not(feature = "lasso"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __symbol_as_lasso_key {
    ($name:ident) => {};
}

define_symbol! {
    @define [
        /// A string of an [`Interner`](super::Interner), as a number of 4 bytes that is not zero: `Option<Symbol>` takes 4 bytes as well.
        ///
        /// Symbols are dense: they count the strings in the order in which they were first interned, and [`index`](Key::index)
        /// is 0 for the first. They are ordered by it, not as the strings are, unless strings are interned in their order first. A symbol does not know its interner: in another one it
        /// names another string, or none. [`define_symbol!`](crate::define_symbol) makes types that the compiler tells apart.
    ] pub Symbol u32 NonZeroU32
}
