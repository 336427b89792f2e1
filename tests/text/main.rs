//! Strings, bytes and lists: against the vectors of std, in order, and as images.

mod equal;
mod images;
mod model;
mod sorted;
