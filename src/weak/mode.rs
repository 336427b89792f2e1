//! What differs between one thread and many: how references are counted, what locks, and who waits.
//!
//! All else is written once, for `M: Mode`.

#![allow(unsafe_code)]

use super::drops::{Drops, LocalDrops};
use core::cell::{Cell, RefCell, RefMut};
use core::fmt;
use core::ops::{Deref, DerefMut};
use core::ptr;
use core::sync::atomic::Ordering;

/// Maps and handles of one thread: counts without atomics, no locks, no std.
pub enum Local {}

/// Maps and handles of many threads: atomic counts, and a lock for each sixteenth of the entries.
#[cfg(feature = "std")]
pub enum Shared {}

/// [`Local`] or [`Shared`]: whether what a map gives out stays in one thread.
///
/// Sealed: there are these two.
pub trait Mode: Parts {}

impl Mode for Local {}
#[cfg(feature = "std")]
impl Mode for Shared {}

/// Of what the mode is made.
pub trait Parts: Sized + 'static {
    /// The references to a node, and its flags.
    type Count: Count<u32>;
    /// The nodes of a shard.
    type Tally: Count<usize>;
    /// Where a node belongs.
    type Word: Word;
    type Lock<T>: Lock<T>;
    /// Where threads wait for what another loads.
    type Gate: Default;
    /// Until when they do.
    type Deadline: Copy;
    /// For as long as it takes.
    const FOREVER: Self::Deadline;
    /// Values that are to be dropped.
    type Drops: Drops<Self>;

    const SHARDS: usize;
    /// The shard of a hash of 30 bits.
    fn shard_of(hash: u32) -> usize;
    type Shards<T>;
    fn shards<T>(make: impl FnMut() -> T) -> Self::Shards<T>;
    fn shard<T>(shards: &Self::Shards<T>, index: usize) -> &T;

    /// An address that is this thread's alone while it runs.
    fn thread() -> *mut ();

    /// Gives the lock to others until they call [`wake`](Self::wake); `true` if that took too long.
    fn wait<'a, T>(
        gate: &Self::Gate,
        guard: <Self::Lock<T> as Lock<T>>::Guard<'a>,
        until: Self::Deadline,
    ) -> (<Self::Lock<T> as Lock<T>>::Guard<'a>, bool)
    where
        Self::Lock<T>: 'a,
        T: 'a;

    fn wake(gate: &Self::Gate);
}

/// `Cell` or an atomic number, by the names that atomics give to what they do.
pub trait Count<N> {
    fn new(count: N) -> Self;
    fn load(&self, order: Ordering) -> N;
    fn fetch_add(&self, more: N, order: Ordering) -> N;
    fn fetch_sub(&self, less: N, order: Ordering) -> N;
    fn fetch_or(&self, bits: N, order: Ordering) -> N;
    fn fetch_and(&self, bits: N, order: Ordering) -> N;
    /// Puts `new` in place of `old`, which has just been read, by Acquire. An error is what is there instead, or `old` if it just did not work.
    fn replace_weak(&self, old: N, new: N) -> Result<(), N>;
}

/// `Cell` or an atomic pointer.
pub trait Word {
    fn new(word: *mut ()) -> Self;
    fn load(&self, order: Ordering) -> *mut ();
    fn store(&self, word: *mut (), order: Ordering);
    /// Puts `new` in place of `old`. An error is what is there instead.
    fn replace(&self, old: *mut (), new: *mut ()) -> Result<(), *mut ()>;
}

/// `RefCell` or `Mutex`. No code of a user runs under one, so none is taken twice and nothing poisons.
pub trait Lock<T> {
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;
    type Look<'a>: Deref<Target = T>
    where
        Self: 'a;
    fn new(value: T) -> Self;
    fn lock(&self) -> Self::Guard<'_>;
    /// The same to read alone. A `RefCell` does not note it.
    ///
    /// # Safety
    ///
    /// This thread does not lock it before the last use of what is returned.
    unsafe fn look(&self) -> Self::Look<'_>;
}

