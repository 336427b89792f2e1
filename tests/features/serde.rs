//! Arrays through text and binary formats, from hostile ones too.

use std::fmt::Debug;
use std::iter;

use pennyweight::array::{
    Array, BitArray, BlockArray, Compressed, DecimalArray, DictArray, IntArray, NullableIntArray,
    SortedArray, compress,
};
use pennyweight::profile::{Stats, measure};
use pennyweight::size::HeapSize;
use proptest::prelude::*;
use serde_core::de::value::{Error, SeqDeserializer};
use serde_core::de::{DeserializeOwned, IntoDeserializer};
use serde_core::{Deserialize, Serialize};

/// What the docs allow to be reserved for a length that is only claimed.
const MEBIBYTE: i64 = 1 << 20;

/// Writes `array` and `model` in both formats, which have to be the same, and reads each as the
/// other's type.
pub(crate) fn check<A, V>(array: &A, model: &V) -> Result<(), TestCaseError>
where
    A: Serialize + DeserializeOwned + PartialEq + Debug,
    V: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let json = serde_json::to_string(array).unwrap();
    prop_assert_eq!(&json, &serde_json::to_string(model).unwrap());
    prop_assert_eq!(&serde_json::from_str::<A>(&json).unwrap(), array);
    prop_assert_eq!(&serde_json::from_str::<V>(&json).unwrap(), model);

    let bytes = postcard::to_allocvec(array).unwrap();
    prop_assert_eq!(&bytes, &postcard::to_allocvec(model).unwrap());
    prop_assert_eq!(&postcard::from_bytes::<A>(&bytes).unwrap(), array);
    prop_assert_eq!(&postcard::from_bytes::<V>(&bytes).unwrap(), model);
    Ok(())
}

proptest! {
    #[test]
    fn integers_read_what_a_vec_wrote(values: Vec<i64>, small in prop::collection::vec(0..9_u8, 0..900)) {
        check(&values.iter().copied().collect::<IntArray<i64>>(), &values)?;
        check(&small.iter().copied().collect::<IntArray<u8>>(), &small)?;
    }

    #[test]
    fn nullable_integers_read_what_a_vec_wrote(values: Vec<Option<i32>>) {
        check(&values.iter().copied().collect::<NullableIntArray<i32>>(), &values)?;
    }

    #[test]
    fn what_is_packed_whole_reads_what_a_vec_wrote(
        mut values: Vec<i64>,
        nulls in prop::collection::vec(prop::option::of(0..99_u16), 0..3000),
    ) {
        check(&BlockArray::from(&values[..]), &values)?;
        check(&BlockArray::from(&nulls[..]), &nulls)?;
        check(&DictArray::from(&values[..]), &values)?;
        check(&DictArray::from(&nulls[..]), &nulls)?;
        check(&compress(nulls.iter().copied()), &nulls)?;
        values.sort_unstable();
        check(&SortedArray::from_sorted(&values), &values)?;
        check(&compress(values.iter().copied()), &values)?;
        let decimals: Vec<_> = nulls.iter().map(|&cents| Some(f64::from(cents?) / 4.0)).collect();
        check(&DecimalArray::from(&decimals[..]), &decimals)?;
        let decimals: Vec<_> = decimals.into_iter().flatten().collect();
        check(&DecimalArray::from(&decimals[..]), &decimals)?;
    }

    #[test]
    fn booleans_read_what_a_vec_wrote(values: Vec<bool>) {
        check(&values.iter().copied().collect::<BitArray>(), &values)?;
    }

    #[test]
    fn scalars_read_what_a_vec_wrote(
        values in prop::collection::vec(prop::array::uniform2(-1e6..1e6_f64), 0..700),
    ) {
        // Halves and quarters, which every format keeps.
        let values: Vec<_> = values.iter().map(|pair| pair.map(|x| x.round() / 4.0)).collect();
        check(&values.iter().copied().collect::<Array<[f64; 2]>>(), &values)?;
    }
}

