//! `weak`: maps whose entries die with their values.

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    let _ = suite;
}
