//! A list of a million numbers, as a typed array and at the bits that the numbers need.
//!
//! Python's `list(range(1_000_000))` against `array.array('i', …)` and NumPy. CPython 3.11 holds 40.0 MB for the list
//! with its numbers, of which `sys.getsizeof` shows 8.0 MB, and 4.1 MB for an array that was appended to. The
//! article's `sys.getsizeof(array.buffer_info())` is the size of a tuple, 56 bytes; and `sum` of an `array` is not
//! faster than of a list in CPython but takes about twice as long, since each number is boxed again. Here it is
//! faster: see `cargo bench -- array/sum`.

use pennyweight::array::{Array, BitArray, IntArray, NullableIntArray};
use pennyweight::profile::{Allocator, Stats, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const LEN: i64 = 1_000_000;

/// The numbers, which of them are multiples of seven, and the numbers without those: as a newcomer writes them.
fn before(numbers: impl Iterator<Item = i64>) -> (Vec<i64>, Vec<bool>, Vec<Option<i64>>) {
    let (mut list, mut sevens, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for number in numbers {
        list.push(number);
        sevens.push(number % 7 == 0);
        others.push((number % 7 != 0).then_some(number));
    }
    (list, sevens, others)
}

fn after(numbers: impl Iterator<Item = i64>) -> (IntArray<i64>, BitArray, NullableIntArray<i64>) {
    let (mut list, mut sevens, mut others) =
        (IntArray::new(), BitArray::new(), NullableIntArray::new());
    for number in numbers {
        list.push(number);
        sevens.push(number % 7 == 0);
        others.push((number % 7 != 0).then_some(number));
    }
    list.shrink_to_fit();
    sevens.shrink_to_fit();
    others.shrink_to_fit();
    (list, sevens, others)
}

fn main() {
    let ((list, sevens, others), plain) = measure(|| before(0..LEN));
    let ((packed, bits, nullable), small) = measure(|| after(0..LEN));

    assert_eq!(packed.sum(), list.iter().sum::<i64>().into());
    assert_eq!(packed.iter().rev().nth(10), list.iter().rev().nth(10).copied());
    assert_eq!(bits.count_ones(), sevens.iter().filter(|&&seven| seven).count());
    assert_eq!(nullable.sum(), others.iter().flatten().sum::<i64>().into());
    assert_eq!(nullable.null_count(), bits.count_ones());

    print("Vec<i64>, Vec<bool>, Vec<Option<i64>>", plain);
    print("IntArray, BitArray, NullableIntArray", small);
    assert_eq!((plain.current, plain.peak), (26_214_400, 26_214_400));
    assert_eq!((small.current, small.peak), (5_125_016, 5_234_432));

    // Each on its own: 20 bits a number, 1 bit a boolean, and null for nothing.
    assert_eq!((packed.width(), packed.heap_bytes()), (20, 2_500_008));
    assert_eq!(bits.heap_bytes(), 125_000);
    assert_eq!((nullable.width(), nullable.heap_bytes()), (20, 2_500_008));

    // Where numbers need all their bits, an array still need not double.
    let measurements = list.iter().map(|&number| number as f64 / 3.0);
    let mut doubled = Vec::new();
    let ((), vec) = measure(|| measurements.clone().for_each(|number| doubled.push(number)));
    let mut sixteenth = Array::new();
    let ((), array) = measure(|| measurements.for_each(|number| sixteenth.push(number)));
    assert_eq!(sixteenth[..], doubled[..]);
    print("Vec<f64>", vec);
    print("Array<f64>", array);
    assert_eq!((vec.current, vec.peak), (8_388_608, 8_388_608));
    assert_eq!((array.current, array.peak), (8_184_760, 8_184_760));
}

fn print(name: &str, stats: Stats) {
    println!("{name:>38}: {:>10} bytes, {:>10} at the peak", stats.current, stats.peak);
}
