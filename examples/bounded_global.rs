//! Globals that grow as long as the program runs, and two that do not: a log of the last thousand readings, and a cache of as many pages
//! as fit into 64 KB.
//!
//! Python's remedy is `deque(maxlen=1000)`: 33,472 bytes in CPython 3.11, where the list of 200,000 floats takes 6.4 MB; and
//! `lru_cache(maxsize=...)`. A bound by count is one of bytes only if all values are of one size; pages are not.

use pennyweight::profile::{Allocator, measure};
use pennyweight::weak::{Strong, WeakMap};
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

thread_local! {
    static ALL: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static LAST: RefCell<VecDeque<f64>> = const { RefCell::new(VecDeque::new()) };
    static ALL_PAGES: RefCell<HashMap<usize, Rc<str>>> = RefCell::default();
    static PAGES: Pages = pages();
}

type Pages = WeakMap<usize, str>;

fn log_before(reading: f64) {
    ALL.with_borrow_mut(|all| all.push(reading));
}

fn log_after(reading: f64) {
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

/// Ten bytes or ten thousand: a bound by count would hold for neither.
fn render(number: usize) -> String {
    "x".repeat(10 + number * 7919 % 10_000)
}

fn page_before(number: usize) -> Rc<str> {
    ALL_PAGES.with_borrow_mut(|pages| {
        let page = pages.entry(number).or_insert_with(|| render(number).into());
        Rc::clone(page)
    })
}

/// Keeps the pages that were asked for last. Others live as long as somebody has them, and are found until then.
fn pages() -> Pages {
    let pages = Pages::new();
    pages.keep_alive_by(64 * 1024, |_, page| page.len());
    pages
}

fn page_after(number: usize) -> Strong<usize, str> {
    PAGES.with(|pages| pages.get_or_insert_from(number, |&number| render(number)))
}

fn main() {
    let reading = |number: u32| f64::from(number % 977) / 8.0;
    let ((), old) = measure(|| (0..200_000).for_each(|number| log_before(reading(number))));
    let ((), new) = measure(|| (0..200_000).for_each(|number| log_after(reading(number))));
    println!("Vec:      {:>9} bytes, {:>9} at the peak", old.current, old.peak);
    println!("VecDeque: {:>9} bytes, {:>9} at the peak", new.current, new.peak);
    assert_eq!((old.current, new.current, new.peak), (2_097_152, 8_000, 8_000));
    ALL.with_borrow(|all| LAST.with_borrow(|last| assert!(all[199_000..].iter().eq(last))));

    let ((), old) = measure(|| (0..2_000).for_each(|number| drop(page_before(number))));
    let ((), new) = measure(|| (0..2_000).for_each(|number| drop(page_after(number))));
    println!("HashMap:  {:>9} bytes, {:>9} at the peak", old.current, old.peak);
    println!("WeakMap:  {:>9} bytes, {:>9} at the peak", new.current, new.peak);
    assert!(old.current > 10_000_000 && new.current < 68 * 1024 && new.peak < 100 * 1024);

    // The last ones are there, and the one that somebody has.
    let first = page_after(0);
    (1_000..2_000).for_each(|number| drop(page_after(number)));
    let is_there = |number: usize| PAGES.with(|pages| pages.contains_key(&number));
    assert!(is_there(0) && is_there(1_999) && !is_there(1_000));
    drop(first);
    assert!(!is_there(0));
}
