//! A flight as a record: the columns of `data/flights-2013-01.csv`.

use pennyweight::record::csv::{Field, FieldError, FromField};
use pennyweight::record::{ArrowValue, Record};

/// A flight, at the bytes that its fields need: 31 and 6 bits a row, and its dictionaries.
#[derive(Record, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Flight {
    #[record(packed)]
    pub(crate) year: i16,
    pub(crate) month: i8,
    pub(crate) day: i8,
    pub(crate) dep_time: Option<i16>,
    pub(crate) sched_dep_time: i16,
    pub(crate) dep_delay: Option<i16>,
    pub(crate) arr_time: Option<i16>,
    pub(crate) sched_arr_time: i16,
    pub(crate) arr_delay: Option<i16>,
    #[record(dict)]
    pub(crate) carrier: String,
    pub(crate) flight: u16,
    #[record(dict)]
    pub(crate) tailnum: Option<String>,
    #[record(dict)]
    pub(crate) origin: String,
    #[record(dict)]
    pub(crate) dest: String,
    pub(crate) air_time: Option<i16>,
    pub(crate) distance: u16,
    pub(crate) hour: i8,
    pub(crate) minute: i8,
    #[record(copy)]
    pub(crate) time_hour: Seconds,
}

/// Seconds since 1970, written as `2013-01-01T10:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Seconds(pub(crate) u32);

impl FromField for Seconds {
    fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
        let text: &[u8; 20] = field.as_bytes().try_into().map_err(|_| FieldError::Invalid)?;
        let number = |at: usize, len: usize| {
            text[at..at + len].iter().try_fold(0, |number: u32, &byte| match byte {
                b'0'..=b'9' => Ok(number * 10 + u32::from(byte - b'0')),
                _ => Err(FieldError::Invalid),
            })
        };
        if [4, 7, 10, 13, 16, 19].map(|at| text[at]) != *b"--T::Z" {
            return Err(FieldError::Invalid);
        }
        let [year, month, day] = [number(0, 4)?, number(5, 2)?, number(8, 2)?];
        let [hour, minute, second] = [number(11, 2)?, number(14, 2)?, number(17, 2)?];
        let in_range = (1970..2106).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && (hour, minute, second) < (24, 0, 0)
            && minute.max(second) < 60;
        if !in_range {
            return Err(FieldError::OutOfRange);
        }
        // Years begin in March, so that the leap day is the last one.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days =
            365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
        Ok(Self((days - 719_468) * 86_400 + hour * 3600 + minute * 60 + second))
    }
}

impl ArrowValue for Seconds {
    type As = u32;

    fn to_arrow(&self) -> u32 {
        self.0
    }

    fn from_arrow(seconds: u32) -> Option<Self> {
        Some(Self(seconds))
    }
}
