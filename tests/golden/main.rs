//! Images of released versions stay readable: files of each kind are read, and written again as the same bytes.
//!
//! A file of a released version is never changed. A new version of the format gets a folder of its own, and the
//! files of all folders are read. Until the first release the format may still change, and then the files are written
//! anew, by
//!
//! ```sh
//! cargo test --all-features --test golden -- --ignored
//! ```
//!
//! How values are encoded may always change: what is asserted of a file is what it says, not that an array of these
//! values would be encoded so today.

#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{
    Array, BitArray, BlockArray, BytesArray, DecimalArray, DictArray, IntArray, NullableIntArray,
    RaggedArray, SortedArray, SortedStrArray, StrArray,
};
use pennyweight::intern::{Frozen, FrozenStrings, Interner};
#[cfg(feature = "derive")]
use pennyweight::record::{self, Record, Records};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/v1"))
}

fn read(name: &str) -> Vec<u8> {
    let path = folder().join(name).with_extension("pw");
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A test for each file, and how the file is made.
macro_rules! golden {
    ($($(#[$attribute:meta])* $name:ident: $array:ty = $make:path, $values:expr;)+) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                let bytes = read(stringify!($name));
                let array = <$array>::from_bytes(&bytes).unwrap();
                assert_eq!(exact(&array.to_vec()), exact(&$values));
                assert_eq!(array.to_bytes(), bytes);
            }
        )+

        /// The name of each file, and its bytes as they are written today.
        fn files() -> Vec<(&'static str, Vec<u8>)> {
            Vec::from([$(
                $(#[$attribute])*
                (stringify!($name), <$array>::to_bytes(&$make(&$values[..]))),
            )+])
        }
    };
}

/// Values, with floats as their bits: no NaN equals itself, and zeros differ.
fn exact<V: std::fmt::Debug + 'static>(values: &[V]) -> Vec<String> {
    let show = |value: &V| {
        let any: &dyn std::any::Any = value;
        let (double, single) = (any.downcast_ref::<f64>(), any.downcast_ref::<Option<f32>>());
        match (double, single) {
            (Some(value), _) => format!("{:#x}", value.to_bits()),
            (_, Some(value)) => format!("{:#x?}", value.map(f32::to_bits)),
            _ => format!("{value:?}"),
        }
    };
    values.iter().map(show).collect()
}

fn sorted_strings(strings: &[&str]) -> SortedStrArray {
    SortedStrArray::from_sorted(strings)
}

fn freeze(strings: &[String]) -> Frozen {
    strings.iter().collect::<Interner>().freeze()
}

fn freeze_strings(strings: &[String]) -> FrozenStrings {
    strings.iter().collect::<Interner>().freeze_strings()
}

trait ToVec {
    fn to_vec(&self) -> Vec<String>;
}

impl ToVec for FrozenStrings {
    fn to_vec(&self) -> Vec<String> {
        self.iter().map(|(_, string)| string.to_string()).collect()
    }
}

impl ToVec for Frozen {
    fn to_vec(&self) -> Vec<String> {
        self.strings().to_vec()
    }
}

/// A record with a column of each type, and integers of each encoding.
#[cfg(feature = "derive")]
#[derive(Record, Clone, Debug)]
struct Sample {
    rising: u32,
    distant: i64,
    near: Option<i16>,
    apart: u8,
    price: f64,
    reading: Option<f32>,
    flag: bool,
    letter: Option<char>,
    size: usize,
    #[record(dict)]
    word: String,
    #[record(dict)]
    name: Option<String>,
    #[record(text)]
    note: Option<String>,
    #[record(packed)]
    bits: Option<u16>,
    #[record(nested)]
    pair: Pair,
}

#[cfg(feature = "derive")]
#[derive(Record, Clone, Debug)]
struct Pair {
    first: i8,
    #[record(text)]
    second: String,
}

#[cfg(feature = "derive")]
fn samples() -> Vec<Sample> {
    let (words, prices) = (WORDS.iter().cycle(), prices());
    let readings = readings();
    let sample = |(i, (near, word)): (usize, (i64, &&str))| Sample {
        rising: (i * 7 / 3) as u32,
        distant: [762, -1400, 1 << 40][i % 3],
        near: (near > 0).then(|| (near - 1_357_016_400) as i16 / 60),
        apart: (i * 37 % 200) as u8,
        price: prices[i % 29],
        reading: readings[i % 40],
        flag: i.is_power_of_two(),
        letter: (i % 7 != 2).then_some(if i % 2 == 0 { 'é' } else { 'a' }),
        size: i % 3 * 1000,
        word: (*word).to_owned(),
        name: (i % 4 != 1).then(|| format!("N{}", i % 11)),
        note: (i % 5 != 0).then(|| format!("{word} {i}")),
        bits: (i % 6 != 3).then_some((i % 64) as u16 * 9),
        pair: Pair { first: (i % 256) as u8 as i8, second: (*word).to_owned() },
    };
    blocks().into_iter().zip(words).enumerate().take(150).map(sample).collect()
}

#[cfg(feature = "derive")]
fn freeze_records(samples: &[Sample]) -> record::Frozen<Sample> {
    samples.iter().cloned().collect::<Records<_>>().freeze()
}

#[cfg(feature = "derive")]
trait ThawToVec {
    fn to_vec(&self) -> Vec<Sample>;
}

#[cfg(feature = "derive")]
impl ThawToVec for record::Frozen<Sample> {
    fn to_vec(&self) -> Vec<Sample> {
        self.thaw().iter().map(|row| row.to_owned()).collect()
    }
}

/// More than a block of small numbers, some of which are far away.
fn blocks() -> Vec<i64> {
    let near = (0..1100).map(|i| 1_357_016_400 + i * i % 13 * 60);
    near.enumerate().map(|(i, near)| if i % 211 == 7 { -near << 20 } else { near }).collect()
}

fn nullable() -> Vec<Option<i16>> {
    (0..60).map(|i| (i % 7 != 2).then_some(i * i - 500)).collect()
}

const NONE: [String; 0] = [];

const NULLS: [Option<i32>; 9] = [None; 9];

/// Prices, and what is none.
fn prices() -> Vec<f64> {
    let mut prices: Vec<f64> = (0..50).map(|i| f64::from(i * 37 % 50) / 100.0 + 19.0).collect();
    prices[3] = -0.0;
    prices[30] = f64::from_bits(0x7ff8_0000_0000_beef);
    prices[31] = f64::NEG_INFINITY;
    prices[49] = std::f64::consts::PI;
    prices
}

fn readings() -> Vec<Option<f32>> {
    (0..40_u8).map(|i| (i % 9 != 4).then_some(f32::from(i) / 8.0 + 30.5)).collect()
}

fn rows() -> Vec<Vec<u16>> {
    (0..70_u16).map(|row| (0..row * 5 % 7).map(|i| row * 100 + i).collect()).collect()
}

const WORDS: [&str; 19] = [
    "", "Ärzte", "walk", "walked", "walker", "walking", "walks", "wall", "walled", "walls",
    "walnut", "walnut", "waltz", "waltzed", "waltzes", "wan", "wand", "wander", "wanders",
];

/// Strings of all lengths up to 40, whose hashes are part of the format.
fn names() -> Vec<String> {
    let text = "abcdefghijklmnopqrstuvwxyzÄÖÜ0123456789";
    let mut names: Vec<String> =
        text.char_indices().map(|(len, _)| text[..len].to_string()).collect();
    names.extend((0..200).map(|number| format!("N{number}")));
    names
}

/// More in a block than its ends count to.
fn long_names() -> Vec<String> {
    names().into_iter().chain(["x".repeat(1 << 16)]).collect()
}

#[cfg(feature = "fsst")]
fn lines() -> Vec<String> {
    (0..24).map(|i| format!("GET /articles/{}?page={}", i * 7919 % 100, i % 5)).collect()
}

fn in_order() -> Vec<&'static str> {
    let mut words = WORDS.to_vec();
    words.sort_unstable();
    words
}

