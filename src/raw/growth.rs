//! How buffers grow: by a sixteenth, not by doubling.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::alloc::Layout;
use core::fmt;
use core::mem;

/// Memory that could not be had: the length does not fit the address space, or the allocator
/// refused.
///
/// The structure that reports it is as it was before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReserveError {
    /// The elements asked for, or their bits, are more than the address space can count.
    CapacityOverflow,
    /// The allocator could not hand out this many bytes.
    AllocationFailed {
        /// The size of the refused buffer.
        bytes: usize,
    },
}

impl fmt::Display for ReserveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CapacityOverflow => f.write_str("capacity overflow"),
            Self::AllocationFailed { bytes } => {
                write!(f, "the allocator refused a buffer of {bytes} bytes")
            }
        }
    }
}

impl core::error::Error for ReserveError {}

impl ReserveError {
    /// Ends the program the way std's collections do: a panic for an overflow, the allocation error
    /// hook for a refused buffer.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(crate) fn raise(self) -> ! {
        if let Self::AllocationFailed { bytes } = self
            && let Ok(layout) = Layout::from_size_align(bytes, 8)
        {
            alloc::alloc::handle_alloc_error(layout)
        }
        panic!("capacity overflow")
    }
}

/// The bytes to allocate for `used` bytes that are about to grow further.
///
/// The slack is at most a sixteenth of `used`, or 64 bytes, even where the last word in use is nearly empty:
/// hence the eight bytes less. CPython's `array` grows by the same sixteenth. Each byte is copied about
/// sixteen times where the allocator cannot extend a block in place, against twice for doubling.
pub(crate) const fn grown(used: usize) -> usize {
    let slack = (used / 16).saturating_sub(8);
    used.saturating_add(if slack < 56 { 56 } else { slack })
}

/// Makes room for `additional` elements, growing by a sixteenth where the buffer is full.
pub(crate) fn reserve<T>(items: &mut Vec<T>, additional: usize) -> Result<(), ReserveError> {
    if items.capacity() - items.len() >= additional {
        return Ok(());
    }
    let needed = items.len().checked_add(additional).ok_or(ReserveError::CapacityOverflow)?;
    let size = size_of::<T>().max(1);
    let bytes = needed.checked_mul(size).ok_or(ReserveError::CapacityOverflow)?;
    let roomy = (grown(bytes) / size).max(needed);
    reserve_exact(items, roomy).or_else(|_| reserve_exact(items, needed))
}

/// Grows the capacity to `capacity` elements, in place where the allocator can.
pub(crate) fn reserve_exact<T>(items: &mut Vec<T>, capacity: usize) -> Result<(), ReserveError> {
    let additional = capacity.saturating_sub(items.len());
    items.try_reserve_exact(additional).map_err(|_| match Layout::array::<T>(capacity) {
        Ok(layout) => ReserveError::AllocationFailed { bytes: layout.size() },
        Err(_) => ReserveError::CapacityOverflow,
    })
}

/// Reallocates a buffer to `count` words, new ones zero, in place where the allocator can.
pub(crate) fn set_words(words: &mut Box<[u64]>, count: usize) -> Result<(), ReserveError> {
    let mut items = Vec::from(mem::take(words));
    let result = if count > items.len() {
        reserve_exact(&mut items, count)
    } else {
        items.truncate(count);
        Ok(())
    };
    if result.is_ok() {
        items.resize(count, 0);
    }
    // Nothing is reallocated where the length is the capacity, so a failure changes nothing.
    *words = items.into_boxed_slice();
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slack_is_at_most_a_sixteenth_or_64_bytes() {
        let mut items = Vec::new();
        for length in 1..20_000_usize {
            reserve(&mut items, 1).unwrap();
            items.push(0_u32);
            let slack = (items.capacity() - length) * 4;
            assert!(slack <= (length * 4 / 16).max(64), "{slack} bytes of slack at {length}");
        }
    }

    #[test]
    fn growth_is_a_sixteenth_and_never_less_than_56_bytes() {
        let cases = [(0, 56), (1, 57), (1024, 1080), (1040, 1097), (16_000, 16_992)];
        for (used, bytes) in cases {
            assert_eq!(grown(used), bytes);
        }
        assert_eq!(grown(usize::MAX), usize::MAX);
    }

    #[test]
    fn words_are_kept_and_new_ones_are_zero() {
        let mut words: Box<[u64]> = [1, 2, 3].into();
        set_words(&mut words, 5).unwrap();
        assert_eq!(*words, [1, 2, 3, 0, 0]);
        set_words(&mut words, 2).unwrap();
        assert_eq!(*words, [1, 2]);
        let overflow = Err(ReserveError::CapacityOverflow);
        assert_eq!(set_words(&mut words, usize::MAX / 8), overflow);
        let huge = isize::MAX as usize / 8;
        let failed = Err(ReserveError::AllocationFailed { bytes: huge * 8 });
        assert_eq!(set_words(&mut words, huge), failed);
        assert_eq!(*words, [1, 2]);
    }

    #[test]
    fn impossible_sizes_are_errors() {
        let mut items = Vec::<u64>::new();
        assert_eq!(reserve(&mut items, usize::MAX), Err(ReserveError::CapacityOverflow));
        assert_eq!(reserve(&mut items, usize::MAX / 8), Err(ReserveError::CapacityOverflow));
        let huge = isize::MAX as usize / 8;
        assert_eq!(
            reserve(&mut items, huge),
            Err(ReserveError::AllocationFailed { bytes: huge * 8 })
        );
        assert_eq!(items.capacity(), 0);
    }
}
