//! Floats packed as decimals: every bit comes back, the bytes are those of the decimals, and no image is trusted.

use pennyweight::array::{Column, DecimalArray, Encoding, Float, FloatElement, ImageError};
use pennyweight::profile::measure;
use pennyweight::size::{HeapSize, deep_size};
use pennyweight_baseline::image::{aligned, sealed};
use pennyweight_baseline::weather::Weather;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;

/// What tells floats apart that compare as equal, or as nothing.
trait Bits: FloatElement {
    fn bits(self) -> Option<u64>;
}

impl Bits for f64 {
    fn bits(self) -> Option<u64> {
        Some(self.to_bits())
    }
}

impl Bits for f32 {
    fn bits(self) -> Option<u64> {
        Some(self.to_bits().into())
    }
}

impl<T: Float + Bits> Bits for Option<T> {
    fn bits(self) -> Option<u64> {
        self.and_then(Bits::bits)
    }
}

fn bits<V: Bits>(values: impl IntoIterator<Item = V>) -> Vec<Option<u64>> {
    values.into_iter().map(V::bits).collect()
}

/// Packs, reads in every way, and compares bit by bit.
fn check<V: Bits>(values: &[V]) -> DecimalArray<V> {
    let array = DecimalArray::from(values);
    let expected = bits(values.iter().copied());
    array.check_invariants();
    assert_eq!(array.len(), values.len());
    assert_eq!(bits(array.iter()), expected);
    assert_eq!(bits((0..values.len()).map(|index| array.value(index))), expected);
    assert_eq!((array.get(values.len()).is_none(), array.is_empty()), (true, values.is_empty()));
    assert_eq!(bits(array.to_vec()), expected);
    let mut read = Vec::new();
    array.for_each_block(|block| read.extend_from_slice(block));
    assert_eq!(bits(read), expected);
    let len = values.len();
    for range in [len / 3..len, len / 2..len / 2, len / 4..len - len / 4] {
        let mut part = vec![V::default(); range.len()];
        array.copy_to_slice(range.start, &mut part);
        assert_eq!(bits(part), expected[range]);
    }
    let floats = || values.iter().filter_map(|value| value.float());
    assert_eq!(array.null_count(), len - floats().count());
    check_sum(&array, &floats().map(Into::into).collect::<Vec<_>>());
    let numbers = || floats().filter(|&float| !float.into().is_nan());
    let order = |a: &V::Float, b: &V::Float| {
        let (a, b): (f64, f64) = ((*a).into(), (*b).into());
        a.total_cmp(&b)
    };
    let to_bits = |float: Option<V::Float>| float.map(|float| float.into().to_bits());
    assert_eq!(to_bits(array.min()), to_bits(numbers().min_by(order)));
    assert_eq!(to_bits(array.max()), to_bits(numbers().max_by(order)));
    let bytes = array.to_bytes();
    let copy = DecimalArray::<V>::from_bytes(&bytes).unwrap();
    assert_eq!((bits(&copy), copy.encoding()), (expected.clone(), array.encoding()));
    assert_eq!(copy.to_bytes(), bytes);
    if cfg!(target_endian = "little") {
        let words = aligned(&bytes);
        let open = DecimalArray::<V, &[u64]>::open(bytemuck::cast_slice(&words)).unwrap();
        open.check_invariants();
        assert_eq!((bits(open), open.heap_bytes()), (expected, 0));
        assert_eq!(
            (open.exceptions(), open.null_count()),
            (array.exceptions(), array.null_count())
        );
    }
    array
}

