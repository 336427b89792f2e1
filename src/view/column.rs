//! A field of many structs as a view.
//!
//! A field lies at the same offset in every struct of a slice, and so at a regular distance from the next one:
//! that is a view, with the size of the struct as its stride. Three things have to be right, and each has its
//! place:
//!
//! - **The offset** is `offset_of!`'s, which follows fields only. A projection such as `&person.name.len` would
//!   also go through a `Deref`, out of the struct.
//! - **The type** at that offset is the one that the type checker gives to the same path in a projection that is
//!   never called ([`projection`]). It yields a raw pointer: a reference could be coerced to another type, where
//!   the field's type has a `Deref`; a `*mut F` to no other `F`, not even one with a shorter lifetime. Where
//!   `offset_of!` compiles, each name is a field that is there and visible, so the projection derefs nothing.
//!   References beside it are for what the compiler refuses: one to a field of a packed struct, where it
//!   may not be aligned, and one to a field of a union, which another variant may have written.
//! - **The pointer** is that of the slice. One made of `&people[0].age` could access no other age.
//!
//! The projection stands outside the `unsafe` block of the macro, so that the block lets nothing through.

#![allow(unsafe_code)]

use super::layout::Layout;
use super::{OneMore, Rank, View, ViewMut};
use core::array;
use core::fmt;
use core::marker::PhantomData;

/// Where a field of type `F` lies in each `S`: 8 bytes, made by [`field!`](crate::view::field).
///
/// Most code has no use for it and writes [`column!`](crate::view::column). It serves where the field is chosen
/// in one place and used in another, and for views of more than one axis.
///
/// # Layout
///
/// The offset in bytes. That there is an `F` is known to the type alone.
///
/// # Memory
///
/// 8 bytes inline, nothing on the heap.
///
/// # Examples
///
/// ```
/// use pennyweight::view::{Field, View, field};
///
/// struct Person {
///     name: String,
///     age: u8,
///     height: u8,
/// }
///
/// fn largest(people: &[Person], field: Field<Person, u8>) -> Option<u8> {
///     field.column(people).iter().copied().max()
/// }
///
/// const AGE: Field<Person, u8> = field!(Person, age);
/// let person = |age, height| Person { name: String::new(), age, height };
/// let people = [person(36, 160), person(85, 182)];
/// assert_eq!(largest(&people, AGE), Some(85));
/// assert_eq!(largest(&people, field!(Person, height)), Some(182));
/// assert_eq!(AGE.get(&people[0]), &36);
/// # let _ = &people[0].name;
/// ```
///
/// # Source
///
/// C++'s pointers to members. [`field-offset`](https://docs.rs/field-offset) has the idea for single references.
pub struct Field<S, F> {
    /// Invariant: at this offset in every `S` lies an `F`, aligned, and initialised as the `S` is.
    ///
    /// Invariant: the alignment of `S` is at least that of `F`.
    offset: usize,
    /// Neither type may change in its lifetimes alone: the field of a `Person<'a>` is a `&'a str`.
    types: PhantomData<Types<S, F>>,
}

type Types<S, F> = (fn(S) -> S, fn(F) -> F);

/// That a path leads to an `F` in an `S`. Says nothing of where.
#[doc(hidden)]
pub struct Projection<S, F>(PhantomData<Types<S, F>>);

#[doc(hidden)]
#[inline]
pub const fn projection<S, F>(_: fn(&mut S) -> *mut F) -> Projection<S, F> {
    Projection(PhantomData)
}

impl<S, F> Field<S, F> {
    /// # Safety
    ///
    /// `offset` is `offset_of!` of a path in `S`, and the projection is that of the same path, which may be
    /// borrowed in safe code.
    #[doc(hidden)]
    #[inline]
    pub const unsafe fn new(_: Projection<S, F>, offset: usize) -> Self {
        Self { offset, types: PhantomData }
    }

    /// The bytes from the start of an `S` to the field.
    ///
    /// ```
    /// use pennyweight::view::field;
    ///
    /// #[repr(C)]
    /// struct Flight {
    ///     day: u8,
    ///     route: (u16, u16),
    /// }
    ///
    /// assert_eq!(field!(Flight, route).offset(), 2);
    /// ```
    #[inline]
    pub const fn offset(self) -> usize {
        self.offset
    }

