//! The strings of a shard: appended by one thread at a time, read by all.
//!
//! As in the arena of an [`Interner`](crate::intern::Interner), the text lies in chunks that never move, and 27 strings, one
//! behind the other, are a block: a cache line that says where it begins and where each of its strings ends. Here the blocks are in
//! [`Segments`], so that they do not move either. A string that does not fit its block lies in a buffer of its own, and its bounds say that it is empty;
//! where it is stands in a list, by index.
#![allow(unsafe_code)]

use super::segments::{Segments, capacity};
use crate::intern::Text;
use crate::intern::chunk::{self, Chunk, MOST, copy};
use crate::intern::hash::{Short, hashes};
use crate::raw::sync::{AtomicPtr, AtomicU16, AtomicU32, AtomicUsize, Witness};
use crate::raw::{ReserveError, growth};
use crate::size as heap;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::array;
use core::marker::PhantomData;
use core::ptr;
use core::slice;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::OnceLock;

/// The strings of a block: with what they have of it, it fills a cache line.
pub(super) const BLOCK: usize = if cfg!(loom) { 2 } else { 27 };

type Blocks = Segments<Block>;
type Places = Segments<Place>;

/// Strings of the type `T`, numbered from 0.
pub(super) struct Texts<T: ?Sized> {
    /// Invariant: the first `len` strings are complete: their bytes, the bounds and the address of their block, and their place in
    /// the list if they lie apart, were written before `len` was stored by Release, and are never written again.
    len: AtomicU32,
    blocks: Blocks,
    /// The one list there is, if any. (A box alone cannot be had without a panic where memory is refused.)
    apart: OnceLock<Box<[Apart]>>,
    text: PhantomData<Box<T>>,
}

/// Where some strings lie.
#[repr(C, align(64))]
pub(super) struct Block {
    /// Invariant: the strings of the block begin here, in a chunk of the writer.
    start: AtomicPtr<u8>,
    /// Invariant: 0, and where each string ends, in bytes from `start`; so where the next one begins.
    bounds: [AtomicU16; BLOCK + 1],
    witnesses: [Witness; BLOCK],
}

/// The strings that lie apart, in the order of their indices.
pub(super) struct Apart {
    /// Invariant: as many are complete.
    len: AtomicUsize,
    list: Places,
}

/// Where a string lies that lies apart.
#[derive(Default)]
pub(super) struct Place {
    index: AtomicUsize,
    /// Invariant: the address of `len` bytes in a chunk of the writer that are never written again.
    start: AtomicPtr<u8>,
    len: AtomicUsize,
}

/// What only the thread needs that appends.
pub(super) struct Writer {
    /// Invariant: of these nothing is freed before the texts are.
    chunks: Vec<Chunk>,
    /// Where the next string goes. Invariant: `room` bytes are there, in a chunk, and no string has them.
    next: *mut u8,
    room: usize,
    /// Invariant: at most `room`, and as many as the ends of the last block can still count.
    free: usize,
    /// The end of the last string in the last block.
    end: u16,
    block_segments: usize,
    place_segments: usize,
    /// The bytes of strings in blocks, and of those apart.
    bytes: usize,
    apart_bytes: usize,
    /// The bytes of chunks.
    held: usize,
}

// SAFETY: `next` is into a chunk that the writer owns, and is followed by whoever has the writer.
unsafe impl Send for Writer {}

/// What has to be allocated for one more string. Nothing, mostly.
#[derive(Default)]
pub(super) struct Plan {
    /// The bytes of a new chunk, or 0.
    chunk: usize,
    /// The capacity of a new list of chunks, or 0.
    chunks: usize,
    /// The bytes of new segments of blocks and places, or 0.
    blocks: usize,
    places: usize,
    /// Whether the string lies apart, as the first one that does, and in how many bytes.
    is_apart: bool,
    is_first_apart: bool,
    own: usize,
}

/// What was allocated for one more string.
#[derive(Default)]
pub(super) struct Room {
    chunk: Option<Chunk>,
    chunks: Option<Vec<Chunk>>,
    blocks: Option<Box<[Block]>>,
    places: Option<Box<[Place]>>,
    apart: Vec<Apart>,
    own: Option<Chunk>,
}

impl<T: Text + ?Sized> Texts<T> {
    pub(super) fn new() -> Self {
        Self {
            len: AtomicU32::new(0),
            blocks: Segments::new(),
            apart: OnceLock::new(),
            text: PhantomData,
        }
    }

    #[inline(always)]
    pub(super) fn len(&self) -> usize {
        self.len.load(Acquire) as usize
    }

