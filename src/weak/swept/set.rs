//! A set that does not keep its members.

use super::key_map::SweptKeyMap;
use super::keyed::{Equality, Identity, KeyedBy};
use super::pointer::Pointer;
use super::stats::SweptStats;
use crate::size::{HeapSize, Visitor};
use core::convert::Infallible;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use hashbrown::{DefaultHashBuilder, Equivalent};

/// A set of [`Weak`](alloc::rc::Weak)s of std, for 17 bytes and the room of the table beside a member's block: one of each value, as long as
/// somebody has it.
///
/// `P` is the pointer, `Rc<T>` or `Arc<T>` of any `T`, `str` and `dyn Trait` included; for those without a size 25 bytes. Members are the same by
/// [`Equality`], or by [`Identity`], which takes eight bytes less. [`get_or_insert`](Self::get_or_insert) and
/// [`get_or_insert_with`](Self::get_or_insert_with) give equal values one place in memory, and the set forgets those that nobody has. Where the pointer may be another,
/// [`WeakSet`](crate::weak::WeakSet) forgets them at once; where they may stay, an [`Interner`](crate::intern::Interner) has numbers for them.
///
/// The dead are swept as [`SweptMap`](super::SweptMap) says, with its bounds: not at once, and not unless the set is changed. What
/// it says of pointers that have a `Weak` holds here too, and so does what [`SweptKeyMap`](super::SweptKeyMap) says of comparing.
///
/// # Memory
///
/// `(size_of::<Weak<T>>() + 1) / load` bytes a member by identity, and 8 more in the brackets by equality: half of the hash and its padding. For
/// 100,000 members with a size, 11.8 and 22.3.
///
/// # Examples
///
/// ```
/// use pennyweight::weak::SweptSet;
/// use std::rc::Rc;
///
/// let mut names: SweptSet<Rc<str>> = SweptSet::new();
/// let ada = names.get_or_insert_with("Ada", Rc::from);
/// let again = names.get_or_insert_with("Ada", |_| unreachable!());
/// assert!(Rc::ptr_eq(&ada, &again));
/// drop((ada, again));
/// assert!(!names.contains("Ada"));
/// ```
///
/// # Source
///
/// CPython's [`WeakSet`](https://docs.python.org/3/library/weakref.html#weakref.WeakSet), and the hash-consing of
/// [internment](https://docs.rs/internment), whose members remove themselves.
pub struct SweptSet<P: Pointer, B: KeyedBy<P> = Equality, S = DefaultHashBuilder> {
    map: SweptKeyMap<P, (), B, S>,
}

impl<P: Pointer<Target: Hash + Eq>> SweptSet<P> {
    /// Creates an empty set of members by equality. (Does not allocate.)
    ///
    /// Others are made by [`default`](Self::default) and [`with_hasher`](Self::with_hasher).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<P: Pointer<Target: Hash + Eq>, S: BuildHasher> SweptSet<P, Equality, S> {
    /// The member that is equal to a value.
    #[inline]
    #[must_use]
    pub fn get<Q: Equivalent<P::Target> + Hash + ?Sized>(&self, value: &Q) -> Option<P> {
        Some(self.map.get_key_value(value)?.0)
    }

    /// Whether a member is equal to a value.
    #[must_use]
    pub fn contains<Q: Equivalent<P::Target> + Hash + ?Sized>(&self, value: &Q) -> bool {
        self.map.get(value).is_some()
    }

    /// The member that is equal to a value, which becomes one itself if there is none.
    pub fn get_or_insert(&mut self, value: P) -> P {
        let found = self.get(&*value);
        match self.or_enter(found, || Ok::<_, Infallible>(value)) {
            Ok(member) => member,
        }
    }

