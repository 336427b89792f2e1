//! Many threads that do everything at once.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use core::time::Duration;
use pennyweight::pool::{BoundedPool, GetError, Guard, Hooks};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread;

/// What hooks and users throw, and nobody else.
struct Thrown;

/// An object that is counted, and that one thread at a time has.
struct Counted {
    alive: Arc<AtomicUsize>,
    detached: bool,
    used: AtomicBool,
    uses: u32,
}

impl Counted {
    fn user<R>(&mut self, r#use: impl FnOnce(&mut u32) -> R) -> R {
        assert!(!self.used.swap(true, SeqCst), "two users of one object");
        let result = r#use(&mut self.uses);
        self.used.store(false, SeqCst);
        result
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if !self.detached {
            self.alive.fetch_sub(1, SeqCst);
        }
    }
}

/// Fails, refuses and panics now and then.
struct Moody {
    alive: Arc<AtomicUsize>,
    calls: AtomicUsize,
    max: usize,
}

impl Moody {
    fn every(&self, nth: usize) -> bool {
        self.calls.fetch_add(1, SeqCst) % nth == nth - 1
    }
}

impl Hooks<Counted> for Moody {
    type Error = ();

    fn create(&self) -> Result<Counted, ()> {
        if self.every(17) {
            return Err(());
        }
        let alive = self.alive.fetch_add(1, SeqCst);
        assert!(alive < self.max, "{} objects, and one more", alive);
        let object = Counted {
            alive: Arc::clone(&self.alive),
            detached: false,
            used: false.into(),
            uses: 0,
        };
        if self.every(19) {
            resume_unwind(Box::new(Thrown));
        }
        Ok(object)
    }

    fn recycle(&self, object: &mut Counted) -> bool {
        if self.every(101) {
            resume_unwind(Box::new(Thrown));
        }
        object.user(|uses| *uses < 40)
    }

    fn validate(&self, object: &mut Counted) -> bool {
        if self.every(103) {
            resume_unwind(Box::new(Thrown));
        }
        object.user(|uses| *uses % 11 != 7)
    }

    fn weight(&self, object: &Counted) -> usize {
        if self.every(107) {
            resume_unwind(Box::new(Thrown));
        }
        object.uses as usize
    }
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn run(max: usize, bytes: usize, threads: u64, rounds: usize, closes: bool) {
    let alive = Arc::new(AtomicUsize::new(0));
    let hooks = Moody { alive: Arc::clone(&alive), calls: AtomicUsize::new(0), max };
    let pool = Arc::new(BoundedPool::new(max, hooks).with_max_idle_bytes(bytes));
    let threads = (1..=threads).map(|seed| {
        let pool = Arc::clone(&pool);
        thread::spawn(move || {
            let mut state = 0x9e37_79b9_7f4a_7c15_u64 >> seed;
            for _ in 0..rounds {
                let step = AssertUnwindSafe(|| step(&pool, &mut state));
                // Threads do not stop over what the hooks throw.
                if let Err(thrown) = catch_unwind(step) {
                    assert!(thrown.is::<Thrown>());
                }
            }
        })
    });
    let threads: Vec<_> = threads.collect();
    if closes {
        thread::yield_now();
        pool.close();
    }
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    pool.check_invariants();
    let stats = pool.stats();
    assert_eq!(stats.outstanding, 0, "{stats:?}");
    assert_eq!(stats.idle, alive.load(SeqCst), "{stats:?}");
    assert!(!closes || stats.idle == 0);
    drop(pool);
    assert_eq!(alive.load(SeqCst), 0);
}

fn step(pool: &Arc<BoundedPool<Counted, Moody>>, state: &mut u64) {
    let soon = Duration::from_micros(random(state) % 50);
    let got = match random(state) % 8 {
        0 => pool.get_now_owned(),
        1 => pool.get_timeout_owned(soon),
        2 => return pool.trim(),
        3 if random(state).is_multiple_of(16) => return pool.clear(),
        #[cfg(feature = "async")]
        4 => return super::tasks::poll_once(pool.get_async_owned(), |guard| used(guard, state)),
        _ => pool.get_owned(),
    };
    match got {
        Ok(guard) => used(guard, state),
        Err(GetError::Create(()) | GetError::Closed) => {}
        Err(GetError::Exhausted { .. } | GetError::TimedOut { .. }) => thread::yield_now(),
        Err(error) => panic!("{error:?}"),
    }
}

fn used(mut guard: Guard<Arc<BoundedPool<Counted, Moody>>>, state: &mut u64) {
    guard.user(|uses| *uses += 1);
    match random(state) % 32 {
        0 => {
            guard.detached = true;
            guard.alive.fetch_sub(1, SeqCst);
            drop(Guard::detach(guard));
        }
        1 => thread::yield_now(),
        // Unwinding drops the guard.
        2 => resume_unwind(Box::new(Thrown)),
        _ => {}
    }
}

#[test]
fn there_are_never_more_objects_than_may_be_and_none_is_lost() {
    run(1, usize::MAX, 3, 5_000, false);
    run(2, usize::MAX, 4, 5_000, false);
    run(3, usize::MAX, 2, 5_000, false);
    run(3, 30, 2, 5_000, false);
}

#[test]
fn closing_amid_everything_leaves_nothing() {
    for _ in 0..50 {
        run(2, 30, 4, 200, true);
    }
}