    /// The field of one struct.
    #[inline]
    pub const fn get(self, value: &S) -> &F {
        // SAFETY: by the invariant an `F` lies at this offset, inside the value.
        let field = unsafe { core::ptr::from_ref(value).byte_add(self.offset) };
        // SAFETY: by the invariant it is aligned and initialised; it is borrowed as the value is.
        unsafe { &*field.cast() }
    }

    /// The field of one struct, to be written.
    #[inline]
    pub const fn get_mut(self, value: &mut S) -> &mut F {
        // SAFETY: by the invariant an `F` lies at this offset, inside the value.
        let field = unsafe { core::ptr::from_mut(value).byte_add(self.offset) };
        // SAFETY: by the invariant it is aligned and initialised; it is borrowed as the value is. Whatever `F` is
        // written, the `S` stays one: the borrow checker lets the path be written too.
        unsafe { &mut *field.cast() }
    }

    /// The field of each struct of a slice.
    #[inline]
    pub fn column(self, slice: &[S]) -> View<'_, F, 1> {
        View::from(slice).field(self)
    }

    /// The field of each struct of a slice, to be written.
    #[inline]
    pub fn column_mut(self, slice: &mut [S]) -> ViewMut<'_, F, 1> {
        ViewMut::from(slice).field(self)
    }
}

impl<S, F> Clone for Field<S, F> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S, F> Copy for Field<S, F> {}

impl<S, F> fmt::Debug for Field<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("offset", &self.offset).finish()
    }
}

impl<S, F> fmt::Debug for Projection<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Projection")
    }
}

impl<T, const N: usize> Layout<T, N> {
    /// The field of each element.
    #[inline]
    fn field<F>(self, field: Field<T, F>) -> Layout<F, N> {
        let ptr = if self.is_empty() {
            // Aligned for `T`, hence for `F`. There may be no room for an offset behind it.
            self.ptr()
        } else {
            // SAFETY: an element lies there, and by the invariant on `offset` that is within it.
            unsafe { self.ptr().byte_add(field.offset) }
        };
        // SAFETY: wherever there was a `T` there is an `F` so many bytes further on, and in the same allocation,
        // by the invariant of a `Field`. Shape and strides are the same.
        unsafe { Layout::new(ptr.cast(), self.shape(), self.strides()) }
    }
}

impl<T, const K: usize, const N: usize> Layout<[T; K], N> {
    /// The elements of the arrays, with an axis of their own.
    #[inline]
    #[track_caller]
    fn array_axis<const M: usize>(self) -> Layout<T, M> {
        let mut lens = self.shape().into_iter().chain([K]).filter(|&len| len > 0);
        let product = lens.try_fold(1_usize, usize::checked_mul);
        assert!(product.is_some(), "more elements than a usize can count");
        let shape = array::from_fn(|axis| *self.shape().get(axis).unwrap_or(&K));
        let element = size_of::<T>() as isize;
        let strides = array::from_fn(|axis| *self.strides().get(axis).unwrap_or(&element));
        // SAFETY: wherever there was an array, its elements lie side by side from there on. The product of the
        // lengths was checked.
        unsafe { Layout::new(self.ptr().cast(), shape, strides) }
    }
}

impl<'a, T, const N: usize> View<'a, T, N> {
    /// The field of each element, in a view of the same shape and strides. Copies nothing.
    ///
    /// ```
    /// use pennyweight::view::{View, field};
    ///
    /// let pixels = [[(1_u8, 2_u8, 3_u8), (4, 5, 6)], [(7, 8, 9), (0, 1, 2)]];
    /// let green = View::from_rows(&pixels).field(field!((u8, u8, u8), 1));
    /// assert_eq!(green, [[2, 5], [8, 1]]);
    /// assert_eq!(green.strides(), [6, 3]);
    /// ```
    #[inline]
    pub fn field<F>(self, field: Field<T, F>) -> View<'a, F, N> {
        // SAFETY: all that lies in the elements of this view may be read during 'a, and nobody writes it.
        unsafe { View::of(self.layout().field(field)) }
    }
}

