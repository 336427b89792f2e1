//! Types whose size is exact, type by type.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsString};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock};

use arrayvec::{ArrayString, ArrayVec};
use pennyweight::size::{HeapSize, deep_size};

use super::{assert_exact, numbers};

#[test]
fn vectors_count_their_spare_capacity() {
    let size = assert_exact(|| {
        let mut vec = Vec::with_capacity(1000);
        vec.extend(0..600u64);
        vec
    });
    assert_eq!((size.heap, size.slack, size.blocks), (8000, 400 * 8, 1));
    assert_exact(Vec::<u64>::new);
    assert_exact(|| vec![(); 100]);
    assert_exact(|| vec![vec![1u8, 2], Vec::with_capacity(9), Vec::new()]);
    assert_exact(|| vec![[Some(Box::new(1u16)), None], [None, None]]);
}

#[test]
fn strings_count_their_spare_capacity() {
    assert_exact(|| (0..1000).map(|i| format!("item-{i}")).collect::<Vec<_>>());
    let size = assert_exact(|| String::with_capacity(40) + "four");
    assert_eq!((size.heap, size.slack), (40, 36));
    assert_exact(|| {
        let mut name = OsString::with_capacity(70);
        name.push("notes");
        name
    });
    assert_exact(|| PathBuf::from("/srv").join("notes"));
    assert_exact(|| CString::new("notes").unwrap());
}

#[test]
fn boxes_count_what_they_hold() {
    assert_exact(|| Box::new(7u64));
    assert_exact(|| Box::new(()));
    assert_exact(|| Box::new(Box::new(String::from("inner"))));
    assert_exact(|| Box::<str>::from("str"));
    assert_exact(|| Box::<CStr>::from(c"c str"));
    assert_exact(|| Box::<Path>::from(Path::new("path")));
    assert_exact(|| vec![String::from("a"), String::from("bc")].into_boxed_slice());
    assert_exact(|| Box::pin(String::from("pinned")));
}

#[test]
fn deques_and_heaps_count_their_ring_and_their_array() {
    let deque = assert_exact(|| {
        let mut deque = VecDeque::new();
        (0..1000u64).for_each(|i| deque.push_back(i));
        (0..10).for_each(|_| _ = deque.pop_front());
        deque
    });
    assert_eq!((deque.heap, deque.slack), (8192, (1024 - 990) * 8));
    assert_exact(|| {
        let mut heap = BinaryHeap::new();
        (0..1000u64).for_each(|i| heap.push(i.to_string()));
        heap
    });
}

#[test]
fn linked_lists_count_a_node_per_element() {
    let size = assert_exact(|| (0..1000u64).collect::<LinkedList<_>>());
    assert_eq!((size.heap, size.blocks), (24000, 1000));
    assert_exact(|| (0..100u8).collect::<LinkedList<_>>());
    assert_exact(|| (0..100).map(|i| i.to_string()).collect::<LinkedList<_>>());
    assert_exact(|| [Wide::default(), Wide::default()].into_iter().collect::<LinkedList<_>>());
}

#[test]
fn hash_tables_follow_from_their_capacity() {
    assert_exact(|| (0..1000).map(|i| (i, i)).collect::<HashMap<u64, u64>>());
    assert_exact(|| {
        let mut map = HashMap::new();
        (0..1800u64).for_each(|i| _ = map.insert(i, i));
        map
    });
    assert_exact(|| (0..3u8).map(|i| (i, ())).collect::<HashMap<_, _>>());
    assert_exact(|| {
        (0..5000).map(|i| (format!("k{i}"), format!("v{i}"))).collect::<HashMap<_, _>>()
    });
    assert_exact(|| (0..10000u32).collect::<HashSet<_>>());
    let grown = assert_exact(|| (0..200u32).collect::<HashSet<_>>());
    assert_eq!(grown.slack, (224 - 200) * 4);
    let filled = assert_exact(|| (0..224u64).map(|i| (i, i)).collect::<HashMap<_, _>>());
    assert_eq!(filled.slack, 0);
    assert_exact(HashMap::<u64, u64>::new);
    assert_exact(|| HashSet::from([()]));
    assert_exact(|| HashMap::from([(1u8, Wide::default())]));
    assert_exact(|| HashMap::from([(0u128, 0u8)]));
}

