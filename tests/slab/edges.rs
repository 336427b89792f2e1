//! Sizes, alignments, handles of others, iterators that lie.

use pennyweight::define_handle;
use pennyweight::pool::{Handle, Handle32, InsertError, Key, NotKept, Slab, SlabError, SlabMap};
use pennyweight::profile::measure;
use std::cell::Cell;
use std::fmt::Debug;
use std::rc::Rc;

define_handle!(NodeId);
define_handle! {
    /// Of 4 bytes.
    pub(crate) SmallId: Handle32
}

/// As aligned as a cache line, and larger than one.
#[derive(Clone, Debug, PartialEq)]
#[repr(align(128))]
struct Wide(u8);

/// Not aligned, and of no round size.
#[derive(Clone, Debug, PartialEq)]
struct Odd([u8; 7]);

fn fill_and_empty<T: Clone + PartialEq + Debug, H: Key>(of: fn(u8) -> T, bytes: usize) {
    let mut slab = Slab::<T, H>::with_capacity_and_key(200);
    assert_eq!(slab.heap_bytes(), 200 * bytes);
    let handles: Vec<H> = (0..200).map(|n| slab.insert(of(n))).collect();
    assert_eq!(slab.heap_bytes(), 200 * bytes);
    for (n, &handle) in (0..).zip(&handles) {
        assert_eq!(slab[handle], of(n));
        assert_eq!((&raw const slab[handle]).addr() % align_of::<T>(), 0);
    }
    for &handle in handles.iter().step_by(3) {
        assert!(slab.remove(handle).is_some());
        assert_eq!(slab.remove(handle), None);
    }
    let again: Vec<H> = (0..67).map(|n| slab.insert(of(n))).collect();
    assert_eq!((slab.len(), slab.slots()), (200, 200));
    assert!((0..67).zip(&again).all(|(n, &handle)| slab[handle] == of(n)));
    assert!(handles.iter().enumerate().all(|(n, &handle)| slab.contains(handle) == (n % 3 != 0)));
    slab.check_invariants();
}

#[test]
fn values_of_every_size_and_alignment_are_kept() {
    fill_and_empty::<(), Handle32>(|_| (), 4);
    fill_and_empty::<(), Handle>(|_| (), 8);
    fill_and_empty::<u8, Handle32>(|n| n, 4);
    fill_and_empty::<u8, Handle>(|n| n, 8);
    fill_and_empty::<u16, Handle32>(u16::from, 5);
    fill_and_empty::<[u64; 0], Handle>(|_| [], 12);
    fill_and_empty::<u32, Handle32>(u32::from, 5);
    fill_and_empty::<u64, Handle32>(u64::from, 9);
    fill_and_empty::<u64, Handle>(u64::from, 12);
    fill_and_empty::<Odd, Handle32>(|n| Odd([n; 7]), 8);
    fill_and_empty::<Wide, Handle32>(Wide, 129);
    fill_and_empty::<[u32; 0], Handle32>(|_| [], 5);
    fill_and_empty::<String, SmallId>(|n| n.to_string(), 25);
}

#[test]
fn handles_take_as_many_bytes_as_their_options() {
    assert_eq!((size_of::<Handle>(), size_of::<Option<Handle>>()), (8, 8));
    assert_eq!((size_of::<Handle32>(), size_of::<Option<Handle32>>()), (4, 4));
    assert_eq!((size_of::<NodeId>(), size_of::<Option<NodeId>>()), (8, 8));
    assert_eq!((size_of::<SmallId>(), size_of::<Option<SmallId>>()), (4, 4));
}

#[test]
fn handles_print_their_slot_and_generation() {
    let mut slab: Slab<_, SmallId> = Slab::with_key();
    let first = slab.insert(1);
    slab.remove(first);
    let second = slab.insert(2);
    assert_eq!(format!("{first:?} {second:?}"), "SmallId(Handle32(0v1)) SmallId(Handle32(0v3))");
    assert_eq!(format!("{slab:?}"), "{SmallId(Handle32(0v3)): 2}");
    assert_eq!((first.index(), first < second), (0, true));
    let mut slab = Slab::new();
    slab.insert('a');
    assert_eq!(format!("{:?}", slab.insert('b')), "Handle(1v1)");
}

#[test]
fn bits_are_those_of_a_handle_or_of_none() {
    for bits in [0, 1, 2, 3, 0x101, 0x1ff, 0xffff_ff01, 0xffff_ffff, 0xffff_fe01, 0xffff_feff] {
        let is_handle = bits % 2 == 1 && bits >> 8 != 0xff_ffff;
        assert_eq!(Handle32::from_bits(bits).map(Handle32::to_bits), is_handle.then_some(bits));
    }
    for bits in [0, 1, 1 << 32, 2 << 32, 3 << 32 | 7, 1 << 32 | 0xffff_ffff, u64::MAX - 1] {
        let is_handle = bits >> 32 & 1 == 1 && bits & 0xffff_ffff != 0xffff_ffff;
        assert_eq!(Handle::from_bits(bits).map(Handle::to_bits), is_handle.then_some(bits));
    }
}

