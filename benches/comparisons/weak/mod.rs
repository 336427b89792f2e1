//! `weak`: maps whose entries die with their values.

mod living;

mod dying;

mod set;

mod shared;

mod loading;

mod peers;

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    living::add_to(suite);
    dying::add_to(suite);
    set::add_to(suite);
    shared::add_to(suite);
    loading::add_to(suite);
}
