//! The paired timing pass: every variant in every round, and ratios within the round.
//!
//! A machine's speed drifts: other processes, the clock of the core, the heat. Two variants measured one after the other
//! for seconds each have met two machines. Here all variants' states are alive together, each round measures every
//! variant once within milliseconds, and only times of the same round are divided by each other. What a variant leaves
//! behind (a cache full of its own state, a heap in pieces) is left to each of the others equally often.
//! The ratio reported is the median over the rounds, with its interval by order statistics
//! ([`median`]).
//!
//! Each comparison has a process of its own. An allocator remembers: after large blocks were freed, glibc's keeps them for the
//! next ones, which then come without a page fault. What a comparison measures does not depend on those before it, nor on
//! which were selected.
//!
//! The process allocates from the plain system allocator: counting would tax the variants that allocate most.

use core::time::Duration;
use std::{
    io,
    process::{ExitCode, Stdio},
    time::Instant,
};

use crate::{
    Answer, Comparison, Entry, Mismatch, Options, Row, Section, Suite, child, clock,
    comparison::Runner,
    progress::Progress,
    statistics::{Median, median},
};

/// The variable that makes a process the child of a pass. Its value is [`Options`] that select one comparison.
const CHILD: &str = "PENNYWEIGHT_PAIRED";

/// The times of one variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Nanoseconds of one run of the work.
    pub nanoseconds: f64,
    /// The time as a multiple of naive's.
    pub ratio: Median,
}

/// How long a comparison may take.
#[derive(Debug, Clone, Copy)]
struct Budget {
    /// All rounds together, by the wall clock.
    all: Duration,
    /// One measurement of one variant, if one run of its work does not take longer.
    measurement: Duration,
    fewest_rounds: usize,
    most_rounds: usize,
}

impl Budget {
    fn of(options: &Options) -> Self {
        match options {
            Options { test: true, .. } => Self {
                all: Duration::ZERO,
                measurement: Duration::ZERO,
                fewest_rounds: 1,
                most_rounds: 1,
            },
            Options { thorough: true, .. } => Self {
                all: Duration::from_secs(10),
                measurement: Duration::from_millis(5).max(clock::reading_cost() * 1_000),
                fewest_rounds: 25,
                most_rounds: 201,
            },
            _ => Self {
                all: Duration::from_millis(1_500),
                measurement: Duration::from_millis(2).max(clock::reading_cost() * 1_000),
                fewest_rounds: 9,
                most_rounds: 101,
            },
        }
    }
}

/// Times the selected comparisons, each in a process of its own.
///
/// # Errors
///
/// Returns the first answer that differs from naive's.
pub fn pass(suite: &Suite, options: &Options) -> Result<Vec<Section>, String> {
    let selected = suite.select(options);
    let mut progress = Progress::new("timing", selected.len());
    let mut sections = Vec::new();
    for entry in selected {
        progress.next(&entry.id());
        // In a test there are no times that others could lead astray.
        let section =
            if options.test { compare(entry, options) } else { compare_apart(entry, options) };
        sections.push(section.map_err(|error| format!("{}: {error}", entry.id()))?);
    }
    Ok(sections)
}

