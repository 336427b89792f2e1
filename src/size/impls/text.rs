//! Strings, paths, and the borrowed forms that they are boxed as.

use alloc::ffi::CString;
use alloc::string::String;
use core::ffi::CStr;
#[cfg(feature = "std")]
use std::ffi::{OsStr, OsString};
#[cfg(feature = "std")]
use std::path::{Path, PathBuf};

use arrayvec::ArrayString;

use crate::size::{Block, HeapSize, Visitor};

impl HeapSize for str {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl HeapSize for CStr {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

#[cfg(feature = "std")]
impl HeapSize for OsStr {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

#[cfg(feature = "std")]
impl HeapSize for Path {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<const N: usize> HeapSize for ArrayString<N> {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl HeapSize for String {
    #[inline]
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<u8>(self.capacity(), self.len()).at(self.as_ptr()));
    }
}

impl HeapSize for CString {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::new(self.as_bytes_with_nul().len()).at(self.as_ptr()));
    }
}

#[cfg(feature = "std")]
impl HeapSize for OsString {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let address = self.as_encoded_bytes().as_ptr();
        visitor.block(Block::array::<u8>(self.capacity(), self.len()).at(address));
    }
}

#[cfg(feature = "std")]
impl HeapSize for PathBuf {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let bytes = self.as_os_str().as_encoded_bytes();
        visitor.block(Block::array::<u8>(self.capacity(), bytes.len()).at(bytes.as_ptr()));
    }
}
