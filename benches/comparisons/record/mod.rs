//! `record`: tables of flights, as structs, dicts, columns and batches; users and points.

mod questions;

mod building;

mod streaming;

mod objects;

mod peers;
mod records;
mod row;
mod table;

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    building::add_to(suite);
    questions::add_to(suite);
    streaming::add_to(suite);
    objects::add_to(suite);
}
