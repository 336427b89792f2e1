//! The bytes that were read and not yet handed out, and where their rows and fields end.

use super::kernel::{Kernel, Processor, Special, Work};
use super::row::{Row, is_blank};
use super::split::{Carry, Marks, State};
use crate::size::{HeapSize, Visitor};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;
use memchr::{memchr, memchr_iter, memchr2};

/// How many ends of fields are looked for at once, unless a row has more; and how many ends of rows.
const FIELDS: usize = 2048;
const ROWS: usize = 512;

/// A part of the input, with an index of the rows in it.
///
/// ```text
/// buffer   rows that were   rows in the     the beginning   not yet
///          handed out       index           of a row        looked at     free
///         |                |               |               |             |        |
///                           bounds[first]   bounds[last     scanned       filled
///                                             of rows]
/// ```
pub(super) struct Window {
    pub(super) buffer: Vec<u8>,
    /// How many bytes there are. Invariant: `scanned <= filled <= buffer.len()`, far below 2³².
    pub(super) filled: usize,
    /// How many of them are gone through.
    pub(super) scanned: usize,
    /// How many LF of the input are before the byte at `scanned`.
    lines: u64,
    /// Where fields begin: the first one, and then one behind each separator. Invariant: the first `len` rise, and none is above
    /// `scanned`, but the last one by one where the input ends a row.
    pub(super) bounds: Vec<u32>,
    len: usize,
    /// Where in `bounds` the next row begins.
    first: usize,
    /// For each row, where in `bounds` it ends. Invariant: the first `row_count` rise, and those from `next` on are above `first` and below
    /// `len`.
    rows: Vec<u32>,
    pub(super) row_count: usize,
    /// The next of them.
    pub(super) next: usize,
    /// The fields, by their index in `bounds`, that are not as they are meant once the quotes around them are left away. They rise.
    escaped: Vec<u32>,
    /// How many of them belong to rows that were taken.
    unescaped: usize,
    /// The next one, or `u32::MAX`.
    next_escaped: u32,
    /// What is before the byte at `scanned`.
    carry: Carry,
    processor: Processor,
    special: Special,
    /// The quote as rows have it.
    quote: u16,
    /// Whether blanks around fields are left away.
    pub(super) trims: bool,
}

/// A row in the window.
pub(super) struct Found {
    /// Where in `bounds` its fields begin.
    pub(super) fields: Range<usize>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Window {
    pub(super) fn new(buffer_len: usize, special: Special, trims: bool) -> Self {
        Self {
            buffer: vec![0; buffer_len],
            filled: 0,
            scanned: 0,
            lines: 0,
            bounds: vec![0; FIELDS],
            len: 1,
            first: 0,
            rows: vec![0; ROWS],
            row_count: 0,
            next: 0,
            escaped: Vec::new(),
            unescaped: 0,
            next_escaped: u32::MAX,
            carry: State::Row.into(),
            processor: Processor::detect(),
            special,
            quote: special.quote.map_or(u16::MAX, u16::from),
            trims,
        }
    }

    /// Takes the next row out of the index.
    #[inline(always)]
    pub(super) fn take_row(&mut self) -> Found {
        let start = self.row_start();
        let (first, last) = (self.first, self.rows[self.next] as usize);
        self.next += 1;
        self.first = last;
        // In between there may be blank lines.
        self.bounds[first] = start as u32;
        Found { fields: first..last, start, end: self.bounds[last] as usize - 1 }
    }

    /// Where the row ends that was taken last, behind the byte that ends it.
    #[inline]
    pub(super) fn taken(&self) -> usize {
        self.bounds[self.first] as usize
    }

    #[inline(always)]
    pub(super) fn is_escaped(&self, row: &Found) -> bool {
        self.next_escaped < row.fields.end as u32
    }

    #[inline(always)]
    pub(super) fn row(&self, row: &Found, number: u64, offset: u64) -> Row<'_> {
        let bounds = &self.bounds[row.fields.start..=row.fields.end];
        let Self { quote, trims, .. } = *self;
        Row { buffer: &self.buffer, bounds, quote, trims, window: self, number, offset }
    }

