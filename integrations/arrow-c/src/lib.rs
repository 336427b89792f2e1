//! Flights from CSV, handed to whoever takes Arrow's C data interface, and taken back.

#[path = "../../../tests/record_csv/flight.rs"]
mod flight;

use core::ffi::{CStr, c_char};
use flight::Flight;
use pennyweight::record::csv::ReadOptions;
use pennyweight::record::{ArrowArray, ArrowArrayStream, ArrowSchema, Records};
use std::error::Error;
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
    // SAFETY: as the caller promises.
    unsafe { hand_over(flights, schema, array) }
}

/// Takes flights out of both structures, and puts them there again. Returns the number of rows, or -1 for what are no flights.
///
/// # Safety
///
/// Both structures are what the specification says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn return_flights(schema: *mut ArrowSchema, array: *mut ArrowArray) -> i64 {
    // SAFETY: as the caller promises.
    let columns = unsafe { ArrowSchema::from_raw(schema) };
    // SAFETY: as above.
    let values = unsafe { ArrowArray::from_raw(array) };
    // SAFETY: as above.
    match unsafe { Records::from_c_data(columns, values) } {
        // SAFETY: nothing is left in the structures.
        Ok(flights) => unsafe { hand_over(flights, schema, array) },
        Err(error) => refuse(&error),
    }
}

/// Takes flights batch by batch, and hands all of them over. Returns the number of rows, or -1 for what are no flights.
///
/// # Safety
///
/// The stream is what the specification says; both structures can be written to, and hold nothing to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn return_batches(
    stream: *mut ArrowArrayStream,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
) -> i64 {
    // SAFETY: as the caller promises.
    let stream = unsafe { ArrowArrayStream::from_raw(stream) };
    // SAFETY: as above.
    let batches = match unsafe { stream.batches() } {
        Ok(batches) => batches,
        Err(error) => return refuse(&error),
    };
    let mut flights = Records::new();
    for batch in batches {
        match batch {
            Ok(mut batch) => flights.append(&mut batch),
            Err(error) => return refuse(&error),
        }
    }
    // SAFETY: as above.
    unsafe { hand_over(flights, schema, array) }
}

fn refuse(error: &dyn Error) -> i64 {
    eprintln!("{error}");
    -1
}

/// # Safety
///
/// Both structures can be written to, and hold nothing to be released.
unsafe fn hand_over(
    flights: Records<Flight>,
    schema: *mut ArrowSchema,
    array: *mut ArrowArray,
) -> i64 {
    let (columns, values) = Arc::new(flights).to_c_data();
    let rows = values.len() as i64;
    // SAFETY: as the caller promises.
    unsafe { schema.write(columns) };
    // SAFETY: as above.
    unsafe { array.write(values) };
    rows
}
