//! What the docs of slabs, their maps, and trees say of bytes.

use crate::weigh;
use pennyweight::pool::{Handle, Handle32, Key, Slab, SlabMap, Tree};
use pennyweight::profile::measure;

/// The bytes that a slot takes, at capacity.
fn slot<T: pennyweight::HeapSize, H: Key>(value: fn(usize) -> T) -> usize {
    let (slab, stats) = weigh(|| {
        let mut slab = Slab::<T, H>::with_capacity_and_key(1000);
        for number in 0..1000 {
            slab.insert(value(number));
        }
        slab
    });
    assert_eq!((stats.allocations, stats.reallocations), (2, 0));
    assert_eq!(stats.peak, stats.current);
    slab.heap_bytes() / 1000
}

#[test]
fn a_slot_takes_its_value_or_its_link_and_its_age() {
    assert_eq!(slot::<(), Handle32>(|_| ()), 3 + 1);
    assert_eq!(slot::<u8, Handle32>(|n| n as u8), 3 + 1);
    assert_eq!(slot::<u16, Handle32>(|n| n as u16), 4 + 1);
    assert_eq!(slot::<[u8; 3], Handle32>(|n| [n as u8; 3]), 3 + 1);
    assert_eq!(slot::<u32, Handle32>(|n| n as u32), 4 + 1);
    assert_eq!(slot::<u64, Handle32>(|n| n as u64), 8 + 1);
    assert_eq!(slot::<u128, Handle32>(|n| n as u128), 16 + 1);
    assert_eq!(slot::<u8, Handle>(|n| n as u8), 4 + 4);
    assert_eq!(slot::<u32, Handle>(|n| n as u32), 4 + 4);
    assert_eq!(slot::<u64, Handle>(|n| n as u64), 8 + 4);
}

#[test]
fn a_small_slab_doubles_from_256_bytes_to_16_kilobytes() {
    let mut slab = Slab::new();
    let mut bytes = Vec::new();
    for number in 0..2_000_u64 {
        slab.insert(number);
        if bytes.last() != Some(&slab.heap_bytes()) {
            bytes.push(slab.heap_bytes());
        }
    }
    // Whole slots of 12 bytes. At 16,128 it is still small.
    assert_eq!(bytes, [252, 504, 1008, 2016, 4032, 8064, 16_128, 32_256]);
}

#[test]
fn a_large_slab_grows_by_a_quarter_and_shrinks_to_its_slots() {
    let (mut slab, stats) = weigh(|| {
        (0..100_000_u64).fold(Slab::new(), |mut slab, number| {
            slab.insert(number);
            slab
        })
    });
    assert_eq!(slab.heap_bytes(), 1_431_936);
    assert_eq!(stats.peak, 1_431_936);
    slab.shrink_to_fit();
    assert_eq!(slab.heap_bytes(), 1_200_000);
}

#[test]
fn removing_and_inserting_allocates_nothing() {
    let mut slab: Slab<u64, Handle32> = (0..1000).collect();
    let mut handles: Vec<_> = slab.keys().collect();
    let ((), stats) = measure(|| {
        for handle in &mut handles {
            let value = slab.remove(*handle).unwrap();
            *handle = slab.insert(value);
        }
        slab.clear();
        handles.iter_mut().zip(0..).for_each(|(handle, value)| *handle = slab.insert(value));
        slab.retain(|_, value| *value % 2 == 0);
        slab.drain().for_each(drop);
    });
    assert_eq!((stats.allocations, stats.reallocations, stats.frees), (0, 0, 0));
}

#[test]
fn a_map_takes_a_value_and_an_age_for_each_slot() {
    let slab: Slab<u64, Handle32> = (0..1000).collect();
    let (map, _) = weigh(|| {
        let mut map = SlabMap::with_key();
        map.reserve(slab.slots());
        map.extend(slab.keys().map(|handle| (handle, true)));
        map
    });
    assert_eq!((map.len(), map.heap_bytes()), (1000, 1000 * (1 + 1)));
    let last = slab.keys().next_back().unwrap();
    let (map, _) = weigh(|| SlabMap::<u32, _>::from_iter([(last, 7)]));
    // All slots before it.
    assert_eq!(map.heap_bytes(), 5000);
}

#[test]
fn a_compacted_slab_has_no_bytes_but_those_of_its_values() {
    let mut slab: Slab<u64> = (0..1000).collect();
    slab.retain(|_, value| *value % 4 == 0);
    let (remap, stats) = measure(|| slab.compact());
    assert_eq!((slab.heap_bytes(), remap.iter().len()), (250 * 12, 250));
    // The remap alone; both arrays are made smaller in place.
    assert_eq!((stats.allocations, stats.reallocations), (2, 2));
    assert_eq!(measure(|| drop(remap)).1.freed_bytes, 1000 * 12);
    let mut slab: Slab<u64, Handle32> = (0..1000).collect();
    let remap = slab.compact();
    assert_eq!(measure(|| drop(remap)).1.freed_bytes, 1000 * 5);
}

/// A hundred thousand nodes, each below any one before it.
fn tree<T, H: Key>(value: fn(usize) -> T) -> Tree<T, H> {
    let mut tree = Tree::with_key();
    tree.reserve_exact(100_000);
    let mut nodes = vec![tree.insert_root(value(0))];
    for number in 1..100_000 {
        nodes.push(tree.append(nodes[number * 7919 % nodes.len()], value(number)));
    }
    tree
}

#[test]
fn a_node_takes_thirteen_bytes_beside_its_value() {
    assert_eq!(weigh(|| tree::<u8, Handle32>(|n| n as u8)).0.heap_bytes(), 100_000 * (13 + 3));
    assert_eq!(weigh(|| tree::<u32, Handle32>(|n| n as u32)).0.heap_bytes(), 100_000 * (13 + 4));
    assert_eq!(weigh(|| tree::<u64, Handle32>(|n| n as u64)).0.heap_bytes(), 100_000 * (13 + 8));
    assert_eq!(weigh(|| tree::<u128, Handle32>(|n| n as u128)).0.heap_bytes(), 100_000 * (13 + 16));
    assert_eq!(weigh(|| tree::<u64, Handle>(|n| n as u64)).0.heap_bytes(), 100_000 * (20 + 8));
}

#[test]
fn walking_a_tree_allocates_nothing() {
    let tree = tree::<u64, Handle32>(|n| n as u64);
    let root = tree.roots().next().unwrap();
    let (sums, stats) = measure(|| {
        let climbed: usize = tree.preorder(root).map(|node| tree.ancestors(node).count()).sum();
        let children: usize = tree.postorder(root).map(|node| tree.children(node).count()).sum();
        (climbed, children)
    });
    assert_eq!((sums.1, stats.allocations), (99_999, 0));
}

#[cfg(target_pointer_width = "64")]
#[test]
fn slabs_and_trees_are_of_the_size_that_their_docs_say() {
    assert_eq!((size_of::<Slab<u8>>(), size_of::<Slab<u64, Handle32>>()), (64, 64));
    assert_eq!((size_of::<SlabMap<u8>>(), size_of::<Tree<u8>>()), (56, 96));
}
