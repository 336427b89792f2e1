//! `array`: packed integers, nullable ones, booleans and plain scalars, in every encoding; decimals and strings.

mod table;

mod compressed;

mod sums;

mod access;

mod encodings;

mod floats;

mod text;

mod building;

mod bits;

mod states;

mod peers;

use pennyweight_comparison::Suite;

/// Adds the comparisons to `suite`.
pub(crate) fn add_to(suite: &mut Suite) {
    suite.add("array", "flights-11-columns", table::eleven_columns);
    suite.add("array", "flights-11-columns-compressed", compressed::eleven_columns);
    sums::add_to(suite);
    access::add_to(suite);
    encodings::add_to(suite);
    floats::add_to(suite);
    text::add_to(suite);
    building::add_to(suite);
    bits::add_to(suite);
}
