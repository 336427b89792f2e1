//! Maps over std's `Weak`s against a naive twin, and what they say of dead entries.
#![cfg(feature = "std")]

mod bound;
mod edges;
mod keys;
mod model;
