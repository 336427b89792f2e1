//! What a newcomer writes for values that others keep: a map of `Weak`s, in which the dead stay.

use std::collections::HashMap;
use std::hash::Hash;
use std::rc::{self, Rc};
use std::sync::{self, Arc, Mutex};

/// Values that are found as long as somebody has them. Their entries stay for ever.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::weak::Cache;
///
/// let mut cache = Cache::default();
/// let one = cache.get_or_insert_with(1, |_| String::from("one"));
/// assert_eq!(cache.get(&1), Some(one));
/// // The temporary above was the last owner.
/// assert_eq!((cache.get(&1), cache.entries()), (None, 1));
/// ```
#[derive(Debug)]
pub struct Cache<K, V> {
    values: HashMap<K, rc::Weak<V>>,
}

impl<K: Eq + Hash, V> Cache<K, V> {
    /// The value of a key, if somebody has it.
    pub fn get(&self, key: &K) -> Option<Rc<V>> {
        self.values.get(key)?.upgrade()
    }

    /// The value of a key, or one that `load` makes.
    pub fn get_or_insert_with(&mut self, key: K, load: impl FnOnce(&K) -> V) -> Rc<V> {
        if let Some(value) = self.get(&key) {
            return value;
        }
        let value = Rc::new(load(&key));
        self.values.insert(key, Rc::downgrade(&value));
        value
    }

    /// How many entries there are, of which nobody knows how many are dead.
    pub fn entries(&self) -> usize {
        self.values.len()
    }
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self { values: HashMap::new() }
    }
}

/// The same for several threads. Two that miss the same key load it twice.
#[derive(Debug)]
pub struct SharedCache<K, V> {
    values: Mutex<HashMap<K, sync::Weak<V>>>,
}

impl<K: Eq + Hash, V> SharedCache<K, V> {
    /// The value of a key, if somebody has it.
    ///
    /// # Panics
    ///
    /// Panics if a thread has panicked in here.
    pub fn get(&self, key: &K) -> Option<Arc<V>> {
        self.values.lock().expect("no panic").get(key)?.upgrade()
    }

    /// The value of a key, or one that `load` makes without the lock.
    ///
    /// # Panics
    ///
    /// Panics if a thread has panicked in here.
    pub fn get_or_insert_with(&self, key: K, load: impl FnOnce(&K) -> V) -> Arc<V> {
        if let Some(value) = self.get(&key) {
            return value;
        }
        let value = Arc::new(load(&key));
        self.values.lock().expect("no panic").insert(key, Arc::downgrade(&value));
        value
    }
}

impl<K, V> Default for SharedCache<K, V> {
    fn default() -> Self {
        Self { values: Mutex::default() }
    }
}
