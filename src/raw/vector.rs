//! Plain loops, compiled for the vectors of the processor at hand.
#![allow(unsafe_code)]

#[cfg(target_arch = "x86_64")]
use super::cpu::{Avx2, Avx512};

/// A loop that the compiler turns into vector instructions, if it may use them.
pub(crate) trait Loop {
    type Output;

    /// Runs it. To be inlined always, and so whatever it calls: what is not keeps to the instructions that every processor
    /// has.
    fn run(self) -> Self::Output;
}

/// Runs a loop with the widest vectors that the processor has.
#[inline]
pub(crate) fn run<L: Loop>(work: L) -> L::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if Avx512::detect().is_some() {
            // SAFETY: the processor has the features, as the token proves.
            return unsafe { run_avx512(work) };
        }
        if Avx2::detect().is_some() {
            // SAFETY: the processor has the features, as the token proves.
            return unsafe { run_avx2(work) };
        }
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn run_avx512<L: Loop>(work: L) -> L::Output {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn run_avx2<L: Loop>(work: L) -> L::Output {
    work.run()
}
