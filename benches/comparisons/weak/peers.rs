//! The maps that are compared, behind one trait each for one thread and for several.

use dashmap::DashMap;
use hashbrown::DefaultHashBuilder;
use pennyweight::weak::{SharedStrong, SharedWeakMap, Strong, SweptMap, WeakMap};
use pennyweight_baseline::weak::{Cache, SharedCache};
use std::hash::{BuildHasher, RandomState};
use std::rc::{self, Rc};
use std::sync::{self, Arc, Mutex, RwLock};
use weak_table::WeakValueHashMap;

/// The values: 64 bytes that follow from their key.
pub(super) type Value = [u64; 8];

pub(super) fn value(key: u64) -> Value {
    [key; 8]
}

/// What a value adds to an answer.
pub(super) fn mark(value: &Value) -> i64 {
    value[7].cast_signed()
}

/// What every map of weak values can do in one way or another.
pub(super) trait Caches: 'static {
    /// Who has one has the value.
    type Handle: 'static;

    /// A map that may have room for so many.
    fn empty(most: usize) -> Self;

    /// Makes the value of a new key.
    fn put(&mut self, key: u64) -> Self::Handle;

    /// The mark of the value of a key, if there is one.
    fn get(&self, key: u64) -> Option<i64>;
}

/// Those that threads share.
pub(super) trait Shares: Caches<Handle: Send> + Sync {
    /// The value of a key, which is loaded if there is none.
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Self::Handle;
}

/// What a newcomer writes. With std's SipHash.
impl Caches for Cache<u64, Value> {
    type Handle = Rc<Value>;

    fn empty(_: usize) -> Self {
        Self::default()
    }

