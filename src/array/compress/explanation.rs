//! Why an encoding was chosen.

use super::sizes::{Name, Size};
use core::fmt;

/// What each encoding would take: by [`Compressed::explain`](crate::array::Compressed::explain).
///
/// Displays as a table of all encodings, with the bytes and the bits a value of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub(super) len: usize,
    pub(super) candidates: [(Name, Size); Name::ALL.len()],
    pub(super) chosen: Name,
    pub(super) bytes: usize,
}

impl Explanation {
    /// The encodings that were tried, with the heap bytes that each was expected to take, or `None` where it cannot
    /// hold the values or could not take less. [`Display`](fmt::Display) says why.
    pub fn candidates(&self) -> impl Iterator<Item = (&'static str, Option<usize>)> {
        self.candidates.iter().map(|&(name, bytes)| (name.text(), bytes.ok()))
    }

    /// The encoding that was chosen.
    pub fn chosen(&self) -> &'static str {
        self.chosen.text()
    }

    /// The heap bytes that the array takes.
    pub fn achieved_bytes(&self) -> usize {
        self.bytes
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { len, candidates, chosen, bytes } = self;
        writeln!(f, "{len} values in {bytes} bytes")?;
        for (encoding, expected) in candidates {
            let mark = if encoding == chosen { '*' } else { ' ' };
            let name = encoding.text();
            match expected {
                Ok(bytes) => {
                    let bits = *bytes as f64 * 8.0 / (*len).max(1) as f64;
                    writeln!(f, "{mark} {name:<28} {bytes:>12} bytes {bits:>8.2} bits a value")?;
                }
                Err(obstacle) => writeln!(f, "{mark} {name:<28} {obstacle}")?,
            }
        }
        Ok(())
    }
}
