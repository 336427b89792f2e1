//! What the counting allocator costs: programs that allocate, under one allocator after the other.

mod switch;
mod work;

use alloc::rc::Rc;
use core::hint::black_box;

use pennyweight::profile;
use pennyweight_comparison::{Answer, Comparison, Sizes, Suite};

pub(crate) use switch::Switch;
use switch::{Side, with};
use work::{Ring, index, text};

const ALLOCATIONS: usize = 4_096;
const WORDS: usize = 10_000;
/// For dhat, which takes some thirty times as long for a program as the plain allocator.
const FEW_WORDS: usize = 1_000;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    suite.add("profile", "small-allocations", small_allocations);
    suite.add("profile", "realistic-program", |sizes| realistic(sizes.generated(WORDS)));
    suite.add("profile", "realistic-program-short", |sizes| with_dhat(sizes.generated(FEW_WORDS)));
}

fn small_allocations(sizes: &Sizes) -> Comparison {
    let allocations = sizes.generated(ALLOCATIONS);
    let comparison = Comparison::of("16 to 143 bytes each, xorshift", allocations).about(
        "A ring of 1,024 blocks, where each step frees the oldest and allocates another: nothing else, the worst \
         case. `in measure` follows the peak as well. All sides choose their allocator by the same switch.",
    );
    let turn = move |ring: &mut Ring| ring.turn(allocations);
    dhat(counting(comparison, Ring::new, turn), Ring::new, turn)
}

fn realistic(words: usize) -> Comparison {
    let (comparison, build) = index_of(words);
    counting(comparison, build, |text| index(text))
}

fn with_dhat(words: usize) -> Comparison {
    let (comparison, build) = index_of(words);
    dhat(counting(comparison, build.clone(), |text| index(text)), build, |text| index(text))
}

fn index_of(words: usize) -> (Comparison, impl Fn() -> Rc<str> + Clone + 'static) {
    let comparison = Comparison::of("text of words from data/words.txt, xorshift", words).about(
        "A text is cut into words, which are indexed by the lines they occur on, grouped by frequency, sorted and \
         printed into a string.",
    );
    let text: Rc<str> = text(words).into();
    (comparison, move || Rc::clone(&text))
}

/// The same work under the plain allocator and under those that count.
fn counting<S: 'static, A: Into<Answer>>(
    comparison: Comparison,
    build: impl Fn() -> S + Clone + 'static,
    work: impl Fn(&mut S) -> A + Copy + 'static,
) -> Comparison {
    comparison
        .naive(build.clone(), move |state| with(Side::System, || work(state)))
        .pennyweight(build.clone(), move |state| with(Side::Pennyweight, || work(state)))
        .variant("pennyweight in measure", build.clone(), move |state| {
            with(Side::Pennyweight, || {
                let (answer, stats) = profile::measure(|| work(state));
                black_box(stats);
                answer
            })
        })
        .peer("stats_alloc", "stats_alloc", build, move |state| {
            with(Side::StatsAlloc, || work(state))
        })
}

/// dhat also takes a backtrace of each allocation. What is allocated under it has to be freed under it, or it panics
/// when it sees the address again: so `work` leaves nothing in its state.
fn dhat<S: 'static, A: Into<Answer>>(
    comparison: Comparison,
    build: impl Fn() -> S + 'static,
    work: impl Fn(&mut S) -> A + 'static,
) -> Comparison {
    comparison.peer("dhat", "dhat", build, move |state| with(Side::Dhat, || work(state)))
}
