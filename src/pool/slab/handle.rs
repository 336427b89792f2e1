//! Handles: the index of a slot, and which of its uses is meant.

use super::cells::Age;
use crate::size::{HeapSize, Visitor};
use core::fmt::{self, Debug};
use core::hash::Hash;
use core::num::NonZeroU32;

/// A handle of 8 bytes, as is an `Option` of it: an index of 32 bits, and a generation of 32.
///
/// A slot has 2³¹ generations, so that one that is used a thousand times a second lasts for 24 days, and another one takes its place
/// then. A slab has room for 2³² − 1 slots.
///
/// Handles are ordered by the index, and then by the generation. A handle does not know its slab: in another one it names another
/// value, or none. [`define_handle!`](crate::define_handle) makes types that the compiler tells apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    index: u32,
    /// Invariant: odd, since the ages of slots with a value are even.
    generation: NonZeroU32,
}

/// A handle of 4 bytes, as is an `Option` of it: an index of 24 bits, and a generation of 8.
///
/// It is meant for large graphs in which little comes and goes: a slab has room for 16,777,215 slots, and a slot is used
/// up after 128 uses. A use is an insertion and the removal after it; a slot that is used up stays empty until
/// [`compact`](super::Slab::compact). Handles are ordered by the index, and then by the generation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct Handle32(
    /// The index above, the generation in the lowest byte.
    ///
    /// Invariant: odd, since the ages of slots with a value are even.
    NonZeroU32,
);

/// What names the values of a slab.
///
/// [`Handle`] and [`Handle32`] do, and what [`define_handle!`](crate::define_handle) makes of them. An own implementation must give back
/// the handle that it was made of; otherwise keys name other values, or none, but memory stays safe.
pub trait Key: Copy + Eq + Hash + Debug {
    /// [`Handle`] or [`Handle32`].
    type Handle: Bits;

    /// The key of a handle.
    fn from_handle(handle: Self::Handle) -> Self;

    /// The handle that the key was made of.
    fn handle(self) -> Self::Handle;
}

/// The two handles. Nobody else can implement it, since unsafe code relies on it that generations are odd.
#[expect(
    private_bounds,
    reason = "a handle is made by its slab alone, or of bits that are checked"
)]
pub trait Bits: Key<Handle = Self> + Ord + HeapSize + Parts {
    /// The most slots that a slab of such handles has.
    const SLOTS: usize;

    /// The index of the slot, counted from 0: what [`Handle::index`] and [`Handle32::index`] tell.
    fn slot(self) -> usize;
}

/// How a handle shares its bits between an index and a generation.
pub(in crate::pool) trait Parts: Copy {
    type Age: Age;

    /// How a slot without a value is linked to the next one, and a node of a tree to another.
    type Link: Link;

    /// The handle of the value that a slot has at an age, which is even. The index is below [`Bits::SLOTS`].
    fn new(index: usize, age: Self::Age) -> Self;

    /// The age of the slot as long as it has the value: an even number, less by 1 than the generation.
    fn age(self) -> Self::Age;
}

/// A link to a slot, or to none.
pub(in crate::pool) type LinkOf<H> = <<H as Key>::Handle as Parts>::Link;

/// The index of a slot, or of none, in as few bytes as a handle has for it, and without an alignment.
pub(in crate::pool) trait Link:
    Copy + Eq + Debug + Send + Sync + Unpin + 'static
{
    const NONE: Self;

    /// The link to a slot whose index is below [`Bits::SLOTS`]; to none if it is equal.
    fn new(index: usize) -> Self;

    /// The index, or [`Bits::SLOTS`] of none.
    fn index(self) -> usize;
}

impl Handle {
    /// The index of the slot, counted from 0. Two values of a slab have different ones.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.index as usize
    }

    /// The handle as a number: the index in the lower half, the generation in the upper one.
    ///
    /// ```
    /// use pennyweight::pool::{Handle, Slab};
    ///
    /// let mut slab = Slab::new();
    /// let handle = slab.insert("a");
    /// assert_eq!(Handle::from_bits(handle.to_bits()), Some(handle));
    /// assert_eq!(Handle::from_bits(0), None);
    /// ```
    #[inline]
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        (self.generation.get() as u64) << 32 | self.index as u64
    }

    /// The handle of a number, or `None` if it is of none.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u64) -> Option<Self> {
        let index = bits as u32;
        match NonZeroU32::new((bits >> 32) as u32) {
            Some(generation) if generation.get() % 2 == 1 && index < u32::MAX => {
                Some(Self { index, generation })
            }
            _ => None,
        }
    }
}

impl Handle32 {
    /// The index of the slot, counted from 0. Two values of a slab have different ones.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        (self.0.get() >> 8) as usize
    }

    /// The handle as a number: the generation in the lowest byte, the index above it.
    #[inline]
    #[must_use]
    pub const fn to_bits(self) -> u32 {
        self.0.get()
    }

    /// The handle of a number, or `None` if it is of none.
    #[inline]
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        match NonZeroU32::new(bits) {
            Some(number) if bits % 2 == 1 && bits >> 8 < 0xff_ffff => Some(Self(number)),
            _ => None,
        }
    }
}

impl Bits for Handle {
    const SLOTS: usize = u32::MAX as usize;

