//! The interner of one thread.

use super::arena::Arena;
use super::error::{InternError, Limits};
use super::hash::{Seeded, Short, same};
use super::iter::Iter;
use super::symbol::{Key, Symbol};
use super::table::{Look, Table, Vacant};
use super::text::Text;
use crate::raw::ReserveError;
use crate::size::{Block, HeapSize, Visitor};
use core::fmt;
use core::hash::{BuildHasher, Hasher};
use core::marker::PhantomData;
use core::ops::Index;

/// The most strings: an index more fits a slot of the table.
const MOST: usize = u32::MAX as usize - 1;

/// One copy of each string, for some 7 to 11 bytes beside its text where there are 4,000 or more, and a number of 4 bytes that stands for it.
///
/// [`intern`](Self::intern) gives equal strings the same [`Symbol`], and [`resolve`](Self::resolve) gives the string of a symbol.
/// Symbols are numbers: they are copied, compared and hashed as such, and count the strings from the first on. `K` is their type,
/// which [`define_symbol!`](crate::define_symbol) makes; `T` is `str` or `[u8]`; `S` makes the hashes, of which all 64 bits are to be good ones.
///
/// # When it wins, and when it loses
///
/// It pays where strings recur: a `Vec<String>` takes 24 bytes and an allocation for each of them, a `Vec<Symbol>` 4. Where each
/// string is there once, and none is looked up, a [`StrArray`](crate::array::StrArray) takes a byte or two beside its text; where they
/// are also sorted, a [`SortedStrArray`](crate::array::SortedStrArray) takes less than the text. What is interned stays: strings that come and go are
/// dropped by [`compact`](Self::compact) alone. From several threads, use [`SharedInterner`](super::SharedInterner); where no more strings are to
/// come, [`Frozen`](super::Frozen) takes less.
///
/// # Layout
///
/// The text lies in chunks, one string behind the other, 64 strings to a block; `u16` bounds say where a string
/// ends. A chunk has room for an eighth of the text so far, at most 64 KB, and never moves: the `&str` of a symbol stays at its address
/// however much is interned. Long strings, and one of each 64 KB, have buffers of their own. A table finds the symbol of a string: 16 slots are a cache
/// line, of each a byte of the hash and three of the index. The table grows where 14 of 16 slots are in use: it doubles up to 16 KB, and
/// grows by at most a half then. It is filled anew from the strings, without a copy of the old one. There are at most 2³² − 2 strings;
/// where there are more than 10 to 14 million, an index takes four bytes, and the table grows by a quarter.
///
/// # Memory
///
/// Inline 264 bytes (with [`Seeded`]), on the heap the text and, for each string, 2.1 bytes of bounds, 4.6 to 6.9 of the table (up to
/// 9.1 while it takes no more than 16 KB), and the room in the last chunk, a sixteenth of the text on the average.
/// Hundreds of strings of eight bytes so take 8 to 13 bytes each beside their text, and the first ten 714 in all, of which most is room.
/// [`shrink_to_fit`](Self::shrink_to_fit) leaves 4.3 bytes of the table. A string that lies apart takes 32 bytes more. If the allocator
/// extends buffers in place, the interner takes no more while it grows than once it has grown, but for a byte for each 16 slots while
/// the table is filled.
///
/// # Attacks
///
/// [`Seeded`] with a random seed, which is the default, keeps strings from colliding by accident or by a list made beforehand. Against an
/// attacker who can watch how long lookups take it promises nothing. std's `RandomState` resists that, at the price of a slower hash:
/// `Interner<Symbol, str, RandomState>`. [`Limits`] bound what strings from outside can fill: their docs show both together.
///
/// # Examples
///
/// ```
/// use pennyweight::intern::Interner;
///
/// let mut names = Interner::new();
/// let united = names.intern("UA");
/// assert_eq!(names.intern(&String::from("UA")), united);
/// assert_eq!(names.resolve(united), "UA");
/// assert_eq!(names.get("DL"), None);
/// assert_eq!(names.len(), 1);
/// assert_eq!(size_of_val(&Some(united)), 4);
/// ```
///
/// Another type of symbol, byte strings, another hash: the type says so, and `default` makes it.
///
/// ```
/// use pennyweight::define_symbol;
/// use pennyweight::intern::{Interner, Symbol};
/// use std::hash::RandomState;
///
/// define_symbol!(Carrier: u8);
///
/// let mut carriers: Interner<Carrier> = Interner::default();
/// let delta: Carrier = carriers.intern("DL");
///
/// let mut packets: Interner<Symbol, [u8], RandomState> = Interner::default();
/// let packet = packets.intern(&[0xff, 0x00]);
/// assert_eq!(packets[packet], [0xff, 0x00]);
/// ```
///
/// # Source
///
/// The prototypes of this crate's research, measured against eleven interners of which
/// [internity](https://docs.rs/internity) is the leanest; the groups of a cache line are those of
/// [F14](https://engineering.fb.com/2019/04/25/developer-tools/f14/).
pub struct Interner<K = Symbol, T: ?Sized = str, S = Seeded> {
    arena: Arena<T>,
    /// Invariant: the first strings of the arena, as many as the table has, are in it under their hashes. All of them, unless a hash
    /// panicked while it was filled.
    table: Table,
    /// Invariant: at most what [`until_now`](Self::until_now) says. Below it a string is appended if its text fits: all are in the table,
    /// nothing but text takes room that is not there, and there may be as many.
    until: usize,
    limits: Limits,
    hasher: S,
    keys: PhantomData<fn() -> K>,
}

