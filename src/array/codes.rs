//! Codes and their frame together: what the packed arrays share.
//!
//! The lowest `reserved` codes are not for values: none in an [`IntArray`](super::IntArray), and
//! code 0 in a [`NullableIntArray`](super::NullableIntArray) that has nulls.

use super::Int;
use super::frame::{Bounds, Frame, Room};
use crate::raw::packed::{BLOCK, mask};
use crate::raw::unpack::Code;
use crate::raw::{Packed, ReserveError, Words};
use crate::size::{Block, HeapSize, Visitor};
use alloc::boxed::Box;
use core::ops::Range;

pub(super) struct Codes<T, W = Box<[u64]>> {
    pub(super) packed: Packed<W>,
    pub(super) frame: Frame<T>,
}

impl<T: Int> Default for Codes<T> {
    fn default() -> Self {
        Self { packed: Packed::default(), frame: Frame::default() }
    }
}

impl<T: Int, W: Words> Codes<T, W> {
    /// The code of a value, if frame and width have one for it.
    #[inline]
    pub(super) fn code(&self, value: T, reserved: u64) -> Option<u64> {
        let code = self.frame.code(value)?.checked_add(reserved)?;
        (code <= mask(self.packed.width())).then_some(code)
    }

    /// Whether all values have codes already.
    pub(super) fn fit_all(&self, mut values: impl Iterator<Item = T>, reserved: u64) -> bool {
        let Some(most) = mask(self.packed.width()).checked_sub(reserved) else { return false };
        let frame = self.frame.divisor();
        values.all(|value| frame.code(value).is_some_and(|code| code <= most))
    }

    /// The lowest and the highest value of a range, and a step that all its differences are
    /// multiples of. `None` where there is no value.
    pub(super) fn bounds(&self, range: Range<usize>, reserved: u64) -> Option<Bounds<T>> {
        if range.is_empty() {
            return None;
        }
        if self.packed.width() == 0 {
            return (reserved == 0).then(|| Bounds::of_one(self.frame.base));
        }
        let (low, high) = if self.packed.is_narrow() {
            let mut found = (u32::MAX, 0);
            self.packed.for_each_narrow(range, |codes| found = extremes(found, codes, reserved));
            (found.0.into(), found.1.into())
        } else {
            let mut found = (u64::MAX, 0);
            self.packed.for_each_wide(range, |codes| found = extremes(found, codes, reserved));
            found
        };
        if high < reserved {
            return None;
        }
        let step = if low == high - reserved { 0 } else { self.frame.scale };
        let (low, high) = (self.frame.value(low), self.frame.value(high - reserved));
        Some(Bounds { low, high, step })
    }

    /// The values that have codes, held or not: what a re-encoding keeps, so that an array re-encodes only to
    /// grow wider. `None` where no value has a code.
    pub(super) fn window(&self, reserved: u64) -> Option<Bounds<T>> {
        let most = mask(self.packed.width()).checked_sub(reserved)?;
        if self.packed.len() == 0 && most == 0 {
            return None;
        }
        let frame = self.frame;
        let top = most.min(T::MAX.offset_from(frame.base) / frame.scale);
        let step = if top == 0 { 0 } else { frame.scale };
        Some(Bounds { low: frame.base, high: frame.value(top), step })
    }

    /// The bounds with the greatest step.
    pub(super) fn exact_bounds(&self, reserved: u64) -> Option<Bounds<T>> {
        let bounds = self.bounds(0..self.packed.len(), reserved)?;
        if bounds.step == 0 {
            return Some(bounds);
        }
        let mut steps = Bounds::of_one(0_u64);
        let first = self.frame.known_code(bounds.low) + reserved;
        self.packed.for_each_wide(0..self.packed.len(), |codes| {
            for &code in codes {
                // A reserved code must not count as a difference.
                steps = steps.with(code.saturating_sub(first));
                if steps.step == 1 {
                    break;
                }
            }
        });
        Some(Bounds { step: steps.step * self.frame.scale, ..bounds })
    }

    /// The sum of `count` values, of which the codes are the values' alone but for zeros.
    pub(super) fn sum(&self, count: usize, reserved: u64) -> i128 {
        self.sum_of(self.packed.sum(), count, reserved)
    }

    /// The sum of `count` values, of which the codes add up to `codes`.
    pub(super) fn sum_of(&self, codes: u128, count: usize, reserved: u64) -> i128 {
        // The sum of fewer than 2⁶³ values fits; what is added up on the way may wrap around.
        let steps = codes.wrapping_sub(u128::from(reserved) * count as u128) as i128;
        let bases = self.frame.base.to_i128().wrapping_mul(count as i128);
        bases.wrapping_add(steps.wrapping_mul(i128::from(self.frame.scale)))
    }

