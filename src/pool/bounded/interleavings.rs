//! All the orders in which those who wait, give back, give up and close may see each other, as far as loom's model and three preemptions
//! go. The code is the pool's, with loom's lock and threads.

use super::{BoundedPool, GetError};
use crate::pool::{Guard, Hooks};
use core::convert::Infallible;
use core::time::Duration;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use loom::thread;

/// Counts the objects that exist.
struct Counts {
    objects: AtomicUsize,
}

/// An object, which is counted.
type Object = usize;

impl Hooks<Object> for Counts {
    type Error = Infallible;

    fn create(&self) -> Result<Object, Infallible> {
        Ok(self.objects.fetch_add(1, SeqCst))
    }
}

type Pool = BoundedPool<Object, Counts>;

fn explore(test: impl Fn() + Sync + Send + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(test);
}

fn pool(max: usize) -> Arc<Pool> {
    Arc::new(BoundedPool::new(max, Counts { objects: AtomicUsize::new(0) }))
}

/// Nobody is left behind, and nothing is lost.
fn check(pool: &Pool, idle: usize) {
    pool.check_invariants();
    let stats = pool.stats();
    assert_eq!((stats.outstanding, stats.idle), (0, idle));
    assert_eq!(stats.created as usize, pool.hooks().objects.load(SeqCst));
}

#[test]
fn an_object_that_comes_back_reaches_who_waits() {
    explore(|| {
        let pool = pool(1);
        let threads = [(); 2].map(|()| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || assert_eq!(*pool.get().unwrap(), 0))
        });
        assert_eq!(*pool.get().unwrap(), 0);
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        check(&pool, 1);
    });
}

#[test]
fn a_permit_that_comes_back_reaches_who_waits() {
    explore(|| {
        let pool = pool(1);
        let other = Arc::clone(&pool);
        let thread = thread::spawn(move || Guard::detach(other.get().unwrap()));
        let _: Object = Guard::detach(pool.get().unwrap());
        thread.join().unwrap();
        check(&pool, 0);
    });
}

#[test]
fn who_gives_up_while_he_is_given_something_has_it_or_leaves_it() {
    explore(|| {
        let pool = pool(1);
        let guard = pool.get().unwrap();
        let other = Arc::clone(&pool);
        let thread = thread::spawn(move || match other.get_timeout(Duration::ZERO) {
            Ok(guard) => assert_eq!(*guard, 0),
            Err(error) => assert_eq!(error, GetError::TimedOut { after: Duration::ZERO }),
        });
        drop(guard);
        thread.join().unwrap();
        check(&pool, 1);
    });
}

#[test]
fn the_next_is_served_when_the_first_gives_up() {
    explore(|| {
        let pool = pool(1);
        let guard = pool.get().unwrap();
        let [hasty, patient] = [Arc::clone(&pool), Arc::clone(&pool)];
        let hasty = thread::spawn(move || drop(hasty.get_timeout(Duration::ZERO)));
        let patient = thread::spawn(move || assert_eq!(*patient.get().unwrap(), 0));
        drop(guard);
        hasty.join().unwrap();
        patient.join().unwrap();
        check(&pool, 1);
    });
}

#[test]
fn who_waits_while_the_pool_is_closed_has_an_object_or_the_error() {
    explore(|| {
        let pool = pool(1);
        let guard = pool.get().unwrap();
        let [waiting, closing] = [Arc::clone(&pool), Arc::clone(&pool)];
        let waiting = thread::spawn(move || match waiting.get() {
            Ok(guard) => assert_eq!(*guard, 0),
            Err(error) => assert_eq!(error, GetError::Closed),
        });
        let closing = thread::spawn(move || closing.close());
        drop(guard);
        waiting.join().unwrap();
        closing.join().unwrap();
        check(&pool, 0);
    });
}