    /// The number of the line of the byte at `start`, which is gone through.
    pub(super) fn line(&self, start: usize) -> u64 {
        self.lines - newlines(&self.buffer[start..self.scanned]) + 1
    }

    /// Where the next row begins: behind blank lines and comments. At most `scanned`.
    #[inline]
    fn row_start(&self) -> usize {
        let mut start = self.bounds[self.first] as usize;
        while let Some(&byte) = self.buffer[..self.scanned].get(start) {
            if byte == b'\n' || byte == b'\r' {
                start += 1;
            } else if Some(byte) == self.special.comment {
                start = self.comment_end(start);
            } else {
                break;
            }
        }
        start
    }

    #[cold]
    fn comment_end(&self, start: usize) -> usize {
        let rest = &self.buffer[start..self.scanned];
        memchr(b'\n', rest).map_or(self.scanned, |end| start + end)
    }

    /// What is found of the row that is not yet whole.
    pub(super) fn part_of_row(&mut self) -> Found {
        let start = self.row_start();
        self.bounds[self.first] = start as u32;
        Found { fields: self.first..self.len, start, end: self.scanned }
    }

    /// Which field of a row the byte at `at` belongs to, as an index in `bounds`.
    pub(super) fn field_at(&self, row: &Found, at: usize) -> usize {
        let begins = &self.bounds[row.fields.clone()];
        row.fields.start + begins.partition_point(|&begin| begin as usize <= at).max(1) - 1
    }

    pub(super) fn state(&self) -> State {
        self.carry.state()
    }

    /// Looks for rows in what was not gone through, until there are enough of them. Where none is found, either all is gone through, or
    /// the index is full.
    pub(super) fn scan(&mut self) {
        if self.first > 0 {
            self.forget_rows();
        }
        (self.next, self.row_count) = (0, 0);
        self.processor.run(Scan(self));
        self.note_next_escaped();
    }

    /// Drops the rows that were taken from the index.
    fn forget_rows(&mut self) {
        let first = self.first;
        self.bounds.copy_within(first..self.len, 0);
        self.len -= first;
        self.escaped.drain(..self.unescaped);
        for field in &mut self.escaped {
            *field -= first as u32;
        }
        (self.first, self.unescaped) = (0, 0);
    }

    pub(super) fn grow_index(&mut self) {
        let len = self.bounds.len();
        self.bounds.resize(2 * len, 0);
    }

    /// Moves the row that is not yet whole to the beginning, and returns by how far. Of a comment that goes on, one byte is kept.
    pub(super) fn forget_bytes(&mut self) -> usize {
        let mut start = self.row_start();
        if let (State::Comment, Some(comment)) = (self.state(), self.special.comment) {
            start = self.scanned - 1;
            self.buffer[start] = comment;
        }
        self.bounds[self.first] = start as u32;
        if start > 0 {
            self.buffer.copy_within(start..self.filled, 0);
            for bound in &mut self.bounds[self.first..self.len] {
                *bound -= start as u32;
            }
            self.filled -= start;
            self.scanned -= start;
        }
        start
    }

    /// Room for more bytes, for rows of `max_row_len`.
    pub(super) fn room(&mut self, max_row_len: usize) -> &mut [u8] {
        let len = self.buffer.len();
        if self.filled == len {
            // It is one row, which is not too long.
            let new_len = (2 * len).min(max_row_len + 1).max(len + 1);
            self.buffer.reserve_exact(new_len - len);
            self.buffer.resize(new_len, 0);
        }
        &mut self.buffer[self.filled..]
    }

    /// Goes on behind the first end of a line from `start` on, or with what is read next if there is none.
    pub(super) fn skip_line(&mut self, start: usize) -> bool {
        let end = memchr2(b'\n', b'\r', &self.buffer[start..self.filled]);
        self.restart(end.map_or(self.filled, |end| start + end + 1));
        end.is_some()
    }

