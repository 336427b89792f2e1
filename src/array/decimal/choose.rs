//! Which forms the floats of a column are given, and which form each block.
//!
//! A sample of each block says how many digits its decimals have; the most frequent answers of all blocks are tried.
//! Multiples with a common divisor are given larger steps, and where these are of a unit that does not end in the
//! decimal system's favour, the unit itself is tried: 1.15078 for miles an hour that were knots, of which some
//! came out as the nearest floats of decimals and betray it. Then each block is given the form in which its numbers and the bit
//! patterns of all others take the fewest bits, counted exactly, or none.

use super::super::frame::Frame;
use super::float::private::Pattern;
use super::form::{DIGITS, Encoder, Form, Patterns, Unit};
use super::{Float, FloatElement};
use crate::raw::ReserveError;
use crate::raw::blocks::{BLOCK, Blocks, cost};
use crate::raw::growth;
use crate::raw::packed::bits_for;
use alloc::vec::Vec;
use arrayvec::ArrayVec;

/// The floats of a block that say how many digits it has.
const VOTERS: usize = 32;

/// The blocks that are asked.
const VOTES: usize = 256;

/// The numbers of digits that are tried.
const UNITS: usize = 4;

/// More forms than this are never tried.
pub(super) const FORMS: usize = 3 * UNITS;

/// Differences of which the common divisor is taken at a time: enough to find that of the column, and so few that one float
/// that is off does not hide it.
const DIFFERENCES: usize = 8;

/// What a bit pattern beside the numbers is taken to cost, beside its own bits.
const POSITION: usize = 10;

/// The forms that are used, and which of them each block has.
pub(super) struct Choice {
    pub(super) forms: ArrayVec<Encoder, FORMS>,
    /// For each block: the index of a form, or [`NO_FORM`].
    pub(super) blocks: Vec<u8>,
    len: usize,
    /// The floats that have no number, and how their bit patterns are numbered.
    excepted: usize,
    pub(super) patterns: Patterns,
}

/// Where all floats of a block are bit patterns.
pub(super) const NO_FORM: u8 = u8::MAX;

/// Chooses for the values of a column.
pub(super) fn choose<V: FloatElement>(values: &[V]) -> Result<Choice, ReserveError> {
    let forms = candidates(values)?;
    let mut room = Room::default();
    growth::reserve_exact(&mut room.numbers, values.len().min(BLOCK))?;
    growth::reserve_exact(&mut room.patterns, values.len().min(BLOCK))?;
    let mut used = [false; FORMS];
    let mut best = Choice::new(values, &forms, |block| {
        let form = room.best(block, &forms);
        used.get_mut(usize::from(form)).into_iter().for_each(|used| *used = true);
        form
    })?;
    // What suits each block best may not suit all, which share one width of outliers and perhaps need no bit patterns.
    // In a single block, the sections that these take of their own may outweigh what they save.
    if best.forms.len() > 1 || best.excepted > 0 {
        let mut words = best.words(values)?;
        let tried = |&(index, &used): &(usize, &bool)| {
            used || (values.len() <= BLOCK && index < forms.len())
        };
        for (index, _) in used.iter().enumerate().filter(tried) {
            let other = Choice::new(values, &forms, |_| index as u8)?;
            let other_words = other.words(values)?;
            if other_words < words {
                (best, words) = (other, other_words);
            }
        }
    }
    Ok(best)
}

impl Choice {
    fn new<V: FloatElement>(
        values: &[V],
        forms: &ArrayVec<Encoder, FORMS>,
        choose: impl FnMut(&[V]) -> u8,
    ) -> Result<Self, ReserveError> {
        let mut blocks = Vec::new();
        growth::reserve_exact(&mut blocks, values.len().div_ceil(BLOCK))?;
        blocks.extend(values.chunks(BLOCK).map(choose));
        let patterns = Patterns::default();
        let (forms, len) = (forms.clone(), values.len());
        let mut choice = Self { forms, blocks, len, excepted: 0, patterns };
        choice.settle(values);
        Ok(choice)
    }

    /// The words of all that is stored.
    fn words<V: FloatElement>(&self, values: &[V]) -> Result<usize, ReserveError> {
        let numbers = Blocks::words_of(values.len(), |index| self.number(values, index))?;
        let patterns = Blocks::words_of(self.exceptions(), |index| self.pattern(values, index))?;
        let forms = super::forms::words_for(self.forms.len(), self.blocks.len());
        Ok(numbers + patterns + forms)
    }

    /// The length of the exceptions: that of the values, or none where there are none.
    pub(super) fn exceptions(&self) -> usize {
        if self.excepted > 0 { self.len } else { 0 }
    }

    /// The number of the value at `index`, if it is not null nor a bit pattern.
    #[inline]
    pub(super) fn number<V: FloatElement>(&self, values: &[V], index: usize) -> Option<u64> {
        let form = self.forms.get(usize::from(self.blocks[index / BLOCK]))?;
        form.number(values[index].float()?)
    }

