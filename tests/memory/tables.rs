//! Whole tables of integers and decimals, column by column.

use pennyweight::array::{DecimalArray, IntArray, NullableIntArray, StrArray, compress};
use pennyweight_baseline::entropy::entropy_bits;
use pennyweight_baseline::flights::{COMPLETE, Flights, NULLABLE, SAMPLE};
use pennyweight_baseline::weather::{FLOATS, INTEGERS, Weather};
use std::collections::BTreeSet;
use std::path::Path;

/// January's flights, whatever larger file there may be.
fn flights() -> Flights {
    Flights::read(Path::new(SAMPLE)).unwrap()
}

#[test]
fn eleven_columns_of_the_flights_take_85_bits_a_row() {
    let flights = flights();
    let complete = COMPLETE.map(|name| IntArray::from(&flights.complete(name)[..]).heap_bytes());
    let nullable = NULLABLE.map(|name| NullableIntArray::from(flights.integers(name)).heap_bytes());
    let bytes = complete.iter().chain(&nullable).sum::<usize>();
    assert_eq!(bytes, 287_032);
    assert!(bytes * 8 <= 88 * flights.len());
}

#[test]
fn compressed_they_take_62_bits_a_row() {
    let flights = flights();
    let complete = COMPLETE.map(|name| compress(flights.complete(name)).heap_bytes());
    let nullable =
        NULLABLE.map(|name| compress(flights.integers(name).iter().copied()).heap_bytes());
    let bytes = complete.iter().chain(&nullable).sum::<usize>();
    assert_eq!(bytes, 209_384);
    assert!(bytes * 8 <= 76 * flights.len());
}

#[test]
fn the_weather_takes_half_as_much_again_as_its_information_at_most() {
    let weather = Weather::load().unwrap();
    let integers = INTEGERS.map(|name| weather.integers(name));
    let floats = FLOATS.map(|name| weather.floats(name));
    let names: BTreeSet<&str> = weather.origins.iter().map(String::as_str).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let places = weather.origins.iter().map(|name| names.binary_search(&&**name).unwrap() as i64);
    let origins = StrArray::from(&names[..]).heap_bytes() + compress(places).heap_bytes();
    let integers_bytes = integers.map(|column| compress(column.iter().copied()).heap_bytes());
    let floats_bytes = floats.map(|column| DecimalArray::from(column).heap_bytes());
    let bytes = origins + integers_bytes.iter().chain(&floats_bytes).sum::<usize>();
    let bits = entropy_bits(&weather.origins)
        + integers.map(entropy_bits).iter().sum::<f64>()
        + floats
            .map(|column| entropy_bits(column.iter().map(|value| value.map(f64::to_bits))))
            .iter()
            .sum::<f64>();
    assert!(bytes as f64 * 8.0 <= 1.5 * bits, "{bytes} bytes for {bits} bits");
}
