//! Ten million squares: in a list, and one after the other.
//!
//! Python's remedy are generators, `(i * i for i in range(n))` and functions with `yield`. They have no length, and are spent
//! after one pass: the second `sum` of a generator is 0. An iterator of Rust is the same without an object on the heap; and one that can be cloned,
//! such as a range that is mapped, is as good as new.

use pennyweight::profile::{Allocator, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const LEN: u64 = 10_000_000;

/// The first square above 100, and how many were looked at. All are made, as by a list comprehension.
fn before() -> (u64, usize) {
    let squares: Vec<u64> = (0..LEN).map(|i| i * i).collect();
    let index = squares.iter().position(|&square| square > 100).expect("a square above 100");
    (squares[index], index + 1)
}

/// As many are made as are looked at.
fn after() -> (u64, usize) {
    let mut made = 0;
    let mut squares = (0..LEN).map(|i| i * i).inspect(|_| made += 1);
    let first = squares.find(|&square| square > 100).expect("a square above 100");
    (first, made)
}

/// What a function with `yield` is: one that returns an iterator. Even numbers.
fn evens(below: u32) -> impl ExactSizeIterator<Item = u64> + Clone {
    (0..below.div_ceil(2)).map(|half| 2 * u64::from(half))
}

fn main() {
    let (old, list) = measure(before);
    let (new, lazy) = measure(after);
    assert_eq!((old, old), (new, (121, 12)));
    println!("list:     {:>9} bytes", list.peak);
    println!("iterator: {:>9} bytes, and {} on the stack", lazy.peak, size_of_val(&(0..LEN)));
    assert_eq!((list.peak, lazy.peak, lazy.allocations), (80_000_000, 0, 0));

    // Even numbers until one is above 100, which is the 52nd: the others are not made.
    let first = evens(20_000_000).enumerate().find(|&(_, even)| even > 100);
    assert_eq!(first, Some((51, 102)));

    // It has a length, and a second pass is one more.
    let (passes, stats) = measure(|| {
        let numbers = evens(1_000_000);
        (numbers.len(), numbers.clone().sum::<u64>(), numbers.sum::<u64>())
    });
    assert_eq!(passes, (500_000, 249_999_500_000, 249_999_500_000));
    assert_eq!(stats.allocations, 0);
}