#[test]
fn every_length_around_a_chunk_is_read_whole() {
    for len in [0, 1, 255, 256, 257, 511, 512, 513] {
        let values: Vec<u16> = (0..len).collect();
        check(&IntArray::from(&values[..]), &values).unwrap();
        check(&BlockArray::from(&values[..]), &values).unwrap();
        let odd: Vec<bool> = values.iter().map(|value| value % 2 == 1).collect();
        check(&BitArray::from(&odd[..]), &odd).unwrap();
    }
}

#[test]
fn the_extremes_of_64_bits_are_kept() {
    let signed = vec![i64::MIN, 0, i64::MAX, -1];
    check(&IntArray::from(&signed[..]), &signed).unwrap();
    let unsigned = vec![u64::MAX, 0, 1];
    check(&IntArray::from(&unsigned[..]), &unsigned).unwrap();
    // Two values and null leave codes over, however far the values lie apart.
    let ends = vec![Some(i64::MIN), None, Some(i64::MAX)];
    check(&NullableIntArray::from(&ends[..]), &ends).unwrap();
    // Blocks keep nulls beside the codes.
    let all = vec![Some(i64::MIN), None, Some(i64::MAX), Some(0)];
    check(&BlockArray::from(&all[..]), &all).unwrap();
}

#[test]
fn what_was_read_has_no_slack() {
    let (array, stats) = read::<IntArray<i64>>(&(0..10_000).map(|i| i % 1000).collect::<Vec<_>>());
    assert_eq!((array.width(), array.heap_bytes()), (10, 12_512));
    assert_eq!(stats.current, 12_512);
    // At no time more than at the end and a sixteenth of it.
    assert!(stats.peak <= 12_512 + 12_512 / 16, "{stats}");

    let (array, stats) = read::<Array<f64>>(&vec![0.5; 1000]);
    assert_eq!((array.heap_bytes(), stats.current), (8000, 8000));
    let (array, stats) = read::<BitArray>(&vec![true; 1000]);
    assert_eq!((array.heap_bytes(), stats.current), (128, 128));
    let (array, stats) = read::<NullableIntArray<u8>>(&vec![Some(7_u8); 1000]);
    assert_eq!((array.heap_bytes(), stats.current), (0, 0));
    let (array, stats) = read::<BlockArray<u16>>(&(0..2048).map(|i| i % 8).collect::<Vec<_>>());
    let packed = array.heap_bytes() as i64;
    assert!((768..1024).contains(&packed), "3 bits a value");
    assert_eq!(stats.current, packed);
}

#[test]
fn borrowed_arrays_are_written_like_owned_ones() {
    fn json(array: impl Serialize) -> String {
        serde_json::to_string(&array).unwrap()
    }
    let values: Vec<i64> = (0..300).map(|i| i * i % 77).collect();
    let bits: Vec<bool> = values.iter().map(|value| value % 2 == 0).collect();
    let nulls: Vec<_> = values.iter().map(|&value| (value > 9).then_some(value)).collect();
    // An image that lies at a multiple of eight bytes.
    let aligned =
        |image: Vec<u8>| (bytemuck::allocation::pod_collect_to_vec::<u8, u64>(&image), image.len());
    macro_rules! check {
        ($array:ident, $borrowed:ty, $values:ident) => {
            let (words, len) = aligned($array::from(&$values[..]).to_bytes());
            let image = &bytemuck::cast_slice::<u64, u8>(&words)[..len];
            assert_eq!(json(<$borrowed>::open(image).unwrap()), json(&$values));
        };
    }
    check!(IntArray, IntArray<i64, &[u64]>, values);
    check!(NullableIntArray, NullableIntArray<i64, &[u64]>, nulls);
    check!(BitArray, BitArray<&[u64]>, bits);
    check!(BlockArray, BlockArray<Option<i64>, &[u64]>, nulls);
}