#[test]
fn a_handle_of_another_slab_names_another_value_or_none() {
    let mut one: Slab<String> = ["a", "b"].map(String::from).into_iter().collect();
    let mut other: Slab<String> = ["x", "y", "z"].map(String::from).into_iter().collect();
    let handles: Vec<_> = other.keys().collect();
    assert_eq!(one.get(handles[0]).map(String::as_str), Some("a"));
    assert_eq!(one.get(handles[2]), None);
    // A slot that is vacant here has an odd age, which no handle has.
    one.remove(handles[1]);
    assert_eq!(one.get(handles[1]), None);
    assert_eq!(one.remove(handles[1]), None);
    let later = {
        other.remove(handles[1]);
        other.insert(String::from("w"))
    };
    assert_eq!(one.get(later), None);
    assert_eq!(one.get_disjoint_mut([handles[0], later]), None);
    let forged = (0..1000).filter_map(|n| Handle::from_bits((n % 500) << 32 | (n / 500)));
    let found: Vec<_> = forged.filter_map(|forged| one.get(forged)).collect();
    assert_eq!(found, ["a"]);
    one.check_invariants();
}

#[test]
#[should_panic(expected = "Handle(1v1) names no value: it was removed")]
fn indexing_by_a_dead_handle_panics() {
    let mut slab: Slab<_> = ["a", "b"].into_iter().collect();
    let last = slab.keys().next_back().unwrap();
    slab.remove(last);
    let _ = slab[last];
}

#[test]
#[should_panic(expected = "Handle(1v1) names no value: the slab has 1 slots")]
fn indexing_by_a_handle_beyond_the_slab_panics() {
    let two: Slab<_> = ["a", "b"].into_iter().collect();
    let mut one: Slab<_> = ["c"].into_iter().collect();
    one[two.keys().next_back().unwrap()] = "d";
}

#[test]
fn disjoint_values_are_borrowed_together() {
    let mut slab: Slab<_, Handle32> = (0..10).collect();
    let handles: Vec<_> = slab.keys().collect();
    let [a, b, c] = slab.get_disjoint_mut([handles[7], handles[0], handles[9]]).unwrap();
    (*a, *b, *c) = (*b, *c, *a);
    assert!(slab.values().eq(&[9, 1, 2, 3, 4, 5, 6, 0, 8, 7]));
    assert_eq!(slab.get_disjoint_mut([handles[1], handles[2], handles[1]]), None);
    assert_eq!(slab.get_disjoint_mut([]), Some([]));
    slab.remove(handles[2]);
    assert_eq!(slab.get_disjoint_mut([handles[1], handles[2]]), None);
}

#[test]
fn a_hint_that_lies_costs_nothing() {
    struct Lies(u8, usize);

    impl Iterator for Lies {
        type Item = u8;

        fn next(&mut self) -> Option<u8> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }

        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, None)
        }
    }

    for claimed in [0, 3, 200, usize::MAX] {
        let slab: Slab<u8> = Lies(100, claimed).collect();
        assert!(slab.values().eq(&(0..100).rev().collect::<Vec<_>>()));
        slab.check_invariants();
    }
}

#[test]
fn what_cannot_be_reserved_is_refused() {
    let mut slab: Slab<u64, Handle32> = Slab::with_key();
    let full = SlabError::Full { slots: 0xff_ffff };
    assert_eq!(slab.try_reserve(usize::MAX), Err(full));
    assert_eq!(slab.try_reserve_exact(0x100_0000), Err(full));
    let mut wide: Slab<[u64; 1 << 28]> = Slab::new();
    assert!(matches!(wide.try_reserve(usize::MAX >> 32), Err(SlabError::Reserve(_))));
    assert_eq!((slab.heap_bytes(), wide.heap_bytes()), (0, 0));
}

#[test]
fn vacant_slots_are_reserved_first() {
    let mut slab: Slab<u32> = (0..100).collect();
    slab.clear();
    let bytes = slab.heap_bytes();
    assert_eq!(bytes, 800);
    slab.reserve_exact(100);
    assert_eq!((slab.heap_bytes(), slab.capacity()), (800, 100));
    slab.reserve_exact(101);
    assert_eq!((slab.heap_bytes(), slab.capacity()), (808, 101));
    // The first slot comes first again.
    assert_eq!(slab.insert(0).index(), 0);
}

