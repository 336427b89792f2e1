//! Values that are one of a few names: enums without fields.

/// An enum whose variants have no fields, as the names of its variants: so it is read [from CSV](crate::record), and is a dictionary in Arrow.
///
/// It is derived. In a record it is a value like others, a byte where there are at most 256 variants, which it is asked to have.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "derive")] {
/// use pennyweight::record::{Category, Record, Records};
///
/// #[derive(Category, Clone, Copy, Debug, PartialEq)]
/// enum Cabin {
///     Economy,
///     #[record(rename = "first class")]
///     First,
/// }
///
/// #[derive(Record)]
/// struct Seat {
///     #[record(copy)]
///     cabin: Cabin,
///     row: u8,
/// }
///
/// assert_eq!((Cabin::First.name(), Cabin::from_name("Economy")), ("first class", Some(Cabin::Economy)));
/// # #[cfg(feature = "csv")] {
/// use pennyweight::record::csv::RecordReader;
///
/// let mut reader = RecordReader::new("row,cabin\n1,first class\n20,Economy\n".as_bytes());
/// let seats: Records<Seat> = reader.read_all()?;
/// assert_eq!(seats.columns().cabin(), [Cabin::First, Cabin::Economy]);
/// # }
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Source
///
/// pandas' [`CategoricalDtype`](https://pandas.pydata.org/docs/reference/api/pandas.CategoricalDtype.html) with its categories given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no category",
    note = "an enum whose variants have no fields is one by `#[derive(pennyweight::record::Category)]`"
)]
pub trait Category: Copy + 'static {
    /// The names of the variants, in order: at least one, at most 256, no two the same.
    const NAMES: &'static [&'static str];

    /// Which variant it is, counted from 0.
    fn number(self) -> usize;

    /// The variant of that number.
    fn from_number(number: usize) -> Option<Self>;

    /// What the variant is called.
    fn name(self) -> &'static str {
        Self::NAMES[self.number()]
    }

    /// The variant that is called so. Compares with one name after the other.
    fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).and_then(Self::from_number)
    }
}
