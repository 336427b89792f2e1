//! A shared interner to which no more strings are to come.

use super::interner::SharedInterner;
use crate::intern::interner::key;
use crate::intern::{Frozen, FrozenStrings, Key, Remap, ReserveError, Text};
use crate::raw::growth;
use alloc::vec::Vec;
use core::hash::BuildHasher;

impl<K: Key, T: Text + ?Sized, S: BuildHasher> SharedInterner<K, T, S> {
    /// The same strings in as few bytes as it takes, and which new symbols stand for the old ones.
    ///
    /// The new symbols are dense, and in the order of the old ones. Until it returns, both are there.
    ///
    /// # Panics
    ///
    /// Where [`try_freeze`](Self::try_freeze) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::intern::SharedInterner;
    ///
    /// let shared = SharedInterner::new();
    /// let row = ["JFK", "EWR"].map(|airport| shared.intern(airport));
    /// let (airports, remap) = shared.freeze();
    /// assert_eq!(row.map(|old| airports.resolve(remap.get(old).unwrap())), ["JFK", "EWR"]);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn freeze(self) -> (Frozen<K, T>, Remap<K>) {
        self.try_freeze().unwrap_or_else(|(_, error)| error.raise())
    }

    /// The same strings in as few bytes as it takes, and which new symbols stand for the old ones.
    ///
    /// # Errors
    ///
    /// If there is no memory for it; the interner comes back as it was.
    #[expect(clippy::type_complexity, reason = "both are pairs, as those of `Interner::compact`")]
    pub fn try_freeze(self) -> Result<(Frozen<K, T>, Remap<K>), (Self, ReserveError)> {
        let frozen = (|| {
            let mut symbols = Vec::new();
            growth::reserve_exact(&mut symbols, self.in_order().count())?;
            let mut next = 0..;
            let new = |text: Option<&T>| text.and_then(|_| next.next()).map(key);
            symbols.extend(self.in_order().map(new));
            let texts = self.in_order().flatten();
            let strings = FrozenStrings::build(self.len(), self.text_bytes(), texts)?;
            Ok((Frozen::build(strings)?, Remap::from_symbols(symbols)))
        })();
        frozen.map_err(|error| (self, error))
    }
}
