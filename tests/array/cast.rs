//! Bytes as values and values as bytes, aligned or not.

use std::borrow::Cow;
use std::fmt::Debug;

use bytemuck::Pod;
use pennyweight::array::{self, Array};
use pennyweight::profile::measure;
use proptest::prelude::*;

/// Bytes that lie `offset` behind a multiple of 16.
fn at(offset: usize, bytes: &[u8], check: impl FnOnce(&[u8])) {
    let mut room = vec![0_u128; bytes.len() / 16 + 2];
    let place = &mut bytemuck::cast_slice_mut::<u128, u8>(&mut room)[offset..offset + bytes.len()];
    place.copy_from_slice(bytes);
    check(place);
}

fn check_bytes<T: Pod + PartialEq + Debug>(values: &[T]) {
    let bytes = bytemuck::cast_slice::<T, u8>(values);
    let size = size_of::<T>();
    for offset in 0..16 {
        at(offset, bytes, |bytes| {
            let (cast, stats) = measure(|| array::cast::<T>(bytes).unwrap());
            assert_eq!(cast[..], *values, "{offset}");
            let aligned = offset % align_of::<T>() == 0 || values.is_empty();
            assert_eq!(matches!(cast, Cow::Borrowed(_)), aligned, "{offset}");
            assert_eq!(stats.allocations, u64::from(!aligned));
            assert_eq!(stats.current, if aligned { 0 } else { bytes.len() as i64 });
            if aligned && !values.is_empty() {
                assert_eq!(cast.as_ptr().addr(), bytes.as_ptr().addr());
            }

            let (copied, stats) = measure(|| Array::<T>::from_ne_bytes(bytes).unwrap());
            assert_eq!(copied[..], *values);
            assert_eq!(stats.current, bytes.len() as i64);
            assert_eq!((stats.peak, copied.heap_bytes()), (stats.current, bytes.len()));
            assert_eq!(copied.as_bytes(), bytes);

            for short in 1..size.min(bytes.len()) {
                let bytes = &bytes[..bytes.len() - short];
                let error = array::cast::<T>(bytes).unwrap_err();
                assert_eq!((error.bytes(), error.size()), (bytes.len(), size));
                assert_eq!(Array::<T>::from_ne_bytes(bytes).unwrap_err(), error);
            }
        });
    }
}

#[test]
fn bytes_are_lent_where_aligned_and_copied_where_not() {
    check_bytes::<u8>(&[1, 2, 3]);
    check_bytes::<i16>(&[-1, 300]);
    check_bytes::<f32>(&[0.5, -0.0, f32::INFINITY]);
    check_bytes::<f64>(&[0.5]);
    check_bytes::<u128>(&[u128::MAX, 7, 9]);
    check_bytes::<[u16; 3]>(&[[1, 2, 3], [4, 5, 6]]);
}

/// bytemuck#349: a cast of an empty slice fails where its pointer is not aligned.
#[test]
fn no_bytes_are_no_values_wherever_they_lie() {
    check_bytes::<u8>(&[]);
    check_bytes::<u64>(&[]);
    check_bytes::<[u128; 2]>(&[]);
}

#[test]
fn values_without_bytes_are_cast() {
    assert_eq!(array::cast::<()>(&[]).unwrap().len(), 0);
    let error = array::cast::<()>(&[1, 2]).unwrap_err();
    assert_eq!((error.bytes(), error.size()), (2, 0));
    assert_eq!(error.to_string(), "2 bytes are not a whole number of values of 0 bytes");

    let mut units = Array::from([(); 5]);
    assert!(units.as_bytes().is_empty() && units.as_bytes_mut().is_empty());
    // Of the same alignment, and of another.
    let units = units.cast::<[u8; 0]>().unwrap();
    let units = units.cast::<[u64; 0]>().unwrap();
    assert_eq!(units.len(), 5);
    // No bytes, and so no values that have some.
    assert_eq!(units.cast::<u64>().unwrap().len(), 0);
    assert_eq!(Array::<u64>::with_capacity(3).cast::<[u64; 0]>().unwrap().len(), 0);
    let error = Array::from([1_u64]).cast::<[u64; 0]>().unwrap_err();
    assert_eq!(error.into_array()[..], [1]);
}

