//! Idle objects that code of the user sees or weighs.

use core::mem::replace;

use super::generations::{Counts, Generations, Lists};
use super::node::List;
use super::shelves::Shelves;

/// Idle objects that are taken out of a part, since no code of the user is called under a lock. They go back, unless they are
/// [removed](Self::remove).
///
/// They are counted as idle all the while, so that no others take their room.
pub(super) struct Lent<'a, T, const C: usize, S: Shelves<T, C>> {
    shelves: &'a S,
    part: usize,
    lists: Lists<T, C>,
}

impl<'a, T, const C: usize, S: Shelves<T, C>> Lent<'a, T, C, S> {
    pub(super) fn new(
        shelves: &'a S,
        part: usize,
        take: impl FnOnce(&Generations<T, C>) -> Lists<T, C>,
    ) -> Self {
        Self { shelves, part, lists: shelves.part(part, take) }
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        self.lists.iter()
    }

    /// The objects, each with its class.
    pub(super) fn iter_classes(&mut self) -> impl Iterator<Item = (usize, &T)> {
        self.lists.iter_classes()
    }

    /// The objects, which are idle no longer, and the `others` behind them. `count` is called under the lock with their number.
    pub(super) fn remove(
        mut self,
        others: List<T>,
        count: impl FnOnce(&mut Counts, usize),
    ) -> List<T> {
        let number = self.lists.iter().count();
        if number > 0 {
            self.shelves.part(self.part, |generations| {
                generations.forget(number);
                generations.count(|counts| count(counts, number));
            });
        }
        replace(&mut self.lists, Lists::new()).join(others)
    }
}

impl<T, const C: usize, S: Shelves<T, C>> Drop for Lent<'_, T, C, S> {
    fn drop(&mut self) {
        if !self.lists.is_empty() {
            let lists = replace(&mut self.lists, Lists::new());
            self.shelves.part(self.part, |generations| generations.restore(lists));
        }
    }
}
