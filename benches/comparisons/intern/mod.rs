//! `intern`: one copy of each string, and numbers that stand for them.

mod corpus;

mod filling;

mod reading;

mod frozen;

mod shared;

mod column;

mod variants;

mod peers;

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    filling::add_to(suite);
    reading::add_to(suite);
    frozen::add_to(suite);
    shared::add_to(suite);
    column::add_to(suite);
}
