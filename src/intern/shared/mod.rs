//! An interner for many threads: hits take no lock and write nothing.
//!
//! ```text
//! hash ──► shard ──► table     slots of 4 bytes: hints         written and read without order
//!            │         │ index
//!            │         ▼
//!            ├─────► texts     len: strings below it are there stored by Release, loaded by Acquire
//!            │                 blocks: where strings lie       in segments that never move
//!            └─────► lock      whoever has it writes           new strings alone take it
//! ```
//!
//! # Why a reader never reads what is being written
//!
//! 1. Only who has the shard's lock writes to texts and table.
//! 2. A string is complete before it is published: its bytes, its bounds and the address of its block are stored, then `len` by
//!    Release. None of that is ever written again. What is written later lies elsewhere: behind it in the chunk, in other bounds.
//! 3. Whoever follows an index has loaded a `len` above it, by Acquire. So all stores of 2 happened before its loads.
//! 4. The elements of a segment are made, and its address is stored, before the length of the array that counts them is stored by
//!    Release. Whoever follows an index there has loaded that length above it, or a `len` of 3, by Acquire.
//! 5. Segments and chunks are freed with the interner alone, and lend what they hold no longer than it is borrowed.
//!
//! Nothing else is needed for memory to be safe. In particular nothing is asked of slots: to a reader they are numbers from anywhere, each
//! of which is checked against `len`.
//!
//! # Why a hit is right
//!
//! A reader gives an index only if the string of that index was published and has the bytes that were looked for. A
//! shard has a string once at most (see below), so this is its index. It does not matter where the index came from: while the
//! table is filled anew, in place, a reader sees slots of before and of after, slots that are empty for the moment, a tag
//! beside the index of another string or the bytes of two indices as one, and the old number of groups with new ones. A
//! wrong index names another string or none, and the search goes on. It ends after as many groups as the reader thought there were.
//!
//! # Why a miss is right, and no string is there twice
//!
//! Whoever misses takes the lock and looks again, be it to intern or to get. With the lock the table is whole: all strings are
//! listed, or it says how many are (a hash that panicked ended a filling), and the others are looked through one by one. So a
//! string is appended only where it is not, and nobody else appends meanwhile.
//!
//! # What becomes of old tables
//!
//! There are none. Where a table has to grow, a segment of slots is added behind those that are there, and all are filled
//! anew from the strings. So there is nothing to retire, and no epochs, hazard pointers or reference counts, which readers would have to
//! write to. The price is that a reader may miss while a table is being filled, and waits for the lock then.

mod freeze;
mod interner;
mod iter;

mod budget;
mod segments;
mod shard;
mod table;
mod texts;

#[cfg(all(test, loom))]
mod interleavings;

pub use interner::SharedInterner;
pub use iter::SharedIter;
