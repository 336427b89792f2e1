//! The counts of the process, as a recorder of metrics sees them.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString,
    Unit, with_local_recorder,
};
use pennyweight::profile::{record_metrics, totals};

/// Keeps the last value of each metric, and its unit.
#[derive(Default)]
struct Last {
    values: Arc<Mutex<BTreeMap<String, f64>>>,
    units: Mutex<BTreeMap<String, Unit>>,
}

struct Metric {
    name: String,
    values: Arc<Mutex<BTreeMap<String, f64>>>,
}

impl Metric {
    fn store(&self, value: f64) {
        self.values.lock().unwrap().insert(self.name.clone(), value);
    }
}

impl CounterFn for Metric {
    fn increment(&self, _: u64) {
        panic!("counts are absolute");
    }

    fn absolute(&self, value: u64) {
        self.store(value as f64);
    }
}

impl GaugeFn for Metric {
    fn increment(&self, _: f64) {
        panic!("gauges are set");
    }

    fn decrement(&self, _: f64) {
        panic!("gauges are set");
    }

    fn set(&self, value: f64) {
        self.store(value);
    }
}

impl Last {
    fn metric(&self, kind: &str, key: &Key) -> Arc<Metric> {
        let name = format!("{kind} {}", key.name());
        Arc::new(Metric { name, values: self.values.clone() })
    }

    fn describe(&self, kind: &str, key: KeyName, unit: Option<Unit>, description: SharedString) {
        assert!(description.ends_with('.'), "{description}");
        let name = format!("{kind} {}", key.as_str());
        self.units.lock().unwrap().insert(name, unit.expect("a unit"));
    }
}

impl Recorder for Last {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("counter", key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.describe("gauge", key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
        panic!("{key:?} is a histogram");
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.metric("counter", key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.metric("gauge", key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        panic!("{key:?} is a histogram");
    }
}

pub(super) fn the_metrics_are_the_totals_under_the_documented_names() {
    let block = black_box(vec![0_u8; 1 << 20]);
    let recorder = Last::default();
    let stats = totals();
    with_local_recorder(&recorder, record_metrics);
    drop(block);
    let expected = [
        ("counter pennyweight_allocated_bytes_total", stats.allocated_bytes as f64, Unit::Bytes),
        ("counter pennyweight_allocations_total", stats.allocations as f64, Unit::Count),
        ("counter pennyweight_freed_bytes_total", stats.freed_bytes as f64, Unit::Bytes),
        ("counter pennyweight_frees_total", stats.frees as f64, Unit::Count),
        ("counter pennyweight_reallocations_total", stats.reallocations as f64, Unit::Count),
        ("gauge pennyweight_heap_bytes", stats.current as f64, Unit::Bytes),
        ("gauge pennyweight_heap_peak_bytes", stats.peak as f64, Unit::Bytes),
    ];
    let values = recorder.values.lock().unwrap();
    let units = recorder.units.lock().unwrap();
    assert_eq!((values.len(), units.len()), (expected.len(), expected.len()), "{values:?}");
    for (name, value, unit) in expected {
        assert_eq!(values.get(name), Some(&value), "{name}");
        assert_eq!(units.get(name), Some(&unit), "{name}");
    }
    assert!(stats.current >= 1 << 20);
}