/// What one look at the table says of a string.
enum Known<K> {
    Here(K),
    /// It is not at the home of its hash.
    NotAtHome(u64),
    /// It takes a search.
    Unsure,
}

impl Interner {
    /// Creates an interner of strings with a seed of its own. (Does not allocate.)
    ///
    /// For other symbols, byte strings or another hash, [`default`](Self::default) makes what the type says.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates an interner that takes no more than some bytes and symbols. (Does not allocate.)
    ///
    /// Others are made by [`with_limits_and_hasher`](Self::with_limits_and_hasher).
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> Interner<K, T, S> {
    /// Creates an interner with this hash. (Does not allocate.)
    #[must_use]
    pub const fn with_hasher(hasher: S) -> Self {
        Self {
            arena: Arena::new(),
            table: Table::new(),
            until: 0,
            limits: Limits::NONE,
            hasher,
            keys: PhantomData,
        }
    }

    /// Creates an interner that takes no more than some bytes and symbols, with this hash. (Does not allocate.)
    #[must_use]
    pub const fn with_limits_and_hasher(limits: Limits, hasher: S) -> Self {
        let mut interner = Self::with_hasher(hasher);
        interner.limits = limits;
        interner
    }

    /// The symbol of a string, which is copied where it is new.
    ///
    /// Computes in amortised **O(1)** time.
    ///
    /// # Panics
    ///
    /// Where [`try_intern`](Self::try_intern) has an error.
    #[inline(always)]
    #[track_caller]
    pub fn intern(&mut self, text: &T) -> K {
        match self.known(text.as_bytes()) {
            Known::Here(symbol) => symbol,
            Known::NotAtHome(hash) => self.insert_or_raise(text, hash),
            Known::Unsure => self.intern_unsure_or_raise(text),
        }
    }

    /// The symbol of a string, which is copied where it is new.
    ///
    /// # Errors
    ///
    /// Where there is no symbol or no memory left for a new string, or the limits are reached. Strings and symbols are as they were; a
    /// table that had grown for the string stays so.
    #[inline]
    pub fn try_intern(&mut self, text: &T) -> Result<K, InternError> {
        match self.known(text.as_bytes()) {
            Known::Here(symbol) => Ok(symbol),
            Known::NotAtHome(hash) => self.insert(text, hash),
            Known::Unsure => self.intern_unsure(text),
        }
    }

    /// The symbol of a string that is always there, which is copied only where that takes fewer bytes.
    ///
    /// # Panics
    ///
    /// Where [`try_intern_static`](Self::try_intern_static) has an error.
    #[track_caller]
    pub fn intern_static(&mut self, text: &'static T) -> K {
        match self.try_intern_static(text) {
            Ok(symbol) => symbol,
            Err(error) => error.raise(),
        }
    }

    /// The symbol of a string that is always there, which is copied only where that takes fewer bytes: up to 32.
    ///
    /// # Errors
    ///
    /// As [`try_intern`](Self::try_intern).
    pub fn try_intern_static(&mut self, text: &'static T) -> Result<K, InternError> {
        let bytes = text.as_bytes();
        let hash = hash(&self.hasher, bytes);
        match self.find(bytes, hash) {
            Ok(index) => Ok(key(index)),
            Err(_) => self.insert_growing(text, Some(text), hash),
        }
    }

    /// The symbol of a string, if it was interned.
    #[inline]
    #[must_use]
    pub fn get(&self, text: &T) -> Option<K> {
        let bytes = text.as_bytes();
        let Some(short) = Short::of(bytes) else { return self.get_long(bytes) };
        let hash = hash(&self.hasher, bytes);
        match self.table.look(hash) {
            Look::Perhaps(index) if self.arena.holds(index, short) => Some(key(index)),
            Look::NotAtHome if self.table.home_has_room(hash) && self.all_listed() => None,
            _ => self.get_further(bytes, hash),
        }
    }

    /// Whether a string was interned.
    #[inline]
    #[must_use]
    pub fn contains(&self, text: &T) -> bool {
        self.get(text).is_some()
    }

    /// The string of a symbol.
    ///
    /// A symbol of another interner gives another string, where this one has as many.
    ///
    /// # Panics
    ///
    /// If the interner has no such symbol.
    #[inline]
    #[must_use]
    #[track_caller]
    pub fn resolve(&self, symbol: K) -> &T {
        let index = symbol.index();
        match self.arena.get(index) {
            Some(text) => text,
            None => no_symbol(index, self.len()),
        }
    }

    /// The string of a symbol, or `None` where the interner has no such symbol.
    #[inline]
    #[must_use]
    pub fn try_resolve(&self, symbol: K) -> Option<&T> {
        self.arena.get(symbol.index())
    }

    /// Symbols and strings, in the order in which they were first interned.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, T> {
        Iter::new(&self.arena)
    }