    /// Panics unless the invariants of the parts hold, and every code that is not reserved stands for a value.
    pub(super) fn check_invariants(&self, reserved: u64) {
        self.packed.check_invariants();
        assert!(self.frame.scale >= 1 && self.are_values(reserved));
    }

    /// Whether every code that is not reserved stands for a value.
    pub(super) fn are_values(&self, reserved: u64) -> bool {
        let mut highest = 0;
        if self.packed.width() > 0 {
            self.packed.for_each_wide(0..self.packed.len(), |codes| {
                highest = codes.iter().fold(highest, |highest, &code| highest.max(code));
            });
        }
        let most = T::MAX.offset_from(self.frame.base) / self.frame.scale;
        highest.saturating_sub(reserved) <= most
    }

    /// Calls `f` with the values of a range, block by block, as `decode` takes them from their codes.
    #[inline]
    pub(super) fn for_each_block<V: Copy + Default>(
        &self,
        range: Range<usize>,
        decode: impl Fn(Frame<T>, u64) -> V,
        mut f: impl FnMut(&[V]),
    ) {
        let frame = self.frame;
        let are_words = (size_of::<V>(), align_of::<V>()) == (8, align_of::<u64>());
        if are_words {
            // The three cases of `by_scale`, each told to the loops that are compiled for a processor.
            let packed = &self.packed;
            return match u32::try_from(frame.scale) {
                Ok(1) => packed.for_each_decoded(
                    range,
                    |code| decode(Frame { scale: 1, ..frame }, code),
                    f,
                ),
                Ok(scale) => packed.for_each_decoded(
                    range,
                    |code| decode(Frame { scale: scale.into(), ..frame }, code),
                    f,
                ),
                _ => packed.for_each_decoded(range, |code| decode(frame, code), f),
            };
        }
        let mut values = [V::default(); BLOCK];
        if self.packed.is_narrow() {
            self.packed.for_each_narrow(range, |codes| {
                decode_block(frame, codes, &mut values, &decode);
                f(&values[..codes.len()]);
            });
        } else {
            self.packed.for_each_wide(range, |codes| {
                decode_block(frame, codes, &mut values, &decode);
                f(&values[..codes.len()]);
            });
        }
    }

    /// Folds the values of a range in order, block by block.
    #[inline]
    pub(super) fn fold<V, B>(
        &self,
        range: Range<usize>,
        decode: impl Fn(Frame<T>, u64) -> V,
        init: B,
        mut f: impl FnMut(B, V) -> B,
    ) -> B {
        // Empty only while `f` runs, and then for good if it panics.
        let mut state = Some(init);
        let frame = self.frame;
        if self.packed.is_narrow() {
            self.packed.for_each_narrow(range, |codes| {
                state = state.take().map(|state| fold_block(frame, codes, &decode, state, &mut f));
            });
        } else {
            self.packed.for_each_wide(range, |codes| {
                state = state.take().map(|state| fold_block(frame, codes, &decode, state, &mut f));
            });
        }
        state.unwrap_or_else(|| unreachable!("a fold that returns has a state"))
    }
}

impl<T: Int> Codes<T> {
    /// A frame and a width by which new values have codes beside those that are held. `None` where 64 bits are too few
    /// for them and the reserved codes, of which there are so many before and after.
    ///
    /// What has a code keeps it, held or not, so that an array re-encodes to grow wider and not at every new lowest
    /// value. Only where forgetting what is not held saves a bit is it forgotten: at the present width a few times.
    pub(super) fn frame_for(
        &self,
        new: Option<Bounds<T>>,
        (before, after): (u64, u64),
    ) -> Option<(Frame<T>, u32)> {
        let present = self.packed.width();
        let join = |old: Option<Bounds<T>>| match (old, new) {
            (Some(old), Some(new)) => Some(old.union(new)),
            (old, new) => old.or(new),
        };
        let Some(all) = join(self.window(before)) else { return Some((self.frame, 0)) };
        // The window of codes that are no longer reserved, or not yet, is not to be kept.
        let kept = all.width(after).filter(|_| before == after);
        let held = join(self.bounds(0..self.packed.len(), before)).unwrap_or(all);
        let least = held.width(after).map(|width| width.max(present));
        let falling = new.is_some_and(|new| new.low < self.frame.base);
        // At the present width only where that leaves room for a while, or from 0 on.
        let again = |least: u32| {
            let spare = || mask(least) - after - held.steps();
            let lasts = || {
                held.steps_from_zero().is_some_and(|steps| steps <= spare())
                    || spare() > mask(least) / 16
            };
            least > present || (!self.packed.is_settled() && lasts())
        };
        match (kept, least) {
            (Some(kept), least) if least.is_none_or(|least| kept <= least || !again(least)) => {
                let room = if falling { Room::All } else { Room::None };
                Some((all.frame_with_room(after, kept, room), kept))
            }
            (_, Some(least)) => {
                let room = match falling {
                    _ if least == present => Room::Half,
                    true => Room::All,
                    false => Room::None,
                };
                Some((held.frame_with_room(after, least, room), least))
            }
            // The greatest step may save what is missing.
            _ => match join(self.exact_bounds(before)) {
                Some(exact) => Some((exact.frame(), exact.width(after)?)),
                // Nothing is held, and null alone needs no bits.
                None => Some((self.frame, 0)),
            },
        }
    }

