//! Whether a type parameter is a type that is known.
//!
//! `TypeId::of` asks for `'static`, which a parameter need not be. What it is asked here is the type without its lifetimes, and compared
//! with types that have none: where they are the same, no lifetime was lost. David Tolnay's crate
//! [typeid](https://docs.rs/typeid) has the idea.
#![allow(unsafe_code)]

use alloc::string::String;
use core::any::TypeId;
use core::marker::PhantomData;
use core::{mem, slice};

/// A type that has no lifetimes in it: who has its `TypeId` but for lifetimes is it.
pub(super) trait Known: 'static {}

macro_rules! known {
    ($($known:ty),*) => {$(
        impl Known for $known {}
        impl Known for Option<$known> {}
    )*};
}

known!(
    bool, char, i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, String
);

/// Whether `T` is `U`. Known when the program is compiled and optimised.
#[inline]
pub(super) fn same<T, U: Known>() -> bool {
    trait Erased {
        fn id(&self) -> TypeId
        where
            Self: 'static;
    }
    impl<T> Erased for PhantomData<T> {
        #[inline]
        fn id(&self) -> TypeId
        where
            Self: 'static,
        {
            TypeId::of::<T>()
        }
    }
    let erased: &dyn Erased = &PhantomData::<T>;
    // SAFETY: only a lifetime changes, and what is called with it reads nothing.
    let erased = unsafe { mem::transmute::<&dyn Erased, &(dyn Erased + 'static)>(erased) };
    erased.id() == TypeId::of::<U>()
}

/// The slice as one of `U`, where `T` is `U`.
#[inline]
pub(super) fn cast_slice<T, U: Known>(values: &[T]) -> Option<&[U]> {
    // SAFETY: the types are the same.
    same::<T, U>().then(|| unsafe { slice::from_raw_parts(values.as_ptr().cast(), values.len()) })
}

/// The value as a `U`, where `T` is `U`.
#[inline]
pub(super) fn cast<T, U: Known + Copy>(value: &T) -> Option<U> {
    cast_slice(slice::from_ref(value)).map(|values: &[U]| values[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_the_same_as_itself_alone() {
        struct Of<'a>(&'a str);
        let text = String::from("text");
        let of = Of(&text);
        assert_eq!(cast_slice::<_, String>(&[of.0]), None);
        assert!(same::<i16, i16>() && same::<String, String>());
        assert!(!same::<i16, u16>() && !same::<Option<i16>, i16>());
        assert_eq!(cast::<i16, i16>(&-3), Some(-3));
        assert_eq!(cast::<i16, i32>(&-3), None);
        assert_eq!(cast_slice::<u8, u8>(&[]), Some(&[][..]));
    }
}
