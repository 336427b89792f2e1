//! The idle objects of a shard, by class and by age, with what the shard counts.

use alloc::boxed::Box;
use core::cell::Cell;

use super::node::{List, Node, is_none};
use super::stats::Dropped;

/// The idle objects of a shard, or of a pool that has no shards. Whoever may change it moves pointers and counts; no code of the
/// pool's user runs meanwhile.
///
/// Objects come back among the young ones, and the young ones are handed out first. So what [`age`](Self::age) finds among the old
/// ones was not needed since the last time.
///
/// Where there is one class, the object that came last lies before the lists. If one at a time is in use it comes and goes by one store each way,
/// and by one more that counts it; lists and their length are not touched. (Of several classes nobody can predict whether one has such an
/// object, and a wrong guess takes longer than the stores.)
#[repr(C)] // What each call touches comes first.
pub(super) struct Generations<T, const C: usize> {
    /// The youngest object. Invariant: none where there are several classes.
    last: Cell<Option<Box<Node<T>>>>,
    /// The objects that came to be idle. The number may wrap.
    came: Cell<u64>,
    /// The objects in lists, those that are taken out for a moment ([`Lent`](super::lent::Lent)) among them.
    listed: Cell<usize>,
    young: [List<T>; C],
    old: [List<T>; C],
    /// Bytes that idle objects may weigh here without asking for more: see [`Shards`](super::shards::Shards).
    #[cfg(feature = "std")]
    spare: Cell<usize>,
    counts: Cell<Counts>,
}

/// What happens more rarely than that an object is used again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts {
    pub(super) created: u64,
    pub(super) detached: u64,
    pub(super) dropped: Dropped,
}

/// Objects that were taken out of generations, each class in the list of its number.
pub(super) struct Lists<T, const C: usize> {
    young: [List<T>; C],
    old: [List<T>; C],
}

impl<T, const C: usize> Lists<T, C> {
    pub(super) const fn new() -> Self {
        Self { young: [const { List::new() }; C], old: [const { List::new() }; C] }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.young.iter().chain(&self.old).all(List::is_empty)
    }

    pub(super) fn iter(&mut self) -> impl Iterator<Item = &T> {
        self.iter_classes().map(|(_, object)| object)
    }

    /// The objects, each with its class.
    pub(super) fn iter_classes(&mut self) -> impl Iterator<Item = (usize, &T)> {
        let (young, old) = (self.young.iter_mut().enumerate(), self.old.iter_mut().enumerate());
        young.chain(old).flat_map(|(class, list)| list.iter().map(move |object| (class, object)))
    }

    /// All objects in one list, with those of `others` behind them.
    pub(super) fn join(self, mut others: List<T>) -> List<T> {
        for list in self.young.into_iter().chain(self.old) {
            list.append(others);
            others = list;
        }
        others
    }
}

impl<T, const C: usize> Generations<T, C> {
    pub(super) const fn new() -> Self {
        Self {
            last: Cell::new(None),
            came: Cell::new(0),
            listed: Cell::new(0),
            young: [const { List::new() }; C],
            old: [const { List::new() }; C],
            #[cfg(feature = "std")]
            spare: Cell::new(0),
            counts: Cell::new(Counts { created: 0, detached: 0, dropped: Dropped::NONE }),
        }
    }

    /// The objects that are idle.
    #[inline]
    pub(super) fn idle(&self) -> usize {
        self.listed.get() + usize::from(!is_none(&self.last))
    }

    /// The objects that were idle and are not, of whatever came of them. It may be below zero, where the sum over all shards is not.
    pub(super) fn left(&self) -> u64 {
        self.came.get().wrapping_sub(self.idle() as u64)
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts.get()
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts.get();
        change(&mut counts);
        self.counts.set(counts);
    }

    /// Takes the object that came last.
    #[inline]
    pub(super) fn pop(&self, class: usize) -> Option<Box<Node<T>>> {
        if C > 1 || is_none(&self.last) { self.pop_listed(class) } else { self.last.take() }
    }

    #[inline]
    fn pop_listed(&self, class: usize) -> Option<Box<Node<T>>> {
        let node = self.young[class].pop().or_else(|| self.pop_old(class))?;
        self.listed.set(self.listed.get() - 1);
        Some(node)
    }

    /// Few are old where many come and go, so this is kept out of what is compiled into every caller of `pop`.
    #[cold]
    #[inline(never)]
    fn pop_old(&self, class: usize) -> Option<Box<Node<T>>> {
        self.old[class].pop()
    }

    /// Undoes a [`pop`](Self::pop), of this shard or of another one, even if as many are idle by now as may be: where a weight is not known,
    /// the object cannot be dropped and its bytes be given back.
    pub(super) fn unpop(&self, class: usize, node: Box<Node<T>>) {
        self.list(class, node);
    }

    /// Keeps an object, unless `most` are idle.
    #[inline]
    pub(super) fn push(
        &self,
        class: usize,
        node: Box<Node<T>>,
        most: usize,
    ) -> Result<(), Box<Node<T>>> {
        if most != usize::MAX && self.idle() >= most {
            return Err(node);
        }
        self.came.set(self.came.get().wrapping_add(1));
        let listed = if C > 1 { Some(node) } else { self.last.replace(Some(node)) };
        if let Some(node) = listed {
            self.list(class, node);
        }
        Ok(())
    }

    #[inline]
    fn list(&self, class: usize, node: Box<Node<T>>) {
        self.young[class].push(node);
        self.listed.set(self.listed.get() + 1);
    }

    /// Puts the youngest object into its list.
    fn list_last(&self) {
        if let Some(node) = self.last.take() {
            self.list(0, node);
        }
    }

    /// Takes the old ones out, and lets the young ones be old.
    pub(super) fn age(&self) -> Lists<T, C> {
        self.list_last();
        let old = self.old.each_ref().map(List::take);
        self.young.iter().zip(&self.old).for_each(|(young, old)| old.append(young.take()));
        Lists { old, ..Lists::new() }
    }

    /// Takes all out.
    pub(super) fn take(&self) -> Lists<T, C> {
        self.list_last();
        Lists {
            young: self.young.each_ref().map(List::take),
            old: self.old.each_ref().map(List::take),
        }
    }

    /// Puts back what was taken out, behind what came meanwhile.
    pub(super) fn restore(&self, lists: Lists<T, C>) {
        let back = lists.young.into_iter().chain(lists.old);
        self.young.iter().chain(&self.old).zip(back).for_each(|(here, back)| here.append(back));
    }

    /// Counts `number` of those that were taken out as idle no longer.
    pub(super) fn forget(&self, number: usize) {
        self.listed.set(self.listed.get() - number);
    }
}

/// What shards need.
#[cfg(feature = "std")]
impl<T, const C: usize> Generations<T, C> {
    #[inline]
    pub(super) fn is_empty(&self, class: usize) -> bool {
        is_none(&self.last) && self.young[class].is_empty() && self.old[class].is_empty()
    }

    pub(super) fn spare(&self) -> usize {
        self.spare.get()
    }

    pub(super) fn take_spare(&self) -> usize {
        self.spare.take()
    }

    /// Has more bytes to spare.
    pub(super) fn save(&self, bytes: usize) {
        self.spare.set(self.spare.get().saturating_add(bytes));
    }

    /// Takes bytes of those to spare, if there are as many.
    pub(super) fn spend(&self, bytes: usize) -> bool {
        let rest = self.spare.get().checked_sub(bytes);
        rest.inspect(|&rest| self.spare.set(rest)).is_some()
    }
}
