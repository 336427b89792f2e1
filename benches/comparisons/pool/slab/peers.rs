//! What keeps values under keys, under one trait. Its methods are inlined, so that it adds no call to any of them.

use pennyweight::pool::{Key, Slab};
use pennyweight_baseline::slab::Slab as Naive;
use slotmap::{DefaultKey, SlotMap};

/// A value: as much of a number as it takes.
pub(super) trait Value: Copy + 'static {
    const NAME: &'static str;

    fn of(number: usize) -> Self;

    fn number(self) -> i64;
}

macro_rules! values {
    ($($value:ident),*) => {$(
        impl Value for $value {
            const NAME: &'static str = stringify!($value);

            fn of(number: usize) -> Self {
                number as Self
            }

            fn number(self) -> i64 {
                self as i64
            }
        }
    )*};
}

values!(u8, u32, u64);

/// What can be filled.
pub(super) trait Fills<V>: 'static {
    type Key: Copy + 'static;

    fn with_capacity(capacity: usize) -> Self;

    fn insert(&mut self, value: V) -> Self::Key;

    fn sum(&mut self) -> i64;
}

/// What gives its keys, in the order of insertion as long as nothing was removed.
pub(super) trait Keeps<V>: Fills<V> {
    fn keys(&self) -> Vec<Self::Key>;

    fn get(&self, key: Self::Key) -> V;
}

pub(super) trait Removes<V>: Keeps<V> {
    fn remove(&mut self, key: Self::Key) -> V;
}

impl<V: Value> Fills<V> for Naive<V> {
    type Key = u32;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> u32 {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.iter().map(|(_, value)| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for Naive<V> {
    fn keys(&self) -> Vec<u32> {
        (0..self.len() as u32).collect()
    }

    #[inline(always)]
    fn get(&self, key: u32) -> V {
        *self.get(key).expect("a value")
    }
}

impl<V: Value> Removes<V> for Naive<V> {
    #[inline(always)]
    fn remove(&mut self, key: u32) -> V {
        self.remove(key).expect("a value")
    }
}

impl<V: Value, H: Key + 'static> Fills<V> for Slab<V, H> {
    type Key = H;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity_and_key(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> H {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.values().map(|value| value.number()).sum()
    }
}

impl<V: Value, H: Key + 'static> Keeps<V> for Slab<V, H> {
    fn keys(&self) -> Vec<H> {
        self.keys().collect()
    }

    #[inline(always)]
    fn get(&self, key: H) -> V {
        self[key]
    }
}

impl<V: Value, H: Key + 'static> Removes<V> for Slab<V, H> {
    #[inline(always)]
    fn remove(&mut self, key: H) -> V {
        self.remove(key).expect("a value")
    }
}

impl<V: Value> Fills<V> for Vec<V> {
    type Key = usize;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> usize {
        self.push(value);
        self.len() - 1
    }

    fn sum(&mut self) -> i64 {
        self.iter().map(|value| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for Vec<V> {
    fn keys(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }

    #[inline(always)]
    fn get(&self, key: usize) -> V {
        self[key]
    }
}

impl<V: Value> Fills<V> for slab::Slab<V> {
    type Key = usize;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> usize {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.iter().map(|(_, value)| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for slab::Slab<V> {
    fn keys(&self) -> Vec<usize> {
        self.iter().map(|(key, _)| key).collect()
    }

    #[inline(always)]
    fn get(&self, key: usize) -> V {
        self[key]
    }
}

impl<V: Value> Removes<V> for slab::Slab<V> {
    #[inline(always)]
    fn remove(&mut self, key: usize) -> V {
        self.remove(key)
    }
}

impl<V: Value> Fills<V> for SlotMap<DefaultKey, V> {
    type Key = DefaultKey;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> DefaultKey {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.values().map(|value| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for SlotMap<DefaultKey, V> {
    fn keys(&self) -> Vec<DefaultKey> {
        self.keys().collect()
    }

    #[inline(always)]
    fn get(&self, key: DefaultKey) -> V {
        self[key]
    }
}

impl<V: Value> Removes<V> for SlotMap<DefaultKey, V> {
    #[inline(always)]
    fn remove(&mut self, key: DefaultKey) -> V {
        self.remove(key).expect("a value")
    }
}

impl<V: Value> Fills<V> for thunderdome::Arena<V> {
    type Key = thunderdome::Index;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> Self::Key {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.iter().map(|(_, value)| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for thunderdome::Arena<V> {
    fn keys(&self) -> Vec<Self::Key> {
        self.iter().map(|(key, _)| key).collect()
    }

    #[inline(always)]
    fn get(&self, key: Self::Key) -> V {
        self[key]
    }
}

impl<V: Value> Removes<V> for thunderdome::Arena<V> {
    #[inline(always)]
    fn remove(&mut self, key: Self::Key) -> V {
        self.remove(key).expect("a value")
    }
}

impl<V: Value> Fills<V> for generational_arena::Arena<V> {
    type Key = generational_arena::Index;

    fn with_capacity(capacity: usize) -> Self {
        Self::with_capacity(capacity)
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> Self::Key {
        self.insert(value)
    }

    fn sum(&mut self) -> i64 {
        self.iter().map(|(_, value)| value.number()).sum()
    }
}

impl<V: Value> Keeps<V> for generational_arena::Arena<V> {
    fn keys(&self) -> Vec<Self::Key> {
        self.iter().map(|(key, _)| key).collect()
    }

    #[inline(always)]
    fn get(&self, key: Self::Key) -> V {
        self[key]
    }
}

impl<V: Value> Removes<V> for generational_arena::Arena<V> {
    #[inline(always)]
    fn remove(&mut self, key: Self::Key) -> V {
        self.remove(key).expect("a value")
    }
}

/// For threads. Its keys are not told by going through it.
impl<V: Value> Fills<V> for sharded_slab::Slab<V> {
    type Key = usize;

    fn with_capacity(_: usize) -> Self {
        Self::new()
    }

    #[inline(always)]
    fn insert(&mut self, value: V) -> usize {
        Self::insert(self, value).expect("a shard with room")
    }

    fn sum(&mut self) -> i64 {
        self.unique_iter().map(|value| value.number()).sum()
    }
}
