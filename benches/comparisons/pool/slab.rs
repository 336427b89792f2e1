//! Values under keys: put in, read, taken out, gone through.

mod peers;

use core::hint::black_box;
use std::rc::Rc;

use pennyweight::pool::{Handle, Handle32, Slab};
use pennyweight_baseline::{random::Random, slab::Slab as Naive};
use pennyweight_comparison::{Comparison, Suite};

use peers::{Fills, Keeps, Removes, Value};

type SlotMap<V> = slotmap::SlotMap<slotmap::DefaultKey, V>;

const VALUES: usize = 100_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("pool", "slab-insert-u8", |sizes| inserting::<u8>(sizes.generated(VALUES)));
    suite.add("pool", "slab-insert-u32", |sizes| inserting::<u32>(sizes.generated(VALUES)));
    suite.add("pool", "slab-insert-u64", |sizes| inserting::<u64>(sizes.generated(VALUES)));
    suite.add("pool", "slab-grow", |sizes| growing(sizes.generated(VALUES)));
    suite.add("pool", "slab-get", |sizes| getting(sizes.generated(VALUES)));
    suite.add("pool", "slab-get-far", |sizes| getting(sizes.generated(20 * VALUES)));
    suite.add("pool", "slab-iterate", |sizes| iterating(sizes.generated(VALUES)));
    suite.add("pool", "slab-churn", |sizes| churning(sizes.generated(VALUES)));
}

fn comparison<V: Value>(values: usize) -> Comparison {
    Comparison::of(format!("the numbers from 0 on as {}", V::NAME), values)
        .limit_bits(values as f64 * 8.0 * size_of::<V>() as f64)
}

fn inserting<V: Value>(values: usize) -> Comparison {
    let comparison = comparison::<V>(values).times_build().about(
        "Values are inserted into what was told how many will come, and it is weighed as it is \
         then. Vec has indices for keys, and cannot remove a value without moving others: it is \
         the limit.",
    );
    all::<V, _>(comparison, Fill { values, capacity: values }, &Sum).peer(
        "sharded-slab",
        "sharded-slab",
        move || Fill { values, capacity: values }.fill::<sharded_slab::Slab<V>, V>(),
        |slab| slab.sum(),
    )
}

fn growing(values: usize) -> Comparison {
    let comparison = comparison::<u64>(values).times_build().about(
        "Values are inserted into what was not told how many will come, and it is weighed as it \
         is then.",
    );
    all::<u64, _>(comparison, Fill { values, capacity: 0 }, &Sum)
}

fn iterating(values: usize) -> Comparison {
    let comparison = comparison::<u64>(values).about("All values are gone through, and added up.");
    all::<u64, _>(comparison, Fill { values, capacity: values }, &Sum)
}

fn getting(values: usize) -> Comparison {
    let comparison = comparison::<u64>(values).about(
        "All values are read in no order, and added up; the keys lie in the order in which they \
         are used. Vec, whose keys are indices, is the limit.",
    );
    all::<u64, _>(comparison, Fill { values, capacity: values }, &Get(shuffled(values)))
}

fn churning(values: usize) -> Comparison {
    let comparison = comparison::<u64>(values).about(
        "Half of the values are taken out in no order, and as many are put in. Handle32 is not \
         here: in some thousands of runs its slots would be used up.",
    );
    let fill = Fill { values, capacity: values };
    let order = shuffled(values);
    comparison
        .naive(fill.builds::<Naive<u64>, _>(), churns(&order))
        .pennyweight(fill.builds::<Slab<u64>, _>(), churns(&order))
        .peer("slab", "slab", fill.builds::<slab::Slab<u64>, _>(), churns(&order))
        .peer("slotmap", "slotmap", fill.builds::<SlotMap<u64>, _>(), churns(&order))
        .peer(
            "thunderdome",
            "thunderdome",
            fill.builds::<thunderdome::Arena<u64>, _>(),
            churns(&order),
        )
        .peer(
            "generational-arena",
            "generational-arena",
            fill.builds::<generational_arena::Arena<u64>, _>(),
            churns(&order),
        )
}

