//! Buffers of many sizes.

use core::hint::black_box;
use core::ops::DerefMut;
use std::rc::Rc;

use opool::PoolAllocator;
use pennyweight::pool::{BufPool, Guard};
use pennyweight_baseline::random::Random;
use pennyweight_comparison::{Comparison, Suite};

/// How many buffers are out at a time.
const BATCH: usize = 8;
const TIMES: usize = 1_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("pool", "sizes-to-4KiB", |_| sizes("64 bytes to 4 KiB", 6, 12));
    suite.add("pool", "sizes-to-1MiB", |_| sizes("4 KiB to 1 MiB", 12, 20));
}

/// What hands out empty buffers.
trait Buffers: 'static {
    type Guard<'a>: DerefMut<Target = Vec<u8>>
    where
        Self: 'a;

    fn none() -> Self;

    /// A buffer with room for `size` bytes.
    fn get(&self, size: usize) -> Self::Guard<'_>;
}

/// The allocator alone.
struct Fresh;

impl Buffers for Fresh {
    type Guard<'a> = Box<Vec<u8>>;

    fn none() -> Self {
        Self
    }

    #[inline]
    fn get(&self, size: usize) -> Box<Vec<u8>> {
        Box::new(Vec::with_capacity(size))
    }
}

impl Buffers for BufPool {
    type Guard<'a> = Guard<&'a Self>;

    fn none() -> Self {
        Self::new(64 << 20)
    }

    #[inline]
    fn get(&self, size: usize) -> Guard<&Self> {
        self.get(size)
    }
}

/// It knows one size, so that buffers grow where they are too small.
impl Buffers for object_pool::Pool<Vec<u8>> {
    type Guard<'a> = object_pool::Reusable<'a, Vec<u8>>;

    fn none() -> Self {
        Self::new(0, Vec::new)
    }

    #[inline]
    fn get(&self, size: usize) -> Self::Guard<'_> {
        let mut buffer = self.pull(Vec::new);
        buffer.clear();
        buffer.reserve(size);
        buffer
    }
}

struct Empty;

impl PoolAllocator<Vec<u8>> for Empty {
    fn allocate(&self) -> Vec<u8> {
        Vec::new()
    }

    fn reset(&self, buffer: &mut Vec<u8>) {
        buffer.clear();
    }
}

/// As above.
impl Buffers for opool::Pool<Empty, Vec<u8>> {
    type Guard<'a> = opool::RefGuard<'a, Empty, Vec<u8>>;

    fn none() -> Self {
        Self::new(64, Empty)
    }

    #[inline]
    fn get(&self, size: usize) -> Self::Guard<'_> {
        let mut buffer = self.get();
        buffer.reserve(size);
        buffer
    }
}

fn sizes(range: &str, from: u32, to: u32) -> Comparison {
    let mut random = Random::new(5);
    let mut size = || {
        let octave = from as usize + random.below((to - from) as usize);
        (1 << octave) + random.below(1 << octave)
    };
    let sizes: Rc<[usize]> = (0..TIMES).map(|_| size()).collect();
    // What is held when all have been there: that is what is weighed.
    fn used<B: Buffers>(sizes: &Rc<[usize]>) -> impl Fn() -> B + 'static {
        let sizes = Rc::clone(sizes);
        move || {
            let pool = B::none();
            work(&pool, &sizes);
            pool
        }
    }
    fn again<B: Buffers>(sizes: &Rc<[usize]>) -> impl Fn(&mut B) -> usize + 'static {
        let sizes = Rc::clone(sizes);
        move |pool| work(pool, &sizes)
    }
    Comparison::of(format!("buffers of {range}, all octaves alike, xorshift"), TIMES)
        .about(
            "1,000 buffers are taken, eight at a time, a byte is written to each, and they are given back. What is held \
             afterwards is weighed. Naive allocates them, and a box for each, by the allocator of the system. The peers \
             know no sizes: a buffer that is too small grows, until all are large.",
        )
        .naive(used::<Fresh>(&sizes), again(&sizes))
        .pennyweight(used::<BufPool>(&sizes), again(&sizes))
        .peer("object-pool", "object-pool", used::<object_pool::Pool<Vec<u8>>>(&sizes), again(&sizes))
        .peer("opool", "opool", used::<opool::Pool<Empty, Vec<u8>>>(&sizes), again(&sizes))
}

/// Answers how many had room.
#[inline(always)]
fn work<B: Buffers>(pool: &B, sizes: &[usize]) -> usize {
    let mut fitting = 0;
    for sizes in sizes.chunks_exact(BATCH) {
        let mut guards: [B::Guard<'_>; BATCH] = core::array::from_fn(|at| pool.get(sizes[at]));
        for (guard, &size) in guards.iter_mut().zip(sizes) {
            guard.push(7);
            fitting += usize::from(black_box(&mut **guard).capacity() >= size);
        }
    }
    fitting
}
