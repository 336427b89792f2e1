//! How figures are written, and what they come to.

use crate::{
    Row, Section,
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

/// Writes a comparison's further figures.
pub(super) fn metric(section: &Section) -> Option<String> {
    let of =
        |row: &Row| Some(format!("{} {} {}", row.variant, short(row.value?), row.unit.as_ref()?));
    let name = section.rows.iter().find_map(|row| row.metric.as_ref())?;
    let figures: Vec<String> = section.rows.iter().filter_map(of).collect();
    Some(format!("{name}: {}.", figures.join(", ")))
}

/// Writes what criterion measured of a comparison.
pub(super) fn criterion(section: &Section) -> Option<String> {
    let naive = section.criterion_ns.get(NAIVE)?;
    let of = |row: &Row| {
        let time = section.criterion_ns.get(&row.variant)?;
        Some(format!("{} {} ({}x)", row.variant, duration(*time), short(time / naive)))
    };
    let medians: Vec<String> = section.rows.iter().filter_map(of).collect();
    Some(format!("criterion, one after the other: {}.", medians.join(", ")))
}

/// What pennyweight's ratios to naive come to, over some of the comparisons.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conclusion {
    /// The module, or `all`.
    pub(super) scope: String,
    /// Over the heap bytes. Comparisons of which one side takes nothing are left out.
    pub(super) heap: Option<Mean>,
    /// Over the times.
    pub(super) time: Option<Mean>,
}

/// A geometric mean of ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    pub(super) ratio: f64,
    /// The comparisons that it is over.
    pub(super) over: usize,
    /// Those among them that pennyweight loses: by a byte, or by the whole interval of its time.
    pub(super) lost: usize,
}

/// Returns the conclusions for each module and for all of them; of one module it is the same.
pub(super) fn conclusions(sections: &[Section]) -> Vec<Conclusion> {
    let mut modules: Vec<&str> = Vec::new();
    for row in sections.iter().filter_map(|section| section.rows.first()) {
        if !modules.contains(&row.module.as_str()) {
            modules.push(&row.module);
        }
    }
    let of = |scope: &str, is_in: &dyn Fn(&Section) -> bool| Conclusion {
        scope: scope.into(),
        heap: mean(sections.iter().filter(|section| is_in(section)).filter_map(heap_ratio)),
        time: mean(sections.iter().filter(|section| is_in(section)).filter_map(time_ratio)),
    };
    let is_of = |module: &str, section: &Section| {
        section.rows.first().is_some_and(|row| row.module == module)
    };
    let mut conclusions: Vec<Conclusion> =
        modules.iter().map(|module| of(module, &|section| is_of(module, section))).collect();
    if modules.len() > 1 {
        conclusions.push(of("all", &|_| true));
    }
    conclusions.retain(|Conclusion { heap, time, .. }| heap.is_some() || time.is_some());
    conclusions
}

/// Returns pennyweight's heap bytes as a multiple of naive's, and whether they are more.
fn heap_ratio(section: &Section) -> Option<(f64, bool)> {
    let heap = |variant| section.row(variant).and_then(|row| row.heap_bytes);
    match (heap(PENNYWEIGHT)?, heap(NAIVE)?) {
        (0, _) | (_, 0) => None,
        (ours, naive) => Some((ours as f64 / naive as f64, ours > naive)),
    }
}

/// Returns pennyweight's time as a multiple of naive's, and whether it is certainly more.
fn time_ratio(section: &Section) -> Option<(f64, bool)> {
    let row = section.row(PENNYWEIGHT)?;
    Some((row.time_ratio?, row.time_ratio_low? > 1.0))
}

fn mean(ratios: impl Iterator<Item = (f64, bool)>) -> Option<Mean> {
    let (ratios, lost): (Vec<f64>, Vec<bool>) = ratios.unzip();
    let lost = lost.into_iter().filter(|&lost| lost).count();
    geometric_mean(&ratios).map(|ratio| Mean { ratio, over: ratios.len(), lost })
}

/// Writes what the conclusions are, before them.
pub(super) const CONCLUSIONS: &str = "pennyweight as a multiple of naive: the geometric mean, the \
     comparisons that it is over, and how many of them pennyweight loses (heavier by a byte, slower by \
     its whole interval).";

#[cfg(test)]
pub(super) mod tests {
    use super::*;

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
        Section { about: "Sum of a column.".into(), rows, ..Section::default() }
    }

    #[test]
    fn further_figures_are_given_with_their_unit() {
        let mut section = section("a", 8, 8, 1.0);
        assert_eq!(metric(&section), None);
        section.rows[1].metric = Some("bits per row".into());
        section.rows[1].unit = Some("bit".into());
        section.rows[1].value = Some(85.03);
        assert_eq!(metric(&section).unwrap(), "bits per row: pennyweight 85.03 bit.");
    }

    #[test]
    fn criterions_medians_are_given_in_the_order_of_the_rows() {
        let mut section = section("a", 8, 8, 1.0);
        assert_eq!(criterion(&section), None);
        section.criterion_ns = [("pennyweight".into(), 500.0), ("naive".into(), 2_000.0)].into();
        let said = criterion(&section).unwrap();
        assert!(
            said.ends_with("naive 2.000 µs (1.000x), pennyweight 500.0 ns (0.250x)."),
            "{said}"
        );
    }

    #[test]
    fn the_mean_counts_its_comparisons_and_its_losses() {
        let sections =
            [section("a", 100, 25, 0.5), section("b", 100, 400, 2.0), section("c", 0, 10, 1.0)];
        let concluded = conclusions(&sections);
        assert_eq!(concluded.len(), 1, "one module needs no sum of all");
        assert_eq!(concluded[0].scope, "array");
        assert_eq!(concluded[0].heap, Some(Mean { ratio: 1.0, over: 2, lost: 1 }));
        assert_eq!(concluded[0].time, Some(Mean { ratio: 1.0, over: 3, lost: 1 }));
    }

    #[test]
    fn modules_are_concluded_apart_and_together() {
        let mut sections = [section("a", 100, 25, 0.5), section("b", 100, 400, 2.0)];
        sections[1].rows.iter_mut().for_each(|row| row.module = "pool".into());
        let concluded = conclusions(&sections);
        let scopes: Vec<_> = concluded.iter().map(|conclusion| conclusion.scope.as_str()).collect();
        assert_eq!(scopes, ["array", "pool", "all"]);
        assert_eq!(concluded[1].heap, Some(Mean { ratio: 4.0, over: 1, lost: 1 }));
        assert_eq!(concluded[2].time.unwrap().over, 2);
    }

    #[test]
    fn without_pairs_there_is_nothing_to_conclude() {
        assert!(conclusions(&[]).is_empty());
    }
}
