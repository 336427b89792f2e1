//! Objects that are taken and given back: one after the other, many at a time, by two threads, and with a user who waits.

use core::hint::black_box;
use std::sync::Arc;
use std::thread;

use dynamic_pool::DynamicPool;
use lockfree_object_pool::LinearObjectPool;
use pennyweight::pool::{BoundedPool, LocalPool, Pool};
use pennyweight_baseline::pool::BlockingPool;
use pennyweight_comparison::{Comparison, Sizes, Suite};

use super::mimalloc::MiBuffer;
use super::object::{Buffer, Codec, Makes, Object, Pattern, Plain};
use super::pools::{Fresh, Place, Pooled, Resets};

/// What is there once it has been needed.
const WARM: usize = 1_000;
const BATCH: usize = 32;
const OUT: usize = 3_200;
const PER_THREAD: usize = 50_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("pool", "buffer-64B", |_| buffers::<64>(one_by_one(), OneByOne));
    suite.add("pool", "buffer-1KiB", |_| buffers::<1_024>(one_by_one(), OneByOne));
    suite.add("pool", "buffer-64KiB", |_| buffers::<65_536>(one_by_one(), OneByOne));
    suite.add("pool", "batch-64B", |_| buffers::<64>(batch(), Batch));
    suite.add("pool", "batch-64KiB", |_| buffers::<65_536>(batch(), Batch));
    suite.add("pool", "threads-64B", shared::<64>);
    suite.add("pool", "threads-64KiB", shared::<65_536>);
    suite.add("pool", "many-out", |_| many_out());
    suite.add("pool", "zstd-context", |_| dear::<Codec>("zstd contexts of level 1"));
    suite.add("pool", "regex", |_| dear::<Pattern>("compiled patterns"));
    suite.add("pool", "idle", |_| idle());
    suite.add("pool", "bounded", |_| bounded());
    suite.add("pool", "bounded-waiting", waiting);
}

/// What is done with a pool.
trait Work: Copy + 'static {
    fn of<T: Object, P: Pooled<T>>(self, pool: &P) -> usize;
}

/// Takes an object, uses it, gives it back.
#[derive(Clone, Copy)]
struct OneByOne;

impl Work for OneByOne {
    #[inline(always)]
    fn of<T: Object, P: Pooled<T>>(self, pool: &P) -> usize {
        (0..WARM).map(|_| black_box(&mut *pool.get()).touch()).sum()
    }
}

/// Takes 32 objects before it gives the first back.
#[derive(Clone, Copy)]
struct Batch;

impl Work for Batch {
    #[inline(always)]
    fn of<T: Object, P: Pooled<T>>(self, pool: &P) -> usize {
        let mut guards: [P::Guard<'_>; BATCH] = core::array::from_fn(|_| pool.get());
        guards.iter_mut().map(|guard| black_box(&mut **guard).touch()).sum()
    }
}

fn does<T: Object, P: Pooled<T>>(work: impl Work) -> impl Fn(&mut P) -> usize + 'static {
    move |pool| work.of(&*pool)
}

fn one_by_one() -> Comparison {
    Comparison::of("buffers of which one byte is written", WARM).about(
        "A buffer is taken, a byte is written, it is given back and emptied, 1,000 times. Naive allocates and frees \
         it, by the allocator of the system. mimalloc is called beside that, and its memory is not counted.",
    )
}

fn batch() -> Comparison {
    Comparison::of("buffers of which one byte is written", BATCH).about(
        "32 buffers are taken, a byte is written to each, and all are given back. Naive allocates and frees them, \
         by the allocator of the system. mimalloc is called beside that, and its memory is not counted.",
    )
}

fn buffers<const N: usize>(comparison: Comparison, work: impl Work) -> Comparison {
    type B<const N: usize> = Buffer<N>;
    comparison
        .naive(Fresh::<B<N>>::empty, does(work))
        .pennyweight(Pool::<B<N>, Makes>::empty, does::<B<N>, _>(work))
        .variant("pennyweight owned", Arc::<Pool<B<N>, Makes>>::empty, does::<B<N>, _>(work))
        .variant("pennyweight local", LocalPool::<B<N>, Makes>::empty, does::<B<N>, _>(work))
        .variant("pennyweight bounded", BoundedPool::<B<N>, Makes>::empty, does::<B<N>, _>(work))
        .peer("mimalloc", "mimalloc", Fresh::<MiBuffer<N>>::empty, does(work))
        .peer("object-pool", "object-pool", object_pool::Pool::<B<N>>::empty, does(work))
        .peer("opool", "opool", opool::Pool::<Makes, B<N>>::empty, does(work))
        .peer("opool", "opool, local", opool::LocalPool::<Makes, B<N>>::empty, does(work))
        .peer(
            "lockfree-object-pool",
            "lockfree-object-pool",
            LinearObjectPool::<B<N>>::empty,
            does(work),
        )
        .peer("dynamic-pool", "dynamic-pool", DynamicPool::<Resets<B<N>>>::empty, does(work))
        .peer("sharded-slab", "sharded-slab", sharded_slab::Pool::<Place<B<N>>>::empty, does(work))
}

