//! The counting allocator, installed: what one thread measures.
#![cfg(feature = "std")]

use std::{
    hint::black_box,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
        mpsc,
    },
    thread,
};

use pennyweight::profile::{
    self, Allocator, Stats, is_installed, measure, try_measure, try_measure_global,
};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// `(allocations, reallocations, frees, allocated_bytes, freed_bytes, current, peak)`
type Figures = (u64, u64, u64, u64, u64, i64, i64);

fn figures(stats: Stats) -> Figures {
    (
        stats.allocations,
        stats.reallocations,
        stats.frees,
        stats.allocated_bytes,
        stats.freed_bytes,
        stats.current,
        stats.peak,
    )
}

/// A block that the optimiser must believe in.
fn zeros(bytes: usize) -> Vec<u8> {
    black_box(vec![0; bytes])
}

fn measured<R>(f: impl FnOnce() -> R) -> Figures {
    let (result, stats) = measure(f);
    drop(black_box(result));
    figures(stats)
}

#[test]
fn is_installed_here() {
    assert!(is_installed());
    assert!(try_measure(|| ()).is_ok());
    assert!(try_measure_global(|| ()).is_ok());
}

const _: () = {
    const fn is_shared<
        T: Send + Sync + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe,
    >() {
    }
    is_shared::<(Allocator, Stats, profile::NotInstalled)>();
};

#[test]
fn sizes_are_as_documented() {
    assert_eq!(size_of::<Allocator>(), 0);
    assert_eq!(size_of::<Stats>(), 56);
    assert!(profile::overhead_bytes() > 0);
    assert_eq!(profile::overhead_bytes() % 128, 0);
}

#[test]
fn an_empty_closure_counts_nothing() {
    assert_eq!(measured(|| ()), (0, 0, 0, 0, 0, 0, 0));
}

#[test]
fn a_box_is_one_block_of_its_size() {
    assert_eq!(measured(|| Box::new(7_u64)), (1, 0, 0, 8, 0, 8, 8));
    assert_eq!(measured(|| drop(black_box(Box::new([0_u8; 3])))), (1, 0, 1, 3, 3, 0, 3));
}

#[test]
fn zero_sized_values_count_nothing() {
    assert_eq!(measured(|| (Box::new(()), vec![(); 1_000])), (0, 0, 0, 0, 0, 0, 0));
}