    /// The number of the bit pattern of the value at `index`, if it is not null and has no number otherwise.
    #[inline]
    pub(super) fn pattern<V: FloatElement>(&self, values: &[V], index: usize) -> Option<u64> {
        match self.number(values, index) {
            Some(_) => None,
            None => {
                values[index].float().map(|float| self.patterns.number::<V::Float>(float.pattern()))
            }
        }
    }

    /// Drops the forms that no block has, lets the numbers of the others begin with 0, and looks at what has none.
    fn settle<V: FloatElement>(&mut self, values: &[V]) {
        let mut lowest = [None::<u64>; FORMS];
        let mut union = 0;
        for (index, value) in values.iter().enumerate() {
            if let Some(number) = self.number(values, index) {
                let lowest = &mut lowest[usize::from(self.blocks[index / BLOCK])];
                *lowest = Some(lowest.map_or(number, |lowest| lowest.min(number)));
            } else if let Some(float) = value.float() {
                union |= float.pattern();
                self.excepted += 1;
            }
        }
        self.patterns = Patterns::of::<V::Float>(union);
        let mut forms = ArrayVec::new();
        let mut index_of = [NO_FORM; FORMS];
        for ((form, lowest), index) in self.forms.iter().zip(lowest).zip(&mut index_of) {
            if let Some(lowest) = lowest {
                *index = forms.len() as u8;
                let Form { unit, frame } = form.form;
                let frame = Frame { base: frame.value(lowest), ..frame };
                forms.push(Form { unit, frame }.encoder());
            }
        }
        for block in &mut self.blocks {
            *block = index_of.get(usize::from(*block)).copied().unwrap_or(NO_FORM);
        }
        self.forms = forms;
    }
}

/// The forms that a sample of the values speaks for.
fn candidates<V: FloatElement>(values: &[V]) -> Result<ArrayVec<Encoder, FORMS>, ReserveError> {
    let mut votes = [0_u32; DIGITS + 1];
    let mut sample = Vec::new();
    growth::reserve_exact(&mut sample, values.len().min(VOTES * VOTERS))?;
    let every = values.len().div_ceil(BLOCK).div_ceil(VOTES).max(1);
    for block in values.chunks(BLOCK).step_by(every) {
        // Zero is a multiple of everything.
        let floats = || {
            let floats = block.iter().filter_map(|value| value.float());
            floats.filter(|&float| float.into().is_finite() && float.into() != 0.0)
        };
        let (from, count) = (sample.len(), floats().count());
        // Ever further apart, by no whole number, so as not to fall in step with what repeats.
        let place =
            |voter: usize| voter * (voter + 1) / 2 * count / (VOTERS * VOTERS / 2 + VOTERS / 2 - 1);
        let mut voters = 0;
        sample.extend(floats().enumerate().filter_map(|(at, float)| {
            let votes = voters < VOTERS && at >= place(voters);
            voters += usize::from(votes);
            votes.then_some(float)
        }));
        if count > 0 {
            votes[digits(&sample[from..])] += 1;
        }
    }
    let all: u32 = votes.iter().sum();
    let heard = (0..=DIGITS).filter(|&digits| votes[digits] * 64 > all);
    let mut ranking: ArrayVec<usize, { DIGITS + 1 }> = heard.collect();
    ranking.sort_by_key(|&digits| core::cmp::Reverse(votes[digits]));
    ranking.truncate(UNITS);
    if ranking.is_empty() {
        // Nothing but zeros, at best.
        ranking.push(0);
    }
    let mut forms = ArrayVec::new();
    for digits in ranking {
        add_forms(&mut forms, Unit::decimal(digits), &sample)?;
    }
    Ok(forms)
}

/// The digits behind the point by which some floats take the fewest bits, as far as one can tell at a glance.
fn digits<T: Float>(floats: &[T]) -> usize {
    let bits = |&digits: &usize| {
        let unit = Unit::decimal(digits);
        let multiples = || floats.iter().filter_map(|&float| unit.multiple(float));
        let (low, hits) = multiples().fold((i64::MAX, 0), |(low, hits), m| (low.min(m), hits + 1));
        let (mut highest, mut step) = (0, 0);
        for offset in multiples().map(|multiple| multiple.abs_diff(low)) {
            (highest, step) = (offset.max(highest), gcd(offset, step));
        }
        let width = bits_for(highest / step.max(1)) as usize;
        hits * width + (floats.len() - hits) * (T::BITS as usize + POSITION)
    };
    (0..=DIGITS).min_by_key(bits).unwrap_or(0)
}

