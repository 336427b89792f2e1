//! Which separators divide, and which are text: the grammar, 64 bytes at a time.
//!
//! A field is quoted if it begins with a quote. So where every quote that opens stands behind a separator (or behind one that closes,
//! which makes two of them a quote that is meant), what is inside of quotes follows from the number of quotes before: the exclusive or of
//! all bits before, which takes six shifts. Where a quote opens that stands elsewhere, it is text, and the block is gone through
//! from one special byte to the next; so are blocks with comments. Most blocks have no quote and no comment byte, and begin neither
//! in quotes or behind one that closes, nor in a comment: none of this is asked of them.

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

/// A [`State`], in bits that blocks are joined by: one of them, none, or `END` with `SEPARATOR`, since quotes divide nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carry(u64);

/// The byte before is a separator, and not text.
const SEPARATOR: u64 = 1;
/// The byte before ends a row, or is blank: a separator too.
const END: u64 = 1 << 1;
/// The next byte is inside of quotes.
const INSIDE: u64 = 1 << 2;
/// The byte before is a quote that closes.
const CLOSED: u64 = 1 << 3;
/// The next byte is in a line that is not read.
const COMMENT: u64 = 1 << 4;

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
        Self(match state {
            State::Row => END | SEPARATOR,
            State::Field => SEPARATOR,
            State::Text => 0,
            State::Quoted => INSIDE,
            State::Closed => CLOSED,
            State::Comment => COMMENT,
        })
    }
}

impl Carry {
    pub(super) fn state(self) -> State {
        match self.0 {
            0 => State::Text,
            SEPARATOR => State::Field,
            INSIDE => State::Quoted,
            CLOSED => State::Closed,
            COMMENT => State::Comment,
            _ => State::Row,
        }
    }

    /// The lowest bit, if it has this one.
    #[inline(always)]
    fn first_if(self, bit: u64) -> u64 {
        u64::from(self.0 & bit != 0)
    }

    /// Goes over the next `len` bytes, 1 to 64, of which `masks` has the special ones.
    #[inline(always)]
    pub(super) fn step(
        self,
        masks: Masks,
        bytes: &[u8; 64],
        len: usize,
        special: Special,
    ) -> (Marks, Self) {
        let Masks { delimiters, ends, quotes, comments, .. } = masks;
        let separators = delimiters | ends;
        let if_last = |bits: u64, flag: u64| (bits >> (len - 1) & 1) * flag;
        let mut marks = Marks { separators, ends, escapes: 0 };
        let mut carried = 0;
        if quotes | comments | self.0 & !(SEPARATOR | END) != 0 {
            let inside = exclusive_or_of_all_before(quotes) ^ self.first_if(INSIDE).wrapping_neg();
            let (opening, closing) = (quotes & inside, quotes & !inside);
            let behind_closing = closing << 1 | self.first_if(CLOSED);
            let text = !(separators | quotes);
            let may_open = (separators | quotes) << 1 | self.first_if(SEPARATOR | CLOSED);
            let begins_comment = comments & (ends << 1 | self.first_if(END)) != 0;
            if self.0 == COMMENT || begins_comment || opening & !may_open != 0 {
                let special_bytes = separators | quotes | comments;
                let [separators, ends, escapes, after] =
                    self.step_by_step(special_bytes, bytes, len, special);
                return (Marks { separators, ends, escapes }, Self(after));
            }
            let text_behind_closing = behind_closing & text & u64::MAX >> (64 - len);
            marks = Marks {
                separators: separators & !inside,
                ends: ends & !inside,
                escapes: opening & behind_closing | text_behind_closing,
            };
            carried = if_last(inside, INSIDE) | if_last(closing, CLOSED);
        }
        let blank = marks.ends & (marks.ends << 1 | self.first_if(END));
        let after = if_last(marks.separators, SEPARATOR) | if_last(marks.ends, END) | carried;
        marks.separators &= !blank;
        marks.ends &= !blank;
        (marks, Self(after))
    }

    /// The same, from one special byte to the next: separators, ends, escapes and the carry, as words, since in a structure that is
    /// written here they would go through memory on the other way too.
    #[cold]
    fn step_by_step(
        self,
        mut left: u64,
        bytes: &[u8; 64],
        len: usize,
        special: Special,
    ) -> [u64; 4] {
        let mut marks = Marks { separators: 0, ends: 0, escapes: 0 };
        let mut state = self.state();
        let mut at = 0;
        while at < len {
            let next = (left.trailing_zeros() as usize).min(len);
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
            let byte = bytes[next];
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
        let Self(after) = state.into();
        [marks.separators, marks.ends, marks.escapes, after]
    }
}
