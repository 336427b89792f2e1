//! ndarray's views, in both directions and without a copy.
//!
//! Strides are counted in bytes here and in elements there. So every view of ndarray is one of ours, but not
//! the other way round: from a field of type `[f32; 3]` to the next one in structs of 32 bytes it is no whole number of
//! elements, and ndarray has no stride for it.
//!
//! ndarray takes a pointer to the element that is lowest in memory and steps that are not negative; an axis is then inverted,
//! which moves the pointer back ([ndarray#842](https://github.com/rust-ndarray/ndarray/issues/842)).

#![allow(unsafe_code)]

use super::{View, ViewMut};
use core::array;
use core::fmt;
use core::ptr::NonNull;
use ndarray::{ArrayView, ArrayViewMut, Axis, Dim, Dimension, IntoDimension, ShapeBuilder};

/// A view that ndarray has no form for. Gives it back.
///
/// ```
/// use ndarray::ArrayView1;
/// use pennyweight::view::column;
///
/// #[repr(C)]
/// struct Particle {
///     position: [f32; 3],
///     mass: f64,
///     id: u64,
/// }
///
/// let particle = |id| Particle { position: [0.5; 3], mass: 1.0, id };
/// let particles = [particle(7), particle(8)];
///
/// let ids = ArrayView1::try_from(column!(particles, Particle, id)).unwrap();
/// assert_eq!(ids.sum(), 15);
///
/// let error = ArrayView1::try_from(column!(particles, Particle, position)).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "ndarray counts strides in elements: 32 bytes, the stride of axis 0, are no multiple of 12"
/// );
/// assert_eq!(error.into_view().get([1]), Some(&[0.5; 3]));
/// # let _ = particles[0].mass;
/// ```
#[derive(Clone, Copy)]
pub struct NdarrayError<V> {
    view: V,
    cause: NdarrayErrorCause,
}

/// Why ndarray has no form for a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NdarrayErrorCause {
    /// The size of the elements does not divide the stride of an axis.
    Stride {
        /// The axis.
        axis: usize,
        /// Its stride in bytes.
        stride: isize,
        /// The size of an element in bytes.
        element: usize,
    },
    /// The lengths of the axes, those that are 0 left out, multiply to more than `isize::MAX`, as those of a view may
    /// where it repeats elements or where they have no size.
    Length,
}

impl<V> NdarrayError<V> {
    /// The view that was refused.
    pub fn into_view(self) -> V {
        self.view
    }

    /// Why it was refused.
    pub fn cause(&self) -> NdarrayErrorCause {
        self.cause
    }
}

impl fmt::Display for NdarrayErrorCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stride { axis, stride, element } => write!(
                f,
                "ndarray counts strides in elements: {stride} bytes, the stride of axis {axis}, are no multiple of {element}"
            ),
            Self::Length => f.write_str("ndarray has no more than isize::MAX elements"),
        }
    }
}

impl core::error::Error for NdarrayErrorCause {}

impl<V> fmt::Display for NdarrayError<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl<V> fmt::Debug for NdarrayError<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NdarrayError").field("cause", &self.cause).finish_non_exhaustive()
    }
}

impl<V> core::error::Error for NdarrayError<V> {}

/// A view as ndarray takes it.
struct Elements<T, const N: usize> {
    /// Invariant: the element that is lowest in memory; where there is none, any aligned pointer.
    lowest: *mut T,
    /// Invariant: the lengths other than 0 multiply to `isize::MAX` at most.
    shape: [usize; N],
    /// In elements. Invariant: those of the view without their sign where an axis has two indices or more. Where there is no element, or
    /// elements have no size, any that do not overflow.
    strides: [usize; N],
    inverted: [bool; N],
}

impl<T, const N: usize> Elements<T, N> {
    fn of(view: &View<'_, T, N>) -> Result<Self, NdarrayErrorCause> {
        let shape = view.shape();
        shape
            .into_iter()
            .filter(|&len| len > 0)
            .try_fold(1_isize, |product, len| product.checked_mul(len.try_into().ok()?))
            .ok_or(NdarrayErrorCause::Length)?;
        let mut elements = Self {
            lowest: view.as_ptr().cast_mut(),
            shape,
            strides: row_major(shape),
            inverted: [false; N],
        };
        if size_of::<T>() == 0 || view.is_empty() {
            return Ok(elements);
        }
        for (axis, stride) in view.strides().into_iter().enumerate() {
            if shape[axis] < 2 {
                elements.strides[axis] = 0;
                continue;
            }
            if !stride.unsigned_abs().is_multiple_of(size_of::<T>()) {
                return Err(NdarrayErrorCause::Stride { axis, stride, element: size_of::<T>() });
            }
            elements.strides[axis] = stride.unsigned_abs() / size_of::<T>();
            if stride < 0 {
                elements.inverted[axis] = true;
                // The last index of this axis, at index 0 of those that follow: an element of the view.
                let way = stride * (shape[axis] as isize - 1);
                elements.lowest = elements.lowest.wrapping_byte_offset(way);
            }
        }
        Ok(elements)
    }

    fn inverted(&self) -> impl Iterator<Item = Axis> {
        (0..N).filter(|&axis| self.inverted[axis]).map(Axis)
    }
}