#[test]
fn hash_tables_of_every_size_are_exact_while_they_only_grow() {
    macro_rules! grow {
        ($($key:ty),+) => {$(
            for len in 1..=200u8 {
                assert_exact(|| {
                    let mut set = HashSet::new();
                    (0..len).for_each(|i| _ = set.insert(<$key>::from(i)));
                    set
                });
            }
        )+};
    }
    grow!(u8, u16, u32, u64, u128);
    for len in 1..=200u8 {
        assert_exact(|| (0..len).map(|i| [i; 3]).collect::<HashSet<_>>());
        assert_exact(|| (0..len).map(|i| (i, [i; 30])).collect::<HashMap<_, _>>());
    }
}

#[test]
fn tables_of_hashbrown_tell_their_allocation() {
    let map = assert_exact(|| {
        (0..100u32).map(|i| (i, i.to_string())).collect::<hashbrown::HashMap<_, _>>()
    });
    assert_eq!(map.slack, (112 - 100) * size_of::<(u32, String)>() + string_slack(100));
    let set =
        assert_exact(|| (0..100u32).map(|i| i.to_string()).collect::<hashbrown::HashSet<_>>());
    assert_eq!(set.slack, (112 - 100) * size_of::<String>() + string_slack(100));
    let table = assert_exact(|| {
        let mut table = hashbrown::HashTable::new();
        (0..100u64).for_each(|i| _ = table.insert_unique(i * 31, i, |i| i * 31));
        table
    });
    assert_eq!(table.slack, (112 - 100) * 8);
    assert_exact(|| {
        let mut map: hashbrown::HashMap<_, _> = (0..1790u64).map(|i| (i, i)).collect();
        (0..1000).for_each(|i| _ = map.remove(&i));
        map
    });
}

/// The spare capacity of the first numbers, as text.
fn string_slack(numbers: u32) -> usize {
    (0..numbers).map(|i| i.to_string()).map(|text| text.capacity() - text.len()).sum()
}

#[test]
fn ordered_maps_are_counted_node_by_node() {
    let ascending = assert_exact(|| {
        let mut map = BTreeMap::new();
        (0..10000u64).for_each(|i| _ = map.insert(i, i));
        map
    });
    assert_eq!((ascending.heap, ascending.blocks), (342_720, 1666));
    assert_eq!(ascending.slack, (1666 * 11 - 10000) * 16);
    assert_exact(|| numbers(1).take(10000).map(|k| (k, k)).collect::<BTreeMap<_, _>>());
    assert_exact(|| {
        let mut map = BTreeMap::new();
        numbers(2).take(10000).for_each(|k| _ = map.insert(k, k));
        map
    });
    assert_exact(|| {
        let mut map: BTreeMap<_, _> = BTreeMap::new();
        numbers(3).take(10000).for_each(|k| _ = map.insert(k, k));
        numbers(3).take(7000).for_each(|k| _ = map.remove(&k));
        map
    });
    assert_exact(|| {
        let entries = numbers(4).take(2000).map(|k| (k.to_string(), vec![1u32; (k % 9) as usize]));
        let mut map = BTreeMap::new();
        entries.for_each(|(key, value)| drop(map.insert(key, value)));
        map
    });
    assert_exact(|| {
        let mut set = BTreeSet::new();
        numbers(5).take(5000).for_each(|k| _ = set.insert(k as u32));
        set
    });
    let small = assert_exact(|| (0..3u8).map(|i| (i, i)).collect::<BTreeMap<_, _>>());
    assert_eq!(small.heap, 40);
}

#[test]
fn ordered_maps_of_every_small_size_are_exact() {
    for len in 1..=300u16 {
        assert_exact(|| {
            let mut set = BTreeSet::new();
            (0..len).for_each(|i| _ = set.insert(i));
            set
        });
        assert_exact(|| (0..len).rev().map(|i| (i, ())).collect::<BTreeMap<_, _>>());
        assert_exact(|| (0..len).map(|i| (u128::from(i), [0u8; 3])).collect::<BTreeMap<_, _>>());
    }
    assert_exact(|| BTreeMap::from([((), 1u64)]));
    assert_exact(|| BTreeSet::from([()]));
    assert_exact(|| BTreeMap::from([(1u8, Wide::default())]));
}