    /// The string with an index.
    #[inline(always)]
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        let bytes = self.bytes(index)?;
        // SAFETY: they were those of a `T` when they were pushed.
        Some(unsafe { T::from_bytes_unchecked(bytes) })
    }

    /// The bytes of the string with an index.
    #[inline(always)]
    pub(super) fn bytes(&self, index: usize) -> Option<&[u8]> {
        if index >= self.len() {
            return None;
        }
        // SAFETY: the index is below the length, which was loaded by Acquire.
        let (from, len) = unsafe { self.place(index) };
        if len == 0 {
            return Some(self.apart(index));
        }
        // SAFETY: the string is complete (the invariant of `len`, of which a value behind the index was loaded by Acquire), so
        // its bytes lie between its bounds, are not written again, and stay until the texts are dropped.
        Some(unsafe { slice::from_raw_parts(from, len) })
    }

    /// Whether there is a string with this index, and it is this one. Of a string that lies apart it says no.
    #[inline(always)]
    pub(super) fn holds(&self, index: usize, short: Short) -> bool {
        if index >= self.len() {
            return false;
        }
        // SAFETY: the index is below the length, which was loaded by Acquire.
        let (from, len) = unsafe { self.place(index) };
        // SAFETY: as in `bytes`, as a string as long as this one takes bytes.
        len == short.len() && short.is(unsafe { slice::from_raw_parts(from, len) })
    }

    /// Where a string lies between its bounds, and how many bytes.
    ///
    /// # Safety
    ///
    /// The index is below a length that was loaded by Acquire.
    #[inline(always)]
    unsafe fn place(&self, index: usize) -> (*const u8, usize) {
        // An index is below 2²⁴; so it is divided by a multiplication of half the width.
        let index = index as u32;
        let (block, lane) = (index / BLOCK as u32, (index % BLOCK as u32) as usize);
        // SAFETY: the block of a string is added before the length says that the string is there.
        unsafe { self.blocks.get_added(block) }.place(lane)
    }

    /// The bytes of a string that is complete and has empty bounds.
    #[cold]
    #[inline(never)]
    fn apart(&self, index: usize) -> &[u8] {
        let Some([apart]) = self.apart.get().map(Box::as_ref) else { return &[] };
        let (mut from, mut to) = (0, apart.len());
        while from < to {
            let middle = from.midpoint(to);
            let Some(place) = apart.list.get(middle) else { break };
            let at = place.index.load(Relaxed);
            if at == index {
                let start = place.start.load(Relaxed);
                // SAFETY: the place is complete (the invariant of `Apart::len`), so these are bytes that are not written again and
                // stay until the texts are dropped.
                return unsafe { slice::from_raw_parts(start, place.len.load(Relaxed)) };
            }
            if at < index { from = middle + 1 } else { to = middle }
        }
        &[]
    }

    /// Calls `f` with the hashes of all strings from an index on, in order, as `hash` says.
    pub(super) fn for_each_hash(
        &self,
        mut from: usize,
        hash: impl Fn(&[u8]) -> u64,
        mut f: impl FnMut(u64),
    ) {
        let len = self.len();
        while from < len {
            let (number, first) = (from / BLOCK, from % BLOCK);
            let end = (len - number * BLOCK).min(BLOCK);
            // SAFETY: the block of a string is added before the length says that the string is there.
            let block = unsafe { self.blocks.get_added(number as u32) };
            let bytes = |lane| match block.place(lane) {
                (_, 0) => self.apart(number * BLOCK + lane),
                // SAFETY: as in `bytes`: the string is complete.
                (from, len) => unsafe { slice::from_raw_parts(from, len) },
            };
            let hashes = hashes((1 << end) - (1 << first), block.lens(), bytes, &hash);
            hashes[first..end].iter().for_each(|&hash| f(hash));
            from = number * BLOCK + end;
        }
    }

    /// Whether a string of so many bytes takes nothing but its place behind the last one.
    #[inline(always)]
    pub(super) fn fits(&self, writer: &Writer, len: usize) -> bool {
        !self.len().is_multiple_of(BLOCK) && len <= writer.free
    }

    /// What it takes to append a string of so many bytes.
    pub(super) fn plan(&self, writer: &Writer, len: usize) -> Plan {
        let index = self.len();
        let begins = index.is_multiple_of(BLOCK);
        let mut plan = Plan::default();
        let mut free = writer.free;
        if begins {
            if index / BLOCK == capacity(writer.block_segments) {
                plan.blocks =
                    Blocks::bytes(writer.block_segments + 1) - Blocks::bytes(writer.block_segments);
            }
            // What the block takes if it is like those before, and a bit more.
            let apart = self.apart.get().map_or(0, |apart| apart[0].len());
            let before = (index - apart, writer.bytes);
            let likely = chunk::likely(BLOCK, len, before, writer.end.into());
            free = writer.room.min(MOST);
            if chunk::is_full(writer.room, likely, len, writer.end.into()) {
                plan.chunk = chunk::size(likely, writer.bytes);
                free = plan.chunk.min(MOST);
            }
        }
        if len > free {
            (plan.is_apart, plan.own) = (true, len);
            let apart = self.apart.get().map(|apart| apart[0].len());
            plan.is_first_apart = apart.is_none();
            if apart.unwrap_or(0) == capacity(writer.place_segments) {
                plan.places =
                    Places::bytes(writer.place_segments + 1) - Places::bytes(writer.place_segments);
            }
        }
        let new = usize::from(plan.chunk > 0) + usize::from(plan.is_apart);
        let held = writer.chunks.len();
        if writer.chunks.capacity() - held < new {
            plan.chunks = held + (held / 8).max(new);
        }
        plan
    }

    /// Allocates what a plan says, for [`push`](Self::push).
    pub(super) fn make(&self, writer: &Writer, plan: &Plan) -> Result<Room, ReserveError> {
        let mut room = Room::default();
        if plan.chunk > 0 {
            room.chunk = Some(Chunk::new(plan.chunk)?);
        }
        if plan.chunks > 0 {
            let mut chunks = Vec::new();
            growth::reserve_exact(&mut chunks, plan.chunks)?;
            room.chunks = Some(chunks);
        }
        if plan.blocks > 0 {
            room.blocks = Some(Blocks::make(writer.block_segments)?);
        }
        if plan.places > 0 {
            room.places = Some(Places::make(writer.place_segments)?);
        }
        if plan.is_first_apart {
            growth::reserve_exact(&mut room.apart, 1)?;
            room.apart.push(Apart { len: AtomicUsize::new(0), list: Segments::new() });
        }
        if plan.is_apart {
            room.own = Some(Chunk::new(plan.own)?);
        }
        Ok(room)
    }

    /// Appends a string, with the room that was made for it.
    ///
    /// # Safety
    ///
    /// The writer is that of these texts: made with them, and changed here and by [`append`](Self::append) alone.
    pub(super) unsafe fn push(&self, writer: &mut Writer, text: &T, room: Room) {
        let (index, bytes) = (self.len(), text.as_bytes());
        if let Some(mut chunks) = room.chunks {
            chunks.append(&mut writer.chunks);
            writer.chunks = chunks;
        }
        if let Some(chunk) = room.chunk {
            (writer.next, writer.room) = (chunk.start().as_ptr(), chunk.len());
            writer.keep(chunk);
        }
        if let Some(blocks) = room.blocks {
            self.blocks.add(writer.block_segments, blocks);
            writer.block_segments += 1;
        }
        if index.is_multiple_of(BLOCK) {
            self.block(index).start.store(writer.next, Relaxed);
            writer.end = 0;
            writer.free = writer.room.min(MOST);
        }
        if let Some(own) = room.own {
            self.push_apart(writer, index, bytes, own, room.apart, room.places);
            self.publish(index, writer.end);
        } else {
            // SAFETY: as the caller says, and the block was begun, here or before.
            unsafe { self.append(writer, text) };
        }
    }

    /// Appends a string that [fits](Self::fits), as all do for which room was made.
    ///
    /// # Safety
    ///
    /// The writer is that of these texts, and the block of the next string was begun.
    #[inline(always)]
    pub(super) unsafe fn append(&self, writer: &mut Writer, text: &T) {
        let bytes = text.as_bytes();
        let len = bytes.len();
        assert!(len <= writer.free, "a string that fits");
        // SAFETY: `free` bytes are there that no string has, so nobody else reads or writes them (the invariants of `room` and `free`).
        let place = unsafe { slice::from_raw_parts_mut(writer.next, len) };
        copy(bytes, place);
        writer.next = writer.next.wrapping_add(len);
        writer.room -= len;
        writer.free -= len;
        writer.end += len as u16;
        writer.bytes += len;
        self.publish(self.len(), writer.end);
    }

    /// The block of the string of an index, for whoever appends.
    #[inline(always)]
    fn block(&self, index: usize) -> &Block {
        let Some(block) = self.blocks.get(index / BLOCK) else { unreachable!("planned for") };
        block
    }

    /// Says where the next string ends, and that it is there.
    #[inline(always)]
    fn publish(&self, index: usize, end: u16) {
        let block = self.block(index);
        block.witnesses[index % BLOCK].written();
        block.bounds[index % BLOCK + 1].store(end, Relaxed);
        self.len.store(index as u32 + 1, Release);
    }

    fn push_apart(
        &self,
        writer: &mut Writer,
        index: usize,
        bytes: &[u8],
        own: Chunk,
        first: Vec<Apart>,
        places: Option<Box<[Place]>>,
    ) {
        assert_eq!(own.len(), bytes.len(), "planned for");
        let start = own.start().as_ptr();
        // SAFETY: the chunk has as many bytes, and nobody else has it yet.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start, bytes.len()) };
        writer.keep(own);
        writer.apart_bytes += bytes.len();
        let apart = &self.apart.get_or_init(|| first.into_boxed_slice())[0];
        if let Some(places) = places {
            apart.list.add(writer.place_segments, places);
            writer.place_segments += 1;
        }
        let len = apart.len();
        let Some(place) = apart.list.get(len) else { unreachable!("planned for") };
        place.index.store(index, Relaxed);
        place.start.store(start, Relaxed);
        place.len.store(bytes.len(), Relaxed);
        apart.len.store(len + 1, Release);
    }

    /// What is on the heap: chunks and their list, blocks, and the places of strings that lie apart.
    pub(super) fn heap(&self, writer: &Writer) -> [heap::Block; 5] {
        let blocks = Blocks::bytes(writer.block_segments);
        let unused = blocks - self.len().div_ceil(BLOCK) * size_of::<Block>();
        let apart = self.apart.get();
        let places = Places::bytes(writer.place_segments);
        let taken = apart.map_or(0, |apart| apart[0].len()) * size_of::<Place>();
        [
            heap::Block::new(writer.held)
                .with_count(writer.chunks.len())
                .with_slack(writer.held - writer.text_bytes()),
            heap::Block::array::<Chunk>(writer.chunks.capacity(), writer.chunks.len()),
            heap::Block::new(blocks).with_count(writer.block_segments).with_slack(unused),
            heap::Block::array::<Apart>(apart.map_or(0, |apart| apart.len()), 1),
            heap::Block::new(places).with_count(writer.place_segments).with_slack(places - taken),
        ]
    }

    pub(super) fn check_invariants(&self, writer: &Writer) {
        let len = self.len();
        assert!(len.div_ceil(BLOCK) <= capacity(writer.block_segments));
        let held: usize = writer.chunks.iter().map(|chunk| chunk.len()).sum();
        assert_eq!(held, writer.held);
        let apart = self.apart.get().map_or(0, |apart| apart[0].len());
        let (mut bytes, mut lying_apart) = (0, 0);
        for index in 0..len {
            let text = self.bytes(index).unwrap();
            assert!(T::from_bytes(text).is_some());
            let at = text.as_ptr().addr();
            let lies_in = |chunk: &Chunk| chunk.addresses().contains(&at);
            assert!(writer.chunks.iter().any(lies_in) || text.is_empty());
            lying_apart += usize::from(!self.apart(index).is_empty());
            bytes += text.len();
        }
        assert_eq!((bytes, lying_apart), (writer.text_bytes(), apart));
    }
}

