//! What a struct is as a record.

use super::columns::ColumnsOf;
use super::fields::Fields;
use super::row::RowOf;

/// A struct or an enum whose values can lie in columns: [`Records`](super::Records) of it have them.
///
/// It is derived, and not meant to be implemented by hand: see [the module](super). Code that is written for any record asks for it as a
/// bound, and for what it needs of rows:
///
/// ```
/// use pennyweight::record::{Record, Records};
/// use std::fmt::Debug;
///
/// fn last<R: Record<Row: Debug>>(records: &Records<R>) -> String {
///     records.last().map_or_else(String::new, |row| format!("{row:?}"))
/// }
///
/// #[derive(Record)]
/// struct Point {
///     x: i32,
///     y: i32,
/// }
///
/// let points: Records<Point> = (0..3).map(|x| Point { x, y: -x }).collect();
/// assert_eq!(last(&points), "Point { x: 2, y: -2 }");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a record",
    note = "records are derived: `#[derive(pennyweight::record::Record)]`"
)]
pub trait Record: Sized {
    /// Its fields, and how each is stored.
    type Fields: Fields;

    /// The values of its computed fields, and of those in nested records.
    type Computed;

    /// A row of it: what `records[index]` is.
    type Row: ?Sized;

    /// Columns of it: what `records.columns()` gives.
    type Columns<'a>: Copy
    where
        Self: 'a;

    /// Columns of it to be changed in place: what `records.columns_mut()` gives.
    type ColumnsMut<'a>
    where
        Self: 'a;

    /// The names of the fields that are stored, in order.
    const NAMES: &'static [&'static str];

    /// Takes the struct apart.
    fn into_values(self) -> (<Self::Fields as Fields>::Values, Self::Computed);

    /// Puts it together.
    fn from_values(values: <Self::Fields as Fields>::Values, computed: Self::Computed) -> Self;

    /// Computes what is not stored.
    fn compute(row: &Self::Row) -> Self::Computed;

    /// A row by its methods.
    fn row(row: &RowOf<Self::Fields>) -> &Self::Row;

    /// A row by its methods, to change it.
    fn row_mut(row: &mut RowOf<Self::Fields>) -> &mut Self::Row;

    /// Columns by their methods.
    fn columns<'a>(columns: ColumnsOf<'a, Self::Fields>) -> Self::Columns<'a>
    where
        Self: 'a;

    /// Columns by their names, to change them.
    fn columns_mut<'a>(columns: <Self::Fields as Fields>::SlicesMut<'a>) -> Self::ColumnsMut<'a>
    where
        Self: 'a;
}
