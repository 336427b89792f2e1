//! How wide arrays become, how often they re-encode on the way, and what a range or a null costs.

use pennyweight::array::{
    Column, Encoding, IntArray, NullableIntArray, ReserveError, StoreErrorCause,
};
use pennyweight_baseline::random::Random;

/// How often the encoding changes while an array takes the steps, one by one.
fn encodings<C: Column, S>(
    array: &mut C,
    steps: impl IntoIterator<Item = S>,
    mut take: impl FnMut(&mut C, S),
) -> u32 {
    let (mut last, mut changes) = (array.encoding(), 0);
    for step in steps {
        take(array, step);
        changes += u32::from(array.encoding() != last);
        last = array.encoding();
    }
    changes
}

/// A name, and the `i`-th value.
type Series = (&'static str, fn(i64) -> i64);

/// Series that wander off.
const SERIES: [Series; 10] = [
    ("rising", |i| i),
    ("rising from afar", |i| i64::MAX - 60_000 + i),
    ("falling", |i| -i),
    ("falling by sevens", |i| -7 * i),
    ("falling to the end of the type", |i| i64::MIN + 50_000 - i),
    ("falling by squares", |i| -i * i),
    ("up and down", |i| if i % 2 == 0 { i } else { -i }),
    ("up and down by squares", |i| if i % 2 == 0 { i * i } else { -i * i }),
    ("mostly down", |i| if i % 16 == 0 { i } else { -i }),
    ("mostly up", |i| if i % 16 == 0 { -i } else { i }),
];

#[test]
fn pushed_values_re_encode_at_most_twice_for_each_bit() {
    for (name, value) in SERIES {
        let mut array = IntArray::new();
        let changes = encodings(&mut array, (0..50_000).map(value), IntArray::push);
        array.check_invariants();
        assert!(array.iter().eq((0..50_000).map(value)), "{name}");
        assert!(changes <= 2 * array.width() + 1, "{name}: {changes} for {} bits", array.width());
    }
}

#[test]
fn pushed_values_and_nulls_re_encode_at_most_twice_for_each_bit_and_for_the_first_null() {
    for (name, value) in SERIES {
        for first_null in [0, 3, 40_000] {
            let value = |i| (i < first_null || i % 5 != 0).then(|| value(i));
            let mut array = NullableIntArray::new();
            let changes = encodings(&mut array, (0..50_000).map(value), NullableIntArray::push);
            array.check_invariants();
            assert!(array.iter().eq((0..50_000).map(value)), "{name}");
            assert!(
                changes <= 2 * array.width() + 2,
                "{name}: {changes} for {} bits",
                array.width()
            );
        }
    }
}

#[test]
fn replaced_values_re_encode_at_most_twice_for_each_bit() {
    // Each value stays for one step only: what is held fits few bits, but what was held counts.
    for (name, value) in SERIES {
        let mut array = IntArray::from([0_i64; 100]);
        let steps = (0..5000).flat_map(|i| [value(i), 0]);
        let changes = encodings(&mut array, steps, |array, value| array.set(7, value));
        array.check_invariants();
        assert_eq!(array, [0; 100], "{name}");
        assert!(changes <= 2 * array.width() + 1, "{name}: {changes} for {} bits", array.width());

        let mut array = NullableIntArray::from([Some(0_i64); 100]);
        let steps = (0..5000).flat_map(|i| [Some(value(i)), None]);
        let changes = encodings(&mut array, steps, |array, value| array.set(7, value));
        array.check_invariants();
        assert_eq!((array.null_count(), array.sum()), (1, 0), "{name}");
        assert!(changes <= 2 * array.width() + 2, "{name}: {changes} for {} bits", array.width());
    }
}

#[test]
fn values_within_a_range_take_no_bit_too_many() {
    for seed in 0..20 {
        for low in [0, 1000, 1 << 40] {
            let mut random = Random::new(seed);
            let mut array = IntArray::new();
            (0..3000).for_each(|_| array.push(low + random.bits(20) as i64));
            assert!(array.width() <= 20 + u32::from(low > 0), "from {low}: {}", array.width());
        }
    }
}

#[test]
fn sets_far_up_and_down_re_encode_twice() {
    let mut array = IntArray::from([0_i64; 100]);
    let steps = [1_000_000, 0, -1_000_000, 0].into_iter().cycle().take(4000);
    assert_eq!(encodings(&mut array, steps, |array, value| array.set(7, value)), 2);
    assert_eq!((array.width(), array), (2, IntArray::from([0; 100])));
}

#[test]
fn values_that_fit_leave_the_encoding_as_it_is() {
    let mut array = IntArray::from([-600_i64, 0, 3600]);
    let encoding = Encoding::Packed { width: 3, base: -600, scale: 600 };
    assert_eq!(array.encoding(), encoding);
    array.extend_from_slice(&[3000, -600, 600]);
    array.extend([1200, 1800]);
    array.resize(20, 2400);
    array.set(0, 3000);
    array.push(0);
    assert_eq!(array.encoding(), encoding);
    let expected = [3000, 0, 3600, 3000, -600, 600, 1200, 1800];
    assert!(array.iter().eq(expected.into_iter().chain([2400; 12]).chain([0])));

    let mut array = NullableIntArray::from([Some(-600_i64), Some(0), None, Some(3600)]);
    let encoding = Encoding::PackedNullable { width: 4, base: -600, scale: 600 };
    assert_eq!(array.encoding(), encoding);
    // Null, eight values, and up to 7800 what else 4 bits have codes for.
    array.extend_from_slice(&[Some(3000), None, Some(7800)]);
    array.resize(10, None);
    array.set(3, None);
    array.push(Some(-600));
    assert_eq!((array.encoding(), array.null_count(), array.sum()), (encoding, 6, 9600));
}

#[test]
fn an_empty_array_keeps_its_range_beside_an_outlier() {
    let mut array = IntArray::<u8>::with_range(0, 100, 1000);
    assert_eq!(array.encoding(), Encoding::Packed { width: 7, base: 0, scale: 1 });
    assert_eq!(array.heap_bytes(), 888);
    array.push(200);
    let wide = Encoding::Packed { width: 8, base: 0, scale: 1 };
    assert_eq!((array.encoding(), array.heap_bytes()), (wide, 888));
    array.extend(0..=100);
    assert_eq!((array.encoding(), array.heap_bytes()), (wide, 888));

    let mut array = IntArray::<i16>::with_range(100, 200, 10);
    array.push(-1);
    // 100 to 227 had codes; below them, -28 is the lowest for which 8 bits suffice.
    assert_eq!(array.encoding(), Encoding::Packed { width: 8, base: -28, scale: 1 });
    array.extend([100, 227, -28]);
    assert_eq!(array.width(), 8);

    let mut array = NullableIntArray::<u8>::with_range(0, 100, 1000);
    let encoding = Encoding::PackedNullable { width: 7, base: 0, scale: 1 };
    array.extend([None, Some(126)]);
    assert_eq!((array.encoding(), array.heap_bytes()), (encoding, 888));
    array.truncate(0);
    array.push(Some(200));
    let wide = Encoding::PackedNullable { width: 8, base: 0, scale: 1 };
    assert_eq!((array.encoding(), array.heap_bytes()), (wide, 888));
}

#[test]
fn a_window_cut_by_the_end_of_the_type_moves_down_whole() {
    let mut array: IntArray<u8> = [200, 201, 255].into_iter().collect();
    array.push(199);
    // 56 values lie above; the 8 codes that no value has are below now.
    assert_eq!(array.encoding(), Encoding::Packed { width: 6, base: 192, scale: 1 });
    array.push(192);
    assert_eq!(array.width(), 6);
    array.push(191);
    assert_eq!(array.encoding(), Encoding::Packed { width: 7, base: 128, scale: 1 });
    assert_eq!(array, [200, 201, 255, 199, 192, 191]);
}

#[test]
fn every_width_from_0_to_64_is_reached_by_pushing() {
    for width in 0..=64 {
        let top = u64::MAX.checked_shr(64 - width).unwrap_or(0);
        let values: Vec<u64> = (0..600).map(|i| if i % 3 == 0 { top } else { i & top }).collect();
        let mut array = IntArray::new();
        for (index, &value) in values.iter().enumerate() {
            array.push(value);
            array.check_invariants();
            assert_eq!(array.value(index), value, "width {width}");
        }
        array.shrink_to_fit();
        assert_eq!((array.width(), &array), (width, &IntArray::from(&values[..])));
        assert!(array.iter().eq(values.iter().copied()), "width {width}");

        let mut nullable: NullableIntArray<u64> = values.iter().map(|&value| Some(value)).collect();
        assert_eq!(nullable.sum(), array.sum());
        if width < 64 {
            nullable.push(None);
            assert_eq!((nullable.null_count(), nullable.sum()), (1, array.sum()));
            assert!(nullable.iter().flatten().eq(values.iter().copied()), "width {width}");
        }
    }
}

#[test]
fn the_widest_arrays_are_read_and_widened() {
    for width in 58..=64_u32 {
        let top = u64::MAX >> (64 - width);
        let value = |i: u64| if i == 0 { top } else { i.wrapping_mul(0x9e37_79b9_7f4a_7c15) & top };
        let mut values: Vec<u64> = (0..1100).map(value).collect();
        // One bit less first, so that the array widens while it holds more than is re-encoded at once.
        let narrow = values[1..].iter().map(|value| value >> 1);
        let mut array: IntArray<u64> = narrow.clone().collect();
        array.push(top);
        assert_eq!(array.width(), width);
        assert!(array.iter().eq(narrow.chain([top])), "width {width}");

        let array = IntArray::from(&values[..]);
        assert_eq!(array.width(), width);
        let mut blocks = Vec::new();
        array.for_each_block(|block| blocks.extend_from_slice(block));
        assert_eq!(blocks, values, "width {width}");
        let sum = values.iter().map(|&value| i128::from(value)).sum::<i128>();
        assert_eq!(array.sum(), sum, "width {width}");

        // Where all codes are taken, null would have none.
        values[0] -= 1;
        let nullable: Vec<_> = values.iter().map(|&value| Some(value)).chain([None]).collect();
        let array = NullableIntArray::from(&nullable[..]);
        assert_eq!((array.width(), array.sum()), (width, sum - 1));
        let mut blocks = Vec::new();
        array.for_each_block(|block| blocks.extend_from_slice(block));
        assert_eq!(blocks, nullable, "width {width}");
    }
}

#[test]
fn every_scale_is_found_and_given_up() {
    for shift in 1..64 {
        for below in 0..8 {
            let scale = (1_u64 << shift).saturating_sub(3 * below).max(1);
            let count = (u64::MAX / scale).min(19);
            let mut values: Vec<u64> = (0..=count).map(|i| i * scale).collect();
            let mut array = IntArray::from(&values[..]);
            let found = Encoding::Packed { width: 64 - count.leading_zeros(), base: 0, scale };
            // One step needs a bit, whatever it is worth.
            assert_eq!(array.encoding(), found);
            assert_eq!(array, values);
            let held = values.clone();
            for value in [1, u64::MAX] {
                array.push(value);
                values.push(value);
                array.check_invariants();
                assert_eq!(array, values, "scale {scale}");
            }
            array.extend_from_slice(&held);
            values.extend(&held);
            assert_eq!(array, values, "scale {scale}");
        }
    }
}

#[test]
fn null_takes_a_spare_code_and_a_bit_only_where_there_is_none() {
    let spare: NullableIntArray<u8> = (0..7).map(Some).chain([None]).collect();
    assert_eq!(spare.width(), 3);
    let full: NullableIntArray<u8> = (0..8).map(Some).chain([None]).collect();
    assert_eq!(full.width(), 4);
    let without: NullableIntArray<u8> = (0..8).map(Some).collect();
    assert_eq!(without.width(), 3);
    assert_eq!(without.encoding(), Encoding::Packed { width: 3, base: 0, scale: 1 });
    let nothing: NullableIntArray<u8> = std::iter::repeat_n(None, 1000).collect();
    assert_eq!((nothing.heap_bytes(), nothing.null_count(), nothing.sum()), (0, 1000, 0));
    assert_eq!((nothing.min(), nothing.get(999), nothing.get(1000)), (None, Some(None), None));
}

#[test]
fn null_takes_the_code_of_what_is_no_longer_held() {
    // The 1 is gone, but the array still counts by ones until it needs a code.
    let mut array = NullableIntArray::from([Some(u64::MIN), Some(1), Some(u64::MAX)]);
    array.set(1, Some(u64::MIN));
    assert_eq!(array.width(), 64);
    array.push(None);
    array.check_invariants();
    assert_eq!(array, [Some(u64::MIN), Some(u64::MIN), Some(u64::MAX), None]);
    assert_eq!(array.encoding(), Encoding::PackedNullable { width: 2, base: 0, scale: u64::MAX });

    let mut array = NullableIntArray::from([Some(i64::MIN), Some(i64::MAX), Some(0)]);
    array.pop();
    array.extend_from_slice(&[None, Some(i64::MAX)]);
    assert_eq!(array, [Some(i64::MIN), Some(i64::MAX), None, Some(i64::MAX)]);
    assert_eq!(array.width(), 2);

    let mut array = NullableIntArray::from([Some(i64::MIN), Some(i64::MAX), Some(0)]);
    array.truncate(1);
    array.resize(3, None);
    assert_eq!(array, [Some(i64::MIN), None, None]);
    array.shrink_to_fit();
    assert_eq!(array.width(), 1);
}

#[test]
fn null_is_taken_by_an_array_that_held_the_whole_range() {
    let mut array = NullableIntArray::from([Some(u64::MIN), Some(1), Some(u64::MAX)]);
    array.clear();
    array.push(None);
    array.check_invariants();
    assert_eq!((array.width(), &array), (0, &NullableIntArray::from([None])));
    array.extend([Some(5), None, Some(3)]);
    assert_eq!(array, [None, Some(5), None, Some(3)]);
}

#[test]
fn values_take_the_code_of_a_null_that_is_no_longer_held() {
    let mut array = NullableIntArray::from([None, Some(i64::MIN), Some(0)]);
    array.set(0, Some(1));
    array.push(Some(i64::MAX));
    array.check_invariants();
    let expected = [Some(1), Some(i64::MIN), Some(0), Some(i64::MAX)];
    assert_eq!(array, expected);
    let base = i64::MIN.into();
    assert_eq!(array.encoding(), Encoding::Packed { width: 64, base, scale: 1 });

    assert_eq!(
        NullableIntArray::try_with_range(i64::MIN, i64::MAX, 1).err(),
        Some(StoreErrorCause::NoCodeForNull)
    );
    assert_eq!(
        IntArray::try_with_range(0_u8, 1, usize::MAX).err(),
        Some(ReserveError::CapacityOverflow)
    );
    let mut array = NullableIntArray::<i64>::with_range(-5, 5, 10);
    array.extend_from_slice(&expected);
    assert_eq!((array.width(), array), (64, NullableIntArray::from(expected)));
}
