//! What a newcomer writes instead of a bounded pool: a list behind a lock, and a condition variable.

use core::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard};

/// A pool of at most so many objects. Whoever comes first has what comes back.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::pool::BlockingPool;
///
/// let pool = BlockingPool::new(1, String::new);
/// pool.get().push_str("kept");
/// assert_eq!(*pool.get(), "kept");
/// ```
#[derive(Debug)]
pub struct BlockingPool<T, F> {
    state: Mutex<State<T>>,
    returned: Condvar,
    max: usize,
    make: F,
}

#[derive(Debug)]
struct State<T> {
    idle: Vec<T>,
    made: usize,
}

/// An object in use.
#[derive(Debug)]
pub struct InUse<'a, T, F> {
    pool: &'a BlockingPool<T, F>,
    /// There until the drop.
    object: Option<T>,
}

impl<T, F: Fn() -> T> BlockingPool<T, F> {
    /// A pool of at most `max` objects.
    pub fn new(max: usize, make: F) -> Self {
        let state = State { idle: Vec::new(), made: 0 };
        Self { state: Mutex::new(state), returned: Condvar::new(), max, make }
    }

    /// Gets an object, and waits for one if all are in use.
    pub fn get(&self) -> InUse<'_, T, F> {
        let mut state = self.lock();
        loop {
            if let Some(object) = state.idle.pop() {
                return InUse { pool: self, object: Some(object) };
            }
            if state.made < self.max {
                state.made += 1;
                drop(state);
                return InUse { pool: self, object: Some((self.make)()) };
            }
            state = self.returned.wait(state).expect("no panic under the lock");
        }
    }
}

impl<T, F> BlockingPool<T, F> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("no panic under the lock")
    }
}

impl<T, F> Deref for InUse<'_, T, F> {
    type Target = T;

    fn deref(&self) -> &T {
        self.object.as_ref().expect("there until the drop")
    }
}

impl<T, F> DerefMut for InUse<'_, T, F> {
    fn deref_mut(&mut self) -> &mut T {
        self.object.as_mut().expect("there until the drop")
    }
}

impl<T, F> Drop for InUse<'_, T, F> {
    fn drop(&mut self) {
        self.pool.lock().idle.extend(self.object.take());
        self.pool.returned.notify_one();
    }
}
