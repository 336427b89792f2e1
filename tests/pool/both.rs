//! What `LocalPool` and `Pool` have in common, run with either.

use pennyweight::pool::Hooks;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
#[cfg(feature = "std")]
use std::sync::Arc;

/// Counts the objects that are there, and does as it is told.
#[derive(Default)]
struct Told {
    live: Rc<Cell<usize>>,
    next: Cell<u32>,
    /// What panics next.
    panics: Cell<&'static str>,
    /// What refuses next.
    refuses: Cell<&'static str>,
}

struct Object {
    number: u32,
    weight: usize,
    live: Rc<Cell<usize>>,
    /// The numbers of the dropped ones.
    grave: Option<Rc<RefCell<Vec<u32>>>>,
    panics: bool,
}

impl Drop for Object {
    fn drop(&mut self) {
        self.live.set(self.live.get() - 1);
        if let Some(grave) = &self.grave {
            grave.borrow_mut().push(self.number);
        }
        assert!(!self.panics, "told to panic");
    }
}

impl Told {
    fn asked(&self, hook: &'static str) -> bool {
        if self.panics.get() == hook {
            self.panics.set("");
            panic!("told to panic");
        }
        self.refuses.get() != hook
    }
}

impl Hooks<Object> for Rc<Told> {
    type Error = &'static str;

    fn create(&self) -> Result<Object, &'static str> {
        if !self.asked("create") {
            return Err("told to fail");
        }
        self.live.set(self.live.get() + 1);
        let number = self.next.replace(self.next.get() + 1);
        let live = Rc::clone(&self.live);
        Ok(Object { number, weight: 1, live, grave: None, panics: false })
    }

    fn recycle(&self, _: &mut Object) -> bool {
        self.asked("recycle")
    }

    fn validate(&self, _: &mut Object) -> bool {
        self.asked("validate")
    }

    fn weight(&self, object: &Object) -> usize {
        self.asked("weight");
        object.weight
    }
}

fn panics(f: impl FnOnce()) {
    let hook = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    let payload = hook.expect_err("nothing panicked");
    assert_eq!(payload.downcast_ref(), Some(&"told to panic"));
}