/// Compares the sum with that of the floats.
fn check_sum<V: FloatElement>(array: &DecimalArray<V>, floats: &[f64]) {
    let (sum, magnitude) = (array.sum(), floats.iter().map(|float| float.abs()).sum::<f64>());
    if !magnitude.is_finite() {
        // Overflow depends on the order. What infinities and NaN add up to does not, but where it meets overflow the other way.
        let special = || floats.iter().filter(|float| !float.is_finite());
        let expected = special().sum::<f64>();
        let opposite = |float: &&f64| float.is_finite() && float.signum() != expected.signum();
        let opposite: f64 = floats.iter().filter(opposite).map(|float| float.abs()).sum();
        let may_be_nan = expected.is_nan() || opposite > 0.99 * f64::MAX;
        let same = expected.to_bits() == sum.to_bits() || may_be_nan && sum.is_nan();
        assert!(special().count() == 0 || same, "{sum} is not {expected}");
        return;
    }
    // A float is off by half a unit in its last place from its decimal, and a sum of bit patterns by that for each.
    let ulp = if size_of::<V::Float>() == 4 { f32::EPSILON.into() } else { f64::EPSILON };
    let bound = (ulp / 2.0 + array.exceptions() as f64 * f64::EPSILON / 2.0) * magnitude
        + 4.0 * f64::EPSILON * magnitude;
    let difference = compensated(floats.iter().copied().chain([-sum]));
    assert!(difference.abs() <= bound, "{sum} is off by {difference:e}, more than {bound:e}");
    if floats.iter().all(|float| float.to_bits() == (-0.0_f64).to_bits()) {
        assert!(sum == 0.0 && sum.is_sign_negative());
    }
}

/// A sum as if in twice the precision: Neumaier's.
fn compensated(floats: impl Iterator<Item = f64>) -> f64 {
    let (sum, lost) = floats.fold((0.0_f64, 0.0), |(sum, lost), float| {
        let next = sum + float;
        let (large, small) = if sum.abs() < float.abs() { (float, sum) } else { (sum, float) };
        (next, lost + ((large - next) + small))
    });
    sum + lost
}

/// Decimals of up to nine digits.
fn decimal() -> impl Strategy<Value = f64> {
    (-999_999_999..=999_999_999_i64, 0..5_u32)
        .prop_map(|(number, digits)| number as f64 / 10_f64.powi(digits as i32))
}

