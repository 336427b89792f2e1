//! A global log that grows as long as the program runs, and two that do not: the last thousand readings, and the last lines that fit
//! into 64 KB.
//!
//! Python's remedy is `deque(maxlen=1000)`: 33,472 bytes in CPython 3.11, where the list of 200,000 floats takes 6.4 MB. A bound by count is one
//! of bytes only if all values are of one size; lines are not.

use pennyweight::profile::{Allocator, measure};
use std::cell::RefCell;
use std::collections::VecDeque;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

thread_local! {
    static ALL: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static LAST: RefCell<VecDeque<f64>> = const { RefCell::new(VecDeque::new()) };
    static LINES: RefCell<Lines> = const { RefCell::new(Lines::of(64 * 1024)) };
}

fn before(reading: f64) {
    ALL.with_borrow_mut(|all| all.push(reading));
}

fn after(reading: f64) {
    LAST.with_borrow_mut(|last| {
        if last.is_empty() {
            last.reserve_exact(1000);
        }
        if last.len() == 1000 {
            last.pop_front();
        }
        last.push_back(reading);
    });
}

/// The last lines, as many as fit into some bytes.
struct Lines {
    lines: VecDeque<Box<str>>,
    bytes: usize,
    most: usize,
}

impl Lines {
    const fn of(most: usize) -> Self {
        Self { lines: VecDeque::new(), bytes: 0, most }
    }

    fn push(&mut self, line: Box<str>) {
        let of = |line: &str| size_of::<Box<str>>() + line.len();
        self.bytes += of(&line);
        self.lines.push_back(line);
        while self.bytes > self.most {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes -= of(&oldest);
        }
    }
}

fn main() {
    let reading = |number: u32| f64::from(number % 977) / 8.0;
    let ((), old) = measure(|| (0..200_000).for_each(|number| before(reading(number))));
    let ((), new) = measure(|| (0..200_000).for_each(|number| after(reading(number))));
    println!("Vec:      {:>9} bytes, {:>9} at the peak", old.current, old.peak);
    println!("VecDeque: {:>9} bytes, {:>9} at the peak", new.current, new.peak);
    assert_eq!((old.current, new.current, new.peak), (2_097_152, 8_000, 8_000));
    ALL.with_borrow(|all| LAST.with_borrow(|last| assert!(all[199_000..].iter().eq(last))));

    // A line of ten bytes or of ten thousand: a bound by count would hold for neither.
    let line = |number: usize| "x".repeat(10 + number * 7919 % 10_000).into_boxed_str();
    let add = |number| LINES.with_borrow_mut(|lines| lines.push(line(number)));
    let ((), bounded) = measure(|| (0..20_000).for_each(add));
    println!("Lines:    {:>9} bytes, {:>9} at the peak", bounded.current, bounded.peak);
    assert!(bounded.peak < 64 * 1024 + 2 * 10_010 + 1024);
    LINES.with_borrow(|lines| assert_eq!(lines.lines.back(), Some(&line(19_999))));
}
