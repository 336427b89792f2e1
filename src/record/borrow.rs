//! Rows whose text is borrowed, on their way into the columns.

use super::error::PushError;
use super::records::Records;
use super::schema::Record;
use super::table::Fill;

/// A record that can be pushed with its text borrowed: `#[record(borrow)]` derives it, and defines the struct for it, `FlightRef` for
/// `Flight`.
///
/// That has the fields of the record but for those that are computed. A string of `dict` or `text` is a `&str`, an `Option` of one an
/// `Option<&str>`, a record that is nested its own form of this kind; all other fields are as they were. So what a parser finds goes to the
/// columns as it lies in a buffer: a `String` would be allocated, read once, and given back.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::{Record, Records};
///
/// #[derive(Record)]
/// #[record(borrow)]
/// struct Flight {
///     #[record(dict)]
///     carrier: String,
///     #[record(dict)]
///     tail: Option<String>,
///     delay: Option<i16>,
/// }
///
/// let mut flights: Records<Flight> = Records::new();
/// for line in ["UA N14228 2", "AA - -4", "UA N24211 ?"] {
///     let mut words = line.split(' ');
///     let mut word = || words.next().unwrap_or_default();
///     flights.push_ref(FlightRef {
///         carrier: word(),
///         tail: Some(word()).filter(|tail| *tail != "-"),
///         delay: word().parse().ok(),
///     });
/// }
/// assert_eq!(flights[1].tail(), None);
/// assert_eq!(flights.pop().map(|flight| flight.carrier), Some("UA".to_owned()));
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form whose text is borrowed",
    note = "`#[record(borrow)]` on the struct defines one"
)]
pub trait BorrowRecord: Record<Fields: Fill> {
    /// The record with its text borrowed.
    type Ref<'a>
    where
        Self: 'a;

    /// Takes it apart.
    #[doc(hidden)]
    fn into_input<'a>(record: Self::Ref<'a>) -> <Self::Fields as Fill>::Input<'a>
    where
        Self: 'a;

    /// Puts it together.
    #[doc(hidden)]
    fn from_input<'a>(input: <Self::Fields as Fill>::Input<'a>) -> Self::Ref<'a>
    where
        Self: 'a;
}

impl<R: Record> Records<R> {
    /// Appends a record whose text is borrowed: see [`BorrowRecord`]. The columns are what they would be had the record been
    /// [pushed](Self::push).
    ///
    /// # Panics
    ///
    /// Panics where [`try_push_ref`](Self::try_push_ref) has an error.
    #[inline]
    #[track_caller]
    pub fn push_ref<'a>(&mut self, record: R::Ref<'a>)
    where
        R: BorrowRecord + 'a,
    {
        if let Err(error) = self.try_push_ref(record) {
            error.raise();
        }
    }

    /// Appends a record whose text is borrowed.
    ///
    /// # Errors
    ///
    /// As [`try_push`](Self::try_push), and gives back what was to be pushed.
    #[inline]
    pub fn try_push_ref<'a>(&mut self, record: R::Ref<'a>) -> Result<(), PushError<R::Ref<'a>>>
    where
        R: BorrowRecord + 'a,
    {
        self.table_mut().try_fill(R::into_input(record)).map_err(|(input, refused)| {
            let column = R::NAMES[R::Fields::leaf(refused.column)];
            PushError::new(R::from_input(input), column, refused.cause)
        })
    }
}
