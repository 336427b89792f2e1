//! `pool`: objects that are used again, slabs, and trees on handles.

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    let _ = suite;
}
