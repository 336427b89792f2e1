//! Batches of a stream that another library writes.

use crate::producer::{Column, Released};
use crate::{Array, Schema};
use pennyweight::record::{
    ArrowArrayStream, CDataBatches, CDataError, ImportErrorCause, Record, Records,
};
use std::ffi::{c_char, c_int, c_void};
use std::ptr;

/// `struct ArrowArrayStream`, as the specification has it.
#[repr(C)]
struct Stream {
    get_schema: Option<unsafe extern "C" fn(*mut Stream, *mut Schema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut Stream, *mut Array) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut Stream) -> *const c_char>,
    release: Option<unsafe extern "C" fn(*mut Stream)>,
    private_data: *mut c_void,
}

/// What a stream owns.
struct Parts {
    released: Released,
    /// The batches that are still to come. An empty one is an error of the producer.
    batches: Vec<Vec<i32>>,
    has_schema: bool,
}

fn table(numbers: &[i32]) -> Column {
    Column::records(numbers.len(), vec![Column::numbers("i", numbers).named("number")])
}

#[derive(Record, Debug)]
struct Number {
    number: i32,
}

#[derive(Record, Debug)]
struct Wide {
    number: i64,
}

fn parts<'a>(stream: *mut Stream) -> &'a mut Parts {
    // SAFETY: the stream is one of `stream`.
    let stream = unsafe { &*stream };
    // SAFETY: it was made of such a box; nobody else has its parts meanwhile.
    unsafe { &mut *stream.private_data.cast() }
}

unsafe extern "C" fn get_schema(stream: *mut Stream, schema: *mut Schema) -> c_int {
    let parts = parts(stream);
    if !parts.has_schema {
        return 5;
    }
    // SAFETY: who asks for a schema has room for it.
    unsafe { schema.write(table(&[]).schema(&parts.released)) };
    0
}

unsafe extern "C" fn get_next(stream: *mut Stream, array: *mut Array) -> c_int {
    let parts = parts(stream);
    match parts.batches.pop() {
        Some(batch) if batch.is_empty() => return 22,
        // SAFETY: who asks for an array has room for it.
        Some(batch) => unsafe { array.write(table(&batch).array(&parts.released)) },
        // SAFETY: as above.
        None => unsafe { (*array).release = None },
    }
    0
}

unsafe extern "C" fn get_last_error(stream: *mut Stream) -> *const c_char {
    let parts = parts(stream);
    if parts.has_schema { c"the disk is \xff gone".as_ptr() } else { ptr::null() }
}

unsafe extern "C" fn release(stream: *mut Stream) {
    // SAFETY: the stream is one of `stream`, and not used any more.
    let stream = unsafe { &mut *stream };
    assert!(stream.release.take().is_some());
    // SAFETY: it was made of such a box.
    let parts = unsafe { Box::from_raw(stream.private_data.cast::<Parts>()) };
    parts.released.count_one();
}

fn stream(batches: &[&[i32]], has_schema: bool) -> (ArrowArrayStream, Released) {
    let released = Released::default();
    let batches = batches.iter().rev().map(|batch| batch.to_vec()).collect();
    let parts = Box::new(Parts { released: released.clone(), batches, has_schema });
    let mut stream = Stream {
        get_schema: Some(get_schema),
        get_next: Some(get_next),
        get_last_error: Some(get_last_error),
        release: Some(release),
        private_data: Box::into_raw(parts).cast(),
    };
    // SAFETY: it is a stream as the specification has it.
    (unsafe { ArrowArrayStream::from_raw((&raw mut stream).cast()) }, released)
}

#[test]
fn batches_come_one_after_the_other() {
    let (batches, released) = stream(&[&[1, 2], &[3], &[4, 5, 6]], true);
    // SAFETY: the producer keeps to the specification.
    let mut batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
    let mut all = Records::new();
    // Each array is two structures, and is released with its batch.
    for (count, batch) in [2, 4, 6].into_iter().zip(&mut batches) {
        all.append(&mut batch.unwrap());
        assert_eq!(released.count(), count);
    }
    assert_eq!(all.columns().number(), [1, 2, 3, 4, 5, 6]);
    assert!(batches.next().is_none() && batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 9);
}

#[test]
fn an_error_is_the_last_item() {
    let (batches, released) = stream(&[&[1, 2], &[], &[3]], true);
    // SAFETY: the producer keeps to the specification.
    let mut batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
    assert_eq!(batches.next().unwrap().unwrap().len(), 2);
    let error = batches.next().unwrap().unwrap_err();
    let message = "the producer failed with error 22: the disk is \u{fffd} gone";
    assert_eq!(error.to_string(), message);
    assert!(batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 5);

    let (batches, released) = stream(&[&[1, 2], &[3]], true);
    // SAFETY: as above.
    let mut batches: CDataBatches<Wide> = unsafe { batches.batches() }.unwrap();
    let Some(Err(CDataError::Import(error))) = batches.next() else { panic!("no error") };
    assert!(matches!(error.cause(), ImportErrorCause::Type { expected: "i64", .. }));
    assert!(batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 5);
}

#[test]
fn a_stream_without_schema_is_refused_and_one_that_was_released_is_empty() {
    let (batches, released) = stream(&[&[1]], false);
    // SAFETY: the producer keeps to the specification.
    let error = unsafe { batches.batches::<Number>() }.unwrap_err();
    assert_eq!(error, CDataError::Producer { code: 5, message: "".into() });
    assert_eq!(error.to_string(), "the producer failed with error 5");
    assert_eq!(released.count(), 1);
    // SAFETY: a stream of nothing is as one that was released.
    let mut batches = unsafe { ArrowArrayStream::empty().batches::<Number>() }.unwrap();
    assert!(batches.next().is_none());

    let (batches, released) = stream(&[&[1]], true);
    drop(batches);
    assert_eq!(released.count(), 1);
}
