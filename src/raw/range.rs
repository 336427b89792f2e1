//! Ranges of values that are had by their index.

use core::ops::{Bound, Range, RangeBounds};

/// The indices of a range of as many values.
///
/// # Panics
///
/// Panics as slicing does: when the range begins behind its end, or ends behind the values.
#[track_caller]
pub(crate) fn indices(range: &impl RangeBounds<usize>, len: usize) -> Range<usize> {
    let start = match range.start_bound() {
        Bound::Included(&start) => Some(start),
        Bound::Excluded(&before) => before.checked_add(1),
        Bound::Unbounded => Some(0),
    };
    let end = match range.end_bound() {
        Bound::Included(&last) => last.checked_add(1),
        Bound::Excluded(&end) => Some(end),
        Bound::Unbounded => Some(len),
    };
    let (Some(start), Some(end)) = (start, end) else {
        panic!("the range reaches behind the last index there can be")
    };
    assert!(start <= end, "slice index starts at {start} but ends at {end}");
    assert!(end <= len, "range end index {end} out of range for length {len}");
    start..end
}