    fn put(&mut self, key: u64) -> Rc<Value> {
        self.get_or_insert_with(key, |&key| value(key))
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Caches for WeakMap<u64, Value> {
    type Handle = Strong<u64, Value>;

    fn empty(_: usize) -> Self {
        Self::new()
    }

    fn put(&mut self, key: u64) -> Self::Handle {
        self.insert(key, value(key))
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Caches for SweptMap<u64, Rc<Value>> {
    type Handle = Rc<Value>;

    fn empty(_: usize) -> Self {
        Self::new()
    }

    fn put(&mut self, key: u64) -> Rc<Value> {
        let value = Rc::new(value(key));
        self.insert(key, &value);
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

/// By `S`: std's SipHash, its default, or the hash of pennyweight's maps.
impl<S: BuildHasher + Default + 'static> Caches for WeakValueHashMap<u64, rc::Weak<Value>, S> {
    type Handle = Rc<Value>;

    fn empty(_: usize) -> Self {
        Self::with_hasher(S::default())
    }

    fn put(&mut self, key: u64) -> Rc<Value> {
        let value = Rc::new(value(key));
        self.insert(key, Rc::clone(&value));
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

pub(super) type WeakTable = WeakValueHashMap<u64, rc::Weak<Value>, RandomState>;
pub(super) type WeakTableSameHash = WeakValueHashMap<u64, rc::Weak<Value>, DefaultHashBuilder>;

/// What a newcomer writes for threads. With std's SipHash.
impl Caches for SharedCache<u64, Value> {
    type Handle = Arc<Value>;

    fn empty(_: usize) -> Self {
        Self::default()
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        self.get_or_insert_with(key, |&key| value(key))
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Shares for SharedCache<u64, Value> {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        self.get_or_insert_with(key, |&key| load(key))
    }
}

impl Caches for SharedWeakMap<u64, Value> {
    type Handle = SharedStrong<u64, Value>;

    fn empty(_: usize) -> Self {
        Self::new()
    }

    fn put(&mut self, key: u64) -> Self::Handle {
        self.insert(key, value(key))
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Shares for SharedWeakMap<u64, Value> {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Self::Handle {
        self.get_or_insert_with(key, |&key| load(key))
    }
}

/// The way that the docs of `SweptMap` show. Two that miss the same key load it twice.
pub(super) type Swept = RwLock<SweptMap<u64, Arc<Value>>>;

impl Caches for Swept {
    type Handle = Arc<Value>;

    fn empty(_: usize) -> Self {
        Self::default()
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        let value = Arc::new(value(key));
        self.get_mut().expect("no panic").insert(key, &value);
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        let found = self.read().expect("no panic").get(&key);
        found.map(|value| mark(&value))
    }
}

impl Shares for Swept {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        // The guard is dropped with the statement.
        let found = self.read().expect("no panic").get(&key);
        found.unwrap_or_else(|| {
            let loaded = Arc::new(load(key));
            self.write().expect("no panic").get_or_insert_with(key, |_| loaded)
        })
    }
}

/// One lock around a map with the hash of pennyweight's.
pub(super) type Locked = Mutex<hashbrown::HashMap<u64, sync::Weak<Value>>>;

impl Caches for Locked {
    type Handle = Arc<Value>;

    fn empty(_: usize) -> Self {
        Self::default()
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        let value = Arc::new(value(key));
        self.get_mut().expect("no panic").insert(key, Arc::downgrade(&value));
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        // The value is read without the lock.
        let found = self.lock().expect("no panic").get(&key)?.upgrade();
        found.map(|value| mark(&value))
    }
}

impl Shares for Locked {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        // The lock is held while a value is loaded: each is loaded once, and all one after the other.
        let mut values = self.lock().expect("no panic");
        values.get(&key).and_then(sync::Weak::upgrade).unwrap_or_else(|| {
            let value = Arc::new(load(key));
            values.insert(key, Arc::downgrade(&value));
            value
        })
    }
}

impl Caches for DashMap<u64, sync::Weak<Value>> {
    type Handle = Arc<Value>;

    fn empty(_: usize) -> Self {
        Self::new()
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        let value = Arc::new(value(key));
        self.insert(key, Arc::downgrade(&value));
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        let found = self.get(&key)?.upgrade();
        found.map(|value| mark(&value))
    }
}

impl Shares for DashMap<u64, sync::Weak<Value>> {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        // The entry holds the lock of its shard.
        let mut entry = self.entry(key).or_default();
        entry.upgrade().unwrap_or_else(|| {
            let value = Arc::new(load(key));
            *entry = Arc::downgrade(&value);
            value
        })
    }
}

/// It keeps its values itself, as many as it has room for.
impl Caches for moka::sync::Cache<u64, Arc<Value>> {
    type Handle = Arc<Value>;

    fn empty(most: usize) -> Self {
        Self::new(most as u64)
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        let value = Arc::new(value(key));
        self.insert(key, Arc::clone(&value));
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Shares for moka::sync::Cache<u64, Arc<Value>> {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        self.get_with(key, || Arc::new(load(key)))
    }
}

/// It keeps its values itself, as many as it has room for, and evicts some before.
impl Caches for quick_cache::sync::Cache<u64, Arc<Value>> {
    type Handle = Arc<Value>;

    fn empty(most: usize) -> Self {
        Self::new(2 * most)
    }

    fn put(&mut self, key: u64) -> Arc<Value> {
        let value = Arc::new(value(key));
        self.insert(key, Arc::clone(&value));
        value
    }

    fn get(&self, key: u64) -> Option<i64> {
        self.get(&key).map(|value| mark(&value))
    }
}

impl Shares for quick_cache::sync::Cache<u64, Arc<Value>> {
    fn load(&self, key: u64, load: fn(u64) -> Value) -> Arc<Value> {
        let loaded = self.get_or_insert_with(&key, || Ok::<_, ()>(Arc::new(load(key))));
        loaded.expect("it does not fail")
    }
}

pub(super) type Dash = DashMap<u64, sync::Weak<Value>>;
pub(super) type Moka = moka::sync::Cache<u64, Arc<Value>>;
pub(super) type Quick = quick_cache::sync::Cache<u64, Arc<Value>>;
