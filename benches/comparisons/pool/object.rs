//! The objects that are pooled.

use pennyweight::pool::Hooks;
use regex::Regex;
use zstd::bulk::Compressor;

/// An object that is used again.
pub(super) trait Object: Send + Sync + 'static {
    fn make() -> Self;

    /// Makes it fit for its next user.
    fn reset(&mut self) {}

    /// Uses it. What it answers is the same each time, if it was reset.
    fn touch(&mut self) -> usize;
}

/// The hooks of pennyweight's pools.
#[derive(Clone, Copy)]
pub(super) struct Makes;

impl<T: Object> Hooks<T> for Makes {
    type Error = core::convert::Infallible;

    #[inline]
    fn create(&self) -> Result<T, Self::Error> {
        Ok(T::make())
    }

    #[inline]
    fn recycle(&self, object: &mut T) -> bool {
        object.reset();
        true
    }
}

/// A buffer with room for `N` bytes.
pub(super) struct Buffer<const N: usize>(Vec<u8>);

impl<const N: usize> Object for Buffer<N> {
    #[inline]
    fn make() -> Self {
        Self(Vec::with_capacity(N))
    }

    #[inline]
    fn reset(&mut self) {
        self.0.clear();
    }

    #[inline]
    fn touch(&mut self) -> usize {
        self.0.push(7);
        self.0.len()
    }
}

/// Plain bytes, so that all that a pool allocates beside them is its own.
pub(super) struct Plain([u64; 8]);

impl Plain {
    pub(super) const BYTES: usize = size_of::<Self>();
}

impl Object for Plain {
    #[inline]
    fn make() -> Self {
        Self([0; 8])
    }

    #[inline]
    fn reset(&mut self) {
        self.0[0] = 0;
    }

    #[inline]
    fn touch(&mut self) -> usize {
        self.0[0] += 1;
        self.0[0] as usize
    }
}

/// A context of a compressor, and the buffer that it writes to.
pub(super) struct Codec {
    compressor: Compressor<'static>,
    output: Vec<u8>,
}

impl Object for Codec {
    fn make() -> Self {
        Self {
            compressor: Compressor::new(1).expect("a context"),
            output: Vec::with_capacity(4_096),
        }
    }

    fn reset(&mut self) {
        self.output.clear();
    }

    fn touch(&mut self) -> usize {
        const TEXT: &[u8] = include_bytes!("object.rs");
        self.compressor.compress_to_buffer(&TEXT[..1_024], &mut self.output).expect("room")
    }
}

/// A pattern, with the caches of its last search.
pub(super) struct Pattern(Regex);

impl Object for Pattern {
    fn make() -> Self {
        Self(Regex::new(r"(\w+)@(\w+)\.(com|org)").expect("a pattern"))
    }

    fn touch(&mut self) -> usize {
        self.0.find("write to someone@example.org, or call").map_or(0, |found| found.start())
    }
}
