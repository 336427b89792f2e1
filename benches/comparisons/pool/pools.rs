//! Pools behind one trait.

use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use std::sync::Arc;

use dynamic_pool::{DynamicPool, DynamicPoolItem, DynamicReset};
use lockfree_object_pool::{LinearObjectPool, LinearReusable};
use opool::PoolAllocator;
use pennyweight::pool::{BoundedPool, Guard, LocalPool, Pool};
use pennyweight_baseline::pool::{BlockingPool, InUse};
use sharded_slab::Clear;

use super::object::{Makes, Object};

/// What hands objects out and takes them back.
pub(super) trait Pooled<T: Object>: 'static {
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;

    /// A pool without objects, which has room for so many. Those without a limit need no number.
    fn with_room(objects: usize) -> Self;

    /// A pool without objects, of which few will be in use at a time.
    fn empty() -> Self
    where
        Self: Sized,
    {
        Self::with_room(64)
    }

    /// An object that is as new.
    fn get(&self) -> Self::Guard<'_>;
}

/// No pool: each object is made anew, and dropped.
pub(super) struct Fresh<T>(PhantomData<fn() -> T>);

/// An object that is dropped with it.
pub(super) struct Own<T>(T);

impl<T: Object> Pooled<T> for Fresh<T> {
    type Guard<'a> = Own<T>;

    fn with_room(_: usize) -> Self {
        Self(PhantomData)
    }

    #[inline]
    fn get(&self) -> Own<T> {
        Own(T::make())
    }
}

impl<T> Deref for Own<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Own<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Object> Pooled<T> for Pool<T, Makes> {
    type Guard<'a> = Guard<&'a Self>;

    fn with_room(_: usize) -> Self {
        Self::new(Makes)
    }

    #[inline]
    fn get(&self) -> Guard<&Self> {
        self.get()
    }
}

/// With guards that own a reference to the pool.
impl<T: Object> Pooled<T> for Arc<Pool<T, Makes>> {
    type Guard<'a> = Guard<Self>;

    fn with_room(_: usize) -> Self {
        Self::new(Pool::new(Makes))
    }

    #[inline]
    fn get(&self) -> Guard<Self> {
        self.get_owned()
    }
}

impl<T: Object> Pooled<T> for LocalPool<T, Makes> {
    type Guard<'a> = Guard<&'a Self>;

    fn with_room(_: usize) -> Self {
        Self::new(Makes)
    }

    #[inline]
    fn get(&self) -> Guard<&Self> {
        self.get()
    }
}

impl<T: Object> Pooled<T> for BoundedPool<T, Makes> {
    type Guard<'a> = Guard<&'a Self>;

    fn with_room(objects: usize) -> Self {
        Self::new(objects, Makes)
    }

    #[inline]
    fn get(&self) -> Guard<&Self> {
        self.get().expect("an open pool")
    }
}

impl<T: Object> Pooled<T> for BlockingPool<T, fn() -> T> {
    type Guard<'a> = InUse<'a, T, fn() -> T>;

    fn with_room(objects: usize) -> Self {
        Self::new(objects, T::make)
    }

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        let mut object = self.get();
        object.reset();
        object
    }
}

impl<T: Object> Pooled<T> for object_pool::Pool<T> {
    type Guard<'a> = object_pool::Reusable<'a, T>;

    fn with_room(_: usize) -> Self {
        Self::new(0, T::make)
    }

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        let mut object = self.pull(T::make);
        object.reset();
        object
    }
}

impl<T: Object> PoolAllocator<T> for Makes {
    #[inline]
    fn allocate(&self) -> T {
        T::make()
    }

    #[inline]
    fn reset(&self, object: &mut T) {
        object.reset();
    }
}

impl<T: Object> Pooled<T> for opool::Pool<Makes, T> {
    type Guard<'a> = opool::RefGuard<'a, Makes, T>;

    fn with_room(objects: usize) -> Self {
        Self::new(objects, Makes)
    }

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        self.get()
    }
}

impl<T: Object> Pooled<T> for opool::LocalPool<Makes, T> {
    type Guard<'a> = opool::RefLocalGuard<'a, Makes, T>;

    fn with_room(objects: usize) -> Self {
        Self::new(objects, Makes)
    }

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        self.get()
    }
}

impl<T: Object> Pooled<T> for LinearObjectPool<T> {
    type Guard<'a> = LinearReusable<'a, T>;

    fn with_room(_: usize) -> Self {
        Self::new(T::make, T::reset)
    }

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        self.pull()
    }
}

/// An object as dynamic-pool wants it.
pub(super) struct Resets<T>(T);

impl<T: Object> DynamicReset for Resets<T> {
    #[inline]
    fn reset(&mut self) {
        self.0.reset();
    }
}

/// A guard of dynamic-pool.
pub(super) struct Item<T: Object>(DynamicPoolItem<Resets<T>>);

impl<T: Object> Pooled<T> for DynamicPool<Resets<T>> {
    type Guard<'a> = Item<T>;

    fn with_room(objects: usize) -> Self {
        Self::new(0, objects, || Resets(T::make()))
    }

    #[inline]
    fn get(&self) -> Item<T> {
        Item(self.take())
    }
}

impl<T: Object> Deref for Item<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0.0
    }
}

impl<T: Object> DerefMut for Item<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0.0
    }
}

/// A place of sharded-slab, which wants to make them without objects.
pub(super) struct Place<T>(Option<T>);

impl<T> Default for Place<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Object> Clear for Place<T> {
    #[inline]
    fn clear(&mut self) {
        self.0.iter_mut().for_each(T::reset);
    }
}

/// A guard of sharded-slab. An object whose guard is dropped is idle only after it is cleared by its key.
pub(super) struct Keyed<'a, T: Object> {
    pool: &'a sharded_slab::Pool<Place<T>>,
    place: Option<sharded_slab::pool::RefMut<'a, Place<T>>>,
}

impl<T: Object> Pooled<T> for sharded_slab::Pool<Place<T>> {
    type Guard<'a> = Keyed<'a, T>;

    fn with_room(_: usize) -> Self {
        Self::new()
    }

    #[inline]
    fn get(&self) -> Keyed<'_, T> {
        let mut place = self.create().expect("room");
        place.0.get_or_insert_with(T::make);
        Keyed { pool: self, place: Some(place) }
    }
}

impl<T: Object> Deref for Keyed<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.place.as_ref().and_then(|place| place.0.as_ref()).expect("there until the drop")
    }
}

impl<T: Object> DerefMut for Keyed<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.place.as_mut().and_then(|place| place.0.as_mut()).expect("there until the drop")
    }
}

impl<T: Object> Drop for Keyed<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(place) = self.place.take() {
            let key = place.key();
            drop(place);
            self.pool.clear(key);
        }
    }
}
