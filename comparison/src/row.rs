//! The rows of `report.json`, a public schema: `docs/report-schema.md` is its documentation.

use alloc::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Comparison, Entry, Variant, peers};

/// The version of the schema of `report.json`.
pub(crate) const SCHEMA: u32 = 1;

/// One variant of one comparison, as measured. What does not apply is `None`, and null in JSON.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The module of pennyweight, such as `array`.
    pub module: String,
    /// The operation and the data, unique in the module.
    pub comparison: String,
    /// `naive`, `pennyweight` (or a further form of it) or a peer.
    pub variant: String,
    /// The version of the peer's crate.
    pub peer_version: Option<String>,
    /// `rust` or `python`.
    pub runtime: String,
    /// The file and column, or how the data was generated.
    pub data: String,
    /// The number of elements.
    pub elements: u64,
    /// The threads that the work runs on.
    pub threads: u32,
    /// The information that the data holds, in bytes.
    pub limit_bytes: Option<u64>,
    /// Live heap bytes as requested.
    pub heap_bytes: Option<u64>,
    /// Live heap bytes as malloc hands them out.
    pub malloc_bytes: Option<u64>,
    /// The most heap bytes live while the state was built, as requested.
    pub peak_bytes: Option<u64>,
    /// Allocations and reallocations while the state was built.
    pub allocations: Option<u64>,
    /// Nanoseconds of one run of the work: the median.
    pub time_ns: Option<f64>,
    /// The time as a multiple of naive's in the same round: the median.
    pub time_ratio: Option<f64>,
    /// The lower end of the interval of `time_ratio`.
    pub time_ratio_low: Option<f64>,
    /// The upper end of the interval of `time_ratio`.
    pub time_ratio_high: Option<f64>,
    /// The name of `value`.
    pub metric: Option<String>,
    /// The unit of `value`.
    pub unit: Option<String>,
    /// A figure that is neither bytes nor a ratio.
    pub value: Option<f64>,
    /// The bytes of the handle itself, which lie wherever its owner keeps it.
    pub inline_bytes: Option<u64>,
    /// Heap bytes that the first building left behind after its state was dropped.
    pub once_bytes: Option<u64>,
}

/// The rows of one comparison, in the order of their variants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// What is compared and what the time includes.
    pub about: String,
    /// The rows, naive first.
    pub rows: Vec<Row>,
    /// Criterion's median for each variant that it measured, in nanoseconds of one run of the work.
    pub criterion_ns: BTreeMap<String, f64>,
}

impl Row {
    /// Creates the row of a variant, with nothing measured.
    pub(crate) fn new(entry: &Entry, comparison: &Comparison, variant: &Variant) -> Self {
        Self {
            module: entry.module().into(),
            comparison: entry.comparison().into(),
            variant: variant.name().into(),
            peer_version: variant.peer().and_then(peers::version),
            runtime: "rust".into(),
            data: comparison.data().into(),
            elements: comparison.elements() as u64,
            threads: comparison.thread_count(),
            limit_bytes: comparison.limit_bytes(),
            ..Self::default()
        }
    }

    /// Returns `module/comparison`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.module, self.comparison)
    }

    /// Returns the heap bytes for each element.
    #[must_use]
    pub fn bytes_per_element(&self) -> Option<f64> {
        self.heap_bytes.map(|bytes| bytes as f64 / self.elements as f64)
    }

    /// Returns the heap bytes as a multiple of the limit.
    #[must_use]
    pub fn times_the_limit(&self) -> Option<f64> {
        match (self.heap_bytes, self.limit_bytes) {
            (Some(bytes), Some(limit)) if limit > 0 => Some(bytes as f64 / limit as f64),
            _ => None,
        }
    }

    /// Takes over from `other`, a row of the same variant, what is not measured here.
    fn fill_from(&mut self, other: Self) {
        let Self { heap_bytes, malloc_bytes, peak_bytes, allocations, .. } = other;
        self.heap_bytes = self.heap_bytes.or(heap_bytes);
        self.malloc_bytes = self.malloc_bytes.or(malloc_bytes);
        self.peak_bytes = self.peak_bytes.or(peak_bytes);
        self.allocations = self.allocations.or(allocations);
        self.inline_bytes = self.inline_bytes.or(other.inline_bytes);
        self.once_bytes = self.once_bytes.or(other.once_bytes);
        self.time_ns = self.time_ns.or(other.time_ns);
        self.time_ratio = self.time_ratio.or(other.time_ratio);
        self.time_ratio_low = self.time_ratio_low.or(other.time_ratio_low);
        self.time_ratio_high = self.time_ratio_high.or(other.time_ratio_high);
        self.metric = self.metric.take().or(other.metric);
        self.unit = self.unit.take().or(other.unit);
        self.value = self.value.or(other.value);
    }
}

