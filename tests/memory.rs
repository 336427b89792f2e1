//! What the docs say of bytes, measured by the counting allocator. The figures are exact: whoever changes a
//! layout changes a number here.

use pennyweight::array::{Array, BitArray, IntArray, NullableIntArray};
use pennyweight::profile::{self, Allocator, Stats, measure};
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
    let before = profile::totals().current;
    let ((), stats) = measure(|| {
        let mut array = IntArray::<u8>::new();
        array.resize(isize::MAX as usize, 1);
        array.try_push(2).unwrap_err();
    });
    assert_eq!((stats.current, stats.peak), (0, 0));
    assert!(before >= 0);
}
