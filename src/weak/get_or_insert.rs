//! The ways to ask a map for a value that it may have to load: by an owned key, by a borrowed one, and for values of a size that only the
//! load tells; each may fail, and wait for other threads as long as it likes. How threads wait is told in `load.rs`.

use super::error::LoadError;
use super::load::{Claim, Loading};
#[cfg(feature = "std")]
use super::map::SharedWeakMap;
use super::map::WeakMapIn;
use super::mode::Mode;
#[cfg(feature = "std")]
use super::mode::Shared;
use super::node::Fresh;
use super::strong::Strong;
use super::table::refused;
use super::value::{Source, Value};
use core::convert::Infallible;
use core::hash::{BuildHasher, Hash};
#[cfg(feature = "std")]
use core::time::Duration;
use hashbrown::Equivalent;
#[cfg(feature = "std")]
use std::time::Instant;

impl<K: Eq + Hash, V, S: BuildHasher, M: Mode> WeakMapIn<K, V, S, M> {
    /// The value of a key; where the map knows none, the one that `load` returns.
    ///
    /// A value is loaded once, however many threads ask for it: the others wait. Values of other keys are loaded meanwhile.
    ///
    /// # Panics
    ///
    /// If `load` panics; who waits then calls the closure of its own. Or if this thread is loading the value of this very key, further up.
    #[must_use = "a value without a handle is dropped, unless the map keeps it alive"]
    pub fn get_or_insert_with(&self, key: K, load: impl FnOnce(&K) -> V) -> Strong<K, V, M> {
        let value = self.try_get_or_insert_with(key, |key| Ok::<V, Infallible>(load(key)));
        value.unwrap_or_else(|error| infallible::<K, V, M>(error, ()))
    }