/// Takes and gives back in two threads at once, so often that starting them does not count.
fn in_threads<T: Object, P: Pooled<T> + Sync>(times: usize) -> impl Fn(&mut P) -> usize + 'static {
    move |pool| {
        let pool = &*pool;
        let once = || (0..times).map(|_| black_box(&mut *pool.get()).touch()).sum::<usize>();
        thread::scope(|scope| {
            let other = scope.spawn(once);
            once() + other.join().expect("no panic")
        })
    }
}

fn shared<const N: usize>(sizes: &Sizes) -> Comparison {
    type B<const N: usize> = Buffer<N>;
    let times = sizes.generated(PER_THREAD);
    Comparison::of("buffers of which one byte is written", 2 * times)
        .threads(2)
        .about(
            "Two threads take buffers and give them back, 50,000 times each. The time is that of the wall clock from \
             before the second is started until both are done.",
        )
        .naive(Fresh::<B<N>>::empty, in_threads(times))
        .pennyweight(Pool::<B<N>, Makes>::empty, in_threads::<B<N>, _>(times))
        .variant("pennyweight bounded", BoundedPool::<B<N>, Makes>::empty, in_threads(times))
        .peer("mimalloc", "mimalloc", Fresh::<MiBuffer<N>>::empty, in_threads(times))
        .peer("object-pool", "object-pool", object_pool::Pool::<B<N>>::empty, in_threads(times))
        .peer("opool", "opool", opool::Pool::<Makes, B<N>>::empty, in_threads(times))
        .peer(
            "lockfree-object-pool",
            "lockfree-object-pool",
            LinearObjectPool::<B<N>>::empty,
            in_threads(times),
        )
        .peer(
            "dynamic-pool",
            "dynamic-pool",
            DynamicPool::<Resets<B<N>>>::empty,
            in_threads(times),
        )
        .peer(
            "sharded-slab",
            "sharded-slab",
            sharded_slab::Pool::<Place<B<N>>>::empty,
            in_threads(times),
        )
}

/// A pool of which many objects are out for good.
fn with_many_out<T: Object, P: Pooled<T>>() -> impl Fn() -> P + 'static {
    || {
        let pool = P::with_room(OUT + 1);
        (0..OUT).for_each(|_| core::mem::forget(black_box(pool.get())));
        pool
    }
}

fn many_out() -> Comparison {
    fn work<P: Pooled<Plain>>() -> impl Fn(&mut P) -> usize {
        does(OneByOne)
    }
    Comparison::of("64 plain bytes", WARM)
        .about(
            "3,200 objects are out, and one more is taken and given back, 1,000 times. What is on the heap then is weighed, \
             with the objects that are out where they lie in the pool or in boxes.",
        )
        .naive(with_many_out::<_, Fresh<Plain>>(), work())
        .pennyweight(with_many_out::<_, Pool<Plain, Makes>>(), work())
        .variant("pennyweight local", with_many_out::<_, LocalPool<Plain, Makes>>(), work())
        .variant("pennyweight bounded", with_many_out::<_, BoundedPool<Plain, Makes>>(), work())
        .peer("object-pool", "object-pool", with_many_out::<_, object_pool::Pool<Plain>>(), work())
        .peer("opool", "opool", with_many_out::<_, opool::Pool<Makes, Plain>>(), work())
        .peer(
            "lockfree-object-pool",
            "lockfree-object-pool",
            with_many_out::<_, LinearObjectPool<Plain>>(),
            work(),
        )
        .peer(
            "dynamic-pool",
            "dynamic-pool",
            with_many_out::<_, DynamicPool<Resets<Plain>>>(),
            work(),
        )
        .peer(
            "sharded-slab",
            "sharded-slab",
            with_many_out::<_, sharded_slab::Pool<Place<Plain>>>(),
            work(),
        )
}