    /// Goes on at `start`, where a row begins.
    pub(super) fn restart(&mut self, start: usize) {
        (self.first, self.len, self.next, self.row_count) = (0, 1, 0, 0);
        self.escaped.clear();
        (self.unescaped, self.next_escaped) = (0, u32::MAX);
        self.bounds[0] = start as u32;
        if start < self.scanned {
            self.lines -= newlines(&self.buffer[start..self.scanned]);
        } else {
            self.lines += newlines(&self.buffer[self.scanned..start]);
        }
        self.scanned = start;
        self.carry = State::Row.into();
    }

    /// Ends a row where the input ends.
    pub(super) fn end_row(&mut self) {
        if self.len == self.bounds.len() {
            self.grow_index();
        }
        self.bounds[self.len] = self.filled as u32 + 1;
        self.rows[0] = self.len as u32;
        self.len += 1;
        self.row_count = 1;
        self.carry = State::Row.into();
    }

    /// Writes the fields of a row that was taken as they are meant, with a quote before and one behind those that are quoted. So it
    /// becomes shorter, and begins later.
    pub(super) fn unescape(&mut self, row: &Found) {
        let Some(quote) = self.special.quote else { return };
        // What is before `until`, and the fields up to `last`, are still to be moved, by `shift`.
        let (mut until, mut last, mut shift) = (row.end, row.fields.end - 1, 0);
        let count = self.escaped[self.unescaped..]
            .partition_point(|&field| (field as usize) < row.fields.end);
        for &field in self.escaped[self.unescaped..][..count].iter().rev() {
            let field = field as usize;
            let (start, end) = (self.bounds[field] as usize, self.bounds[field + 1] as usize - 1);
            self.buffer.copy_within(end..until, end + shift);
            shift_by(shift, &mut self.bounds[field + 1..=last]);
            let len = unescape(&mut self.buffer[start..end], quote, self.trims);
            shift += end - start - len;
            (until, last) = (start + len, field);
        }
        self.buffer.copy_within(row.start..until, row.start + shift);
        shift_by(shift, &mut self.bounds[row.fields.start..=last]);
        self.unescaped += count;
        self.note_next_escaped();
    }

    fn note_next_escaped(&mut self) {
        self.next_escaped = self.escaped.get(self.unescaped).copied().unwrap_or(u32::MAX);
    }

    pub(super) fn check_invariants(&self) {
        assert!(self.scanned <= self.filled && self.filled <= self.buffer.len());
        let bounds = &self.bounds[self.first..self.len];
        assert!(bounds.is_sorted_by(|before, after| before < after));
        assert!(bounds.iter().all(|&bound| bound as usize <= self.scanned + 1));
        let rows = &self.rows[self.next..self.row_count];
        assert!(rows.is_sorted_by(|before, after| before < after));
        assert!(rows.iter().all(|&row| (self.first + 1..self.len).contains(&(row as usize))));
        assert!(self.escaped.is_sorted_by(|before, after| before < after));
        let next_escaped = self.escaped.get(self.unescaped).copied();
        assert_eq!(self.next_escaped, next_escaped.unwrap_or(u32::MAX));
    }
}

impl HeapSize for Window {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("buffer", &self.buffer);
        visitor.field("bounds", &self.bounds);
        visitor.field("rows", &self.rows);
        visitor.field("escaped", &self.escaped);
    }
}

struct Scan<'a>(&'a mut Window);

impl Work for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn run<K: Kernel>(self, kernel: K) {
        let Window { special, filled, scanned, len, row_count, carry, .. } = *self.0;
        let Window { buffer, bounds, rows, escaped, .. } = self.0;
        let mut index = Index { bounds, rows, escaped, len, row_count, carry, scanned, lines: 0 };
        index.add_all(kernel, special, &buffer[scanned..filled]);
        let Index { len, row_count, carry, scanned, lines, .. } = index;
        let window = self.0;
        (window.len, window.row_count, window.carry, window.scanned) =
            (len, row_count, carry, scanned);
        window.lines += lines;
    }
}

