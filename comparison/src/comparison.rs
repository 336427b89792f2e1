//! The definition of a comparison, and how it becomes closures that the passes call.

use core::{fmt, hint::black_box, time::Duration};
use std::rc::Rc;

use crate::{
    clock::Clock,
    memory::{Weight, weigh},
};

/// The name of the variant that all others are compared with.
pub(crate) const NAIVE: &str = "naive";
/// The name of the variant whose ratios go into the geometric mean.
pub(crate) const PENNYWEIGHT: &str = "pennyweight";
/// The longest name of a variant, in bytes.
pub(crate) const LONGEST_NAME: usize = 23;

/// One technique on one set of data: what its variants build, what they do, and what could be reached at best.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use pennyweight_comparison::Comparison;
///
/// let values: Rc<[i64]> = (0..1000).collect();
/// let comparison = Comparison::of("0 to 999", values.len())
///     .about("Sum of a column.")
///     .limit_bits(1000.0 * 10.0)
///     .naive({ let values = values.clone(); move || values.to_vec() }, |v| v.iter().sum::<i64>())
///     .pennyweight(move || values.iter().map(|&v| v as i16).collect::<Vec<_>>(), |v| {
///         v.iter().map(|&v| i64::from(v)).sum::<i64>()
///     });
/// assert_eq!(comparison.variants().len(), 2);
/// ```
#[derive(Debug)]
pub struct Comparison {
    data: String,
    elements: usize,
    about: String,
    limit_bits: Option<f64>,
    times_build: bool,
    threads: u32,
    metric: Option<Metric>,
    variants: Vec<Variant>,
}

/// One way to hold the data of a comparison.
pub struct Variant {
    name: &'static str,
    peer: Option<&'static str>,
    weigh: Box<dyn Fn() -> (Weight, Answer)>,
    prepare: Box<dyn Fn(Timed, Clock) -> Runner>,
}

/// A figure of a variant that is neither bytes nor a ratio.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// What is counted, such as `bits per row`.
    pub name: &'static str,
    /// The unit of the value.
    pub unit: &'static str,
    /// Heap bytes that do not count, such as those of the text itself.
    pub beside: f64,
    /// Computes the value from the heap bytes and the elements.
    pub of_heap: fn(heap_bytes: f64, elements: f64) -> f64,
}

/// Runs the work of a variant so many times, and says what the last time answered and how long all took.
pub type Runner = Box<dyn FnMut(u64) -> (Answer, Duration)>;

/// Which part of a variant is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Timed {
    Build,
    Work,
}

impl Comparison {
    /// Starts a comparison over `elements` elements of `data`, which names the file and the column, or says how
    /// the data was generated.
    ///
    /// # Panics
    ///
    /// Panics if there are no elements: the report divides by their number.
    #[must_use]
    pub fn of(data: impl Into<String>, elements: usize) -> Self {
        assert!(elements > 0, "a comparison over no elements");
        Self {
            data: data.into(),
            elements,
            about: String::new(),
            limit_bits: None,
            times_build: false,
            threads: 1,
            metric: None,
            variants: Vec::new(),
        }
    }

    /// Says in a sentence or two what is compared and what the time includes.
    #[must_use]
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Sets the information that the data holds, in bits: the fewest that any variant could take.
    #[must_use]
    pub fn limit_bits(mut self, bits: f64) -> Self {
        self.limit_bits = Some(bits);
        self
    }

    /// Times the building of the state (not its dropping) instead of the work, which then only gives the answer.
    ///
    /// # Panics
    ///
    /// Panics if a variant was added before.
    #[must_use]
    pub fn times_build(mut self) -> Self {
        self.times_build = true;
        self
    }

    /// Says that the work starts so many threads and waits for them. Its time is that of the wall clock then, since the thread
    /// that waits takes no time of a processor.
    #[must_use]
    pub fn threads(mut self, threads: u32) -> Self {
        self.threads = threads;
        self
    }

    /// Reports a further figure for each variant.
    #[must_use]
    pub fn metric(mut self, metric: Metric) -> Self {
        self.metric = Some(metric);
        self
    }

