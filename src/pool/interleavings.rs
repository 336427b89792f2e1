//! All the orders in which threads may see each other's stores, as far as loom's model and three preemptions go.
//!
//! The code is that of [`Shards`], with loom's atomics, in two shards. Objects are boxes, of which loom says when one is leaked, and which say
//! themselves if two threads have one at a time. (Two threads that wait for a third one's lock yield to each other for ever in loom, so there are two.)

use alloc::boxed::Box;
use loom::sync::Arc;
use loom::thread;
use std::vec::Vec;

use super::hooks::Hooks;
use super::node::Node;
use super::shards::Shards;
use super::stock::Stock;

/// An object, and the cell that loom watches: whoever holds the object writes to it.
struct Object {
    number: usize,
    cell: loom::cell::UnsafeCell<()>,
    _leaked: loom::alloc::Track<()>,
}

fn explore(test: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(test);
}

impl Object {
    fn new(number: usize) -> Self {
        let (cell, _leaked) = (loom::cell::UnsafeCell::new(()), loom::alloc::Track::new(()));
        Self { number, cell, _leaked }
    }
}

fn object(number: usize) -> Box<Node<Object>> {
    Node::new(Object::new(number))
}

/// Two shards, with objects in the first.
fn shards(objects: usize) -> Shards<Object, 1> {
    let shards = Shards::new();
    for number in 0..objects {
        assert!(shards.push_at(0, 0, object(number)).is_ok());
    }
    shards
}

fn use_it(object: &Node<Object>) -> usize {
    object.value.cell.with_mut(|_| ());
    object.value.number
}

/// Takes an object, uses it, and gives it back.
fn cycle(shards: &Shards<Object, 1>, home: usize) -> bool {
    let Some(object) = shards.pop_at(home, 0) else { return false };
    use_it(&object);
    shards.push_at(home, 0, object).is_ok()
}

/// All that is idle, by number.
fn idle(shards: &Shards<Object, 1>) -> Vec<usize> {
    let mut numbers: Vec<_> =
        core::iter::from_fn(|| shards.pop_at(0, 0)).map(|object| use_it(&object)).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn an_object_is_handed_out_once() {
    explore(|| {
        let shards = Arc::new(shards(1));
        let other = Arc::clone(&shards);
        let thread = thread::spawn(move || other.pop_at(1, 0).map(|object| use_it(&object)));
        let here = shards.pop_at(0, 0).map(|object| use_it(&object));
        let there = thread.join().unwrap();
        // Nobody gives it back, so one of the two has found it.
        assert_eq!([here, there].into_iter().flatten().collect::<Vec<_>>(), [0]);
        assert_eq!(idle(&shards), []);
    });
}

#[test]
fn what_is_given_back_is_found_by_the_others() {
    explore(|| {
        let shards = Arc::new(shards(2));
        let other = Arc::clone(&shards);
        // There are as many objects as threads, so nobody goes without, whichever shard the objects are in.
        let thread = thread::spawn(move || assert!(cycle(&other, 1)));
        assert!(cycle(&shards, 0));
        assert!(cycle(&shards, 0));
        thread.join().unwrap();
        assert_eq!(idle(&shards), [0, 1]);
    });
}

#[test]
fn the_limit_is_kept_and_reached() {
    explore(|| {
        let mut shards = Shards::new();
        shards.set_most(1);
        let shards = Arc::new(shards);
        let other = Arc::clone(&shards);
        let thread = thread::spawn(move || other.push_at(0, 0, object(1)).is_ok());
        let here = shards.push_at(0, 0, object(0)).is_ok();
        assert_ne!(here, thread.join().unwrap());
        assert_eq!(idle(&shards).len(), 1);
    });
}

/// Objects that weigh 2 bytes.
struct Heavy;

impl Hooks<Object> for Heavy {
    type Error = core::convert::Infallible;

    fn create(&self) -> Result<Object, Self::Error> {
        unreachable!("the tests bring their own")
    }

    fn weight(&self, _: &Object) -> usize {
        2
    }
}

#[test]
fn bytes_that_are_spared_in_a_shard_are_found() {
    explore(|| {
        let mut stock = Stock::new(Shards::<Object, 1>::new(), Heavy);
        stock.most_bytes = 5;
        let stock = Arc::new(stock);
        for number in 0..2 {
            let _ = stock.lay_in(|| Ok::<_, ()>(Object::new(number)), |_| 0);
        }
        let other = Arc::clone(&stock);
        let thread = thread::spawn(move || {
            let node = other.reuse(0).unwrap();
            use_it(&node);
            other.take_back(node, |_| 0);
        });
        // One is out here, so there is room for the other one whenever it comes back, and once both are back for no third.
        let node = stock.reuse(0).unwrap();
        use_it(&node);
        thread.join().unwrap();
        stock.take_back(node, |_| 0);
        let _ = stock.lay_in(|| Ok::<_, ()>(Object::new(2)), |_| 0);
        let stats = stock.stats();
        assert_eq!((stats.idle, stats.idle_bytes, stats.dropped.by_weight), (2, 4, 1));
        assert_eq!((stats.created, stats.reused, stats.outstanding), (3, 2, 0));
    });
}

#[test]
fn what_is_trimmed_is_in_nobodys_hands() {
    explore(|| {
        let stock = Arc::new(Stock::new(shards(2), Heavy));
        stock.trim();
        let other = Arc::clone(&stock);
        let thread = thread::spawn(move || {
            let node = other.reuse(0);
            node.into_iter().for_each(|node| {
                use_it(&node);
                other.take_back(node, |_| 0);
            });
        });
        stock.trim();
        thread.join().unwrap();
        let stats = stock.stats();
        // The one that was used is young again, unless it came too late; in either case each is in one place.
        assert_eq!(stats.idle as u64 + stats.dropped.by_trim, 2);
        assert_eq!(idle(&stock.shelves).len(), stats.idle);
    });
}