impl Section {
    /// Returns `module/comparison`, or nothing of an empty section.
    #[must_use]
    pub fn id(&self) -> String {
        self.rows.first().map(Row::id).unwrap_or_default()
    }

    /// Returns the row of `variant`.
    #[must_use]
    pub fn row(&self, variant: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.variant == variant)
    }
}

/// Adds `sections` to `joined`: what another pass measured of a variant goes into that variant's row.
pub(crate) fn join(joined: &mut Vec<Section>, sections: Vec<Section>) {
    for section in sections {
        let Some(old) = joined.iter_mut().find(|old| old.id() == section.id()) else {
            joined.push(section);
            continue;
        };
        for row in section.rows {
            match old.rows.iter_mut().find(|old| old.variant == row.variant) {
                Some(old) => old.fill_from(row),
                None => old.rows.push(row),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys, their number and their order are public: renaming one is a new version of the schema.
    #[test]
    fn the_keys_of_a_row_are_those_of_the_schema() {
        let json = serde_json::to_string(&Row::default()).unwrap();
        let keys = [
            "module",
            "comparison",
            "variant",
            "peer_version",
            "runtime",
            "data",
            "elements",
            "threads",
            "limit_bytes",
            "heap_bytes",
            "malloc_bytes",
            "peak_bytes",
            "allocations",
            "time_ns",
            "time_ratio",
            "time_ratio_low",
            "time_ratio_high",
            "metric",
            "unit",
            "value",
            "inline_bytes",
            "once_bytes",
        ];
        let mut rest = json.as_str();
        for key in keys {
            let quoted = format!("\"{key}\":");
            let at = rest.find(&quoted).unwrap_or_else(|| panic!("{key} in {rest}"));
            rest = &rest[at + quoted.len()..];
        }
        assert_eq!(json.matches("\":").count(), keys.len());
        assert!(json.contains("\"heap_bytes\":null"), "what is not measured is null, not missing");
    }

    fn section(variant: &str, heap: Option<u64>, time: Option<f64>) -> Section {
        let row = Row {
            module: "array".into(),
            comparison: "sum".into(),
            variant: variant.into(),
            heap_bytes: heap,
            time_ratio: time,
            elements: 4,
            limit_bytes: Some(5),
            ..Row::default()
        };
        Section { rows: vec![row], ..Section::default() }
    }

    #[test]
    fn bytes_and_times_of_a_variant_meet_in_one_row() {
        let mut joined = vec![section("naive", Some(10), None)];
        join(&mut joined, vec![section("naive", None, Some(1.0)), section("sux", None, Some(2.0))]);
        assert_eq!(joined.len(), 1);
        let naive = joined[0].row("naive").unwrap();
        assert_eq!((naive.heap_bytes, naive.time_ratio), (Some(10), Some(1.0)));
        assert_eq!(joined[0].row("sux").unwrap().heap_bytes, None);
        assert_eq!(naive.bytes_per_element(), Some(2.5));
        assert_eq!(naive.times_the_limit(), Some(2.0));
    }

    #[test]
    fn another_comparison_is_a_section_of_its_own() {
        let mut other = section("naive", None, None);
        other.rows[0].module = "pool".into();
        let mut joined = vec![section("naive", None, None)];
        join(&mut joined, vec![other]);
        assert_eq!(joined.iter().map(Section::id).collect::<Vec<_>>(), ["array/sum", "pool/sum"]);
    }

    #[test]
    fn a_limit_of_nothing_has_no_multiples() {
        let mut row = section("naive", Some(8), None).rows.remove(0);
        row.limit_bytes = Some(0);
        assert_eq!(row.times_the_limit(), None);
    }
}