#[test]
fn values_of_the_same_alignment_keep_their_memory() {
    let array = Array::from([1_i64, -1, 7]);
    let place = array.as_ptr().addr();
    let (array, stats) = measure(|| array.cast::<u64>().unwrap());
    assert_eq!((array.as_ptr().addr(), &array[..]), (place, &[1, u64::MAX, 7][..]));
    assert_eq!((stats.allocations, stats.frees), (0, 0));
    let (array, stats) = measure(|| array.cast::<[u64; 3]>().unwrap());
    assert_eq!((array.as_ptr().addr(), array.len(), stats.allocations), (place, 1, 0));
    let (array, stats) = measure(|| array.cast::<f64>().unwrap());
    assert_eq!((array.as_ptr().addr(), array.len(), stats.allocations), (place, 3, 0));
}

#[test]
fn slack_is_kept_where_it_is_a_whole_number_of_values() {
    let mut array = Array::with_capacity(8);
    array.extend_from_slice(&[1_u32, 2, 3, 4]);
    let mut array = array.cast::<[u32; 2]>().unwrap();
    assert_eq!((array.len(), array.capacity()), (2, 4));
    array.reserve_exact(3);
    let (array, stats) = measure(|| array.cast::<[u32; 4]>().unwrap());
    assert_eq!((array.len(), array.capacity(), array.heap_bytes()), (1, 1, 16));
    assert_eq!((stats.allocations, stats.reallocations, stats.current), (0, 1, -24));
    assert_eq!(array[0], [1, 2, 3, 4]);
}

#[test]
fn values_of_another_alignment_are_copied_exactly() {
    let pairs = [[1_u32, 2], [3, 4]];
    let array = Array::from(pairs).cast::<u32>().unwrap();
    let (array, stats) = measure(|| array.cast::<u64>().unwrap());
    assert_eq!(array[..], pairs.map(bytemuck::cast::<[u32; 2], u64>));
    assert_eq!((array.heap_bytes(), stats.allocations, stats.frees), (16, 1, 1));
    let bytes = array.cast::<u8>().unwrap();
    assert_eq!(bytes.len(), 16);
    assert_eq!(bytes.cast::<u32>().unwrap()[..], [1, 2, 3, 4]);
}

#[test]
fn an_array_that_cannot_be_cast_is_given_back() {
    for slack in [0, 5] {
        let mut array = Array::with_capacity(3 + slack);
        array.extend_from_slice(&[1_u32, 2, 3]);
        let place = array.as_ptr();
        let (error, stats) = measure(|| array.cast::<u64>().unwrap_err());
        assert_eq!((error.bytes(), error.size(), stats.allocations), (12, 8, 0));
        assert_eq!(error.to_string(), "12 bytes are not a whole number of values of 8 bytes");
        let array = error.into_array();
        assert_eq!(
            (array.as_ptr(), array.capacity(), &array[..]),
            (place, 3 + slack, &[1, 2, 3][..])
        );
        let error = array.cast::<[u32; 2]>().unwrap_err();
        assert_eq!(error.into_array()[..], [1, 2, 3]);
    }
}

#[test]
fn changed_bytes_are_changed_values() {
    let mut array = Array::from([0_u16; 4]);
    for (index, byte) in array.as_bytes_mut().iter_mut().enumerate() {
        *byte = index as u8;
    }
    let expected = [[0, 1], [2, 3], [4, 5], [6, 7]].map(u16::from_ne_bytes);
    assert_eq!(array[..], expected);
}

proptest! {
    #[test]
    fn casts_there_and_back_change_nothing(values: Vec<[u16; 4]>) {
        let array = Array::from(values.clone());
        let array = array.cast::<u64>().unwrap().cast::<u8>().unwrap();
        prop_assert_eq!(array.as_bytes(), bytemuck::cast_slice::<_, u8>(&values));
        let array = array.cast::<f32>().unwrap().cast::<[u8; 8]>().unwrap();
        prop_assert_eq!(&array.cast::<[u16; 4]>().unwrap()[..], &values[..]);
    }
}
