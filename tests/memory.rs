//! What the docs say of bytes, measured by the counting allocator. The figures are exact: whoever changes a
//! layout changes a number here.
#![cfg(feature = "std")]

#[path = "memory/bounded.rs"]
mod bounded;
#[path = "memory/intern.rs"]
mod intern;
#[path = "memory/intern_frozen.rs"]
mod intern_frozen;
#[path = "memory/pool.rs"]
mod pool;
#[cfg(feature = "derive")]
#[path = "memory/record.rs"]
mod record;
#[path = "memory/record_columns.rs"]
mod record_columns;
#[cfg(all(feature = "csv", feature = "derive"))]
#[path = "memory/record_csv.rs"]
mod record_csv;
#[cfg(all(feature = "csv", feature = "derive"))]
#[path = "memory/record_frozen.rs"]
mod record_frozen;
#[path = "memory/record_group.rs"]
mod record_group;
#[path = "memory/slab.rs"]
mod slab;
#[path = "memory/stream.rs"]
mod stream;
#[cfg(feature = "csv")]
#[path = "memory/stream_csv.rs"]
mod stream_csv;
#[path = "memory/swept.rs"]
mod swept;
#[path = "memory/tables.rs"]
mod tables;
#[path = "memory/text.rs"]
mod text;
#[path = "memory/weak.rs"]
mod weak;

use pennyweight::array::{Array, BitArray, IntArray, NullableIntArray};
use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::size::{HeapSize, deep_size};
use pennyweight_baseline::array::push_all;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// What is left of the allocations of `build`, beside what the value says of itself.
fn weigh<T: HeapSize>(build: impl FnOnce() -> T) -> (T, Stats) {
    let (value, stats) = measure(build);
    assert_eq!(value.heap_bytes() as i64, stats.current, "the value miscounts its bytes");
    assert!(deep_size(&value).is_exact());
    (value, stats)
}

#[test]
fn a_slice_is_packed_by_one_allocation() {
    let values: Vec<i64> = (0..10_000).map(|i| 80 + i * 7919 % 4904).collect();
    let (array, stats) = weigh(|| IntArray::from(&values[..]));
    assert_eq!((array.width(), array.heap_bytes()), (13, 16_264));
    assert_eq!((stats.allocations, stats.reallocations, stats.frees), (1, 0, 0));
    assert_eq!(stats.peak, 16_264);

    let nullable: Vec<_> = values.iter().map(|&v| (v % 50 != 0).then_some(v)).collect();
    let (array, stats) = weigh(|| NullableIntArray::from(&nullable[..]));
    assert_eq!((array.width(), array.heap_bytes()), (13, 16_264));
    assert_eq!((stats.allocations, stats.peak), (1, 16_264));

    let bools: Vec<_> = values.iter().map(|v| v % 2 == 0).collect();
    let (array, stats) = weigh(|| BitArray::from(&bools[..]));
    assert_eq!((array.heap_bytes(), stats.allocations), (1256, 1));
}

#[test]
fn equal_values_take_no_heap() {
    let (array, stats) = weigh(|| IntArray::from(&[2013_i64; 27_004][..]));
    assert_eq!((array.heap_bytes(), stats.allocations), (0, 0));
    let (array, stats) = weigh(|| {
        let mut array = IntArray::new();
        (0..1000).for_each(|_| array.push(2013_i64));
        array
    });
    assert_eq!((array.len(), stats.allocations), (1000, 0));
}

#[test]
fn widening_never_holds_the_old_and_the_new_form() {
    let (array, stats) = weigh(|| {
        let mut array = IntArray::<u64>::new();
        (0..60_000).for_each(|i| array.push(i));
        array
    });
    assert_eq!(array.width(), 16);
    assert_eq!(array.heap_bytes(), 127_432);
    assert_eq!(stats.peak, stats.current);
    // A Vec of them takes four times as much.
    let (vec, stats) = measure(|| push_all(0..60_000_u64));
    assert_eq!((vec.len(), stats.current), (60_000, 524_288));
}

