//! Object pools: what they hand out, keep and drop, whoever panics and in whatever thread.

mod both;
#[cfg(feature = "std")]
mod bounded;
#[cfg(feature = "std")]
mod buffers;
#[cfg(feature = "std")]
mod peers_bugs;
#[cfg(feature = "std")]
mod shared;