    #[inline(always)]
    fn slot(self) -> usize {
        self.index()
    }
}

impl Parts for Handle {
    type Age = u32;
    type Link = [u8; 4];

    #[inline(always)]
    fn new(index: usize, age: u32) -> Self {
        Self { index: index as u32, generation: NonZeroU32::MIN | age }
    }

    #[inline(always)]
    fn age(self) -> u32 {
        self.generation.get() - 1
    }
}

impl Bits for Handle32 {
    const SLOTS: usize = 0xff_ffff;

    #[inline(always)]
    fn slot(self) -> usize {
        self.index()
    }
}

impl Parts for Handle32 {
    type Age = u8;
    type Link = [u8; 3];

    #[inline(always)]
    fn new(index: usize, age: u8) -> Self {
        Self(NonZeroU32::MIN | (index as u32) << 8 | u32::from(age))
    }

    #[inline(always)]
    fn age(self) -> u8 {
        self.0.get() as u8 - 1
    }
}

impl Key for Handle {
    type Handle = Self;

    #[inline(always)]
    fn from_handle(handle: Self) -> Self {
        handle
    }

    #[inline(always)]
    fn handle(self) -> Self {
        self
    }
}

impl Key for Handle32 {
    type Handle = Self;

    #[inline(always)]
    fn from_handle(handle: Self) -> Self {
        handle
    }

    #[inline(always)]
    fn handle(self) -> Self {
        self
    }
}

impl Link for [u8; 3] {
    const NONE: Self = [0xff; 3];

    #[inline(always)]
    fn new(index: usize) -> Self {
        let [low, middle, high, ..] = (index as u32).to_le_bytes();
        [low, middle, high]
    }

    #[inline(always)]
    fn index(self) -> usize {
        let [low, middle, high] = self;
        u32::from_le_bytes([low, middle, high, 0]) as usize
    }
}

impl Link for [u8; 4] {
    const NONE: Self = [0xff; 4];

    #[inline(always)]
    fn new(index: usize) -> Self {
        (index as u32).to_ne_bytes()
    }

    #[inline(always)]
    fn index(self) -> usize {
        u32::from_ne_bytes(self) as usize
    }
}

/// The index and the generation, with a `v` between them.
impl Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({}v{})", self.index, self.generation)
    }
}

/// The index and the generation, with a `v` between them.
impl Debug for Handle32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle32({}v{})", self.index(), self.0.get() as u8)
    }
}

impl HeapSize for Handle {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}

    fn owns_heap() -> bool {
        false
    }
}

impl HeapSize for Handle32 {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}

    fn owns_heap() -> bool {
        false
    }
}

/// Defines a type of handles for one purpose, so that handles of other slabs are no handles of this one.
///
/// The name stands for a type that is like [`Handle`](crate::pool::Handle), or like [`Handle32`](crate::pool::Handle32) where that
/// stands behind a colon. Attributes and visibility are written as for a `struct`.
///
/// # Examples
///
/// ```
/// use pennyweight::define_handle;
/// use pennyweight::pool::Slab;
///
/// define_handle! {
///     /// A point of the map.
///     pub PointId: Handle32
/// }
/// define_handle!(RoadId);
///
/// let mut points: Slab<(f32, f32), PointId> = Slab::with_key();
/// let mut roads: Slab<[PointId; 2], RoadId> = Slab::with_key();
/// let from = points.insert((0.0, 0.0));
/// let to = points.insert((3.0, 4.0));
/// let road: RoadId = roads.insert([from, to]);
/// assert_eq!(points[roads[road][1]], (3.0, 4.0));
/// assert_eq!((size_of::<Option<PointId>>(), size_of::<Option<RoadId>>()), (4, 8));
/// ```
///
/// A handle of one is no handle of the other:
///
/// ```compile_fail,E0308
/// # use pennyweight::{define_handle, pool::Slab};
/// # define_handle!(PointId);
/// # define_handle!(RoadId);
/// let mut points: Slab<(f32, f32), PointId> = Slab::with_key();
/// let mut roads: Slab<[PointId; 2], RoadId> = Slab::with_key();
/// roads.get(points.insert((0.0, 0.0)));
/// ```
#[macro_export]
macro_rules! define_handle {
    ($(#[$attribute:meta])* $visibility:vis $name:ident $(;)?) => {
        $crate::define_handle!($(#[$attribute])* $visibility $name: Handle);
    };
    ($(#[$attribute:meta])* $visibility:vis $name:ident: $handle:ident $(;)?) => {
        $(#[$attribute])*
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::cmp::PartialOrd, ::core::cmp::Ord, ::core::hash::Hash,
        )]
        #[repr(transparent)]
        $visibility struct $name($crate::pool::$handle);

        impl $name {
            /// The index of the slot, counted from 0.
            #[inline]
            #[allow(dead_code)]
            $visibility const fn index(self) -> usize {
                self.0.index()
            }
        }

        impl $crate::pool::Key for $name {
            type Handle = $crate::pool::$handle;

            #[inline(always)]
            fn from_handle(handle: $crate::pool::$handle) -> Self {
                Self(handle)
            }

            #[inline(always)]
            fn handle(self) -> $crate::pool::$handle {
                self.0
            }
        }

        /// The name, and the handle.
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_tuple(::core::stringify!($name)).field(&self.0).finish()
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
