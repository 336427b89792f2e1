//! A column of 100,000 strings of which 100 are different: as strings, and as symbols.
//!
//! Python's `sys.intern`. CPython 3.11 holds such a list in 7.3 MB, and with interned strings in 0.8 MB, all of it references
//! of eight bytes. (That `==` becomes faster is a myth: it compares addresses first anyway.) Where every string is different,
//! its table makes the list half as large again. pandas' `category` has a code for each string instead: one byte here.

use pennyweight::array::{IntArray, StrArray};
use pennyweight::define_symbol;
use pennyweight::intern::Interner;
use pennyweight::profile::{Allocator, Stats, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: usize = 100_000;

define_symbol! {
    /// A shop. The compiler takes no other number for it.
    Shop
}

/// As they are read from a file: each row has a string of its own.
fn before(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect()
}

/// The different ones once, and a number of four bytes for each row.
fn after(names: impl Iterator<Item = String>) -> (Vec<Shop>, Interner<Shop>) {
    Interner::encode(names)
}

fn main() {
    let names = || (0..ROWS).map(|row| format!("Shop number {:04}", row * 7919 % 100));
    let (strings, plain) = measure(|| before(names()));
    let ((symbols, shops), interned) = measure(|| after(names()));

    assert!(symbols.iter().map(|&shop| shops.resolve(shop)).eq(&strings));
    print("Vec<String>", plain);
    print("Vec<Shop> and Interner", interned);
    assert_eq!(plain.current, 4_800_000);
    assert_eq!(interned.current, 403_010);

    // Equal strings have equal symbols, so that rows are compared and counted by numbers.
    let forty_two = shops.get("Shop number 0042").expect("a shop of the column");
    let counted = symbols.iter().filter(|&&shop| shop == forty_two).count();
    assert_eq!(counted, strings.iter().filter(|&name| name == "Shop number 0042").count());
    let mut rows_of = vec![0; shops.len()];
    symbols.iter().for_each(|shop| rows_of[shop.index()] += 1);
    assert_eq!((counted, rows_of), (1000, vec![1000; 100]));

    // The symbols count the strings, so that they pack: a hundred need seven bits.
    let (codes, packed) = measure(|| symbols.iter().map(|shop| shop.index() as u8).collect());
    let codes: IntArray<u8> = codes;
    print("IntArray<u8> in its place", packed);
    assert_eq!((codes.width(), codes.len(), packed.current), (7, ROWS, 90_432));

    // Interning pays where strings recur. If no two are the same, nobody shares the table.
    let unique = || (0..ROWS).map(|row| format!("Shop number {row:06}"));
    let ((_rows, different), interned) = measure(|| after(unique()));
    let (array, flat) = measure(|| unique().collect::<StrArray>());
    print("all different: the same", interned);
    print("all different: StrArray", flat);
    assert_eq!((different.len(), array.len()), (ROWS, ROWS));
    assert_eq!((interned.current, flat.current), (3_000_288, 1_837_694));
}

fn print(name: &str, stats: Stats) {
    println!("{name:>26}: {:>9} bytes, {:>9} at the peak", stats.current, stats.peak);
}