macro_rules! count_in_cells {
    ($($number:ty),*) => {$(
        impl Count<$number> for Cell<$number> {
            #[inline(always)]
            fn new(count: $number) -> Self {
                Cell::new(count)
            }

            #[inline(always)]
            fn load(&self, _: Ordering) -> $number {
                self.get()
            }

            #[inline(always)]
            fn fetch_add(&self, more: $number, _: Ordering) -> $number {
                self.replace(self.get().wrapping_add(more))
            }

            #[inline(always)]
            fn fetch_sub(&self, less: $number, _: Ordering) -> $number {
                self.replace(self.get().wrapping_sub(less))
            }

            #[inline(always)]
            fn fetch_or(&self, bits: $number, _: Ordering) -> $number {
                self.replace(self.get() | bits)
            }

            #[inline(always)]
            fn fetch_and(&self, bits: $number, _: Ordering) -> $number {
                self.replace(self.get() & bits)
            }

            #[inline(always)]
            fn replace_weak(&self, _: $number, new: $number) -> Result<(), $number> {
                self.set(new);
                Ok(())
            }
        }
    )*};
}

count_in_cells!(u32, usize);

impl Word for Cell<*mut ()> {
    #[inline(always)]
    fn new(word: *mut ()) -> Self {
        Cell::new(word)
    }

    #[inline(always)]
    fn load(&self, _: Ordering) -> *mut () {
        self.get()
    }

    #[inline(always)]
    fn store(&self, word: *mut (), _: Ordering) {
        self.set(word);
    }

    fn replace(&self, old: *mut (), new: *mut ()) -> Result<(), *mut ()> {
        if self.get() != old {
            return Err(self.get());
        }
        self.set(new);
        Ok(())
    }
}

impl<T> Lock<T> for RefCell<T> {
    type Guard<'a>
        = RefMut<'a, T>
    where
        Self: 'a;
    type Look<'a>
        = &'a T
    where
        Self: 'a;

    #[inline(always)]
    fn new(value: T) -> Self {
        RefCell::new(value)
    }

    #[inline(always)]
    fn lock(&self) -> RefMut<'_, T> {
        self.borrow_mut()
    }

    #[inline(always)]
    unsafe fn look(&self) -> &T {
        // SAFETY: as the caller promises; there are no other threads.
        let Ok(value) = (unsafe { self.try_borrow_unguarded() }) else { locked() };
        value
    }
}

#[cold]
#[inline(never)]
fn locked() -> ! {
    panic!("no code of a user's runs under a lock")
}

impl Parts for Local {
    type Count = Cell<u32>;
    type Tally = Cell<usize>;
    type Word = Cell<*mut ()>;
    type Lock<T> = RefCell<T>;
    type Gate = ();
    type Deadline = ();
    const FOREVER: () = ();
    type Drops = LocalDrops;

    const SHARDS: usize = 1;
    type Shards<T> = T;

    #[inline(always)]
    fn shard_of(_: u32) -> usize {
        0
    }

    fn shards<T>(mut make: impl FnMut() -> T) -> T {
        make()
    }

    #[inline(always)]
    fn shard<T>(shards: &T, _: usize) -> &T {
        shards
    }

    fn thread() -> *mut () {
        ptr::null_mut()
    }

    fn wait<'a, T>((): &(), _: RefMut<'a, T>, (): ()) -> (RefMut<'a, T>, bool)
    where
        T: 'a,
    {
        unreachable!("what is being loaded, this thread loads")
    }

    fn wake((): &()) {}
}

#[cfg(feature = "std")]
mod shared {
    use super::{Count, Lock, Parts, Shared, Word};
    use crate::raw::sync::{AtomicPtr, AtomicU32, AtomicUsize, Condvar, Mutex, MutexGuard};
    use crate::weak::drops::SharedDrops;
    use core::array;
    use core::sync::atomic::Ordering;
    use std::sync::PoisonError;
    use std::time::Instant;

    macro_rules! count_in_atomics {
        ($($number:ty: $atomic:ty),*) => {$(
            impl Count<$number> for $atomic {
                #[inline(always)]
                fn new(count: $number) -> Self {
                    <$atomic>::new(count)
                }

                #[inline(always)]
                fn load(&self, order: Ordering) -> $number {
                    self.load(order)
                }

                #[inline(always)]
                fn fetch_add(&self, more: $number, order: Ordering) -> $number {
                    self.fetch_add(more, order)
                }

                #[inline(always)]
                fn fetch_sub(&self, less: $number, order: Ordering) -> $number {
                    self.fetch_sub(less, order)
                }

                #[inline(always)]
                fn fetch_or(&self, bits: $number, order: Ordering) -> $number {
                    self.fetch_or(bits, order)
                }

                #[inline(always)]
                fn fetch_and(&self, bits: $number, order: Ordering) -> $number {
                    self.fetch_and(bits, order)
                }

                #[inline(always)]
                fn replace_weak(&self, old: $number, new: $number) -> Result<(), $number> {
                    use Ordering::{Acquire, Relaxed};
                    self.compare_exchange_weak(old, new, Acquire, Relaxed).map(drop)
                }
            }
        )*};
    }

