//! The counts of the process, as metrics.

use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use super::totals;

/// Records what the process has allocated and freed as metrics of the [`metrics`](::metrics) crate.
///
/// It costs what [`totals`] does, and seven calls of the recorder that the program has installed,
/// with a description each; without one it does nothing more. Call it before each export, or every
/// few seconds: nothing is recorded in between, and counting itself becomes no slower.
///
/// | name | kind | [`Stats`](super::Stats) |
/// |---|---|---|
/// | `pennyweight_heap_bytes` | gauge | `current` |
/// | `pennyweight_heap_peak_bytes` | gauge | `peak` |
/// | `pennyweight_allocations_total` | counter | `allocations` |
/// | `pennyweight_reallocations_total` | counter | `reallocations` |
/// | `pennyweight_frees_total` | counter | `frees` |
/// | `pennyweight_allocated_bytes_total` | counter | `allocated_bytes` |
/// | `pennyweight_freed_bytes_total` | counter | `freed_bytes` |
///
/// The figures are taken together, before the recorder is called: what it allocates is in those of
/// the next call. Gauges are floating-point numbers, exact up to 2⁵³ bytes.
///
/// # Panics
///
/// Panics if [`Allocator`](super::Allocator) is not the global allocator, with the line to add.
///
/// # Examples
///
/// ```
/// # #[global_allocator]
/// # static ALLOCATOR: pennyweight::profile::Allocator = pennyweight::profile::Allocator::new();
/// use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
/// use pennyweight::profile;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// /// Keeps one counter. A program installs the recorder of an exporter.
/// #[derive(Default)]
/// struct Allocations(Arc<AtomicU64>);
///
/// impl Recorder for Allocations {
///     fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
///         match key.name() {
///             "pennyweight_allocations_total" => Counter::from_arc(self.0.clone()),
///             _ => Counter::noop(),
///         }
///     }
/// #   fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge { Gauge::noop() }
/// #   fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram { Histogram::noop() }
/// #   fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
/// #   fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
/// #   fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
///     // …
/// }
///
/// let recorder = Allocations::default();
/// metrics::with_local_recorder(&recorder, profile::record_metrics);
/// let before = recorder.0.load(Relaxed);
/// let boxes = [Box::new(1), Box::new(2)];
/// metrics::with_local_recorder(&recorder, profile::record_metrics);
/// assert!(recorder.0.load(Relaxed) >= before + 2);
/// # drop(boxes);
/// ```
#[track_caller]
pub fn record_metrics() {
    let stats = totals();

    let gauges = [
        ("pennyweight_heap_bytes", stats.current, "Bytes allocated and not freed."),
        ("pennyweight_heap_peak_bytes", stats.peak, "The most bytes allocated and not freed."),
    ];
    for (name, value, description) in gauges {
        describe_gauge!(name, Unit::Bytes, description);
        gauge!(name).set(value as f64);
    }

    let counters = [
        ("pennyweight_allocations_total", stats.allocations, Unit::Count, "Blocks allocated."),
        ("pennyweight_reallocations_total", stats.reallocations, Unit::Count, "Blocks resized."),
        ("pennyweight_frees_total", stats.frees, Unit::Count, "Blocks freed."),
        (
            "pennyweight_allocated_bytes_total",
            stats.allocated_bytes,
            Unit::Bytes,
            "Bytes allocated.",
        ),
        ("pennyweight_freed_bytes_total", stats.freed_bytes, Unit::Bytes, "Bytes freed."),
    ];
    for (name, value, unit, description) in counters {
        describe_counter!(name, unit, description);
        counter!(name).absolute(value);
    }
}
