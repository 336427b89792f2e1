//! Slices that several owners share: what they keep alive, and what they let go.

#![forbid(unsafe_code)]

use pennyweight::profile::measure;
use pennyweight::size::{HeapSize, deep_size};
use pennyweight::view::{SharedSlice, Sharing};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is freed when the last owner goes.
fn freed<T>(value: T) -> i64 {
    -measure(|| drop(value)).1.current
}

#[test]
fn sharing_a_vec_copies_no_element() {
    let numbers: Vec<u64> = (0..10_000).collect();
    let address = numbers.as_ptr();
    let (shared, stats) = measure(|| SharedSlice::from(numbers));
    assert_eq!((stats.allocations, stats.current, stats.peak), (1, 40, 40));
    assert_eq!((shared.as_ptr(), size_of_val(&shared)), (address, 24));

    let (parts, stats) = measure(|| [shared.slice(5..15), shared.slice(..), shared.clone()]);
    assert_eq!(stats.allocations, 0);
    assert_eq!((parts[0].len(), parts[0][0], shared.strong_count()), (10, 5, 4));
    drop(parts);

    let (vec, stats) = measure(|| shared.try_into_vec().unwrap());
    assert_eq!((stats.allocations, stats.reallocations, stats.current), (0, 0, -40));
    assert_eq!((vec.as_ptr(), vec.len()), (address, 10_000));
}

#[test]
fn a_boxed_slice_stays_where_it_is() {
    let boxed: Box<[u8]> = vec![7; 100].into();
    let (shared, stats) = measure(|| SharedSlice::from(boxed));
    assert_eq!((stats.current, shared.pinned_bytes()), (40, 140));
}

#[test]
fn a_part_pins_the_whole_until_it_is_detached() {
    let whole: SharedSlice<u64> = (0..10_000).collect::<Vec<_>>().into();
    let mut part = whole.slice(9_990..);
    assert_eq!((part.pinned_bytes(), whole.pinned_bytes()), (80_040, 80_040));

    // While another owner is there, the elements are copied.
    let ((), stats) = measure(|| part.detach());
    assert_eq!((stats.allocations, stats.frees, stats.current), (2, 0, 120));
    assert_eq!((part.pinned_bytes(), part[0]), (120, 9_990));
    assert_eq!((whole.strong_count(), part.strong_count()), (1, 1));
    assert_eq!((freed(part), freed(whole)), (120, 80_040));
}

#[test]
fn the_last_part_shrinks_the_block_when_it_is_detached() {
    let mut part = SharedSlice::from((0..10_000_u64).collect::<Vec<_>>()).slice(5_000..5_010);
    assert_eq!(part.pinned_bytes(), 80_040);
    let ((), stats) = measure(|| part.detach());
    assert_eq!((stats.current, stats.peak), (-79_920, 0));
    assert_eq!((part.pinned_bytes(), part.iter().sum::<u64>()), (120, 50_045));
    assert_eq!(freed(part), 120);
}

#[test]
fn detaching_does_nothing_where_nothing_is_given_up() {
    let mut whole = SharedSlice::from([1, 2, 3]);
    let mut other = whole.clone();
    let ((), stats) = measure(|| {
        whole.detach();
        other.detach();
        SharedSlice::<u8>::new().detach();
    });
    assert_eq!((stats.allocations, stats.frees, whole.strong_count()), (0, 0, 2));
}

#[test]
fn spare_capacity_is_pinned_too() {
    let mut spare = Vec::with_capacity(1000);
    spare.extend(0..10_u32);
    let mut shared = SharedSlice::from(spare);
    assert_eq!(shared.pinned_bytes(), 4040);
    let size = deep_size(&shared);
    assert_eq!((size.heap, size.slack, size.is_exact()), (4040, 3960, true));
    shared.detach();
    assert_eq!((shared.pinned_bytes(), shared.len()), (80, 10));
}

#[test]
fn the_block_is_counted_once_for_all_owners() {
    let (parts, stats) = measure(|| {
        let words = SharedSlice::from(["to", "be", "or", "not"].map(String::from));
        [words.slice(..1), words.slice(1..), words.clone(), words.slice(4..)]
    });
    assert_eq!(parts.heap_bytes() as i64, stats.current);
    assert_eq!(parts.heap_bytes(), 4 * 24 + 40 + 9);
    // What is pinned by one is all of it, without what the words own.
    assert_eq!(parts.each_ref().map(SharedSlice::pinned_bytes), [136, 136, 136, 0]);
    assert_eq!(deep_size(&parts).shared, parts.heap_bytes());
}

