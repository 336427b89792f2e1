//! What can be interned.
#![allow(unsafe_code)]

/// What can be interned: `str` and `[u8]`.
///
/// Implemented for these two, and for nothing else.
pub trait Text: private::Sealed {
    /// The bytes.
    fn as_bytes(&self) -> &[u8];

    /// The text of bytes.
    ///
    /// # Safety
    ///
    /// The bytes are those of a `Self`.
    unsafe fn from_bytes_unchecked(bytes: &[u8]) -> &Self;

    /// The text of bytes, where they are some.
    fn from_bytes(bytes: &[u8]) -> Option<&Self>;
}

impl Text for str {
    #[inline(always)]
    fn as_bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    #[inline(always)]
    unsafe fn from_bytes_unchecked(bytes: &[u8]) -> &Self {
        // SAFETY: the bytes are those of a `str`, the caller says.
        unsafe { core::str::from_utf8_unchecked(bytes) }
    }

    #[inline]
    fn from_bytes(bytes: &[u8]) -> Option<&Self> {
        core::str::from_utf8(bytes).ok()
    }
}

impl Text for [u8] {
    #[inline(always)]
    fn as_bytes(&self) -> &[u8] {
        self
    }

    #[inline(always)]
    unsafe fn from_bytes_unchecked(bytes: &[u8]) -> &Self {
        bytes
    }

    #[inline]
    fn from_bytes(bytes: &[u8]) -> Option<&Self> {
        Some(bytes)
    }
}

mod private {
    pub trait Sealed: core::fmt::Debug + Eq + 'static {
        /// The number of the elements in images, as it is that of `u8` for arrays.
        const ELEMENT: u16;
    }

    impl Sealed for str {
        const ELEMENT: u16 = 0;
    }

    impl Sealed for [u8] {
        const ELEMENT: u16 = 5;
    }
}