/// Bit patterns of every kind, those of special values often.
fn any_bits() -> impl Strategy<Value = f64> {
    let special = [0.0, -0.0, f64::NAN, -f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX];
    let odd = [f64::MIN_POSITIVE, f64::from_bits(1), f64::from_bits(0x7ff0_0000_0000_0001)];
    let large =
        [1e22, 1e23, 9007199254740993.0, -2251799813685247.0, 2251799813685248.0, 0.1 + 0.2];
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        select([&special[..], &odd, &large].concat()),
        decimal(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_bit_pattern_comes_back(values in vec(any_bits(), 0..3000)) {
        check(&values);
        let narrow: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        check(&narrow);
    }

    #[test]
    fn every_pattern_of_32_bits_comes_back(values in vec(any::<u32>(), 0..3000)) {
        check(&values.iter().map(|&bits| f32::from_bits(bits)).collect::<Vec<_>>());
    }

    #[test]
    fn nulls_come_back_beside_nan(values in vec(proptest::option::of(any_bits()), 0..3000)) {
        check(&values);
        check(&values.iter().map(|value| value.map(|v| v as f32)).collect::<Vec<_>>());
    }

    #[test]
    fn columns_that_change_their_kind_come_back(
        parts in vec((0..5_u8, any::<u64>(), 1..2500_usize), 0..5),
    ) {
        let value = |kind, seed: u64, at: usize| {
            let random = (at as u64 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
            match kind {
                0 => Some((random % 100_000) as f64 / 100.0),
                1 => Some((random % 1000) as f64),
                2 => Some(f64::from_bits(random << 20 | seed)),
                3 => (!random.is_multiple_of(5)).then_some((random % 64) as f64 * 1.15078),
                _ => None,
            }
        };
        let values = parts.iter().flat_map(|&(kind, seed, len)| (0..len).map(move |at| value(kind, seed, at)));
        check(&values.collect::<Vec<_>>());
    }

    #[test]
    fn decimals_of_15_digits_take_the_bits_of_integers(
        numbers in vec(1_i64..=999_999_999_999_999, 1..300),
        digits in 0..=22_u32,
    ) {
        // As they are read: to the nearest float.
        let read = |number: &i64| format!("{number}e-{digits}").parse::<f64>().unwrap();
        let values: Vec<f64> = numbers.iter().map(read).chain([0.0]).collect();
        let array = check(&values);
        let width = i64::BITS - numbers.iter().max().unwrap().leading_zeros();
        // A directory, codes with padding, and a form. Which digits and which outliers a few floats have is decided by their
        // bits alone, without the sections of outliers and bit patterns: these take up to 20 words more.
        let sections = if numbers.len() < 16 { 20 } else { 0 };
        let words = 2 + (values.len() * width as usize).div_ceil(64) + 1 + 4 + sections;
        prop_assert!(array.heap_bytes() <= 8 * words, "{}", array.encoding());
    }
}

proptest! {
    // A last block of a few floats may take fewer bits as bit patterns, which are rounded already: but seldom.
    #![proptest_config(ProptestConfig { cases: 256, max_global_rejects: 16, ..ProptestConfig::default() })]

    #[test]
    fn a_sum_of_decimals_is_rounded_once(
        numbers in vec(-999_999_999_i64..=999_999_999, 1..3000),
        digits in 0..=22_u32,
    ) {
        let read = |number: i64| format!("{number}e-{digits}").parse::<f64>().unwrap();
        let mut values: Vec<f64> = numbers.iter().map(|&number| read(number)).collect();
        prop_assume!(check(&values).exceptions() == 0);
        let sum = read(numbers.iter().sum());
        let differs = |array: &DecimalArray<f64>, sum| array.exceptions() == 0 && array.sum() != sum;
        prop_assert!(!differs(&DecimalArray::from(&values[..]), sum));
        values.sort_by(f64::total_cmp);
        prop_assert!(!differs(&DecimalArray::from(&values[..]), sum));
        let negative: Vec<_> = values.iter().map(|value| 0.0 - value).collect();
        prop_assert!(!differs(&DecimalArray::from(&[&values[..], &negative].concat()[..]), 0.0));
        let nullable: Vec<_> = values.iter().flat_map(|&value| [Some(value), None]).collect();
        let nullable = DecimalArray::from(&nullable[..]);
        prop_assert!(nullable.exceptions() > 0 || nullable.sum() == sum);
    }

    #[test]
    fn a_sum_of_narrow_decimals_is_that_of_the_decimals(
        numbers in vec(-999_999_i64..=999_999, 1..3000),
        digits in 0..=9_u32,
    ) {
        let values = numbers.iter().map(|number| format!("{number}e-{digits}").parse::<f32>().unwrap());
        let array = check(&values.collect::<Vec<_>>());
        prop_assume!(array.exceptions() == 0);
        let sum = numbers.iter().sum::<i64>();
        prop_assert_eq!(array.sum(), format!("{sum}e-{digits}").parse::<f64>().unwrap());
    }
}

#[test]
fn sums_of_large_numbers_do_not_overflow() {
    let most = ((1_i64 << 51) - 1) as f64;
    for sign in [1.0, -1.0] {
        let values = [sign * most; 5000];
        let array = check(&values);
        assert_eq!((array.exceptions(), array.sum()), (0, sign * 5000.0 * most));
    }
}

#[test]
fn bit_patterns_join_the_sum_of_the_decimals() {
    let cents = |i: usize| (i * 7919 % 10_007) as f64 / 100.0;
    let decimals: f64 = (0..5000).map(|i| (i * 7919 % 10_007) as f64).sum::<f64>() / 100.0;
    for (special, count) in
        [(f64::NAN, 1), (f64::INFINITY, 1), (-0.0, 7), (1e300, 1), (0.1 + 0.2, 900)]
    {
        let mut values: Vec<_> = (0..5000).map(cents).collect();
        for index in 0..count {
            values.insert(index * 3, special);
        }
        let array = check(&values);
        assert_eq!(array.exceptions(), count);
        let sum = decimals + count as f64 * special;
        assert!((array.sum() - sum).abs() < 1e-8 || array.sum() == sum || sum.is_nan());
    }
    assert!(check(&[f64::INFINITY, 0.5, f64::NEG_INFINITY]).sum().is_nan());
    assert_eq!(check(&[f64::MAX, 1e308, f64::INFINITY]).sum(), f64::INFINITY);
    assert!(check(&[f64::MAX, 1e308, f64::NEG_INFINITY]).sum().is_nan());
    assert!(check(&[Some(f64::NAN), None]).sum().is_nan());
    assert_eq!(check(&[Some(0.1), None, Some(0.2), Some(-0.3)]).sum(), 0.0);
}

#[test]
fn the_ends_of_blocks_are_read_like_their_middles() {
    for len in [0, 1, 2, 255, 256, 257, 1023, 1024, 1025, 2048, 2049, 5000] {
        let price = |i: usize| (i * 7919 % 10_007) as f64 / 100.0;
        let prices: Vec<_> = (0..len).map(price).collect();
        assert_eq!(check(&prices).exceptions(), 0);
        check(&(0..len).map(|i| (i % 7 > 0).then(|| price(i))).collect::<Vec<_>>());
        check(
            &(0..len).map(|i| if i % 300 == 5 { f64::NAN } else { price(i) }).collect::<Vec<_>>(),
        );
        check(&(0..len).map(|i| (price(i) + 1.0).sqrt()).collect::<Vec<_>>());
        check(&vec![None::<f32>; len]);
        check(&vec![-0.0_f32; len]);
        check(&vec![0.0; len]);
    }
}

#[test]
fn special_values_among_decimals_are_exceptions() {
    let mut values: Vec<f64> = (0..2000).map(|i| f64::from(i) / 10.0).collect();
    let special = [f64::NAN, f64::from_bits(0xfff8_0000_dead_beef), f64::INFINITY, -0.0, 5e-324];
    values.splice(700..705, special);
    let array = check(&values);
    assert_eq!(array.exceptions(), 5);
    assert_eq!((array.min(), array.max()), (Some(-0.0), Some(f64::INFINITY)));
    let nullable: Vec<_> = values.iter().map(|&value| Some(value)).chain([None]).collect();
    let array = check(&nullable);
    assert_eq!((array.exceptions(), array.null_count()), (5, 1));
    assert!(array.value(700).unwrap().is_nan());
    assert_eq!(array.last(), Some(None));
}

/// The encoding of values that all have numbers.
fn steps_of<V: Bits>(values: &[V]) -> (f64, f64) {
    match check(values).encoding() {
        Encoding::Decimals { mean_width, step, exceptions: 0, .. } => (mean_width, step),
        other => panic!("{other}"),
    }
}

#[test]
fn multiples_of_any_unit_are_counted() {
    let knots: Vec<f64> = (0..5000).map(|i| f64::from(i * 31 % 64) * 1.15078).collect();
    assert_eq!(steps_of(&knots), (6.0, 1.15078));
    let narrow: Vec<f32> = (0..5000).map(|i| (i * 31 % 64) as f32 * 1.15078).collect();
    assert_eq!(steps_of(&narrow).0, 6.0);
    // Tenths of degrees Celsius, as Fahrenheit with two digits.
    let fahrenheit: Vec<f64> =
        (0..5000).map(|i| f64::from(3200 + 18 * (i % 256)) / 100.0).collect();
    assert_eq!(steps_of(&fahrenheit), (8.0, 0.18));
    let samples: Vec<f32> =
        (0..5000).map(|i| (i * 7919 % 65_536 - 32_768) as f32 / 32_768.0).collect();
    let (width, step) = steps_of(&samples);
    assert_eq!((width.ceil(), step), (16.0, 1.0 / 32_768.0));
    let millions: Vec<f64> = (0..5000).map(|i| f64::from(i % 100) * 1e6).collect();
    assert_eq!(steps_of(&millions), (7.0, 1e6));
}

#[test]
fn one_value_that_is_off_does_not_hide_the_step() {
    let mut values: Vec<f64> = (0..50_000).map(|i| f64::from(18 * (i * 7 % 512)) / 100.0).collect();
    for index in [0, 9000, 30_000] {
        values[index] += 0.01;
    }
    let array = check(&values);
    assert_eq!(array.exceptions(), 3);
    assert!(matches!(array.encoding(), Encoding::Decimals { step: 0.18, .. }));
}

#[test]
fn each_block_has_its_own_digits() {
    let value = |i: i32| match i / 2048 {
        0 => f64::from(i % 128),
        1 => f64::from(i % 128) / 10.0,
        2 => f64::from(i % 128) / 1000.0,
        _ => f64::from(i % 128),
    };
    let values: Vec<_> = (0..8192).map(value).collect();
    assert_eq!(steps_of(&values), (7.0, 1.0));
    // Eight blocks of 1,024 codes of 7 bits, and three forms and one word of indices.
    assert_eq!(DecimalArray::from(&values[..]).heap_bytes(), 8 * (16 + 896) + 8 + 3 * 32 + 8);
}

#[test]
fn what_is_no_decimal_takes_the_bits_of_its_range() {
    let roots: Vec<f64> = (0..4096).map(|i| (f64::from(i) + 4096.0).sqrt()).collect();
    let array = check(&roots);
    assert_eq!(
        (array.exceptions(), array.encoding().to_string().contains("bit patterns")),
        (4096, true)
    );
    // From 64 to 90.5: the bits of a mantissa, less where a block has fewer.
    let most = 4096 * 51 / 8 + 4 * 16 * 2 + 8;
    assert!(array.heap_bytes() <= most, "{} bytes", array.heap_bytes());
    // Floats that were narrower end in zeros.
    let widened: Vec<f64> = roots.iter().map(|&root| f64::from(root as f32) + 0.0).collect();
    assert!(check(&widened).heap_bytes() <= 4096 * 23 / 8 + 4 * 16 * 2 + 8);
}

#[test]
fn equality_is_that_of_floats() {
    let array = DecimalArray::from([1.5, -0.0, 2.5]);
    assert_eq!(array, [1.5, 0.0, 2.5]);
    assert_eq!(array, DecimalArray::from([1.5, 0.0, 2.5]));
    assert_ne!(array, DecimalArray::from([1.5, 0.0]));
    let nan = DecimalArray::from([f64::NAN]);
    assert_ne!(nan, nan.clone());
    assert_eq!(format!("{array:?}"), "[1.5, -0.0, 2.5]");
    assert_eq!([1.0, 2.0].into_iter().collect::<DecimalArray<f64>>(), vec![1.0, 2.0]);
}

#[test]
fn encodings_read_as_sentences() {
    let prices: DecimalArray<f64> = (0..1024).map(|i| f64::from(i) / 100.0).collect();
    let text = "10.00 bits a value in blocks, steps of 0.01, 0 bit patterns";
    assert_eq!(prices.encoding().to_string(), text);
    let pi = DecimalArray::from([std::f64::consts::PI; 10]);
    assert_eq!(pi.encoding().to_string(), "0.00 bits a value in blocks, bit patterns");
    let column: &dyn Fn(&DecimalArray<f64>) -> usize = &|array| Column::len(array);
    assert_eq!(column(&prices), 1024);
}

#[test]
#[should_panic(expected = "index out of bounds: the len is 2 but the index is 2")]
fn a_value_behind_the_end_panics() {
    DecimalArray::from([0.5, 1.5]).value(2);
}

#[test]
fn the_weather_takes_the_bytes_that_it_took() {
    let weather = Weather::load().unwrap();
    let mut total = 0;
    for (name, bytes) in [
        ("temp", 26_992),
        ("dewp", 28_232),
        ("humid", 43_128),
        ("wind_speed", 16_760),
        ("wind_gust", 10_840),
        ("precip", 7_592),
        ("pressure", 28_744),
        ("visib", 14_536),
    ] {
        let values = weather.floats(name);
        check(values);
        let (array, stats) = measure(|| DecimalArray::from(values));
        assert_eq!(array.heap_bytes() as i64, stats.current, "{name} miscounts its bytes");
        assert_eq!(HeapSize::heap_bytes(&array), array.heap_bytes());
        assert!(deep_size(&array).is_exact());
        assert_eq!((array.heap_bytes(), array.exceptions()), (bytes, 0), "{name}");
        total += array.heap_bytes();
    }
    // A Vec<Option<f64>> takes sixteen bytes a value.
    assert_eq!((weather.len(), total), (26_115, 176_824));
}

#[cfg(target_pointer_width = "64")]
#[test]
fn the_inline_part_is_as_large_as_the_docs_say() {
    assert_eq!(size_of::<DecimalArray<f64>>(), 144);
    assert_eq!(size_of::<DecimalArray<Option<f32>, &[u64]>>(), 144);
}

#[test]
fn packing_holds_little_beside_the_values() {
    let prices: Vec<f64> = (0..100_000).map(|i| f64::from(i * 7919 % 10_007) / 100.0).collect();
    let (array, stats) = measure(|| DecimalArray::from(&prices[..]));
    let beside = stats.peak - array.heap_bytes() as i64;
    assert!(beside < 200_000, "{beside} bytes beside");
}

/// The bytes of an image of these words.
fn image_of(words: Vec<u64>) -> Vec<u8> {
    bytemuck::cast_slice(&sealed(words)).to_vec()
}

/// Reads an image that may be anything: it is refused, or all of it can be read.
fn read_anything<V: Bits>(bytes: &[u8]) -> Result<(), ImageError> {
    let array = DecimalArray::<V>::from_bytes(bytes)?;
    array.check_invariants();
    let read = bits(array.iter());
    assert_eq!(bits((0..array.len()).map(|index| array.value(index))), read);
    assert_eq!(array.null_count(), read.iter().filter(|bits| bits.is_none()).count());
    (_, _, _, _) = (array.sum(), array.min(), array.max(), array.encoding());
    Ok(())
}

/// Columns whose images have every part there is.
fn images() -> Vec<Vec<u64>> {
    let value = |i: i32| match i {
        0..1024 => Some(f64::from(i % 100) / 100.0),
        1024..2048 => (i % 5 > 0).then(|| f64::from(i % 100)),
        2048..3072 => Some((f64::from(i) + 0.5).sqrt()),
        3500 => Some(1e9),
        _ if i % 100 == 0 => Some(f64::NAN),
        _ => Some(f64::from(i % 50) / 10.0),
    };
    let nullable: Vec<_> = (0..4000).map(value).collect();
    let narrow: Vec<_> = nullable.iter().map(|value| value.map(|value| value as f32)).collect();
    let whole: Vec<_> = nullable.iter().map(|value| value.unwrap_or(-0.0)).collect();
    let images = [
        DecimalArray::from(&nullable[..]).to_bytes(),
        DecimalArray::from(&narrow[..]).to_bytes(),
        DecimalArray::from(&whole[..]).to_bytes(),
    ];
    images.iter().map(|bytes| aligned(bytes)).collect()
}

static IMAGES: LazyLock<Vec<Vec<u64>>> = LazyLock::new(images);

fn read_any_type(bytes: &[u8]) -> bool {
    let read = [
        read_anything::<f64>(bytes),
        read_anything::<f32>(bytes),
        read_anything::<Option<f64>>(bytes),
        read_anything::<Option<f32>>(bytes),
    ];
    read.iter().any(Result::is_ok)
}

#[test]
fn a_sealed_image_is_read() {
    for words in images() {
        assert_eq!(image_of(words.clone()), bytemuck::cast_slice::<u64, u8>(&words));
        assert!(read_any_type(&image_of(words)));
    }
}

#[test]
fn every_field_of_an_image_is_validated() {
    let values = [0, 1, 2, 63, 64, 65, 1 << 20, 1 << 40, 1 << 63, u64::MAX - 1, u64::MAX];
    for words in images() {
        let fields = (words[1] >> 48) as usize;
        for field in 4..4 + fields {
            for value in values {
                for value in [value, words[field] ^ value, words[field].wrapping_add(value)] {
                    let mut words = words.clone();
                    words[field] = value;
                    read_any_type(&image_of(words));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn forged_images_are_refused_or_read(
        which in any::<Index>(),
        changes in vec((any::<Index>(), 0..64_u32, any::<Option<u64>>()), 1..4),
        directory in any::<bool>(),
    ) {
        let mut words = which.get(&IMAGES).clone();
        let len = if directory { 40 } else { words.len() };
        for (at, bit, value) in changes {
            let word = &mut words[4..len][at.index(len - 4)];
            *word = value.unwrap_or(*word ^ 1 << bit);
        }
        read_any_type(&image_of(words));
    }

    #[test]
    fn forged_forms_are_refused_or_read(
        which in any::<Index>(),
        changes in vec((any::<Index>(), any_bits()), 1..3),
    ) {
        let mut words = which.get(&IMAGES).clone();
        // Forms and indices come last.
        let from = words.len() - 13;
        for (at, value) in changes {
            words[from..][at.index(13)] = value.to_bits();
        }
        read_any_type(&image_of(words));
    }

    #[test]
    fn an_image_with_any_byte_changed_is_refused(
        values in vec(any_bits(), 0..200),
        at in any::<Index>(),
        change in 1..=u8::MAX,
    ) {
        let mut bytes = DecimalArray::from(&values[..]).to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        prop_assert!(DecimalArray::<f64>::from_bytes(&bytes).is_err());
    }

    #[test]
    fn a_truncated_image_is_refused(values in vec(any_bits(), 0..50)) {
        let bytes = DecimalArray::from(&values[..]).to_bytes();
        for end in 0..bytes.len() {
            prop_assert!(DecimalArray::<f64>::from_bytes(&bytes[..end]).is_err());
        }
    }
}
