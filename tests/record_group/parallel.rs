//! What many threads find is what one finds.

use pennyweight::record::group::{
    Accumulator, Aggregate, Partial, accumulate, count, first, fold, last, max, mean, min, nunique,
    quantile, size, sum,
};
use pennyweight::record::{Record, Records, group_by};
use pennyweight_baseline::random::Random;
use rayon::ThreadPoolBuilder;
use std::panic::catch_unwind;

#[derive(Record)]
struct Trip {
    #[record(dict)]
    carrier: String,
    #[record(text)]
    tail: Option<String>,
    month: Option<i8>,
    time: i64,
    delay: Option<i16>,
    price: f64,
}

fn trips(len: usize) -> Records<Trip> {
    let mut random = Random::new(3);
    let mut trip = |_| Trip {
        carrier: format!("carrier {}", random.below(16)),
        tail: (random.below(9) > 0).then(|| format!("N{}", random.below(500))),
        month: (random.below(5) > 0).then(|| random.below(12) as i8),
        time: random.bits(40) as i64,
        delay: (random.below(4) > 0).then(|| random.bits(11) as i16 - 1000),
        price: random.below(1000) as f64 / 3.0,
    };
    (0..len).map(&mut trip).collect()
}

/// Five parts, of which the last is not full.
const ROWS: usize = 4 * 65_536 + 100;

/// One of each.
fn asked(trip: TripColumns<'_>) -> impl Aggregate<Partial: Send + Partial<Output: PartialEq>> {
    let (time, delay) = (trip.time(), trip.delay());
    (
        (size(), count(delay), sum(time), mean(delay)),
        (first(delay), last(delay)),
        (min(time), max(delay), nunique(delay)),
        (quantile(delay, 0.3), quantile(trip.price(), 0.5)),
        fold(delay, Vec::new(), |all, delay| all.push(delay), |all, behind| all.extend(behind)),
    )
}

#[test]
fn groups_of_parts_are_those_of_the_whole() {
    let trips = trips(ROWS);
    for rows in
        [trips.as_slice(), trips.slice(1000..1000 + 70_000), trips.slice(5..50), trips.slice(7..7)]
    {
        /// Compares what both find by some keys.
        macro_rules! same {
            ($($trip:ident => $keys:expr),*) => {$(
                let found = rows.par_group_by(|$trip| $keys, asked);
                let $trip = rows.columns();
                assert!(found == group_by($keys).aggregate(asked($trip)));
            )*};
        }
        same!(
            trip => trip.carrier(),
            trip => trip.tail(),
            trip => trip.time(),
            trip => (trip.month(), trip.carrier())
        );
    }
    let sizes = trips.par_group_by(|trip| trip.tail(), |_| size());
    assert_eq!(sizes.values().iter().sum::<u64>(), ROWS as u64);
    assert_eq!(sizes, trips.group_by(|trip| trip.tail()).size());
}

#[test]
fn floats_are_the_same_with_however_many_threads() {
    let trips = trips(ROWS);
    let means = |threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| trips.par_group_by(|trip| trip.carrier(), |trip| mean(trip.price())))
    };
    let one = means(1);
    assert!((2..6).all(|threads| means(threads) == one));
}

#[test]
#[should_panic = "column of values has not as many rows"]
fn columns_of_different_lengths_are_not_grouped() {
    let (trips, fewer) = (trips(10), [1, 2, 3]);
    let _ = trips.par_group_by(|trip| trip.carrier(), |_| sum(&fewer[..]));
}

#[test]
fn a_panic_of_one_thread_is_that_of_the_call() {
    #[derive(Default)]
    struct Fails;
    impl Partial for Fails {
        type Output = ();
        fn merge(&mut self, _: Self) {}
        fn finish(self) {}
    }
    impl Accumulator<i64> for Fails {
        fn add(&mut self, time: i64) {
            assert_ne!(time, 1 << 50, "the last");
        }
    }
    let mut trips = trips(ROWS);
    let fold = |trips: &Records<Trip>| {
        trips.par_group_by(|trip| trip.carrier(), |trip| accumulate::<Fails, _>(trip.time())).len()
    };
    assert_eq!(fold(&trips), 16);
    trips[ROWS - 1].set_time(1 << 50);
    assert!(catch_unwind(|| fold(&trips)).is_err());
}
