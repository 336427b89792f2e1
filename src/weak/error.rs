//! Why a value was not loaded or entered.

use core::fmt;

/// Why a value was not loaded. The map is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError<E> {
    /// The closure of this call failed.
    Failed(E),
    /// This thread is loading the value of this very key, further up: it would wait for itself.
    Recursive,
    /// Another thread did not finish loading it in time.
    TimedOut,
    /// The allocator refused the memory for the entry.
    Refused,
}

impl<E: fmt::Display> fmt::Display for LoadError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Recursive => f.write_str("the loading of a value asks for the value itself"),
            Self::TimedOut => f.write_str("another thread took too long to load the value"),
            Self::Refused => f.write_str("the allocator refused the memory for an entry"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for LoadError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            _ => None,
        }
    }
}

/// The allocator refused the memory for an entry. The map is as it was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InsertError<K, V> {
    /// The key that was to be entered.
    pub key: K,
    /// Its value.
    pub value: V,
}

impl<K, V> fmt::Debug for InsertError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InsertError").finish_non_exhaustive()
    }
}

impl<K, V> fmt::Display for InsertError<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the allocator refused the memory for an entry")
    }
}

impl<K, V> core::error::Error for InsertError<K, V> {}