    /// Adds the variant that a competent newcomer would write. It comes first: see [`variant`](Self::variant).
    #[must_use]
    pub fn naive<S: 'static, A: Into<Answer>>(
        self,
        build: impl Fn() -> S + 'static,
        work: impl Fn(&mut S) -> A + 'static,
    ) -> Self {
        self.variant(NAIVE, build, work)
    }

    /// Adds the variant whose ratios go into the geometric mean: see [`variant`](Self::variant).
    #[must_use]
    pub fn pennyweight<S: 'static, A: Into<Answer>>(
        self,
        build: impl Fn() -> S + 'static,
        work: impl Fn(&mut S) -> A + 'static,
    ) -> Self {
        self.variant(PENNYWEIGHT, build, work)
    }

    /// Adds a variant that uses the crate `peer`, whose version is reported: see [`variant`](Self::variant).
    #[must_use]
    pub fn peer<S: 'static, A: Into<Answer>>(
        mut self,
        peer: &'static str,
        name: &'static str,
        build: impl Fn() -> S + 'static,
        work: impl Fn(&mut S) -> A + 'static,
    ) -> Self {
        self = self.variant(name, build, work);
        self.variants.last_mut().expect("just added").peer = Some(peer);
        self
    }

    /// Adds a variant.
    ///
    /// `build` makes the state. What it allocates and keeps is what is weighed; data that it captures was there before
    /// and is nobody's. `work` is what is timed, over and over on one state, and must answer the same each time and as
    /// every other variant.
    ///
    /// # Panics
    ///
    /// Panics if the first variant is not naive, if the name is taken, or if it is longer than the table is wide
    /// there.
    #[must_use]
    pub fn variant<S: 'static, A: Into<Answer>>(
        mut self,
        name: &'static str,
        build: impl Fn() -> S + 'static,
        work: impl Fn(&mut S) -> A + 'static,
    ) -> Self {
        assert_eq!(self.variants.is_empty(), name == NAIVE, "naive comes first, and once");
        assert!(self.variants.iter().all(|variant| variant.name != name), "two variants {name}");
        assert!(name.len() <= LONGEST_NAME, "the name {name} does not fit into the table");
        let build = Rc::new(build);
        let work = Rc::new(work);
        let weigh_both = (Rc::clone(&build), Rc::clone(&work));
        self.variants.push(Variant {
            name,
            peer: None,
            weigh: Box::new(move || {
                let (build, work) = &weigh_both;
                let (mut state, weight) = weigh(&**build);
                (weight, work(&mut state).into())
            }),
            prepare: Box::new(move |timed, clock| {
                let (build, work) = (Rc::clone(&build), Rc::clone(&work));
                match timed {
                    Timed::Work => work_runner(build(), work, clock),
                    Timed::Build => build_runner(build, work, clock),
                }
            }),
        });
        self
    }

    /// Returns the variants, naive first.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Returns the number of elements.
    #[must_use]
    pub fn elements(&self) -> usize {
        self.elements
    }

    /// Returns the name of the data.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Returns what is compared and what the time includes.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.about
    }

    /// Returns the threads that the work runs on.
    pub(crate) fn thread_count(&self) -> u32 {
        self.threads
    }

    /// Returns the limit in whole bytes.
    #[must_use]
    pub fn limit_bytes(&self) -> Option<u64> {
        self.limit_bits.map(|bits| (bits / 8.0).ceil() as u64)
    }

    /// Returns the value of the further figure for a variant of so many heap bytes.
    pub(crate) fn metric_of(&self, heap_bytes: u64) -> Option<(Metric, f64)> {
        self.metric.map(|metric| {
            (metric, (metric.of_heap)(heap_bytes as f64 - metric.beside, self.elements as f64))
        })
    }

    /// Makes the runner of a variant: builds its state, or prepares to do so if the building is what is timed.
    #[must_use]
    pub fn prepare(&self, variant: &Variant) -> Runner {
        let clock = if self.threads > 1 { Clock::Wall } else { Clock::Thread };
        (variant.prepare)(if self.times_build { Timed::Build } else { Timed::Work }, clock)
    }

    /// Compares an answer with naive's.
    ///
    /// # Errors
    ///
    /// [`Mismatch`] if they differ.
    pub fn check(&self, variant: &Variant, answer: Answer, naive: Answer) -> Result<(), Mismatch> {
        if answer == naive {
            return Ok(());
        }
        Err(Mismatch { variant: variant.name, answer, naive })
    }
}

impl Variant {
    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the crate that the variant uses, if it is a peer's.
    #[must_use]
    pub fn peer(&self) -> Option<&'static str> {
        self.peer
    }

    /// Weighs the state, and answers once.
    pub(crate) fn weigh(&self) -> (Weight, Answer) {
        (self.weigh)()
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, peer, weigh: _, prepare: _ } = self;
        f.debug_struct("Variant").field("name", name).field("peer", peer).finish_non_exhaustive()
    }
}

/// The loop around the work is in here, with the work's own type: no dynamic call is inside what is timed.
fn work_runner<S: 'static, A: Into<Answer>>(
    mut state: S,
    work: Rc<impl Fn(&mut S) -> A + 'static>,
    clock: Clock,
) -> Runner {
    Box::new(move |times| {
        let (answer, time) = clock.time(|| {
            for _ in 1..times {
                black_box(work(black_box(&mut state)));
            }
            black_box(work(black_box(&mut state)))
        });
        (answer.into(), time)
    })
}

/// Each building is timed for itself, so that dropping is not. That adds one reading of the clock to each.
fn build_runner<S: 'static, A: Into<Answer>>(
    build: Rc<impl Fn() -> S + 'static>,
    work: Rc<impl Fn(&mut S) -> A + 'static>,
    clock: Clock,
) -> Runner {
    Box::new(move |times| {
        let mut total = Duration::ZERO;
        for _ in 1..times {
            total += clock.time(|| black_box(build())).1;
        }
        let (mut state, time) = clock.time(|| black_box(build()));
        (work(&mut state).into(), total + time)
    })
}

