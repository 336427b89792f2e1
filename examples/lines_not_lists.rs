//! The flights of a month, line by line: as a list of lines, and one line at a time.
//!
//! Python's remedy is the generator: `for line in file` instead of `file.readlines()`. It holds one line, however long that is: a file of 50 MB
//! without a newline takes 100 MB of CPython, and a `String` of that length in Rust. A longest line is what makes the memory bounded.

use std::fs::File;
use std::io::{Read, repeat};
use std::path::Path;

use pennyweight::profile::{Allocator, measure};
use pennyweight::stream::{LineError, Lines};
use pennyweight_baseline::stream::{lines, sample};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// How many flights leave from John F. Kennedy, and the longest line.
fn before(path: &Path) -> (usize, usize) {
    let lines = lines(path).expect("a file of lines");
    let from_jfk = lines.iter().filter(|line| line.contains(",JFK,")).count();
    (from_jfk, lines.iter().map(String::len).max().unwrap_or_default())
}

fn after(path: &Path) -> Result<(usize, usize), LineError> {
    let mut lines = Lines::new(File::open(path).expect("a file"));
    let (mut from_jfk, mut longest) = (0, 0);
    while let Some(line) = lines.next_line()? {
        from_jfk += usize::from(line.contains(",JFK,"));
        longest = longest.max(line.len());
    }
    Ok((from_jfk, longest))
}

fn main() -> Result<(), LineError> {
    let path = sample("flights-2013-01.csv");
    let (old, all) = measure(|| before(&path));
    let (new, one) = measure(|| after(&path));
    assert_eq!(old, new?);
    println!("all lines: {:>9} bytes at the peak, {:>6} allocations", all.peak, all.allocations);
    println!("one line:  {:>9} bytes at the peak, {:>6} allocations", one.peak, one.allocations);
    assert!(all.peak > 3_000_000 && all.allocations > 27_000);
    assert_eq!((one.peak, one.allocations), (65_536, 1));

    // 50 MB without a newline, and a line behind them.
    let (last, long) = measure(|| {
        let mut lines = Lines::new(repeat(b'x').take(50_000_000).chain(&b"\nlast"[..]));
        assert!(matches!(lines.next_line(), Err(LineError::TooLong { line: 1, .. })));
        lines.next_line().map(|line| line.map(str::to_owned))
    });
    assert_eq!(last?.as_deref(), Some("last"));
    println!("50 MB in one line: {} bytes at the peak", long.peak);
    // The longest line with its end, and the string.
    assert_eq!(long.peak, (1 << 20) + 2 + 4);
    Ok(())
}