impl Block {
    /// Where a string of the block lies between its bounds, and how many bytes.
    #[inline(always)]
    fn place(&self, lane: usize) -> (*const u8, usize) {
        self.witnesses[lane].read();
        let start = usize::from(self.bounds[lane].load(Relaxed));
        let end = usize::from(self.bounds[lane + 1].load(Relaxed));
        (self.start.load(Relaxed).wrapping_add(start), end - start)
    }

    /// The bytes between the bounds of all strings, and anything for those that are not there.
    #[inline(always)]
    fn lens(&self) -> [u16; BLOCK] {
        let bounds = self.bounds.each_ref().map(|bound| bound.load(Relaxed));
        array::from_fn(|lane| bounds[lane + 1].wrapping_sub(bounds[lane]))
    }
}

impl Default for Block {
    fn default() -> Self {
        Self {
            start: AtomicPtr::default(),
            bounds: array::from_fn(|_| AtomicU16::new(0)),
            witnesses: array::from_fn(|_| Witness::default()),
        }
    }
}

impl Apart {
    fn len(&self) -> usize {
        self.len.load(Acquire)
    }
}

impl Writer {
    pub(super) const fn new() -> Self {
        Self {
            chunks: Vec::new(),
            next: ptr::null_mut(),
            room: 0,
            free: 0,
            end: 0,
            block_segments: 0,
            place_segments: 0,
            bytes: 0,
            apart_bytes: 0,
            held: 0,
        }
    }

    /// The bytes of all strings.
    pub(super) fn text_bytes(&self) -> usize {
        self.bytes + self.apart_bytes
    }

    fn keep(&mut self, chunk: Chunk) {
        self.held += chunk.len();
        self.chunks.push(chunk);
    }
}

impl Plan {
    /// The bytes by which the heap grows.
    pub(super) fn bytes(&self, writer: &Writer) -> usize {
        let chunks = self.chunks.saturating_sub(writer.chunks.capacity()) * size_of::<Chunk>();
        let apart = if self.is_first_apart { size_of::<Apart>() } else { 0 };
        (self.chunk + chunks + self.blocks + self.places + apart).saturating_add(self.own)
    }
}
