//! Where idle objects lie, as far as [`Stock`](super::stock::Stock) knows.

use alloc::boxed::Box;
#[cfg(feature = "std")]
use std::time::Instant;

use super::generations::{Counts, Generations};
use super::node::Node;

/// Where idle objects lie: in a cell of one thread, or in shards. No method calls code of the pool's user.
pub(super) trait Shelves<T, const C: usize> {
    /// Takes an idle object of a class.
    fn pop(&self, class: usize) -> Option<Box<Node<T>>>;

    /// Keeps an object, unless as many are idle as may be.
    fn push(&self, class: usize, node: Box<Node<T>>) -> Result<(), Box<Node<T>>>;

    /// The most objects that may be idle.
    fn most(&self) -> usize;

    /// The number of parts, each of which can be changed by itself.
    fn parts(&self) -> usize;

    /// The part that is nearest to this thread.
    fn nearest(&self) -> usize;

    /// Changes a part. `change` moves pointers and counts, and does nothing else.
    fn part<R>(&self, part: usize, change: impl FnOnce(&Generations<T, C>) -> R) -> R;

    /// Adds to the bytes of all idle objects, unless they would be more than `most`.
    fn reserve(&self, bytes: usize, most: usize) -> bool;

    /// Subtracts from the bytes of all idle objects.
    fn release(&self, bytes: usize);

    /// The bytes of all idle objects.
    fn bytes(&self) -> usize;

    /// Changes the time when the objects were last aged by the clock. Under its lock, parts may be changed.
    #[cfg(feature = "std")]
    fn aged<R>(&self, change: impl FnOnce(&mut Option<Instant>) -> R) -> R;

    /// Panics if more objects are idle than may be.
    fn check_limits(&self);

    /// Counts what happens to an object, in the nearest part.
    fn count(&self, change: impl FnOnce(&mut Counts)) {
        self.part(self.nearest(), |generations| generations.count(change));
    }
}
