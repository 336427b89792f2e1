//! Which separators divide, and which are text: the grammar, 64 bytes at a time.
//!
//! A field is quoted if it begins with a quote. So where every quote that opens stands behind a separator (or behind one that closes,
//! which makes two of them a quote that is meant), what is inside of quotes follows from the number of quotes before: the exclusive or of
//! all bits before, which takes six shifts. Where a quote opens that stands elsewhere, it is text, and the block is gone through
//! from one special byte to the next; so are blocks with comments.

use super::kernel::{Masks, Special};
use crate::raw::equal::exclusive_or_of_all_before;

/// What is before the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// A row begins.
    Row,
    /// A field begins that is not the first.
    Field,
    /// In a field, outside of quotes.
    Text,
    /// Inside of quotes.
    Quoted,
    /// Behind a quote that closes, unless another one follows.
    Closed,
    /// In a line that is not read.
    Comment,
}

/// A [`State`], in bits that blocks are joined by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carry {
    /// All bits if the next byte is inside of quotes.
    inside: u64,
    /// The lowest bit if the byte before is a separator, and not text.
    separator: u64,
    /// The lowest bit if the byte before ends a row, or is blank.
    end: u64,
    /// The lowest bit if the byte before is a quote that closes.
    closed: u64,
    comment: bool,
}

/// What a block was found to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// Ends of fields.
    pub(super) separators: u64,
    /// Those of them that end a row.
    pub(super) ends: u64,
    /// In each field that is more than a text between two quotes, at least one byte.
    pub(super) escapes: u64,
}

impl From<State> for Carry {
    #[inline]
    fn from(state: State) -> Self {
        Self {
            inside: if state == State::Quoted { u64::MAX } else { 0 },
            separator: u64::from(matches!(state, State::Row | State::Field)),
            end: u64::from(state == State::Row),
            closed: u64::from(state == State::Closed),
            comment: state == State::Comment,
        }
    }
}

impl Carry {
    pub(super) fn state(self) -> State {
        if self.comment {
            State::Comment
        } else if self.inside != 0 {
            State::Quoted
        } else if self.end != 0 {
            State::Row
        } else if self.separator != 0 {
            State::Field
        } else if self.closed != 0 {
            State::Closed
        } else {
            State::Text
        }
    }

    /// Goes over the next `len` bytes, 1 to 64, of which `masks` has the special ones.
    #[inline(always)]
    pub(super) fn step(
        &mut self,
        masks: Masks,
        bytes: &[u8; 64],
        len: u32,
        special: Special,
    ) -> Marks {
        let Masks { delimiters, ends, quotes, comments, .. } = masks;
        let separators = delimiters | ends;
        if self.comment || comments & (ends << 1 | self.end) != 0 {
            return self.step_by_step(masks, bytes, len, special);
        }
        let mut marks = Marks { separators, ends, escapes: self.closed & !separators };
        let (mut inside, mut closed) = (0, 0);
        if quotes | self.inside != 0 {
            inside = exclusive_or_of_all_before(quotes) ^ self.inside;
            let opening = quotes & inside;
            let closing = quotes & !inside;
            let behind_closing = closing << 1 | self.closed;
            if opening & !((separators | quotes) << 1 | self.separator | self.closed) != 0 {
                return self.step_by_step(masks, bytes, len, special);
            }
            marks.separators &= !inside;
            marks.ends &= !inside;
            let text_behind_closing =
                behind_closing & !(separators | quotes) & u64::MAX >> (64 - len);
            marks.escapes = opening & behind_closing | text_behind_closing;
            closed = closing;
        }
        let last = len - 1;
        let blank = marks.ends & (marks.ends << 1 | self.end);
        *self = Self {
            inside: (inside.cast_signed() >> 63).cast_unsigned(),
            separator: marks.separators >> last & 1,
            end: marks.ends >> last & 1,
            closed: closed >> last & 1,
            comment: false,
        };
        marks.separators &= !blank;
        marks.ends &= !blank;
        marks
    }

    /// The same, from one special byte to the next.
    #[cold]
    fn step_by_step(
        &mut self,
        masks: Masks,
        bytes: &[u8; 64],
        len: u32,
        special: Special,
    ) -> Marks {
        let mut marks = Marks { separators: 0, ends: 0, escapes: 0 };
        let mut state = self.state();
        let mut left = masks.delimiters | masks.ends | masks.quotes | masks.comments;
        let mut at = 0;
        while at < len {
            let next = left.trailing_zeros().min(len);
            let bit = 1_u64 << at;
            if at < next {
                // Nothing special up to there.
                if state == State::Closed {
                    marks.escapes |= bit;
                }
                if !matches!(state, State::Quoted | State::Comment) {
                    state = State::Text;
                }
                at = next;
                continue;
            }
            left &= left - 1;
            at += 1;
            let byte = bytes[next as usize];
            state = match state {
                State::Comment if byte == b'\n' => State::Row,
                State::Comment => State::Comment,
                State::Quoted if Some(byte) == special.quote => State::Closed,
                State::Quoted => State::Quoted,
                State::Row if matches!(byte, b'\n' | b'\r') => State::Row,
                State::Row if Some(byte) == special.comment => State::Comment,
                State::Row | State::Field if Some(byte) == special.quote => State::Quoted,
                State::Closed if Some(byte) == special.quote => {
                    marks.escapes |= bit;
                    State::Quoted
                }
                _ if byte == special.delimiter => {
                    marks.separators |= bit;
                    State::Field
                }
                _ if matches!(byte, b'\n' | b'\r') => {
                    marks.separators |= bit;
                    marks.ends |= bit;
                    State::Row
                }
                State::Closed => {
                    marks.escapes |= bit;
                    State::Text
                }
                _ => State::Text,
            };
        }
        *self = state.into();
        marks
    }
}