/// Adds the forms in which multiples of a unit can be numbered, the narrowest first.
fn add_forms<T: Float>(
    forms: &mut ArrayVec<Encoder, FORMS>,
    unit: Unit,
    sample: &[T],
) -> Result<(), ReserveError> {
    let mut multiples = Vec::new();
    growth::reserve_exact(&mut multiples, sample.len())?;
    multiples.extend(sample.iter().filter_map(|&float| unit.multiple(float)));
    if let Some((step, among)) = common_step(&multiples)? {
        let form = Form::every(unit, step, among).encoder();
        let converted = Unit::times(T::nearest(form.form.step()).into());
        if among == 0 && converted.is_valid() {
            let hits = |form: &Encoder| {
                sample.iter().filter(|&&float| form.number(float).is_some()).count()
            };
            let converted = Form::every(converted, 1, 0).encoder();
            if hits(&converted) > hits(&form) {
                forms.push(converted);
            }
        }
        forms.push(form);
    }
    forms.push(Form::every(unit, 1, 0).encoder());
    Ok(())
}

/// The step that most multiples lie apart, where it is more than one, and the least of them that is not negative.
fn common_step(multiples: &[i64]) -> Result<Option<(u64, i64)>, ReserveError> {
    let mut numbers = Vec::new();
    growth::reserve_exact(&mut numbers, multiples.len())?;
    let groups = multiples.chunks(DIFFERENCES + 1);
    let divisors = groups.map(|group| group.iter().map(|one| one.abs_diff(group[0])).fold(0, gcd));
    numbers.extend(divisors.filter(|&divisor| divisor > 0));
    let Some(step) = most_frequent(&mut numbers).filter(|&step| step > 1) else { return Ok(None) };
    numbers.clear();
    numbers.extend(multiples.iter().map(|multiple| multiple.rem_euclid(step as i64) as u64));
    Ok(most_frequent(&mut numbers).map(|rest| (step, rest as i64)))
}

/// The number that occurs most often, and the smallest of several.
fn most_frequent(numbers: &mut [u64]) -> Option<u64> {
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|a, b| a == b);
    runs.rev().max_by_key(|run| run.len()).map(|run| run[0])
}

/// The greatest common divisor, where 0 divides nothing.
fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The bits of the distance from the lowest number to the highest.
fn width(numbers: &[u64]) -> u32 {
    let low = numbers.iter().min();
    low.zip(numbers.iter().max()).map_or(0, |(low, high)| bits_for(high - low))
}

/// A block taken apart by a form.
#[derive(Default)]
struct Room {
    numbers: Vec<u64>,
    /// Those of the floats that have no number.
    patterns: Vec<u64>,
}

impl Room {
    /// The index of the form by which a block takes the fewest bits, or [`NO_FORM`].
    fn best<V: FloatElement>(&mut self, block: &[V], forms: &[Encoder]) -> u8 {
        // Of the forms in which every float has a number, only the narrowest is worth counting.
        let (mut whole, mut narrowest) = (NO_FORM, u32::MAX);
        let mut contenders = [u32::MAX; FORMS];
        for ((index, form), contender) in forms.iter().enumerate().zip(&mut contenders) {
            self.split(block, Some(form));
            let width = width(&self.numbers);
            if !self.patterns.is_empty() {
                // Bit patterns of more than half of a block take what those of all of it do.
                if self.numbers.len() >= self.patterns.len() {
                    *contender = width;
                }
            } else if width < narrowest {
                (whole, narrowest) = (index as u8, width);
            }
        }
        self.split(block, None);
        let patterns = width(&self.patterns);
        let contenders = contenders.iter().enumerate().filter(|&(_, &width)| width < narrowest);
        let mut contenders: ArrayVec<u8, { FORMS + 1 }> =
            contenders.map(|(index, _)| index as u8).collect();
        if patterns < narrowest {
            contenders.push(NO_FORM);
        }
        if contenders.is_empty() {
            return whole;
        }
        if whole != NO_FORM {
            contenders.insert(0, whole);
        }
        let bits = |&form: &u8| {
            self.split(block, forms.get(usize::from(form)));
            self.bits(block.len())
        };
        contenders.into_iter().min_by_key(bits).unwrap_or(whole)
    }

    /// Takes the floats of a block apart, those without a number first of all.
    fn split<V: FloatElement>(&mut self, block: &[V], form: Option<&Encoder>) {
        self.numbers.clear();
        self.patterns.clear();
        for float in block.iter().filter_map(|value| value.float()) {
            match form.and_then(|form| form.number(float)) {
                Some(number) => self.numbers.push(number),
                None => self.patterns.push(float.pattern()),
            }
        }
        let union = self.patterns.iter().fold(0, |union, pattern| union | pattern);
        let patterns = Patterns::of::<V::Float>(union);
        self.patterns
            .iter_mut()
            .for_each(|pattern| *pattern = patterns.number::<V::Float>(*pattern));
    }

    /// The bits of numbers and patterns.
    fn bits(&mut self, len: usize) -> usize {
        let bits = |numbers: &mut [u64]| {
            numbers.sort_unstable();
            cost(numbers, len - numbers.len(), width(numbers))
        };
        bits(&mut self.numbers) + bits(&mut self.patterns)
    }
}
