//! Which collection for a few members, a hundred thousand times: a list, a tuple, a dict or a set?
//!
//! The article says to choose the right one. CPython 3.11 takes 88 bytes for a list of three, 64 for a tuple, 224 for a dict and
//! 216 for a set, without the members. In Rust the choice is the same, and so is what it costs by the hundred thousand: each
//! small collection has a header and a block of its own. One collection of all of them has neither.

use std::collections::{HashMap, HashSet};

use pennyweight::array::{BitArray, IntArray, RaggedArray};
use pennyweight::profile::{Allocator, Stats, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: usize = 100_000;
const SHELVES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// The members of a row: three shelves, in order, and how much is on each.
fn members(row: usize) -> [(usize, u64); 3] {
    let first = row % 6;
    [first, first + 1, first + 2].map(|shelf| (shelf, (row * 7 + shelf) as u64 % 1000))
}

fn main() {
    // A list: members of one kind, in order, as many as there are.
    let (lists, list) = measure(|| -> Vec<Vec<u64>> {
        (0..ROWS).map(|row| members(row).iter().map(|&(_, count)| count).collect()).collect()
    });
    let (ragged, list_of_all) = measure(|| {
        let mut ragged = RaggedArray::<u16>::new();
        (0..ROWS).for_each(|row| ragged.push_from(members(row).map(|(_, count)| count as u16)));
        ragged.shrink_to_fit();
        ragged
    });
    assert!(
        lists
            .iter()
            .zip(&ragged)
            .all(|(list, all)| { list.iter().copied().eq(all.iter().map(|&count| count.into())) })
    );

    // A tuple: so many members, each with a meaning. A column takes the bits that its values need.
    let (tuples, tuple) =
        measure(|| (0..ROWS).map(|row| members(row).map(|(_, count)| count)).collect::<Vec<_>>());
    let (columns, tuple_of_all) = measure(|| {
        [0, 1, 2].map(|at| {
            let column = (0..ROWS).map(|row| members(row)[at].1);
            IntArray::from(&*column.collect::<Vec<_>>())
        })
    });
    assert!((0..ROWS).all(|row| columns.each_ref().map(|column| column.value(row)) == tuples[row]));

    // A dict: members found by key. Few keys are found as soon in a sorted row, beside which the values lie.
    let (maps, dict) = measure(|| -> Vec<HashMap<&str, u64>> {
        let map = |row| members(row).map(|(shelf, count)| (SHELVES[shelf], count)).into();
        (0..ROWS).map(map).collect()
    });
    let (keys, dict_of_all) = measure(|| {
        let mut keys = RaggedArray::<u8>::new();
        (0..ROWS).for_each(|row| keys.push_from(members(row).map(|(shelf, _)| shelf as u8)));
        keys.shrink_to_fit();
        keys
    });
    let find = |row: usize, shelf: &str| {
        let key = SHELVES.binary_search(&shelf).ok()? as u8;
        Some(ragged[row][keys[row].binary_search(&key).ok()?])
    };
    assert!((0..ROWS).all(|row| find(row, "c").map(u64::from) == maps[row].get("c").copied()));

    // A set: is it in there? Of eight that may be, each is a bit.
    let (sets, set) = measure(|| -> Vec<HashSet<usize>> {
        (0..ROWS).map(|row| members(row).map(|(shelf, _)| shelf).into()).collect()
    });
    let (bits, set_of_all) = measure(|| {
        let mut bits = BitArray::repeat(false, ROWS * SHELVES.len());
        for row in 0..ROWS {
            members(row).iter().for_each(|&(shelf, _)| bits.set(row * SHELVES.len() + shelf, true));
        }
        bits
    });
    let has = |row: usize, shelf: usize| bits.value(row * SHELVES.len() + shelf);
    assert!((0..ROWS).all(|row| (0..8).all(|shelf| has(row, shelf) == sets[row].contains(&shelf))));

    println!("{:<6}{:>12}{:>20}   all of them in", "", "one each", "all of them in one");
    let figures = [
        ("list", list, list_of_all.current, "RaggedArray<u16>"),
        ("tuple", tuple, tuple_of_all.current, "three IntArray<u64>"),
        (
            "dict",
            dict,
            dict_of_all.current + list_of_all.current,
            "RaggedArray<u8> of keys, and the list",
        ),
        ("set", set, set_of_all.current, "BitArray"),
    ];
    for (name, each, all, what) in figures {
        let each = each.current as f64 / ROWS as f64;
        println!("{name:<6}{each:>10.1} B{:>18.2} B   {what}", all as f64 / ROWS as f64);
    }
    assert_eq!([list, tuple, dict, set].map(bytes), [4_800_000, 2_400_000, 16_400_000, 10_000_000]);
    assert_eq!(
        [list_of_all, tuple_of_all, dict_of_all, set_of_all].map(bytes),
        [600_000, 337_536, 300_000, 100_000]
    );
}

fn bytes(stats: Stats) -> i64 {
    stats.current
}