/// Times the one comparison that this process is for, if a pass has started it, and hands its rows to the pass.
pub fn child(suite: &Suite) -> Option<ExitCode> {
    let options = child::options(CHILD)?;
    let sections: Result<Vec<Section>, String> =
        suite.select(&options).into_iter().map(|entry| compare(entry, &options)).collect();
    let written = serde_json::to_writer(io::stdout(), &sections);
    Some(if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Has [`child`] time a comparison.
fn compare_apart(entry: &Entry, options: &Options) -> Result<Section, String> {
    let options = Options { filters: vec![entry.id()], exact: true, ..options.clone() };
    let child = child::command(CHILD, &options)
        .and_then(|mut child| child.stderr(Stdio::inherit()).output())
        .map_err(|error| format!("its process: {error}"))?;
    if !child.status.success() {
        return Err(format!("its process ended with {}", child.status));
    }
    let sections: Result<Vec<Section>, String> = serde_json::from_slice(&child.stdout)
        .map_err(|error| format!("what its process wrote: {error}"))?;
    sections?.pop().ok_or_else(|| "its process knows no such comparison".into())
}

fn compare(entry: &Entry, options: &Options) -> Result<Section, String> {
    let comparison = entry.define(options);
    let mut runners: Vec<Runner> =
        comparison.variants().iter().map(|variant| comparison.prepare(variant)).collect();
    let told = |mismatch: Mismatch| mismatch.to_string();
    check(&comparison, &mut runners).map_err(told)?;
    let times = time(&mut runners, Budget::of(options));
    // Once more: work that changes its state may have led it astray.
    check(&comparison, &mut runners).map_err(told)?;
    let rows = comparison.variants().iter().zip(times).map(|(variant, times)| Row {
        time_ns: Some(times.nanoseconds),
        time_ratio: Some(times.ratio.value),
        time_ratio_low: Some(times.ratio.low),
        time_ratio_high: Some(times.ratio.high),
        ..Row::new(entry, &comparison, variant)
    });
    Ok(Section {
        about: comparison.description().into(),
        rows: rows.collect(),
        ..Section::default()
    })
}

/// Runs all variants once and checks their answers. The first time this also warms them up.
fn check(comparison: &Comparison, runners: &mut [Runner]) -> Result<(), Mismatch> {
    let mut naive: Option<Answer> = None;
    for (variant, runner) in comparison.variants().iter().zip(runners) {
        let (answer, _) = runner(1);
        comparison.check(variant, answer, *naive.get_or_insert(answer))?;
    }
    Ok(())
}

fn time(runners: &mut [Runner], budget: Budget) -> Vec<Times> {
    let started = Instant::now();
    let runs: Vec<u64> = runners.iter_mut().map(|runner| calibrate(runner, budget)).collect();
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    while rounds.len() < budget.fewest_rounds
        || (rounds.len() < budget.most_rounds && started.elapsed() < budget.all)
    {
        let mut nanoseconds = vec![0.0; runners.len()];
        for place in 0..runners.len() {
            let variant = variant_at(rounds.len(), place, runners.len());
            nanoseconds[variant] = measure(&mut runners[variant], runs[variant]);
        }
        rounds.push(nanoseconds);
    }
    (0..runners.len())
        .map(|variant| Times {
            nanoseconds: median(rounds.iter().map(|round| round[variant]).collect()).value,
            ratio: median(rounds.iter().map(|round| round[variant] / round[0]).collect()),
        })
        .collect()
}

/// Returns the variant that is measured at `place` of `round`.
///
/// In as many rounds as there are variants, or twice as many where their number is odd, each variant has each place
/// equally often, and follows each other one equally often (E. J. Williams, "Experimental Designs Balanced for the
/// Estimation of Residual Effects of Treatments", 1949): the first round goes 0, 1, -1, 2, -2, and so on around the
/// circle; the others begin further on, and of an odd number every second one runs backwards.
fn variant_at(round: usize, place: usize, variants: usize) -> usize {
    let backwards = !variants.is_multiple_of(2) && !round.is_multiple_of(2);
    let place = if backwards { variants - 1 - place } else { place };
    let from_first = if place.is_multiple_of(2) { variants - place / 2 } else { place.div_ceil(2) };
    let first = if variants.is_multiple_of(2) { round } else { round / 2 };
    (first + from_first) % variants
}

/// Returns the nanoseconds of one of `runs` runs.
///
/// The variants before have filled the caches with their own states. Where a measurement is of several runs, one more
/// goes before it, so that none of them pays for that.
fn measure(runner: &mut Runner, runs: u64) -> f64 {
    if runs > 1 {
        runner(1);
    }
    let (_, time) = runner(runs);
    // The clock's resolution bounds what can be said of a run that took no time at all.
    time.as_nanos().max(1) as f64 / runs as f64
}

/// Returns how many runs a measurement is of: as many as its budget holds, and one at least.
fn calibrate(runner: &mut Runner, budget: Budget) -> u64 {
    let enough = budget.measurement;
    if enough.is_zero() {
        return 1;
    }
    let mut runs = 1;
    loop {
        let (_, time) = runner(runs);
        if time >= enough / 4 {
            let scale = enough.as_secs_f64() / time.as_secs_f64();
            return ((runs as f64 * scale) as u64).max(1);
        }
        runs *= 2;
    }
}

#[cfg(test)]
mod tests {
    use core::cell::Cell;
    use std::rc::Rc;

    use super::*;

    fn budget(rounds: usize) -> Budget {
        let measurement = Duration::from_micros(100);
        Budget { all: Duration::ZERO, measurement, fewest_rounds: rounds, most_rounds: rounds }
    }

    /// A runner by a clock of its own, which says that each run takes `nanoseconds(n)` at the `n`-th call.
    fn fake(nanoseconds: impl Fn(u64) -> u64 + 'static) -> Runner {
        let calls = Cell::new(0);
        Box::new(move |runs| {
            calls.set(calls.get() + 1);
            (Answer::from(0_i64), Duration::from_nanos(nanoseconds(calls.get()) * runs))
        })
    }

    #[test]
    fn the_ratio_is_to_the_first_variant() {
        let mut runners = [fake(|_| 100), fake(|_| 250), fake(|_| 50)];
        let ratios: Vec<f64> =
            time(&mut runners, budget(11)).iter().map(|times| times.ratio.value).collect();
        assert_eq!(ratios, [1.0, 2.5, 0.5]);
    }

    #[test]
    fn a_machine_that_slows_down_does_not_move_the_ratio() {
        // Runs of a million nanoseconds and up are measured one at a time, so that calls and rounds go together.
        let mut runners = [fake(|call| 1_000_000 * call), fake(|call| 3_000_000 * call)];
        let times = time(&mut runners, budget(21));
        assert_eq!(times[1].ratio, Median { value: 3.0, low: 3.0, high: 3.0 });
    }

    #[test]
    fn an_outlier_moves_neither_the_median_nor_its_interval() {
        let mut runners =
            [fake(|_| 1_000_000), fake(|call| if call == 5 { 900_000_000 } else { 2_000_000 })];
        let times = time(&mut runners, budget(21));
        assert_eq!(times[1].ratio, Median { value: 2.0, low: 2.0, high: 2.0 });
    }

    #[test]
    fn every_variant_has_every_place_and_follows_every_other_equally_often() {
        for variants in 1..12 {
            let rounds = if variants % 2 == 0 { variants } else { 2 * variants };
            let each = rounds / variants;
            let mut places = vec![vec![0; variants]; variants];
            let mut follows = vec![vec![0; variants]; variants];
            for round in 0..rounds {
                let order: Vec<_> =
                    (0..variants).map(|place| variant_at(round, place, variants)).collect();
                for (place, &variant) in order.iter().enumerate() {
                    places[variant][place] += 1;
                }
                for pair in order.windows(2) {
                    follows[pair[1]][pair[0]] += 1;
                }
            }
            assert!(places.iter().flatten().all(|&count| count == each), "{places:?}");
            for (variant, follows) in follows.iter().enumerate() {
                let expected = |other| if other == variant { 0 } else { each };
                assert!(follows.iter().enumerate().all(|(other, &count)| count == expected(other)));
            }
        }
    }

    #[test]
    fn short_work_is_repeated_until_the_clock_can_see_it() {
        assert_eq!(calibrate(&mut fake(|_| 10), budget(1)), 10_000, "100 µs of 10 ns");
        assert_eq!(calibrate(&mut fake(|_| 1_000_000_000), budget(1)), 1);
    }

    /// A suite whose pennyweight answers 1 as naive does, but 2 from the run `wrong_from` on.
    fn suite_that_goes_wrong(wrong_from: u64) -> (Suite, Rc<Cell<u64>>) {
        let naive_runs = Rc::new(Cell::new(0));
        let counter = Rc::clone(&naive_runs);
        let mut suite = Suite::new();
        suite.add("array", "sum", move |_| {
            let counter = Rc::clone(&counter);
            Comparison::of("nothing", 1)
                .naive(
                    || (),
                    move |()| {
                        counter.set(counter.get() + 1);
                        1_i64
                    },
                )
                .pennyweight(
                    || 0_u64,
                    move |runs| {
                        *runs += 1;
                        if *runs >= wrong_from { 2_i64 } else { 1 }
                    },
                )
        });
        (suite, naive_runs)
    }

    fn test() -> Options {
        Options { test: true, ..Options::default() }
    }

    #[test]
    fn a_wrong_answer_is_found_before_anything_is_timed() {
        let (suite, naive_runs) = suite_that_goes_wrong(1);
        let error = pass(&suite, &test()).unwrap_err();
        assert_eq!(error, "array/sum: pennyweight answers 2 where naive answers 1");
        assert_eq!(naive_runs.get(), 1);
    }

    #[test]
    fn a_state_that_the_work_leads_astray_is_found_at_the_end() {
        let (suite, _) = suite_that_goes_wrong(3);
        let error = pass(&suite, &test()).unwrap_err();
        assert_eq!(error, "array/sum: pennyweight answers 2 where naive answers 1");
    }

    #[test]
    fn a_test_run_is_one_round_between_two_checks() {
        let (suite, naive_runs) = suite_that_goes_wrong(u64::MAX);
        let sections = pass(&suite, &test()).unwrap();
        assert_eq!(sections[0].rows.len(), 2);
        assert_eq!(naive_runs.get(), 3);
    }
}