    /// Moves all values to another frame and width, in place, and makes room for `additional` more. `reserved` is
    /// the number of reserved codes before and after. Where the memory is refused, nothing has changed.
    pub(super) fn refit(
        &mut self,
        frame: Frame<T>,
        width: u32,
        reserved: (u64, u64),
        additional: usize,
    ) -> Result<(), ReserveError> {
        let (old, (before, after)) = (self.frame, reserved);
        if old.scale.is_multiple_of(frame.scale) {
            // A step of before is some steps of now: code by code, a multiplication and an addition.
            let steps = old.scale / frame.scale;
            let below = old.base.to_i128() - frame.base.to_i128();
            let moved = (below / i128::from(frame.scale)) as u64;
            let first = moved.wrapping_add(after).wrapping_sub(before.wrapping_mul(steps));
            self.packed.recode(width, additional, |code| {
                if code < before { code } else { code.wrapping_mul(steps).wrapping_add(first) }
            })?;
        } else {
            let frame = frame.divisor();
            self.packed.recode(width, additional, |code| match code.checked_sub(before) {
                Some(code) => frame.known_code(old.value(code)) + after,
                None => code,
            })?;
        }
        self.frame = frame;
        Ok(())
    }
}

impl<T: Copy> Copy for Codes<T, &[u64]> {}

impl<T: Copy, W: Words> Clone for Codes<T, W> {
    fn clone(&self) -> Self {
        Self { packed: self.packed.clone(), frame: self.frame }
    }
}

impl<T, W: Words> HeapSize for Codes<T, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if W::OWNED {
            let (words, slack) = (self.packed.words(), self.packed.slack_bytes());
            visitor.block(Block::new(self.packed.heap_bytes()).with_slack(slack).at(words));
        }
    }
}

/// The end of a slice of `count` values from `start` on, in an array of `len`.
#[track_caller]
pub(super) fn slice_end(start: usize, count: usize, len: usize) -> usize {
    let end = start.saturating_add(count);
    assert!(end <= len, "range end index {end} out of range for length {len}");
    end
}

/// The lowest code, less those that are reserved, and the highest: of some, and of those before.
#[inline(always)]
fn extremes<C: Code + Ord>(before: (C, C), codes: &[C], reserved: u64) -> (C, C) {
    codes.iter().fold(before, |(low, high), &code| {
        // Reserved codes wrap around to the top, where they are nobody's minimum.
        (low.min(C::narrow(code.widen().wrapping_sub(reserved))), high.max(code))
    })
}

/// Evaluates an expression for a frame: compiled once for codes that need no multiplication, once for scales of 32 bits, by
/// which vectors multiply codes of 32 bits in one step, and once for all others. The compiler would take the last two for the
/// same, if it saw where the scale comes from. Not a function of a closure, which might not be inlined, and so not compiled
/// for the vectors at hand.
macro_rules! by_scale {
    ($frame:ident => $loop:expr) => {
        if $frame.scale == 1 {
            let $frame = Frame { scale: 1, ..$frame };
            $loop
        } else if let Ok(scale) = u32::try_from($frame.scale) {
            let $frame = Frame { scale: core::hint::black_box(scale).into(), ..$frame };
            $loop
        } else {
            $loop
        }
    };
}
pub(super) use by_scale;

/// Decodes a block.
#[inline(always)]
pub(super) fn decode_block<T: Int, C: Code, V>(
    frame: Frame<T>,
    codes: &[C],
    values: &mut [V; BLOCK],
    decode: impl Fn(Frame<T>, u64) -> V,
) {
    by_scale!(frame => for (value, code) in values.iter_mut().zip(codes) {
        *value = decode(frame, code.widen());
    });
}

/// Folds a block.
#[inline(always)]
pub(super) fn fold_block<T: Int, C: Code, V, B>(
    frame: Frame<T>,
    codes: &[C],
    decode: impl Fn(Frame<T>, u64) -> V,
    init: B,
    mut f: impl FnMut(B, V) -> B,
) -> B {
    let mut state = init;
    by_scale!(frame => for code in codes {
        state = f(state, decode(frame, code.widen()));
    });
    state
}
