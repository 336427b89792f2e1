//! `pool`: objects that are used again, slabs, and trees on handles.

mod objects;

mod sizes;

mod slab;

mod tree;

mod mimalloc;
mod object;
mod pools;

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    objects::add_to(suite);
    sizes::add_to(suite);
    slab::add_to(suite);
    tree::add_to(suite);
}
