//! ndarray's views, in both directions and without a copy.
//!
//! Strides are counted in bytes here and in elements there. So every view of ndarray is one of ours, but not
//! the other way round: from a field of type `[f32; 3]` to the next one in structs of 32 bytes it is no whole
//! number of elements, and ndarray has no stride for it.
//!
//! ndarray takes a pointer to the element that is lowest in memory and steps that are not negative; an axis is
//! then inverted, which moves the pointer back
//! ([ndarray#842](https://github.com/rust-ndarray/ndarray/issues/842)).

#![allow(unsafe_code)]

use super::layout::Layout;
use super::{View, ViewMut};
use core::array;
use core::fmt;
use core::ptr::NonNull;
use ndarray::{
    ArrayBase, ArrayView, ArrayViewMut, Axis, Data, DataMut, Dim, Dimension, IntoDimension,
    ShapeBuilder, StrideShape,
};

/// Why ndarray has no form for a view.
///
/// It borrows nothing, so that `?` hands it on as a `Box<dyn Error>` too. What is refused is not given back: a
/// [`View`] is a copy, and a [`ViewMut`] that is still needed is lent by [`view_mut`](ViewMut::view_mut).
///
/// ```
/// use ndarray::{ArrayView1, ArrayViewMut1};
/// use pennyweight::view::{column, column_mut};
/// use std::error::Error;
///
/// #[repr(C)]
/// struct Particle {
///     position: [f32; 3],
///     mass: f64,
///     id: u64,
/// }
///
/// fn ids(particles: &[Particle]) -> Result<u64, Box<dyn Error>> {
///     let ids: ArrayView1<'_, u64> = column!(particles, Particle, id).try_into()?;
///     Ok(ids.sum())
/// }
///
/// let particle = |id| Particle { position: [0.5; 3], mass: 1.0, id };
/// let mut particles = [particle(7), particle(8)];
/// assert_eq!(ids(&particles)?, 15);
///
/// let mut positions = column_mut!(particles, Particle, position);
/// let error = ArrayViewMut1::try_from(positions.view_mut()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "ndarray counts strides in elements: 32 bytes, the stride of axis 0, are no multiple of 12"
/// );
/// positions.fill([1.0; 3]);
/// # let _ = particles[0].mass;
/// # Ok::<(), Box<dyn Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NdarrayError {
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

