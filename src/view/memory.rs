//! Whether two views have memory in common.
//!
//! The bytes of a view lie at `low + Σ step * index + byte`, where `low` is its lowest address, each axis gives a
//! positive step and an index up to its length, and `byte` counts the bytes of an element. Two views share a byte
//! if such a sum of one equals one of the other. Turned around (the second view counted down from its highest
//! byte) this is one equation,
//!
//! ```text
//! Σ step * x = target,    0 <= x <= last
//! ```
//!
//! with a term for each axis of both views and one of step 1 for the bytes. It is a bounded Diophantine equation;
//! whether it has a solution is NP-complete, a subset sum in disguise. Views that occur are simple:
//!
//! 1. If the spans from lowest to highest byte are disjoint, so are the views: no equation.
//! 2. A term whose step is a multiple of a smaller one's, and no further away than that one reaches, continues
//!    it, and both become one term. All that lies without gaps, in whatever order of axes, becomes a single term.
//! 3. The largest step is tried first. What smaller steps can reach together, and their greatest common
//!    divisor, leave it few values: most often one or two, and with two terms left the first of them is a
//!    solution.
//!
//! Values tried are counted, and past [`TRIES`] the answer is "may".

use super::View;
use arrayvec::ArrayVec;
use core::ops::RangeInclusive;

/// How many values of indices are tried at most, all axes together.
const TRIES: usize = 10_000;

/// Axes with two indices or more, of both views, and the bytes of an element. As the lengths of a view multiply
/// to a `usize`, there are at most 63 such axes in each.
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
    /// search ends after 10,000 attempts with [`MayShare`](Sharing::MayShare). Views whose spans do not overlap
    /// are told apart at once. Allocates nothing. Elements without a size share nothing; the padding of a struct
    /// counts as its own.
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
    /// `mem_overlap.c` states the problem. It joins only terms of one step.
    pub fn shares_memory<U, const M: usize>(&self, other: &View<'_, U, M>) -> Sharing {
        Place::of(self).shares(&Place::of(other))
    }
}

/// Where the elements of a view lie.
#[derive(Debug)]
struct Place<const N: usize> {
    /// Of the element at index 0 of all axes.
    address: usize,
    /// The size of an element.
    size: usize,
    shape: [usize; N],
    strides: [isize; N],
}

impl<const N: usize> Place<N> {
    fn of<T>(view: &View<'_, T, N>) -> Self {
        let address = view.as_ptr().addr();
        Self { address, size: size_of::<T>(), shape: view.shape(), strides: view.strides() }
    }

    fn shares<const M: usize>(&self, other: &Place<M>) -> Sharing {
        let (Some(a), Some(b)) = (self.span(), other.span()) else {
            return Sharing::Disjoint;
        };
        if a.end() < b.start() || b.end() < a.start() {
            return Sharing::Disjoint;
        }
        // No sum of terms overflows: a view spans less than half of the address space.
        let mut terms = ArrayVec::new();
        terms.push(Term::new(1, self.size - 1 + other.size - 1));
        terms.extend(self.terms());
        terms.extend(other.terms());
        let mut tries = TRIES;
        match solve(&join(terms), b.end() - a.start(), &mut tries) {
            Some(true) => Sharing::Shared,
            Some(false) => Sharing::Disjoint,
            None => Sharing::MayShare,
        }
    }

    /// The axes of two indices or more.
    fn axes(&self) -> impl Iterator<Item = (usize, isize)> {
        self.shape.into_iter().zip(self.strides).filter(|&(len, _)| len > 1)
    }

    /// The lowest and the highest address, or `None` where there are no bytes.
    fn span(&self) -> Option<RangeInclusive<usize>> {
        if self.size == 0 || self.shape.contains(&0) {
            return None;
        }
        let (mut low, mut high) = (self.address, self.address + (self.size - 1));
        for (len, stride) in self.axes() {
            let way = stride.unsigned_abs() * (len - 1);
            if stride < 0 { low -= way } else { high += way }
        }
        Some(low..=high)
    }

