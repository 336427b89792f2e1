//! All comparisons, in the order of the report: one folder for each module of pennyweight.

mod array;
mod view;

mod intern;

mod pool;

mod weak;

mod stream;

mod record;

mod data;

use pennyweight_comparison::Suite;

/// Lists the comparisons. Their data is made when their turn comes.
pub(crate) fn suite() -> Suite {
    let mut suite = Suite::new();
    array::add_to(&mut suite);
    view::add_to(&mut suite);
    intern::add_to(&mut suite);
    pool::add_to(&mut suite);
    weak::add_to(&mut suite);
    stream::add_to(&mut suite);
    record::add_to(&mut suite);
    suite
}