/// The fields of a [`Window`] that a scan changes, in registers as far as there are some.
struct Index<'a> {
    bounds: &'a mut [u32],
    rows: &'a mut [u32],
    escaped: &'a mut Vec<u32>,
    len: usize,
    row_count: usize,
    carry: Carry,
    scanned: usize,
    /// How many LF this scan has found.
    lines: u64,
}

impl Index<'_> {
    /// Adds what is found in bytes, as far as there is room for it.
    #[inline(always)]
    fn add_all<K: Kernel>(&mut self, kernel: K, special: Special, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks();
        for block in blocks {
            if !self.add(kernel, special, block, 64) {
                return;
            }
        }
        if !rest.is_empty() {
            let mut block = [0; 64];
            block[..rest.len()].copy_from_slice(rest);
            self.add(kernel, special, &block, rest.len());
        }
    }

    /// Adds what is found in the first `valid` bytes of a block, the next that is scanned; false if there is no room for it.
    #[inline(always)]
    fn add<K: Kernel>(
        &mut self,
        kernel: K,
        special: Special,
        block: &[u8; 64],
        valid: usize,
    ) -> bool {
        let Some(bounds) = self.bounds[self.len..].first_chunk_mut() else { return false };
        let Some(rows) = self.rows[self.row_count..].first_chunk_mut::<64>() else { return false };
        let masks = kernel.masks(block, special).first(valid);
        let (marks, carry) = self.carry.step(masks, block, valid, special);
        self.carry = carry;
        kernel.positions(marks.separators, self.scanned as u32 + 1, bounds);
        let Marks { separators, ends, escapes } = marks;
        // Mostly one row ends or none: the first is written in any case, and behind `row_count` where there is none.
        let [first, others @ ..] = rows;
        *first = self.len as u32 + before_first(ends, separators);
        let mut left = ends & ends.wrapping_sub(1);
        for row in others {
            if left == 0 {
                break;
            }
            *row = self.len as u32 + before_first(left, separators);
            left &= left - 1;
        }
        if escapes != 0 {
            note(self.escaped, escapes, separators, self.len);
        }
        self.lines += u64::from(masks.newlines.count_ones());
        self.row_count += ends.count_ones() as usize;
        self.len += separators.count_ones() as usize;
        self.scanned += valid;
        true
    }
}

/// How many separators are before the first bit that is set.
#[inline(always)]
fn before_first(bits: u64, separators: u64) -> u32 {
    (separators & !bits & bits.wrapping_sub(1)).count_ones()
}

/// Notes the fields in which bits are set.
#[cold]
fn note(escaped: &mut Vec<u32>, mut bits: u64, separators: u64, len: usize) {
    while bits != 0 {
        let field = len as u32 + before_first(bits, separators) - 1;
        if escaped.last() != Some(&field) {
            escaped.push(field);
        }
        bits &= bits - 1;
    }
}

fn shift_by(shift: usize, bounds: &mut [u32]) {
    bounds.iter_mut().for_each(|bound| *bound += shift as u32);
}

/// How many lines end in a text.
fn newlines(text: &[u8]) -> u64 {
    memchr_iter(b'\n', text).count() as u64
}

/// Leaves quotes away, but for one at the beginning and one at the end, and returns how long it is then. If `trims`, blanks behind the
/// quote that closes are left away too, unless more follows.
fn unescape(field: &mut [u8], quote: u8, trims: bool) -> usize {
    let (mut from, mut to, mut inside) = (1, 1, true);
    let mut closed = 1;
    while let Some(&byte) = field.get(from) {
        from += 1;
        if inside && byte == quote {
            if field.get(from) != Some(&quote) {
                (inside, closed) = (false, to);
                continue;
            }
            from += 1;
        }
        field[to] = byte;
        to += 1;
    }
    if trims {
        to -= field[closed..to].iter().rev().take_while(|&&byte| is_blank(byte)).count();
    }
    // There is room for it, since the one that closed was left away.
    field[to] = quote;
    to + 1
}
