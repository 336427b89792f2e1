//! Strings one behind the other, in chunks that never move.
//!
//! ```text
//! index 70 = block 1, within it 6           bounds  [ 0 | 5 | 9 | … | 520 | 526 | … ]   of u16
//!                                                      └ string 0 ends and string 1 begins
//! blocks   [ address | address | address | … ]
//!               │         │         │            where bound 0 would be, if the text of the block lay as it does here
//! chunks        ▼         ▼         ▼
//!   [ strings of block 0 | of block 1 | room ]  [ of block 2 | … ]
//! ```
//!
//! Each 64 strings are a block, and lie one behind the other in a chunk. Where the rest of a chunk would not take a block like those
//! before, nor two like the last one, a block begins a chunk. The bounds count on from block to block, so that each string begins
//! where the one before ends, and begin at 0 again before 16 bits are too few. All this takes 2.1 bytes a string.
//!
//! A string that does not fit this lies apart, in a buffer of its own: one that is much longer than others, one for which the block's
//! chunk has no room after all, and the one at which the bounds begin anew. Its end is not behind its start. The empty string
//! has such bounds too, and is not found among those apart.
#![allow(unsafe_code)]

use super::chunk::{self, Chunk, MOST, copy};
use super::hash::{Short, hashes};
use super::text::Text;
use crate::raw::{ReserveError, growth};
use crate::size::{Block, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::array;
use core::marker::PhantomData;
use core::ptr;
use core::slice;

/// The strings of a block.
const BLOCK: usize = 64;

/// Up to so many bounds, these come 16 at a time.
const FEW: usize = 2 * BLOCK;

/// Strings of the type `T`, numbered from 0.
pub(super) struct Arena<T: ?Sized> {
    /// Invariant: an address for each 64 strings that were begun. What lies between two bounds of a block that grow, counted from there,
    /// is in a chunk.
    blocks: Vec<*mut u8>,
    /// Invariant: empty, or a zero and the ends of all strings. Between two that grow lie the bytes of a `T` that was pushed.
    bounds: Vec<u16>,
    chunks: Vec<Chunk>,
    /// Strings that lie apart, by index.
    apart: Vec<(u32, Apart)>,
    /// Invariant: the strings in all blocks.
    len: usize,
    /// Invariant: the address of the last block. What is `end` behind it has an address, and the bytes from there to the end of the last
    /// chunk are no string's.
    start: *mut u8,
    /// Invariant: the last bound; and the one at which the text of the last block begins, which is the same while it has none.
    end: usize,
    begin: usize,
    /// Invariant: up to where the strings of the last block may reach: at least `end`, not out of the chunk, and no further than
    /// bounds can count.
    limit: usize,
    /// The bytes of strings in chunks from before the bounds began anew, and of strings apart.
    bytes_before: usize,
    apart_bytes: usize,
    /// The bytes of chunks, and of strings that lie apart.
    held: usize,
    text: PhantomData<Box<T>>,
}

/// The bytes of a string that lies apart.
enum Apart {
    Own(Box<[u8]>),
    Static(&'static [u8]),
}

// SAFETY: an arena owns its chunks, and its addresses are followed into these alone, which are written by `&mut`.
unsafe impl<T: ?Sized> Send for Arena<T> {}
// SAFETY: as above.
unsafe impl<T: ?Sized> Sync for Arena<T> {}

impl<T: ?Sized + Text> Arena<T> {
    pub(super) const fn new() -> Self {
        Self {
            blocks: Vec::new(),
            bounds: Vec::new(),
            chunks: Vec::new(),
            apart: Vec::new(),
            len: 0,
            start: ptr::dangling_mut(),
            end: 0,
            begin: 0,
            limit: 0,
            bytes_before: 0,
            apart_bytes: 0,
            held: 0,
            text: PhantomData,
        }
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The bytes of all strings.
    pub(super) fn text_bytes(&self) -> usize {
        self.chunk_bytes() + self.apart_bytes
    }

    /// The bytes of the strings in chunks.
    fn chunk_bytes(&self) -> usize {
        self.bytes_before + self.end
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<*mut u8>()
            + self.bounds.capacity() * size_of::<u16>()
            + self.chunks.capacity() * size_of::<Chunk>()
            + self.apart.capacity() * size_of::<(u32, Apart)>()
            + self.held
    }

    pub(super) fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.block(Block::array::<*mut u8>(self.blocks.capacity(), self.blocks.len()));
        visitor.block(Block::array::<u16>(self.bounds.capacity(), self.bounds.len()));
        visitor.block(Block::array::<Chunk>(self.chunks.capacity(), self.chunks.len()));
        visitor.block(Block::array::<(u32, Apart)>(self.apart.capacity(), self.apart.len()));
        let own = self.apart.iter().filter(|(_, apart)| apart.own() > 0);
        let (count, own) =
            own.fold((0, 0), |(count, own), (_, apart)| (count + 1, own + apart.own()));
        visitor.block(Block::new(own).with_count(count));
        let slack = self.held - own - self.chunk_bytes();
        let chunks = Block::new(self.held - own).with_count(self.chunks.len());
        visitor.block(chunks.with_slack(slack));
    }

    /// The string with an index.
    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        if index >= self.len {
            return None;
        }
        // SAFETY: the index is checked.
        let (block, bounds) = unsafe { self.place(index) };
        // SAFETY: they are those of this string.
        let bytes = unsafe { self.between(block, bounds) };
        // The search for one that lies apart is not called but in place: a call that nearly never happens would still keep what a loop
        // around this needs out of registers.
        let bytes = bytes.unwrap_or_else(|| self.listed_apart(index).map_or(&[], Apart::bytes));
        // SAFETY: they were those of a `T` when they were pushed.
        Some(unsafe { T::from_bytes_unchecked(bytes) })
    }

    /// The bytes of the string with an index, which the arena has.
    #[inline(always)]
    pub(super) fn bytes(&self, index: usize) -> &[u8] {
        assert!(index < self.len);
        // SAFETY: checked.
        let (block, bounds) = unsafe { self.place(index) };
        // SAFETY: they are those of this string.
        unsafe { self.between(block, bounds) }.unwrap_or_else(|| self.apart(index))
    }

    /// The address of the block of a string, and its bounds.
    ///
    /// # Safety
    ///
    /// The index is below the length.
    #[inline(always)]
    unsafe fn place(&self, index: usize) -> (*mut u8, [u16; 2]) {
        // SAFETY: there is a bound more than strings (the invariants of `bounds` and `len`).
        let start = *unsafe { self.bounds.get_unchecked(index) };
        // SAFETY: as above.
        let end = *unsafe { self.bounds.get_unchecked(index + 1) };
        // SAFETY: the block of the string was begun (the invariants of `blocks` and `len`).
        (*unsafe { self.blocks.get_unchecked(index / BLOCK) }, [start, end])
    }

    /// The bytes between two bounds of a block, if they grow.
    ///
    /// # Safety
    ///
    /// They are those of a string of this arena.
    #[inline(always)]
    unsafe fn between(&self, block: *mut u8, bounds: [u16; 2]) -> Option<&[u8]> {
        let [start, end] = bounds.map(usize::from);
        let len = end as isize - start as isize;
        // SAFETY: as the caller says, and they grow.
        (len > 0).then(|| unsafe { within(block, start, len as usize) })
    }

    /// Whether the string with an index is this one. Of a string that lies apart it says no.
    #[inline(always)]
    pub(super) fn holds(&self, index: usize, short: Short) -> bool {
        assert!(index < self.len);
        // SAFETY: checked.
        let (block, bounds) = unsafe { self.place(index) };
        let [start, end] = bounds.map(usize::from);
        // SAFETY: they are those of this string, and grow where they are as far apart as a short string is long: what wraps around is
        // longer.
        end.wrapping_sub(start) == short.len()
            && short.is(unsafe { within(block, start, short.len()) })
    }

    /// The bytes of a string whose end is not behind its start.
    #[cold]
    #[inline(never)]
    fn apart(&self, index: usize) -> &[u8] {
        self.listed_apart(index).map_or(&[], Apart::bytes)
    }

    /// A string that lies apart, if it is not empty.
    #[inline(always)]
    fn listed_apart(&self, index: usize) -> Option<&Apart> {
        let at = self.apart.binary_search_by_key(&index, |&(index, _)| index as usize).ok()?;
        Some(&self.apart[at].1)
    }

    /// Calls `f` with the hashes of all strings, in order, as `hash` says.
    #[inline(always)]
    pub(super) fn for_each_hash(&self, hash: impl Fn(&[u8]) -> u64, mut f: impl FnMut(u64)) {
        let mut bounds = [0; BLOCK + 1];
        for (number, &block) in self.blocks.iter().enumerate() {
            let first = number * BLOCK;
            let count = (self.len - first).min(BLOCK);
            bounds[..=count].copy_from_slice(&self.bounds[first..=first + count]);
            let lens = array::from_fn(|at| bounds[at + 1].wrapping_sub(bounds[at]));
            let bytes = |at: usize| {
                // SAFETY: they are those of the string of this index.
                let bytes = unsafe { self.between(block, [bounds[at], bounds[at + 1]]) };
                bytes.unwrap_or_else(|| self.apart(first + at))
            };
            let hashes = hashes::<BLOCK>(u64::MAX >> (BLOCK - count), lens, bytes, &hash);
            hashes[..count].iter().for_each(|&hash| f(hash));
        }
    }

    /// Up to which index strings take no room but for their text.
    pub(super) fn until(&self) -> usize {
        let begun = self.blocks.len() * BLOCK;
        begun.min(self.bounds.capacity().saturating_sub(1))
    }

    /// Whether the text of so many bytes fits behind the last one.
    #[inline(always)]
    pub(super) fn fits(&self, len: usize) -> bool {
        len <= self.limit - self.end
    }

    /// Appends a string that simply follows the last one: its block was begun, and its text fits.
    #[inline(always)]
    pub(super) fn append(&mut self, text: &T) {
        assert!(self.len < self.blocks.len() * BLOCK, "a block that was begun");
        let bytes = text.as_bytes();
        let len = bytes.len();
        assert!(len <= self.limit - self.end, "a string that fits");
        let place = self.start.wrapping_add(self.end);
        // SAFETY: it has an address, and so many bytes are there, which nobody else has (the invariants of `start` and `limit`).
        let place = unsafe { slice::from_raw_parts_mut(place, len) };
        copy(bytes, place);
        self.end += len;
        self.bounds.push(self.end as u16);
        self.len += 1;
    }

    /// What it takes to append a string of so many bytes, which need no copy where they are static.
    pub(super) fn plan(&self, len: usize, is_static: bool) -> Plan {
        let within = self.len % BLOCK;
        let begins = within == 0;
        let grown = |capacity: usize, len: usize, more: usize| {
            if capacity - len >= more { capacity } else { len + (len / 8).max(more) }
        };
        // For the rest of the block, so that they grow once a block at most; or 16, while there are few.
        let bounds = match self.bounds.len() {
            0 => 1 + 16,
            len if !begins && len < self.bounds.capacity() => 1,
            len if len <= FEW => (BLOCK - within).min(16),
            _ => BLOCK - within,
        };
        let mut plan = Plan {
            begins,
            blocks: grown(self.blocks.capacity(), self.blocks.len(), begins.into()),
            bounds: grown(self.bounds.capacity(), self.bounds.len(), bounds),
            chunk: 0,
            chunks: self.chunks.capacity(),
            is_apart: false,
            counts_anew: false,
            apart: self.apart.capacity(),
            own: 0,
        };
        let is_apart = if is_static && len > size_of::<(u32, Apart)>() {
            true
        } else if begins || self.end == self.begin {
            // The block has no text yet, and may lie anywhere: where there is room for what it takes if it is like those before, and
            // for a bit more.
            let last = self.last_block();
            let before = (self.len - self.apart.len(), self.chunk_bytes());
            let likely = chunk::likely(BLOCK - within, len, before, last);
            plan.counts_anew = len > 0 && chunk::is_full(MOST - self.end, likely, len, last);
            let is_apart = plan.counts_anew || len > likely;
            if !is_apart && chunk::is_full(self.room(), likely, len, last) {
                plan.chunk = chunk::size(likely, self.chunk_bytes());
                plan.chunks = grown(plan.chunks, self.chunks.len(), 1);
            }
            is_apart
        } else {
            len > self.limit - self.end
        };
        if is_apart {
            plan.is_apart = true;
            plan.apart = grown(plan.apart, self.apart.len(), 1);
            plan.own = if is_static { 0 } else { len };
        }
        plan
    }

    /// The bytes of strings in the block before the one that the next string is in, or 0.
    fn last_block(&self) -> usize {
        let next = self.len / BLOCK * BLOCK;
        let Some(last) = next.checked_sub(BLOCK) else { return 0 };
        let bounds = &self.bounds[last..=next];
        // Where the bounds began anew, it was before its text.
        let start = if bounds.is_sorted() { bounds[0] } else { 0 };
        usize::from(bounds[BLOCK] - start)
    }

    /// The bytes of the last chunk that no string has.
    fn room(&self) -> usize {
        let end = self.chunks.last().map_or(0, |chunk| chunk.addresses().end);
        end.saturating_sub(self.start.wrapping_add(self.end).addr())
    }

    /// The heap bytes once a plan is carried out.
    pub(super) fn heap_bytes_after(&self, plan: &Plan) -> usize {
        let vecs = plan.blocks * size_of::<*mut u8>()
            + plan.bounds * size_of::<u16>()
            + plan.chunks * size_of::<Chunk>()
            + plan.apart * size_of::<(u32, Apart)>();
        vecs.saturating_add(self.held + plan.chunk).saturating_add(plan.own)
    }

    /// Appends a string as planned.
    pub(super) fn push(&mut self, text: &T, plan: &Plan) -> Result<(), ReserveError> {
        let mut own = Vec::new();
        growth::reserve_exact(&mut own, plan.own)?;
        own.extend_from_slice(&text.as_bytes()[..plan.own]);
        self.make_room(plan)?;
        if plan.is_apart {
            self.push_apart(Apart::Own(own.into_boxed_slice()));
        } else {
            self.append(text);
        }
        Ok(())
    }

    /// Appends a string that is always there, as planned.
    pub(super) fn push_static(
        &mut self,
        text: &'static T,
        plan: &Plan,
    ) -> Result<(), ReserveError> {
        self.make_room(plan)?;
        if plan.is_apart {
            self.push_apart(Apart::Static(text.as_bytes()));
        } else {
            self.append(text);
        }
        Ok(())
    }

    /// Appends a string of another arena.
    pub(super) fn push_from(&mut self, other: &Self, index: usize) -> Result<(), ReserveError> {
        let text = other.bytes(index);
        if let Some(&Apart::Static(text)) = other.listed_apart(index) {
            // SAFETY: they were those of a `T` when they were pushed.
            let text = unsafe { T::from_bytes_unchecked(text) };
            return self.push_static(text, &self.plan(text.as_bytes().len(), true));
        }
        // SAFETY: as above.
        let text = unsafe { T::from_bytes_unchecked(text) };
        self.push(text, &self.plan(text.as_bytes().len(), false))
    }

    fn push_apart(&mut self, apart: Apart) {
        self.held += apart.own();
        self.apart_bytes += apart.bytes().len();
        self.apart.push((self.len as u32, apart));
        self.bounds.push(self.end as u16);
        self.len += 1;
    }

    /// Makes the room of a plan, and begins a block where it says so.
    fn make_room(&mut self, plan: &Plan) -> Result<(), ReserveError> {
        growth::reserve_exact(&mut self.blocks, plan.blocks)?;
        growth::reserve_exact(&mut self.bounds, plan.bounds)?;
        growth::reserve_exact(&mut self.chunks, plan.chunks)?;
        growth::reserve_exact(&mut self.apart, plan.apart)?;
        let chunk = if plan.chunk > 0 { Some(Chunk::new(plan.chunk)?) } else { None };
        if self.bounds.is_empty() {
            self.bounds.push(0);
        }
        if plan.begins {
            self.begin = self.end;
            self.blocks.push(self.start);
        }
        if self.end > self.begin {
            return Ok(());
        }
        // The block has no text yet.
        let mut free = self.start.wrapping_add(self.end);
        if let Some(chunk) = chunk {
            free = chunk.start().as_ptr();
            self.chunks.push(chunk);
            self.held += plan.chunk;
        }
        if plan.counts_anew {
            self.bytes_before += self.end;
            (self.end, self.begin) = (0, 0);
        }
        self.start = free.wrapping_sub(self.end);
        // Where it remains without text, its next string is planned for, too.
        let room = if plan.is_apart { 0 } else { self.room() };
        self.limit = (self.end + room).min(MOST);
        if let Some(block) = self.blocks.last_mut() {
            *block = self.start;
        }
        Ok(())
    }

    /// Gives back what nothing lies in, but for the rest of the last chunk.
    pub(super) fn shrink_to_fit(&mut self) {
        self.blocks.shrink_to_fit();
        self.chunks.shrink_to_fit();
        self.apart.shrink_to_fit();
        self.bounds.shrink_to_fit();
    }

    pub(super) fn check_invariants(&self) {
        assert_eq!(self.blocks.len(), self.len.div_ceil(BLOCK));
        assert_eq!(self.bounds.len(), if self.len == 0 { 0 } else { self.len + 1 });
        let mut chunks: Vec<_> = self.chunks.iter().map(Chunk::addresses).collect();
        chunks.sort_unstable_by_key(|chunk| chunk.start);
        let held: usize = chunks.iter().map(|chunk| chunk.len()).sum();
        let own: usize = self.apart.iter().map(|(_, apart)| apart.own()).sum();
        assert_eq!(self.held, held + own);
        assert!(self.apart.is_sorted_by_key(|&(index, _)| index));
        assert!(self.begin <= self.end);
        assert!(self.end <= self.limit && self.limit <= (self.end + self.room()).min(MOST));
        assert_eq!(self.bounds.last().map_or(0, |&end| usize::from(end)), self.end);
        assert!(self.blocks.last().is_none_or(|&block| block == self.start));
        let free = self.start.wrapping_add(self.end).addr();
        let last = self.chunks.last().map(Chunk::addresses);
        assert!(last.is_none_or(|last| last.contains(&free) || last.end == free));
        let mut bytes = 0;
        for index in 0..self.len {
            let text = self.bytes(index);
            assert!(T::from_bytes(text).is_some());
            let apart = self.listed_apart(index).is_some();
            let before = chunks.partition_point(|chunk| chunk.start <= text.as_ptr().addr());
            let lies_in = before > 0 && chunks[before - 1].contains(&text.as_ptr().addr());
            assert_eq!(lies_in, !apart && !text.is_empty());
            bytes += text.len();
        }
        assert_eq!(bytes, self.text_bytes());
    }
}

/// Strings are put down anew, one behind the other.
impl<T: ?Sized + Text> Clone for Arena<T> {
    fn clone(&self) -> Self {
        let mut arena = Self::new();
        let pushed = (0..self.len).try_for_each(|index| arena.push_from(self, index));
        pushed.unwrap_or_else(|error| error.raise());
        arena
    }
}

/// The room that a string takes: capacities and the bytes of new buffers.
pub(super) struct Plan {
    /// Whether the string begins a block.
    begins: bool,
    blocks: usize,
    bounds: usize,
    /// The bytes of a new chunk, or 0.
    chunk: usize,
    chunks: usize,
    /// Whether the string lies apart, and whether the bounds begin at 0 again with it.
    is_apart: bool,
    counts_anew: bool,
    apart: usize,
    /// The bytes of a buffer of the string's own.
    own: usize,
}

impl Apart {
    #[inline(always)]
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Static(bytes) => bytes,
        }
    }

    /// The bytes of a buffer of its own.
    fn own(&self) -> usize {
        match self {
            Self::Own(bytes) => bytes.len(),
            Self::Static(_) => 0,
        }
    }
}

/// The bytes behind a bound of a block, up to the next one.
///
/// # Safety
///
/// The bounds are those of a string of this block, in an arena that outlives `'a`, and grow by `len`.
#[inline(always)]
unsafe fn within<'a>(block: *mut u8, start: usize, len: usize) -> &'a [u8] {
    // SAFETY: between two bounds that grow lie the bytes of a string in a chunk (the invariants of `blocks` and `bounds`), none of which
    // changes.
    unsafe { slice::from_raw_parts(block.wrapping_add(start), len) }
}
