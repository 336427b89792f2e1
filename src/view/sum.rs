//! Sums in any order.

#![allow(unsafe_code)]

use super::View;
use super::elements::Elements;
use core::array;
use core::iter::{self, Sum};
use core::ops::Add;
use core::ptr::NonNull;

/// The sums that are made beside one another where the elements lie side by side: enough that none waits for the last
/// addition to it, and whole vectors.
const LANES: usize = 16;

impl<T, const N: usize> View<'_, T, N> {
    /// Adds the elements in whatever order costs least: that of memory, several sums beside one another.
    ///
    /// The sum of integers is that of any order, but where it wraps around or panics on the way. Floats are rounded
    /// otherwise than `iter().sum()` rounds them, as a rule less; the order follows from shape and strides alone,
    /// so that equal views at other addresses have equal sums. The sum of no elements is that of an empty iterator.
    ///
    /// It wins over [`fold_any`](Self::fold_any) most where additions wait for one another, as those of floats must
    /// there. Sums are of the type of the elements; for a wider one, `fold_any`.
    ///
    /// ```
    /// use pennyweight::view::{View, s};
    ///
    /// let matrix = View::from(&[0.5, 1.0, 1.5, 2.0, 2.5, 3.0]).reshape([2, 3])?;
    /// assert_eq!(matrix.t().sum_any(), 10.5);
    /// assert_eq!(matrix.slice(s![.., 1..]).sum_any(), 8.0);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    pub fn sum_any(&self) -> T
    where
        T: Copy + Add<Output = T> + Sum,
    {
        let layout = self.layout().in_memory_order().merged();
        let Some(last) = N.checked_sub(1).filter(|_| !layout.is_empty()) else {
            return self.iter().copied().sum();
        };
        let zero: T = iter::empty().sum();
        if let Some(slice) = layout.as_slice() {
            let mut sums = [zero; LANES];
            // SAFETY: by the invariant on `layout` the elements may be read.
            let (chunks, rest) = unsafe { slice.as_ref() }.as_chunks();
            add_chunks(&mut sums, chunks);
            return sum_of_few(sum_of_all(sums), rest);
        }
        let (len, stride) = (layout.shape()[last], layout.strides()[last]);
        let size = size_of::<T>() as isize;
        let lines = Elements::new(layout.first_of(last));
        if stride == size {
            let slice = |line| {
                let line = NonNull::slice_from_raw_parts(line, len);
                // SAFETY: `len` elements of the view lie side by side from the start of a line, and may be read.
                unsafe { line.as_ref() }
            };
            if len < LANES {
                return lines.fold(zero, |sum, line| sum + sum_of_few(zero, slice(line)));
            }
            let mut sums = [zero; LANES];
            let sum = lines.fold(zero, |sum, line| {
                let (chunks, rest) = slice(line).as_chunks();
                add_chunks(&mut sums, chunks);
                sum_of_few(sum, rest)
            });
            return sum + sum_of_all(sums);
        }
        // A distance that the compiler knows is a loop of its own.
        if stride == 2 * size {
            // SAFETY: `len` elements of the view lie so far apart from the start of a line, and may be read.
            lines.fold(zero, |sum, line| sum + unsafe { sum_of_line(zero, line, len, 2 * size) })
        } else {
            // SAFETY: as above.
            lines.fold(zero, |sum, line| sum + unsafe { sum_of_line(zero, line, len, stride) })
        }
    }
}

/// Adds each value of each chunk to the sum at its index.
#[inline(always)]
fn add_chunks<T: Copy + Add<Output = T>>(sums: &mut [T; LANES], chunks: &[[T; LANES]]) {
    // By value, so that they may stay in registers.
    let mut now = *sums;
    for chunk in chunks {
        for (sum, &value) in now.iter_mut().zip(chunk) {
            *sum = *sum + value;
        }
    }
    *sums = now;
}

/// Adds the elements of a slice of a few to a sum.
#[inline(always)]
fn sum_of_few<T: Copy + Add<Output = T>>(sum: T, slice: &[T]) -> T {
    let (fours, rest) = slice.as_chunks::<4>();
    let sum = fours.iter().fold(sum, |sum, &four| sum + sum_of_all(four));
    rest.iter().fold(sum, |sum, &value| sum + value)
}

/// Adds up a power of two of values, by halves.
#[inline(always)]
fn sum_of_all<T: Copy + Add<Output = T>, const COUNT: usize>(mut values: [T; COUNT]) -> T {
    const { assert!(COUNT.is_power_of_two()) };
    let mut half = COUNT / 2;
    while half > 0 {
        for index in 0..half {
            values[index] = values[index] + values[index + half];
        }
        half /= 2;
    }
    values[0]
}

/// The sum of elements `stride` bytes apart.
///
/// # Safety
///
/// At `start`, and `stride` bytes further each, lie `len` elements of a layout, which may be read.
#[inline(always)]
unsafe fn sum_of_line<T: Copy + Add<Output = T>>(
    zero: T,
    start: NonNull<T>,
    len: usize,
    stride: isize,
) -> T {
    const LANES: usize = 4;
    let get = |index: usize| {
        // SAFETY: the indices below are less than `len`, and so the caller promises an element.
        let element = unsafe { start.byte_offset(stride.wrapping_mul(index as isize)) };
        // SAFETY: the caller lets us read it.
        unsafe { element.read() }
    };
    let whole = len - len % LANES;
    let mut sums = [zero; LANES];
    for first in (0..whole).step_by(LANES) {
        sums = array::from_fn(|lane| sums[lane] + get(first + lane));
    }
    (whole..len).fold(sum_of_all(sums), |sum, index| sum + get(index))
}
