//! Arrays where the allocator refuses: they go without slack, or stay as they were.

use crate::at_most;
use pennyweight::array::{
    Array, BitArray, Column, Encoding, IntArray, NullableIntArray, ReserveError, StoreError,
    StoreErrorCause,
};

/// A column of which the invariants can be checked.
trait Checked: Column {
    fn check(&self);
}

impl Checked for IntArray<u32> {
    fn check(&self) {
        self.check_invariants();
    }
}

impl Checked for NullableIntArray<u32> {
    fn check(&self) {
        self.check_invariants();
    }
}

impl Checked for BitArray {
    fn check(&self) {
        self.check_invariants();
    }
}

impl Checked for Array<u32> {
    fn check(&self) {
        assert!(self.len() <= self.capacity());
    }
}

/// What a refusal must not change.
fn state<A: Checked>(array: &A) -> (Vec<A::Item>, Encoding, usize) {
    array.check();
    (array.iter().collect(), array.encoding(), array.heap_bytes())
}

/// Asserts that `f` fails for want of so many bytes where no block may be larger than the array's, and that it
/// changes nothing.
fn refuses<A: Checked, E: Into<Refusal>>(
    array: &mut A,
    bytes: usize,
    f: impl FnOnce(&mut A) -> Result<(), E>,
) {
    let before = state(array);
    let result = at_most(array.heap_bytes(), || f(array));
    let Refusal(cause) = result.expect_err("a refusal").into();
    assert_eq!(cause, ReserveError::AllocationFailed { bytes }.into());
    assert_eq!(state(array), before);
}

/// Why something was refused, from whichever error says so.
struct Refusal(StoreErrorCause);

impl From<ReserveError> for Refusal {
    fn from(error: ReserveError) -> Self {
        Self(error.into())
    }
}

impl From<StoreErrorCause> for Refusal {
    fn from(cause: StoreErrorCause) -> Self {
        Self(cause)
    }
}

impl<T> From<StoreError<T>> for Refusal {
    fn from(error: StoreError<T>) -> Self {
        Self(error.cause())
    }
}

/// 1000 values of 10 bits: 157 words and one of padding. 4 values more fit.
fn ints() -> IntArray<u32> {
    let array: IntArray<u32> = (0..1000).collect::<Vec<_>>().into();
    assert_eq!((array.width(), array.heap_bytes(), array.capacity()), (10, 1264, 1004));
    array
}

/// The same, but for every tenth value.
fn nullable() -> NullableIntArray<u32> {
    let values: Vec<_> = (0..1000).map(|i| (i % 10 != 3).then_some(i)).collect();
    let array = NullableIntArray::from(values);
    assert_eq!((array.width(), array.heap_bytes(), array.capacity()), (10, 1264, 1004));
    array
}

fn bits() -> BitArray {
    let array: BitArray = (0..640).map(|i| i % 3 == 0).collect::<Vec<_>>().into();
    assert_eq!(array.heap_bytes(), 80);
    array
}

fn plain() -> Array<u32> {
    let array = Array::from(&[7; 100][..]);
    assert_eq!(array.heap_bytes(), 400);
    array
}

#[test]
fn arrays_grow_without_slack_where_slack_is_refused() {
    // What each takes when pushed to: of all memory, and of the least that will do.
    for (limit, packed, bit, item) in [(usize::MAX, 1320, 136, 460), (1272, 1272, 136, 460)] {
        let (mut ints, mut nullable) = (ints(), nullable());
        ints.resize(1004, 7);
        nullable.resize(1004, Some(7));
        at_most(limit, || (ints.push(8), nullable.push(None)));
        assert_eq!((ints.heap_bytes(), ints.len(), ints.last()), (packed, 1005, Some(8)));
        assert_eq!((nullable.heap_bytes(), nullable.last()), (packed, Some(None)));
        ints.check_invariants();
        nullable.check_invariants();
        let (mut bits, mut plain) = (bits(), plain());
        at_most(limit, || (bits.push(true), plain.push(8)));
        assert_eq!((bits.heap_bytes(), plain.heap_bytes()), (bit, item));
    }
    let mut bits = bits();
    at_most(88, || bits.push(true));
    bits.check_invariants();
    assert_eq!((bits.heap_bytes(), bits.len(), bits.count_ones()), (88, 641, 215));
    let mut plain = plain();
    at_most(404, || plain.push(8));
    assert_eq!((plain.heap_bytes(), plain.len(), plain[100]), (404, 101, 8));
}

#[test]
fn arrays_widen_without_slack_where_slack_is_refused() {
    // 1001 codes of 11 bits are 173 words.
    for (limit, bytes) in [(usize::MAX, 1448), (1392, 1392)] {
        let mut array = ints();
        at_most(limit, || array.push(1024));
        array.check_invariants();
        assert_eq!((array.width(), array.heap_bytes()), (11, bytes));
        assert!(array.iter().eq((0..1000).chain([1024])));
        let mut array = nullable();
        at_most(limit, || array.push(Some(1024)));
        array.check_invariants();
        assert_eq!((array.width(), array.heap_bytes()), (11, bytes));
        assert_eq!((array.null_count(), array.last()), (100, Some(Some(1024))));
    }
}