/// Adds all variants that have keys.
fn all<V: Value, W: Work>(comparison: Comparison, fill: Fill, work: &W) -> Comparison {
    comparison
        .naive(fill.builds::<Naive<V>, V>(), does(work))
        .pennyweight(fill.builds::<Slab<V, Handle>, V>(), does(work))
        .variant("pennyweight, 4 bytes", fill.builds::<Slab<V, Handle32>, V>(), does(work))
        .variant("Vec", fill.builds::<Vec<V>, V>(), does(work))
        .peer("slab", "slab", fill.builds::<slab::Slab<V>, V>(), does(work))
        .peer("slotmap", "slotmap", fill.builds::<SlotMap<V>, V>(), does(work))
        .peer("thunderdome", "thunderdome", fill.builds::<thunderdome::Arena<V>, V>(), does(work))
        .peer(
            "generational-arena",
            "generational-arena",
            fill.builds::<generational_arena::Arena<V>, V>(),
            does(work),
        )
}

/// How many values are put in, and how many were announced.
#[derive(Clone, Copy)]
struct Fill {
    values: usize,
    capacity: usize,
}

impl Fill {
    fn fill<S: Fills<V>, V: Value>(self) -> S {
        let mut slab = S::with_capacity(self.capacity);
        for number in 0..self.values {
            black_box(slab.insert(V::of(number)));
        }
        slab
    }

    fn builds<S: Keeps<V>, V: Value>(self) -> impl Fn() -> Kept<S, V> + 'static {
        move || Kept { slab: self.fill(), keys: Vec::new() }
    }
}

/// What has been filled, and its keys.
struct Kept<S: Keeps<V>, V: Value> {
    slab: S,
    /// Empty until they are first asked for, so that the slab is weighed without them.
    keys: Vec<S::Key>,
}

/// What is done with what has been filled.
trait Work: Clone + 'static {
    fn of<S: Keeps<V>, V: Value>(&self, kept: &mut Kept<S, V>) -> i64;
}

fn does<S: Keeps<V>, V: Value>(work: &impl Work) -> impl Fn(&mut Kept<S, V>) -> i64 + 'static {
    let work = work.clone();
    move |kept| work.of(kept)
}

#[derive(Clone)]
struct Sum;

impl Work for Sum {
    fn of<S: Keeps<V>, V: Value>(&self, kept: &mut Kept<S, V>) -> i64 {
        kept.slab.sum()
    }
}

/// The order in which values are read.
#[derive(Clone)]
struct Get(Rc<[u32]>);

impl Work for Get {
    fn of<S: Keeps<V>, V: Value>(&self, kept: &mut Kept<S, V>) -> i64 {
        let Kept { slab, keys } = kept;
        if keys.is_empty() {
            let ordered = slab.keys();
            *keys = self.0.iter().map(|&place| ordered[place as usize]).collect();
        }
        keys.iter().map(|&key| slab.get(key).number()).sum()
    }
}

fn churns<S: Removes<u64>>(order: &Rc<[u32]>) -> impl Fn(&mut Kept<S, u64>) -> i64 + 'static {
    let order = Rc::clone(order);
    move |Kept { slab, keys }| {
        if keys.is_empty() {
            let ordered = slab.keys();
            let half = &order[..order.len() / 2];
            *keys = half.iter().map(|&place| ordered[place as usize]).collect();
        }
        let values: Vec<u64> = keys.iter().map(|&key| slab.remove(key)).collect();
        keys.iter_mut().zip(&values).for_each(|(key, &value)| *key = slab.insert(value));
        values.iter().map(|value| value.number()).sum()
    }
}

/// The numbers below, in no order.
fn shuffled(end: usize) -> Rc<[u32]> {
    let mut numbers: Vec<u32> = (0..end as u32).collect();
    let mut random = Random::new(7);
    for last in (1..end).rev() {
        numbers.swap(last, random.below(last + 1));
    }
    numbers.into()
}
