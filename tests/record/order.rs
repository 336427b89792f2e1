//! Rows that are ordered and hashed.

use pennyweight::record::{Record, Records};
use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

#[derive(Record, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Crew {
    #[record(dict)]
    pilot: String,
    seats: Option<u8>,
}

#[derive(Record, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum State {
    Planned,
    Late(u16, String),
    Gone {
        #[record(dict)]
        why: Option<String>,
    },
}

#[derive(Record, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Flight {
    number: u16,
    #[record(text)]
    note: Option<String>,
    #[record(packed)]
    full: Option<bool>,
    name: String,
    #[record(nested)]
    crew: Crew,
    #[record(nested)]
    state: State,
    #[record(nested)]
    second: Option<Crew>,
}

fn flight(i: usize) -> Flight {
    let crew =
        |i: usize| Crew { pilot: format!("{}", i % 7), seats: i.is_multiple_of(2).then_some(3) };
    Flight {
        number: (i % 3) as u16,
        note: (!i.is_multiple_of(4)).then(|| format!("{}", i % 5)),
        full: [None, Some(true), Some(false)][i / 2 % 3],
        name: format!("{}", i % 2),
        crew: crew(i),
        state: match i % 4 {
            0 => State::Planned,
            1 => State::Late((i % 5) as u16, "late".to_owned()),
            _ => State::Gone { why: (!i.is_multiple_of(3)).then(|| format!("{}", i % 9)) },
        },
        second: (i % 11 > 3).then(|| crew(i + 1)),
    }
}

#[test]
fn rows_are_ordered_and_hashed_as_their_structs_are() {
    let structs: Vec<Flight> = (0..150).chain(0..20).map(flight).collect();
    let records: Records<Flight> = structs.iter().cloned().collect();
    let hash = RandomState::new();
    for (row, flight) in records.iter().zip(&structs) {
        assert_eq!(hash.hash_one(row), hash.hash_one(flight));
        for (other, another) in records.iter().zip(&structs) {
            assert_eq!(row.cmp(other), flight.cmp(another));
            assert_eq!(row.partial_cmp(other), flight.partial_cmp(another));
        }
    }
    let distinct: HashSet<&FlightRow> = records.iter().collect();
    assert_eq!(distinct.len(), structs.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(records.iter().max().map(FlightRow::to_owned).as_ref(), structs.iter().max());
}

#[test]
fn rows_are_partly_ordered_where_their_fields_are() {
    #[derive(Record)]
    struct Price(u8, f64);
    let prices = Records::from([Price(1, 2.0), Price(1, f64::NAN), Price(2, f64::NAN)]);
    assert!(prices[0] < prices[2]);
    assert_eq!(prices[0].partial_cmp(&prices[1]), None);
}

#[test]
fn records_hold_records_of_themselves() {
    #[derive(Record)]
    struct Node {
        name: u8,
        children: Records<Node>,
    }
    #[derive(Record)]
    enum Tree {
        Leaf(u8),
        Branch(Records<Tree>, u8),
    }
    #[derive(Record)]
    struct Linked<'a> {
        before: &'a Records<Linked<'a>>,
    }
    assert!(Records::<Linked<'_>>::new().iter().all(|linked| linked.before().is_empty()));
    let node = |name, children: Vec<Node>| Node { name, children: children.into() };
    let nodes = || Records::from([node(1, vec![node(2, vec![]), node(3, vec![])])]);
    assert_eq!(nodes(), nodes());
    let text = "[Node { name: 1, children: [Node { name: 2, children: [] }, Node { name: 3, children: [] }] }]";
    assert_eq!(format!("{:?}", nodes()), text);
    let mut other = nodes();
    other[0].children_mut()[1].set_name(4);
    assert_ne!(nodes(), other);
    let trees = Records::from([Tree::Branch([Tree::Leaf(1)].into(), 2), Tree::Leaf(3)]);
    assert_eq!(trees[0], trees[0]);
    assert_eq!(format!("{trees:?}"), "[Branch([Leaf(1)], 2), Leaf(3)]");
}
