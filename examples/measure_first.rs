//! Measure first: what a list, its squares and a table of squares hold, and where most of it is.
//!
//! Python's `tracemalloc` around `[i for i in range(1_000_000)]`, `[i**2 for i in range(100_000)]` and
//! `{i: i**2 for i in range(50_000)}`: current and peak bytes (`get_traced_memory`), then what each line
//! holds, the largest first (`statistics('lineno')`). CPython 3.11 holds 40.4 MB for the list, and 9.8 MB
//! (10.7 MB at the peak) for the other two.

use std::collections::HashMap;

use pennyweight::{
    array::IntArray,
    profile::{Allocator, Stats, measure},
};

/// The line that makes a program count; `tracemalloc.start()`.
#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const NUMBERS: i64 = 1_000_000;
const SQUARES: i64 = 100_000;
const TABLE: i64 = 50_000;

/// What one line of the program added.
type Line = (&'static str, Stats);

fn before() -> (Vec<i64>, Vec<i64>, HashMap<i64, i64>, [Line; 3]) {
    let (numbers, a) = measure(|| (0..NUMBERS).collect());
    let (squares, b) = measure(|| (0..SQUARES).map(|i| i * i).collect());
    let (table, c) = measure(|| {
        let mut table = HashMap::new();
        for i in 0..TABLE {
            table.insert(i, i * i);
        }
        table
    });
    (numbers, squares, table, [("numbers", a), ("squares", b), ("table", c)])
}

/// The figures say where to begin: numbers below a million need 20 bits, not 64, and a table whose keys count up
/// needs no keys.
fn after() -> (IntArray<i64>, IntArray<i64>, IntArray<i64>, [Line; 3]) {
    let packed = |len, value: fn(i64) -> i64| {
        let mut array = IntArray::with_range(0, value(len - 1), len as usize);
        array.extend((0..len).map(value));
        array
    };
    let (numbers, a) = measure(|| packed(NUMBERS, |i| i));
    let (squares, b) = measure(|| packed(SQUARES, |i| i * i));
    let (table, c) = measure(|| packed(TABLE, |i| i * i));
    (numbers, squares, table, [("numbers", a), ("squares", b), ("table", c)])
}

fn main() {
    let ((numbers, squares, table, lines), total) = measure(before);
    let sums = (numbers.iter().sum::<i64>(), squares.iter().sum::<i64>(), table[&(TABLE - 1)]);
    print("before", total, lines);
    assert_eq!((total.current, total.peak, total.allocations), (9_914_128, 10_471_200, 17));
    assert_eq!(lines.map(|(_, line)| line.current), [8_000_000, 800_000, 1_114_128]);
    // A hash map that grows holds its old table and its new one side by side.
    assert_eq!(lines[2].1.peak, 1_671_200);

    let ((numbers, squares, table, lines), total) = measure(after);
    let (first, second) = (numbers.sum(), squares.sum());
    assert_eq!(
        (first, second, table.get(TABLE as usize - 1)),
        (sums.0.into(), sums.1.into(), Some(sums.2))
    );
    print("after", total, lines);
    assert_eq!((total.current, total.peak, total.allocations), (3_125_024, 3_125_024, 3));
    assert_eq!(lines.map(|(_, line)| line.current), [2_500_008, 425_008, 200_008]);
}

fn print(name: &str, total: Stats, mut lines: [Line; 3]) {
    println!("{name}: {} bytes now, {} at the peak", total.current, total.peak);
    lines.sort_by_key(|(_, stats)| -stats.current);
    for (line, stats) in lines {
        println!("{:>12} bytes in {:>2} allocations: {line}", stats.current, stats.allocations);
    }
}
