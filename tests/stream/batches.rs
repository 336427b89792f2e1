//! Batches against the chunks of a vector.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use pennyweight::stream::{Batches, TryBatches};
use pennyweight_baseline::random::Random;
use pennyweight_baseline::stream::batches;

#[test]
fn batches_are_the_chunks_of_a_vector() {
    for len in 0..40 {
        for size in 1..12 {
            let ours: Vec<Vec<usize>> =
                Batches::new(0..len, size).map(|batch| batch.clone()).collect();
            assert_eq!(ours, batches(0..len, size));
            let fine = (0..len).map(Ok::<_, ()>);
            let ours: Result<Vec<Vec<usize>>, ()> =
                TryBatches::new(fine, size).map(|batch| batch.clone()).collect();
            assert_eq!(ours.unwrap(), batches(0..len, size));
        }
    }
}

#[test]
fn errors_come_where_they_are_and_lose_nothing() {
    let mut random = Random::new(10);
    for _ in 0..500 {
        let items: Vec<Result<u32, u32>> = (0..random.below(30) as u32)
            .map(|number| if random.below(4) == 0 { Err(number) } else { Ok(number) })
            .collect();
        let size = 1 + random.below(6);
        let mut batches = TryBatches::new(items.clone(), size);
        let mut seen = Vec::new();
        loop {
            match batches.next_batch() {
                Ok(None) => break,
                Ok(Some(batch)) => {
                    assert!((1..=size).contains(&batch.len()));
                    seen.push(Ok(batch.clone()));
                }
                Err(number) => seen.push(Err(number)),
            }
        }
        assert_eq!(batches.next_batch(), Ok(None));
        // Short batches come before errors and at the end alone.
        for pair in seen.windows(2) {
            if let [Ok(batch), Ok(_)] = pair {
                assert_eq!(batch.len(), size);
            }
        }
        let flat: Vec<Result<u32, u32>> = seen
            .into_iter()
            .flat_map(|part| match part {
                Ok(batch) => batch.into_iter().map(Ok).collect(),
                Err(number) => vec![Err(number)],
            })
            .collect();
        assert_eq!(flat, items);
    }
}

/// Counts how many of it are there.
#[derive(Clone, Debug)]
struct Counted(Rc<Cell<isize>>, u32);

impl Counted {
    fn new(living: &Rc<Cell<isize>>, number: u32) -> Self {
        living.set(living.get() + 1);
        Self(Rc::clone(living), number)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

#[test]
fn items_that_are_not_taken_are_dropped_with_the_next_batch() {
    let living = Rc::new(Cell::new(0));
    let mut batches = Batches::new((0..7).map(|number| Counted::new(&living, number)), 3);
    let kept = batches.next_batch().unwrap().swap_remove(0);
    assert_eq!(living.get(), 3);
    batches.next_batch().unwrap();
    assert_eq!(living.get(), 4);
    // A vector that is taken leaves another to be made.
    let taken = std::mem::take(batches.next_batch().unwrap());
    assert_eq!((living.get(), taken.len()), (2, 1));
    assert!(batches.next_batch().is_none());
    drop((batches, taken, kept));
    assert_eq!(living.get(), 0);
}

#[test]
fn what_a_panicking_iterator_returned_before_is_in_the_next_batch() {
    let living = Rc::new(Cell::new(0));
    let items = (0..8).map(|number| {
        let item = Counted::new(&living, number);
        assert!(number != 1 && number != 5);
        item
    });
    let seen = RefCell::new(Vec::new());
    let mut batches = Batches::new(items, 3);
    for _ in 0..5 {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if let Some(batch) = batches.next_batch() {
                seen.borrow_mut().extend(batch.iter().map(|item| item.1));
            }
        }));
    }
    assert_eq!(*seen.borrow(), [0, 2, 3, 4, 6, 7]);
    drop(batches);
    assert_eq!(living.get(), 0);
}

#[test]
fn an_iterator_that_ended_is_not_asked_again() {
    let mut left = vec![Some(3), None, Some(2), Some(1)];
    let mut batches = Batches::new(std::iter::from_fn(|| left.pop().unwrap()), 4);
    assert_eq!(batches.next_batch().unwrap(), &[1, 2]);
    assert!(batches.next_batch().is_none() && batches.next_batch().is_none());
}

#[test]
fn hints_that_lie_are_borne() {
    struct Lies(usize, (usize, Option<usize>));
    impl Iterator for Lies {
        type Item = usize;

        fn next(&mut self) -> Option<usize> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }

        fn size_hint(&self) -> (usize, Option<usize>) {
            self.1
        }
    }
    for hint in [(0, Some(0)), (9, Some(2)), (usize::MAX, None), (usize::MAX, Some(usize::MAX))] {
        let sizes = Batches::new(Lies(5, hint), 3).map(|batch| batch.len());
        assert_eq!(sizes.collect::<Vec<_>>(), [3, 2]);
    }
    // What is known to be small is not made large.
    let mut all = Batches::new(0..5_u64, usize::MAX);
    assert_eq!(all.next_batch().unwrap().capacity(), 5);
}