#[test]
fn arrays_widen_into_their_slack_without_the_allocator() {
    let mut array = ints();
    array.reserve_exact(1000);
    let bytes = array.heap_bytes();
    at_most(0, || array.extend_from_slice(&[1 << 18, 5]));
    array.check_invariants();
    assert_eq!((array.width(), array.heap_bytes()), (19, bytes));
    assert!(array.iter().eq((0..1000).chain([1 << 18, 5])));
}

#[test]
fn refused_integers_leave_the_array_as_it_was() {
    let mut array = ints();
    let error = at_most(0, || array.try_push(1024)).unwrap_err();
    assert_eq!(error.into_value(), 1024);
    refuses(&mut array, 1392, |array| array.try_push(1024));
    refuses(&mut array, 2640, |array| array.try_set(3, 1 << 20));
    refuses(&mut array, 1272, |array| array.try_resize(1005, 7));
    refuses(&mut array, 2760, |array| array.try_resize(2000, 1024));
    refuses(&mut array, 1272, |array| array.try_extend_from_slice(&[7; 5]));
    refuses(&mut array, 1392, |array| array.try_extend_from_slice(&[1, 1024]));
    refuses(&mut array, 1272, |array| array.try_reserve(5));
    refuses(&mut array, 1272, |array| array.try_reserve_exact(5));
    array.resize(1004, 7);
    refuses(&mut array, 1272, |array| array.try_push(7));

    // Codes that are not only moved: 600 times as many, and 20 bits.
    let mut array = IntArray::from((0..1000).map(|i| 600 * i).collect::<Vec<u32>>());
    refuses(&mut array, 2512, |array| array.try_push(1));
    // Nothing of no bits needs a buffer before.
    let mut array = IntArray::from([5_u32; 100]);
    refuses(&mut array, 24, |array| array.try_set(99, 6));
    refuses(&mut array, 24, |array| array.try_push(6));
    refuses(&mut array, 40, |array| array.try_resize(200, 6));
}

#[test]
fn refused_values_and_nulls_leave_the_array_as_it_was() {
    let mut array = nullable();
    refuses(&mut array, 1392, |array| array.try_push(Some(1023)));
    refuses(&mut array, 2640, |array| array.try_set(3, Some(1 << 20)));
    refuses(&mut array, 1272, |array| array.try_resize(1005, None));
    refuses(&mut array, 1272, |array| array.try_extend_from_slice(&[None; 5]));
    refuses(&mut array, 1392, |array| array.try_extend_from_slice(&[None, Some(1023)]));
    refuses(&mut array, 1272, |array| array.try_reserve(5));
    refuses(&mut array, 1272, |array| array.try_reserve_exact(5));
    array.resize(1004, None);
    refuses(&mut array, 1272, |array| array.try_push(None));
    assert_eq!(array.null_count(), 104);

    // All codes of 10 bits are taken: the first null needs an 11th.
    let mut array = NullableIntArray::from((0..1024).map(Some).collect::<Vec<Option<u32>>>());
    refuses(&mut array, 1424, |array| array.try_push(None));
    refuses(&mut array, 1416, |array| array.try_set(0, None));
    refuses(&mut array, 1424, |array| array.try_resize(1025, None));
    refuses(&mut array, 1424, |array| array.try_extend_from_slice(&[None]));
    assert_eq!(array.null_count(), 0);
    let refused = at_most(0, || NullableIntArray::try_from_slice(&[Some(1_u32), None]));
    assert_eq!(refused, Err(ReserveError::AllocationFailed { bytes: 16 }.into()));
}

#[test]
fn refused_bits_leave_the_array_as_it_was() {
    let mut array = bits();
    refuses(&mut array, 88, |array| array.try_push(true));
    refuses(&mut array, 88, |array| array.try_resize(641, true));
    refuses(&mut array, 96, |array| array.try_extend_from_slice(&[true; 65]));
    refuses(&mut array, 88, |array| array.try_reserve(1));
    refuses(&mut array, 88, |array| array.try_reserve_exact(64));
    array.truncate(600);
    refuses(&mut array, 88, |array| array.try_resize(641, true));
    refuses(&mut array, 88, |array| array.try_extend_from_slice(&[true; 41]));
    assert_eq!(at_most(0, || array.try_extend_from_slice(&[true; 40])), Ok(()));
    assert_eq!((array.len(), array.count_ones()), (640, 240));
}

#[test]
fn refused_scalars_leave_the_array_as_it_was() {
    let mut array = plain();
    refuses(&mut array, 404, |array| array.try_push(1));
    refuses(&mut array, 404, |array| array.try_insert(50, 1));
    refuses(&mut array, 412, |array| array.try_resize(103, 1));
    refuses(&mut array, 408, |array| array.try_extend_from_slice(&[1, 2]));
    refuses(&mut array, 404, |array| array.try_reserve(1));
    refuses(&mut array, 404, |array| array.try_reserve_exact(1));
}