#[test]
fn shared_blocks_count_once() {
    let strings = assert_exact(|| {
        let pool: Vec<Arc<str>> = (0..10).map(|i| format!("shared-{i}").into()).collect();
        (0..1000).map(|i| pool[i % 10].clone()).collect::<Vec<_>>()
    });
    assert_eq!((strings.heap, strings.shared, strings.blocks), (16240, 240, 11));
    let vectors = assert_exact(|| {
        let pool: Vec<_> = (0..4).map(|i| Rc::new(vec![0u8; 100 + i])).collect();
        (0..100).map(|i| pool[i % 4].clone()).collect::<Vec<_>>()
    });
    assert_eq!((vectors.heap, vectors.shared, vectors.blocks), (1366, 566, 9));
    assert_exact(|| {
        let pool: Vec<Arc<str>> = (0..50).map(|i| format!("tag-{i}").into()).collect();
        (0..1000)
            .map(|i| (format!("key{i}"), (0..5).map(|j| pool[(i * 7 + j) % 50].clone()).collect()))
            .collect::<HashMap<String, Vec<_>>>()
    });
}

#[test]
fn counted_pointers_have_two_counters_before_the_value() {
    assert_exact(|| Rc::new(1u8));
    assert_exact(|| Rc::new(()));
    assert_exact(|| Arc::new([0u8; 3]));
    assert_exact(|| Rc::<[u16]>::from([1, 2, 3]));
    assert_exact(|| Rc::<[String]>::from([String::from("a"), String::from("b")]));
    assert_exact(|| Arc::<str>::from(""));
    assert_exact(Rc::<str>::default);
    let empty = assert_exact(Arc::<str>::default);
    assert_eq!(empty.heap, 0, "default ones that are empty lie in a static");
    assert_exact(|| (Arc::<[u64]>::default(), Arc::<std::ffi::CStr>::default(), Arc::new(())));
    assert_exact(|| Rc::pin(String::from("pinned")));
    assert_exact(|| Arc::pin(String::from("pinned")));
    let wide = assert_exact(|| Rc::new(Wide::default()));
    assert_eq!(wide.heap, 128);
    let empty = assert_exact(|| Rc::new(EmptyWide));
    assert_eq!(empty.heap, 64);
}

#[test]
fn counted_pointers_to_nothing_are_told_apart() {
    let size = assert_exact(|| (0..100).map(|_| Rc::new(())).collect::<Vec<_>>());
    assert_eq!((size.shared, size.blocks), (1600, 101));
}

#[test]
fn what_is_reached_through_a_shared_block_is_shared() {
    let size = assert_exact(|| (String::from("own"), Rc::new(vec![String::from("shared")])));
    assert_eq!(size.heap, 3 + size.shared);
    assert_eq!(size.shared, 16 + 24 + 24 + 6);
    let reversed = assert_exact(|| (Rc::new(vec![String::from("shared")]), String::from("own")));
    assert_eq!(reversed.shared, size.shared);
    let lent = assert_exact(|| (Rc::new(RefCell::new(String::from("shared"))), vec![1u8]));
    assert_eq!(lent.shared, lent.heap - 1);
}

