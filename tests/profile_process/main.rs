//! The counting allocator over another one that counts by itself: what the process allocates.
//!
//! Runs without the test harness, whose own threads would be counted too.
#![allow(unsafe_code)]

#[cfg(feature = "metrics")]
mod metrics;

use std::{
    alloc::{GlobalAlloc, Layout, System, alloc, alloc_zeroed, dealloc, realloc},
    cell::RefCell,
    collections::BTreeMap,
    hint::black_box,
    ptr,
    sync::{
        Arc, Barrier,
        atomic::{AtomicI64, AtomicU64, Ordering::SeqCst},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use pennyweight::profile::{
    Allocator, Stats, measure, measure_global, overhead_bytes, reset_peak, totals,
};

const KIB: i64 = 1024;

/// The oracle: one counter of each kind for all threads, and a peak that misses nothing.
struct Counting {
    allocations: AtomicU64,
    reallocations: AtomicU64,
    frees: AtomicU64,
    allocated_bytes: AtomicU64,
    freed_bytes: AtomicU64,
    current: AtomicI64,
    peak: AtomicI64,
    /// Calls of `alloc_zeroed`, which must not have become calls of `alloc`.
    zeroed: AtomicU64,
}

/// Requests of this size are refused.
const REFUSED: usize = 123_457;

#[global_allocator]
static ALLOCATOR: Allocator<&Counting> = Allocator::over(&COUNTING);

static COUNTING: Counting = Counting {
    allocations: AtomicU64::new(0),
    reallocations: AtomicU64::new(0),
    frees: AtomicU64::new(0),
    allocated_bytes: AtomicU64::new(0),
    freed_bytes: AtomicU64::new(0),
    current: AtomicI64::new(0),
    peak: AtomicI64::new(0),
    zeroed: AtomicU64::new(0),
};

impl Counting {
    fn grow(&self, by: usize) {
        self.allocated_bytes.fetch_add(by as u64, SeqCst);
        let current = self.current.fetch_add(by as i64, SeqCst) + by as i64;
        self.peak.fetch_max(current, SeqCst);
    }

    fn shrink(&self, by: usize) {
        self.freed_bytes.fetch_add(by as u64, SeqCst);
        self.current.fetch_sub(by as i64, SeqCst);
    }

    fn allocated(&self, size: usize) {
        self.allocations.fetch_add(1, SeqCst);
        self.grow(size);
    }

    /// All figures but the peak, in the order of [`counts`].
    fn counts(&self) -> [i64; 6] {
        let load = |counter: &AtomicU64| counter.load(SeqCst) as i64;
        [
            load(&self.allocations),
            load(&self.reallocations),
            load(&self.frees),
            load(&self.allocated_bytes),
            load(&self.freed_bytes),
            self.current.load(SeqCst),
        ]
    }
}

// SAFETY: every method is the one of `System`, or refuses, which an allocator may.
unsafe impl GlobalAlloc for &Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() == REFUSED {
            return ptr::null_mut();
        }
        self.allocated(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() == REFUSED {
            return ptr::null_mut();
        }
        self.zeroed.fetch_add(1, SeqCst);
        self.allocated(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if new_size == REFUSED {
            return ptr::null_mut();
        }
        self.reallocations.fetch_add(1, SeqCst);
        if new_size >= layout.size() {
            self.grow(new_size - layout.size());
        } else {
            self.shrink(layout.size() - new_size);
        }
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(block, layout, new_size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.frees.fetch_add(1, SeqCst);
        self.shrink(layout.size());
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

fn counts(stats: Stats) -> [i64; 6] {
    [
        stats.allocations as i64,
        stats.reallocations as i64,
        stats.frees as i64,
        stats.allocated_bytes as i64,
        stats.freed_bytes as i64,
        stats.current,
    ]
}

fn difference(after: [i64; 6], before: [i64; 6]) -> [i64; 6] {
    std::array::from_fn(|i| after[i] - before[i])
}

#[track_caller]
fn assert_totals_agree() {
    assert_eq!(counts(totals()), COUNTING.counts());
}

/// A block that the optimiser must believe in.
fn zeros(bytes: usize) -> Vec<u8> {
    black_box(vec![0; bytes])
}

fn main() {
    totals_count_from_the_first_allocation();
    zeroed_requests_stay_zeroed_requests();
    refused_requests_count_nothing();
    measure_global_counts_the_threads_that_the_closure_joins();
    global_measurements_overlap();
    a_reset_peak_begins_at_what_is_allocated();
    short_lived_threads_are_counted_to_the_byte();
    #[cfg(target_os = "linux")]
    foreign::threads_past_their_shard_disturb_no_one();
    ended_threads_leave_no_error_in_the_peak();
    blocks_freed_by_another_thread_do_not_raise_the_peak();
    #[cfg(feature = "metrics")]
    metrics::the_metrics_are_the_totals_under_the_documented_names();
    println!("profile_process: ok");
}

fn totals_count_from_the_first_allocation() {
    drop(black_box(Box::new(1)));
    assert!(COUNTING.allocations.load(SeqCst) > 0);
    assert_totals_agree();
}

fn zeroed_requests_stay_zeroed_requests() {
    let before = COUNTING.zeroed.load(SeqCst);
    drop(zeros(10_000));
    assert_eq!(COUNTING.zeroed.load(SeqCst), before + 1);
    assert_totals_agree();
}

fn refused_requests_count_nothing() {
    let refused = Layout::from_size_align(REFUSED, 8).unwrap();
    let small = Layout::from_size_align(100, 8).unwrap();
    let ((), stats) = measure(|| {
        // SAFETY: the size of the layout is not zero.
        assert!(black_box(unsafe { alloc(refused) }).is_null());
        // SAFETY: the size of the layout is not zero.
        assert!(black_box(unsafe { alloc_zeroed(refused) }).is_null());
        // SAFETY: the size of the layout is not zero.
        let block = black_box(unsafe { alloc(small) });
        // SAFETY: `block` was allocated with `small`, and the new size is neither zero nor too great.
        assert!(black_box(unsafe { realloc(block, small, REFUSED) }).is_null());
        // SAFETY: `block` was allocated with `small`, and still is, as its reallocation failed.
        unsafe { dealloc(block, small) };
    });
    assert_eq!(counts(stats), [1, 0, 1, 100, 100, 0]);
    assert_eq!(stats.peak, 100);
    assert_totals_agree();
}

fn measure_global_counts_the_threads_that_the_closure_joins() {
    let before = COUNTING.counts();
    let (blocks, stats) = measure_global(|| {
        let threads: Vec<JoinHandle<Vec<u8>>> = (1..=4)
            .map(|i| {
                thread::spawn(move || {
                    drop(zeros(3_000_000));
                    vec![0_u8; i * 1_000_000]
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(counts(stats), difference(COUNTING.counts(), before));
    assert!(stats.current > 10_000_000, "{stats}");
    // Five threads have allocated; each may be a batch off.
    assert!(stats.peak >= 10_000_000 - 5 * 64 * KIB, "{stats}");
    drop(blocks);

    let (_, only_this) = measure(|| thread::spawn(|| vec![0_u8; 1_000_000]).join().unwrap());
    assert!(only_this.peak < 100_000, "{only_this}");
    assert_totals_agree();
}

fn global_measurements_overlap() {
    // Each begins before the other ends; the hills that they must see are apart.
    let barrier = Arc::new(Barrier::new(2));
    let other = {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || {
            measure_global(|| {
                barrier.wait(); // 1: both have begun
                barrier.wait(); // 2: the higher hill is over
                drop(zeros(2_000_000));
            })
            .1
        })
    };
    let ((), outer) = measure_global(|| {
        barrier.wait();
        drop(zeros(8_000_000));
        let ((), inner) = measure_global(|| drop(zeros(1_000_000)));
        assert!((1_000_000 - 128 * KIB..1_000_000 + 128 * KIB).contains(&inner.peak), "{inner}");
        barrier.wait();
    });
    let other = other.join().unwrap();
    for stats in [outer, other] {
        assert!((8_000_000 - 128 * KIB..8_000_000 + 128 * KIB).contains(&stats.peak), "{stats}");
    }
    assert_totals_agree();
}

fn a_reset_peak_begins_at_what_is_allocated() {
    drop(zeros(30_000_000));
    assert!(totals().peak >= 30_000_000);
    let ((), measured) = measure(|| {
        drop(zeros(40_000_000));
        reset_peak();
    });
    assert_eq!(measured.peak, 40_000_000, "a measurement in progress keeps its peak");
    let after = totals();
    assert!(after.peak < 30_000_000, "{after}");
    assert!(after.peak >= after.current, "{after}");
}

thread_local! {
    /// Allocates in its destructor, and frees what the thread has allocated.
    static LAST_WORDS: RefCell<LastWords> = const { RefCell::new(LastWords(Vec::new())) };
}

struct LastWords(Vec<Box<[u8]>>);

impl Drop for LastWords {
    fn drop(&mut self) {
        self.0.push(vec![7; 70_001].into());
        self.0.push(vec![0; 11].into());
        let mut words = String::from("last");
        words.push_str(" words, longer than before");
        black_box(&words);
    }
}

fn short_lived_threads_are_counted_to_the_byte() {
    const THREADS: usize = 2_000;
    const TOGETHER: usize = 4;
    reset_peak();
    COUNTING.peak.store(COUNTING.current.load(SeqCst), SeqCst);

    // Each thread frees what its predecessor has allocated.
    let (send, mut receive) = mpsc::channel::<Vec<Vec<u8>>>();
    send.send(vec![vec![1; 1_000]; 10]).unwrap();
    let mut running = Vec::new();
    for i in 0..THREADS {
        let (next, next_receive) = mpsc::channel();
        let inherited = std::mem::replace(&mut receive, next_receive);
        running.push(thread::spawn(move || {
            if i % 3 > 0 {
                // Sometimes before the first allocation of the thread and sometimes not at all.
                LAST_WORDS.with_borrow_mut(|words| words.0.reserve(i % 3));
            }
            let legacy: Vec<Vec<u8>> = (0..20).map(|k| vec![k; 1 + i * 37 % 40_000]).collect();
            let mut index = BTreeMap::new();
            for k in 0..50 {
                index.insert((k * 7_919 + i) % 101, format!("{i}-{k}"));
            }
            LAST_WORDS.with_borrow_mut(|words| words.0.push(vec![0; i % 5_000].into()));
            let mut grown = Vec::new();
            for k in 0..i % 300 {
                grown.push(k as u64);
            }
            grown.shrink_to_fit();
            drop(inherited.recv().unwrap());
            next.send(legacy).unwrap();
            black_box((index, grown));
        }));
        if running.len() == TOGETHER {
            for thread in running.drain(..) {
                thread.join().unwrap();
            }
        }
    }
    drop((send, receive, running));
    assert_totals_agree();

    // The main thread and `TOGETHER` others have run at once, and three measurements of the process.
    let shards = overhead_bytes() as i64 / 128 - 3;
    assert_eq!(overhead_bytes() % 128, 0);
    assert!(shards <= TOGETHER as i64 + 1, "{shards} shards");

    let (peak, exact) = (totals().peak, COUNTING.peak.load(SeqCst));
    assert!(exact > 1_000 * KIB, "the peak is too low to tell: {exact}");
    assert!((peak - exact).abs() <= shards * 64 * KIB, "{peak} is not {exact}");
}

/// Threads that std has not started, whose first free comes after the registration of a destructor of theirs. So
/// the destructor runs when the shard of the thread has been given back.
#[cfg(target_os = "linux")]
mod foreign {
    use super::*;
    use std::{ffi::c_void, os::unix::thread::RawPthread};

    unsafe extern "C" {
        fn pthread_create(
            thread: *mut RawPthread,
            attributes: *const c_void,
            start: extern "C" fn(*mut c_void) -> *mut c_void,
            argument: *mut c_void,
        ) -> i32;
        fn pthread_join(thread: RawPthread, result: *mut *mut c_void) -> i32;
    }

    static READY: Barrier = Barrier::new(3);
    static ENDING: Barrier = Barrier::new(3);

    thread_local! {
        static LATE: Late = const { Late };
    }

    struct Late;

    impl Drop for Late {
        fn drop(&mut self) {
            allocate_beside_others();
            let (block, outer) = measure(|| {
                let ((), inner) = measure(|| drop(zeros(500_000)));
                assert_eq!((counts(inner), inner.peak), ([1, 0, 1, 500_000, 500_000, 0], 500_000));
                Box::new(0_u8)
            });
            assert_eq!((counts(outer), outer.peak), ([2, 0, 1, 500_001, 500_000, 1], 500_000));
            drop(block);
        }
    }

    fn allocate_beside_others() {
        ENDING.wait();
        for i in 0..100_000 {
            let mut bytes = Vec::<u8>::with_capacity(1 + i % 100);
            bytes.reserve_exact(200);
            bytes.shrink_to(i % 150);
            black_box(bytes);
        }
    }

    extern "C" fn ends_late(_: *mut c_void) -> *mut c_void {
        LATE.with(|_| ());
        drop(zeros(100));
        READY.wait();
        ptr::null_mut()
    }

    pub(super) fn threads_past_their_shard_disturb_no_one() {
        let start = || {
            let mut thread = 0;
            // SAFETY: `thread` is valid for a write, no attributes are the default ones, and `ends_late` has the
            // signature of a start routine and uses no argument.
            let error =
                unsafe { pthread_create(&raw mut thread, ptr::null(), ends_late, ptr::null_mut()) };
            assert_eq!(error, 0);
            thread
        };
        let foreign = [start(), start()];
        READY.wait();
        // It runs in the shard that one of the two has left, if they are that far, while they go on without.
        let third = thread::spawn(allocate_beside_others);
        for thread in foreign {
            // SAFETY: the thread was created joinable, and is joined here only.
            assert_eq!(unsafe { pthread_join(thread, ptr::null_mut()) }, 0);
        }
        third.join().unwrap();
        assert_totals_agree();
    }
}

fn ended_threads_leave_no_error_in_the_peak() {
    const TOGETHER: usize = 40;
    const BLOCK: i64 = 60_000;
    reset_peak();
    let before = totals().peak;
    let barrier = Arc::new(Barrier::new(TOGETHER));
    let threads: Vec<_> = (0..TOGETHER)
        .map(|_| {
            let barrier = Arc::clone(&barrier);
            thread::spawn(move || {
                barrier.wait();
                vec![0_u8; BLOCK as usize]
            })
        })
        .collect();
    let blocks: Vec<Vec<u8>> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    drop(blocks);
    let rise = totals().peak - before;
    // The main thread alone has not ended.
    assert!(rise >= TOGETHER as i64 * BLOCK - 64 * KIB, "{rise}");
}

fn blocks_freed_by_another_thread_do_not_raise_the_peak() {
    const BLOCKS: i64 = 20_000;
    const BLOCK: i64 = 1_000;
    reset_peak();
    let before = totals().peak;
    let (send, receive) = mpsc::sync_channel::<Vec<u8>>(0);
    let other = thread::spawn(move || receive.into_iter().for_each(drop));
    for _ in 0..BLOCKS {
        send.send(vec![0; BLOCK as usize]).unwrap();
    }
    // No more than a few blocks are alive at a time; each of two threads may be a batch off, up and down.
    let rise = totals().peak - before;
    assert!(rise <= 2 * 64 * KIB + 100 * BLOCK, "{rise}");
    drop(send);
    other.join().unwrap();
    assert_totals_agree();
}
