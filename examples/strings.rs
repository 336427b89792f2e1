//! A hundred thousand users with a name each, and as many little lists: without a block of memory for every one.
//!
//! Python's `__slots__` against a `__dict__`, and tuples against lists. CPython 3.11 holds a user of an id and a name in
//! 186 bytes with a `__dict__` and in 146 with `__slots__`: a saving of a fifth, not of the two thirds that the
//! article measures, since looking at `__dict__` is what makes it. As a tuple each takes 154 bytes, and as a list of
//! three numbers 88 against 72 for a tuple. What saves is to have no objects: an array of ids beside one of names takes 18
//! bytes a user there, and fewer here.

use pennyweight::array::{IntArray, RaggedArray, SortedStrArray, StrArray};
use pennyweight::profile::{Allocator, Stats, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const USERS: u64 = 100_000;

struct User {
    id: u64,
    name: String,
}

/// Users, and three numbers for each, as a newcomer writes them.
fn before() -> (Vec<User>, Vec<Vec<u64>>) {
    let users = (0..USERS).map(|id| User { id, name: format!("User{id}") }).collect();
    (users, (0..USERS).map(|id| vec![id, id + 1, id + 2]).collect())
}

fn after() -> (IntArray<u64>, StrArray, RaggedArray<u32>) {
    let (mut ids, mut names, mut lists) = (IntArray::new(), StrArray::new(), RaggedArray::new());
    for id in 0..USERS {
        ids.push(id);
        names.push(&format!("User{id}"));
        lists.push_from(id as u32..id as u32 + 3);
    }
    ids.shrink_to_fit();
    names.shrink_to_fit();
    lists.shrink_to_fit();
    (ids, names, lists)
}

fn main() {
    let ((users, vecs), plain) = measure(before);
    let ((ids, names, lists), small) = measure(after);

    assert!(users.iter().map(|user| user.id).eq(&ids));
    assert!(users.iter().map(|user| &user.name).eq(&names));
    assert_eq!(names.get(4711), Some("User4711"));
    assert!(
        lists.iter().zip(&vecs).all(|(list, vec)| vec
            .iter()
            .eq(&list.iter().map(|&n| n.into()).collect::<Vec<u64>>()))
    );

    print("Vec<User>, Vec<Vec<u64>>", plain);
    print("IntArray, StrArray, RaggedArray", small);
    assert_eq!((plain.current, plain.peak), (9_520_000, 9_520_000));
    assert_eq!((small.current, small.peak), (2_314_154, 2_374_063));

    // Each on its own: 17 bits an id, 1 bit beside each name, and nothing beside lists of one length.
    assert_eq!(ids.heap_bytes(), 212_512);
    assert_eq!((names.heap_bytes(), names.text().len()), (901_642, 888_890));
    assert_eq!((lists.heap_bytes(), lists.values().len()), (1_200_000, 300_000));

    // To find a user by name, the names are sorted, and what each shares with the one before is left out.
    let mut sorted: Vec<&str> = names.iter().collect();
    sorted.sort_unstable();
    let (found, front) = measure(|| SortedStrArray::from_sorted(&sorted));
    print("SortedStrArray", front);
    assert_eq!(found.binary_search("User4711"), sorted.binary_search(&"User4711"));
    assert_eq!(found.prefix("User99").len(), 1 + 10 + 100 + 1000);
    assert_eq!(found.heap_bytes(), 158_357); // 1.6 bytes a name
}

fn print(name: &str, stats: Stats) {
    println!("{name:>31}: {:>10} bytes, {:>10} at the peak", stats.current, stats.peak);
}
