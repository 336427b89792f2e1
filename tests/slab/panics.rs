//! User code that panics: closures, `Clone`, and `Drop`.

use pennyweight::pool::{Handle32, Slab, SlabMap};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Counts the values that are alive, and panics when the chosen one is dropped or cloned.
struct World {
    alive: RefCell<Vec<u32>>,
    fuse: Cell<u32>,
}

struct Value<'w>(u32, &'w World);

impl World {
    fn new() -> Self {
        Self { alive: RefCell::default(), fuse: Cell::new(u32::MAX) }
    }

    fn value(&self, number: u32) -> Value<'_> {
        self.alive.borrow_mut().push(number);
        Value(number, self)
    }

    fn slab(&self, count: u32) -> Slab<Value<'_>, Handle32> {
        (0..count).map(|number| self.value(number)).collect()
    }

    /// Runs what panics at this value.
    fn explode(&self, fuse: u32, f: impl FnOnce()) {
        self.fuse.set(fuse);
        catch_unwind(AssertUnwindSafe(f)).unwrap_err();
        self.fuse.set(u32::MAX);
    }

    fn alive(&self) -> Vec<u32> {
        let mut alive = self.alive.borrow().clone();
        alive.sort_unstable();
        alive
    }
}

impl Drop for Value<'_> {
    fn drop(&mut self) {
        let mut alive = self.1.alive.borrow_mut();
        let place = alive.iter().position(|&number| number == self.0).expect("dropped twice");
        alive.swap_remove(place);
        drop(alive);
        assert_ne!(self.1.fuse.get(), self.0, "drop");
    }
}

impl Clone for Value<'_> {
    fn clone(&self) -> Self {
        assert_ne!(self.1.fuse.get(), self.0, "clone");
        self.1.value(self.0)
    }
}

#[test]
fn what_makes_a_value_may_panic() {
    let world = World::new();
    let mut slab = world.slab(3);
    let vacant = slab.keys().nth(1).unwrap();
    slab.remove(vacant);
    for slots in [3, 4] {
        let copy: Vec<_> = slab.keys().collect();
        let insert = || slab.insert_with_key(|_| panic!("no value"));
        catch_unwind(AssertUnwindSafe(insert)).unwrap_err();
        slab.check_invariants();
        assert!(slab.keys().eq(copy));
        slab.insert(world.value(9));
        assert_eq!(slab.slots(), slots);
    }
}

#[test]
fn a_drop_that_panics_loses_no_other_value() {
    let world = World::new();
    for fuse in 0..5 {
        let mut slab = world.slab(5);
        world.explode(fuse, || slab.clear());
        assert!(slab.is_empty() && world.alive().is_empty(), "clear");
        slab.check_invariants();

        let mut slab = world.slab(5);
        world.explode(fuse, || drop(slab.drain()));
        assert!(slab.is_empty() && world.alive().is_empty(), "drain");
        slab.check_invariants();

        let slab = world.slab(5);
        world.explode(fuse, || drop(slab));
        assert!(world.alive().is_empty(), "drop");

        let slab = world.slab(5);
        world.explode(fuse, || drop(slab.into_iter()));
        assert!(world.alive().is_empty(), "into_iter");

        let mut slab = world.slab(5);
        world.explode(fuse, || slab.retain(|_, _| false));
        let left: Vec<_> = (fuse + 1..5).collect();
        assert_eq!(world.alive(), left, "retain");
        assert!(slab.values().map(|value| value.0).eq(left));
        slab.check_invariants();
        drop(slab);
        assert!(world.alive().is_empty());

        let mut slab = world.slab(5);
        let handle = slab.keys().nth(fuse as usize).unwrap();
        world.explode(fuse, || drop(slab.remove(handle)));
        assert_eq!((slab.len(), world.alive().len()), (4, 4));
        slab.check_invariants();
        drop(slab);
        assert!(world.alive().is_empty());
    }
}

#[test]
fn a_question_that_panics_keeps_what_was_not_asked_for() {
    let world = World::new();
    let mut slab = world.slab(5);
    let keep = |_, value: &mut Value<'_>| {
        assert_ne!(value.0, 3, "no answer");
        value.0.is_multiple_of(2)
    };
    catch_unwind(AssertUnwindSafe(|| slab.retain(keep))).unwrap_err();
    assert!(slab.values().map(|value| value.0).eq([0, 2, 3, 4]));
    assert_eq!(world.alive(), [0, 2, 3, 4]);
    slab.check_invariants();
}

#[test]
fn a_copy_that_panics_leaves_nothing_behind() {
    let world = World::new();
    let mut slab = world.slab(5);
    slab.remove(slab.keys().nth(1).unwrap());
    world.explode(3, || drop(slab.clone()));
    assert_eq!(world.alive(), [0, 2, 3, 4]);
    let copy = slab.clone();
    assert_eq!(world.alive(), [0, 0, 2, 2, 3, 3, 4, 4]);
    copy.check_invariants();
}

#[test]
fn a_forgotten_drain_leaves_what_it_did_not_give_out() {
    let world = World::new();
    let mut slab = world.slab(5);
    let mut drain = slab.drain();
    assert_eq!(drain.next().map(|(_, value)| value.0), Some(0));
    assert_eq!(drain.next_back().map(|(_, value)| value.0), Some(4));
    assert_eq!(drain.len(), 3);
    std::mem::forget(drain);
    slab.check_invariants();
    assert!(slab.values().map(|value| value.0).eq([1, 2, 3]));
    assert_eq!(slab.insert(world.value(5)).index(), 4);
    drop(slab);
    assert!(world.alive().is_empty());
}

#[test]
fn entries_of_a_map_are_dropped_once_though_one_panics() {
    let world = World::new();
    for fuse in 0..4 {
        let mut slab = Slab::new();
        let handles: Vec<_> = (0..4).map(|number| slab.insert(number)).collect();
        let map = || handles.iter().map(|&handle| (handle, world.value(slab[handle]))).collect();

        let whole: SlabMap<_> = map();
        world.explode(fuse, || drop(whole));
        assert!(world.alive().is_empty());

        let mut cleared: SlabMap<_> = map();
        world.explode(fuse, || cleared.clear());
        assert!(cleared.is_empty() && world.alive().is_empty());
        cleared.check_invariants();

        let mut replaced: SlabMap<_> = map();
        let value = world.value(7);
        world.explode(fuse, || drop(replaced.insert(handles[fuse as usize], value)));
        assert_eq!((replaced.len(), replaced[handles[fuse as usize]].0), (4, 7));
        drop(replaced);
        assert!(world.alive().is_empty());
    }
}

#[test]
fn remapping_that_panics_keeps_the_map_valid() {
    let world = World::new();
    let mut slab = Slab::new();
    let handles: Vec<_> = (0..6).map(|number| slab.insert(number)).collect();
    let mut map: SlabMap<_> =
        handles.iter().map(|&handle| (handle, world.value(slab[handle]))).collect();
    slab.retain(|_, number| *number % 2 == 1);
    let remap = slab.compact();
    world.explode(2, || map.remap(&remap));
    map.check_invariants();
    assert_eq!(world.alive(), map.values().map(|value| value.0).collect::<Vec<_>>());
}