impl fmt::Display for NdarrayError {
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

impl core::error::Error for NdarrayError {}

/// A layout as ndarray takes it.
struct InElements<T, const N: usize> {
    /// Invariant: the element that is lowest in memory; where there is none, any aligned pointer.
    lowest: *mut T,
    /// Invariant: the lengths are those of the layout, and those other than 0 multiply to `isize::MAX` at most. The
    /// strides are those of the layout, in elements and without their sign; or, where there is no element or
    /// elements have no size, those of ndarray's own arrays.
    shape: StrideShape<Dim<[usize; N]>>,
    inverted: [bool; N],
}

impl<T, const N: usize> InElements<T, N>
where
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
    Dim<[usize; N]>: Dimension,
{
    fn of(layout: Layout<T, N>) -> Result<Self, NdarrayError> {
        let shape = layout.shape();
        shape
            .into_iter()
            .filter(|&len| len > 0)
            .try_fold(1_isize, |product, len| product.checked_mul(len.try_into().ok()?))
            .ok_or(NdarrayError::Length)?;
        let mut lowest = layout.ptr().as_ptr();
        let mut inverted = [false; N];
        if size_of::<T>() == 0 || layout.is_empty() {
            return Ok(Self { lowest, shape: Dim(shape).into(), inverted });
        }
        let mut strides = [0; N];
        for (axis, stride) in layout.strides().into_iter().enumerate() {
            if shape[axis] == 1 {
                continue;
            }
            if !stride.unsigned_abs().is_multiple_of(size_of::<T>()) {
                return Err(NdarrayError::Stride { axis, stride, element: size_of::<T>() });
            }
            strides[axis] = stride.unsigned_abs() / size_of::<T>();
            if stride < 0 {
                inverted[axis] = true;
                // To the last index of this axis, at index 0 of those that follow: an element of the layout.
                lowest = lowest.wrapping_byte_offset(stride * (shape[axis] as isize - 1));
            }
        }
        Ok(Self { lowest, shape: Dim(shape).strides(Dim(strides)), inverted })
    }
}

/// The axes that are true.
fn axes<const N: usize>(inverted: [bool; N]) -> impl Iterator<Item = Axis> {
    (0..N).filter(move |&axis| inverted[axis]).map(Axis)
}

impl<'a, T, const N: usize> TryFrom<View<'a, T, N>> for ArrayView<'a, T, Dim<[usize; N]>>
where
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
    Dim<[usize; N]>: Dimension,
{
    type Error = NdarrayError;

    /// The same elements as a view of ndarray. Copies nothing.
    fn try_from(view: View<'a, T, N>) -> Result<Self, Self::Error> {
        let InElements { lowest, shape, inverted } = InElements::of(view.layout())?;
        // SAFETY: by the invariants of `InElements` these are the elements of the layout, all in one allocation and
        // readable during 'a, which is how far pointers are moved; or none, or elements without a size, and then
        // none is moved. Strides are not negative, and the lengths are within the limit.
        let mut array = unsafe { ArrayView::from_shape_ptr(shape, lowest.cast_const()) };
        axes(inverted).for_each(|axis| array.invert_axis(axis));
        Ok(array)
    }
}

impl<'a, T, const N: usize> TryFrom<ViewMut<'a, T, N>> for ArrayViewMut<'a, T, Dim<[usize; N]>>
where
    [usize; N]: IntoDimension<Dim = Dim<[usize; N]>>,
    Dim<[usize; N]>: Dimension,
{
    type Error = NdarrayError;

    /// The same elements as a view of ndarray. Copies nothing.
    fn try_from(view: ViewMut<'a, T, N>) -> Result<Self, Self::Error> {
        let InElements { lowest, shape, inverted } = InElements::of(view.layout())?;
        // SAFETY: by the invariants of `InElements` these are the elements of the layout, all in one allocation and
        // this view's alone during 'a, no two with common bytes, which is how far pointers are moved; or none, or
        // elements without a size, and then none is moved. Strides are not negative, and the lengths are within the
        // limit. `view` is not used again.
        let mut array = unsafe { ArrayViewMut::from_shape_ptr(shape, lowest) };
        axes(inverted).for_each(|axis| array.invert_axis(axis));
        Ok(array)
    }
}

/// The layout of the elements at `ptr + Σ index[axis] * strides[axis]`, which are counted in elements.
///
/// # Safety
///
/// These are the shape and the strides of an array of ndarray, and `ptr` is its pointer.
unsafe fn layout<T, const N: usize>(
    ptr: *mut T,
    shape: &[usize],
    strides: &[isize],
) -> Layout<T, N> {
    let ptr = NonNull::new(ptr).expect("the pointer of an array");
    let shape = array::from_fn(|axis| shape[axis]);
    // Overflows at most on an axis of fewer than two indices, whose stride says nothing.
    let strides = array::from_fn(|axis| strides[axis].wrapping_mul(size_of::<T>() as isize));
    // SAFETY: ndarray's arrays hold the promises of a layout: the pointer is that to the element at index 0, or at
    // least aligned; the elements lie in one allocation, less than `isize::MAX` bytes apart; the lengths other
    // than 0 multiply to `isize::MAX` at most.
    unsafe { Layout::new(ptr, shape, strides) }
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
    /// let numbers = Array2::from_shape_fn((2, 4), |(row, column)| 10 * row + column);
    /// let view = View::from(numbers.slice(s![.., ..;-2]));
    /// assert_eq!(view, [[3, 1], [13, 11]]);
    /// assert_eq!(view.strides(), [32, -16]);
    /// ```
    fn from(array: ArrayView<'a, T, Dim<[usize; N]>>) -> Self {
        // SAFETY: pointer, shape and strides are those of one array.
        let layout = unsafe { layout(array.as_ptr().cast_mut(), array.shape(), array.strides()) };
        // SAFETY: the elements of ndarray's view may be read during 'a, and nobody writes them.
        unsafe { Self::of(layout) }
    }
}

impl<'a, T, const N: usize> From<ArrayViewMut<'a, T, Dim<[usize; N]>>> for ViewMut<'a, T, N>
where
    Dim<[usize; N]>: Dimension,
{
    /// The same elements as a view. Copies nothing.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use pennyweight::view::{ViewMut, s};
    ///
    /// let mut numbers = Array2::<u8>::zeros((2, 3));
    /// ViewMut::from(numbers.view_mut()).slice(s![.., -1]).fill(1);
    /// assert_eq!(numbers, ndarray::arr2(&[[0, 0, 1], [0, 0, 1]]));
    /// ```
    fn from(mut array: ArrayViewMut<'a, T, Dim<[usize; N]>>) -> Self {
        let ptr = array.as_mut_ptr();
        // SAFETY: pointer, shape and strides are those of one array.
        let layout = unsafe { layout(ptr, array.shape(), array.strides()) };
        // SAFETY: the elements are those of ndarray's view alone during 'a, no two indices have one in common,
        // and it is not used again.
        unsafe { Self::of(layout) }
    }
}

impl<'a, S: Data, const N: usize> From<&'a ArrayBase<S, Dim<[usize; N]>>> for View<'a, S::Elem, N>
where
    Dim<[usize; N]>: Dimension,
{
    /// The elements of an array of ndarray. Copies nothing.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let numbers = ndarray::arr2(&[[1, 2], [3, 4]]);
    /// assert_eq!(View::from(&numbers).t(), [[1, 3], [2, 4]]);
    /// ```
    fn from(array: &'a ArrayBase<S, Dim<[usize; N]>>) -> Self {
        Self::from(array.view())
    }
}

impl<'a, S: DataMut, const N: usize> From<&'a mut ArrayBase<S, Dim<[usize; N]>>>
    for ViewMut<'a, S::Elem, N>
where
    Dim<[usize; N]>: Dimension,
{
    /// The elements of an array of ndarray. Copies nothing.
    fn from(array: &'a mut ArrayBase<S, Dim<[usize; N]>>) -> Self {
        Self::from(array.view_mut())
    }
}
