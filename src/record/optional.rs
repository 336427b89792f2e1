//! Fields that are an `Option` of a record.
//!
//! Such a field is what an enum of two variants is, `None` and `Some(record)`: a row of the record is stored where there is one, and five bytes
//! say of each row which, and where. So a record need not be `Default` to be in an `Option`.

use super::enums::{Enum, VariantSlice};
use super::fields::Fields;
use super::leaf::{Here, Right};
use super::schema::Record;
use super::variants::{Either, Variant};
use core::fmt;

/// How an `Option` of a record is stored.
pub type OptionOf<R> = Enum<Variants<R>>;

type Variants<R> = (Variant<()>, Variant<<R as Record>::Fields>);

/// The values of an `Option` of a record, as columns take them, and what is computed.
type Parts<R> =
    (Either<(), <<R as Record>::Fields as Fields>::Values>, Option<<R as Record>::Computed>);

/// Takes a record apart, where there is one.
pub fn pack_option<R: Record>(record: Option<R>) -> Parts<R> {
    match record.map(R::into_values) {
        Some((values, computed)) => (Either::Second(values), Some(computed)),
        None => (Either::First(()), None),
    }
}

/// Puts it together.
pub fn unpack_option<R: Record>(parts: Parts<R>) -> Option<R> {
    match parts {
        (Either::Second(values), Some(computed)) => Some(R::from_values(values, computed)),
        (Either::First(()), None) => None,
        _ => unreachable!("a record has both, values and what is computed"),
    }
}

/// The column of a field that is an `Option` of a record, or a part of it: which rows have a record, and the columns of these. `Copy`.
///
/// ```
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record, Debug, PartialEq)]
/// struct Crew {
///     pilots: u8,
/// }
///
/// #[derive(Record)]
/// struct Flight {
///     number: u16,
///     #[record(nested)]
///     crew: Option<Crew>,
/// }
///
/// let pilots = [Some(2), None, Some(3)].into_iter();
/// let flights: Records<Flight> =
///     pilots.zip(7..).map(|(pilots, number)| Flight { number, crew: pilots.map(|pilots| Crew { pilots }) }).collect();
/// assert_eq!(flights[2].crew().map(|crew| crew.pilots()), Some(3));
/// let crews = flights.columns().crew();
/// assert_eq!((crews.len(), crews.null_count()), (3, 1));
/// assert_eq!(crews.records().pilots(), [2, 3]); // without gaps
/// ```
pub struct OptionColumns<'a, R: Record> {
    rows: VariantSlice<'a, Variants<R>>,
}

impl<'a, R: Record> OptionColumns<'a, R> {
    #[doc(hidden)]
    #[inline]
    pub fn new(rows: VariantSlice<'a, Variants<R>>) -> Self {
        Self { rows }
    }

    /// The number of rows, those without a record among them.
    #[inline]
    #[must_use]
    pub fn len(self) -> usize {
        self.rows.numbers().len()
    }

    /// True where there are none.
    #[inline]
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The row of the record at `index`, `Some(None)` where there is no record, or `None` behind the end.
    #[inline]
    #[must_use]
    pub fn get(self, index: usize) -> Option<Option<&'a R::Row>> {
        Some(self.rows.row(index)?.get::<Right<Here>>().map(R::row))
    }

    /// Iterates over the rows.
    pub fn iter(
        self,
    ) -> impl DoubleEndedIterator<Item = Option<&'a R::Row>> + ExactSizeIterator + Clone
    where
        R::Row: 'a,
    {
        (0..self.len()).map(move |index| self.get(index).flatten())
    }

    /// The number of rows without a record.
    #[must_use]
    pub fn null_count(self) -> usize {
        self.rows.numbers().iter().filter(|&&number| number == 0).count()
    }

    /// The columns of the records: of all that there are, also where these are the columns of some rows; in the order in which they came, but that the
    /// last may have come to where one went.
    #[inline]
    #[must_use]
    pub fn records(self) -> R::Columns<'a> {
        R::columns(self.rows.get::<Right<Here>>())
    }
}

impl<R: Record> Clone for OptionColumns<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Record> Copy for OptionColumns<'_, R> {}

impl<R: Record<Row: fmt::Debug>> fmt::Debug for OptionColumns<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
