//! What a string has that the one before has not.
//!
//! ```text
//! op < 255   drop and bytes by the table, and bytes that follow
//! op = 255   drop | len | bytes                               numbers of seven bits a byte, lowest first
//!
//! an entry of the table
//! bit  0         8         12         16                       64
//!      |  drop   |  bytes  |  follow  |  bytes, filled up with zeros |
//! ```

use alloc::vec::Vec;

/// The operation that no table says.
const ESCAPE: u8 = u8::MAX;

/// The operations that are numbered.
pub(super) const MAX_OPS: usize = ESCAPE as usize;

/// The bytes that an operation may bring, and how many may follow it.
pub(super) const OWN_BYTES: usize = 6;
pub(super) const FOLLOWING: usize = 15;

/// The bytes that it may drop.
pub(super) const DROPPED: usize = u8::MAX as usize;

/// Bytes that go and come.
pub(super) struct Tail<'a> {
    pub(super) drop: usize,
    /// Those that come: the first `own` of these, and the following ones.
    bytes: [u8; 8],
    own: usize,
    following: &'a [u8],
}

impl Tail<'_> {
    /// The first byte that comes.
    pub(super) fn first(&self) -> Option<u8> {
        self.own().first().or(self.following.first()).copied()
    }

    pub(super) fn own(&self) -> &[u8] {
        &self.bytes[..self.own]
    }

    pub(super) fn following(&self) -> &[u8] {
        self.following
    }

    /// The number of bytes that come.
    pub(super) fn len(&self) -> usize {
        self.own + self.following.len()
    }
}

/// The operation that drops and brings bytes: at most [`DROPPED`] and [`OWN_BYTES`].
pub(super) fn op_of(drop: usize, bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[2..][..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word) | drop as u64 | (bytes.len() as u64) << 8
}

/// The operation that drops bytes and lets some follow: at most [`DROPPED`] and [`FOLLOWING`].
pub(super) fn form_of(drop: usize, following: usize) -> u64 {
    drop as u64 | (following as u64) << 12
}

/// What an operation drops, brings, and lets follow.
#[inline]
fn parts_of(op: u64) -> (usize, usize, usize) {
    ((op & 0xff) as usize, (op >> 8 & 0xf) as usize, (op >> 12 & 0xf) as usize)
}

/// Whether an entry of the table is an operation.
pub(super) fn is_op(op: u64) -> bool {
    let (_, own, _) = parts_of(op);
    own <= OWN_BYTES && op >> 16 >> (8 * own) == 0
}

/// Makes a string of the one before.
#[inline]
pub(super) fn apply(string: &mut Vec<u8>, tail: &Tail<'_>) {
    let keep = string.len().saturating_sub(tail.drop);
    string.truncate(keep);
    // Eight bytes are copied faster than as many as there are.
    string.extend_from_slice(&tail.bytes);
    string.truncate(keep + tail.own);
    string.extend_from_slice(tail.following);
}

/// The strings of a bucket behind its head.
#[derive(Clone, Default)]
pub(super) struct Tails<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) ops: &'a [u64],
}

impl<'a> Iterator for Tails<'a> {
    type Item = Tail<'a>;

    /// The next one, and `None` at the end or at bytes that are none.
    #[inline]
    fn next(&mut self) -> Option<Tail<'a>> {
        let (&op, rest) = self.bytes.split_first()?;
        let ((drop, own, count), op, rest) = match self.ops.get(usize::from(op)) {
            Some(&op) => (parts_of(op), op, rest),
            None if op == ESCAPE => {
                let (drop, rest) = number(rest)?;
                let (count, rest) = number(rest)?;
                ((drop, 0, count), 0, rest)
            }
            None => return None,
        };
        let (following, rest) = rest.split_at_checked(count)?;
        self.bytes = rest;
        Some(Tail { drop, bytes: (op >> 16).to_le_bytes(), own, following })
    }
}

/// The head of a bucket, and the bytes behind it.
#[inline]
pub(super) fn head(bucket: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = number(bucket)?;
    rest.split_at_checked(len)
}

/// Puts a number down, seven bits a byte.
pub(super) fn put_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The bytes that [`put_number`] takes.
pub(super) fn number_len(number: usize) -> usize {
    (usize::BITS - (number | 1).leading_zeros()).div_ceil(7) as usize
}

/// Takes a number, where there is one.
#[inline]
pub(super) fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let bits = usize::from(byte & 0x7f);
        let shift = 7 * at as u32;
        if shift >= usize::BITS || bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

/// Puts a string down by the one before: the bytes that go, and those that come. `code` knows the operations.
pub(super) fn put_tail(
    bytes: &mut Vec<u8>,
    (drop, tail): (usize, &[u8]),
    code: impl Fn(u64) -> Option<u8>,
) {
    let droppable = drop <= DROPPED;
    if droppable
        && tail.len() <= OWN_BYTES
        && let Some(code) = code(op_of(drop, tail))
    {
        return bytes.push(code);
    }
    match (droppable && tail.len() <= FOLLOWING).then(|| code(form_of(drop, tail.len()))).flatten()
    {
        Some(code) => bytes.push(code),
        None => {
            bytes.push(ESCAPE);
            put_number(bytes, drop);
            put_number(bytes, tail.len());
        }
    }
    bytes.extend_from_slice(tail);
}
