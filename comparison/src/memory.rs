//! The memory pass: what every variant weighs, exact and the same each time.
//!
//! A state is built twice. What the first building leaves behind after its state was dropped is a one-time cost, such as
//! a table that a crate sets up on first use; the second building is weighed: the bytes that it keeps, the most that
//! were live on the way, and the allocations it took. A `realloc` replaces its block, for every variant: old and new
//! are never counted side by side (see [`pennyweight::profile`]).

use std::process::ExitCode;

use pennyweight::profile;

use crate::{
    Options, Parsed, Row, Section, Suite, part,
    progress::Progress,
    report,
    usable::{self, Usable},
};

/// The global allocator of a process that weighs.
pub type Allocator = profile::Allocator<Usable>;

/// What a state takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) heap_bytes: u64,
    pub(crate) malloc_bytes: Option<u64>,
    pub(crate) peak_bytes: u64,
    pub(crate) allocations: u64,
    pub(crate) inline_bytes: u64,
    pub(crate) once_bytes: u64,
}

/// Builds a state and weighs it.
pub(crate) fn weigh<S>(build: &impl Fn() -> S) -> (S, Weight) {
    let ((), once) = profile::measure(|| drop(build()));
    let ((state, stats), malloc) = usable::measure(|| profile::measure(build));
    // A state that frees what was there before it has a negative weight; none does, and zero would be a lie.
    let bytes = |bytes: i64| u64::try_from(bytes).expect("a state that weighs less than nothing");
    let weight = Weight {
        heap_bytes: bytes(stats.current),
        malloc_bytes: malloc.map(bytes),
        peak_bytes: bytes(stats.peak),
        allocations: stats.allocations + stats.reallocations,
        inline_bytes: size_of::<S>() as u64,
        // Crates that free by epochs may free here what an earlier state left behind.
        once_bytes: u64::try_from(once.current).unwrap_or(0),
    };
    (state, weight)
}

/// Runs the bench target that weighs: prints the memory table for `--memory`, and otherwise leaves its rows for the
/// target that writes the report.
#[must_use]
pub fn main(suite: &Suite) -> ExitCode {
    let options = match Options::from_args() {
        Ok(Parsed::Run(options)) if !options.profile => options,
        // The target `report` lists, helps and profiles.
        Ok(_) => return ExitCode::SUCCESS,
        Err(error) => return report::fail(error),
    };
    let sections = match pass(suite, &options) {
        Ok(sections) => sections,
        Err(error) => return report::fail(error),
    };
    if options.test {
        return ExitCode::SUCCESS;
    }
    if options.memory {
        return report::print_memory(&options, &sections);
    }
    part::write("memory", sections).map_or_else(report::fail, |()| ExitCode::SUCCESS)
}

/// Weighs the selected comparisons.
///
/// # Errors
///
/// Returns the first answer that differs from naive's.
pub fn pass(suite: &Suite, options: &Options) -> Result<Vec<Section>, String> {
    let selected = suite.select(options);
    let mut progress = Progress::new("weighing", selected.len());
    let mut sections = Vec::new();
    for entry in selected {
        progress.next(&entry.id());
        let comparison = entry.define(options);
        let mut section = Section { about: comparison.description().into(), ..Section::default() };
        let mut naive = None;
        for variant in comparison.variants() {
            let (weight, answer) = variant.weigh();
            comparison
                .check(variant, answer, *naive.get_or_insert(answer))
                .map_err(|mismatch| format!("{}: {mismatch}", entry.id()))?;
            let mut row = Row {
                heap_bytes: Some(weight.heap_bytes),
                malloc_bytes: weight.malloc_bytes,
                peak_bytes: Some(weight.peak_bytes),
                allocations: Some(weight.allocations),
                inline_bytes: Some(weight.inline_bytes),
                once_bytes: Some(weight.once_bytes),
                ..Row::new(entry, &comparison, variant)
            };
            if let Some((metric, value)) = comparison.metric_of(weight.heap_bytes) {
                row.metric = Some(metric.name.into());
                row.unit = Some(metric.unit.into());
                row.value = Some(value);
            }
            section.rows.push(row);
        }
        sections.push(section);
    }
    Ok(sections)
}

#[cfg(test)]
mod tests {
    use std::{cell::OnceCell, rc::Rc};

    use super::*;
    use crate::Comparison;

    #[global_allocator]
    static ALLOCATOR: Allocator = Allocator::over(Usable);

    #[test]
    fn a_state_weighs_what_it_keeps() {
        let (state, weight) = weigh(&|| {
            drop(vec![0_u8; 5_000]);
            Box::new(7_u64)
        });
        assert_eq!(*state, 7);
        assert_eq!((weight.heap_bytes, weight.peak_bytes), (8, 5_000));
        assert_eq!((weight.allocations, weight.inline_bytes, weight.once_bytes), (2, 8, 0));
    }

    #[test]
    fn a_realloc_is_an_allocation_and_replaces_its_block() {
        let (_state, weight) = weigh(&|| {
            let mut bytes = Vec::<u8>::with_capacity(64);
            bytes.reserve_exact(256);
            bytes
        });
        assert_eq!((weight.heap_bytes, weight.peak_bytes, weight.allocations), (256, 256, 2));
    }

    #[test]
    fn what_the_first_building_leaves_behind_is_told_apart() {
        let table = Rc::new(OnceCell::new());
        let (_state, weight) = weigh(&move || {
            table.get_or_init(|| vec![0_u8; 1_000]);
            Box::new(0_u32)
        });
        assert_eq!((weight.once_bytes, weight.heap_bytes), (1_000, 4));
    }

    #[test]
    fn captured_data_is_nobodys() {
        let shared: Rc<[u64]> = vec![1; 1_000].into();
        let (_state, weight) = weigh(&move || Rc::clone(&shared));
        assert_eq!((weight.heap_bytes, weight.allocations), (0, 0));
    }

    fn suite(answer: i64) -> Suite {
        let mut suite = Suite::new();
        suite.add("array", "sum", move |_| {
            Comparison::of("a hundred zeros", 100)
                .limit_bits(8.0)
                .naive(|| vec![0_i64; 100], |values| values.iter().sum::<i64>())
                .pennyweight(|| vec![0_i8; 100], move |_| answer)
        });
        suite
    }

    #[test]
    fn the_pass_gives_a_row_for_each_variant() {
        let sections = pass(&suite(0), &Options::default()).unwrap();
        let heap: Vec<_> = sections[0].rows.iter().map(|row| row.heap_bytes).collect();
        assert_eq!(heap, [Some(800), Some(100)]);
        let row = &sections[0].rows[1];
        assert_eq!((row.limit_bytes, row.time_ns), (Some(1), None));
        assert_eq!((row.variant.as_str(), row.inline_bytes), ("pennyweight", Some(24)));
    }

    #[test]
    fn a_wrong_answer_fails_the_pass_and_names_both() {
        let error = pass(&suite(3), &Options::default()).unwrap_err();
        assert_eq!(error, "array/sum: pennyweight answers 3 where naive answers 0");
    }
}