#[test]
fn shrinking_gives_all_slack_back() {
    let (mut array, _) = weigh(|| (0..50_000_i32).map(|i| i % 1000).collect::<IntArray<i32>>());
    array.push(1_000_000);
    array.pop();
    assert_eq!(array.width(), 20);
    let ((), stats) = measure(|| array.shrink_to_fit());
    assert_eq!((array.width(), array.heap_bytes()), (10, 50_000 * 10 / 8 + 12));
    assert_eq!((stats.allocations, stats.reallocations), (0, 1));
}

#[test]
fn clones_have_no_slack() {
    let grown: IntArray<u16> = (0..5000).collect();
    let (copy, stats) = weigh(|| grown.clone());
    assert_eq!((copy.heap_bytes(), stats.allocations), (5000 * 13 / 8 + 11, 1));
    assert_eq!(copy, grown);
}

#[test]
fn plain_arrays_grow_by_a_sixteenth() {
    let (array, stats) = weigh(|| {
        let mut array = Array::new();
        (0..100_000).for_each(|i| array.push(f64::from(i)));
        array
    });
    assert_eq!(array.heap_bytes(), 817_584);
    assert_eq!(stats.peak, 817_584);
    assert_eq!(deep_size(&array).slack, 17_584);
}

#[test]
fn reading_allocates_nothing() {
    let array: IntArray<i64> = (0..5000).map(|i| i * i).collect();
    let bits: BitArray = array.iter().map(|v| v % 3 == 0).collect();
    let nullable: NullableIntArray<i64> = array.iter().map(Some).collect();
    let (_, stats) = measure(|| {
        let mut blocks = 0;
        array.for_each_block(|block| blocks += block.len());
        let sums = (array.sum(), nullable.sum(), array.iter().sum::<i64>(), array.max());
        (blocks, sums, bits.count_ones(), bits.iter_ones().sum::<usize>(), array == array)
    });
    assert_eq!(stats.allocations, 0);
}

#[test]
fn a_refused_value_leaves_no_bytes_behind() {
    let ((), stats) = measure(|| {
        let mut array = IntArray::<u8>::new();
        array.resize(isize::MAX as usize, 1);
        array.try_push(2).unwrap_err();
    });
    assert_eq!((stats.allocations, stats.current, stats.peak), (0, 0, 0));
}

#[test]
fn a_range_is_reserved_exactly_and_once() {
    let (array, stats) = weigh(|| {
        let mut array = IntArray::<u8>::with_range(0, 100, 1000);
        array.extend((0..1000).map(|i| (i % 101) as u8));
        array
    });
    // 7000 bits are 110 words; the 111th is padding.
    assert_eq!((array.width(), array.heap_bytes(), array.capacity()), (7, 888, 1005));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));

    let (array, stats) = weigh(|| {
        let mut array = NullableIntArray::<i64>::with_range(-60, 1400, 1000);
        array.extend((0..1000).map(|i| (i % 40 != 0).then_some(i - 60)));
        array
    });
    assert_eq!((array.width(), array.heap_bytes(), array.capacity()), (11, 1384, 1000));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));

    let (array, stats) = weigh(|| IntArray::<u8>::with_range(5, 5, 1000));
    assert_eq!((array.heap_bytes(), stats.allocations), (0, 0));
    assert_eq!(array.capacity(), isize::MAX as usize);
}

#[test]
fn capacity_is_reserved_exactly() {
    assert_eq!(weigh(|| BitArray::with_capacity(1000)).0.heap_bytes(), 128);
    assert_eq!(BitArray::with_capacity(1000).capacity(), 1024);
    assert_eq!(weigh(|| Array::<u32>::with_capacity(1000)).0.heap_bytes(), 4000);
    assert_eq!(Array::<u32>::with_capacity(1000).capacity(), 1000);
    assert_eq!(weigh(|| BitArray::with_capacity(0)).1.allocations, 0);
}