    fn terms(&self) -> impl Iterator<Item = Term> {
        let axes = self.axes().filter(|&(_, stride)| stride != 0);
        axes.map(|(len, stride)| Term::new(stride.unsigned_abs(), len - 1))
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

/// The first `x` from `least` on for which `modulus` divides `target - step * x`, and how far it is from one such
/// `x` to the next. A modulus of 0 divides 0 alone.
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

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use core::array;
    use proptest::prelude::*;

    /// Elements of `size` bytes.
    fn place<const N: usize>(
        size: usize,
        address: usize,
        shape: [usize; N],
        strides: [isize; N],
    ) -> Place<N> {
        Place { address, size, shape, strides }
    }

    /// The address of every byte of every element.
    fn bytes<const N: usize>(place: &Place<N>) -> Vec<usize> {
        let mut starts = vec![place.address];
        for (len, stride) in place.shape.into_iter().zip(place.strides) {
            starts = starts
                .iter()
                .flat_map(|start| (0..len as isize).map(move |index| (start, index * stride)))
                .map(|(start, offset)| start.wrapping_add_signed(offset))
                .collect();
        }
        let mut bytes: Vec<_> =
            starts.into_iter().flat_map(|start| start..start + place.size).collect();
        bytes.sort_unstable();
        bytes
    }

    fn by_bytes<const N: usize, const M: usize>(a: &Place<N>, b: &Place<M>) -> Sharing {
        let (a, b) = (bytes(a), bytes(b));
        let shared = a.iter().any(|byte| b.binary_search(byte).is_ok());
        if shared { Sharing::Shared } else { Sharing::Disjoint }
    }

    #[track_caller]
    fn assert_exact<const N: usize, const M: usize>(a: &Place<N>, b: &Place<M>) -> Sharing {
        let expected = by_bytes(a, b);
        assert_eq!((a.shares(b), b.shares(a)), (expected, expected));
        expected
    }

    /// Places of up to four indices an axis, around the address 1000.
    fn places<const N: usize>() -> impl Strategy<Value = Place<N>> {
        let shape = proptest::array::uniform::<_, N>(0..5_usize);
        let strides = proptest::array::uniform::<_, N>(-80..80_isize);
        (1..13_usize, 900..1100_usize, shape, strides)
            .prop_map(|(size, address, shape, strides)| place(size, address, shape, strides))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_strides_are_told_apart((a, b, c) in (places::<1>(), places::<2>(), places::<3>())) {
            assert_exact(&a, &a);
            assert_exact(&a, &b);
            assert_exact(&a, &c);
            assert_exact(&b, &c);
        }

        #[test]
        fn all_sums_of_terms_are_found_and_no_others(
            terms in proptest::collection::vec((1..40_usize, 0..9_usize), 0..4),
        ) {
            let mut sums = vec![0];
            for &(step, last) in &terms {
                sums = sums.iter().flat_map(|sum| (0..=last).map(move |x| sum + step * x)).collect();
                sums.sort_unstable();
                sums.dedup();
            }
            let joined = join(terms.into_iter().map(|(step, last)| Term::new(step, last)).collect());
            for target in 0..=sums[sums.len() - 1] + 1 {
                let found = solve(&joined, target, &mut { TRIES });
                prop_assert_eq!(found, Some(sums.binary_search(&target).is_ok()), "{}", target);
            }
        }
    }

    #[test]
    fn fields_that_interleave_are_disjoint() {
        let column = |at| place(4, at, [1000], [32]);
        assert_eq!(assert_exact(&column(0), &column(4)), Sharing::Disjoint);
        assert_eq!(assert_exact(&column(0), &column(64)), Sharing::Shared);
        // One backwards, one as rows and columns.
        let backwards = place(4, 32 * 999 + 4, [1000], [-32]);
        assert_eq!(assert_exact(&backwards, &place(4, 8, [10, 100], [32, 320])), Sharing::Disjoint);
        assert_eq!(assert_exact(&backwards, &column(4)), Sharing::Shared);
    }

    #[test]
    fn places_without_bytes_share_nothing() {
        let all = place(8, 800, [8], [8]);
        assert_eq!(assert_exact(&all, &place(8, 800, [3, 0], [8, 8])), Sharing::Disjoint);
        assert_eq!(assert_exact(&all, &place(0, 808, [3], [0])), Sharing::Disjoint);
        assert_eq!(assert_exact(&all, &place(8, 808, [], [])), Sharing::Shared);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn the_ends_of_the_address_space_do_not_overflow() {
        let top = place(1, usize::MAX, [1 << 62], [-1]);
        let middle = place(1, 1 << 63, [(1 << 63) - 1], [1]);
        assert_eq!((top.shares(&middle), middle.shares(&top)), (Sharing::Shared, Sharing::Shared));
        let odd = place(1, usize::MAX, [1 << 61], [-4]);
        assert_eq!(odd.shares(&place(2, usize::MAX - 2, [1 << 61], [-4])), Sharing::Disjoint);
        assert_eq!(odd.shares(&place(3, usize::MAX - 2, [1 << 61], [-4])), Sharing::Shared);
        // The same element again and again.
        assert_eq!(odd.shares(&place(1, usize::MAX, [usize::MAX], [0])), Sharing::Shared);
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn large_regular_sums_take_few_tries() {
        let few = |terms: [(usize, usize); 2], target| {
            let terms = terms.map(|(step, last)| Term::new(step, last));
            solve(&join(ArrayVec::from_iter(terms)), target, &mut 2)
        };
        // Nobody could list these.
        assert_eq!(few([(3, 1 << 38), (9, 1 << 36)], (1 << 38) + 1), Some(false));
        assert_eq!(few([(1 << 20, 1 << 30), ((1 << 20) - 1, 1 << 30)], 1 << 41), Some(true));
        assert_eq!(few([(1 << 20, 5), ((1 << 20) - 1, 5)], (5 << 20) - 6), Some(false));
    }

    #[test]
    fn strange_places_may_share() {
        // Each axis adds a multiple of 1000, and 1; so no sum of 24 of them ends in 500. The search does not see
        // that.
        let steps = |from| array::from_fn(|axis| 1000 * (from + 7 * axis as isize % 31) + 1);
        let a = place(1, 1_000_000, [2; 12], steps(50));
        let b = place(1, 1_300_500, [2; 12], steps(40));
        assert_eq!(by_bytes(&a, &b), Sharing::Disjoint);
        assert_eq!(a.shares(&b), Sharing::MayShare);
        assert!(Sharing::MayShare.may_share() && !Sharing::Disjoint.may_share());
    }
}
