//! Sums by group: what `df.groupby('city').sum()` of pandas is for.
//!
//! The article's frame has three rows. It takes 6,506 bytes there, where three tuples take 144, and its `groupby` 491 times as long as a
//! loop over dicts: a frame is for many rows. At half a million a list of dicts takes 356 bytes a row, the frame 24, and 10 where a
//! category and narrow types were asked for. Here a struct is written as it is anyway, and each column takes the bits that its values need.
#![forbid(unsafe_code)]

use std::collections::HashMap;

use pennyweight::profile::{Allocator, measure};
use pennyweight::record::group::{max, mean, size};
use pennyweight::record::{Record, Records};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: usize = 500_000;
const CITIES: [&str; 5] = ["Amsterdam", "Berlin", "Copenhagen", "Dublin", "Edinburgh"];

#[derive(Record)]
struct Sale {
    #[record(dict)]
    city: Box<str>,
    #[record(packed)]
    day: u32,
    #[record(packed)]
    cents: i64,
    #[record(packed)]
    discount: Option<i64>,
}

fn sales(rows: usize) -> impl Iterator<Item = Sale> {
    (0..rows).map(|row| {
        let random = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let city = CITIES[(random >> 12) as usize % CITIES.len()].into();
        let cents = 99 + 10 * (random % 2000) as i64;
        let discount = row.is_multiple_of(7).then_some(cents / 10);
        Sale { city, day: row as u32 / 1000, cents, discount }
    })
}

/// A list of structs, and a map from names to sums.
fn before() -> (Vec<Sale>, HashMap<Box<str>, i64>) {
    let sales: Vec<Sale> = sales(ROWS).collect();
    let mut sums = HashMap::new();
    for sale in &sales {
        *sums.entry(sale.city.clone()).or_insert(0) += sale.cents;
    }
    (sales, sums)
}

fn after() -> Records<Sale> {
    let mut sales: Records<Sale> = sales(ROWS).collect();
    sales.shrink_to_fit();
    sales
}

fn main() {
    let ((structs, expected), plain) = measure(before);
    let (sales, columns) = measure(after);

    // The article's question.
    let by_city = sales.group_by(|sale| sale.city());
    let sums = by_city.sum(sales.columns().cents());
    assert_eq!(sums.keys(), CITIES);
    for (&city, &sum) in sums.iter() {
        assert_eq!(sum, expected[city].into());
        println!("{city:<12}{sum:>14} cents");
    }

    // Several answers in one pass, and nulls, which are left out: `agg(['size', 'mean', 'max'])`.
    let discounts = sales.columns().discount();
    let table = by_city.aggregate((size(), mean(discounts), max(discounts)));
    let given = structs.iter().filter(|sale| &*sale.city == "Berlin");
    let (mut rows, mut count, mut sum) = (0, 0, 0);
    for sale in given {
        rows += 1;
        count += i64::from(sale.discount.is_some());
        sum += sale.discount.unwrap_or(0);
    }
    let &(size, mean, max) = table.get("Berlin").expect("a city");
    assert_eq!((size, mean), (rows, Some(sum as f64 / count as f64)));
    assert_eq!(max, structs.iter().filter_map(|sale| sale.discount).max());

    // Several keys: `groupby(['city', 'day'])`.
    let by_city_and_day = sales.group_by(|sale| (sale.city(), sale.day()));
    assert_eq!(by_city_and_day.len(), CITIES.len() * ROWS / 1000);

    println!(
        "{} bytes a row as structs, {:.2} as columns",
        plain.current / ROWS as i64,
        columns.current as f64 / ROWS as f64
    );
    assert_eq!((plain.current, columns.current), (28_000_346, 2_438_296));

    // Three rows are best where they are.
    let (few, stats) = measure(|| Records::from_iter(self::sales(3)));
    assert_eq!((few.len(), stats.current), (3, 950));
}
