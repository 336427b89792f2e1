//! Elements in order, in memory of their own.

#![allow(unsafe_code)]

use super::View;
use super::layout::Layout;
use super::pair::Pair;
use crate::raw::huge_pages;
use alloc::vec::Vec;
use core::mem::{MaybeUninit, needs_drop};
use core::ptr::NonNull;

impl<T: Clone, const N: usize> View<'_, T, N> {
    /// Clones the elements in row-major order into a `Vec` without slack.
    ///
    /// A transposed view is cloned in blocks that fit the caches, if its elements need no drop; in which order their
    /// `clone` is called is not given.
    ///
    /// ```
    /// use pennyweight::view::View;
    ///
    /// let matrix = View::from(&[1, 2, 3, 4, 5, 6]).reshape([2, 3])?;
    /// assert_eq!(matrix.t().to_owned_compact(), [1, 4, 2, 5, 3, 6]);
    /// # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if the bytes exceed `isize::MAX`, which only views that repeat elements reach.
    #[doc(alias = "to_vec")]
    #[doc(alias = "ascontiguousarray")]
    #[track_caller]
    pub fn to_owned_compact(&self) -> Vec<T> {
        if let Some(slice) = self.as_slice() {
            return slice.to_vec();
        }
        let mut elements = Vec::with_capacity(self.len());
        if needs_drop::<T>() {
            self.iter().for_each(|element| elements.push(element.clone()));
            return elements;
        }
        let room = elements.spare_capacity_mut();
        huge_pages::ask_for(room);
        let room: Layout<_, 1> = Layout::of_slice(NonNull::from(&mut room[..self.len()]));
        let Ok(room) = room.reshape(self.shape()) else {
            unreachable!("there is room for as many elements");
        };
        let pair = Pair::new(room, self.layout());
        let clone = |element: NonNull<T>| {
            // SAFETY: by the invariant of views the element may be read.
            MaybeUninit::new(unsafe { element.as_ref() }.clone())
        };
        // SAFETY: the room is no part of this view, and holds nothing.
        unsafe { pair.write(clone) };
        // SAFETY: there is room for as many, and `write` has written each.
        unsafe { elements.set_len(self.len()) };
        elements
    }
}