impl<'a, T, const N: usize> ViewMut<'a, T, N> {
    /// The field of each element, in a view of the same shape and strides. Copies nothing.
    ///
    /// ```
    /// use pennyweight::view::{ViewMut, field};
    ///
    /// let mut pixels = [[(1_u8, 2_u8, 3_u8), (4, 5, 6)], [(7, 8, 9), (0, 1, 2)]];
    /// ViewMut::from_rows(&mut pixels).field(field!((u8, u8, u8), 1)).fill(0);
    /// assert_eq!(pixels, [[(1, 0, 3), (4, 0, 6)], [(7, 0, 9), (0, 0, 2)]]);
    /// ```
    #[inline]
    pub fn field<F>(self, field: Field<T, F>) -> ViewMut<'a, F, N> {
        // SAFETY: the view is consumed, so this is the only use of it.
        unsafe { self.disjoint_field(field) }
    }

    /// One field of several.
    ///
    /// # Safety
    ///
    /// During `'a` this view is used by this method alone, and not for two fields that have bytes in common.
    #[doc(hidden)]
    #[inline]
    pub unsafe fn disjoint_field<F>(&self, field: Field<T, F>) -> ViewMut<'a, F, N> {
        // SAFETY: what lies in the elements of this view is its own during 'a, and the caller promises that nothing
        // else uses these parts of them. No two elements have bytes in common, so no two parts have.
        unsafe { ViewMut::of(self.layout().field(field)) }
    }
}

impl<'a, T, const K: usize, const N: usize> View<'a, [T; K], N> {
    /// The elements of the arrays, whose indices become the last axis. Copies nothing.
    ///
    /// ```
    /// use pennyweight::view::column;
    ///
    /// let particles = [([0.5_f32, 1.5, 2.5], 7_u8), ([3.0, 4.0, 5.0], 8)];
    /// let positions = column!(particles, ([f32; 3], u8), 0).array_axis();
    /// assert_eq!(positions, [[0.5, 1.5, 2.5], [3.0, 4.0, 5.0]]);
    /// assert_eq!(positions.strides(), [16, 4]);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics when a `usize` cannot count the elements, as may be where the view repeats arrays, or where they have
    /// no size.
    #[inline]
    #[track_caller]
    pub fn array_axis<const M: usize>(self) -> View<'a, T, M>
    where
        Rank<N>: OneMore<More = Rank<M>>,
    {
        // SAFETY: all that lies in the arrays may be read during 'a, and nobody writes it.
        unsafe { View::of(self.layout().array_axis()) }
    }
}

impl<'a, T, const K: usize, const N: usize> ViewMut<'a, [T; K], N> {
    /// The elements of the arrays, as of [`View::array_axis`].
    ///
    /// # Panics
    ///
    /// Panics when a `usize` cannot count the elements, as may be where they have no size.
    #[inline]
    #[track_caller]
    pub fn array_axis<const M: usize>(self) -> ViewMut<'a, T, M>
    where
        Rank<N>: OneMore<More = Rank<M>>,
    {
        // SAFETY: the arrays are this view's own during 'a, and it is consumed. No two of them have bytes in
        // common, so no two of their elements have.
        unsafe { ViewMut::of(self.layout().array_axis()) }
    }
}

/// Where a field lies in a struct, as a [`Field`](crate::view::Field).
///
/// `field!(Person, age)`, or a path of fields: `field!(Person, address.zip)`, `field!((u8, (u16, u16)), 1.0)`. It
/// is a constant. What it refuses is what [`column!`](crate::view::column) refuses.
///
/// ```
/// use pennyweight::view::{Field, field};
///
/// #[repr(C)]
/// struct Leg {
///     from: (u32, u32),
///     to: (u32, u32),
/// }
///
/// const X: Field<Leg, u32> = field!(Leg, to.0);
/// assert_eq!(X.offset(), 8);
/// # let leg = Leg { from: (0, 0), to: (7, 8) };
/// # assert_eq!((X.get(&leg), leg.from, leg.to), (&7, (0, 0), (7, 8)));
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __pennyweight_view_field {
    ($Struct:ty, $($field:tt).+ $(,)?) => {
        match (
            $crate::view::macros::projection::<$Struct, _>(|value| {
                let _ = &value.$($field).+;
                &raw mut value.$($field).+
            }),
            ::core::mem::offset_of!($Struct, $($field).+),
        ) {
            // SAFETY: the offset is `offset_of!` of the path that was projected; neither is in this block.
            (projection, offset) => unsafe { $crate::view::Field::new(projection, offset) },
        }
    };
}

