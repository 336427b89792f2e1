//! How figures are written, and what they come to.

use crate::{
    Section,
    comparison::{NAIVE, PENNYWEIGHT},
    statistics::geometric_mean,
};

/// Writes a whole number with its thousands apart.
pub(super) fn whole(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Writes a ratio or another positive figure with about four digits.
pub(super) fn short(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{value:.1e}"),
        value if value >= 1_000.0 => whole(value.round() as u64),
        value if value >= 100.0 => format!("{value:.1}"),
        value if value >= 10.0 => format!("{value:.2}"),
        value if value >= 0.001 || value == 0.0 => format!("{value:.3}"),
        value => format!("{value:.1e}"),
    }
}

/// Writes nanoseconds in the unit that fits.
pub(super) fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        value if value >= 1e9 => (value / 1e9, "s"),
        value if value >= 1e6 => (value / 1e6, "ms"),
        value if value >= 1e3 => (value / 1e3, "µs"),
        value => (value, "ns"),
    };
    format!("{} {unit}", short(value))
}

/// Writes bytes in the unit that fits.
pub(super) fn bytes(value: u64) -> String {
    match value as f64 {
        value if value >= 1e9 => format!("{:.2} GB", value / 1e9),
        value if value >= 1e6 => format!("{:.2} MB", value / 1e6),
        value if value >= 1e3 => format!("{:.1} kB", value / 1e3),
        value => format!("{value} B"),
    }
}

/// What pennyweight's ratios to naive come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    /// The geometric mean.
    pub(super) ratio: f64,
    /// The rows that it is over.
    pub(super) rows: usize,
    /// The rows among them that pennyweight loses: certainly more bytes, or slower by the whole interval.
    pub(super) lost: usize,
}

/// Returns the mean over the heap bytes. Comparisons of which one side takes nothing are left out.
pub(super) fn mean_of_bytes(sections: &[Section]) -> Option<Mean> {
    mean(sections, |section| {
        let heap = |variant| section.row(variant).and_then(|row| row.heap_bytes);
        match (heap(PENNYWEIGHT)?, heap(NAIVE)?) {
            (0, _) | (_, 0) => None,
            (ours, naive) => Some((ours as f64 / naive as f64, ours > naive)),
        }
    })
}

/// Returns the mean over the times.
pub(super) fn mean_of_times(sections: &[Section]) -> Option<Mean> {
    mean(sections, |section| {
        let row = section.row(PENNYWEIGHT)?;
        Some((row.time_ratio?, row.time_ratio_low? > 1.0))
    })
}

fn mean(sections: &[Section], ratio: impl Fn(&Section) -> Option<(f64, bool)>) -> Option<Mean> {
    let (ratios, lost): (Vec<f64>, Vec<bool>) = sections.iter().filter_map(ratio).unzip();
    let lost = lost.into_iter().filter(|&lost| lost).count();
    geometric_mean(&ratios).map(|ratio| Mean { ratio, rows: ratios.len(), lost })
}

/// Returns the sentences on what pennyweight's ratios come to.
pub(super) fn conclusions(sections: &[Section]) -> Vec<String> {
    let mean = |what: &str, mean: Option<Mean>, lost: &str| {
        mean.map(|Mean { ratio, rows, lost: count }| {
            format!(
                "{what}: pennyweight takes {}x of naive, the geometric mean over {rows} comparisons; \
                 it is {lost} in {count} of them.",
                short(ratio)
            )
        })
    };
    [
        mean("Heap bytes", mean_of_bytes(sections), "heavier"),
        mean("Time", mean_of_times(sections), "slower (by its whole interval)"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::Row;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            ["7", "1,000", "27,004", "10,000,000"],
            [7, 1_000, 27_004, 10_000_000].map(whole)
        );
    }

    #[test]
    fn figures_keep_about_four_digits() {
        let written = [0.0, 0.3084, 1.0, 12.345, 123.45, 1234.5].map(short);
        assert_eq!(written, ["0.000", "0.308", "1.000", "12.35", "123.5", "1,235"]);
        assert_eq!([short(0.000_012_34), short(1_234_567.0)], ["1.2e-5", "1.2e6"]);
    }

    #[test]
    fn units_fit() {
        assert_eq!(duration(1_234_567.0), "1.235 ms");
        assert_eq!(duration(12.0), "12.00 ns");
        assert_eq!(bytes(43_946), "43.9 kB");
        assert_eq!(bytes(999), "999 B");
    }

    /// A section of naive and pennyweight with these heap bytes and this ratio of times.
    pub(crate) fn section(comparison: &str, naive: u64, ours: u64, time: f64) -> Section {
        let row = |variant: &str, heap: u64, time: f64| Row {
            module: "array".into(),
            comparison: comparison.into(),
            variant: variant.into(),
            runtime: "rust".into(),
            data: "distance of flights-2013-01.csv".into(),
            elements: 27_004,
            threads: 1,
            limit_bytes: Some(23_000),
            heap_bytes: Some(heap),
            malloc_bytes: Some(heap + 8),
            peak_bytes: Some(heap),
            allocations: Some(1),
            time_ns: Some(6_000.0 * time),
            time_ratio: Some(time),
            time_ratio_low: Some(time * 0.98),
            time_ratio_high: Some(time * 1.02),
            ..Row::default()
        };
        let rows = vec![row(NAIVE, naive, 1.0), row(PENNYWEIGHT, ours, time)];
        Section { about: "Sum of a column.".into(), rows }
    }

    #[test]
    fn the_mean_counts_its_rows_and_its_losses() {
        let sections =
            [section("a", 100, 25, 0.5), section("b", 100, 400, 2.0), section("c", 0, 10, 1.0)];
        assert_eq!(mean_of_bytes(&sections), Some(Mean { ratio: 1.0, rows: 2, lost: 1 }));
        assert_eq!(mean_of_times(&sections), Some(Mean { ratio: 1.0, rows: 3, lost: 1 }));
        let said = conclusions(&sections);
        assert!(said[0].contains("over 2 comparisons; it is heavier in 1"), "{}", said[0]);
        assert!(said[1].contains("over 3 comparisons; it is slower"), "{}", said[1]);
    }

    #[test]
    fn without_pairs_there_is_nothing_to_conclude() {
        assert!(conclusions(&[]).is_empty());
    }
}
