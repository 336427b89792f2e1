//! A hundred thousand users and as many points: with a dict each, as structs, and as columns.
//!
//! Python's `__slots__`, which says what attributes an object has, so that it needs no `__dict__`. CPython 3.11 takes 186 bytes a user
//! with an id and a name, and 146 with slots: a fifth less, not the two thirds of the article, whose reading of `__dict__` is what makes
//! the dict that it measures. A point takes 88 bytes, and 48 with slots. A Rust struct has nothing but slots: another attribute is
//! an error of the compiler. What it has still is eight bytes for a number of two, and a block of memory for each name.
#![forbid(unsafe_code)]

use std::collections::HashMap;

use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::record::{Record, Records};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const USERS: i64 = 100_000;

/// A struct as it is written anyway. The derive makes columns of it, each at the bits that its values need.
#[derive(Record, Clone, Debug, PartialEq)]
struct User {
    #[record(packed)]
    id: i64,
    #[record(text)]
    name: String,
}

#[derive(Record, Clone, Copy, Debug, PartialEq)]
struct Point {
    #[record(packed)]
    x: i64,
    #[record(packed)]
    y: i64,
}

fn users() -> impl Iterator<Item = User> {
    (0..USERS).map(|id| User { id, name: format!("User{id}") })
}

fn points() -> impl Iterator<Item = Point> {
    (0..USERS).map(|i| Point { x: i, y: i })
}

/// Attributes by name, as an object without slots has them.
fn dicts() -> Vec<HashMap<&'static str, String>> {
    let dict = |user: User| HashMap::from([("id", user.id.to_string()), ("name", user.name)]);
    users().map(dict).collect()
}

fn main() {
    // Users: what they take is mostly their names.
    let (dicts, dict) = measure(dicts);
    let (structs, plain) = measure(|| users().collect::<Vec<User>>());
    let (records, columns) = measure(|| {
        let mut records: Records<User> = users().collect();
        records.shrink_to_fit();
        records
    });
    print("users, a HashMap each", dict);
    print("users, Vec<User>", plain);
    print("users, Records<User>", columns);
    assert_eq!([dict, plain, columns].map(bytes), [26_220_000, 4_720_000, 1_114_154]);
    assert_eq!(columns.current, records.heap_bytes() as i64);

    // A row reads like the struct, and comes back as one.
    let row = &records[4711];
    assert_eq!((row.id(), row.name()), (4711, "User4711"));
    assert_eq!((dicts[4711]["name"].as_str(), &row.to_owned()), ("User4711", &structs[4711]));
    assert!(records.iter().map(|row| row.to_owned()).eq(structs));

    // Points: numbers alone, of 17 bits.
    let (structs, plain) = measure(|| points().collect::<Vec<Point>>());
    let (boxes, boxed) = measure(|| points().map(Box::new).collect::<Vec<Box<Point>>>());
    let (mut records, columns) = measure(|| {
        let mut records: Records<Point> = points().collect();
        records.shrink_to_fit();
        records
    });
    print("points, a Box each", boxed);
    print("points, Vec<Point>", plain);
    print("points, Records<Point>", columns);
    assert_eq!([boxed, plain, columns].map(bytes), [2_400_000, 1_600_000, 425_024]);
    assert!(records.iter().map(|row| row.to_owned()).eq(structs));
    assert_eq!(records.columns().x().sum(), boxes.iter().map(|point| i128::from(point.x)).sum());

    // A value that needs more bits makes its column wider, and no other.
    records[7].set_y(-1_000_000);
    assert_eq!(records[7].to_owned(), Point { x: 7, y: -1_000_000 });
}

fn bytes(stats: Stats) -> i64 {
    stats.current
}

fn print(name: &str, stats: Stats) {
    let each = stats.current as f64 / USERS as f64;
    println!("{name:>23}: {each:>6.2} bytes each, {:>7} allocations", stats.allocations);
}
