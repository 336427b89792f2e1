//! Whether two views have memory in common.
//!
//! The bytes of a view lie at `low + Σ step * index + byte`, where `low` is its lowest address, each axis gives a positive
//! step and an index up to its length, and `byte` counts the bytes of an element. Two views share a byte if such a
//! sum of one equals one of the other. Turned around (the second view counted down from its highest byte) this
//! is one equation,
//!
//! ```text
//! Σ step * x = target,    0 <= x <= last
//! ```
//!
//! with a term for each axis of both views and one of step 1 for the bytes. It is a bounded Diophantine equation;
//! whether it has a solution is NP-complete, a subset sum in disguise. Views that occur are simple:
//!
//! 1. If the spans from lowest to highest byte are disjoint, so are the views: no equation.
//! 2. A term whose step is a multiple of a smaller one's, and no further away than that one reaches, continues it, and
//!    both become one term. All that lies without gaps, in whatever order of axes, becomes a single term.
//! 3. The largest step is tried first. What smaller steps can reach together, and their greatest common divisor, leave it few values:
//!    most often one or two, and with two terms left the first of them is a solution.
//!
//! Values tried are counted, and past [`TRIES`] the answer is "may".

use super::View;
use arrayvec::ArrayVec;

/// How many values of indices are tried at most, all axes together.
const TRIES: usize = 10_000;

/// Axes with two indices or more, of both views, and the bytes of an element. As the lengths of a view multiply to a `usize`,
/// there are at most 63 such axes in each.
const TERMS: usize = 128;

/// Whether two views have bytes in common.
///
/// ```
/// use pennyweight::view::{Sharing, View, column};
///
/// let pairs = [(1_u32, 2.5_f32), (3, 4.5)];
/// let all = View::from(&pairs[..]);
/// let (numbers, floats) = (column!(pairs, (u32, f32), 0), column!(pairs, (u32, f32), 1));
/// assert_eq!(all.shares_memory(&numbers), Sharing::Shared);
/// // They interleave, but have no byte in common.
/// assert_eq!(numbers.shares_memory(&floats), Sharing::Disjoint);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sharing {
    /// No byte is part of both.
    Disjoint,
    /// At least one byte is part of both.
    Shared,
    /// Their spans overlap, and after many attempts it is not known whether a byte is part of both.
    MayShare,
}

impl Sharing {
    /// False only where the views are known to be disjoint.
    #[inline]
    pub const fn may_share(self) -> bool {
        !matches!(self, Self::Disjoint)
    }
}

impl<T, const N: usize> View<'_, T, N> {
    /// Whether this view and another one have bytes in common.
    ///
    /// The answer is exact for all but strange views: where strides have no common divisor and axes are many, the
    /// search ends after 10,000 attempts with [`MayShare`](Sharing::MayShare). Views whose spans do not overlap are told apart at once.
    /// Allocates nothing. Elements without a size share nothing; the padding of a struct counts as its own.
    ///
    /// ```
    /// use pennyweight::view::{Sharing, View};
    ///
    /// let numbers = [1, 2, 3, 4];
    /// let view = |range| View::from(&numbers[range]);
    /// assert_eq!(view(0..3).shares_memory(&view(2..4)), Sharing::Shared);
    /// assert_eq!(view(0..2).shares_memory(&view(2..4)), Sharing::Disjoint);
    /// ```
    ///
    /// # Source
    ///
    /// NumPy's [`shares_memory`](https://numpy.org/doc/stable/reference/generated/numpy.shares_memory.html), whose
    /// `mem_overlap.c` states the problem. The joining of terms is new here.
    pub fn shares_memory<U, const M: usize>(&self, other: &View<'_, U, M>) -> Sharing {
        let (Some(a), Some(b)) = (Span::of(self), Span::of(other)) else {
            return Sharing::Disjoint;
        };
        if a.high < b.low || b.high < a.low {
            return Sharing::Disjoint;
        }
        // Neither sum overflows: a view spans less than half of the address space, an element less than a view.
        let mut terms = ArrayVec::<Term, TERMS>::new();
        terms.push(Term::new(1, size_of::<T>() - 1 + size_of::<U>() - 1));
        terms.extend(a.axes(self));
        terms.extend(b.axes(other));
        let mut tries = TRIES;
        match solve(&join(terms), b.high - a.low, &mut tries) {
            Some(true) => Sharing::Shared,
            Some(false) => Sharing::Disjoint,
            None => Sharing::MayShare,
        }
    }
}

/// The lowest and the highest address of a view that has bytes.
struct Span {
    low: usize,
    high: usize,
}

