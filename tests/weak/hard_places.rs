//! Values that use the map while they die, hashes and comparisons that panic, lie or use the map, handles that are forgotten.

use pennyweight::weak::{DefaultHashBuilder, Strong, WeakMap, WeakSet};
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

thread_local! {
    /// What comparing two keys does.
    static ON_EQ: RefCell<Option<Box<dyn FnMut()>>> = const { RefCell::new(None) };
    static SALT: Cell<u64> = const { Cell::new(0) };
}

/// A key of which comparison and hash do what a test likes.
#[derive(Clone, Debug)]
struct Odd(u32);

impl PartialEq for Odd {
    fn eq(&self, other: &Self) -> bool {
        let action = ON_EQ.take();
        if let Some(mut action) = action {
            action();
        }
        self.0 == other.0
    }
}

impl Eq for Odd {}

impl Hash for Odd {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert!(SALT.get() < 100, "on purpose");
        SALT.get().hash(state);
    }
}

fn on_eq(action: impl FnMut() + 'static) {
    ON_EQ.set(Some(Box::new(action)));
}

#[test]
fn a_value_that_dies_finds_no_entry_and_may_make_a_new_one() {
    thread_local! {
        static RISES: Cell<bool> = const { Cell::new(true) };
    }
    struct Phoenix(Rc<WeakMap<u32, Phoenix>>, Rc<RefCell<Option<Strong<u32, Phoenix>>>>);
    impl Drop for Phoenix {
        fn drop(&mut self) {
            assert!(self.0.get(&1).is_none());
            if RISES.get() && self.1.borrow().is_none() {
                let again = self.0.insert(1, Phoenix(self.0.clone(), self.1.clone()));
                self.1.replace(Some(again));
            }
        }
    }
    let map = Rc::new(WeakMap::new());
    let again = Rc::default();
    let value = map.insert(1, Phoenix(Rc::clone(&map), Rc::clone(&again)));
    drop(value);
    assert_eq!(map.len(), 1);
    let risen = again.take();
    // This time somebody else has taken the place.
    again.replace(Some(map.insert(2, Phoenix(map.clone(), Rc::default()))));
    drop(risen);
    assert_eq!(map.len(), 1);
    map.check_invariants();
    RISES.set(false);
    drop(again.take());
    assert!(map.is_empty());
}

#[test]
fn a_drop_that_panics_leaves_all_valid() {
    struct Fragile(
        u32,
        #[expect(dead_code, reason = "is dropped")] Vec<Strong<u32, Fragile>>,
        Rc<Cell<u32>>,
    );
    impl Drop for Fragile {
        fn drop(&mut self) {
            self.2.set(self.2.get() + 1);
            assert!(self.0 != 0, "on purpose");
        }
    }
    let dropped = Rc::new(Cell::new(0));
    let map: WeakMap<u32, Fragile> = WeakMap::new();
    let inner: Vec<_> =
        (1..10).map(|key| map.insert(key, Fragile(key, Vec::new(), dropped.clone()))).collect();
    let outer = map.insert(0, Fragile(0, inner, dropped.clone()));
    assert!(catch_unwind(AssertUnwindSafe(|| drop(outer))).is_err());
    assert_eq!((dropped.get(), map.len()), (10, 0));
    map.check_invariants();
}

#[test]
fn values_that_own_others_outlive_the_map() {
    struct Link(#[expect(dead_code, reason = "is dropped")] Option<Strong<u32, Link>>);
    let map: WeakMap<u32, Link> = WeakMap::new();
    let mut first = None;
    for key in 0..10_000 {
        first = Some(map.insert(key, Link(first)));
    }
    drop(map);
    drop(first);
}

#[test]
fn the_map_may_go_while_one_of_its_values_dies() {
    type Holder = Rc<RefCell<Option<Rc<WeakMap<u32, Last>>>>>;
    struct Last(Holder, #[expect(dead_code, reason = "is dropped")] Option<Strong<u32, Last>>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.0.take();
        }
    }
    let holder = Holder::default();
    let map = Rc::new(WeakMap::new());
    let inner = map.insert(1, Last(Holder::default(), None));
    let outer = map.insert(2, Last(holder.clone(), Some(inner)));
    holder.replace(Some(map));
    drop(outer);
}

#[test]
fn a_handle_that_is_forgotten_leaks_its_value_alone() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    mem::forget(map.insert(1, 1));
    assert_eq!(map.get(&1).as_deref(), Some(&1));
    mem::forget(map.iter());
    map.check_invariants();
}

