//! Batches: of a vector of all items, of a new vector each, and of one that is used again.

use pennyweight::stream::{Batches, TryBatches};
use pennyweight_baseline::stream::batches;
use pennyweight_comparison::{Comparison, Suite};

const ITEMS: usize = 1_000_000;
const SIZE: usize = 1000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("stream", "batches", |sizes| numbers(sizes.generated(ITEMS)));
}

/// Depends on which items are in which batch.
fn mark(batch: &[u64]) -> u64 {
    batch
        .iter()
        .fold(0, |sum: u64, &item| sum.wrapping_add(item))
        .rotate_left(batch.len() as u32 % 64)
}

fn numbers(len: usize) -> Comparison {
    let items = move || (0..len as u64).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Comparison::of("numbers that are computed", len)
        .about(
            "A sum over batches of a thousand items of an iterator. `naive` collects all items, and then cuts them; one variant collects \
             a vector for each batch. `TryBatches` is given results.",
        )
        .times_build()
        .naive(
            move || {
                let batches = batches(items(), SIZE);
                let sum = batches.iter().map(|batch| mark(batch)).fold(0, u64::wrapping_add);
                (batches, sum)
            },
            |state| state.1,
        )
        .variant(
            "a Vec for each batch",
            move || {
                let mut items = items();
                let mut sum = 0_u64;
                loop {
                    let batch: Vec<u64> = items.by_ref().take(SIZE).collect();
                    if batch.is_empty() {
                        return sum;
                    }
                    sum = sum.wrapping_add(mark(&batch));
                }
            },
            |sum| *sum,
        )
        .pennyweight(
            move || {
                let mut batches = Batches::new(items(), SIZE);
                let mut sum = 0_u64;
                while let Some(batch) = batches.next_batch() {
                    sum = sum.wrapping_add(mark(batch));
                }
                (batches, sum)
            },
            |state| state.1,
        )
        .variant(
            "pennyweight, results",
            move || {
                let mut batches = TryBatches::new(items().map(Ok::<_, u8>), SIZE);
                let mut sum = 0_u64;
                while let Some(batch) = batches.next_batch().expect("items that do not fail") {
                    sum = sum.wrapping_add(mark(batch));
                }
                (batches, sum)
            },
            |state| state.1,
        )
}