#[test]
fn a_cycle_is_walked_once() {
    #[derive(pennyweight::size::HeapSize)]
    struct Node(#[allow(dead_code)] RefCell<Option<Rc<Self>>>, String);

    let first = Rc::new(Node(RefCell::new(None), String::from("first")));
    let second = Rc::new(Node(RefCell::new(Some(first.clone())), String::from("second")));
    *first.0.borrow_mut() = Some(second.clone());
    assert_eq!(first.heap_bytes(), 2 * (16 + size_of::<Node>()) + 5 + 6);
    assert_eq!(second.heap_bytes(), first.heap_bytes());
    *first.0.borrow_mut() = None;
}

#[test]
fn cells_and_free_locks_count_what_they_hold() {
    assert_exact(|| RefCell::new(String::from("cell")));
    assert_exact(|| Mutex::new(Vec::<u8>::with_capacity(64)));
    assert_exact(|| RwLock::new(vec![1u8]));
    assert_exact(|| Arc::new(Mutex::new(vec![Arc::new(1)])));
    assert_exact(|| OnceCell::from(String::from("once")));
    assert_exact(|| OnceLock::from(String::from("once")));
    assert_exact(OnceCell::<String>::new);
    let shared = assert_exact(|| {
        let text = Rc::new(String::from("seen through two cells"));
        [RefCell::new(text.clone()), RefCell::new(text)]
    });
    assert_eq!(shared.blocks, 2);
}

#[test]
fn inline_collections_count_what_their_elements_own() {
    assert_exact(|| [String::from("a"), String::from("bc")]);
    assert_exact(|| ArrayVec::<String, 4>::from_iter([String::from("a")]));
    assert_exact(|| ArrayString::<16>::from("inline").unwrap());
    assert_exact(|| (1u8, String::from("a"), Some(vec![1u8]), Err::<u8, _>(Box::new(1u64))));
    assert_exact(|| String::from("from")..String::from("to"));
    assert_exact(|| String::from("from")..=String::from("to"));
    assert_exact(|| std::cmp::Reverse(String::from("a")));
}

#[test]
fn what_is_borrowed_is_not_owned() {
    let text = String::from("borrowed");
    assert_eq!(deep_size(&&text).heap, 0);
    assert_eq!(deep_size(&Pin::new(&text)).heap, 0);
    assert_exact(|| vec![&text; 10]);
    assert_exact(|| [Cow::Borrowed("borrowed"), Cow::Owned(String::from("owned"))]);
}

#[test]
fn objects_count_what_is_behind_them() {
    trait Shape: HeapSize {}
    impl Shape for u64 {}
    impl Shape for String {}

    assert_exact(|| vec![Box::new(1u64) as Box<dyn Shape>, Box::new(String::from("a"))]);
    assert_exact(|| Arc::new(Mutex::new(String::from("a"))) as Arc<Mutex<dyn Shape + Send>>);
    assert_exact(|| Box::new(vec![1u8]) as Box<dyn HeapSize>);
}

#[test]
fn records_count_their_fields() {
    #[derive(pennyweight::size::HeapSize)]
    struct Record {
        id: u64,
        name: String,
        tags: Vec<Arc<String>>,
        part: Option<Box<Part>>,
    }
    #[derive(pennyweight::size::HeapSize)]
    struct Part {
        hashed: HashMap<u32, String>,
        ordered: BTreeMap<u64, u64>,
    }

    let (records, stats) = super::measure(|| {
        let tags: Vec<_> = (0..20).map(|i| Arc::new(format!("tag-{i}"))).collect();
        let part = |i: u64| Part {
            hashed: (0..(i % 11) as u32).map(|k| (k, k.to_string())).collect(),
            ordered: (0..i).map(|k| (k, k)).collect(),
        };
        (0..200u64)
            .map(|i| Record {
                id: i,
                name: format!("n{i}"),
                tags: tags[..(i % 5) as usize].to_vec(),
                part: (i % 3 == 0).then(|| Box::new(part(i))),
            })
            .collect::<Vec<_>>()
    });
    assert!(records.iter().all(|r| r.name.ends_with(&r.id.to_string()) && r.tags.len() < 5));
    assert!(records.iter().flat_map(|r| &r.part).all(|p| p.hashed.len() < 11));
    let size = deep_size(&records);
    assert_eq!((size.heap, size.blocks), super::held(&stats));
    assert_eq!(size.unseen, 1, "the first part's ordered map is empty");
}

/// Larger than the counters of an `Rc`, the links of a list and the control bytes of a table, by
/// its alignment.
#[repr(align(64))]
#[derive(Default, pennyweight::size::HeapSize, PartialEq, Eq, Hash)]
struct Wide(u8);

#[repr(align(64))]
#[derive(pennyweight::size::HeapSize)]
struct EmptyWide;
