//! Object pools: what they hand out, keep and drop, whoever panics and in whatever thread.

#[cfg(feature = "std")]
mod bounded;
mod local;
#[cfg(feature = "std")]
mod shared;