#[test]
fn what_is_reserved_exactly_has_no_slack_and_the_rest_a_sixteenth() {
    let (mut array, _) = weigh(|| IntArray::from((0..1000_i32).collect::<Vec<_>>()));
    assert_eq!((array.width(), array.heap_bytes()), (10, 1264));
    let ((), stats) = measure(|| array.reserve_exact(1000));
    assert_eq!((array.heap_bytes(), array.capacity(), stats.reallocations), (2512, 2003, 1));
    array.reserve(1003);
    array.reserve_exact(500);
    assert_eq!(array.heap_bytes(), 2512);
    array.reserve(2000);
    assert_eq!((array.heap_bytes(), array.capacity()), (3976, 3174));

    let (mut array, _) = weigh(|| NullableIntArray::from(vec![None, Some(0_u8), Some(6), Some(9)]));
    assert_eq!((array.width(), array.heap_bytes(), array.capacity()), (3, 16, 21));
    array.reserve_exact(100);
    assert_eq!((array.heap_bytes(), array.capacity()), (48, 106));
    array.reserve(1000);
    assert_eq!((array.heap_bytes(), array.capacity()), (432, 1130));

    let (mut array, _) = weigh(|| BitArray::from([true; 100]));
    assert_eq!((array.heap_bytes(), array.capacity()), (16, 128));
    array.reserve_exact(1000);
    assert_eq!((array.heap_bytes(), array.capacity()), (144, 1152));
    array.reserve(1052);
    assert_eq!(array.heap_bytes(), 144);
    array.reserve(2000);
    assert_eq!((array.heap_bytes(), array.capacity()), (312, 2496));

    let (mut array, _) = weigh(|| Array::from([7_u32; 10]));
    array.reserve_exact(100);
    assert_eq!((array.heap_bytes(), array.capacity()), (440, 110));
    array.reserve(1000);
    assert_eq!((array.heap_bytes(), array.capacity()), (4284, 1071));
    array.shrink_to_fit();
    assert_eq!(array.heap_bytes(), 40);
}

#[test]
fn resizing_allocates_once() {
    let (array, stats) = weigh(|| {
        let mut array = IntArray::new();
        array.resize(1000, 7_u64);
        array.resize(2000, 8);
        array
    });
    // One bit for 7 or 8: 250 bytes and 56 of slack.
    assert_eq!((array.width(), array.heap_bytes(), array.sum()), (1, 304, 15_000));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));

    let (array, stats) = weigh(|| {
        let mut array = NullableIntArray::new();
        array.resize(1000, None);
        array.resize(2000, Some(8_u64));
        array
    });
    assert_eq!((array.width(), array.heap_bytes(), array.sum()), (1, 304, 8000));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));

    let (array, stats) = weigh(|| {
        let mut array = BitArray::new();
        array.resize(2000, true);
        array
    });
    assert_eq!((array.heap_bytes(), array.count_ones(), stats.allocations), (304, 2000, 1));

    let (array, stats) = weigh(|| {
        let mut array = Array::new();
        array.resize(1000, 0.5_f32);
        array
    });
    assert_eq!((array.heap_bytes(), stats.allocations), (4240, 1));
}

#[test]
fn a_slice_that_widens_reallocates_once() {
    let (mut array, _) =
        weigh(|| IntArray::from((0..100_000_u32).map(|i| i % 8).collect::<Vec<_>>()));
    assert_eq!((array.width(), array.heap_bytes()), (3, 37_512));
    let values: Vec<u32> = (0..100_000).collect();
    let ((), stats) = measure(|| array.extend_from_slice(&values));
    assert_eq!((array.width(), array.heap_bytes()), (17, 451_552));
    assert_eq!((stats.allocations, stats.reallocations), (0, 1));
}

#[test]
fn scalars_of_a_known_number_are_collected_by_one_allocation() {
    let (array, stats) = weigh(|| (0..1000_u32).collect::<Array<_>>());
    assert_eq!((array.heap_bytes(), stats.allocations, stats.reallocations), (4000, 1, 0));
    let (array, stats) = weigh(|| {
        let mut array = Array::from([0_u32]);
        array.extend(1..1000);
        array
    });
    assert_eq!((array.heap_bytes(), stats.allocations, stats.reallocations), (4240, 1, 1));
}
