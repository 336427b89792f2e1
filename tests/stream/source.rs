//! Sources that do what sources may do.

use std::io::{self, ErrorKind, Read};

use pennyweight_baseline::random::Random;

/// A source that returns few bytes at a time, is interrupted, and fails now and then without losing anything.
pub(crate) struct Moody<'a> {
    bytes: &'a [u8],
    /// The most bytes that it returns at a time.
    most: usize,
    /// Whether it says in between that it would block.
    blocks: bool,
    random: Random,
}

impl<'a> Moody<'a> {
    pub(crate) fn new(bytes: &'a [u8], most: usize, seed: u64) -> Self {
        Self { bytes, most, blocks: false, random: Random::new(seed) }
    }

    pub(crate) fn blocking(bytes: &'a [u8], most: usize, seed: u64) -> Self {
        Self { blocks: true, ..Self::new(bytes, most, seed) }
    }
}

impl Read for Moody<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        assert!(!buf.is_empty(), "asked for no bytes, which would look like the end");
        match self.random.below(8) {
            0 => return Err(ErrorKind::Interrupted.into()),
            1 if self.blocks => return Err(ErrorKind::WouldBlock.into()),
            _ => {}
        }
        let most = 1 + self.random.below(self.most);
        let len = most.min(buf.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(len);
        buf[..len].copy_from_slice(now);
        self.bytes = later;
        Ok(len)
    }
}

/// A source that always fails.
pub(crate) struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("broken"))
    }
}

/// A source that says it read more than there is room for.
pub(crate) struct Liar;

impl Read for Liar {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(buf.len() + 1)
    }
}

/// Bytes of which many are among `likely`.
pub(crate) fn bytes(random: &mut Random, len: usize, likely: &[u8]) -> Vec<u8> {
    let mut byte = || match random.below(3) {
        0 => likely[random.below(likely.len())],
        _ => random.bits(8) as u8,
    };
    (0..len).map(|_| byte()).collect()
}
