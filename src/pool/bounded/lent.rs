//! Idle objects that code of the user sees.

use super::idle::Stack;
use super::permit::Locked;
use super::state::Reason;
use core::mem;

/// The idle objects of a pool, taken out: no code of the user is called under the lock. As long as it lives they are in use, as it were;
/// then they go back, as old as they were.
pub(super) struct Lent<'p, T> {
    of: &'p Locked<T>,
    stacks: [Stack<T>; 2],
}

impl<'p, T> Lent<'p, T> {
    pub(super) fn new(of: &'p Locked<T>) -> Self {
        Self { of, stacks: of.lock().lend() }
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        self.stacks.iter_mut().flat_map(Stack::iter)
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        let stacks = mem::replace(&mut self.stacks, [const { Stack::new() }; 2]);
        let (woken, closed) = self.of.lock().restore(stacks);
        drop(woken);
        self.of.drop_all(closed, Reason::Clear);
    }
}
