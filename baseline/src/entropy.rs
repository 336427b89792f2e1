//! The information in a column: the fewest bits that could hold it.

use std::{collections::HashMap, hash::Hash};

/// Returns the Shannon entropy of `values`, in bits for the whole sequence.
///
/// No code that knows the frequencies of the values, but neither their order nor what they mean, takes fewer. The
/// table of frequencies is not counted. A null is a value like any other.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::entropy::entropy_bits;
///
/// assert_eq!(entropy_bits([true, false, true, false]), 4.0);
/// assert_eq!(entropy_bits([7, 7, 7]), 0.0);
/// ```
pub fn entropy_bits<T: Eq + Hash>(values: impl IntoIterator<Item = T>) -> f64 {
    let mut counts: HashMap<T, u64> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    // Sorted, since a sum of floats depends on its order, and a map's order on chance.
    let mut counts: Vec<u64> = counts.into_values().collect();
    counts.sort_unstable();
    let all = counts.iter().sum::<u64>() as f64;
    counts.into_iter().map(|count| count as f64 * (all / count as f64).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equally_frequent_values_take_the_logarithm_of_their_number() {
        assert_eq!(entropy_bits(0..256), 256.0 * 8.0);
    }

    #[test]
    fn rare_values_cost_more_than_frequent_ones() {
        let values = [0, 0, 0, 0, 0, 0, 0, 1];
        let bits = entropy_bits(values);
        assert!((bits - 4.349).abs() < 0.001, "{bits}");
    }

    #[test]
    fn nothing_holds_no_information() {
        assert_eq!(entropy_bits::<u8>([]), 0.0);
    }
}
