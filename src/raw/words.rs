//! Where words lie.

use alloc::boxed::Box;

/// Where the words of an array lie: `Box<[u64]>` for one that owns them, `&[u64]` for one that reads them in place,
/// from a file that is mapped into memory for example.
///
/// Implemented for these two and for nothing else: unsafe code relies on it that the words stay the same.
pub trait Words: private::Sealed + Sized + Send + Sync {
    /// True where the words are heap memory of this value.
    const OWNED: bool;

    /// The words.
    fn words(&self) -> &[u64];

    /// A copy of the first `count` words, or the borrowed ones once more.
    fn copy(&self, count: usize) -> Self;
}

impl Words for Box<[u64]> {
    const OWNED: bool = true;

    #[inline(always)]
    fn words(&self) -> &[u64] {
        self
    }

    fn copy(&self, count: usize) -> Self {
        self[..count].into()
    }
}

impl Words for &[u64] {
    const OWNED: bool = false;

    #[inline(always)]
    fn words(&self) -> &[u64] {
        self
    }

    fn copy(&self, _: usize) -> Self {
        self
    }
}

mod private {
    pub trait Sealed {}

    impl Sealed for alloc::boxed::Box<[u64]> {}
    impl Sealed for &[u64] {}
}
