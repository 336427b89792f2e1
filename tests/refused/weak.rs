//! Weak maps where the allocator refuses: the call has an error, the map is as it was, and nothing is lost.

use crate::given;
use pennyweight::weak::{
    DefaultHashBuilder, Equivalent, InsertError, LoadError, Local, Mode, Strong, Value, WeakMapIn,
};
use std::sync::Arc;

type Map<V, M> = WeakMapIn<Number, V, DefaultHashBuilder, M>;

/// A key that is made of another one, without an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Number(u64);

impl From<&u64> for Number {
    fn from(number: &u64) -> Self {
        Self(*number)
    }
}

/// What is asked for in its place.
#[derive(Hash)]
struct Asked(u64);

impl Equivalent<Number> for Asked {
    fn equivalent(&self, key: &Number) -> bool {
        self.0 == key.0
    }
}

impl From<&Asked> for Number {
    fn from(asked: &Asked) -> Self {
        Self(asked.0)
    }
}

const KEYS: u64 = 500;

fn entries<M: Mode>() {
    let value = Arc::new(());
    let map = Map::<Arc<()>, M>::new();
    let (mut values, mut refused) = (Vec::new(), 0);
    for key in (0..KEYS).map(Number) {
        // The node, and the table where it is full.
        for blocks in 0.. {
            let given_value = Arc::clone(&value);
            match given(blocks, || map.try_insert(key, given_value)) {
                Ok(entered) => {
                    values.push(entered);
                    break;
                }
                Err(InsertError { key: same, value: back }) => {
                    assert!(same == key && Arc::ptr_eq(&back, &value));
                    assert!(!map.contains_key(&key));
                    map.check_invariants();
                    refused += 1;
                }
            }
        }
        assert_eq!(map.len(), values.len());
        assert_eq!(Arc::strong_count(&value), 1 + values.len());
    }
    assert!(refused > KEYS && refused < 2 * KEYS, "{refused}");
    drop(values);
    assert_eq!((map.len(), Arc::strong_count(&value)), (0, 1));
}

type Loaded<V, M> = Result<Strong<Number, V, M>, LoadError<()>>;

/// Loads values while the allocator gives less than they take, until it gives enough. Says how many loads that took, and how many were refused.
fn loads<V, M>(ask: impl Fn(&Map<V, M>, u64, &mut dyn FnMut()) -> Loaded<V, M>) -> (u64, u64)
where
    V: ?Sized + Value,
    M: Mode,
{
    let map = Map::<V, M>::new();
    let (mut values, mut refused, mut called) = (Vec::new(), 0, 0);
    for key in 0..KEYS {
        for blocks in 0.. {
            match given(blocks, || ask(&map, key, &mut || called += 1)) {
                Ok(loaded) => {
                    values.push(loaded);
                    break;
                }
                Err(error) => {
                    assert_eq!(error, LoadError::Refused);
                    assert!(!map.contains_key(&Number(key)) && map.len() == values.len());
                    map.check_invariants();
                    refused += 1;
                }
            }
        }
    }
    drop(values);
    assert!(map.is_empty());
    (called, refused)
}

fn all<M: Mode>() {
    entries::<M>();
    // What is refused before a load begins calls no closure.
    let (called, refused) = loads::<u64, M>(|map, key, called| {
        map.try_get_or_insert_with(Number(key), |key| {
            called();
            Ok(key.0)
        })
    });
    assert!(called == KEYS && refused > KEYS && refused < 2 * KEYS, "{called}, {refused}");
    let (called, refused) = loads::<u64, M>(|map, key, called| {
        map.try_get_or_insert_ref(&Asked(key), |key| {
            called();
            Ok(key.0)
        })
    });
    assert!(called == KEYS && refused > KEYS && refused < 2 * KEYS, "{called}, {refused}");
    // The node of the value comes after the load, which is called again where that is refused.
    let (called, refused) = loads::<str, M>(|map, key, called| {
        map.try_get_or_insert_from(Number(key), |_| {
            called();
            Ok("text")
        })
    });
    assert!(called >= 2 * KEYS && refused > called && refused < 3 * KEYS, "{called}, {refused}");
}

#[test]
fn what_is_refused_is_an_error_and_leaves_the_map_as_it_was() {
    all::<Local>();
    #[cfg(feature = "std")]
    all::<pennyweight::weak::Shared>();
}

#[test]
fn what_is_refused_a_place_among_the_kept_is_not_kept() {
    let map = Map::<u64, Local>::new();
    map.keep_alive(10);
    // A node and a table; the queue is the third.
    let value = given(2, || map.try_insert(Number(1), 1)).unwrap();
    assert_eq!((Strong::count(&value), map.len()), (1, 1));
    drop(value);
    assert!(map.is_empty());
    drop(map.try_insert(Number(2), 2).unwrap());
    assert_eq!(map.len(), 1);
    map.check_invariants();
}
