//! Slots whose generations are used up.

use pennyweight::pool::{Handle32, InsertError, Slab, SlabError};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Slab32<T> = Slab<T, Handle32>;

#[test]
fn a_slot_is_used_128_times_and_then_no_more() {
    let mut slab = Slab32::with_key();
    let mut seen = HashSet::new();
    for use_of_slot in 0..1280 {
        let handle = slab.insert(use_of_slot);
        assert_eq!(handle.index(), use_of_slot / 128);
        assert!(seen.insert(handle), "{handle:?} was given twice");
        assert_eq!(slab.remove(handle), Some(use_of_slot));
        assert_eq!(slab.retired(), (use_of_slot + 1) / 128);
        slab.check_invariants();
    }
    assert!(seen.iter().all(|&handle| !slab.contains(handle)));
    assert_eq!((slab.len(), slab.slots(), slab.retired()), (0, 10, 10));
    assert_eq!(slab.iter().count(), 0);
}

#[test]
fn compacting_gives_used_up_slots_back() {
    let mut slab = Slab32::with_key();
    let kept = slab.insert(-1);
    for value in 0..300 {
        let handle = slab.insert(value);
        slab.remove(handle);
    }
    assert_eq!((slab.retired(), slab.slots(), slab.len()), (2, 4, 1));
    let remap = slab.compact();
    assert_eq!((slab.retired(), slab.slots(), slab.len()), (0, 1, 1));
    assert_eq!(slab[remap.get(kept).unwrap()], -1);
    slab.check_invariants();
    assert_eq!(slab.insert(7).index(), 1);
}

#[test]
fn a_used_up_slot_survives_clearing_draining_and_copies() {
    let mut slab = Slab32::with_key();
    for value in 0..128 {
        let handle = slab.insert(value);
        match value % 3 {
            0 => slab.clear(),
            1 => assert_eq!(slab.drain().next(), Some((handle, value))),
            _ => slab.retain(|_, _| false),
        }
    }
    assert_eq!(slab.retired(), 1);
    let mut copy = slab.clone();
    copy.check_invariants();
    assert_eq!((copy.retired(), copy.insert(0).index()), (1, 1));
    slab.shrink_to_fit();
    assert_eq!((slab.retired(), slab.slots()), (1, 1));
}

#[test]
fn a_full_slab_gives_the_value_back_and_goes_on_when_one_is_removed() {
    const SLOTS: usize = 0xff_ffff;
    let mut slab: Slab32<u8> = Slab::with_capacity_and_key(SLOTS);
    assert_eq!(slab.heap_bytes(), 4 * SLOTS);
    for _ in 0..SLOTS {
        slab.insert(1);
    }
    let full = SlabError::Full { slots: SLOTS };
    assert_eq!(slab.try_insert(2), Err(InsertError { value: 2, error: full }));
    assert_eq!(slab.try_reserve(1), Err(full));
    let message = "the slab is full: all its 16777215 slots are in use or used up";
    assert_eq!(full.to_string(), message);
    let panic = catch_unwind(AssertUnwindSafe(|| slab.insert(2))).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().map(String::as_str), Some(message));
    let last = slab.keys().next_back().unwrap();
    assert_eq!(last.index(), SLOTS - 1);
    assert_eq!(Handle32::from_bits(last.to_bits()), Some(last));
    for value in 0..128 {
        assert_eq!(slab.len(), SLOTS);
        assert_eq!(slab.remove(slab.keys().next_back().unwrap()), Some(value.max(1)));
        if value < 127 {
            slab.insert(value + 1);
        }
    }
    // Used up, and there is no other.
    assert_eq!((slab.len(), slab.retired()), (SLOTS - 1, 1));
    assert_eq!(slab.try_insert(2).unwrap_err().error, full);
}
