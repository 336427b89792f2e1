//! The sum of a walk, and the two ways to take one.

use core::fmt;

use super::{Event, HeapSize, visitor};

/// The bytes that a value weighs, with all that it owns.
///
/// It prints as a sentence:
///
/// ```
/// # use pennyweight::size::deep_size;
/// let mut digits = Vec::with_capacity(10);
/// digits.extend([3u8, 1, 4]);
/// let size = deep_size(&digits);
/// # #[cfg(target_pointer_width = "64")]
/// assert_eq!(size.to_string(), "34 B: 24 B inline and 10 B in 1 heap block, of which 7 B slack");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeepSize {
    /// `size_of_val` of the value.
    pub inline: usize,
    /// The heap bytes that the value owns, as requested from the allocator.
    pub heap: usize,
    /// Those of the heap bytes that are unused room for elements: capacity beyond the length.
    pub slack: usize,
    /// How many heap blocks there are.
    pub blocks: usize,
    /// Those of the heap bytes that are owned through an `Rc`, an `Arc` or the like, contents
    /// included. Values outside this one may own them too, so dropping this one may not free them.
    pub shared: usize,
    /// Those of the heap bytes that are not exact.
    pub estimated: usize,
    /// How many places could not be looked at, and may own heap bytes that are not counted.
    pub unseen: usize,
}

impl DeepSize {
    /// Inline and heap bytes together.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.inline.saturating_add(self.heap)
    }

    /// Whether every byte was seen and counted exactly.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.estimated == 0 && self.unseen == 0
    }
}

impl fmt::Display for DeepSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.blocks == 1 { "" } else { "s" };
        write!(f, "{} B: {} B inline and {} B", self.total(), self.inline, self.heap)?;
        write!(f, " in {} heap block{s}", self.blocks)?;
        let mut lead = ", of which";
        for (bytes, what) in
            [(self.slack, "slack"), (self.shared, "shared"), (self.estimated, "estimated")]
        {
            if bytes != 0 {
                write!(f, "{lead} {bytes} B {what}")?;
                lead = ",";
            }
        }
        match self.unseen {
            0 => Ok(()),
            1 => f.write_str("; 1 place unseen"),
            n => write!(f, "; {n} places unseen"),
        }
    }
}

/// Weighs a value with all that it owns.
///
/// Takes time in proportion to the number of values that may own heap memory: a `Vec<u64>` is
/// weighed in **O(1)**, a `Vec<String>` in **O(n)**. The standard library's ordered maps are always
/// walked, since their nodes can be counted in no other way, and so are its hash tables once they
/// have lost entries.
///
/// ```
/// use pennyweight::size::deep_size;
/// use std::sync::Arc;
///
/// let label: Arc<str> = Arc::from("a label of 24 bytes here");
/// let labels = vec![label; 1000];
/// let size = deep_size(&labels);
/// assert_eq!(size.heap, 1000 * size_of::<Arc<str>>() + size.shared);
/// assert_eq!(size.shared, 2 * size_of::<usize>() + 24);
/// ```
#[must_use]
pub fn deep_size<T: HeapSize + ?Sized>(value: &T) -> DeepSize {
    visitor::run(value, None)
}

/// Weighs a value as [`deep_size`] does, and shows the observer every step.
///
/// Takes time in proportion to the number of all values: a `Vec<u64>` has a step for each of its elements.
/// See [`Event`] for what the steps are.
pub fn walk<T: HeapSize + ?Sized>(value: &T, mut observer: impl FnMut(Event<'_>)) -> DeepSize {
    visitor::run(value, Some(&mut observer))
}
