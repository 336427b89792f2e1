//! Object pools.
#![cfg(feature = "std")]

mod bounded;
