//! When two keys are the same: by what they are, or by what they hold.

use super::pointer::{Pointer, sealed::Counted};
use core::hash::{BuildHasher, Hash};

/// When two keys are the same key: [`Identity`] or [`Equality`]. (Sealed.)
pub trait KeyedBy<P: Pointer>: sealed::Keyed<P> {}

impl<P: Pointer> KeyedBy<P> for Identity {}
impl<P: Pointer<Target: Hash + Eq>> KeyedBy<P> for Equality {}

/// Keys are the same if they point to one value: Python's `is`.
#[derive(Clone, Copy, Debug)]
pub enum Identity {}

/// Keys are the same if their values are equal: Python's `==`.
#[derive(Clone, Copy, Debug)]
pub enum Equality {}

/// Half of a hash: as much of it as is kept beside a key that can no longer be asked once it is dead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Half(u32);

impl Half {
    #[inline]
    pub(super) fn of<S: BuildHasher>(hasher: &S, value: &(impl Hash + ?Sized)) -> Self {
        let hash = hasher.hash_one(value);
        Self((hash ^ hash >> 32) as u32)
    }

    /// The hash that the table goes by, which takes its buckets from the lower and its tags from the upper bits.
    #[inline]
    pub(super) fn whole(self) -> u64 {
        u64::from(self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

pub(super) mod sealed {
    use super::{BuildHasher, Pointer};

    pub trait Keyed<P: Pointer>: 'static {
        /// What an entry keeps of the hash.
        type Kept: Copy;

        fn hash<S: BuildHasher>(hasher: &S, key: &P) -> (u64, Self::Kept);

        fn rehash<S: BuildHasher>(hasher: &S, key: &P::Weak, kept: Self::Kept) -> u64;

        fn is(key: &P::Weak, kept: Self::Kept, other: &P, its: Self::Kept) -> bool;
    }
}

/// The block of a dead key stays as long as its `Weak`, and so no other value has its address.
impl<P: Pointer> sealed::Keyed<P> for Identity {
    type Kept = ();

    #[inline]
    fn hash<S: BuildHasher>(hasher: &S, key: &P) -> (u64, ()) {
        (hasher.hash_one(P::address_of(key)), ())
    }

    #[inline]
    fn rehash<S: BuildHasher>(hasher: &S, key: &P::Weak, (): ()) -> u64 {
        hasher.hash_one(P::address(key))
    }

    #[inline]
    fn is(key: &P::Weak, (): (), other: &P, (): ()) -> bool {
        P::address(key) == P::address_of(other)
    }
}

impl<P: Pointer<Target: Hash + Eq>> sealed::Keyed<P> for Equality {
    type Kept = Half;

    #[inline]
    fn hash<S: BuildHasher>(hasher: &S, key: &P) -> (u64, Half) {
        let half = Half::of(hasher, &**key);
        (half.whole(), half)
    }

    #[inline]
    fn rehash<S: BuildHasher>(_: &S, _: &P::Weak, kept: Half) -> u64 {
        kept.whole()
    }

    #[inline]
    fn is(key: &P::Weak, kept: Half, other: &P, its: Half) -> bool {
        kept == its && <P as Counted>::upgrade(key).is_some_and(|key| *key == **other)
    }
}
