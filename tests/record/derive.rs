//! What structs the derive takes.

use pennyweight::record::{Record, Records};
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::marker::PhantomData;

/// Bounds, a default, a lifetime, a constant, and a clause.
#[derive(Record, Clone, Debug, PartialEq)]
struct General<'a, K: Hash + Eq + Clone + Debug, V = u32, const N: usize = 2>
where
    V: Clone + PartialEq + Debug,
{
    keys: [K; N],
    counts: HashMap<K, V>,
    text: &'a str,
    nested: Option<Vec<Option<V>>>,
    kind: PhantomData<(&'a K, V)>,
}

#[test]
fn structs_may_be_general() {
    let text = String::from("a b");
    let general = |word| General::<'_, _, u8, 1> {
        keys: [word],
        counts: HashMap::from([(word, 1)]),
        text: word,
        nested: Some(vec![Some(2), None]),
        kind: PhantomData,
    };
    let mut records: Records<_> = text.split(' ').map(general).collect();
    assert_eq!((records[1].keys(), records[1].counts()["b"]), (&["b"], 1));
    assert_eq!(records[0].nested().map(Vec::len), Some(2));
    assert_eq!(records.columns().text(), ["a", "b"]);
    records.reverse();
    assert_eq!(records.pop(), Some(general("a")));
    assert_eq!(records[0].to_owned(), general("b"));
    let defaults = Records::<General<'_, char>>::new();
    assert!(defaults.is_empty());
}

/// Records within general records.
#[derive(Record, Clone, Debug, PartialEq)]
struct Pair<A: Record, B: Record> {
    #[record(nested)]
    first: A,
    #[record(nested)]
    second: B,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Point {
    x: i8,
    y: i8,
}

#[test]
fn records_are_nested_in_general_ones() {
    let point = |x| Point { x, y: -x };
    let pair =
        |x| Pair { first: point(x), second: Pair { first: point(x + 1), second: point(x + 2) } };
    let mut records: Records<Pair<Point, Pair<Point, Point>>> = (0..10).map(pair).collect();
    assert_eq!(records[3].second().second().x(), 5);
    assert_eq!(records.columns().second().first().y()[..2], [-1, -2]);
    records.columns_mut().second.first.x.fill(7);
    assert_eq!(records[9].second().first().x(), 7);
    records[9].set_first(point(100));
    assert_eq!(records[9].first().to_owned(), point(100));
}

/// A value of a type that is `Copy` is lent, unless the derive is told.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Code(u8);

#[derive(Record, Debug)]
struct Codes {
    lent: Code,
    #[record(copy)]
    given: Code,
    #[record(copy, plain)]
    maybe: Option<u8>,
}

#[test]
fn copies_are_given_where_the_derive_knows_or_is_told() {
    let mut records = Records::new();
    records.push(Codes { lent: Code(1), given: Code(2), maybe: Some(3) });
    let row = &records[0];
    let (lent, given, maybe): (&Code, Code, Option<u8>) = (row.lent(), row.given(), row.maybe());
    assert_eq!((lent.0, given.0, maybe), (1, 2, Some(3)));
    assert_eq!(records.columns().maybe(), [Some(3)]);
    assert_eq!(format!("{records:?}"), "[Codes { lent: Code(1), given: Code(2), maybe: Some(3) }]");
}

macro_rules! wide {
    ($($field:ident)*) => {
        #[derive(Record, Clone, Debug, PartialEq)]
        struct Wide {
            $($field: u16),*
        }

        fn wide(value: u16) -> Wide {
            Wide { $($field: value),* }
        }
    };
}

wide! {
    a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 b0 b1 b2 b3 b4 b5 b6 b7 b8 b9 c0 c1 c2 c3 c4 c5 c6 c7 c8 c9 d0 d1 d2 d3 d4 d5 d6 d7 d8 d9
    e0 e1 e2 e3 e4 e5 e6 e7 e8 e9 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 g0 g1 g2 g3 g4 g5 g6 g7 g8 g9 h0 h1 h2 h3 h4 h5 h6 h7 h8 h9
    i0 i1 i2 i3 i4 i5 i6 i7 i8 i9 j0 j1 j2 j3 j4 j5 j6 j7 j8 j9
}

#[test]
fn a_hundred_fields_are_a_hundred_columns() {
    let mut records: Records<Wide> = (0..50).map(wide).collect();
    records.sort_by_key(|row| u16::MAX - row.j9());
    records.shrink_to_fit();
    assert_eq!(records.heap_bytes(), 50 * 200);
    assert_eq!(records.columns().e5()[..3], [49, 48, 47]);
    assert_eq!(records.any_columns().names().len(), 100);
    assert_eq!(records.pop(), Some(wide(0)));
}
