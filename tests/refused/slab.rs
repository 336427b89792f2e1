//! Slabs, their maps and trees where the allocator refuses: they stay as they were, and the value comes back.

use crate::given;
use pennyweight::pool::{Handle32, Position, ReserveError, Slab, SlabError, SlabMap, Tree};

fn is_refused(error: SlabError) -> bool {
    matches!(error, SlabError::Reserve(ReserveError::AllocationFailed { .. }))
}

#[test]
fn a_refused_value_comes_back_and_the_slab_goes_on() {
    let mut refused = 0;
    for blocks in 0..3 {
        let mut slab = Slab::<String, Handle32>::with_key();
        let mut handles = Vec::new();
        for number in 0..3000 {
            let mut value = number.to_string();
            if let Err(error) = given(blocks, || slab.try_insert(std::mem::take(&mut value)))
                .map(|handle| handles.push(handle))
            {
                assert!(is_refused(error.error));
                assert_eq!(error.value, number.to_string());
                assert_eq!(slab.len(), number);
                slab.check_invariants();
                refused += 1;
                handles.push(slab.insert(error.value));
            }
        }
        assert!(
            handles.iter().enumerate().all(|(number, &handle)| slab[handle] == number.to_string())
        );
    }
    assert!(refused > 20, "{refused}");
}

#[test]
fn what_cannot_be_reserved_or_compacted_changes_nothing() {
    let mut slab: Slab<u64> = (0..100).collect();
    slab.retain(|_, value| *value % 3 == 0);
    let copy = slab.clone();
    for blocks in 0..2 {
        for way in 0..3 {
            let mut slab = copy.clone();
            let refused = given(blocks, || match way {
                0 => slab.try_reserve(200),
                1 => slab.try_reserve_exact(200),
                _ => slab.try_compact().map(drop),
            });
            assert!(is_refused(refused.unwrap_err()));
            slab.check_invariants();
            assert_eq!(slab, copy);
            assert!(slab.keys().eq(copy.keys()));
            slab.insert(7);
        }
    }
    let remap = given(2, || slab.try_compact()).unwrap();
    assert_eq!((remap.iter().len(), slab.len(), slab.slots()), (34, 34, 34));
}

#[test]
fn a_refused_entry_leaves_the_map_as_it_was() {
    let slab: Slab<()> = (0..100).map(|_| ()).collect();
    let mut map = SlabMap::new();
    for (handle, number) in slab.keys().zip(0..) {
        for blocks in 0..2 {
            match given(blocks, || map.try_insert(handle, number)) {
                Ok(before) => assert!(before.is_none() || before == Some(number)),
                Err(error) => {
                    assert!(is_refused(error.error) && error.value == number);
                    assert_eq!(map.get(handle), None);
                }
            }
            map.check_invariants();
        }
        map.insert(handle, number);
    }
    assert!(map.values().copied().eq(0..100));
}

#[test]
fn a_refused_node_leaves_the_forest_as_it_was() {
    let mut refused = 0;
    for blocks in 0..4 {
        let mut tree = Tree::<u64>::new();
        let root = tree.insert_root(0);
        for value in 1..3000 {
            let position = Position::LastChild(root);
            if let Err(error) = given(blocks, || tree.try_insert(position, value)) {
                assert!(is_refused(error.error) && error.value == value);
                refused += 1;
                tree.check_invariants();
                tree.append(root, value);
            }
        }
        assert!(tree.children(root).map(|node| tree[node]).eq(1..3000));
        tree.check_invariants();
    }
    assert!(refused > 20, "{refused}");
}