#[test]
fn compacting_moves_values_and_frees_what_is_left() {
    let mut slab: Slab<String, Handle32> = (0..1000).map(|n| n.to_string()).collect();
    let handles: Vec<_> = slab.keys().collect();
    slab.retain(|_, text| text.ends_with('7'));
    let mut map: SlabMap<usize, _> =
        handles.iter().map(|&handle| (handle, handle.index())).collect();
    let (remap, stats) = measure(|| slab.compact());
    assert_eq!(slab.heap_bytes(), 100 * 25);
    // The remap is the only block, beside those that are made smaller.
    assert_eq!((stats.allocations, stats.frees), (2, 0));
    map.remap(&remap);
    assert_eq!((map.len(), map.heap_bytes()), (100, 100 * 9));
    for (number, &old) in handles.iter().enumerate() {
        let new = remap.get(old);
        assert_eq!(new.is_some(), number % 10 == 7);
        if let Some(new) = new {
            assert_eq!((slab[new].as_str(), map[new]), (number.to_string().as_str(), number));
        }
    }
    assert!(remap.iter().map(|(_, new)| new).eq(slab.keys()));
    let mut some = [handles[17], handles[27]];
    assert_eq!(remap.apply(&mut some), Ok(()));
    assert!(some.iter().map(|&handle| &*slab[handle]).eq(["17", "27"]));
    let mut dead = [handles[17], handles[8]];
    let lost = NotKept { place: 1, handle: handles[8] };
    assert_eq!(remap.apply(&mut dead), Err(lost));
    assert_eq!(dead, [handles[17], handles[8]]);
    assert_eq!(lost.to_string(), "Handle32(8v1), at 1 of the handles, named no value");
}

#[test]
fn an_entry_of_a_dead_handle_is_missed_by_the_next_one() {
    let mut slab = Slab::<_, Handle32>::with_key();
    let mut map = SlabMap::with_key();
    let dead = slab.insert("a");
    assert_eq!(map.insert(dead, 1), None);
    assert_eq!(map.insert(dead, 2), Some(1));
    slab.remove(dead);
    let live = slab.insert("b");
    assert_eq!((map.get(dead), map.get(live)), (Some(&2), None));
    assert_eq!(map.insert(live, 3), None);
    assert_eq!((map.get(dead), map.get(live), map.len()), (None, Some(&3), 1));
    assert_eq!(map.try_insert(dead, 4), Err(InsertError { value: 4, error: SlabError::Stale }));
    assert_eq!((map.get(dead), map.get(live), map.len()), (None, Some(&3), 1));
    assert_eq!((*map.get_or_insert_with(live, || 9), map.remove(live)), (3, Some(3)));
    assert_eq!((*map.get_or_insert_with(live, || 9), map.remove(dead)), (9, None));
    map.check_invariants();
}

#[test]
#[should_panic(expected = "the handle names nothing: its value was removed")]
fn a_dead_handle_gets_no_entry_where_a_later_one_has_it() {
    let mut slab = Slab::<_, Handle32>::with_key();
    let dead = slab.insert(1);
    slab.remove(dead);
    let mut map = SlabMap::from_iter([(slab.insert(2), 2)]);
    map.insert(dead, 1);
}

#[test]
#[should_panic(expected = "the map has no entry for Handle(0v1)")]
fn indexing_a_map_without_an_entry_panics() {
    let slab: Slab<_> = [1].into_iter().collect();
    let map: SlabMap<u8> = SlabMap::new();
    let _ = map[slab.keys().next().unwrap()];
}

#[test]
fn slabs_and_maps_cross_threads_with_their_values() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Slab<String>>();
    crosses::<SlabMap<Vec<u8>, Handle32>>();
    crosses::<pennyweight::pool::Iter<'_, String, Handle>>();
}

/// What crosses threads has this for two `A`s, so that no one can be meant; what does not cross them, for one.
trait Stays<A> {
    fn stays() {}
}

impl<T> Stays<()> for T {}
impl<T: Send> Stays<u8> for T {}

#[test]
fn slabs_and_maps_stay_with_values_that_do() {
    <Slab<Rc<u8>> as Stays<_>>::stays();
    <SlabMap<Rc<u8>> as Stays<_>>::stays();
    <&Slab<Cell<u8>> as Stays<_>>::stays();
    <pennyweight::pool::IterMut<'_, Rc<u8>, Handle> as Stays<_>>::stays();
}

#[test]
fn a_map_is_gone_through_in_all_ways() {
    let mut slab: Slab<char> = Slab::new();
    slab.extend("abc".chars());
    let keys: Vec<_> = slab.keys().collect();
    let mut map: SlabMap<i32> = keys.iter().copied().zip([1, 2, 3]).collect();
    map.values_mut().for_each(|value| *value *= 10);
    for (handle, value) in &mut map {
        *value += handle.index() as i32;
    }
    assert!((&map).into_iter().eq(keys.iter().copied().zip(&[10, 21, 32])));
    let mut left = map.into_iter();
    assert_eq!((left.next_back(), left.len()), (Some((keys[2], 32)), 2));
    assert!(left.eq([(keys[0], 10), (keys[1], 21)]));
}

#[test]
fn a_slot_tells_its_handle() {
    let mut slab = Slab::<_, Handle32>::with_key();
    let handle = slab.try_insert_with_key(|handle| handle).unwrap();
    assert_eq!((slab.key_at(0), slab.key_at(1)), (Some(handle), None));
    slab.remove(handle);
    assert_eq!(slab.key_at(0), None);
}