    /// The value of a key; where the map knows none, the one that `load` returns, if it does.
    ///
    /// # Errors
    ///
    /// What `load` returns. Who waited for it does not get its error, but calls the closure of its own. And `Recursive`, if this thread is
    /// loading the value of this very key, further up.
    ///
    /// # Panics
    ///
    /// If `load` panics; who waits then calls the closure of its own.
    pub fn try_get_or_insert_with<E>(
        &self,
        key: K,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>> {
        self.get_or_load(key, M::FOREVER, load)
    }

    fn get_or_load<E>(
        &self,
        key: K,
        until: M::Deadline,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>> {
        let hash = self.hash(&key);
        if let Some(value) = self.known(hash, &key, until)? {
            return Ok(value);
        }
        let node = Fresh::new(key, ()).map_err(|_| LoadError::Refused)?;
        self.load(hash, node, until, |loading| loading.fill(load))
    }

    /// As [`get_or_insert_with`](Self::get_or_insert_with), by a borrowed key, of which an owned one is made where the map knows no value.
    ///
    /// # Panics
    ///
    /// As [`get_or_insert_with`](Self::get_or_insert_with).
    #[must_use = "a value without a handle is dropped, unless the map keeps it alive"]
    pub fn get_or_insert_ref<Q>(&self, key: &Q, load: impl FnOnce(&K) -> V) -> Strong<K, V, M>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        K: for<'q> From<&'q Q>,
    {
        let value = self.try_get_or_insert_ref(key, |key| Ok::<V, Infallible>(load(key)));
        value.unwrap_or_else(|error| infallible::<K, V, M>(error, ()))
    }

    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), by a borrowed key, of which an owned one is made where the map knows no
    /// value.
    ///
    /// ```
    /// use pennyweight::weak::{LoadError, WeakMap};
    ///
    /// let numbers: WeakMap<String, u32> = WeakMap::new();
    /// let four = numbers.try_get_or_insert_ref("4", |text| text.parse());
    /// assert_eq!(four.as_deref(), Ok(&4));
    /// let five = numbers.try_get_or_insert_ref("five", |text| text.parse());
    /// assert!(matches!(five, Err(LoadError::Failed(_))));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with).
    pub fn try_get_or_insert_ref<Q, E>(
        &self,
        key: &Q,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        K: for<'q> From<&'q Q>,
    {
        self.get_or_load_ref(key, M::FOREVER, load)
    }

    fn get_or_load_ref<Q, E>(
        &self,
        key: &Q,
        until: M::Deadline,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        K: for<'q> From<&'q Q>,
    {
        let hash = self.hash(key);
        if let Some(value) = self.known(hash, key, until)? {
            return Ok(value);
        }
        let node = Fresh::new(K::from(key), ()).map_err(|_| LoadError::Refused)?;
        self.load(hash, node, until, |loading| loading.fill(load))
    }
}

impl<K: Eq + Hash, V: ?Sized + Value, S: BuildHasher, M: Mode> WeakMapIn<K, V, S, M> {
    /// As [`get_or_insert_with`](Self::get_or_insert_with), for a value that is made from what `load` returns: see
    /// [`insert_from`](Self::insert_from).
    ///
    /// How large the value is shows only when it is loaded. So its node is made twice, and the key cloned. Where an owned key
    /// is dear to make, ask [`get`](Self::get) first.
    ///
    /// # Panics
    ///
    /// As [`get_or_insert_with`](Self::get_or_insert_with).
    #[must_use = "a value without a handle is dropped, unless the map keeps it alive"]
    pub fn get_or_insert_from<I: Source<V>>(
        &self,
        key: K,
        load: impl FnOnce(&K) -> I,
    ) -> Strong<K, V, M>
    where
        K: Clone,
    {
        let value = self.try_get_or_insert_from(key, |key| Ok::<I, Infallible>(load(key)));
        value.unwrap_or_else(|error| infallible::<K, V, M>(error, V::LEAST))
    }

    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), for a value that is made from what `load` returns: see
    /// [`get_or_insert_from`](Self::get_or_insert_from).
    ///
    /// # Errors
    ///
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with).
    pub fn try_get_or_insert_from<I: Source<V>, E>(
        &self,
        key: K,
        load: impl FnOnce(&K) -> Result<I, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        K: Clone,
    {
        self.get_or_load_from(key, M::FOREVER, load)
    }

    fn get_or_load_from<I: Source<V>, E>(
        &self,
        key: K,
        until: M::Deadline,
        load: impl FnOnce(&K) -> Result<I, E>,
    ) -> Result<Strong<K, V, M>, LoadError<E>>
    where
        K: Clone,
    {
        let hash = self.hash(&key);
        if let Some(value) = self.known(hash, &key, until)? {
            return Ok(value);
        }
        let node = Fresh::new(key, V::LEAST).map_err(|_| LoadError::Refused)?;
        self.load(hash, node, until, |loading| {
            let value = load(loading.key()).map_err(LoadError::Failed)?;
            loading.publish_from(value)
        })
    }

    /// The value that the map knows of a key, waited for if it is being loaded.
    #[inline]
    fn known<Q: Equivalent<K> + ?Sized, E>(
        &self,
        hash: u32,
        key: &Q,
        until: M::Deadline,
    ) -> Result<Option<Strong<K, V, M>>, LoadError<E>> {
        match self.hit(hash, key) {
            None => self.table.await_entry(hash, |entry| key.equivalent(entry.key()), until),
            hit => Ok(hit),
        }
    }

    /// Loads the value of a node that has none, unless another thread does.
    fn load<E>(
        &self,
        hash: u32,
        node: Fresh<K, V, M>,
        until: M::Deadline,
        load: impl FnOnce(Loading<'_, K, V, M>) -> Result<Strong<K, V, M>, LoadError<E>>,
    ) -> Result<Strong<K, V, M>, LoadError<E>> {
        let value = match self.table.claim(hash, node, until)? {
            Claim::Present(value) => value,
            Claim::Load(loading) => load(loading)?,
        };
        self.table.keep.touch(&value);
        Ok(value)
    }
}

/// With an end to waiting.
///
/// Two threads of which each, while it loads, asks for what the other one loads would wait for ever. A timeout ends it.
#[cfg(feature = "std")]
impl<K: Eq + Hash, V, S: BuildHasher> SharedWeakMap<K, V, S> {
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), and waits no longer than `timeout` for what another thread loads.
    ///
    /// # Errors
    ///
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), and `TimedOut`.
    pub fn try_get_or_insert_within<E>(
        &self,
        key: K,
        timeout: Duration,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, Shared>, LoadError<E>> {
        self.get_or_load(key, after(timeout), load)
    }

    /// As [`try_get_or_insert_ref`](Self::try_get_or_insert_ref), and waits no longer than `timeout` for what another thread loads.
    ///
    /// # Errors
    ///
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), and `TimedOut`.
    pub fn try_get_or_insert_ref_within<Q, E>(
        &self,
        key: &Q,
        timeout: Duration,
        load: impl FnOnce(&K) -> Result<V, E>,
    ) -> Result<Strong<K, V, Shared>, LoadError<E>>
    where
        Q: Hash + Equivalent<K> + ?Sized,
        K: for<'q> From<&'q Q>,
    {
        self.get_or_load_ref(key, after(timeout), load)
    }
}

#[cfg(feature = "std")]
impl<K: Eq + Hash, V: ?Sized + Value, S: BuildHasher> SharedWeakMap<K, V, S> {
    /// As [`try_get_or_insert_from`](Self::try_get_or_insert_from), and waits no longer than `timeout` for what another thread loads.
    ///
    /// ```
    /// use core::time::Duration;
    /// use pennyweight::weak::SharedWeakMap;
    ///
    /// let pages: SharedWeakMap<u32, str> = SharedWeakMap::new();
    /// let second = Duration::from_secs(1);
    /// let page = pages.try_get_or_insert_from_within(7, second, |number| {
    ///     (*number < 10).then(|| format!("page {number}")).ok_or("no such page")
    /// });
    /// assert_eq!(page.as_deref(), Ok("page 7"));
    /// ```
    ///
    /// # Errors
    ///
    /// As [`try_get_or_insert_with`](Self::try_get_or_insert_with), and `TimedOut`.
    pub fn try_get_or_insert_from_within<I: Source<V>, E>(
        &self,
        key: K,
        timeout: Duration,
        load: impl FnOnce(&K) -> Result<I, E>,
    ) -> Result<Strong<K, V, Shared>, LoadError<E>>
    where
        K: Clone,
    {
        self.get_or_load_from(key, after(timeout), load)
    }
}

/// When a timeout ends; `None` if that is beyond the end of time.
#[cfg(feature = "std")]
fn after(timeout: Duration) -> Option<Instant> {
    Instant::now().checked_add(timeout)
}

/// What is left of errors where the closure has none.
#[cold]
fn infallible<K, V: ?Sized + Value, M: Mode>(error: LoadError<Infallible>, extent: V::Extent) -> ! {
    match error {
        LoadError::Refused => refused::<K, V, M>(extent),
        error => panic!("{error}"),
    }
}
