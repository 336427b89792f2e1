//! Waiting in a future, in the same queue as the threads that wait.

use super::error::GetError;
use super::permit::{Held, Permit};
use super::pool::{BoundedPool, Got};
use super::state::{Closed, Grant, Reason, Standing, Ticket};
use super::wake::Signal;
use crate::pool::Hooks;
use crate::pool::guard::Guard;
use alloc::sync::Arc;
use core::fmt;
use core::future::Future;
use core::mem;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

/// The future of [`BoundedPool::get_async`].
///
/// It takes its place in the queue when it is polled first. Dropped before it is done, it gives its place back, and the object that was
/// handed to it meanwhile goes to the next who waits.
#[must_use = "a future does nothing until it is polled"]
pub struct GetAsync<'p, T, H> {
    pool: &'p BoundedPool<T, H>,
    /// Its place, while it waits.
    ticket: Option<Ticket>,
}

/// The future of [`BoundedPool::get_async_owned`]: a [`GetAsync`] that holds the pool.
#[must_use = "a future does nothing until it is polled"]
pub struct GetAsyncOwned<T, H> {
    pool: Arc<BoundedPool<T, H>>,
    /// Its place, while it waits.
    ticket: Option<Ticket>,
}

impl<T, H: Hooks<T>> BoundedPool<T, H> {
    /// Gets an object, and waits for one in a future if all are in use. It needs no runtime, and any executor will do; a timeout is the
    /// executor's, which drops the future.
    ///
    /// [`Hooks::create`] and [`Hooks::validate`] are called where the future is polled.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub fn get_async(&self) -> GetAsync<'_, T, H> {
        GetAsync { pool: self, ticket: None }
    }

    /// Gets an object as [`get_async`](Self::get_async) does, in a guard that holds the pool.
    ///
    /// # Errors
    ///
    /// Those of [`get`](Self::get).
    pub fn get_async_owned(self: &Arc<Self>) -> GetAsyncOwned<T, H> {
        GetAsyncOwned { pool: Arc::clone(self), ticket: None }
    }

    fn poll(&self, place: &mut Option<Ticket>, context: &Context<'_>) -> Poll<Got<T, H::Error>> {
        // Wakers are code of the user: one is cloned, and the one before it dropped, while the pool is not locked.
        let mut spare: Option<Signal> = None;
        let granted = loop {
            let mut state = self.state.lock();
            let granted = match *place {
                None => state.take(self.max),
                Some(ticket) => state.claim(ticket),
            };
            match granted {
                Ok(Some(grant)) => break Ok(grant),
                Err(Closed) => break Err(GetError::Closed),
                Ok(None) => {}
            }
            let signal = place.and_then(|ticket| state.signal(ticket));
            match (signal, &mut spare) {
                (Some(signal), _) if signal.wakes(context.waker()) => return Poll::Pending,
                (Some(signal), Some(new)) => {
                    mem::swap(signal, new);
                    return Poll::Pending;
                }
                (None, new @ Some(_)) => {
                    *place = new.take().map(|signal| state.queue_up(signal));
                    return Poll::Pending;
                }
                (_, None) => {}
            }
            drop(state);
            spare = Some(Signal::Task(context.waker().clone()));
        };
        *place = None;
        let ready = granted.and_then(|grant| self.ready(grant).map_err(GetError::Create));
        // A waker that was not needed may panic here, and the object has its permit as long.
        drop(spare);
        Poll::Ready(ready.map(Held::into_node))
    }
}

impl<T, H> BoundedPool<T, H> {
    /// Lets a future go.
    fn abandon(&self, place: &mut Option<Ticket>) {
        let Some(ticket) = place.take() else { return };
        let of = &self.state;
        let left = of.lock().abandon(ticket);
        match left {
            Some(Standing::Has(Grant::Object(object))) => {
                of.give(object, self.most_bytes);
            }
            Some(Standing::Has(Grant::Permit)) => drop(Permit { of, why: Reason::NotMade }),
            Some(Standing::Waits(_)) | None => {}
        }
    }
}

impl<'p, T, H: Hooks<T>> Future for GetAsync<'p, T, H> {
    type Output = Result<Guard<&'p BoundedPool<T, H>>, GetError<H::Error>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { pool, ticket } = self.get_mut();
        let pool: &'p BoundedPool<T, H> = pool;
        let node = ready!(pool.poll(ticket, context));
        Poll::Ready(node.map(|node| Guard::new(node, pool)))
    }
}

impl<T, H: Hooks<T>> Future for GetAsyncOwned<T, H> {
    type Output = Result<Guard<Arc<BoundedPool<T, H>>>, GetError<H::Error>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { pool, ticket } = self.get_mut();
        let node = ready!(pool.poll(ticket, context));
        Poll::Ready(node.map(|node| Guard::new(node, Arc::clone(pool))))
    }
}

impl<T, H> Drop for GetAsync<'_, T, H> {
    fn drop(&mut self) {
        self.pool.abandon(&mut self.ticket);
    }
}

impl<T, H> Drop for GetAsyncOwned<T, H> {
    fn drop(&mut self) {
        self.pool.abandon(&mut self.ticket);
    }
}

impl<T, H> fmt::Debug for GetAsync<'_, T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetAsync").field("waits", &self.ticket.is_some()).finish_non_exhaustive()
    }
}

impl<T, H> fmt::Debug for GetAsyncOwned<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetAsyncOwned")
            .field("waits", &self.ticket.is_some())
            .finish_non_exhaustive()
    }
}
