//! Types that own no heap memory, and those that own what their parts own.

use core::cmp::{Ordering, Reverse};
use core::convert::Infallible;
use core::hash::BuildHasherDefault;
use core::marker::{PhantomData, PhantomPinned};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use core::num::{NonZero, Saturating, Wrapping};
use core::ops::{
    Bound, ControlFlow, Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};
use core::sync::atomic;
use core::task::Poll;
use core::time::Duration;

use crate::size::{HeapSize, Visitor};

macro_rules! owns_nothing {
    ($($(#[$attr:meta])* $type:ty),+ $(,)?) => {$(
        $(#[$attr])*
        impl HeapSize for $type {
            #[inline]
            fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
        }
    )+};
}

owns_nothing! {
    u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize, f32, f64, bool, char, Infallible,
    NonZero<u8>, NonZero<u16>, NonZero<u32>, NonZero<u64>, NonZero<u128>, NonZero<usize>,
    NonZero<i8>, NonZero<i16>, NonZero<i32>, NonZero<i64>, NonZero<i128>, NonZero<isize>,
    Ordering, atomic::Ordering, Duration, RangeFull, PhantomPinned, core::alloc::Layout, core::any::TypeId,
    Ipv4Addr, Ipv6Addr, IpAddr, SocketAddrV4, SocketAddrV6, SocketAddr,
    #[cfg(target_has_atomic = "8")] atomic::AtomicBool,
    #[cfg(target_has_atomic = "8")] atomic::AtomicU8,
    #[cfg(target_has_atomic = "8")] atomic::AtomicI8,
    #[cfg(target_has_atomic = "16")] atomic::AtomicU16,
    #[cfg(target_has_atomic = "16")] atomic::AtomicI16,
    #[cfg(target_has_atomic = "32")] atomic::AtomicU32,
    #[cfg(target_has_atomic = "32")] atomic::AtomicI32,
    #[cfg(target_has_atomic = "64")] atomic::AtomicU64,
    #[cfg(target_has_atomic = "64")] atomic::AtomicI64,
    #[cfg(target_has_atomic = "ptr")] atomic::AtomicUsize,
    #[cfg(target_has_atomic = "ptr")] atomic::AtomicIsize,
    hashbrown::DefaultHashBuilder,
    #[cfg(feature = "std")] std::time::Instant,
    #[cfg(feature = "std")] std::time::SystemTime,
    #[cfg(feature = "std")] std::thread::ThreadId,
    #[cfg(feature = "std")] std::hash::RandomState,
}

impl<T: ?Sized> HeapSize for PhantomData<T> {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<H> HeapSize for BuildHasherDefault<H> {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

/// What is borrowed is owned by another.
impl<T: ?Sized> HeapSize for &T {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

/// What is borrowed is owned by another.
impl<T: ?Sized> HeapSize for &mut T {
    #[inline]
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

macro_rules! function_pointers {
    ($(($($arg:ident)*))+) => {$(
        impl<R, $($arg),*> HeapSize for fn($($arg),*) -> R {
            #[inline]
            fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
        }
    )+};
}

function_pointers! { () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) }

macro_rules! wrappers {
    ($($wrapper:ident { $($field:tt),+ })+) => {$(
        impl<T: HeapSize> HeapSize for $wrapper<T> {
            #[inline]
            fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
                $(self.$field.visit(visitor);)+
            }

            #[inline]
            fn owns_heap() -> bool {
                T::owns_heap()
            }
        }
    )+};
}

wrappers! {
    Wrapping { 0 } Saturating { 0 } Reverse { 0 }
    Range { start, end } RangeFrom { start } RangeTo { end } RangeToInclusive { end }
}

impl<T: HeapSize> HeapSize for RangeInclusive<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        self.start().visit(visitor);
        self.end().visit(visitor);
    }

    fn owns_heap() -> bool {
        T::owns_heap()
    }
}

macro_rules! sums {
    ($($sum:ident<$($param:ident),+> { $($pattern:pat => $value:expr),+ $(,)? })+) => {$(
        impl<$($param: HeapSize),+> HeapSize for $sum<$($param),+> {
            #[inline]
            fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
                match self {
                    $($pattern => $value.visit(visitor),)+
                    #[allow(unreachable_patterns, reason = "some have no variant without a value")]
                    _ => {}
                }
            }

            #[inline]
            fn owns_heap() -> bool {
                $($param::owns_heap())||+
            }
        }
    )+};
}

sums! {
    Option<T> { Some(value) => value }
    Result<T, E> { Ok(value) => value, Err(error) => error }
    Poll<T> { Self::Ready(value) => value }
    Bound<T> { Self::Included(bound) => bound, Self::Excluded(bound) => bound }
    ControlFlow<B, C> { Self::Continue(value) => value, Self::Break(value) => value }
}

macro_rules! tuples {
    ($(($($param:ident $index:tt)*))+) => {$(
        impl<$($param: HeapSize),*> HeapSize for ($($param,)*) {
            #[inline]
            fn visit<'v>(&'v self, #[allow(unused)] visitor: &mut Visitor<'v>) {
                $(visitor.field(stringify!($index), &self.$index);)*
            }

            #[inline]
            fn owns_heap() -> bool {
                false $(|| $param::owns_heap())*
            }
        }
    )+};
}

tuples! {
    ()
    (A 0)
    (A 0 B 1)
    (A 0 B 1 C 2)
    (A 0 B 1 C 2 D 3)
    (A 0 B 1 C 2 D 3 E 4)
    (A 0 B 1 C 2 D 3 E 4 F 5)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}