#[test]
fn over_aligned_blocks_count_their_size_alone() {
    #[repr(align(4096))]
    struct Page(#[expect(dead_code, reason = "its size is what counts")] [u8; 4096]);
    assert_eq!(measured(|| Box::new(Page([1; 4096]))), (1, 0, 0, 4096, 0, 4096, 4096));
}

#[test]
fn growth_by_realloc_replaces_the_block() {
    let doubling = || {
        let mut numbers = Vec::<u64>::with_capacity(4);
        numbers.extend(0..5);
        numbers
    };
    // 32 bytes become 64: never 96 at a time.
    assert_eq!(measured(doubling), (1, 1, 0, 64, 0, 64, 64));
}

#[test]
fn shrinking_by_realloc_frees_the_difference() {
    let shrinking = || {
        let mut bytes = Vec::<u8>::with_capacity(1_000);
        bytes.extend([1; 10]);
        bytes.shrink_to_fit();
        bytes
    };
    assert_eq!(measured(shrinking), (1, 1, 0, 1_000, 990, 10, 1_000));
}

#[test]
fn pushing_reallocates_as_the_vector_doubles() {
    let pushing = || {
        let mut numbers = Vec::new();
        for number in 0..1_000_u32 {
            numbers.push(number);
        }
        numbers
    };
    // 4, 8, ... 1,024 elements.
    assert_eq!(measured(pushing), (1, 8, 0, 4_096, 0, 4_096, 4_096));
}

#[test]
fn zeroed_blocks_are_counted() {
    assert_eq!(measured(|| zeros(5_000)), (1, 0, 0, 5_000, 0, 5_000, 5_000));
}

#[test]
fn freeing_what_was_there_before_is_negative() {
    let before = zeros(300);
    assert_eq!(measured(move || drop(before)), (0, 0, 1, 0, 300, -300, 0));
}

#[test]
fn the_peak_is_above_the_beginning() {
    let before = zeros(100_000);
    let up_and_down = || {
        drop(before);
        let small = zeros(1_000);
        drop(zeros(100_500));
        small
    };
    assert_eq!(measured(up_and_down), (2, 0, 2, 101_500, 200_500, -99_000, 1_500));
}

#[test]
fn the_peak_is_exact_far_beyond_a_batch() {
    let hill = || {
        let mut blocks = Vec::with_capacity(100);
        for _ in 0..100 {
            blocks.push(zeros(10_007));
        }
        blocks.truncate(50);
        drop(zeros(200_000));
        blocks
    };
    let slots = 100 * size_of::<Vec<u8>>() as i64;
    let (.., current, peak) = measured(hill);
    assert_eq!(current, slots + 50 * 10_007);
    assert_eq!(peak, slots + 100 * 10_007);
}

#[test]
fn nested_measurements_are_parts_of_the_outer_one() {
    let (inner, outer) = measure(|| {
        let kept = zeros(1_000);
        let (first, first_stats) = measure(|| {
            drop(zeros(5_000));
            zeros(10)
        });
        drop(first);
        let (_, second_stats) = measure(|| drop(zeros(7)));
        drop(kept);
        (figures(first_stats), figures(second_stats))
    });
    assert_eq!(inner.0, (2, 0, 1, 5_010, 5_000, 10, 5_000));
    assert_eq!(inner.1, (1, 0, 1, 7, 7, 0, 7));
    assert_eq!(figures(outer), (4, 0, 4, 6_017, 6_017, 0, 6_000));
}

#[test]
fn the_outer_peak_survives_a_lower_inner_one() {
    let (_, outer) = measure(|| {
        drop(zeros(9_000));
        measure(|| drop(zeros(10)));
        drop(zeros(8_000));
    });
    assert_eq!(outer.peak, 9_000);
}

#[test]
fn a_panicking_closure_leaves_the_outer_measurement_right() {
    let (_, outer) = measure(|| {
        let kept = zeros(1_000_000);
        let caught = catch_unwind(AssertUnwindSafe(|| {
            measure(|| {
                let _lost = zeros(2_000_000);
                std::panic::resume_unwind(Box::new(()));
            })
        }));
        assert!(caught.is_err());
        drop(kept);
        drop(zeros(2_999_999));
        // The span of the closure that panicked is over: this peak is the outer one's alone.
        measured(|| zeros(3))
    });
    assert_eq!(outer.current, 0);
    assert!((3_000_000..3_001_000).contains(&outer.peak), "{outer}");
}

#[test]
fn after_a_panic_the_thread_measures_as_before() {
    let caught = catch_unwind(|| measure(|| std::panic::resume_unwind(Box::new(()))));
    assert!(caught.is_err());
    assert_eq!(measured(|| zeros(70_000)), (1, 0, 0, 70_000, 0, 70_000, 70_000));
}

#[test]
fn repeats_exactly_beside_noisy_threads() {
    let stop = Arc::new(AtomicBool::new(false));
    let noise: Vec<_> = (0..3)
        .map(|_| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                let mut round = 1;
                while !stop.load(Relaxed) {
                    round = round % 100_000 + 977;
                    drop(zeros(round));
                }
            })
        })
        .collect();
    let work = || {
        let words: Vec<String> = (0..200).map(|i| format!("word-{i}")).collect();
        words.concat()
    };
    let first = measured(work);
    for _ in 0..200 {
        assert_eq!(measured(work), first);
    }
    stop.store(true, Relaxed);
    for thread in noise {
        thread.join().unwrap();
    }
}

#[test]
fn a_block_freed_by_another_thread_is_counted_by_both() {
    let (send, receive) = mpsc::channel::<(Vec<u8>, mpsc::Sender<Figures>)>();
    let other = thread::spawn(move || {
        for (block, answer) in receive {
            answer.send(measured(move || drop(block))).unwrap();
        }
    });
    let (answer, answers) = mpsc::channel();
    let (block, allocated) = measure(|| zeros(123_456));
    send.send((block, answer)).unwrap();
    assert_eq!(figures(allocated), (1, 0, 0, 123_456, 0, 123_456, 123_456));
    assert_eq!(answers.recv().unwrap(), (0, 0, 1, 0, 123_456, -123_456, 0));
    drop(send);
    other.join().unwrap();
}

/// Measures when its thread ends.
struct MeasuresAtTheEnd;

static MEASURED_AT_THE_END: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static MEASURES_AT_THE_END: MeasuresAtTheEnd = const { MeasuresAtTheEnd };
}

impl Drop for MeasuresAtTheEnd {
    fn drop(&mut self) {
        for _ in 0..3 {
            let nested = measured(|| {
                measured(|| drop(zeros(500_000)));
                Box::new(0_u8)
            });
            assert_eq!(nested, (2, 0, 1, 500_001, 500_000, 1, 500_000));
            MEASURED_AT_THE_END.fetch_add(1, Relaxed);
        }
    }
}

#[test]
fn measures_inside_destructors_of_thread_local_values() {
    for _ in 0..20 {
        thread::spawn(|| MEASURES_AT_THE_END.with(|_| ())).join().unwrap();
    }
    assert_eq!(MEASURED_AT_THE_END.load(Relaxed), 60);
}

#[test]
fn stats_are_displayed_with_what_they_count() {
    let (_, stats) = measure(|| drop(zeros(9)));
    assert_eq!(
        stats.to_string(),
        "0 bytes now, 9 at the peak; 1 allocations, 0 reallocations, 1 frees; \
         9 bytes allocated, 9 freed"
    );
    assert!(profile::totals().allocations > 0);
}