#[test]
fn empty_slices_have_no_heap_memory() {
    let (empty, stats) = measure(|| {
        [
            SharedSlice::<u32>::new(),
            SharedSlice::default(),
            SharedSlice::from([]),
            SharedSlice::from(Vec::with_capacity(100)),
            SharedSlice::from([1, 2, 3]).slice(3..),
        ]
    });
    assert_eq!((stats.current, empty.heap_bytes()), (0, 0));
    for mut slice in empty {
        assert_eq!((slice.pinned_bytes(), slice.strong_count(), slice.len()), (0, 0, 0));
        assert_eq!(slice.get_mut(), Some(&mut [][..]));
        assert_eq!(slice.make_mut(), []);
        assert_eq!(slice.slice(..).try_into_vec(), Ok(vec![]));
    }
}

#[test]
fn elements_without_a_size_are_shared() {
    let mut units = SharedSlice::from(vec![(); usize::MAX]);
    assert_eq!((units.len(), units.pinned_bytes()), (usize::MAX, 40));
    let mut three = units.slice(7..10);
    three.detach();
    assert_eq!((three.len(), three.strong_count(), units.strong_count()), (3, 1, 1));
    units.detach();
    assert_eq!(units.into_vec().len(), usize::MAX);
}

#[test]
fn a_part_becomes_the_vec_without_its_neighbours() {
    let words = SharedSlice::from(["a", "b", "c", "d"].map(String::from));
    let part = words.slice(1..3);
    let (copied, stats) = measure(|| part.clone().into_vec());
    assert_eq!((stats.allocations, &copied[..]), (3, &["b".to_owned(), "c".to_owned()][..]));
    let part = part.try_into_vec().unwrap_err();
    drop(words);
    let (own, stats) = measure(|| part.into_vec());
    assert_eq!((stats.allocations, stats.frees), (0, 3), "two words and the counters");
    assert_eq!((own.capacity(), own), (4, copied));
}

#[test]
fn elements_are_written_by_a_single_owner() {
    let mut whole = SharedSlice::from([1, 2, 3, 4]);
    whole.get_mut().unwrap()[0] = 0;
    whole.view_mut().unwrap().slice(pennyweight::view::s![1..; 2]).fill(9);
    assert_eq!(whole[..], [0, 9, 3, 9]);

    // Another part is in the way, though it has other elements.
    let (mut left, right) = (whole.slice(..2), whole.slice(2..));
    drop(whole);
    assert!(left.get_mut().is_none() && left.view_mut().is_none());
    let (pointer, stats) = measure(|| {
        left.make_mut()[1] = 1;
        left.as_ptr()
    });
    assert_eq!((stats.allocations, stats.current), (2, 48));
    assert_eq!((&left[..], &right[..]), (&[0, 1][..], &[3, 9][..]));

    // Now nobody is, and nothing is copied.
    left.make_mut()[1] = 2;
    assert_eq!((left.as_ptr(), left[1], right.strong_count()), (pointer, 2, 1));
}

#[test]
fn views_tell_whether_parts_overlap() {
    let whole = SharedSlice::from((0..100).collect::<Vec<_>>());
    let (left, right) = (whole.slice(..50), whole.slice(50..));
    assert_eq!(left.view().shares_memory(&right.view()), Sharing::Disjoint);
    assert_eq!(left.view().shares_memory(&whole.slice(49..).view()), Sharing::Shared);
    assert_eq!(left.view(), whole.view().split_at(0, 50).0);
}

#[test]
fn parts_go_to_other_threads() {
    let whole = SharedSlice::from((0..1000_u64).collect::<Vec<_>>());
    let sums = [0..500, 500..1000].map(|range| {
        let part = whole.slice(range);
        std::thread::spawn(move || part.iter().sum::<u64>())
    });
    drop(whole);
    assert_eq!(sums.map(|sum| sum.join().unwrap()), [124_750, 374_750]);
}