    count_in_atomics!(u32: AtomicU32, usize: AtomicUsize);

    impl Word for AtomicPtr<()> {
        fn new(word: *mut ()) -> Self {
            AtomicPtr::new(word)
        }

        fn load(&self, order: Ordering) -> *mut () {
            self.load(order)
        }

        fn store(&self, word: *mut (), order: Ordering) {
            self.store(word, order);
        }

        fn replace(&self, old: *mut (), new: *mut ()) -> Result<(), *mut ()> {
            use Ordering::{AcqRel, Acquire};
            self.compare_exchange(old, new, AcqRel, Acquire).map(drop)
        }
    }

    impl<T> Lock<T> for Mutex<T> {
        type Guard<'a>
            = MutexGuard<'a, T>
        where
            Self: 'a;
        type Look<'a>
            = MutexGuard<'a, T>
        where
            Self: 'a;

        fn new(value: T) -> Self {
            Mutex::new(value)
        }

        #[inline(always)]
        fn lock(&self) -> MutexGuard<'_, T> {
            self.lock().unwrap_or_else(PoisonError::into_inner)
        }

        #[inline(always)]
        unsafe fn look(&self) -> MutexGuard<'_, T> {
            Lock::lock(self)
        }
    }

    /// What threads write has a cache line of its own.
    #[derive(Debug)]
    #[repr(align(64))]
    pub struct Line<T>(T);

    /// Loom has few states for each lock.
    const SHARDS: usize = if cfg!(loom) { 1 } else { 16 };

    impl Parts for Shared {
        type Count = AtomicU32;
        type Tally = AtomicUsize;
        type Word = AtomicPtr<()>;
        type Lock<T> = Mutex<T>;
        type Gate = Condvar;
        type Deadline = Option<Instant>;
        const FOREVER: Option<Instant> = None;
        type Drops = SharedDrops;

        const SHARDS: usize = SHARDS;
        type Shards<T> = [Line<T>; SHARDS];

        /// Depends on all bits, so that those of the hashes of one shard are as evenly spread as those of all.
        #[inline(always)]
        fn shard_of(hash: u32) -> usize {
            (hash.wrapping_mul(0x9e37_79b9) >> 28) as usize % SHARDS
        }

        fn shards<T>(mut make: impl FnMut() -> T) -> [Line<T>; SHARDS] {
            array::from_fn(|_| Line(make()))
        }

        #[inline(always)]
        fn shard<T>(shards: &[Line<T>; SHARDS], index: usize) -> &T {
            &shards[index % SHARDS].0
        }

        fn thread() -> *mut () {
            crate::weak::drops::thread()
        }

        fn wait<'a, T>(
            gate: &Condvar,
            guard: MutexGuard<'a, T>,
            until: Option<Instant>,
        ) -> (MutexGuard<'a, T>, bool)
        where
            T: 'a,
        {
            match until {
                None => (gate.wait(guard).unwrap_or_else(PoisonError::into_inner), false),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    let (guard, waited) =
                        gate.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
                    (guard, waited.timed_out())
                }
            }
        }

        fn wake(gate: &Condvar) {
            gate.notify_all();
        }
    }
}

#[cfg(feature = "std")]
pub(super) use crate::raw::sync::Witness;

/// Without threads there is nothing to witness.
#[cfg(not(feature = "std"))]
#[derive(Default)]
pub(super) struct Witness;

#[cfg(not(feature = "std"))]
impl Witness {
    #[inline(always)]
    pub(super) fn read(&self) {}

    #[inline(always)]
    pub(super) fn written(&self) {}
}

impl fmt::Debug for Local {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

#[cfg(feature = "std")]
impl fmt::Debug for Shared {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}