fn read<A: DeserializeOwned + HeapSize>(values: &impl Serialize) -> (A, Stats) {
    let bytes = postcard::to_allocvec(values).unwrap();
    measure(|| postcard::from_bytes(&bytes).unwrap())
}

#[test]
fn a_claimed_length_is_not_believed() {
    fn peak<T: IntoDeserializer<'static, Error> + Copy, A: DeserializeOwned>(
        hint: usize,
        value: T,
    ) -> i64 {
        let values = Hinting { values: iter::repeat_n(value, 3), hint: Some(hint) };
        let (array, stats) = measure(|| A::deserialize(SeqDeserializer::<_, Error>::new(values)));
        assert!(array.is_ok(), "the length is not an error");
        stats.peak
    }
    // More than the address space holds, and what an allocator would hand out.
    for claimed in [usize::MAX, 1 << 26] {
        assert_eq!(peak::<_, IntArray<u8>>(claimed, 1_u8), 0, "equal values take no heap");
        assert_eq!(peak::<_, NullableIntArray<u8>>(claimed, ()), 0, "nor do nulls");
        assert!(peak::<_, BitArray>(claimed, true) <= 64);
        // With the slack of growth.
        let reserved = MEBIBYTE..=MEBIBYTE + MEBIBYTE / 16;
        assert!(reserved.contains(&peak::<_, Array<u8>>(claimed, 1_u8)));
        assert!(reserved.contains(&peak::<_, Array<u64>>(claimed, 1_u64)));
        // And the array, with what packing takes.
        let reserved = MEBIBYTE..=MEBIBYTE + MEBIBYTE / 16 + 1024;
        assert!(reserved.contains(&peak::<_, BlockArray<u8>>(claimed, 1_u8)));
        assert!(reserved.contains(&peak::<_, BlockArray<Option<u64>>>(claimed, ())));
        assert!(reserved.contains(&peak::<_, SortedArray<u64>>(claimed, 1_u64)));
    }
}

#[test]
fn a_claimed_length_that_does_not_come_is_an_error() {
    let mut bytes = postcard::to_allocvec(&u64::MAX).unwrap();
    bytes.extend([1, 1, 1]);
    assert!(postcard::from_bytes::<IntArray<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<NullableIntArray<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<BitArray>(&bytes).is_err());
    assert!(postcard::from_bytes::<Array<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<BlockArray<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<DictArray<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<SortedArray<u8>>(&bytes).is_err());
    assert!(postcard::from_bytes::<DecimalArray<f32>>(&bytes).is_err());
    assert!(postcard::from_bytes::<Compressed<u8>>(&bytes).is_err());
}

#[test]
fn a_length_is_only_a_hint() {
    for hint in [None, Some(0), Some(7), Some(1000), Some(usize::MAX)] {
        let source = || SeqDeserializer::<_, Error>::new(Hinting { values: 0..1000_u32, hint });
        let array = Array::<u32>::deserialize(source()).unwrap();
        assert!(array.iter().copied().eq(0..1000), "{hint:?}");
        assert_eq!(array.heap_bytes(), 4000);
        let array = IntArray::<u32>::deserialize(source()).unwrap();
        assert!(array.iter().eq(0..1000), "{hint:?}");
        let array = BlockArray::<u32>::deserialize(source()).unwrap();
        assert!(array.iter().eq(0..1000), "{hint:?}");
    }
}

/// Says what it likes of its length.
struct Hinting<I> {
    values: I,
    hint: Option<usize>,
}

impl<I: Iterator> Iterator for Hinting<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.values.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.hint.unwrap_or(0), self.hint)
    }
}