#[test]
fn a_comparison_may_use_the_map_and_drop_its_values() {
    let map: Rc<WeakMap<Odd, u32>> = Rc::new(WeakMap::new());
    let value = Cell::new(Some(map.insert(Odd(1), 1)));
    let inner = Rc::clone(&map);
    on_eq(move || {
        // The very value that is compared: its other handle is the one of whoever compares.
        drop(value.take());
        let _ = inner.insert(Odd(1), 2);
        inner.clear();
    });
    assert_eq!(map.get(&Odd(1)).as_deref(), Some(&1));
    assert!(map.is_empty());
    map.check_invariants();

    let value = map.insert(Odd(1), 1);
    let inner = Rc::clone(&map);
    let entered = Rc::new(Cell::new(None));
    let enter = Rc::clone(&entered);
    on_eq(move || enter.set(Some(inner.insert(Odd(3), 3))));
    let other = map.insert(Odd(2), 2);
    assert_eq!((map.len(), *value, *other, entered.take().as_deref()), (3, 1, 2, Some(&3)));
    map.check_invariants();
}

#[test]
fn a_comparison_that_panics_leaves_the_map_as_it_was() {
    let map: WeakMap<Odd, u32> = WeakMap::new();
    let value = map.insert(Odd(1), 1);
    for action in 0..6 {
        on_eq(|| panic!("on purpose"));
        let panicked = catch_unwind(AssertUnwindSafe(|| match action {
            0 => drop(map.get(&Odd(1))),
            1 => drop(map.insert(Odd(2), 2)),
            2 => drop(map.remove(&Odd(1))),
            3 => drop(map.get_or_insert_with(Odd(2), |_| 2)),
            4 => drop(map.contains_key(&Odd(1))),
            _ => drop(map.try_get_or_insert_with(Odd(1), |_| Err(()))),
        }));
        assert!(panicked.is_err(), "{action}");
        assert_eq!((map.len(), Strong::count(&value)), (1, 1));
        map.check_invariants();
    }
}

#[test]
fn a_hash_that_panics_or_changes_leaves_the_map_valid() {
    let map: WeakMap<Odd, u32> = WeakMap::new();
    let values: Vec<_> = (0..100)
        .map(|salt| {
            SALT.set(salt);
            map.insert(Odd(salt as u32), salt as u32)
        })
        .collect();
    SALT.set(100);
    let panicked = catch_unwind(AssertUnwindSafe(|| map.insert(Odd(1), 1)));
    assert!(panicked.is_err() && map.len() == 100);
    SALT.set(0);
    // The keys are where they were entered, not where they would be now; they go all the same.
    assert!(map.get(&Odd(50)).is_none());
    drop(values);
    assert!(map.is_empty());
    map.check_invariants();
}

#[test]
fn borrowed_values_die_in_time() {
    struct Shout<'a>(&'a Cell<u32>);
    impl Drop for Shout<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    struct Outer(Rc<Cell<u32>>);
    impl Drop for Outer {
        fn drop(&mut self) {
            // Values of another map, which borrow what is gone when this returns.
            let heard = Cell::new(0);
            let map: WeakMap<u32, Shout<'_>> = WeakMap::new();
            drop(map.insert(1, Shout(&heard)));
            self.0.set(self.0.get() + heard.get());
        }
    }
    let heard = Rc::new(Cell::new(0));
    let map: WeakMap<u32, Outer> = WeakMap::new();
    drop(map.insert(1, Outer(heard.clone())));
    assert_eq!(heard.get(), 1);
}

#[test]
fn values_may_come_and_go_during_iteration() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let mut values: Vec<_> = (0..100).map(|key| map.insert(key, key)).collect();
    let mut seen = Vec::new();
    for value in &map {
        seen.push(*value);
        values.pop();
        values.pop();
        let key = 1000 + *value;
        values.insert(0, map.insert(key, key));
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
    map.check_invariants();
    // What died before the iterator came to it is not revived.
    drop(values);
    assert_eq!((map.iter().count(), map.len()), (0, 0));
}

#[test]
fn the_table_shrinks_with_the_values() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let empty = map.heap_bytes();
    let mut values: Vec<_> = (0..100_000).map(|key| map.insert(key, key)).collect();
    let full = map.heap_bytes();
    while let Some(value) = values.pop() {
        drop(value);
        if values.len() > 64 {
            assert!(map.heap_bytes() - empty <= (full - empty) * values.len() * 9 / 100_000);
        }
    }
    // What is left is a table of 8 slots.
    assert!(map.heap_bytes() - empty <= 100);
    map.shrink_to_fit();
    assert_eq!(map.heap_bytes(), empty);
    map.check_invariants();
}

#[test]
fn zero_sized_values_have_identities() {
    let map: WeakMap<(), ()> = WeakMap::new();
    let set: WeakSet<()> = WeakSet::with_hasher(DefaultHashBuilder::default());
    let (one, other) = (map.insert((), ()), set.get_or_insert(()));
    assert!(!Strong::ptr_eq(&one, &other));
    drop((one, other));
    assert!(map.is_empty() && set.is_empty());
}