/// A field of a slice of structs as a [`View`](crate::view::View) of one axis: 24 bytes, and no copy.
///
/// `column!(people, Person, age)` takes what `&people[..]` makes a slice of (an array, a `Vec`, a slice), the
/// type of its elements, and a field of it or a path of fields: `address.zip`, `position.0`. The fields may be
/// of any type. It is a view like any other: slices, strides, reversal and reductions work on it.
///
/// It wins where a column is looked at once or now and then: a copy of it is never made. It loses where
/// one column is read again and again. Between two of its elements lies the rest of the struct, which is
/// loaded into the cache too: a struct of 32 bytes of which 4 are read costs up to eight times the memory traffic
/// of an array of the fields.
///
/// A field of a packed struct that may not be aligned is refused at compile time, and so are a
/// field that is private here, a path through a `Box` or another `Deref`, and a field of a union. (The last,
/// inside an `unsafe` block, is the caller's affair: every element must then hold that field.)
///
/// std has a macro of the same name for the column of the source line, so that this one must be imported by its
/// name, not by `*`.
///
/// # Layout
///
/// A pointer to the field in the first struct, the length, and the size of the struct as the stride.
///
/// # Memory
///
/// 24 bytes inline, nothing on the heap.
///
/// # Examples
///
/// ```
/// use pennyweight::view::{column, s};
///
/// struct Address {
///     street: String,
///     zip: u32,
/// }
///
/// struct Person {
///     name: String,
///     age: u8,
///     address: Address,
/// }
///
/// let person = |name: &str, age, zip| Person {
///     name: name.to_owned(),
///     age,
///     address: Address { street: String::from("Main Street"), zip },
/// };
/// let people = vec![person("Ada", 36, 12_459), person("Grace", 85, 22_203)];
///
/// let ages = column!(people, Person, age);
/// assert_eq!((ages.shape(), ages.strides()), ([2], [size_of::<Person>() as isize]));
/// assert_eq!(ages, [36, 85]);
///
/// assert_eq!(column!(people, Person, name).slice(s![..; -1]), ["Grace", "Ada"]);
/// assert_eq!(column!(people, Person, address.zip).iter().max(), Some(&22_203));
/// # let _ = &people[0].address.street;
/// ```
///
/// # Source
///
/// The fields of NumPy's [structured arrays](https://numpy.org/doc/stable/user/basics.rec.html), `people['age']`.
/// [`pas`](https://docs.rs/pas) has it for plain-old-data fields.
#[doc(hidden)]
#[macro_export]
macro_rules! __pennyweight_view_column {
    ($slice:expr, $Struct:ty, $($field:tt).+ $(,)?) => {
        $crate::view::Field::column($crate::__pennyweight_view_field!($Struct, $($field).+), &$slice[..])
    };
}

/// A field of a slice of structs as a [`ViewMut`](crate::view::ViewMut) of one axis.
///
/// As [`column!`](crate::view::column), but what `&mut people[..]` makes a slice of, and the fields can be
/// written. For several fields at a time see [`split_columns_mut!`](crate::view::split_columns_mut).
///
/// ```
/// use pennyweight::view::column_mut;
///
/// let mut points = vec![(1.0_f32, 2.0_f32), (3.0, 4.0)];
/// column_mut!(points, (f32, f32), 1).fill(0.0);
/// assert_eq!(points, [(1.0, 0.0), (3.0, 0.0)]);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __pennyweight_view_column_mut {
    ($slice:expr, $Struct:ty, $($field:tt).+ $(,)?) => {
        $crate::view::Field::column_mut($crate::__pennyweight_view_field!($Struct, $($field).+), &mut $slice[..])
    };
}
