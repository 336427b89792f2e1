//! What the docs of columns that own their buffers say of bytes.

use crate::weigh;
use pennyweight::array::{BitArray, IntArray, NullableIntArray};
use pennyweight::intern::Interner;
use pennyweight::profile::measure;
use pennyweight::record::generated::Store;
use pennyweight::record::{BitColumn, DictColumn, Record, Records, TextColumn};

#[test]
fn handles_of_columns_have_the_sizes_that_are_said() {
    assert_eq!(size_of::<DictColumn>(), 336);
    assert_eq!(size_of::<DictColumn<Option<String>>>(), 336);
    assert_eq!(size_of::<TextColumn>(), 128);
}

#[test]
fn empty_columns_take_no_heap() {
    for (bytes, allocations) in [
        measure(|| DictColumn::new().heap_bytes()),
        measure(|| DictColumn::nullable().heap_bytes()),
        measure(|| TextColumn::nullable().heap_bytes()),
    ]
    .map(|(bytes, stats)| (bytes, stats.allocations))
    {
        assert_eq!((bytes, allocations), (0, 0));
    }
}

#[test]
fn three_airports_take_a_byte_a_row() {
    let airports = || (0..10_000).map(|i| ["EWR", "LGA", "JFK"][i % 3]);
    let (mut column, stats) = weigh(|| airports().collect::<DictColumn>());
    assert_eq!(column.dictionary().heap_bytes(), 374);
    assert_eq!((column.heap_bytes(), stats.peak), (10_566, 10_566));
    column.shrink_to_fit();
    assert_eq!(column.heap_bytes(), 10_348);
}

#[test]
fn nulls_take_a_bit_a_row_and_none_takes_nothing() {
    let (mut column, _) =
        weigh(|| (0..10_000).map(|_| Some("EWR")).collect::<DictColumn<Option<String>>>());
    column.shrink_to_fit();
    let without = column.heap_bytes();
    assert_eq!(without, 10_344);
    column.set(9_999, None);
    column.shrink_to_fit();
    assert_eq!(column.heap_bytes() - without, 1250);
    column.set(9_999, Some("EWR"));
    column.shrink_to_fit();
    assert_eq!(column.heap_bytes(), without);
}

#[test]
fn booleans_take_a_bit_and_another_where_one_is_null() {
    let mut column: BitColumn = (0..10_000).map(|i| Some(i % 3 == 0)).collect();
    column.shrink_to_fit();
    assert_eq!((size_of::<BitColumn>(), column.heap_bytes()), (64, 1256));
    let ((), stats) = measure(|| column.push(None));
    column.shrink_to_fit();
    assert_eq!((column.heap_bytes(), column.null_count()), (1256 + 1251, 1));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));
    #[derive(Record)]
    struct Answer {
        #[record(packed)]
        yes: Option<bool>,
    }
    let mut answers: Records<Answer> =
        (0..10_000).map(|i| Answer { yes: (i % 4 > 0).then_some(i % 3 == 0) }).collect();
    answers.shrink_to_fit();
    assert_eq!(answers.heap_bytes(), 1256 + 1250);
}

#[test]
fn codes_widen_in_one_buffer() {
    let names: Vec<String> = (0..257).map(|i| format!("{i}")).collect();
    let mut dictionary = Interner::new();
    dictionary.reserve(300);
    let mut column: DictColumn = DictColumn::with_dictionary(dictionary);
    (0..40).for_each(|_| column.extend(&names[..256]));
    let before = column.heap_bytes();
    let ((), stats) = measure(|| column.push(&names[256]));
    assert_eq!((column.codes().width(), column.len()), (2, 10_241));
    // One is that of the codes, the others are those of the dictionary, of which a chunk is new.
    assert_eq!((stats.allocations, stats.reallocations, stats.frees), (1, 4, 0));
    assert_eq!((before, column.heap_bytes(), stats.peak), (14_621, 25_913, 11_292));
}

#[test]
fn rows_of_text_take_their_bytes_and_seven_bits() {
    let (mut column, stats) = weigh(|| (0..10_000).map(|i| format!("{i}")).collect::<TextColumn>());
    assert_eq!((column.heap_bytes(), stats.peak), (41_378, 41_386));
    column.shrink_to_fit();
    assert_eq!((column.strings().text().len(), column.heap_bytes()), (38_890, 40_330));
}

#[test]
fn columns_are_there_twice_while_they_are_sorted() {
    let order: Vec<u32> = (0..100_000).rev().collect();
    fn peak<S: Store>(store: &mut S, order: &[u32]) -> (usize, i64) {
        let ((), stats) = measure(|| store.permute(order));
        (store.heap_bytes(), stats.peak)
    }
    let mut ints: IntArray<i32> = (0..100_000).map(|i| i % 1000).collect();
    ints.shrink_to_fit();
    assert_eq!(peak(&mut ints, &order), (125_008, 125_008));
    let mut nullable: NullableIntArray<i32> =
        (0..100_000).map(|i| (i % 7 > 0).then_some(i % 1000)).collect();
    nullable.shrink_to_fit();
    assert_eq!(peak(&mut nullable, &order), (125_008, 125_008));
    let mut bits: BitArray = (0..100_000).map(|i| i % 7 > 0).collect();
    bits.shrink_to_fit();
    assert_eq!(peak(&mut bits, &order), (12_504, 12_504));
    let mut codes: DictColumn = (0..100_000).map(|i| format!("{}", i % 100)).collect();
    codes.shrink_to_fit();
    assert_eq!(peak(&mut codes, &order), (101_800, 100_000));
    let mut text: TextColumn = (0..100_000).map(|i| format!("{}", i % 100)).collect();
    text.shrink_to_fit();
    assert_eq!(peak(&mut text, &order), (254_696, 254_696));
}
