//! Reproducible input.

/// A generator of uniform 64-bit numbers with a fixed seed: the `xorshift64` of Marsaglia ("Xorshift
/// RNGs", Journal of Statistical Software, 2003).
#[derive(Clone, Debug)]
pub struct Random {
    /// Invariant: not zero, from which the generator would never move.
    state: u64,
}

/// The fraction of the golden ratio in 64 bits, so that small seeds do not begin with small numbers.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Random {
    /// Starts a sequence. Equal seeds give equal sequences.
    pub const fn new(seed: u64) -> Self {
        // The one seed that would make the state zero starts as seed 0 does.
        Self { state: if seed == GOLDEN { GOLDEN } else { seed ^ GOLDEN } }
    }

    /// The next number below 2 to the power of `bits`: the highest bits of the generator.
    ///
    /// # Panics
    ///
    /// Panics if `bits` is more than 64.
    pub fn bits(&mut self, bits: u32) -> u64 {
        assert!(bits <= 64, "a number has 64 bits and not {bits}");
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.checked_shr(64 - bits).unwrap_or(0)
    }

    /// The next number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.bits(64)) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn numbers_stay_in_range_and_repeat() {
        let mut random = Random::new(7);
        let numbers: Vec<usize> = (0..1000).map(|_| random.below(10)).collect();
        assert!((0..10).all(|digit| numbers.contains(&digit)));
        assert!(numbers.iter().all(|&number| number < 10));
        let mut again = Random::new(7);
        assert!(numbers.iter().all(|&number| number == again.below(10)));
    }

    #[test]
    fn numbers_have_the_bits_that_were_asked_for() {
        let mut random = Random::new(7);
        for bits in 0..=64 {
            let seen = (0..1000).fold(0, |seen, _| seen | random.bits(bits));
            assert_eq!(seen.count_ones(), bits);
            assert_eq!(seen.trailing_ones(), bits);
        }
    }

    #[test]
    #[should_panic(expected = "64 bits and not 65")]
    fn more_than_64_bits_are_refused() {
        Random::new(7).bits(65);
    }

    #[test]
    fn no_seed_stops_the_generator() {
        for seed in [0, 1, super::GOLDEN, u64::MAX] {
            assert_ne!(Random::new(seed).bits(64), 0);
        }
    }
}
