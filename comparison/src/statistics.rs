//! Medians, their intervals, and the geometric mean.

/// A median and the interval in which the true one lies with at least 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Median {
    /// The median of the sample.
    pub value: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end of the interval.
    pub high: f64,
}

/// Returns the median of `sample` and its interval, by order statistics.
///
/// The ends of the interval are values of the sample: the `k`-th smallest and the `k`-th largest, with the largest
/// `k` for which the true median is outside in at most 5 % of all samples, whatever the distribution. Below six
/// values no `k` is enough, and the interval is the whole sample.
///
/// # Panics
///
/// Panics if `sample` is empty or holds a NaN.
#[must_use]
pub fn median(mut sample: Vec<f64>) -> Median {
    assert!(!sample.is_empty(), "the median of nothing");
    assert!(sample.iter().all(|value| !value.is_nan()), "a sample with a NaN");
    sample.sort_by(f64::total_cmp);
    let n = sample.len();
    let value = (sample[(n - 1) / 2] + sample[n / 2]) / 2.0;
    let k = interval_rank(n);
    Median { value, low: sample[k - 1], high: sample[n - k] }
}

/// Returns the largest `k >= 1` with `P(B < k) <= 0.025` for a binomial `B` of `n` fair tosses, or 1.
///
/// The true median is below the `k`-th smallest of `n` values exactly if fewer than `k` of them are below it.
fn interval_rank(n: usize) -> usize {
    // The probabilities are carried as logarithms: 0.5^n underflows from n = 1075.
    let mut log_term = -(n as f64) * core::f64::consts::LN_2;
    let mut below = 0.0;
    let mut k = 0;
    loop {
        below += log_term.exp();
        if below > 0.025 {
            return k.max(1);
        }
        log_term += ((n - k) as f64 / (k + 1) as f64).ln();
        k += 1;
    }
}

/// Returns the geometric mean of `ratios`, or `None` of none.
#[must_use]
pub fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    let logs: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    (!ratios.is_empty()).then(|| (logs / ratios.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_sample_lies_between_the_middle_two() {
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]).value, 2.5);
        assert_eq!(median(vec![9.0, 1.0, 5.0]).value, 5.0);
    }

    #[test]
    fn a_sample_too_small_for_an_interval_is_its_own() {
        let sample = median(vec![2.0, 1.0, 3.0]);
        assert_eq!((sample.low, sample.high), (1.0, 3.0));
    }

    /// The ranks of the usual tables for the sign test at 5 %, two-sided.
    #[test]
    fn ranks_agree_with_the_tables() {
        let table = [(6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (30, 10), (50, 18), (100, 40)];
        for (n, k) in table {
            assert_eq!(interval_rank(n), k, "n = {n}");
        }
    }

    #[test]
    fn ranks_of_large_samples_neither_underflow_nor_lean() {
        let n = 4000;
        let k = interval_rank(n);
        let normal = n as f64 / 2.0 - 0.98 * (n as f64).sqrt();
        assert!((k as f64 - normal).abs() < 2.0, "{k} for {normal}");
    }

    /// The promise itself: over many samples with a known median, the interval misses it in at most 5 %.
    #[test]
    fn the_interval_holds_the_true_median_as_often_as_promised() {
        let mut state = 1_u64;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let samples = 4000;
        let missed = (0..samples)
            .filter(|_| {
                let sample = median((0..25).map(|_| uniform()).collect());
                !(sample.low..=sample.high).contains(&0.5)
            })
            .count();
        assert!(missed > 0 && missed <= samples / 20, "{missed} of {samples}");
    }

    #[test]
    fn halving_and_doubling_cancel() {
        let mean = geometric_mean(&[0.5, 2.0, 1.0]).unwrap();
        assert!((mean - 1.0).abs() < 1e-12);
        assert_eq!(geometric_mean(&[]), None);
    }

    #[test]
    #[should_panic(expected = "NaN")]
    fn a_nan_is_refused() {
        let _ = median(vec![1.0, f64::NAN]);
    }
}