macro_rules! tests {
    ($module:ident, $Pool:ident, $Rc:ident) => {
        mod $module {
            use super::*;
            use pennyweight::pool::{Guard, $Pool as Pool};

            type Tested = Pool<Object, Rc<Told>>;

            fn pool() -> (Tested, Rc<Told>) {
                let told = Rc::new(Told::default());
                (Pool::new(Rc::clone(&told)), told)
            }

            /// Every object that was made is in one of four places.
            fn check<T, H: Hooks<T>>(pool: &Pool<T, H>, detached: u64) {
                pool.check_invariants();
                let stats = pool.stats();
                let here = stats.outstanding as u64 + stats.idle as u64;
                assert_eq!(stats.created, here + stats.dropped.total() + detached);
            }

            #[test]
            fn what_came_back_last_is_handed_out_first() {
                let next = Cell::new(0);
                let pool = Pool::new(|| next.replace(next.get() + 1));
                let (a, b, c) = (pool.get(), pool.get(), pool.get());
                assert_eq!((*a, *b, *c), (0, 1, 2));
                drop(b);
                drop(a);
                assert_eq!(*pool.get(), 0);
                let (a, b, d) = (pool.get(), pool.get(), pool.get());
                assert_eq!((*a, *b, *d), (0, 1, 3));
                drop((a, b, c, d));
                let stats = pool.stats();
                assert_eq!((stats.created, stats.reused), (4, 3));
                assert_eq!((stats.idle, stats.outstanding, stats.dropped.total()), (4, 0, 0));
                check(&pool, 0);
            }

            #[test]
            fn an_object_stays_where_it_is() {
                let pool = Pool::new(|| [0_u8; 100]);
                let first = pool.get();
                let at: *const [u8; 100] = &*first;
                let moved = (first, 0);
                assert!(std::ptr::eq(at, &*moved.0));
                drop(moved);
                assert!(std::ptr::eq(at, &*pool.get()));
            }

            #[test]
            fn a_pair_of_closures_leaves_no_state_behind() {
                let pool = Pool::new((|| vec![0_u8], Vec::clear));
                pool.get().extend_from_slice(b"secret");
                let buffer = pool.get();
                assert_eq!((buffer.len(), buffer.capacity() >= 7), (0, true));
            }

            #[test]
            fn an_object_that_is_detached_is_the_pools_no_more() {
                let (pool, told) = pool();
                let taken = Guard::detach(pool.try_get().unwrap());
                let owner = $Rc::new(pool);
                let other = Guard::detach(owner.try_get_owned().unwrap());
                assert_eq!((taken.number, other.number), (0, 1));
                let stats = owner.stats();
                assert_eq!((stats.created, stats.outstanding, stats.idle), (2, 0, 0));
                assert_eq!((stats.dropped.total(), $Rc::strong_count(&owner)), (0, 1));
                check(&owner, 2);
                drop(owner);
                assert_eq!(told.live.get(), 2);
            }

            #[test]
            fn an_object_that_is_attached_is_the_pools() {
                let (pool, told) = pool();
                let away = Guard::detach(pool.try_get().unwrap());
                drop(pool.attach(away));
                let stats = pool.stats();
                assert_eq!((stats.created, stats.idle, stats.outstanding), (2, 1, 0));
                assert_eq!(pool.try_get().unwrap().number, 0);
                check(&pool, 1);
                drop(pool);
                assert_eq!(told.live.get(), 0);
            }

            #[test]
            fn a_forgotten_guard_counts_as_outstanding() {
                let (pool, told) = pool();
                std::mem::forget(pool.try_get().unwrap());
                drop(pool.try_get().unwrap());
                let stats = pool.stats();
                assert_eq!((stats.created, stats.outstanding, stats.idle), (2, 1, 1));
                check(&pool, 0);
                drop(pool);
                assert_eq!(told.live.get(), 1);
            }

            #[test]
            fn an_owned_guard_keeps_the_pool() {
                let (pool, told) = pool();
                let pool = $Rc::new(pool);
                let guard = pool.try_get_owned().unwrap();
                drop(pool.try_get_owned().unwrap());
                drop(pool);
                assert_eq!(told.live.get(), 2);
                drop(guard);
                assert_eq!((told.live.get(), Rc::strong_count(&told)), (0, 1));
            }

            #[test]
            fn no_more_objects_are_idle_than_may_be() {
                for most in [0, 1, 5, 17, 64, 100] {
                    let (pool, told) = pool();
                    let pool = pool.with_max_idle(most);
                    let guards: Vec<_> = (0..100).map(|_| pool.try_get().unwrap()).collect();
                    drop(guards);
                    let stats = pool.stats();
                    assert_eq!((stats.idle, told.live.get()), (most, most));
                    assert_eq!(stats.dropped.by_count, 100 - most as u64);
                    // All of them are found again.
                    let guards: Vec<_> = (0..100).map(|_| pool.try_get().unwrap()).collect();
                    assert_eq!(pool.stats().reused, most as u64);
                    drop(guards);
                    check(&pool, 0);
                }
            }

            #[test]
            fn idle_objects_weigh_no_more_than_they_may() {
                let (pool, told) = pool();
                let pool = pool.with_max_idle_bytes(10);
                let mut guards: Vec<_> = (0..4).map(|_| pool.try_get().unwrap()).collect();
                for (guard, weight) in guards.iter_mut().zip([11, 6, 5, 4]) {
                    guard.weight = weight;
                }
                let numbers = |stats: pennyweight::pool::Stats| {
                    (stats.idle, stats.idle_bytes, stats.dropped.by_weight)
                };
                // The first is too heavy on its own, and the third with the second.
                guards.into_iter().for_each(drop);
                assert_eq!(numbers(pool.stats()), (2, 10, 2));
                check(&pool, 0);
                let mut heavier = pool.try_get().unwrap();
                assert_eq!(numbers(pool.stats()), (1, 6, 2));
                heavier.weight = 5;
                drop(heavier);
                assert_eq!(numbers(pool.stats()), (1, 6, 3));
                pool.clear();
                assert_eq!(numbers(pool.stats()), (0, 0, 3));
                assert_eq!(told.live.get(), 0);
                check(&pool, 0);
            }

            #[test]
            fn objects_are_weighed_for_the_statistics_without_a_limit() {
                let pool = Pool::new(|| [0_u64; 4]);
                pool.fill(3);
                assert_eq!((pool.stats().idle_bytes, pool.stats().idle), (96, 3));
                check(&pool, 0);
            }

            #[test]
            fn a_trim_drops_what_was_idle_at_the_last_one() {
                let (pool, told) = pool();
                pool.try_fill(5).unwrap();
                pool.trim();
                assert_eq!(pool.stats().idle, 5);
                // Two are needed meanwhile, at a time; the other three are not.
                for _ in 0..3 {
                    let _two = (pool.try_get().unwrap(), pool.try_get().unwrap());
                }
                pool.trim();
                let stats = pool.stats();
                assert_eq!((stats.idle, stats.dropped.by_trim, told.live.get()), (2, 3, 2));
                assert_eq!(stats.reused, 6);
                pool.trim();
                assert_eq!(pool.stats().idle, 0);
                check(&pool, 0);
            }

            #[test]
            fn what_is_handed_out_is_not_trimmed() {
                let (pool, told) = pool();
                let guard = pool.try_get().unwrap();
                pool.trim();
                pool.trim();
                pool.clear();
                drop(guard);
                assert_eq!((pool.stats().idle, told.live.get()), (1, 1));
                check(&pool, 0);
            }

            #[cfg(feature = "std")]
            #[test]
            fn an_age_that_never_comes_trims_nothing() {
                let (pool, _) = pool();
                pool.try_fill(3).unwrap();
                for _ in 0..4 {
                    pool.trim_idle(std::time::Duration::MAX);
                }
                assert_eq!(pool.stats().idle, 3);
                // The first call started the clock, so that the next one ages the objects, and the one after it drops them.
                pool.trim_idle(std::time::Duration::ZERO);
                assert_eq!(pool.stats().idle, 3);
                pool.trim_idle(std::time::Duration::ZERO);
                assert_eq!(pool.stats().idle, 0);
                check(&pool, 0);
            }

            #[test]
            fn filling_stops_at_the_limit() {
                let (pool, told) = pool();
                let pool = pool.with_max_idle(4);
                pool.try_fill(3).unwrap();
                assert_eq!(pool.stats().idle, 3);
                pool.try_fill(9).unwrap();
                assert_eq!((pool.stats().idle, told.live.get()), (4, 4));
                // No fifth one was made to be dropped.
                assert_eq!((pool.stats().created, pool.hooks().next.get()), (4, 4));
                told.refuses.set("create");
                assert_eq!(pool.try_fill(4), Ok(()));
                pool.clear();
                assert_eq!(pool.try_fill(4), Err("told to fail"));
                check(&pool, 0);
            }

            #[test]
            fn an_object_that_cannot_be_made_changes_nothing() {
                let (pool, told) = pool();
                told.refuses.set("create");
                assert_eq!(pool.try_get().err(), Some("told to fail"));
                assert_eq!(pool.stats(), Default::default());
                told.refuses.set("");
                assert_eq!(pool.try_get().unwrap().number, 0);
                check(&pool, 0);
            }

            #[test]
            fn what_is_refused_is_dropped() {
                let (pool, told) = pool();
                told.refuses.set("recycle");
                drop(pool.try_get().unwrap());
                assert_eq!((pool.stats().dropped.by_recycle, told.live.get()), (1, 0));
                told.refuses.set("");
                pool.try_fill(3).unwrap();
                told.refuses.set("validate");
                let guard = pool.try_get().unwrap();
                let stats = pool.stats();
                assert_eq!((guard.number, stats.dropped.by_validate), (4, 3));
                assert_eq!((stats.reused, stats.idle, stats.outstanding), (0, 0, 1));
                drop(guard);
                check(&pool, 0);
            }

            #[test]
            fn a_panic_of_a_hook_loses_one_object_at_most() {
                for limited in [false, true] {
                    let (mut pool, told) = pool();
                    if limited {
                        pool = pool.with_max_idle_bytes(100);
                    }
                    told.panics.set("create");
                    panics(|| drop(pool.try_get()));
                    assert_eq!((pool.stats().created, told.live.get()), (0, 0));

                    pool.try_fill(2).unwrap();
                    told.panics.set("validate");
                    panics(|| drop(pool.try_get()));
                    let stats = pool.stats();
                    assert_eq!((stats.idle, stats.dropped.by_validate, stats.reused), (1, 1, 0));
                    check(&pool, 0);

                    let guard = pool.try_get().unwrap();
                    told.panics.set("recycle");
                    panics(|| drop(guard));
                    let stats = pool.stats();
                    assert_eq!((stats.idle, stats.dropped.by_recycle, stats.outstanding), (0, 1, 0));
                    assert_eq!(told.live.get(), 0);
                    check(&pool, 0);
                }
            }

            #[test]
            fn a_panic_while_weighing_changes_no_sum() {
                let (pool, told) = pool();
                let pool = pool.with_max_idle_bytes(3);
                let guard = pool.try_get().unwrap();
                told.panics.set("weight");
                panics(|| drop(guard));
                assert_eq!((pool.stats().dropped.by_recycle, told.live.get()), (1, 0));

                // Idle objects stay idle, whoever weighs them.
                pool.try_fill(3).unwrap();
                pool.trim();
                told.panics.set("weight");
                panics(|| drop(pool.try_get()));
                assert_eq!((pool.stats().idle, pool.stats().reused), (3, 0));
                told.panics.set("weight");
                panics(|| pool.trim());
                told.panics.set("weight");
                panics(|| pool.clear());
                check(&pool, 0);
                assert_eq!((pool.stats().idle, told.live.get()), (3, 3));
                pool.clear();
                assert_eq!((pool.stats().idle_bytes, told.live.get()), (0, 0));

                let (pool, told) = self::pool();
                pool.try_fill(3).unwrap();
                told.panics.set("weight");
                panics(|| assert_eq!(pool.stats().idle, 3));
                assert_eq!(pool.stats().idle, 3);
                check(&pool, 0);
            }

            #[test]
            fn a_weight_that_lies_spoils_no_other_number() {
                struct Liar(Cell<usize>);
                impl Hooks<u8> for Liar {
                    type Error = std::convert::Infallible;
                    fn create(&self) -> Result<u8, Self::Error> {
                        Ok(0)
                    }
                    fn weight(&self, _: &u8) -> usize {
                        self.0.set(self.0.get().wrapping_mul(0x9E37_79B9).wrapping_add(0x7F4A_7C15));
                        if self.0.get() % 3 == 0 { usize::MAX } else { self.0.get() % 8 }
                    }
                }
                for most in [usize::MAX, usize::MAX - 1, 9] {
                    let pool = Pool::new(Liar(Cell::new(1))).with_max_idle_bytes(most);
                    for round in 0..100 {
                        drop((pool.get(), pool.get(), pool.get()));
                        match round % 20 {
                            3 => pool.fill(5),
                            7 => pool.trim(),
                            19 => pool.clear(),
                            _ => {}
                        }
                        let stats = pool.stats();
                        assert_eq!(stats.created, stats.idle as u64 + stats.dropped.total());
                        assert_eq!(stats.outstanding, 0);
                    }
                    assert_eq!(pool.stats().idle, 0);
                    let reused = pool.stats().reused;
                    assert!(reused > 0 && (most < usize::MAX || reused > 200), "{reused}");
                }
            }

            #[test]
            fn a_destructor_that_panics_spares_no_other() {
                let (pool, told) = pool();
                let grave = Rc::new(RefCell::new(Vec::new()));
                let mut guards: Vec<_> = (0..5).map(|_| pool.try_get().unwrap()).collect();
                for guard in &mut guards {
                    guard.grave = Some(Rc::clone(&grave));
                    guard.panics = guard.number == 3;
                }
                drop(guards);
                panics(|| pool.clear());
                assert_eq!(*grave.borrow(), [4, 3, 2, 1, 0]);
                assert_eq!((pool.stats().dropped.by_clear, told.live.get()), (5, 0));
                check(&pool, 0);

                // One that is not kept counts before it is dropped.
                let mut guard = pool.try_get().unwrap();
                guard.panics = true;
                told.refuses.set("recycle");
                panics(|| drop(guard));
                assert_eq!(pool.stats().dropped.by_recycle, 1);
                check(&pool, 0);
            }

            #[test]
            fn a_destructor_that_panics_leaves_the_numbers_right_wherever_it_does() {
                let reasons = ["count", "weight", "recycle", "validate", "trim", "clear", "drop"];
                for reason in reasons {
                    let (mut pool, told) = pool();
                    match reason {
                        "count" => pool = pool.with_max_idle(1),
                        "weight" => pool = pool.with_max_idle_bytes(1),
                        _ => {}
                    }
                    let (first, mut second) = (pool.try_get().unwrap(), pool.try_get().unwrap());
                    second.panics = true;
                    drop(first);
                    match reason {
                        "count" | "weight" => panics(|| drop(second)),
                        "recycle" => {
                            told.refuses.set(reason);
                            panics(|| drop(second));
                        }
                        _ => drop(second),
                    }
                    told.refuses.set(reason);
                    match reason {
                        // The one that panics came back last; the other one is still to be asked.
                        "validate" => panics(|| drop(pool.try_get())),
                        "trim" => panics(|| (0..2).for_each(|_| pool.trim())),
                        "clear" => panics(|| pool.clear()),
                        _ => {}
                    }
                    check(&pool, 0);
                    let (stats, live) = (pool.stats(), told.live.get());
                    assert_eq!((stats.outstanding, stats.idle), (0, live), "{reason}");
                    if reason == "drop" {
                        panics(|| drop(pool));
                        assert_eq!((live, told.live.get()), (2, 0));
                    } else {
                        let all = matches!(reason, "trim" | "clear");
                        assert_eq!(stats.dropped.total(), if all { 2 } else { 1 }, "{reason}");
                    }
                }
            }

            #[cfg(feature = "std")]
            #[test]
            fn an_object_whose_user_panics_is_dropped() {
                let (pool, told) = pool();
                panics(|| {
                    let mut guard = pool.try_get().unwrap();
                    guard.weight = 1000;
                    // Would abort if it were asked.
                    told.panics.set("recycle");
                    panic!("told to panic");
                });
                let stats = pool.stats();
                assert_eq!((stats.idle, stats.outstanding, stats.dropped.by_recycle), (0, 0, 1));
                assert_eq!(told.live.get(), 0);
                check(&pool, 0);
            }

            #[test]
            fn hooks_and_destructors_may_use_their_pool() {
                thread_local! {
                    static POOL: Pool<Nested, Nest> = const { Pool::new(Nest).with_max_idle_bytes(2) };
                    static DEPTH: Cell<u32> = const { Cell::new(0) };
                }
                fn nest() {
                    let depth = DEPTH.replace(1);
                    if depth == 0 {
                        POOL.with(|pool| {
                            drop((pool.get(), pool.get(), pool.get()));
                            pool.trim();
                            pool.fill(2);
                            assert!(pool.stats().created > 2);
                            pool.clear();
                        });
                    }
                    DEPTH.set(depth);
                }
                struct Nested;
                struct Nest;
                impl Drop for Nested {
                    fn drop(&mut self) {
                        nest();
                    }
                }
                impl Hooks<Nested> for Nest {
                    type Error = std::convert::Infallible;
                    fn create(&self) -> Result<Nested, Self::Error> {
                        nest();
                        Ok(Nested)
                    }
                    fn recycle(&self, _: &mut Nested) -> bool {
                        nest();
                        true
                    }
                    fn validate(&self, _: &mut Nested) -> bool {
                        nest();
                        true
                    }
                    fn weight(&self, _: &Nested) -> usize {
                        nest();
                        1
                    }
                }
                POOL.with(|pool| {
                    drop((pool.get(), pool.get(), pool.get()));
                    pool.trim();
                    pool.clear();
                    check(pool, 0);
                    // No destructor is to find the pool gone.
                    DEPTH.set(1);
                });
            }

            #[test]
            fn a_long_list_is_dropped_without_recursion() {
                let pool = Pool::new(|| 0_u8);
                pool.fill(300_000);
                pool.trim();
                assert_eq!(pool.stats().idle, 300_000);
                pool.trim();
                pool.fill(300_000);
                drop(pool);
            }

            #[test]
            fn shapes_of_all_kinds_come_back() {
                #[repr(align(256))]
                struct Wide(u8);
                let (empty, wide) = (Pool::new(|| ()), Pool::new(|| Wide(7)));
                for _ in 0..3 {
                    let (_nothing, wide) = (empty.get(), wide.get());
                    assert_eq!((wide.0, (&raw const *wide).addr() % 256), (7, 0));
                }
                assert_eq!((empty.stats().created, wide.stats().created), (1, 1));
            }

            #[test]
            fn debug_shows_the_object_and_the_number() {
                let pool = Pool::new(|| 5);
                pool.fill(2);
                let guard = pool.get();
                let shown = format!("{guard:?} {guard} {pool:?}");
                assert_eq!(shown, format!("5 5 {} {{ idle: 1, .. }}", stringify!($Pool)));
            }

            #[test]
            fn guards_are_two_pointers() {
                assert_eq!(size_of::<Guard<&Pool<[u8; 100]>>>(), 2 * size_of::<usize>());
                assert_eq!(size_of::<Option<Guard<$Rc<Pool<u8>>>>>(), 2 * size_of::<usize>());
            }
        }
    };
}

tests!(local, LocalPool, Rc);
#[cfg(feature = "std")]
tests!(shared, Pool, Arc);
