//! What many threads do with one pool.

use pennyweight::pool::{Guard, Pool};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

static BUFFERS: Pool<Vec<u8>> = Pool::new(Vec::new);

#[test]
fn a_static_pool_hands_out_guards_that_may_go_anywhere() {
    let mut buffer: Guard<&'static Pool<Vec<u8>>> = BUFFERS.get();
    buffer.extend_from_slice(b"here");
    let thread = thread::spawn(move || {
        buffer.extend_from_slice(b" and there");
        buffer
    });
    let buffer = thread.join().unwrap();
    assert_eq!(*buffer, b"here and there");
    drop(buffer);
    // A closure alone does not empty it.
    assert_eq!(*BUFFERS.get(), b"here and there");
    assert_eq!(BUFFERS.stats().created, 1);
    BUFFERS.check_invariants();
}

#[test]
fn what_one_thread_gives_back_the_others_find() {
    let pool = Arc::new(Pool::new(|| 0_u8));
    // As many threads as there are shards, and more, one after the other.
    for _ in 0..40 {
        let pool = Arc::clone(&pool);
        thread::spawn(move || *pool.get() += 1).join().unwrap();
    }
    assert_eq!(*pool.get(), 40);
    let stats = pool.stats();
    assert_eq!((stats.created, stats.reused, stats.idle), (1, 40, 1));
    pool.check_invariants();
}

#[test]
fn threads_share_one_limit() {
    const MOST: usize = 21;
    let pool: Pool<[u8; 8]> = Pool::new(|| [0; 8]);
    let bytes: Pool<[u8; 8]> = Pool::new(|| [0; 8]);
    let pool = Arc::new(pool.with_max_idle(MOST));
    let bytes = Arc::new(bytes.with_max_idle_bytes(8 * MOST));
    let barrier = Arc::new(Barrier::new(20));
    let threads: Vec<_> = (0..20)
        .map(|_| {
            let (pool, bytes, barrier) = (pool.clone(), bytes.clone(), barrier.clone());
            thread::spawn(move || {
                let guards: Vec<_> = (0..10).map(|_| (pool.get(), bytes.get())).collect();
                barrier.wait();
                drop(guards);
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    for (pool, stats) in [(&pool, pool.stats()), (&bytes, bytes.stats())] {
        pool.check_invariants();
        assert_eq!((stats.idle, stats.idle_bytes), (MOST, 8 * MOST));
        assert_eq!((stats.created, stats.dropped.total()), (200, 200 - MOST as u64));
    }
    // What the threads have left over, each in its shard, another one finds.
    bytes.clear();
    bytes.fill(MOST);
    assert_eq!(bytes.stats().idle, MOST);
}

#[test]
fn a_guard_outlives_its_thread() {
    let pool = Arc::new(Pool::new(|| 1));
    let guard = thread::spawn({
        let pool = Arc::clone(&pool);
        move || pool.get_owned()
    });
    let guard = guard.join().unwrap();
    assert_eq!(pool.stats().outstanding, 1);
    drop(guard);
    assert_eq!((pool.stats().outstanding, pool.stats().idle), (0, 1));
}

#[test]
fn a_thread_that_ends_gives_back_what_its_locals_hold() {
    static POOL: Pool<String> = Pool::new(String::new);

    /// Takes an object in its destructor too.
    struct Last(Option<Guard<&'static Pool<String>>>);

    impl Drop for Last {
        fn drop(&mut self) {
            drop((POOL.get(), self.0.take(), POOL.get()));
        }
    }

    thread_local! {
        static HELD: RefCell<Last> = const { RefCell::new(Last(None)) };
    }
    let thread = thread::spawn(|| HELD.with_borrow_mut(|held| held.0 = Some(POOL.get())));
    thread.join().unwrap();
    let stats = POOL.stats();
    assert_eq!((stats.created, stats.outstanding, stats.idle), (3, 0, 3));
    POOL.check_invariants();
}

/// Is there, and says how many there are.
struct Counted {
    live: Arc<AtomicUsize>,
    users: AtomicUsize,
    uses: u64,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.live.fetch_sub(1, Relaxed);
    }
}

/// Random enough, and the same each time.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Threads that are new in each round take objects, hold some, give some to each other, and end with some in their hands; another one trims.
#[test]
fn no_object_is_lost_or_has_two_users() {
    for round in 0..12 {
        let live = Arc::new(AtomicUsize::new(0));
        let made = Arc::clone(&live);
        let create = move || {
            made.fetch_add(1, Relaxed);
            Counted { live: Arc::clone(&made), users: AtomicUsize::new(0), uses: 0 }
        };
        let pool = Pool::new(create);
        let pool = Arc::new(match round % 3 {
            0 => pool,
            1 => pool.with_max_idle(9),
            _ => pool.with_max_idle_bytes(7 * size_of::<Counted>()),
        });
        let (send, receive) = mpsc::sync_channel::<Guard<Arc<_>>>(16);
        let threads: Vec<_> = (0..4)
            .map(|number| {
                let (pool, send) = (Arc::clone(&pool), send.clone());
                thread::spawn(move || {
                    let mut state = round * 4 + number + 1;
                    let mut held = Vec::new();
                    for _ in 0..4000 {
                        let mut guard = pool.get_owned();
                        assert_eq!(guard.users.fetch_add(1, Relaxed), 0);
                        guard.uses += 1;
                        assert_eq!(guard.users.fetch_sub(1, Relaxed), 1);
                        match random(&mut state) % 8 {
                            0 => drop(send.try_send(guard)),
                            1 => held.clear(),
                            2 if number == 0 => pool.trim(),
                            3 if number == 1 => drop(Guard::detach(guard)),
                            4 if held.len() < 20 => held.push(guard),
                            _ => drop(guard),
                        }
                    }
                    held
                })
            })
            .collect();
        drop(send);
        let receiver =
            thread::spawn(move || receive.into_iter().map(|guard| guard.uses).sum::<u64>());
        let held: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        receiver.join().unwrap();
        pool.check_invariants();
        let outstanding = held.iter().map(Vec::len).sum();
        let stats = pool.stats();
        assert_eq!(
            (stats.outstanding, live.load(Relaxed)),
            (outstanding, outstanding + stats.idle)
        );
        drop(held);
        assert_eq!(pool.stats().outstanding, 0);
        pool.check_invariants();
        drop(pool);
        assert_eq!(live.load(Relaxed), 0);
    }
}

/// A cell may be moved to another thread and not shared: enough for objects. `Rc` may not: see `ui/`.
#[test]
fn objects_need_be_send_alone() {
    fn shared<T: Send + Sync>(_: &T) {}
    let pool = Pool::new(|| std::cell::Cell::new(1));
    shared(&pool);
    thread::scope(|scope| scope.spawn(|| pool.get().set(2)).join()).unwrap();
    assert_eq!(pool.get().get(), 2);
    fn sent<T: Send>(_: &T) {}
    sent(&pool.get());
}
