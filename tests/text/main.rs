//! Strings, bytes and lists: against the vectors of std, in order, and as images.

mod images;
mod model;
mod sorted;
