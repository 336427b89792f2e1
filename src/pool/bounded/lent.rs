//! Idle objects that code of the user sees.

use super::permit::Locked;
use super::state::Reason;
use crate::pool::node::List;
use core::mem;

/// The idle objects of a pool, taken out: no code of the user is called under the lock. As long as it lives they are in use, as it were;
/// then they go back, as old as they were.
pub(super) struct Lent<'p, T> {
    of: &'p Locked<T>,
    lists: [List<T>; 2],
}

impl<'p, T> Lent<'p, T> {
    pub(super) fn new(of: &'p Locked<T>) -> Self {
        Self { of, lists: of.lock().clear() }
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        self.lists.iter_mut().flat_map(List::iter)
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        let lists = mem::replace(&mut self.lists, [const { List::new() }; 2]);
        let (woken, closed) = self.of.lock().restore(lists);
        drop(woken);
        self.of.drop_all(closed, Reason::Clear);
    }
}