#[test]
fn a_slice_is_looked_up_by_its_elements() {
    let words = SharedSlice::from(*b"to be or not to be");
    let mut places = HashMap::new();
    for (at, word) in [(0, 0..2), (3, 3..5), (6, 6..8), (9, 9..12)] {
        places.insert(words.slice(word), at);
    }
    assert_eq!((places.get(&b"not"[..]), places.get(&words.slice(13..15))), (Some(&9), Some(&0)));
    let sorted: BTreeSet<_> = places.into_keys().collect();
    assert!(sorted.iter().map(|word| &word[..]).eq([&b"be"[..], b"not", b"or", b"to"]));
    assert_eq!(format!("{:?}", SharedSlice::from([1.5, 2.5]).slice(1..)), "[2.5]");
    assert_ne!(words, SharedSlice::from(&b"to be"[..]));
    assert_eq!(SharedSlice::from_iter(0..3), SharedSlice::from(vec![0, 1, 2]));
    let (owned, borrowed) = (String::from("x"), SharedSlice::from(["x"]));
    assert!(SharedSlice::from([owned]) == borrowed && borrowed.partial_cmp(&borrowed).is_some());
    assert_eq!((&borrowed).into_iter().chain(borrowed.as_ref()).count(), 2);
}

#[test]
#[should_panic(expected = "range end index 4 out of range for slice of length 3")]
fn a_part_must_lie_inside() {
    SharedSlice::from([0; 10]).slice(..3).slice(2..4);
}

#[test]
#[should_panic(expected = "range start index 4 out of range for slice of length 3")]
fn a_part_must_begin_inside() {
    SharedSlice::from([0; 10]).slice(..3).slice(4..);
}

#[test]
#[should_panic(expected = "an end behind the last index")]
fn a_part_must_end_before_the_last_index_there_is() {
    SharedSlice::from([(); 3]).slice(..=usize::MAX);
}

#[test]
#[should_panic(expected = "slice index starts at 2 but ends at 1")]
#[allow(clippy::reversed_empty_ranges)]
fn a_part_must_not_run_backwards() {
    SharedSlice::from([0; 10]).slice(2..1);
}

thread_local! {
    static ALIVE: Cell<i32> = const { Cell::new(0) };
}

/// Counts what is alive, and panics when told to: as it is cloned, or as it is dropped.
struct Touchy {
    on_clone: bool,
    on_drop: bool,
}

impl Touchy {
    fn new(on_clone: bool, on_drop: bool) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self { on_clone, on_drop }
    }
}

impl Clone for Touchy {
    fn clone(&self) -> Self {
        assert!(!self.on_clone, "as it is cloned");
        Self::new(false, false)
    }
}

impl Drop for Touchy {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        assert!(!self.on_drop || std::thread::panicking(), "as it is dropped");
    }
}

#[test]
fn a_clone_that_panics_leaves_the_slice_as_it_was() {
    let whole = SharedSlice::from_iter((0..5).map(|i| Touchy::new(i == 3, false)));
    let mut part = whole.slice(1..5);
    assert!(catch_unwind(AssertUnwindSafe(|| part.detach())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| part.make_mut().len())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| part.clone().into_vec())).is_err());
    assert_eq!((part.len(), whole.strong_count(), ALIVE.get()), (4, 2, 5));
    drop((whole, part));
    assert_eq!(ALIVE.get(), 0);
}

#[test]
fn a_drop_that_panics_drops_everything_once() {
    for first_or_last in [0, 4] {
        let whole = (0..5).map(|i| Touchy::new(false, i == first_or_last));
        let mut part = SharedSlice::from_iter(whole).slice(1..4);
        assert!(catch_unwind(AssertUnwindSafe(|| part.detach())).is_err());
        assert_eq!((part.len(), ALIVE.get()), (0, 0));
    }
}

proptest! {
    #[test]
    fn parts_of_parts_are_those_of_a_slice(
        elements in proptest::collection::vec(any::<u8>(), 0..20),
        ranges in proptest::collection::vec((0..3_u8, 0..20_usize, 0..3_u8, 0..20_usize), 0..4),
    ) {
        let (mut shared, mut model) = (SharedSlice::from(elements.clone()), &elements[..]);
        for (start_kind, start, end_kind, end) in ranges {
            let bound = |kind, at| match kind {
                0 => Bound::Included(at),
                1 => Bound::Excluded(at),
                _ => Bound::Unbounded,
            };
            let range = (bound(start_kind, start), bound(end_kind, end));
            match model.get(range) {
                Some(part) => model = part,
                None => {
                    let sliced = catch_unwind(AssertUnwindSafe(|| shared.slice(range)));
                    prop_assert!(sliced.is_err());
                    continue;
                }
            }
            shared = shared.slice(range);
            prop_assert_eq!(&shared[..], model);
            let mut detached = shared.clone();
            detached.detach();
            prop_assert_eq!(&detached, &shared);
        }
        prop_assert_eq!(shared.into_vec(), model);
    }
}