    /// The member that is equal to a value, or one that `make` makes of it.
    ///
    /// If `make` gives another value, the member that is equal to that, or else this one as a new member.
    pub fn get_or_insert_with<'q, Q>(&mut self, value: &'q Q, make: impl FnOnce(&'q Q) -> P) -> P
    where
        Q: Equivalent<P::Target> + Hash + ?Sized,
    {
        match self.try_get_or_insert_with(value, |value| Ok::<_, Infallible>(make(value))) {
            Ok(member) => member,
        }
    }

    /// [`get_or_insert_with`](Self::get_or_insert_with), where making may fail.
    ///
    /// # Errors
    ///
    /// Where `make` has one. The set is as it was.
    pub fn try_get_or_insert_with<'q, Q, E>(
        &mut self,
        value: &'q Q,
        make: impl FnOnce(&'q Q) -> Result<P, E>,
    ) -> Result<P, E>
    where
        Q: Equivalent<P::Target> + Hash + ?Sized,
    {
        let found = self.get(value);
        self.or_enter(found, || make(value))
    }

    /// Removes the member that is equal to a value. Returns whether there was one.
    pub fn remove<Q: Equivalent<P::Target> + Hash + ?Sized>(&mut self, value: &Q) -> bool {
        self.map.remove(value).is_some()
    }

    fn or_enter<E>(
        &mut self,
        found: Option<P>,
        make: impl FnOnce() -> Result<P, E>,
    ) -> Result<P, E> {
        if let Some(member) = found {
            self.map.count_hit();
            return Ok(member);
        }
        let member = make()?;
        self.map.count_load();
        Ok(self.map.enter(member, ()))
    }
}

impl<P: Pointer, S: BuildHasher> SweptSet<P, Identity, S> {
    /// Whether a value is a member.
    #[must_use]
    pub fn contains(&self, value: &P) -> bool {
        self.map.get(value).is_some()
    }

    /// Removes a member. Returns whether it was one.
    pub fn remove(&mut self, value: &P) -> bool {
        self.map.remove(value).is_some()
    }
}

impl<P: Pointer, B: KeyedBy<P>, S: BuildHasher> SweptSet<P, B, S> {
    /// Creates an empty set with this hash, which also says at which members changes look. (Does not allocate.)
    #[must_use]
    pub fn with_hasher(hasher: S) -> Self {
        Self { map: SweptKeyMap::with_hasher(hasher) }
    }

    /// Makes a value a member, which the set does not keep. Returns whether it is new: whether none was the same.
    pub fn insert(&mut self, value: &P) -> bool {
        self.map.insert(value, ()).is_none()
    }

    /// Keeps the members of which `keep` says so, and removes the others and all that are dead.
    pub fn retain(&mut self, mut keep: impl FnMut(&P) -> bool) {
        self.map.retain(|member, ()| keep(member));
    }

    /// Removes all dead members and shrinks the table if few are left. Returns how many were dead.
    ///
    /// Computes in **O(n)** time. Sets that are changed do it by themselves.
    pub fn sweep(&mut self) -> usize {
        self.map.sweep()
    }

    #[doc(hidden)]
    pub fn check_invariants(&self) {
        self.map.check_invariants();
    }
}

impl<P: Pointer, B: KeyedBy<P>, S> SweptSet<P, B, S> {
    /// The members that live, in no order.
    pub fn iter(&self) -> impl Iterator<Item = P> {
        self.map.iter().map(|(member, ())| member)
    }

    /// How many members live: see [`SweptMap::len`](super::SweptMap::len).
    ///
    /// Computes in **O(n)** time.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether no member lives.
    ///
    /// Computes in **O(n)** time where all are dead.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// How many entries the table has: those that live, and those that are dead and have not been swept.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.map.entries()
    }

    /// Removes all members, and frees the table.
    pub fn clear(&mut self) {
        self.map.clear();
    }

    /// What the set has done.
    #[must_use]
    pub fn stats(&self) -> SweptStats {
        self.map.stats()
    }

    /// The hash.
    #[must_use]
    pub fn hasher(&self) -> &S {
        self.map.hasher()
    }

    /// The heap bytes of the table. The blocks of dead members, which the table keeps, nobody can tell.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.map.heap_bytes()
    }
}

/// Of members that somebody else has, as [`insert`](SweptSet::insert) takes them.
impl<'a, P: Pointer + 'a, B: KeyedBy<P>, S: BuildHasher> Extend<&'a P> for SweptSet<P, B, S> {
    fn extend<I: IntoIterator<Item = &'a P>>(&mut self, members: I) {
        self.map.extend(members.into_iter().map(|member| (member, ())));
    }
}

impl<'a, P, B, S> FromIterator<&'a P> for SweptSet<P, B, S>
where
    P: Pointer + 'a,
    B: KeyedBy<P>,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = &'a P>>(members: I) -> Self {
        Self { map: members.into_iter().map(|member| (member, ())).collect() }
    }
}

impl<P: Pointer, B: KeyedBy<P>, S> HeapSize for SweptSet<P, B, S> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.map.visit(visitor);
    }
}

impl<P: Pointer, B: KeyedBy<P>, S: BuildHasher + Default> Default for SweptSet<P, B, S> {
    fn default() -> Self {
        Self::with_hasher(S::default())
    }
}

impl<P: Pointer + fmt::Debug, B: KeyedBy<P>, S> fmt::Debug for SweptSet<P, B, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