impl Span {
    fn of<T, const N: usize>(view: &View<'_, T, N>) -> Option<Self> {
        if view.is_empty() || size_of::<T>() == 0 {
            return None;
        }
        let mut low = view.as_ptr().addr();
        let mut high = low + (size_of::<T>() - 1);
        for (len, stride) in view.shape().into_iter().zip(view.strides()) {
            if len > 1 {
                let way = stride.unsigned_abs() * (len - 1);
                if stride < 0 { low -= way } else { high += way }
            }
        }
        Some(Self { low, high })
    }

    fn axes<T, const N: usize>(&self, view: &View<'_, T, N>) -> impl Iterator<Item = Term> {
        let axes = view.shape().into_iter().zip(view.strides());
        axes.filter(|&(len, stride)| len > 1 && stride != 0)
            .map(|(len, stride)| Term::new(stride.unsigned_abs(), len - 1))
    }
}

/// The multiples of `step` by 0 to `last`, and what the terms before this one come to.
#[derive(Clone, Copy)]
struct Term {
    step: usize,
    last: usize,
    /// The largest sum of the terms before.
    reach: usize,
    /// The greatest common divisor of their steps, 0 where there is none.
    divisor: usize,
}

impl Term {
    fn new(step: usize, last: usize) -> Self {
        Self { step, last, reach: 0, divisor: 0 }
    }
}

/// Sorts terms by their step, makes one of those that continue another, and sums up.
fn join(mut terms: ArrayVec<Term, TERMS>) -> ArrayVec<Term, TERMS> {
    terms.sort_unstable_by_key(|term| term.step);
    let mut joined = ArrayVec::<Term, TERMS>::new();
    for term in terms {
        let continued = joined.iter_mut().find(|smaller| {
            term.step.is_multiple_of(smaller.step) && term.step / smaller.step <= smaller.last + 1
        });
        match continued {
            Some(smaller) => smaller.last += term.step / smaller.step * term.last,
            None if term.last > 0 => joined.push(term),
            None => {}
        }
    }
    let (mut reach, mut divisor) = (0, 0);
    for term in &mut joined {
        (term.reach, term.divisor) = (reach, divisor);
        reach += term.step * term.last;
        divisor = gcd(divisor, term.step);
    }
    joined
}

/// Whether a choice of multiples sums to `target`, or `None` where `tries` came to an end.
fn solve(terms: &[Term], target: usize, tries: &mut usize) -> Option<bool> {
    let Some((term, smaller)) = terms.split_last() else {
        return Some(target == 0);
    };
    // Less would leave more than the smaller terms can reach.
    let least = target.saturating_sub(term.reach).div_ceil(term.step);
    let most = term.last.min(target / term.step);
    let Some((first, by)) = congruent(term.step, target, term.divisor, least) else {
        return Some(false);
    };
    let mut x = first;
    while x <= most {
        *tries = tries.checked_sub(1)?;
        if solve(smaller, target - term.step * x, tries)? {
            return Some(true);
        }
        let Some(next) = x.checked_add(by) else { break };
        x = next;
    }
    Some(false)
}

/// The first `x` from `least` on for which `modulus` divides `target - step * x`, and how far it is from one such `x` to the
/// next. A modulus of 0 divides 0 alone.
fn congruent(step: usize, target: usize, modulus: usize, least: usize) -> Option<(usize, usize)> {
    if modulus == 0 {
        let x = target / step;
        return (x * step == target && x >= least).then_some((x, usize::MAX));
    }
    let divisor = gcd(step, modulus);
    if !target.is_multiple_of(divisor) {
        return None;
    }
    let (step, target, modulus) = (step / divisor, target / divisor, modulus / divisor);
    let solution = multiply(target, inverse(step, modulus), modulus);
    let least_there = least % modulus;
    let behind = if solution >= least_there {
        solution - least_there
    } else {
        modulus - (least_there - solution)
    };
    Some((least.checked_add(behind)?, modulus))
}

fn gcd(mut a: usize, mut b: usize) -> usize {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// What times `a` leaves 1 when divided by `modulus`, by Euclid's algorithm. The two have no common divisor.
fn inverse(a: usize, modulus: usize) -> usize {
    let (mut rest, mut next_rest) = (modulus as i128, (a % modulus) as i128);
    let (mut factor, mut next_factor) = (0, 1);
    while next_rest != 0 {
        let quotient = rest / next_rest;
        (rest, next_rest) = (next_rest, rest - quotient * next_rest);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    factor.rem_euclid(modulus as i128) as usize
}

fn multiply(a: usize, b: usize, modulus: usize) -> usize {
    (a as u128 * b as u128 % modulus as u128) as usize
}
