//! Strings that are no longer wanted.

use super::error::InternError;
use super::interner::Interner;
use super::symbol::Key;
use super::text::Text;
use crate::raw::growth;
use crate::size::{HeapSize, Visitor};
use alloc::vec::Vec;
use core::fmt;
use core::hash::BuildHasher;

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Clone> Interner<K, T, S> {
    /// Keeps some of the strings, under new symbols that are dense again, and says which these are.
    ///
    /// The interner is consumed, so that nobody can ask it for a symbol that it has dropped: a number is never given to another string
    /// behind the back of who holds it. (Marking and sweeping within one interner cannot have both: either numbers are given again,
    /// or what was swept leaves holes for ever, in bounds and symbols alike.) Symbols from before are to be replaced by those of the
    /// [`Remap`]; with a type of symbols for each generation, the compiler finds those that were not.
    ///
    /// Until it returns, both interners are there.
    ///
    /// # Panics
    ///
    /// Where [`try_compact`](Self::try_compact) has an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use pennyweight::intern::Interner;
    ///
    /// let mut names = Interner::new();
    /// let mut rows: Vec<_> = ["ORD", "JFK", "EWR", "JFK"].iter().map(|name| names.intern(name)).collect();
    ///
    /// rows.remove(0);
    /// let mut used = vec![false; names.len()];
    /// rows.iter().for_each(|symbol| used[symbol.index()] = true);
    /// let (names, remap) = names.compact(|symbol, _| used[symbol.index()]);
    /// remap.apply(&mut rows)?;
    /// assert_eq!(names.len(), 2);
    /// assert_eq!(rows.iter().map(|&symbol| &names[symbol]).collect::<Vec<_>>(), ["JFK", "EWR", "JFK"]);
    /// # Ok::<(), pennyweight::intern::NotKept<pennyweight::intern::Symbol>>(())
    /// ```
    #[must_use]
    #[track_caller]
    pub fn compact(self, keep: impl FnMut(K, &T) -> bool) -> (Self, Remap<K>) {
        match self.try_compact(keep) {
            Ok(kept) => kept,
            Err((_, error)) => error.raise(),
        }
    }

    /// Keeps some of the strings, under new symbols that are dense again, and says which these are.
    ///
    /// # Errors
    ///
    /// If there is no memory for it; the interner comes back as it was.
    // It was handed over by value, and comes back so.
    #[expect(clippy::result_large_err)]
    pub fn try_compact(
        self,
        mut keep: impl FnMut(K, &T) -> bool,
    ) -> Result<(Self, Remap<K>), (Self, InternError)> {
        let mut kept = Self::with_hasher(self.hasher().clone());
        let mut symbols = Vec::new();
        let moved = growth::reserve_exact(&mut symbols, self.len()).map_err(InternError::from);
        let moved = moved.and_then(|()| {
            self.iter().enumerate().try_for_each(|(index, (symbol, text))| {
                let kept = keep(symbol, text).then(|| kept.insert_from(&self, index));
                symbols.push(kept.transpose()?);
                Ok(())
            })
        });
        match moved {
            Ok(()) => {
                kept.set_limits(self.limits());
                Ok((kept, Remap { symbols }))
            }
            Err(error) => Err((self, error)),
        }
    }
}

/// Which new symbols stand for the old ones, after [`Interner::compact`].
///
/// 4 bytes for each old symbol of the type [`Symbol`](super::Symbol).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remap<K> {
    symbols: Vec<Option<K>>,
}

impl<K: Key> Remap<K> {
    /// The new symbols, by the indices of the old ones.
    #[cfg(feature = "std")]
    pub(super) const fn from_symbols(symbols: Vec<Option<K>>) -> Self {
        Self { symbols }
    }

    /// The new symbol of a string, or `None` if it was not kept.
    #[inline]
    #[must_use]
    pub fn get(&self, old: K) -> Option<K> {
        self.symbols.get(old.index()).copied().flatten()
    }

    /// Replaces the symbols of a column.
    ///
    /// # Errors
    ///
    /// If one of them was not kept. All of them are as they were.
    pub fn apply(&self, column: &mut [K]) -> Result<(), NotKept<K>> {
        let lost = column.iter().enumerate().find(|&(_, &symbol)| self.get(symbol).is_none());
        if let Some((place, &symbol)) = lost {
            return Err(NotKept { place, symbol });
        }
        for symbol in column {
            *symbol = self.get(*symbol).unwrap_or(*symbol);
        }
        Ok(())
    }

    /// The old and new symbols of the strings that were kept, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, K)> {
        let pair = |(index, new): (usize, &Option<K>)| Some((K::try_from_index(index)?, (*new)?));
        self.symbols.iter().enumerate().filter_map(pair)
    }
}

/// A symbol in a column that no new one stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKept<K> {
    /// Where in the column it is.
    pub place: usize,
    /// The old symbol.
    pub symbol: K,
}

impl<K: fmt::Debug> fmt::Display for NotKept<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no string was kept for {:?}, at {} of the column", self.symbol, self.place)
    }
}

impl<K: fmt::Debug> core::error::Error for NotKept<K> {}

impl<K: Key> HeapSize for Remap<K> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(crate::size::Block::array::<Option<K>>(
            self.symbols.capacity(),
            self.symbols.len(),
        ));
    }

    fn owns_heap() -> bool {
        true
    }
}
