//! Flights from CSV, handed to whoever takes Arrow's C data interface.

#[path = "../../../tests/record_csv/flight.rs"]
mod flight;

use core::ffi::{CStr, c_char};
use flight::Flight;
use pennyweight::record::csv::ReadOptions;
use pennyweight::record::{ArrowArray, ArrowSchema};
use std::sync::Arc;

/// Reads a file, and writes what its columns are to `schema` and where they lie to `array`. Returns the number of rows, or -1 for a file that
/// cannot be read.
///
/// # Safety
///
/// `path` is a text with a zero behind it; both structures can be written to, and hold nothing to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn read_flights(
    path: *const c_char,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
) -> i64 {
    // SAFETY: as the caller promises.
    let Ok(path) = unsafe { CStr::from_ptr(path) }.to_str() else { return -1 };
    let Ok(mut reader) = ReadOptions::new().nulls(["NA"]).open::<Flight>(path) else { return -1 };
    let Ok(flights) = reader.read_all() else { return -1 };
    let (columns, values) = Arc::new(flights).to_c_data();
    let rows = values.len() as i64;
    // SAFETY: as the caller promises.
    unsafe { schema.write(columns) };
    // SAFETY: as above.
    unsafe { array.write(values) };
    rows
}
