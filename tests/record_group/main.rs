//! Groups and joins against `BTreeMap`s of `Vec`s.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

#[cfg(feature = "rayon")]
mod parallel;

use pennyweight::array::{IntArray, NullableIntArray};
use pennyweight::record::group::{
    Accumulator, Folded, KeyColumn, LentKey, Partial, Quantile, accumulate, count, first, fold,
    last, max, mean, min, nunique, quantile, size, std, sum, var,
};
use pennyweight::record::{
    DictColumn, GroupBy, Grouped, Groups, PackedSlice, Record, Records, TextColumn, group_by, join,
    try_join,
};
use pennyweight::size::HeapSize;
use pennyweight_baseline::random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Record, Clone, Debug, PartialEq)]
struct Trip {
    #[record(dict)]
    carrier: String,
    #[record(dict)]
    tail: Option<String>,
    #[record(text)]
    note: Option<String>,
    #[record(packed)]
    stops: Option<i32>,
    #[record(packed)]
    code: u16,
    #[record(packed)]
    full: Option<bool>,
    month: i8,
    late: Option<bool>,
    time: i64,
    delay: Option<i16>,
    price: f64,
    weight: Option<f32>,
}

/// Trips of so many kinds: with few, all columns have small codes; with many, none has.
fn trips(random: &mut Random, len: usize, kinds: usize) -> Vec<Trip> {
    let mut trips = Vec::new();
    for _ in 0..len {
        let mut kind = || random.below(kinds);
        let (carrier, tail, note, stops) = (kind(), kind(), kind(), kind());
        let (code, month, time, delay, price, weight) =
            (kind(), kind() % 12, kind(), kind(), kind(), kind());
        let mut maybe = || [None, Some(false), Some(true)][kind() % 3];
        let (late, full) = (maybe(), maybe());
        trips.push(Trip {
            carrier: format!("carrier {carrier}"),
            tail: (tail % 7 != 1).then(|| format!("N{tail}")),
            note: (note % 5 != 1).then(|| format!("note {note}")),
            stops: (stops % 3 != 1).then_some(stops as i32 * 1_000 - 7_000),
            code: code as u16,
            month: month as i8 - 6,
            full,
            late,
            time: time as i64 * 1_000_000_007 - 5_000_000_000,
            delay: (delay % 4 != 1).then_some((delay as i16).wrapping_mul(-977)),
            price: price as f64 / 4.0,
            weight: (weight % 6 != 1).then_some(weight as f32 * 0.5),
        });
    }
    trips
}

/// The rows of each key.
fn rows_by_key<K: Ord>(keys: impl IntoIterator<Item = K>) -> BTreeMap<K, Vec<usize>> {
    let mut rows = BTreeMap::<K, Vec<usize>>::new();
    keys.into_iter().enumerate().for_each(|(row, key)| rows.entry(key).or_default().push(row));
    rows
}

fn assert_equal<K: Ord + Debug + PartialEq, V: PartialEq + Debug>(
    found: &Grouped<K, V>,
    rows: &BTreeMap<K, Vec<usize>>,
    expected: impl Fn(&[usize]) -> V,
) {
    let expected: Vec<(&K, V)> = rows.iter().map(|(key, rows)| (key, expected(rows))).collect();
    assert_eq!(
        found.iter().map(|(key, _)| key).collect::<Vec<_>>(),
        rows.keys().collect::<Vec<_>>()
    );
    for ((key, found), (_, expected)) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "the group of {key:?}");
    }
    assert_eq!(found.len(), rows.len());
}

fn mean_of(values: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let count = values.clone().count();
    (count > 0).then(|| values.sum::<f64>() / count as f64)
}

/// The sample variance, by two passes.
fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean_of(values.iter().copied())?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: Option<f64>, of: std::fmt::Arguments<'_>) {
    assert_eq!(found.is_some(), expected.is_some(), "{of}");
    let (found, expected) = (found.unwrap_or(0.0), expected.unwrap_or(0.0));
    let limit = 1e-12 * expected.max(1e-6);
    assert!((found - expected).abs() <= limit, "{of}: {found}, not {expected}");
}