/// What the work of a variant comes to, comparable with the other variants' answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer(i128);

impl Answer {
    /// Folds a sequence into an answer that depends on every value and on their order.
    ///
    /// For the results of work that are sequences: comparing them must cost little beside the work.
    #[must_use]
    pub fn of_sequence(values: impl IntoIterator<Item = i64>) -> Self {
        let hash = values.into_iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, value| {
            (hash ^ value.cast_unsigned()).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23)
        });
        Self(hash.into())
    }
}

macro_rules! answer_from {
    ($($int:ty),*) => {$(
        impl From<$int> for Answer {
            fn from(value: $int) -> Self {
                Self(value.into())
            }
        }
    )*};
}

answer_from!(i32, i64, i128, u32, u64, bool);

impl From<usize> for Answer {
    fn from(value: usize) -> Self {
        Self(value as i128)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The error of a variant that does not answer as naive does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    variant: &'static str,
    answer: Answer,
    naive: Answer,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variant, answer, naive } = self;
        write!(f, "{variant} answers {answer} where naive answers {naive}")
    }
}

impl core::error::Error for Mismatch {}

#[cfg(test)]
mod tests {
    use core::cell::Cell;

    use super::*;

    #[test]
    fn the_work_runs_as_often_as_asked_and_its_last_answer_is_given() {
        let comparison = Comparison::of("a counter", 1).naive(
            || 0_u64,
            |count| {
                *count += 1;
                *count
            },
        );
        let mut run = comparison.prepare(&comparison.variants()[0]);
        assert_eq!(run(1).0, Answer::from(1_u64));
        assert_eq!(run(9).0, Answer::from(10_u64));
    }

    #[test]
    fn timing_the_build_builds_as_often_as_asked() {
        let built = Rc::new(Cell::new(0_u64));
        let counter = Rc::clone(&built);
        let comparison = Comparison::of("a counter", 1).times_build().naive(
            move || {
                counter.set(counter.get() + 1);
                counter.get()
            },
            |count| *count,
        );
        let mut run = comparison.prepare(&comparison.variants()[0]);
        assert_eq!(built.get(), 0, "preparing builds nothing");
        assert_eq!(run(5).0, Answer::from(5_u64));
        assert_eq!(built.get(), 5);
    }

    #[test]
    fn work_on_other_threads_is_timed_by_the_wall_clock() {
        let sleep = Duration::from_millis(20);
        let comparison = Comparison::of("a thread that sleeps", 1).threads(2).naive(
            || (),
            move |()| {
                std::thread::spawn(move || std::thread::sleep(sleep)).join().expect("no panic");
                0_i64
            },
        );
        let (_, time) = comparison.prepare(&comparison.variants()[0])(2);
        assert!(time >= 2 * sleep, "{time:?}");
        assert_eq!(comparison.thread_count(), 2);
    }

    #[test]
    fn a_mismatch_names_both() {
        let comparison = Comparison::of("nothing", 1).naive(|| (), |()| 1_i64).peer(
            "sux",
            "sux",
            || (),
            |()| 2_i64,
        );
        let variant = &comparison.variants()[1];
        let error =
            comparison.check(variant, Answer::from(2_i64), Answer::from(1_i64)).unwrap_err();
        assert_eq!(error.to_string(), "sux answers 2 where naive answers 1");
        assert_eq!(variant.peer(), Some("sux"));
    }

    #[test]
    fn sequences_differ_by_order_and_by_value() {
        let answer = Answer::of_sequence([1, 2, 3]);
        assert_eq!(answer, Answer::of_sequence(vec![1, 2, 3]));
        for other in [vec![1, 3, 2], vec![1, 2], vec![1, 2, 4], vec![1, 2, 3, 0], vec![-1, 2, 3]] {
            assert_ne!(answer, Answer::of_sequence(other));
        }
    }

    #[test]
    fn a_limit_of_a_fraction_of_a_byte_is_rounded_up() {
        assert_eq!(Comparison::of("", 1).limit_bits(9.0).limit_bytes(), Some(2));
        assert_eq!(Comparison::of("", 1).limit_bits(16.0).limit_bytes(), Some(2));
        assert_eq!(Comparison::of("", 1).limit_bytes(), None);
    }

    #[test]
    #[should_panic(expected = "naive comes first")]
    fn a_comparison_without_naive_is_refused() {
        let _ = Comparison::of("", 1).pennyweight(|| (), |()| 0_i64);
    }

    #[test]
    #[should_panic(expected = "two variants sux")]
    fn a_name_is_taken_once() {
        let _ = Comparison::of("", 1)
            .naive(|| (), |()| 0_i64)
            .peer("sux", "sux", || (), |()| 0_i64)
            .peer("sux", "sux", || (), |()| 0_i64);
    }
}
