//! Times all comparisons, in processes with the plain system allocator; joins all rows and writes the report.

#[path = "../comparisons/mod.rs"]
mod comparisons;

use core::time::Duration;
use std::process::ExitCode;

use criterion::{BenchmarkId, Criterion, SamplingMode};
use pennyweight_comparison::{
    Answer, Comparison, Entry, Options, Variant, criterion::child_options, paired, report,
};

fn main() -> ExitCode {
    let suite = comparisons::suite();
    if let Some(code) = paired::child(&suite) {
        return code;
    }
    match child_options() {
        None => report::main(&suite),
        Some(options) => {
            let mut criterion = configured(&options);
            for entry in suite.select(&options) {
                define(&mut criterion, entry, &options);
            }
            criterion.final_summary();
            ExitCode::SUCCESS
        }
    }
}

/// Short windows, unless the run is thorough or criterion's own options say otherwise.
fn configured(options: &Options) -> Criterion {
    let criterion = Criterion::default().without_plots();
    let criterion = if options.thorough {
        criterion
    } else {
        criterion
            .sample_size(10)
            .warm_up_time(Duration::from_millis(100))
            .measurement_time(Duration::from_millis(300))
            .nresamples(10_000)
    };
    criterion.configure_from_args()
}

/// The same runners as in the paired pass, by the same clock, one after the other.
fn define(criterion: &mut Criterion, entry: &Entry, options: &Options) {
    let comparison = entry.define(options);
    let mut group = criterion.benchmark_group(entry.id());
    if !options.thorough {
        // Work that fills the short window once or twice has no slope to be fitted.
        group.sampling_mode(SamplingMode::Flat);
    }
    let mut naive = None;
    for variant in comparison.variants().iter().filter(|variant| is_measured(variant, options)) {
        let mut runner = None;
        group.bench_function(BenchmarkId::new(variant.name(), comparison.elements()), |bencher| {
            // Only now: criterion may have been told to list the benchmarks.
            let runner = runner.get_or_insert_with(|| comparison.prepare(variant));
            bencher.iter_custom(|runs| {
                let (answer, time) = runner(runs);
                check(&comparison, entry, variant, answer, &mut naive);
                // Criterion refuses a measurement that took no time at all.
                time.max(Duration::from_nanos(1))
            });
        });
    }
    group.finish();
}

fn is_measured(variant: &Variant, options: &Options) -> bool {
    options.thorough || options.test || matches!(variant.name(), "naive" | "pennyweight")
}

fn check(
    comparison: &Comparison,
    entry: &Entry,
    variant: &Variant,
    answer: Answer,
    naive: &mut Option<Answer>,
) {
    let naive = *naive.get_or_insert(answer);
    if let Err(mismatch) = comparison.check(variant, answer, naive) {
        panic!("{}: {mismatch}", entry.id());
    }
}