    /// How many strings there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.arena.len()
    }

    /// Whether there are no strings.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of all strings.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.arena.text_bytes()
    }

    /// The heap bytes, of text, bounds and table.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.arena.heap_bytes() + self.table.heap_bytes()
    }

    /// What the interner may grow to.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Says what the interner may grow to. Nothing is given back: if it takes more bytes already, it takes new strings only while they fit
    /// the room that it has.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.until = self.until_now();
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        &self.hasher
    }

    /// Makes room in the table for `additional` more strings.
    ///
    /// # Panics
    ///
    /// Where [`try_reserve`](Self::try_reserve) has an error.
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        if let Err(error) = self.try_reserve(additional) {
            error.raise();
        }
    }

    /// Makes room in the table for `additional` more strings, so that it is filled once. The text takes room as it comes.
    ///
    /// # Errors
    ///
    /// If there is no memory for it, or it is beyond the limits. The interner is as it was.
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), InternError> {
        let strings = self.len().saturating_add(additional);
        let most = self.limits.symbols.min(MOST);
        if strings > most {
            return Err(InternError::Symbols { most });
        }
        let groups = Table::groups_for(strings);
        if groups <= self.table.groups() {
            return Ok(());
        }
        self.within_limit(self.arena.heap_bytes().saturating_add(Table::bytes_of(groups)))?;
        Ok(self.rebuild(groups)?)
    }

    /// Gives back what nothing lies in: of the table, so that 15 of 16 slots are in use, and of the bounds. The next new string makes
    /// the table grow. Text does not move, so the room in the last chunk remains.
    pub fn shrink_to_fit(&mut self) {
        if self.is_empty() {
            return self.clear();
        }
        self.arena.shrink_to_fit();
        self.until = self.until_now();
        let groups = Table::fewest_for(self.len());
        if groups < self.table.groups() || !self.all_listed() {
            // Where no memory is left to count by, the table remains as it is.
            _ = self.rebuild(groups);
        }
    }

    /// Drops all strings. The numbers begin anew: symbols from before name what is interned next.
    pub fn clear(&mut self) {
        (self.arena, self.table, self.until) = (Arena::new(), Table::new(), 0);
    }

    /// What one look at the table says of a string.
    #[inline(always)]
    fn known(&self, bytes: &[u8]) -> Known<K> {
        let Some(short) = Short::of(bytes) else { return Known::Unsure };
        let hash = hash(&self.hasher, bytes);
        match self.table.look(hash) {
            Look::Perhaps(index) if self.arena.holds(index, short) => Known::Here(key(index)),
            Look::NotAtHome => Known::NotAtHome(hash),
            _ => Known::Unsure,
        }
    }

    /// Searches the table for a string, and appends it where it is not there.
    #[inline(always)]
    fn search_and_add(&mut self, text: &T) -> Result<K, InternError> {
        let hash = hash(&self.hasher, text.as_bytes());
        match self.find(text.as_bytes(), hash) {
            Ok(index) => Ok(key(index)),
            Err(vacant) => self.add(text, hash, vacant),
        }
    }

    /// Appends a string that is not in the table.
    #[inline(always)]
    fn add(&mut self, text: &T, hash: u64, vacant: Vacant) -> Result<K, InternError> {
        match self.append(text, hash, vacant) {
            Some(key) => Ok(key),
            None => self.insert_growing(text, None, hash),
        }
    }

    /// Appends a string that is not in the table, where nothing has to grow for it.
    #[inline(always)]
    fn append(&mut self, text: &T, hash: u64, vacant: Vacant) -> Option<K> {
        let index = self.len();
        if index >= self.until || !self.arena.fits(text.as_bytes().len()) {
            return None;
        }
        let key = K::try_from_index(index)?;
        self.arena.append(text);
        self.table.insert(hash, vacant);
        Some(key)
    }

    /// Whether the string with an index is this one.
    #[inline(always)]
    fn is(&self, index: usize, bytes: &[u8]) -> bool {
        same(bytes, self.arena.bytes(index))
    }

    /// Searches the table.
    #[inline]
    fn find(&self, bytes: &[u8], hash: u64) -> Result<usize, Vacant> {
        self.table.find(hash, |index| self.is(index, bytes))
    }

    // What follows is not inlined, so that the code above, which nearly always does, has no calls in it.

    #[inline(never)]
    fn intern_unsure(&mut self, text: &T) -> Result<K, InternError> {
        self.search_and_add(text)
    }

    /// [`intern_unsure`](Self::intern_unsure), with a result that a register holds.
    #[inline(never)]
    #[track_caller]
    fn intern_unsure_or_raise(&mut self, text: &T) -> K {
        match self.search_and_add(text) {
            Ok(key) => key,
            Err(error) => error.raise(),
        }
    }

    #[inline(never)]
    fn get_long(&self, bytes: &[u8]) -> Option<K> {
        self.get_further(bytes, hash(&self.hasher, bytes))
    }

    #[inline(never)]
    fn get_further(&self, bytes: &[u8], hash: u64) -> Option<K> {
        let found = self.find(bytes, hash).ok();
        // Where the hash of a string panicked while the table was filled, some are not in it.
        let mut unlisted = self.table.len()..self.len();
        found.or_else(|| unlisted.find(|&index| self.is(index, bytes))).map(key)
    }

    /// Appends a string that is not at home, unless it is elsewhere.
    #[inline(never)]
    fn insert(&mut self, text: &T, hash: u64) -> Result<K, InternError> {
        let Some(vacant) = self.table.vacant_near(hash) else {
            return self.intern_unsure(text);
        };
        self.add(text, hash, vacant)
    }

    /// [`insert`](Self::insert), with a result that a register holds.
    #[inline(never)]
    #[track_caller]
    fn insert_or_raise(&mut self, text: &T, hash: u64) -> K {
        let Some(vacant) = self.table.vacant_near(hash) else {
            return self.intern_unsure_or_raise(text);
        };
        match self.add(text, hash, vacant) {
            Ok(key) => key,
            Err(error) => error.raise(),
        }
    }

    /// Appends a string for which table or arena have to grow, if there is no reason against it.
    #[cold]
    #[inline(never)]
    fn insert_growing(
        &mut self,
        text: &T,
        lasting: Option<&'static T>,
        hash_of: u64,
    ) -> Result<K, InternError> {
        let (index, bytes) = (self.len(), text.as_bytes());
        if !self.all_listed() {
            self.rebuild(self.table.groups())?;
            if let Ok(index) = self.find(bytes, hash_of) {
                return Ok(key(index));
            }
        }
        let key = match K::try_from_index(index) {
            Some(key) if index < self.limits.symbols.min(MOST) => key,
            _ => return Err(InternError::Symbols { most: index }),
        };
        let plan = self.arena.plan(bytes.len(), lasting.is_some());
        let groups =
            if index < self.table.until() { self.table.groups() } else { self.table.grown() };
        let table = Table::bytes_of(groups).max(self.table.heap_bytes());
        self.within_limit(self.arena.heap_bytes_after(&plan).saturating_add(table))?;
        if groups > self.table.groups() {
            self.rebuild(groups)?;
        }
        match lasting {
            Some(text) => self.arena.push_static(text, &plan)?,
            None => self.arena.push(text, &plan)?,
        }
        let vacant = self.table.vacant(hash_of);
        self.table.insert(hash_of, vacant);
        self.until = self.until_now();
        Ok(key)
    }

    fn within_limit(&self, needed: usize) -> Result<(), InternError> {
        match self.limits.bytes {
            limit if needed > limit => Err(InternError::Bytes { limit, needed }),
            _ => Ok(()),
        }
    }

    /// Fills a table of so many groups from the strings. Should a hash panic, the strings of the blocks before are in it.
    fn rebuild(&mut self, groups: usize) -> Result<(), ReserveError> {
        let mut used = self.table.set_groups(groups)?;
        self.until = 0;
        let Self { arena, table, hasher, .. } = self;
        arena.for_each_hash(|bytes| hash(hasher, bytes), |hash| table.fill(hash, &mut used));
        self.until = self.until_now();
        Ok(())
    }

    /// Appends the string with an index of another interner, which this one does not have.
    pub(super) fn insert_from(&mut self, other: &Self, index: usize) -> Result<K, InternError> {
        let hash_of = hash(&self.hasher, other.arena.bytes(index));
        if self.len() >= self.table.until() {
            self.rebuild(self.table.grown())?;
        }
        let key = key(self.len());
        self.arena.push_from(&other.arena, index)?;
        let vacant = self.table.vacant(hash_of);
        self.table.insert(hash_of, vacant);
        self.until = self.until_now();
        Ok(key)
    }

    /// Panics unless the invariants of the interner hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.arena.check_invariants();
        self.table.check_invariants();
        assert!(self.all_listed());
        assert!(self.until <= self.until_now());
        for (symbol, text) in self {
            assert_eq!(self.get(text), Some(symbol));
        }
    }
}