/// Checks which rows the groups of some keys have.
fn check<'a, C: KeyColumn<'a>>(len: usize, keys: C, naive: impl Fn(usize) -> LentKey<'a, C>)
where
    LentKey<'a, C>: Debug,
{
    let rows = rows_by_key((0..len).map(naive));
    let by = group_by(keys);
    assert_eq!((by.len(), by.rows(), by.is_empty()), (rows.len(), len, rows.is_empty()));
    assert!(by.keys().iter().eq(rows.keys()));
    for (key, rows) in rows.iter().take(5) {
        assert!(by.rows_of(key).eq(rows.iter().copied()));
    }
    assert_equal(&by.fold(Vec::new(), |rows, row| rows.push(row)), &rows, <[usize]>::to_vec);
}

#[test]
fn groups_are_those_of_a_map_whatever_the_keys_are() {
    let mut random = Random::new(1);
    for (len, kinds) in
        [(0, 1), (1, 1), (5, 3), (700, 2), (3_000, 20), (5_000, 700), (2_100, 60_000)]
    {
        let t = &trips(&mut random, len, kinds);
        let records: Records<Trip> = t.iter().cloned().collect();
        let f = records.columns();
        let tail = |row: usize| records[row].tail();
        let note = |row: usize| records[row].note();
        check(len, f.carrier(), |row| records[row].carrier());
        check(len, f.tail(), tail);
        check(len, f.note(), note);
        check(len, f.stops(), |row| t[row].stops);
        check(len, f.code(), |row| t[row].code);
        check(len, f.month(), |row| t[row].month);
        check(len, f.late(), |row| t[row].late);
        check(len, f.full(), |row| t[row].full);
        check(len, f.time(), |row| t[row].time);
        check(len, f.delay(), |row| t[row].delay);
        check(len, (f.month(), f.late()), |row| (t[row].month, t[row].late));
        check(len, (f.note(), f.tail(), f.stops()), |row| (note(row), tail(row), t[row].stops));
        check(len, (f.late(), f.time(), f.code(), f.delay()), |row| {
            (t[row].late, t[row].time, t[row].code, t[row].delay)
        });
    }
}

#[test]
fn aggregates_are_those_of_the_rows_of_each_group() {
    let mut random = Random::new(6);
    // Numbers of 8, 16 and 32 bits.
    for (len, kinds) in
        [(0, 1), (1, 1), (64, 3), (700, 2), (4_300, 20), (5_000, 700), (70_000, 1 << 20)]
    {
        let trips = trips(&mut random, len, kinds);
        let records: Records<Trip> = trips.iter().cloned().collect();
        check_aggregates(&records, &trips);
    }
}

/// Checks all that is asked of groups.
fn check_aggregates(records: &Records<Trip>, trips: &[Trip]) {
    let f = records.columns();
    let rows = rows_by_key(trips.iter().map(|trip| trip.carrier.as_str()));
    let by = records.group_by(|f| f.carrier());
    let delays =
        |rows: &[usize]| -> Vec<i16> { rows.iter().filter_map(|&row| trips[row].delay).collect() };
    assert_equal(&by.size(), &rows, |rows| rows.len() as u64);
    assert_equal(&by.count(f.delay()), &rows, |rows| delays(rows).len() as u64);
    assert_equal(&by.sum(f.delay()), &rows, |rows| {
        delays(rows).iter().map(|&v| i128::from(v)).sum()
    });
    assert_equal(&by.mean(f.delay()), &rows, |rows| {
        mean_of(delays(rows).iter().map(|&delay| f64::from(delay)))
    });
    assert_equal(&by.min(f.delay()), &rows, |rows| delays(rows).iter().copied().min());
    assert_equal(&by.max(f.delay()), &rows, |rows| delays(rows).iter().copied().max());
    assert_equal(&by.first(f.delay()), &rows, |rows| delays(rows).first().copied());
    assert_equal(&by.last(f.delay()), &rows, |rows| delays(rows).last().copied());
    assert_equal(&by.nunique(f.delay()), &rows, |rows| {
        delays(rows).into_iter().collect::<BTreeSet<_>>().len() as u64
    });
    assert_equal(&by.nunique(f.note()), &rows, |rows| {
        let notes = rows.iter().filter_map(|&row| trips[row].note.as_deref());
        notes.collect::<BTreeSet<_>>().len() as u64
    });
    for ((key, found), (_, rows)) in by.var(f.delay()).iter().zip(&rows) {
        let expected = variance(&delays(rows).into_iter().map(f64::from).collect::<Vec<_>>());
        assert_near(*found, expected, format_args!("the group of {key:?}"));
    }
    for quantile in [0.0, 0.3, 0.5, 1.0] {
        assert_equal(&by.quantile(f.delay(), quantile), &rows, |rows| {
            let mut delays = delays(rows);
            delays.sort_unstable();
            let place = quantile * delays.len().checked_sub(1)? as f64;
            let (low, high) = (delays[place.floor() as usize], delays[place.ceil() as usize]);
            Some(f64::from(low) + (f64::from(high) - f64::from(low)) * place.fract())
        });
    }

    // Sums of quarters and halves are exact, in whatever order they are added.
    assert_equal(&by.sum(f.price()), &rows, |rows| rows.iter().map(|&row| trips[row].price).sum());
    assert_equal(&by.mean(f.weight()), &rows, |rows| {
        let weights: Vec<f64> =
            rows.iter().filter_map(|&row| trips[row].weight.map(f64::from)).collect();
        mean_of(weights.iter().copied())
    });
    assert_equal(&by.sum(f.stops()), &rows, |rows| {
        rows.iter().filter_map(|&row| trips[row].stops.map(i128::from)).sum()
    });
    assert_equal(&by.max(f.code()), &rows, |rows| rows.iter().map(|&row| trips[row].code).max());
    assert_equal(&by.sum(f.full()), &rows, |rows| {
        rows.iter().map(|&row| i128::from(trips[row].full == Some(true))).sum()
    });
    assert_equal(&by.sum(f.late()), &rows, |rows| {
        rows.iter().map(|&row| i128::from(trips[row].late == Some(true))).sum()
    });
    assert_equal(&by.min(f.carrier()), &rows, |rows| {
        rows.iter().map(|&row| trips[row].carrier.as_str()).min()
    });
    assert_equal(&by.first(f.note()), &rows, |rows| {
        rows.iter().find_map(|&row| trips[row].note.as_deref())
    });
    let all = by.aggregate((
        size(),
        sum(f.time()),
        mean(f.delay()),
        (min(f.month()), max(f.tail())),
        first(f.stops()),
        count(f.weight()),
    ));
    assert_equal(&all, &rows, |rows| {
        let rows = rows.iter().map(|&row| &trips[row]);
        (
            rows.len() as u64,
            rows.clone().map(|trip| i128::from(trip.time)).sum(),
            mean_of(rows.clone().filter_map(|trip| trip.delay.map(f64::from))),
            (
                rows.clone().map(|trip| trip.month).min(),
                rows.clone().filter_map(|trip| trip.tail.as_deref()).max(),
            ),
            rows.clone().find_map(|trip| trip.stops),
            rows.filter(|trip| trip.weight.is_some()).count() as u64,
        )
    });
}

#[test]
fn parts_of_columns_have_the_groups_of_their_rows_alone() {
    let trips = trips(&mut Random::new(2), 4_000, 3_000);
    let records: Records<Trip> = trips.iter().cloned().collect();
    let f = records.columns();
    for rows in [0..0, 7..8, 100..1_300, 3_999..4_000] {
        let carriers = rows_by_key(trips[rows.clone()].iter().map(|trip| trip.carrier.as_str()));
        assert_equal(&group_by(f.carrier().slice(rows.clone())).size(), &carriers, |rows| {
            rows.len() as u64
        });
        let tails = rows_by_key(trips[rows.clone()].iter().map(|trip| trip.tail.as_deref()));
        assert_equal(&group_by(f.tail().slice(rows.clone())).size(), &tails, |rows| {
            rows.len() as u64
        });
    }
}

#[test]
fn a_dictionary_of_256_strings_has_a_number_for_null() {
    let names: Vec<Option<String>> =
        (0..600).map(|i| (i % 257 != 256).then(|| format!("{}", i % 257))).collect();
    let column: DictColumn<Option<String>> = names.iter().map(Option::as_deref).collect();
    let sizes = group_by(column.as_slice()).size();
    assert_equal(&sizes, &rows_by_key(names.iter().map(Option::as_deref)), |rows| {
        rows.len() as u64
    });
    assert_eq!((sizes.len(), sizes.get(&None)), (257, Some(&2)));
}

#[test]
fn strings_that_no_row_has_are_no_groups() {
    let mut column: DictColumn = ["a", "b", "a", "c"].iter().collect();
    column.truncate(1);
    assert_eq!(group_by(column.as_slice()).keys(), ["a"]);
    column.truncate(0);
    assert!(group_by(column.as_slice()).is_empty());
}

#[test]
fn keys_of_extreme_values_do_not_overflow() {
    let keys = [i64::MAX, i64::MIN, 0, i64::MIN];
    assert_eq!(group_by(&keys[..]).keys(), [i64::MIN, 0, i64::MAX]);
    let keys = [i128::MAX, i128::MIN, -1];
    assert_eq!(group_by(&keys[..]).keys(), [i128::MIN, -1, i128::MAX]);
    let keys = [u128::MAX, 3, 4];
    assert_eq!(group_by(&keys[..]).keys(), [3, 4, u128::MAX]);
    assert_eq!(group_by(&[i8::MIN, i8::MAX][..]).keys(), [i8::MIN, i8::MAX]);
    assert_eq!(group_by(&['z', 'a', char::MAX][..]).keys(), ['a', 'z', char::MAX]);
    assert_eq!(group_by(&[true, false, true][..]).keys(), [false, true]);
    // Nulls have a default value in their place, which is none of the keys.
    let far = NullableIntArray::from(&[Some(i64::MAX), None, Some(i64::MAX - 1)][..]);
    let by = group_by(PackedSlice::<Option<i64>>::new(&far, ..));
    assert_eq!(by.keys(), [None, Some(i64::MAX - 1), Some(i64::MAX)]);
}

#[test]
fn keys_that_are_all_null_are_one_group() {
    let nulls: DictColumn<Option<String>> = [None::<&str>, None].into_iter().collect();
    let by = group_by(nulls.as_slice());
    assert_eq!(by.keys(), [None]);
    assert_eq!(by.sum(&[1_u8, 2][..]).get(&None), Some(&3));
    let nulls = NullableIntArray::from(&[None::<i32>; 3][..]);
    let by = group_by(PackedSlice::<Option<i32>>::new(&nulls, ..));
    assert_eq!(by.size().get(&None), Some(&3));
}

#[test]
fn sums_of_the_largest_values_do_not_overflow() {
    let keys = vec![7_u8; 100_000];
    let by = group_by(&keys[..]);
    assert_eq!(by.sum(&vec![u32::MAX; 100_000][..]).values(), [100_000 * i128::from(u32::MAX)]);
    assert_eq!(by.sum(&vec![i32::MIN; 100_000][..]).values(), [100_000 * i128::from(i32::MIN)]);
    assert_eq!(by.sum(&vec![u64::MAX; 100_000][..]).values(), [100_000 * i128::from(u64::MAX)]);
    assert_eq!(by.sum(&vec![i64::MIN; 100_000][..]).values(), [100_000 * i128::from(i64::MIN)]);
    assert_eq!(by.mean(&vec![u32::MAX; 100_000][..]).values(), [Some(f64::from(u32::MAX))]);
    assert_eq!(by.mean(&vec![true; 100_000][..]).values(), [Some(1.0)]);
}

#[test]
fn what_stands_for_nulls_may_be_written_to_and_is_left_out() {
    let mut trips = trips(&mut Random::new(7), 5_000, 20);
    let mut records: Records<Trip> = trips.iter().cloned().collect();
    let columns = records.columns_mut();
    let (mut delays, mut weights, mut late) = (columns.delay, columns.weight, columns.late);
    delays.update(|values| values.iter_mut().for_each(|delay| *delay = delay.wrapping_add(60)));
    weights.update(|values| {
        for (weight, trip) in values.iter_mut().zip(&trips) {
            // Not even infinity, which cannot be subtracted again.
            *weight = trip.weight.map_or(f32::INFINITY, |weight| weight + 1.0);
        }
    });
    late.update(|values| values.fill(true));
    for trip in &mut trips {
        trip.delay = trip.delay.map(|delay| delay.wrapping_add(60));
        trip.weight = trip.weight.map(|weight| weight + 1.0);
        trip.late = trip.late.map(|_| true);
    }
    check_aggregates(&records, &trips);
    let late = records.group_by(|f| f.late()).size();
    let rows = rows_by_key(trips.iter().map(|trip| trip.late));
    assert_equal(&late, &rows, |rows| rows.len() as u64);
}

#[test]
fn nan_is_left_out_of_extremes_and_greater_than_all_in_quantiles() {
    let keys = [1, 1, 1, 2];
    let values = [f64::NAN, 3.0, -1.0, f64::NAN];
    let by = group_by(&keys[..]);
    assert_eq!(by.min(&values[..]).get(&1), Some(&Some(-1.0)));
    assert_eq!(by.max(&values[..]).get(&1), Some(&Some(3.0)));
    assert!(by.min(&values[..]).get(&2).unwrap().unwrap().is_nan());
    assert_eq!(by.quantile(&values[..], 0.5).get(&1), Some(&Some(3.0)));
    assert!(by.quantile(&values[..], 1.0).get(&1).unwrap().unwrap().is_nan());

    for split in 0..=4 {
        let of_parts = |asked| {
            let mut groups = GroupBy::new();
            groups.add(&keys[..split], quantile(&values[..split], asked));
            groups.add(&keys[split..], quantile(&values[split..], asked));
            groups.finish()
        };
        assert_eq!((of_parts(0.0)[&1], of_parts(0.5)[&1]), (Some(-1.0), Some(3.0)));
        assert!(of_parts(1.0)[&1].unwrap().is_nan());
        assert!(of_parts(0.0)[&2].unwrap().is_nan());
    }
    assert!(by.sum(&values[..]).get(&1).unwrap().is_nan());
}

#[test]
fn any_keys_can_be_collected() {
    let times = [5.25_f64, 5.75, 6.0];
    let by: Groups<'_, (String, i64)> = times.iter().map(|&t| ("h".to_owned(), t as i64)).collect();
    let sums = by.sum(&times[..]);
    assert_eq!(sums.get(&("h".to_owned(), 5)), Some(&11.0));
    let pairs: Vec<_> = sums.into_iter().map(|((_, hour), sum)| (hour, sum)).collect();
    assert_eq!(pairs, [(5, 11.0), (6, 6.0)]);
}

#[test]
#[should_panic(expected = "not as many rows")]
fn a_column_of_another_length_is_refused() {
    let _ = group_by(&[1, 2][..]).aggregate((size(), sum(&[1_u8][..])));
}

#[test]
#[should_panic(expected = "different lengths")]
fn key_columns_of_different_lengths_are_refused() {
    let _ = group_by((&[1, 2][..], &[1][..]));
}

#[test]
#[should_panic(expected = "quantile 1.5 is not within 0 and 1")]
fn a_quantile_beyond_one_is_refused() {
    let _ = group_by(&[1][..]).quantile(&[1_u8][..], 1.5);
}

#[test]
#[should_panic(expected = "quantile NaN is not within 0 and 1")]
fn a_quantile_of_no_number_is_refused_before_there_are_groups() {
    let _ = quantile(&[1_u8][..], f64::NAN);
}

#[test]
#[should_panic(expected = "quantiles 0.5 and 0.9 of the same group")]
fn quantiles_that_differ_are_not_merged() {
    let mut groups = GroupBy::new();
    groups.add(&[1, 2][..], quantile(&[1, 2][..], 0.5));
    groups.add(&[3, 2][..], quantile(&[1, 2][..], 0.9));
}

#[test]
#[should_panic(expected = "not as many rows")]
fn a_quantile_of_a_column_of_another_length_is_refused() {
    GroupBy::new().add(&[1, 2][..], quantile(&[1][..], 0.5));
}

/// What is kept of a group by code of a user, which panics at 13.
#[derive(Default, Debug, PartialEq)]
struct Values(Vec<i64>);

impl Partial for Values {
    type Output = Vec<i64>;

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn finish(self) -> Vec<i64> {
        self.0
    }
}

impl Accumulator<i64> for Values {
    fn add(&mut self, value: i64) {
        assert_ne!(value, 13, "bad luck");
        self.0.push(value);
    }
}

impl Accumulator<&str> for Values {
    fn add(&mut self, text: &str) {
        self.0.push(text.len() as i64);
    }
}

#[test]
fn batches_are_grouped_as_the_whole_is() {
    let mut random = Random::new(3);
    for kinds in [3, 40, 900, 20_000] {
        let trips = trips(&mut random, 5_000, kinds);
        let mut groups = Vec::from_iter((0..4).map(|_| GroupBy::new()));
        let mut pairs = GroupBy::new();
        let mut at = 0;
        let mut parts = 0;
        while at < trips.len() {
            let end = trips.len().min(at + random.below(900));
            // Dictionaries of the batch's own, in which strings have other codes.
            let mut records: Records<Trip> = trips[at..end].iter().cloned().collect();
            records.shrink_to_fit();
            let f = records.columns();
            let aggregate = (accumulate::<Values, _>(f.time()), mean(f.delay()), first(f.code()));
            groups[parts * 4 / 40 % 4].add(f.tail(), aggregate);
            pairs.add((f.carrier(), f.month()), (size(), accumulate::<Values, _>(f.note())));
            (at, parts) = (end, parts + 1);
        }
        // Whatever was kept by one is behind what was kept by those before it.
        let mut merged = groups.remove(0);
        groups.into_iter().for_each(|others| merged.merge(others));

        let rows = rows_by_key(trips.iter().map(|trip| trip.tail.clone()));
        assert_eq!(merged.len(), rows.len());
        let table = merged.finish();
        assert_equal(&table, &rows, |rows| {
            let rows = rows.iter().map(|&row| &trips[row]);
            (
                rows.clone().map(|trip| trip.time).collect(),
                mean_of(rows.clone().filter_map(|trip| trip.delay.map(f64::from))),
                rows.clone().map(|trip| trip.code).next(),
            )
        });
        let rows = rows_by_key(trips.iter().map(|trip| (trip.carrier.clone(), trip.month)));
        assert_equal(&pairs.finish(), &rows, |rows| {
            let notes = rows.iter().filter_map(|&row| trips[row].note.as_ref());
            (rows.len() as u64, notes.map(|note| note.len() as i64).collect())
        });
    }
}

#[test]
fn partials_merge_in_any_order() {
    let mut random = Random::new(4);
    let trips = trips(&mut random, 3_000, 50);
    let records: Records<Trip> = trips.iter().cloned().collect();
    let f = records.columns();
    let whole = group_by(f.carrier()).aggregate((
        sum(f.time()),
        mean(f.price()),
        min(f.delay()),
        max(f.stops()),
    ));
    let mut parts = Vec::new();
    for part in trips.chunks(170) {
        let records: Records<Trip> = part.iter().cloned().collect();
        let f = records.columns();
        let mut groups = GroupBy::new();
        groups.add(f.carrier(), (sum(f.time()), mean(f.price()), min(f.delay()), max(f.stops())));
        parts.push(groups);
    }
    while parts.len() > 1 {
        let (at, into) = (random.below(parts.len()), random.below(parts.len() - 1));
        let others = parts.swap_remove(at);
        parts[into].merge(others);
    }
    let merged = parts.remove(0).finish();
    assert!(
        merged
            .iter()
            .map(|(key, value)| (key.as_str(), value))
            .eq(whole.iter().map(|(&k, v)| (k, v)))
    );
}

#[test]
fn quantiles_of_parts_are_those_of_the_whole() {
    let mut random = Random::new(8);
    for (len, kinds) in [(1, 1), (2, 1), (40, 12), (900, 5), (3_000, 40), (3_000, 20_000)] {
        let trips = trips(&mut random, len, kinds);
        let records: Records<Trip> = trips.iter().cloned().collect();
        for asked in [0.0, 0.1, 0.25, 0.5, 0.9, 1.0] {
            let mut parts = Vec::from_iter((0..4).map(|_| GroupBy::new()));
            let mut at = 0;
            while at < len {
                let rows = at..len.min(at + 1 + random.below(len.min(300)));
                at = rows.end;
                let f = records.slice(rows).columns();
                let batch = (
                    (quantile(f.delay(), asked), quantile(f.price(), asked)),
                    (quantile(f.stops(), asked), size(), quantile(f.late(), asked)),
                );
                parts[random.below(4)].add(f.tail(), batch);
            }
            while parts.len() > 1 {
                let others = parts.swap_remove(random.below(parts.len()));
                let into = random.below(parts.len());
                parts[into].merge(others);
            }
            let merged = parts.remove(0).finish();

            let (f, by) = (records.columns(), records.group_by(|f| f.tail()));
            let sizes = by.size();
            assert!(merged.keys().iter().map(Option::as_deref).eq(sizes.keys().iter().copied()));
            let delays = by.quantile(f.delay(), asked);
            assert_eq!(by.aggregate(quantile(f.delay(), asked)), delays);
            let (prices, stops, late) = (
                by.quantile(f.price(), asked),
                by.quantile(f.stops(), asked),
                by.quantile(f.late(), asked),
            );
            for (tail, found) in &merged {
                let tail = &tail.as_deref();
                assert_eq!(
                    *found,
                    ((delays[tail], prices[tail]), (stops[tail], sizes[tail], late[tail])),
                    "quantile {asked} of {tail:?}"
                );
            }
        }
    }
}

#[test]
fn groups_of_nulls_alone_have_no_quantile_until_there_is_a_value() {
    #[derive(Record)]
    struct Reading {
        hour: u8,
        degrees: Option<i32>,
    }
    let batch = |readings: [(u8, Option<i32>); 2]| -> Records<Reading> {
        readings.into_iter().map(|(hour, degrees)| Reading { hour, degrees }).collect()
    };
    let mut groups: GroupBy<u8, Quantile<i32>> = GroupBy::new();
    let mut add = |readings| {
        let records = batch(readings);
        let f = records.columns();
        groups.add(f.hour(), quantile(f.degrees(), 0.25));
    };
    add([(1, None), (2, None)]);
    add([(1, None), (3, Some(8))]);
    add([(2, Some(-4)), (4, None)]);
    add([(2, Some(0)), (4, None)]);
    // Two groups have room for four values, the others none.
    assert_eq!(HeapSize::heap_bytes(&groups), groups.heap_bytes() + 2 * 4 * size_of::<i32>());
    let table = groups.finish();
    assert_eq!(table.values(), [None, Some(-3.0), Some(8.0), None]);
}

#[test]
fn closures_fold_parts_as_they_fold_the_whole() {
    type Kept = (Folded<Vec<i16>>, Folded<u64>);
    let times = |product: &mut u64, factor: u64| *product = product.wrapping_mul(factor);
    let mut random = Random::new(9);
    for (len, kinds) in [(0, 1), (1, 1), (900, 5), (5_000, 700), (9_000, 20_000)] {
        let trips = trips(&mut random, len, kinds);
        let records: Records<Trip> = trips.iter().cloned().collect();
        let mut groups: GroupBy<Option<String>, Kept> = GroupBy::new();
        let mut at = 0;
        while at < len {
            let rows = at..len.min(at + 1 + random.below(len.min(300)));
            at = rows.end;
            let f = records.slice(rows).columns();
            let delays = fold(f.delay(), Vec::new(), |all, v| all.push(v), |all, v| all.extend(v));
            // Closures of two types, of which one holds on to something, make partials of one.
            let mut part = GroupBy::new();
            if random.below(2) == 0 {
                let step = |all: &mut u64, v| times(all, u64::from(v % 3 + 1));
                let codes = fold(f.code(), 1, step, times);
                part.add(f.tail(), (delays, codes));
            } else {
                let modulus = 3;
                let step = |all: &mut u64, v| times(all, u64::from(v % modulus + 1));
                part.add(f.tail(), (delays, fold(f.code(), 1, step, times)));
            }
            groups.merge(part);
        }
        let rows = rows_by_key(trips.iter().map(|trip| trip.tail.clone()));
        let expected = |rows: &[usize]| {
            let rows = rows.iter().map(|&row| &trips[row]);
            let mut product = 1;
            rows.clone().for_each(|trip| times(&mut product, u64::from(trip.code % 3 + 1)));
            (rows.filter_map(|trip| trip.delay).collect::<Vec<_>>(), product)
        };
        assert_equal(&groups.finish(), &rows, expected);
    }
}

#[test]
fn a_panic_while_values_are_added_leaves_the_groups_as_they_were() {
    let mut groups = GroupBy::new();
    groups.add(&[1_u8, 2, 1][..], accumulate::<Values, _>(&[1_i64, 2, 3][..]));
    let bad = catch_unwind(AssertUnwindSafe(|| {
        groups.add(&[1_u8, 3][..], accumulate::<Values, _>(&[4_i64, 13][..]));
    }));
    assert!(bad.is_err());
    let bad = catch_unwind(AssertUnwindSafe(|| {
        groups.add(&[1_u8][..], accumulate::<Values, _>(&[1_i64, 2][..]))
    }));
    assert!(bad.is_err());
    groups.add(&[9_u8][..], accumulate::<Values, _>(&[9_i64][..]));
    let table = groups.finish();
    assert_eq!(table.keys(), [1, 2, 9]);
    assert_eq!(table.values(), [vec![1, 3], vec![2], vec![9]]);
}

#[test]
fn no_batches_make_no_groups() {
    let mut groups = GroupBy::new();
    groups.add(&[0_i8; 0][..], sum(&[0_i8; 0][..]));
    groups.merge(GroupBy::default());
    assert!(groups.is_empty());
    assert_eq!(groups.heap_bytes(), 0);
    assert!(groups.finish().is_empty());
}

#[test]
fn rows_are_joined_as_by_a_map() {
    let mut random = Random::new(5);
    for kinds in [1, 3, 300, 30_000] {
        let (left, right) = (trips(&mut random, 2_000, kinds), trips(&mut random, 700, kinds));
        let lefts: Records<Trip> = left.iter().cloned().collect();
        let rights: Records<Trip> = right.iter().cloned().collect();
        let (l, r) = (lefts.columns(), rights.columns());

        // The first row on the right that has a string; a null has none, on either side.
        let tails: Vec<_> = left
            .iter()
            .map(|trip| {
                right.iter().position(|other| trip.tail.is_some() && other.tail == trip.tail)
            })
            .collect();
        let joined = join(l.tail(), r.tail());
        assert!(joined.iter().eq(tails.iter().copied()));
        assert_eq!((joined.len(), joined.get(2_000)), (2_000, None));

        let pairs: Vec<_> = left
            .iter()
            .map(|trip| {
                right.iter().position(|other| (trip.month, trip.code) == (other.month, other.code))
            })
            .collect();
        assert!(join((l.month(), l.code()), (r.month(), r.code())).iter().eq(pairs));
    }
}

#[test]
fn columns_of_different_kinds_are_joined() {
    let names: TextColumn = ["LGA", "JFK", "EWR"].iter().collect();
    let codes: DictColumn<Option<String>> = [Some("JFK"), None, Some("ORD")].into_iter().collect();
    assert!(join(codes.as_slice(), names.as_slice()).iter().eq([Some(1), None, None]));
    let packed = IntArray::from(&[5_i32, 9][..]);
    assert!(join(&[9_i32, 1][..], PackedSlice::<i32>::new(&packed, ..)).iter().eq([Some(1), None]));
}

#[test]
fn a_key_that_is_there_twice_is_an_error_if_it_is_to_be() {
    let error = try_join(&[1][..], &[4, 5, 4, 5][..]).unwrap_err();
    assert_eq!(
        (error.rows(), error.to_string().as_str()),
        ([0, 2], "rows 0 and 2 have the same key")
    );
    // Nulls are not keys that are there twice.
    let nulls = NullableIntArray::from(&[None, Some(1_i32), None][..]);
    let joined = try_join(&[1_i32, 0][..], PackedSlice::<Option<i32>>::new(&nulls, ..)).unwrap();
    assert!(joined.iter().eq([Some(1), None]));
}

#[test]
fn merged_variances_are_those_of_two_passes_far_from_zero_as_well() {
    let mut random = Random::new(31);
    for far in [0.0, 1e9, -3e11] {
        let keys: Vec<u8> = (0..900).map(|_| random.below(5) as u8).collect();
        let values: Vec<f64> = keys.iter().map(|_| far + random.below(1000) as f64).collect();
        let rows = rows_by_key(keys.iter().copied());
        for len in [1, 7, 100, 900] {
            let mut groups = GroupBy::new();
            for (keys, values) in keys.chunks(len).zip(values.chunks(len)) {
                groups.add(keys, (var(values), std(values), last(values), nunique(keys)));
            }
            for ((key, found), (_, rows)) in groups.finish().iter().zip(&rows) {
                // Exact, since it does not depend on where zero is.
                let near: Vec<f64> = rows.iter().map(|&row| values[row] - far).collect();
                let expected = variance(&near);
                let found_std = found.1.map(|std| std * std);
                let near = |found: Option<f64>| {
                    let relative = found.unwrap() / expected.unwrap() - 1.0;
                    assert!(relative.abs() < 1e-6, "group {key} of {far}: {found:?}, {expected:?}");
                };
                near(found.0);
                near(found_std);
                assert_eq!((found.2, found.3), (rows.last().map(|&row| values[row]), 1));
            }
        }
    }
    let few = group_by(&[1, 2, 2][..]).var(&[5, 4, 6][..]);
    assert_eq!((few[&1], few[&2]), (None, Some(2.0)));
    assert_eq!(group_by(&[1, 1][..]).std(&[true, false][..])[&1], Some(0.5_f64.sqrt()));
}

#[test]
fn results_are_found_by_keys_that_are_borrowed() {
    let origins: DictColumn<Option<String>> =
        [Some("JFK"), None, Some("LGA"), Some("JFK")].into_iter().collect();
    let mut groups = GroupBy::new();
    groups.add((origins.as_slice(), &[1_u8, 2, 2, 1][..]), size());
    let sizes = groups.finish();
    for (origin, month, expected) in [
        (Some("JFK"), 1, Some(&2)),
        (Some("LGA"), 2, Some(&1)),
        (None, 2, Some(&1)),
        (None, 1, None),
        (Some("EWR"), 1, None),
    ] {
        let origin = origin.map(str::to_owned);
        assert_eq!(sizes.find((origin.as_deref(), month)), expected);
    }
    assert_eq!(sizes[&(Some("JFK".to_owned()), 1)], 2);
    let caught = catch_unwind(|| group_by(&[1][..]).size()[&2]);
    assert!(caught.is_err());
}
