//! The forms of a column, and which of them each block has, in words.
//!
//! ```text
//! forms    four words a form: times | over | base | scale
//! blocks   where there are several forms: the index of each block's, four bits each
//! ```

use super::super::frame::Frame;
use super::choose::{Choice, NO_FORM};
use super::form::{Form, MOST, Unit};
use crate::raw::blocks::BLOCK;
use crate::raw::{ReserveError, Words, growth};
use alloc::boxed::Box;

/// The words of a form.
const ENTRY: usize = 4;

/// The bits of an index.
const INDEX_BITS: usize = 4;

/// The most forms that indices tell apart.
pub(super) const MOST_FORMS: usize = 1 << INDEX_BITS;

/// The indices in a word.
const INDICES: usize = 64 / INDEX_BITS;

pub(super) struct Forms<W> {
    /// Invariant: laid out as above.
    words: W,
    /// Invariant: at most [`MOST_FORMS`].
    count: u8,
}

impl Copy for Forms<&[u64]> {}

impl<W: Words> Clone for Forms<W> {
    fn clone(&self) -> Self {
        Self { words: self.words.copy(self.words().len()), count: self.count }
    }
}

impl Forms<Box<[u64]>> {
    pub(super) fn build(choice: &Choice) -> Result<Self, ReserveError> {
        let count = choice.forms.len();
        let mut words = Box::default();
        growth::set_words(&mut words, words_for(count, choice.blocks.len()))?;
        let (table, indices) = words.split_at_mut(count * ENTRY);
        for (entry, form) in table.chunks_exact_mut(ENTRY).zip(&choice.forms) {
            let Form { unit: Unit { times, over }, frame: Frame { base, scale } } = form.form;
            entry.copy_from_slice(&[times.to_bits(), over.to_bits(), base as u64, scale]);
        }
        for (word, blocks) in indices.iter_mut().zip(choice.blocks.chunks(INDICES)) {
            for (at, &index) in blocks.iter().enumerate().filter(|&(_, &index)| index != NO_FORM) {
                *word |= u64::from(index) << (at * INDEX_BITS);
            }
        }
        Ok(Self { words, count: count as u8 })
    }
}

/// The words of so many forms and blocks.
pub(super) fn words_for(count: usize, blocks: usize) -> usize {
    count * ENTRY + if count > 1 { blocks.div_ceil(INDICES) } else { 0 }
}

impl<W: Words> Forms<W> {
    pub(super) fn words(&self) -> &[u64] {
        self.words.words()
    }

    pub(super) fn count(&self) -> usize {
        self.count.into()
    }

    /// The words of so many forms for so many values, or `None` where there cannot be as many.
    pub(super) fn words_for(count: usize, len: usize) -> Option<usize> {
        (count <= MOST_FORMS).then(|| words_for(count, len.div_ceil(BLOCK)))
    }

    /// Forms in words of which [`words_for`](Self::words_for) tells the number; what is wrong, where they are none.
    pub(super) fn from_words(words: W, count: usize, len: usize) -> Result<Self, &'static str> {
        let forms = Self { words, count: count as u8 };
        let blocks = len.div_ceil(BLOCK);
        if Self::words_for(count, len) != Some(forms.words().len()) {
            return Err("its forms have other lengths");
        }
        for entry in forms.words()[..count * ENTRY].chunks_exact(ENTRY) {
            let Form { unit, frame } = form(entry);
            let scales = 1..=2 * MOST as u64;
            if !unit.is_valid()
                || frame.base.unsigned_abs() > MOST as u64
                || !scales.contains(&frame.scale)
            {
                return Err("a form is none");
            }
        }
        if (0..blocks).any(|block| count > 0 && forms.index(block) >= count) {
            return Err("a block has a form that is missing");
        }
        if let (Some(last), true) = (forms.words().last(), count > 1)
            && !blocks.is_multiple_of(INDICES)
            && last >> (blocks % INDICES * INDEX_BITS) != 0
        {
            return Err("a bit behind the last form is set");
        }
        Ok(forms)
    }

    /// The index of the form of a block.
    #[inline]
    pub(super) fn index(&self, block: usize) -> usize {
        if self.count <= 1 {
            return 0;
        }
        let word = self.words()[self.count() * ENTRY + block / INDICES];
        (word >> (block % INDICES * INDEX_BITS)) as usize % MOST_FORMS
    }

    /// The form of a block, or one without a meaning where no block has numbers.
    #[inline]
    pub(super) fn of(&self, block: usize) -> Form {
        self.form(self.index(block))
    }

    /// The form with an index, or one without a meaning where there is none.
    #[inline]
    pub(super) fn form(&self, index: usize) -> Form {
        let at = index * ENTRY;
        self.words().get(at..at + ENTRY).map_or(Form::default(), form)
    }

    /// The form of the most blocks of so many values.
    pub(super) fn most_frequent(&self, len: usize) -> Option<Form> {
        let mut blocks = [0_usize; MOST_FORMS];
        (0..len.div_ceil(BLOCK)).for_each(|block| blocks[self.index(block)] += 1);
        let forms = self.words()[..self.count() * ENTRY].chunks_exact(ENTRY).zip(blocks);
        forms.max_by_key(|&(_, blocks)| blocks).map(|(entry, _)| form(entry))
    }

    /// Whether two blocks have the same form.
    #[inline]
    pub(super) fn are_alike(&self, block: usize, other: usize) -> bool {
        self.index(block) == self.index(other)
    }
}

#[inline]
fn form(entry: &[u64]) -> Form {
    let unit = Unit { times: f64::from_bits(entry[0]), over: f64::from_bits(entry[1]) };
    Form { unit, frame: Frame { base: entry[2] as i64, scale: entry[3] } }
}
