//! Reproducible input.

/// A generator of uniform 64-bit numbers with a fixed seed: the `xorshift64` of Marsaglia ("Xorshift
/// RNGs", Journal of Statistical Software, 2003).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Starts a sequence. Equal seeds give equal sequences.
    pub const fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    /// The next number of the lowest `bits` bits.
    pub fn bits(&mut self, bits: u32) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.checked_shr(64 - bits).unwrap_or(0)
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
        assert_eq!((again.bits(0), again.bits(3) < 8), (0, true));
    }
}
