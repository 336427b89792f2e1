//! How rows give values that lie in cells, and what the compiler is told of these.
//!
//! `rows.filter(|row| row.delay() > Some(0)).map(|row| row.miles())` reads a second cell where a first one says so. The compiler would
//! rather read both and select, many rows at a time, than jump as the first cell says; but a cell behind a pointer and an index may
//! lie in memory that is not there, for all it knows. So each row that an iterator hands out begins with a read of each of its scalar cells, of
//! which something is claimed that is true of every number (`Block::has_read`), and that the compiler cannot find out by itself. The claim
//! makes no code once it is optimised, and neither do reads that nobody asks for; but where a closure asks for a cell, it has been read
//! before any condition.
//!
//! And since the cell of a null holds zero, a value that is not zero is there, whatever its bit says. To compare with a positive number, or
//! to add up, takes no bit at all then: the compiler sees as much, and makes of a loop over rows what it makes of one over the
//! column's cells.

/// How a row gives a value that lies in memory.
pub trait Access<T> {
    /// What it gives.
    type Get<'a>
    where
        T: 'a;

    /// Gives it.
    fn get(cell: &T) -> Self::Get<'_>;

    /// Whether the cell is certainly not that of a null, which holds `T::default()`.
    #[inline(always)]
    fn is_there(_: &T) -> bool {
        false
    }

    /// Some bits of the value, to be claimed to have been read.
    #[inline(always)]
    fn bits(_: &T) -> u64 {
        0
    }
}

/// Rows give references.
#[derive(Debug)]
pub struct Lent;

impl<T> Access<T> for Lent {
    type Get<'a>
        = &'a T
    where
        T: 'a;

    #[inline]
    fn get(cell: &T) -> &T {
        cell
    }
}

/// Rows give values.
#[derive(Debug)]
pub struct Copied;

impl<T: Copy> Access<T> for Copied {
    type Get<'a>
        = T
    where
        T: 'a;

    #[inline]
    fn get(cell: &T) -> T {
        *cell
    }
}

/// Rows give values, of which the compiler is told all that is said above.
#[derive(Debug)]
pub struct Scalar;

impl<T: ScalarField> Access<T> for Scalar {
    type Get<'a>
        = T
    where
        T: 'a;

    #[inline]
    fn get(cell: &T) -> T {
        *cell
    }

    #[inline(always)]
    fn is_there(cell: &T) -> bool {
        *cell != T::default()
    }

    #[inline(always)]
    fn bits(cell: &T) -> u64 {
        cell.low_bits()
    }
}

/// A scalar type of the language: an integer, a float, `bool` or `char`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named like a type of the language, and is none",
    note = "the derive knows types by their names: give this one another"
)]
pub trait ScalarField: Copy + PartialEq + Default {
    /// The lowest bits, at most 64.
    fn low_bits(self) -> u64;
}

macro_rules! scalars {
    ($($bits:ident: $($scalar:ident)*;)*) => {$($(
        impl ScalarField for $scalar {
            #[inline(always)]
            fn low_bits(self) -> u64 {
                scalars!($bits self)
            }
        }
    )*)*};
    (value $self:ident) => { $self as u64 };
    (unsigned $self:ident) => { $self.cast_unsigned() as u64 };
    (float $self:ident) => { $self.to_bits().into() };
}

scalars! {
    value: bool char u8 u16 u32 u64 u128 usize;
    unsigned: i8 i16 i32 i64 i128 isize;
    float: f32 f64;
}