/// The strides of elements that lie without gaps, those of the last axis closest. 0 where there are none.
fn row_major<const N: usize>(shape: [usize; N]) -> [usize; N] {
    let mut strides = [0; N];
    if !shape.contains(&0) {
        let mut stride = 1;
        for axis in (0..N).rev() {
            strides[axis] = stride;
            stride *= shape[axis];
        }
    }
    strides
}

impl<'a, T, const N: usize> TryFrom<View<'a, T, N>> for ArrayView<'a, T, Dim<[usize; N]>>
where
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
    Dim<[usize; N]>: Dimension,
{
    type Error = NdarrayError<View<'a, T, N>>;

    /// The same elements as a view of ndarray. Copies nothing.
    fn try_from(view: View<'a, T, N>) -> Result<Self, Self::Error> {
        let elements = Elements::of(&view).map_err(|cause| NdarrayError { view, cause })?;
        let shape = Dim(elements.shape).strides(Dim(elements.strides));
        // SAFETY: by the invariants of `Elements` these are the elements of the view, all in one allocation and
        // readable during 'a, which is how far pointers are moved; or none, or elements without a size, and then
        // none is moved. Strides are not negative, and the lengths are within the limit.
        let mut array = unsafe { ArrayView::from_shape_ptr(shape, elements.lowest.cast_const()) };
        elements.inverted().for_each(|axis| array.invert_axis(axis));
        Ok(array)
    }
}

impl<'a, T, const N: usize> TryFrom<ViewMut<'a, T, N>> for ArrayViewMut<'a, T, Dim<[usize; N]>>
where
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
    Dim<[usize; N]>: Dimension,
{
    type Error = NdarrayError<ViewMut<'a, T, N>>;

    /// The same elements as a view of ndarray. Copies nothing.
    fn try_from(view: ViewMut<'a, T, N>) -> Result<Self, Self::Error> {
        // Where a view lies is copied from it as it was given, with the right to write.
        let elements = match Elements::of(&view.view()) {
            Ok(elements) => elements,
            Err(cause) => return Err(NdarrayError { view, cause }),
        };
        let shape = Dim(elements.shape).strides(Dim(elements.strides));
        // SAFETY: by the invariants of `Elements` these are the elements of the view, all in one allocation and
        // this view's alone during 'a, no two with common bytes, which is how far pointers are moved; or none, or
        // elements without a size, and then none is moved. Strides are not negative, and the lengths are within the
        // limit. `view` is not used again.
        let mut array = unsafe { ArrayViewMut::from_shape_ptr(shape, elements.lowest) };
        elements.inverted().for_each(|axis| array.invert_axis(axis));
        Ok(array)
    }
}

/// Strides in bytes of those in elements. Those of axes of fewer than two indices may be anything.
fn in_bytes<T, const N: usize>(strides: &[isize]) -> [isize; N] {
    array::from_fn(|axis| strides[axis].wrapping_mul(size_of::<T>() as isize))
}

impl<'a, T, const N: usize> From<ArrayView<'a, T, Dim<[usize; N]>>> for View<'a, T, N>
where
    Dim<[usize; N]>: Dimension,
{
    /// The same elements as a view. Copies nothing.
    ///
    /// ```
    /// use ndarray::{Array2, s};
    /// use pennyweight::view::View;
    ///
    /// let numbers = Array2::from_shape_fn((3, 4), |(row, column)| 10 * row + column);
    /// let view = View::from(numbers.slice(s![.., ..;-2]));
    /// assert_eq!((view.shape(), view.strides()), ([3, 2], [32, -16]));
    /// assert_eq!(view.get([2, 0]), Some(&23));
    /// ```
    fn from(array: ArrayView<'a, T, Dim<[usize; N]>>) -> Self {
        let shape = array::from_fn(|axis| array.shape()[axis]);
        let strides = in_bytes::<T, N>(array.strides());
        let ptr = NonNull::new(array.as_ptr().cast_mut()).expect("the pointer of an array");
        // SAFETY: ndarray's views hold the same promises: an aligned pointer to the element at index 0, elements
        // in one allocation that may be read during 'a, lengths that multiply to `isize::MAX` at most. By its
        // limits on offsets a stride in bytes fits an `isize` wherever there are two indices.
        unsafe { Self::from_raw_parts(ptr, shape, strides) }
    }
}

impl<'a, T, const N: usize> From<ArrayViewMut<'a, T, Dim<[usize; N]>>> for ViewMut<'a, T, N>
where
    Dim<[usize; N]>: Dimension,
{
    /// The same elements as a view. Copies nothing.
    fn from(mut array: ArrayViewMut<'a, T, Dim<[usize; N]>>) -> Self {
        let shape = array::from_fn(|axis| array.shape()[axis]);
        let strides = in_bytes::<T, N>(array.strides());
        let ptr = NonNull::new(array.as_mut_ptr()).expect("the pointer of an array");
        // SAFETY: ndarray's views hold the same promises: an aligned pointer to the element at index 0, elements
        // in one allocation that are this view's alone during 'a, no two of them the same, lengths that multiply to
        // `isize::MAX` at most. By its limits on offsets a stride in bytes fits an `isize` wherever there are two
        // indices. `array` is not used again.
        unsafe { Self::from_raw_parts(ptr, shape, strides) }
    }
}