#[test]
fn items_without_size_are_counted() {
    let lengths = Batches::new([(); 10], 4).map(|batch| batch.len());
    assert_eq!(lengths.collect::<Vec<_>>(), [4, 4, 2]);
}

/// Batches by weight, found the plain way.
fn weighed(items: &[usize], size: usize, limit: usize) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for &item in items {
        match batches.last_mut() {
            Some(batch) if batch.len() < size && batch.iter().sum::<usize>() + item <= limit => {
                batch.push(item);
            }
            _ => batches.push(vec![item]),
        }
    }
    batches
}

#[test]
fn an_item_that_would_weigh_too_much_begins_the_next_batch() {
    let mut random = Random::new(11);
    for _ in 0..500 {
        let items: Vec<usize> = (0..random.below(40)).map(|_| 1 + random.below(12)).collect();
        let (size, limit) = (1 + random.below(6), 1 + random.below(30));
        let batches = Batches::new(items.iter().copied(), size).by_weight(limit, |&item| item);
        let expected = weighed(&items, size, limit);
        assert_eq!(batches.map(|batch| batch.clone()).collect::<Vec<_>>(), expected);
        let fine = items.iter().copied().map(Ok::<_, ()>);
        let batches = TryBatches::new(fine, size).by_weight(limit, |&item| item);
        assert_eq!(batches.map(|batch| batch.clone()).collect::<Result<Vec<_>, _>>(), Ok(expected));
    }
    // What is beyond all numbers is beyond the limit.
    let sizes = Batches::new([usize::MAX, 1, usize::MAX], 9).by_weight(5, |&item| item);
    assert_eq!(sizes.map(|batch| batch.len()).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn a_batch_that_is_as_heavy_as_may_be_does_not_wait_for_an_item() {
    let asked = Cell::new(0);
    let items = (0..10).inspect(|_| asked.set(asked.get() + 1));
    let mut batches = Batches::new(items, usize::MAX).by_weight(3, |_| 1);
    assert_eq!(batches.next_batch().unwrap(), &[0, 1, 2]);
    assert_eq!(asked.get(), 3);
    assert_eq!(batches.next_batch().unwrap(), &[3, 4, 5]);
    assert_eq!(asked.get(), 6);
}

#[test]
fn errors_lose_nothing_of_what_is_weighed() {
    let mut random = Random::new(12);
    for _ in 0..500 {
        let items: Vec<Result<usize, usize>> =
            (0..random.below(30))
                .map(|_| {
                    if random.below(4) == 0 {
                        Err(random.below(9))
                    } else {
                        Ok(1 + random.below(9))
                    }
                })
                .collect();
        let limit = 1 + random.below(20);
        let mut batches = TryBatches::new(items.clone(), 4).by_weight(limit, |&item| item);
        let mut seen = Vec::new();
        loop {
            match batches.next_batch() {
                Ok(None) => break,
                Ok(Some(batch)) => {
                    assert!((1..=4).contains(&batch.len()));
                    assert!(batch.len() == 1 || batch.iter().sum::<usize>() <= limit);
                    seen.extend(batch.drain(..).map(Ok));
                }
                Err(error) => seen.push(Err(error)),
            }
        }
        assert_eq!((seen, batches.next_batch()), (items, Ok(None)));
    }
}

#[test]
fn what_panics_while_it_is_weighed_costs_an_item() {
    let living = Rc::new(Cell::new(0));
    let items = (0..7).map(|number| {
        assert!(number != 2, "from the iterator");
        Counted::new(&living, number)
    });
    let mut batches = Batches::new(items, 3).by_weight(100, |item| {
        assert!(item.1 != 4, "from the weight");
        60
    });
    let seen = RefCell::new(Vec::new());
    for _ in 0..10 {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            if let Some(batch) = batches.next_batch() {
                seen.borrow_mut().push(batch.iter().map(|item| item.1).collect::<Vec<_>>());
            }
        }));
    }
    assert_eq!(*seen.borrow(), [[0], [1], [3], [5], [6]]);
    drop(batches);
    assert_eq!(living.get(), 0);
}

#[test]
fn a_batch_whose_items_panic_as_they_go_weighs_nothing_in_the_next() {
    struct Bomb(bool);
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(!self.0, "an item that goes");
        }
    }
    let items = (0..4).map(|number| Bomb(number == 0));
    let mut batches = Batches::new(items, 9).by_weight(2, |_| 1);
    assert_eq!(batches.next_batch().map(|batch| batch.len()), Some(2));
    assert!(catch_unwind(AssertUnwindSafe(|| batches.next_batch().is_some())).is_err());
    assert_eq!(batches.next_batch().map(|batch| batch.len()), Some(2));
    assert!(batches.next_batch().is_none());
}

#[test]
#[should_panic(expected = "batches of no weight")]
fn a_batch_has_weight() {
    let _ = Batches::new(0..3, 1).by_weight(0, |_| 1);
}

#[test]
#[should_panic(expected = "batches of no items")]
fn a_batch_has_items() {
    let _ = Batches::new(0..3, 0);
}