#[test]
fn what_cannot_be_stored_is_an_error_of_the_format() {
    let full = format!("[{}, {}, 0, null]", i64::MIN, i64::MAX);
    let error = serde_json::from_str::<NullableIntArray<i64>>(&full).unwrap_err();
    assert!(error.is_data(), "{error}");
    assert!(error.to_string().starts_with("no code is left for null"), "{error}");
    // The null may come in a later chunk than the values.
    let mut values = vec![Some(0); 600];
    (values[0], values[300], values[599]) = (Some(i64::MIN), Some(i64::MAX), None);
    let bytes = postcard::to_allocvec(&values).unwrap();
    assert!(postcard::from_bytes::<NullableIntArray<i64>>(&bytes).is_err());
    values[599] = Some(1);
    let bytes = postcard::to_allocvec(&values).unwrap();
    assert!(postcard::from_bytes::<NullableIntArray<i64>>(&bytes).is_ok());
}

#[test]
fn wrong_types_are_errors_that_say_what_was_expected() {
    fn error<A: DeserializeOwned>(json: &str) -> String {
        match serde_json::from_str::<A>(json) {
            Ok(_) => panic!("{json} was read"),
            Err(error) => error.to_string(),
        }
    }
    let cases = [
        (error::<IntArray<i64>>("7"), "expected a sequence of integers at"),
        (error::<IntArray<i64>>("[1, 2.5]"), "floating point `2.5`"),
        (error::<IntArray<i64>>("[1, null]"), "expected i64"),
        (error::<IntArray<u8>>("[255, 256]"), "`256`, expected u8"),
        (error::<IntArray<u64>>("[1, -1]"), "`-1`, expected u64"),
        (error::<IntArray<i64>>("[9223372036854775808]"), "expected i64"),
        (error::<IntArray<i64>>("[1, 2"), "EOF"),
        (error::<NullableIntArray<i64>>("{}"), "expected a sequence of integers and nulls at"),
        (error::<NullableIntArray<i8>>("[null, 128]"), "`128`, expected i8"),
        (error::<BitArray>("[true, 1]"), "expected a boolean"),
        (error::<BitArray>("\"true\""), "expected a sequence of booleans at"),
        (error::<BlockArray<u8>>("[255, null]"), "expected u8"),
        (error::<BlockArray<u8>>("{}"), "expected a sequence of integers at"),
        (error::<BlockArray<Option<u8>>>("{}"), "expected a sequence of integers and nulls at"),
        (error::<BlockArray<Option<u8>>>("[null, 256]"), "`256`, expected u8"),
        (error::<DictArray<u8>>("7"), "expected a sequence of integers at"),
        (error::<Compressed<Option<u8>>>("7"), "expected a sequence of integers and nulls at"),
        (error::<DecimalArray<f64>>("7"), "expected a sequence of floats at"),
        (error::<DecimalArray<f64>>("[0.5, null]"), "expected f64"),
        (error::<DecimalArray<Option<f64>>>("7"), "expected a sequence of floats and nulls at"),
        (error::<SortedArray<u8>>("7"), "expected a sequence of sorted integers at"),
        (error::<SortedArray<u8>>("[1, 3, 2]"), "3 comes before 2 at index 2"),
        (error::<Array<f32>>("null"), "expected a sequence at"),
        (error::<Array<f32>>("[1.0, \"2\"]"), "expected f32"),
        (error::<Array<[u8; 2]>>("[[1, 2], [3]]"), "invalid length 1"),
    ];
    for (message, part) in cases {
        assert!(message.contains(part), "{message:?} does not say {part:?}");
    }
}

#[test]
fn truncated_bytes_are_errors_at_every_length() {
    let values: Vec<Option<i64>> = (0..400).map(|i| (i % 7 > 0).then_some(i * i - 999)).collect();
    let bytes = postcard::to_allocvec(&values).unwrap();
    for len in 0..bytes.len() {
        assert!(postcard::from_bytes::<NullableIntArray<i64>>(&bytes[..len]).is_err(), "{len}");
        assert!(postcard::from_bytes::<BlockArray<Option<i64>>>(&bytes[..len]).is_err(), "{len}");
    }
    assert!(postcard::from_bytes::<NullableIntArray<i64>>(&bytes).is_ok());
}