impl<K, T: Text + ?Sized, S> Interner<K, T, S> {
    /// Whether all strings are in the table.
    #[inline(always)]
    fn all_listed(&self) -> bool {
        self.table.len() == self.arena.len()
    }

    /// Up to which index there is room for strings but for their text.
    fn until_now(&self) -> usize {
        if !self.all_listed() {
            return 0;
        }
        let symbols = self.limits.symbols.min(MOST);
        self.arena.until().min(self.table.until()).min(symbols)
    }
}

/// The key of an index that has had one.
#[inline(always)]
pub(super) fn key<K: Key>(index: usize) -> K {
    K::try_from_index(index).unwrap_or_else(|| lost_key(index))
}

#[cold]
#[inline(never)]
fn lost_key(index: usize) -> ! {
    panic!("the type of symbols has none for index {index}, of which it gave one before")
}

#[cold]
#[inline(never)]
#[track_caller]
pub(super) fn no_symbol(index: usize, len: usize) -> ! {
    panic!("no symbol of index {index}: the interner's length is {len}")
}

#[inline(always)]
pub(super) fn hash<S: BuildHasher>(hasher: &S, bytes: &[u8]) -> u64 {
    let mut hasher = hasher.build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Default> Default for Interner<K, T, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

/// The same strings under the same symbols. The text takes as few bytes as if nothing else had been interned; the table takes as many as the
/// one that is copied.
impl<K, T: Text + ?Sized, S: Clone> Clone for Interner<K, T, S> {
    fn clone(&self) -> Self {
        let mut interner = Self {
            arena: self.arena.clone(),
            table: self.table.clone(),
            until: 0,
            limits: self.limits,
            hasher: self.hasher.clone(),
            keys: PhantomData,
        };
        interner.until = interner.until_now();
        interner
    }
}

/// As a map of symbols to strings.
impl<K: Key, T: Text + ?Sized, S: BuildHasher> fmt::Debug for Interner<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

/// Interners are equal if they have the same strings under the same symbols.
impl<K: Key, T: Text + ?Sized, S: BuildHasher, S2: BuildHasher> PartialEq<Interner<K, T, S2>>
    for Interner<K, T, S>
{
    fn eq(&self, other: &Interner<K, T, S2>) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|((_, a), (_, b))| a == b)
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher> Eq for Interner<K, T, S> {}

/// `interner[symbol]` is the string of a symbol.
impl<K: Key, T: Text + ?Sized, S: BuildHasher> Index<K> for Interner<K, T, S> {
    type Output = T;

    #[inline]
    #[track_caller]
    fn index(&self, symbol: K) -> &T {
        self.resolve(symbol)
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher, A: AsRef<T>> Extend<A> for Interner<K, T, S> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = A>>(&mut self, texts: I) {
        for text in texts {
            self.intern(text.as_ref());
        }
    }
}

impl<K: Key, T: Text + ?Sized, S: BuildHasher + Default, A: AsRef<T>> FromIterator<A>
    for Interner<K, T, S>
{
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = A>>(texts: I) -> Self {
        let mut interner = Self::default();
        interner.extend(texts);
        interner
    }
}

impl<'a, K: Key, T: Text + ?Sized, S: BuildHasher> IntoIterator for &'a Interner<K, T, S> {
    type Item = (K, &'a T);
    type IntoIter = Iter<'a, K, T>;

    fn into_iter(self) -> Iter<'a, K, T> {
        self.iter()
    }
}

impl<K, T: Text + ?Sized, S> HeapSize for Interner<K, T, S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.arena.visit(visitor);
        visitor.block(Block::new(self.table.heap_bytes()).with_slack(self.table.slack()));
    }

    fn owns_heap() -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    /// So many that in the unit tests the numbers of the table have four bytes.
    #[test]
    fn strings_are_found_in_a_table_of_four_byte_numbers() {
        let mut interner: Interner = Interner::with_hasher(Seeded::with_seed(7));
        let text = |number: usize| format!("{number}");
        let symbols: Vec<Symbol> = (0..2000).map(|number| interner.intern(&text(number))).collect();
        for (number, &symbol) in symbols.iter().enumerate() {
            assert_eq!(interner.get(&text(number)), Some(symbol));
            assert_eq!(interner.try_intern(&text(number)), Ok(symbol));
            assert_eq!(interner.intern(&text(number)), symbol);
        }
        assert_eq!(interner.get(&text(2000)), None);
        interner.check_invariants();
    }
}
