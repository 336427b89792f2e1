//! The peers that hold sorted numbers.

use sux::{
    dict::{EliasFanoBuilder, elias_fano::EfSeqDict},
    traits::indexed_dict::{IndexedSeq, Pred},
};

/// `sux`: the code of Elias and Fano, with what it takes to read and to find values. Of unsigned numbers, so that the
/// first value is subtracted before.
pub(in super::super) struct EliasFano {
    base: i64,
    numbers: EfSeqDict,
}

impl EliasFano {
    pub(in super::super) fn new(values: &[i64]) -> Self {
        let (base, top) = (values[0], values[values.len() - 1]);
        let mut builder = EliasFanoBuilder::new(values.len(), (top - base) as usize);
        for &value in values {
            builder.push((value - base) as usize);
        }
        Self { base, numbers: builder.build_with_seq_and_dict() }
    }

    pub(in super::super) fn sum(&self) -> i64 {
        let numbers: usize = self.numbers.iter().sum();
        self.base * self.numbers.len() as i64 + numbers as i64
    }

    pub(in super::super) fn value(&self, index: usize) -> i64 {
        self.base + self.numbers.get(index) as i64
    }

    /// How many values are below one that is not below the first.
    pub(in super::super) fn rank(&self, value: i64) -> usize {
        self.numbers.rank((value - self.base) as usize)
    }
}
