//! What a newcomer writes instead of a slab: a map from numbers that are never given twice.

use std::collections::HashMap;

/// Values by number.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::slab::Slab;
///
/// let mut slab = Slab::default();
/// let a = slab.insert("a");
/// assert_eq!(slab.remove(a), Some("a"));
/// assert_ne!(slab.insert("b"), a);
/// assert_eq!((slab.get(a), slab.len()), (None, 1));
/// ```
#[derive(Clone, Debug)]
pub struct Slab<T> {
    values: HashMap<u32, T>,
    /// The number of the next value.
    next: u32,
}

impl<T> Slab<T> {
    /// An empty map with room for some values.
    pub fn with_capacity(capacity: usize) -> Self {
        Self { values: HashMap::with_capacity(capacity), next: 0 }
    }

    /// Puts a value in, under a number of its own.
    ///
    /// # Panics
    ///
    /// Panics if there is no number left.
    pub fn insert(&mut self, value: T) -> u32 {
        let number = self.next;
        self.next = number.checked_add(1).expect("fewer than 2^32 values");
        self.values.insert(number, value);
        number
    }

    /// The value of a number.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.values.get(&number)
    }

    /// The value of a number, to be changed.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.values.get_mut(&number)
    }

    /// Takes out the value of a number.
    pub fn remove(&mut self, number: u32) -> Option<T> {
        self.values.remove(&number)
    }

    /// Numbers and values, in any order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.values.iter().map(|(&number, value)| (number, value))
    }

    /// Keeps the values of which a closure says so.
    pub fn retain(&mut self, mut keep: impl FnMut(u32, &mut T) -> bool) {
        self.values.retain(|&number, value| keep(number, value));
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { values: HashMap::new(), next: 0 }
    }
}
