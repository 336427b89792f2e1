//! Two threads read the flights of a month, and keep each tail number, airline and airport once.
//!
//! `sys.intern` in CPython is one table for all threads, behind the interpreter's lock. Here each thread takes symbols of four bytes from
//! one interner: a string that is there is found without a lock, and one that is new is copied once, whoever comes first.

use pennyweight::intern::{SharedInterner, Symbol};
use pennyweight::profile::{Allocator, Stats, measure_global};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::thread;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// The columns carrier, tailnum, origin and dest.
const COLUMNS: [usize; 4] = [9, 11, 12, 13];

/// A thread's part of the rows, one text behind the other.
fn texts<'a>(lines: &[&'a str]) -> impl Iterator<Item = &'a str> {
    lines.iter().flat_map(|line| COLUMNS.map(|column| line.split(',').nth(column).unwrap()))
}

/// Each part on a thread of its own.
fn in_parallel<T: Send>(lines: &[&str], read: impl Fn(&[&str]) -> Vec<T> + Sync) -> Vec<Vec<T>> {
    thread::scope(|scope| {
        let (left, right) = lines.split_at(lines.len() / 2);
        let threads = [left, right].map(|part| scope.spawn(|| read(part)));
        threads.map(|thread| thread.join().unwrap()).into()
    })
}

type Names = Mutex<HashSet<Arc<str>>>;

/// As a newcomer writes it: a string that is shared, and a set behind a lock.
fn before(lines: &[&str]) -> (Names, Vec<Vec<Arc<str>>>) {
    let names = Names::default();
    let shared = |text: &str| {
        let mut names = names.lock().unwrap();
        if let Some(name) = names.get(text) {
            return Arc::clone(name);
        }
        let name: Arc<str> = text.into();
        names.insert(Arc::clone(&name));
        name
    };
    let rows = in_parallel(lines, |part| collect(part, shared));
    (names, rows)
}

fn after(lines: &[&str]) -> (SharedInterner, Vec<Vec<Symbol>>) {
    let names = SharedInterner::new();
    let rows = in_parallel(lines, |part| collect(part, |text| names.intern(text)));
    (names, rows)
}

fn collect<T>(lines: &[&str], name: impl Fn(&str) -> T) -> Vec<T> {
    let mut rows = Vec::with_capacity(lines.len() * COLUMNS.len());
    rows.extend(texts(lines).map(name));
    rows
}

fn main() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/flights-2013-01.csv");
    let file = std::fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = file.lines().skip(1).collect();

    let ((names, plain), naive) = measure_global(|| before(&lines));
    let ((interner, symbols), small) = measure_global(|| after(&lines));

    let plain = plain.iter().flatten().map(|name| &**name);
    let found = symbols.iter().flatten().map(|&symbol| interner.resolve(symbol));
    assert!(plain.eq(found));
    assert_eq!((names.lock().unwrap().len(), interner.len()), (3262, 3262));

    print("Mutex<HashSet<Arc<str>>>", naive);
    print("SharedInterner", small);
    assert_eq!(naive.current, 1_876_240);
    // Of each row its symbols, 4 bytes where there were 16. Of each name, what depends on the order in which threads come.
    let symbols = lines.len() * COLUMNS.len() * size_of::<Symbol>();
    let vecs = 2 * size_of::<Vec<Symbol>>();
    assert_eq!(small.current as usize, symbols + vecs + interner.heap_bytes());
    // About a quarter of what is beside the text is the shards, which stay as they are when more names come.
    assert!(interner.heap_bytes() < interner.text_bytes() + 3262 * 20);
}

fn print(name: &str, stats: Stats) {
    println!("{name:>30}: {:>9} bytes", stats.current);
}
