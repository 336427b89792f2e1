//! Sums over columns, and sums by group: what `sum()`, `np.sum` and `groupby().sum()` are for.
//!
//! The articles sum a list by a loop and by `sum()`, five numbers by NumPy, and three rows by a DataFrame. CPython's `sum` takes
//! a quarter of the loop's time; five numbers take 152 bytes in NumPy and 104 in a list; and three rows take 6,506 bytes in a
//! DataFrame, 144 as tuples. At half a million rows the DataFrame pays: 24 bytes a row against 356 in a list of dicts, and 10
//! with categories and narrow types. Here a row takes less than 2, and nothing is told about types.

use std::collections::{BTreeSet, HashMap};

use pennyweight::array::{Compressed, IntArray, SortedStrArray, compress};
use pennyweight::profile::{Allocator, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: usize = 500_000;
const CITIES: [&str; 5] = ["Amsterdam", "Berlin", "Copenhagen", "Dublin", "Edinburgh"];

struct Sale {
    city: String,
    cents: i64,
}

/// The sales, as the lines of a file would give them: a city, and a price that ends in 9 but for one in a thousand.
fn sales() -> impl Iterator<Item = (&'static str, i64)> {
    (0..ROWS).map(|i| {
        let random = (i as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let cents = if i.is_multiple_of(1000) {
            1_000_000 + i as i64
        } else {
            99 + 10 * (random % 2000) as i64
        };
        (CITIES[(random >> 12) as usize % CITIES.len()], cents)
    })
}

/// Rows as structs, and the sums in a map from names, as a newcomer writes them.
fn before() -> (Vec<Sale>, HashMap<String, i64>) {
    let sales: Vec<Sale> =
        sales().map(|(city, cents)| Sale { city: city.to_string(), cents }).collect();
    let mut sums = HashMap::new();
    for sale in &sales {
        *sums.entry(sale.city.clone()).or_insert(0) += sale.cents;
    }
    (sales, sums)
}

/// Columns: each city once, a code of three bits for every sale, and prices in the encoding that takes the fewest bytes.
fn after() -> (SortedStrArray, IntArray<u32>, Compressed<i64>) {
    let distinct: BTreeSet<&str> = sales().map(|(city, _)| city).collect();
    let cities = SortedStrArray::from_sorted(distinct);
    let code = |city| cities.position(city).expect("every city is there") as u32;
    let mut codes: IntArray<u32> = sales().map(|(city, _)| code(city)).collect();
    codes.shrink_to_fit();
    (cities, codes, compress(sales().map(|(_, cents)| cents)))
}

fn main() {
    let ((sales, expected), plain) = measure(before);
    let ((cities, codes, cents), small) = measure(after);

    // A sum, by any of the ways in which a program writes it.
    let mut total = 0;
    for sale in &sales {
        total += sale.cents;
    }
    assert_eq!(total, cents.iter().sum::<i64>());
    assert_eq!(i128::from(total), cents.sum());

    // Groups: the code of a city is its place among the sums, and no string is looked at.
    let mut sums = vec![0; cities.len()];
    for (code, cents) in codes.iter().zip(&cents) {
        sums[code as usize] += cents;
    }
    for (city, sum) in cities.iter().zip(sums) {
        assert_eq!(sum, expected[&city]);
        println!("{city:<12}{sum:>16} cents");
    }

    let bytes = cities.heap_bytes() + codes.heap_bytes() + cents.heap_bytes();
    println!(
        "{} bytes a row as structs, {:.2} as columns:",
        plain.current / ROWS as i64,
        bytes as f64 / ROWS as f64
    );
    print!("{}", cents.explain());
    assert_eq!((small.current, bytes), (947_581, 947_581));
    assert!(plain.current > 20 * small.current);

    // Five numbers are best where they are: in an array. A column is 64 bytes before its first number.
    let five = [1, 2, 3, 4, 5];
    let (packed, _) = measure(|| IntArray::from(five));
    assert_eq!(packed.sum(), five.iter().sum::<i64>().into());
    assert_eq!(size_of_val(&five), 40);
    assert_eq!(size_of_val(&packed) + packed.heap_bytes(), 64);
}