/// Objects that are dear to make.
fn dear<T: Object>(data: &str) -> Comparison {
    fn once<T: Object, P: Pooled<T>>() -> impl Fn(&mut P) -> usize {
        |pool| pool.get().touch()
    }
    Comparison::of(data, 1)
        .about("An object is taken, used once and given back. Naive makes it and drops it.")
        .naive(Fresh::<T>::empty, once())
        .pennyweight(Pool::<T, Makes>::empty, once())
        .variant("pennyweight local", LocalPool::<T, Makes>::empty, once())
        .variant("pennyweight bounded", BoundedPool::<T, Makes>::empty, once())
        .peer("object-pool", "object-pool", object_pool::Pool::<T>::empty, once())
        .peer("opool", "opool", opool::Pool::<Makes, T>::empty, once())
        .peer("opool", "opool, local", opool::LocalPool::<Makes, T>::empty, once())
        .peer("lockfree-object-pool", "lockfree-object-pool", LinearObjectPool::<T>::empty, once())
        .peer("dynamic-pool", "dynamic-pool", DynamicPool::<Resets<T>>::empty, once())
}

/// What pools hold when all objects are back.
fn idle() -> Comparison {
    fn full<P: Pooled<Plain>>() -> P {
        let pool = P::with_room(WARM);
        let guards: Vec<_> = (0..WARM).map(|_| pool.get()).collect();
        drop(guards);
        pool
    }
    fn trimmed() -> Pool<Plain, Makes> {
        let pool: Pool<_, _> = full();
        pool.trim();
        pool.trim();
        pool
    }
    fn work<P: Pooled<Plain>>() -> impl Fn(&mut P) -> usize {
        does(OneByOne)
    }
    Comparison::of("64 plain bytes", WARM)
        .about(
            "1,000 objects were out at once and are back. What the pool holds then is weighed: the objects themselves \
             are 64 bytes each. Naive holds nothing. The time is that of taking one and giving it back, 1,000 times.",
        )
        .limit_bits((Plain::BYTES * WARM * 8) as f64)
        .naive(full::<Fresh<Plain>>, work())
        .pennyweight(full::<Pool<Plain, Makes>>, work())
        .variant("pennyweight trimmed", trimmed, work())
        .variant("pennyweight local", full::<LocalPool<Plain, Makes>>, work())
        .variant("pennyweight bounded", full::<BoundedPool<Plain, Makes>>, work())
        .peer("object-pool", "object-pool", full::<object_pool::Pool<Plain>>, work())
        .peer("opool", "opool", full::<opool::Pool<Makes, Plain>>, work())
        .peer(
            "lockfree-object-pool",
            "lockfree-object-pool",
            full::<LinearObjectPool<Plain>>,
            work(),
        )
        .peer("dynamic-pool", "dynamic-pool", full::<DynamicPool<Resets<Plain>>>, work())
        .peer("sharded-slab", "sharded-slab", full::<sharded_slab::Pool<Place<Plain>>>, work())
}

type Hand<T> = BlockingPool<T, fn() -> T>;

fn bounded() -> Comparison {
    fn work<P: Pooled<Buffer<1_024>>>() -> impl Fn(&mut P) -> usize {
        does(OneByOne)
    }
    type B = Buffer<1_024>;
    Comparison::of("buffers of 1 KiB of which one byte is written", WARM)
        .about(
            "Nobody waits. Naive is a list behind a lock with a condition variable; only it and pennyweight let anybody \
             wait. The peers keep at most so many objects, and make more when all are out.",
        )
        .naive(Hand::<B>::empty, work())
        .pennyweight(BoundedPool::<B, Makes>::empty, work())
        .peer("dynamic-pool", "dynamic-pool", DynamicPool::<Resets<B>>::empty, work())
        .peer("opool", "opool", opool::Pool::<Makes, B>::empty, work())
}

/// Two threads and one object.
fn waiting(sizes: &Sizes) -> Comparison {
    let times = sizes.generated(PER_THREAD / 25);
    Comparison::of("a zstd context of level 1", 2 * times)
        .threads(2)
        .about(
            "Two threads compress by the one context of a pool, 2,000 times each. The time is that of the wall clock. \
             pennyweight hands the context to who has waited longest; naive lets whoever comes first have it, so that a \
             thread may take it many times in a row.",
        )
        .naive(|| Hand::<Codec>::new(1, Codec::make), in_threads(times))
        .pennyweight(|| BoundedPool::<Codec, _>::new(1, Makes), in_threads(times))
}
