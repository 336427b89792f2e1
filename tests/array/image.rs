//! Arrays as bytes: there and back, in place, and what is refused.

use pennyweight::array::{
    Array, BitArray, BlockArray, DecimalArray, DictArray, ImageError, IntArray, NullableIntArray,
    SortedArray,
};
use pennyweight_baseline::image::aligned;
use proptest::collection::vec;
use proptest::prelude::*;

fn as_bytes(words: &[u64]) -> &[u8] {
    bytemuck::cast_slice(words)
}

proptest! {
    #[test]
    fn integers_come_back(values in vec(any::<i16>(), 0..600), step in 1..40_i64) {
        let array: IntArray<i64> = values.iter().map(|&value| i64::from(value) * step).collect();
        let bytes = array.to_bytes();
        prop_assert_eq!(&IntArray::from_bytes(&bytes).unwrap(), &array);
        let words = aligned(&bytes);
        let open = IntArray::<i64, &[u64]>::open(as_bytes(&words)).unwrap();
        open.check_invariants();
        prop_assert_eq!(&open, &array);
        prop_assert_eq!((open.sum(), open.min(), open.max()), (array.sum(), array.min(), array.max()));
        prop_assert_eq!(open.heap_bytes(), 0);
    }

    #[test]
    fn nulls_come_back(values in vec(any::<Option<u8>>(), 0..600)) {
        let array: NullableIntArray<u8> = values.iter().copied().collect();
        let bytes = array.to_bytes();
        prop_assert_eq!(&NullableIntArray::from_bytes(&bytes).unwrap(), &array);
        let words = aligned(&bytes);
        let open = NullableIntArray::<u8, &[u64]>::open(as_bytes(&words)).unwrap();
        open.check_invariants();
        prop_assert_eq!(&open, &array);
        prop_assert_eq!((open.sum(), open.null_count()), (array.sum(), array.null_count()));
    }

    #[test]
    fn bits_and_scalars_come_back(values in vec(any::<bool>(), 0..600)) {
        let array: BitArray = values.iter().copied().collect();
        let bytes = array.to_bytes();
        prop_assert_eq!(&BitArray::from_bytes(&bytes).unwrap(), &array);
        let words = aligned(&bytes);
        prop_assert_eq!(&BitArray::<&[u64]>::open(as_bytes(&words)).unwrap(), &array);

        let array: Array<i16> = values.iter().map(|&value| i16::from(value) - 300).collect();
        let bytes = array.to_bytes();
        prop_assert_eq!(&Array::from_bytes(&bytes).unwrap(), &array);
        let words = aligned(&bytes);
        prop_assert_eq!(Array::<i16>::open(as_bytes(&words)), Ok(&array[..]));
    }

    #[test]
    fn an_image_with_any_byte_changed_is_refused(
        values in vec(any::<Option<i32>>(), 0..200),
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        let mut bytes = NullableIntArray::from(&values[..]).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(NullableIntArray::<i32>::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_shorter_or_a_longer_image_is_refused(values in vec(any::<i32>(), 0..50), more in 1..20_usize) {
        let bytes = IntArray::from(&values[..]).to_bytes();
        for end in 0..bytes.len() {
            let error = IntArray::<i32>::from_bytes(&bytes[..end]).unwrap_err();
            let length = matches!(error, ImageError::Length { .. } | ImageError::NoImage);
            prop_assert!(length, "{error} at {end}");
        }
        let mut longer = bytes.clone();
        longer.resize(bytes.len() + more, 0);
        let found = longer.len() as u64;
        let expected = bytes.len() as u64;
        prop_assert_eq!(
            IntArray::<i32>::from_bytes(&longer).unwrap_err(),
            ImageError::Length { expected, found }
        );
    }
}

#[test]
fn an_image_takes_the_bytes_of_the_array_and_what_its_docs_say() {
    for len in [0, 1, 70, 3000] {
        let values: Vec<i64> = (0..len).map(|i| i * i * 30).collect();
        let nullable: Vec<_> = values.iter().map(|&v| (v % 7 != 0).then_some(v)).collect();
        let floats: Vec<f64> = values.iter().map(|&value| value as f64 / 8.0).collect();
        let bits: Vec<bool> = values.iter().map(|&value| value % 9 == 0).collect();
        macro_rules! more {
            ($array:expr) => {{
                let array = $array;
                array.to_bytes().len() - array.heap_bytes()
            }};
        }
        assert_eq!(more!(IntArray::from(&values)), 64);
        assert_eq!(more!(NullableIntArray::from(&nullable)), 72);
        assert_eq!(more!(BitArray::from(&bits)), 40);
        assert_eq!(more!(BlockArray::from(&nullable)), 80);
        assert_eq!(more!(DictArray::from(&nullable)), 80);
        assert_eq!(more!(SortedArray::from_sorted(&values)), 72);
        assert_eq!(more!(DecimalArray::from(&floats)), 112);
        let bytes: Vec<u8> = values.iter().map(|&value| value as u8).collect();
        assert_eq!(Array::from(&bytes[..]).to_bytes().len(), 40 + bytes.len().next_multiple_of(8));
    }
}

#[test]
fn what_is_wrong_is_named() {
    let bytes = IntArray::from([1_i64, 2, 3]).to_bytes();
    assert_eq!(IntArray::<i64>::from_bytes(b"1,2,3\n").unwrap_err(), ImageError::NoImage);
    let error = IntArray::<u64>::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, ImageError::Type { expected: (2, 8), found: (2, 4) });
    assert_eq!(error.to_string(), "the image is of IntArray<i64>, not of IntArray<u64>");
    let other = DictArray::from([Some(1_i16), None]).to_bytes();
    assert_eq!(
        BitArray::from_bytes(&other).unwrap_err().to_string(),
        "the image is of DictArray<Option<i16>>, not of BitArray"
    );
    let mut newer = bytes.clone();
    newer[8] = 7;
    assert_eq!(IntArray::<i64>::from_bytes(&newer).unwrap_err(), ImageError::Version { found: 7 });
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(IntArray::<i64>::from_bytes(&damaged).unwrap_err(), ImageError::Checksum);
    let mut shifted = vec![0; bytes.len() + 8];
    let at = if shifted.as_ptr().addr().is_multiple_of(8) { 4 } else { 0 };
    shifted[at..][..bytes.len()].copy_from_slice(&bytes);
    let error = IntArray::<i64, &[u64]>::open(&shifted[at..][..bytes.len()]).unwrap_err();
    assert_eq!(error, ImageError::Misaligned);
}

#[cfg(feature = "std")]
#[test]
fn images_are_read_one_after_the_other() {
    let (days, late) = (IntArray::from([1_u8, 2, 3]), BitArray::from([true, false]));
    let mut file = Vec::new();
    days.write_to(&mut file).unwrap();
    late.write_to(&mut file).unwrap();
    let mut reader = &file[..];
    assert_eq!(IntArray::<u8>::read_from(&mut reader).unwrap(), days);
    assert_eq!(BitArray::read_from(&mut reader).unwrap(), late);
    assert!(reader.is_empty());
    // What is of another type is not read to its end.
    let mut reader = &file[..];
    assert!(BitArray::read_from(&mut reader).is_err());
    assert_eq!(reader.len(), file.len() - 32);
    let kind = |bytes: &[u8]| IntArray::<u8>::read_from(bytes).unwrap_err().kind();
    assert_eq!(kind(&file[..40]), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(kind(&[0; 100]), std::io::ErrorKind::InvalidData);
}
