//! A column of strings as symbols.

use super::error::InternError;
use super::interner::Interner;
use super::symbol::Key;
use super::text::Text;
use crate::raw::growth;
use alloc::vec::Vec;
use core::hash::BuildHasher;

impl<K: Key, T: Text + ?Sized, S: BuildHasher> Interner<K, T, S> {
    /// The symbols of a column of strings, and the strings themselves: pandas' `category`.
    ///
    /// Which type the symbols have must be said, as below. Where the iterator tells its length, the vector of symbols has no room to
    /// spare, and elsewhere a sixteenth at most, or 64 bytes if it is short. Rows without a string are not encoded, but interned one by one, as `None` where there is
    /// none: an `Option` of a symbol takes no more than a symbol.
    ///
    /// # Panics
    ///
    /// Where [`try_encode`](Self::try_encode) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::array::IntArray;
    /// use pennyweight::intern::{Interner, Symbol};
    ///
    /// let origins = ["EWR", "LGA", "JFK", "JFK", "LGA", "EWR"];
    /// let (symbols, airports): (Vec<Symbol>, Interner) = Interner::encode(origins);
    /// assert_eq!(airports.len(), 3);
    /// assert!(symbols.iter().map(|&symbol| &airports[symbol]).eq(origins));
    ///
    /// // Packed to the bits that they need: two.
    /// let codes: IntArray<u32> = symbols.iter().map(|symbol| symbol.index() as u32).collect();
    /// assert_eq!(codes.width(), 2);
    ///
    /// // With missing values.
    /// let mut planes = Interner::new();
    /// let tails = ["N14228", "", "N24211"].map(|tail| (tail != "").then(|| planes.intern(tail)));
    /// assert_eq!((size_of_val(&tails), planes.len()), (12, 2));
    /// ```
    #[track_caller]
    pub fn encode<A: AsRef<T>>(texts: impl IntoIterator<Item = A>) -> (Vec<K>, Self)
    where
        S: Default,
    {
        match Self::try_encode(texts) {
            Ok(encoded) => encoded,
            Err(error) => error.raise(),
        }
    }

    /// The symbols of a column of strings, and the strings themselves.
    ///
    /// # Errors
    ///
    /// Where there are more strings than symbols, or no memory.
    pub fn try_encode<A: AsRef<T>>(
        texts: impl IntoIterator<Item = A>,
    ) -> Result<(Vec<K>, Self), InternError>
    where
        S: Default,
    {
        let mut interner = Self::default();
        let symbols = interner.try_intern_all(texts)?;
        Ok((symbols, interner))
    }

    /// The symbols of several strings: [`encode`](Self::encode) for an interner that is there already.
    ///
    /// # Errors
    ///
    /// Where there are more strings than symbols, or no memory, or the limits are reached. The strings before remain interned.
    pub fn try_intern_all<A: AsRef<T>>(
        &mut self,
        texts: impl IntoIterator<Item = A>,
    ) -> Result<Vec<K>, InternError> {
        let texts = texts.into_iter();
        let mut symbols = Vec::new();
        growth::reserve_exact(&mut symbols, texts.size_hint().0)?;
        for text in texts {
            growth::reserve(&mut symbols, 1)?;
            symbols.push(self.try_intern(text.as_ref())?);
        }
        Ok(symbols)
    }
}
