//! What the public interface of a type hides: estimates, and places that cannot be seen.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::{self, Rc};
use std::sync::{self, Arc, Mutex, RwLock};

use pennyweight::size::{HeapSize, deep_size};

use super::{assert_exact, held, measure};

#[test]
fn a_table_with_tombstones_is_estimated_by_the_distance_of_its_entries() {
    let (map, stats) = measure(|| {
        let mut map: HashMap<u64, u64> = (0..1790).map(|i| (i, i)).collect();
        (0..1000).for_each(|i| _ = map.remove(&i));
        map
    });
    let size = deep_size(&map);
    assert_eq!((size.heap, size.blocks), held(&stats));
    assert_eq!(size.estimated, size.heap);
}

#[test]
fn a_table_emptied_entry_by_entry_is_estimated() {
    let (map, stats) = measure(|| {
        let mut map: HashMap<u64, u64> = (0..14).map(|i| (i, i)).collect();
        (0..13).for_each(|i| _ = map.remove(&i));
        map
    });
    let size = deep_size(&map);
    assert_eq!((size.heap, size.blocks), held(&stats));
    assert!(!size.is_exact(), "one entry in sixteen buckets may be what is left of a larger table");
}

#[test]
fn an_empty_table_with_room_is_estimated() {
    let (map, stats) = measure(|| HashMap::<u64, u64>::with_capacity(100));
    let size = deep_size(&map);
    assert_eq!((size.heap, size.blocks), held(&stats));
    assert_eq!(size.estimated, size.heap);
}

#[test]
fn an_empty_ordered_map_may_keep_a_leaf() {
    let (map, stats) = measure(|| {
        let mut map = BTreeMap::from([(1u64, 1u64)]);
        map.clear();
        map.insert(2, 2);
        map.remove(&2);
        map
    });
    assert!(stats.current > 0, "the leaf is kept");
    let size = deep_size(&map);
    assert_eq!((size.heap, size.unseen), (0, 1));
    assert_eq!(deep_size(&BTreeSet::<u8>::new()).unseen, 1);
}

#[test]
fn ordered_sets_of_nothing_with_several_elements_are_estimated() {
    /// An element without a size, which is less than itself.
    #[derive(PartialEq, Eq, PartialOrd, pennyweight::size::HeapSize)]
    struct Odd;
    #[expect(clippy::derive_ord_xor_partial_ord, reason = "an order that is none")]
    impl Ord for Odd {
        fn cmp(&self, _: &Self) -> std::cmp::Ordering {
            std::cmp::Ordering::Less
        }
    }

    let mut set = BTreeSet::new();
    (0..100).for_each(|_| _ = set.insert(Odd));
    let size = deep_size(&set);
    assert_eq!((set.len(), size.estimated), (100, size.heap));
    assert!(size.heap > 0);
}

#[test]
fn a_cell_that_is_mutably_borrowed_is_unseen() {
    let cell = RefCell::new(String::from("text"));
    let guard = cell.borrow_mut();
    assert_eq!((deep_size(&cell).heap, deep_size(&cell).unseen), (0, 1));
    drop(guard);
    assert_eq!((deep_size(&cell).heap, deep_size(&cell).unseen), (4, 0));
    let _shared = cell.borrow();
    assert_eq!((deep_size(&cell).heap, deep_size(&cell).unseen), (4, 0));
}

#[test]
fn a_lock_that_is_held_is_unseen() {
    let mutex = Mutex::new(String::from("text"));
    let lock = RwLock::new(String::from("text"));
    let (writing, locked) = (lock.write().unwrap(), mutex.lock().unwrap());
    assert_eq!((deep_size(&mutex).heap, deep_size(&mutex).unseen), (0, 1));
    assert_eq!((deep_size(&lock).heap, deep_size(&lock).unseen), (0, 1));
    drop((writing, locked));
    assert_eq!((deep_size(&mutex).heap, deep_size(&mutex).unseen), (4, 0));
    let _reading = lock.read().unwrap();
    assert_eq!((deep_size(&lock).heap, deep_size(&lock).unseen), (4, 0));
}

#[test]
fn a_lock_around_what_owns_nothing_is_not_tried() {
    let mutex = Mutex::new(7u64);
    let cell = RefCell::new(7u64);
    let (_locked, _borrowed) = (mutex.lock().unwrap(), cell.borrow_mut());
    assert!(deep_size(&mutex).is_exact());
    assert!(deep_size(&cell).is_exact());
}

#[test]
fn a_poisoned_lock_is_seen() {
    let mutex = Arc::new(Mutex::new(String::from("text")));
    let lock = Arc::new(RwLock::new(String::from("text")));
    let (in_thread, also) = (mutex.clone(), lock.clone());
    let thread = std::thread::spawn(move || {
        let _guards = (in_thread.lock().unwrap(), also.write().unwrap());
        std::panic::resume_unwind(Box::new("poison"));
    });
    thread.join().unwrap_err();
    assert!(mutex.is_poisoned() && lock.is_poisoned());
    assert_eq!((deep_size(&*mutex).heap, deep_size(&*mutex).unseen), (4, 0));
    assert_eq!((deep_size(&*lock).heap, deep_size(&*lock).unseen), (4, 0));
}

#[test]
fn a_weak_pointer_owns_nothing_while_its_value_lives() {
    let value = Rc::new(String::from("text"));
    assert_eq!(deep_size(&Rc::downgrade(&value)), deep_size(&rc::Weak::<String>::new()));
    assert_eq!(deep_size(&Rc::downgrade(&value)).heap, 0);
    let shared = Arc::new(String::from("text"));
    assert!(deep_size(&Arc::downgrade(&shared)).is_exact());
    assert_exact(|| {
        let value = Rc::new(String::from("text"));
        (Rc::downgrade(&value), Rc::downgrade(&value), value)
    });
}

#[test]
fn a_weak_pointer_to_a_dead_value_keeps_a_block_that_is_unseen() {
    let (weak, stats) = measure(|| Rc::downgrade(&Rc::new(7u64)));
    assert_eq!(stats.current, 24, "the block is kept");
    assert_eq!((deep_size(&weak).heap, deep_size(&weak).unseen), (0, 1));
    let weak: sync::Weak<dyn HeapSize> = Arc::downgrade(&Arc::new(7u64)) as _;
    assert_eq!((deep_size(&weak).heap, deep_size(&weak).unseen), (0, 1));
    assert!(deep_size(&rc::Weak::<u64>::new()).is_exact());
    assert!(deep_size(&sync::Weak::<u64>::new()).is_exact());
}