golden! {
    plain: Array<f64> = Array::from, [39.02, -0.0, f64::INFINITY, f64::from_bits(0x7ff8_0000_0000_beef)];
    plain_within_a_word: Array<u8> = Array::from, [1, 2, 255];
    plain_empty: Array<i16> = Array::from, [0_i16; 0];

    ints: IntArray<i64> = IntArray::from, [1_357_016_400, 1_357_020_000, 1_357_023_600, 1_357_009_200];
    ints_negative: IntArray<i32> = IntArray::from, [-7, i32::MIN, 12, i32::MAX];
    ints_of_64_bits: IntArray<u64> = IntArray::from, [0, u64::MAX, 1];
    ints_all_equal: IntArray<i8> = IntArray::from, [-5; 9];
    ints_empty: IntArray<u16> = IntArray::from, [0_u16; 0];

    nullable_ints: NullableIntArray<i16> = NullableIntArray::from, nullable();
    nullable_ints_without_nulls: NullableIntArray<u64> = NullableIntArray::from, [Some(0), Some(u64::MAX)];
    nullable_ints_of_nulls: NullableIntArray<i32> = NullableIntArray::from, NULLS;
    nullable_ints_empty: NullableIntArray<i32> = NullableIntArray::from, NULLS[..0];

    bits: BitArray = BitArray::from, (0..70).map(|i: u32| i.is_power_of_two()).collect::<Vec<_>>();
    bits_empty: BitArray = BitArray::from, [false; 0];

    blocks_with_outliers: BlockArray<i64> = BlockArray::from, blocks();
    blocks_with_nulls: BlockArray<Option<i16>> = BlockArray::from, nullable();
    blocks_of_nulls: BlockArray<Option<i32>> = BlockArray::from, NULLS;
    blocks_empty: BlockArray<u8> = BlockArray::from, [0_u8; 0];

    dict: DictArray<i64> = DictArray::from, [762, 1400, 762, i64::MIN, 229, 1400, i64::MAX];
    dict_with_nulls: DictArray<Option<i16>> = DictArray::from, nullable();
    dict_of_nulls: DictArray<Option<i32>> = DictArray::from, NULLS;
    dict_empty: DictArray<u8> = DictArray::from, [0_u8; 0];

    sorted: SortedArray<u64> = SortedArray::from_sorted, (0..150).map(|i| i * i * 30).collect::<Vec<u64>>();
    sorted_with_runs: SortedArray<i32> = SortedArray::from_sorted, [i32::MIN, -4, -4, -4, 0, 9, 9];
    sorted_empty: SortedArray<i64> = SortedArray::from_sorted, [0_i64; 0];

    decimals_with_exceptions: DecimalArray<f64> = DecimalArray::from, prices();
    decimals_with_nulls: DecimalArray<Option<f32>> = DecimalArray::from, readings();
    decimals_that_are_none: DecimalArray<f64> = DecimalArray::from, [0.1 + 0.2, 1e300, -1.0 / 3.0];
    decimals_empty: DecimalArray<f64> = DecimalArray::from, [0.0_f64; 0];

    rows_of_lists: RaggedArray<u16> = RaggedArray::from, rows();
    rows_of_one_length: RaggedArray<i32> = RaggedArray::from, [[1, 2], [-3, 4], [5, 6]];
    rows_of_bytes: BytesArray = BytesArray::from, [&b"\xff\0"[..], b"", b"bytes"].map(<[u8]>::to_vec);
    rows_of_nothing: RaggedArray<f64> = RaggedArray::from, [[0.0_f64; 0]; 5];
    rows_empty: RaggedArray<u64> = RaggedArray::from, [[0_u64; 0]; 0];

    strings: StrArray = StrArray::from, WORDS;
    strings_of_one_length: StrArray = StrArray::from, ["JFK", "LGA", "EWR"];
    strings_empty: StrArray = StrArray::from, [""; 0];

    sorted_strs: SortedStrArray = sorted_strings, in_order();
    sorted_strs_empty: SortedStrArray = sorted_strings, [""; 0];

    frozen: Frozen = freeze, names();
    frozen_empty: Frozen = freeze, NONE;
    frozen_strings: FrozenStrings = freeze_strings, long_names();
    frozen_strings_empty: FrozenStrings = freeze_strings, NONE;

    #[cfg(feature = "derive")]
    frozen_records: record::Frozen<Sample> = freeze_records, samples();
    #[cfg(feature = "derive")]
    frozen_records_empty: record::Frozen<Sample> = freeze_records, samples().split_off(150);

    #[cfg(feature = "fsst")]
    strings_of_symbols: FsstArray = FsstArray::from, lines();
}

#[test]
fn there_is_a_file_of_each_name_and_no_other() {
    let names = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let mut found: Vec<_> =
        names.map(|path| path.file_stem().unwrap().to_str().unwrap().to_string()).collect();
    let mut expected: Vec<_> = files().into_iter().map(|(name, _)| name.to_string()).collect();
    if cfg!(not(feature = "fsst")) {
        expected.push("strings_of_symbols".into());
    }
    if cfg!(not(feature = "derive")) {
        expected.extend(["frozen_records", "frozen_records_empty"].map(String::from));
    }
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
#[ignore = "writes the files anew: only where the format changes before the first release"]
fn write_the_files_anew() {
    std::fs::create_dir_all(folder()).unwrap();
    for (name, bytes) in files() {
        std::fs::write(folder().join(name).with_extension("pw"), bytes).unwrap();
    }
}
