//! Batches of a stream that another library writes.

use crate::import::{ALIVE, Counted};
use crate::producer::{Column, Released};
use crate::{Array, Schema};
use pennyweight::record::{
    ArrowArrayStream, CDataBatches, CDataError, ImportErrorCause, Record, Records,
};
use std::ffi::{c_char, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// The batches that are still to come, the next one last. None is an error of the producer.
    batches: Vec<Option<Column>>,
    schema: Answer,
}

/// What a stream says that its columns are.
#[derive(Clone, Copy)]
enum Answer {
    Schema,
    /// Nothing, and no error.
    Nothing,
    Error,
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
    match parts.schema {
        // SAFETY: who asks for a schema has room for it.
        Answer::Schema => unsafe { schema.write(table(&[]).schema(&parts.released)) },
        // SAFETY: as above.
        Answer::Nothing => unsafe { (*schema).release = None },
        Answer::Error => return 5,
    }
    0
}

unsafe extern "C" fn get_next(stream: *mut Stream, array: *mut Array) -> c_int {
    let parts = parts(stream);
    match parts.batches.pop() {
        Some(None) => return 22,
        // SAFETY: who asks for an array has room for it.
        Some(Some(batch)) => unsafe { array.write(batch.array(&parts.released)) },
        // SAFETY: as above.
        None => unsafe { (*array).release = None },
    }
    0
}

unsafe extern "C" fn get_last_error(stream: *mut Stream) -> *const c_char {
    let parts = parts(stream);
    match parts.schema {
        Answer::Error => ptr::null(),
        _ => c"the disk is \xff gone".as_ptr(),
    }
}

unsafe extern "C" fn release(stream: *mut Stream) {
    // SAFETY: the stream is one of `stream`, and not used any more.
    let stream = unsafe { &mut *stream };
    assert!(stream.release.take().is_some());
    // SAFETY: it was made of such a box.
    let parts = unsafe { Box::from_raw(stream.private_data.cast::<Parts>()) };
    parts.released.count_one();
}

/// A stream of batches, an empty one of which is an error of the producer.
fn stream(batches: &[&[i32]], schema: Answer) -> (ArrowArrayStream, Released) {
    stream_of(batches.iter().map(|batch| (!batch.is_empty()).then(|| table(batch))), schema)
}

fn stream_of(
    batches: impl DoubleEndedIterator<Item = Option<Column>>,
    schema: Answer,
) -> (ArrowArrayStream, Released) {
    let released = Released::default();
    let batches = batches.rev().collect();
    let parts = Box::new(Parts { released: released.clone(), batches, schema });
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
    let (batches, released) = stream(&[&[1, 2], &[3], &[4, 5, 6]], Answer::Schema);
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
    let (batches, released) = stream(&[&[1, 2], &[], &[3]], Answer::Schema);
    // SAFETY: the producer keeps to the specification.
    let mut batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
    assert_eq!(batches.next().unwrap().unwrap().len(), 2);
    let error = batches.next().unwrap().unwrap_err();
    let message = "the producer failed with error 22: the disk is \u{fffd} gone";
    assert_eq!(error.to_string(), message);
    assert!(batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 5);

    let (batches, released) = stream(&[&[1, 2], &[3]], Answer::Schema);
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
    let (batches, released) = stream(&[&[1]], Answer::Error);
    // SAFETY: the producer keeps to the specification.
    let error = unsafe { batches.batches::<Number>() }.unwrap_err();
    assert_eq!(error, CDataError::Producer { code: 5, message: "".into() });
    assert_eq!(error.to_string(), "the producer failed with error 5");
    assert_eq!(released.count(), 1);
    // SAFETY: a stream of nothing is as one that was released.
    let mut batches = unsafe { ArrowArrayStream::empty().batches::<Number>() }.unwrap();
    assert!(batches.next().is_none());

    let (batches, released) = stream(&[&[1]], Answer::Schema);
    drop(batches);
    assert_eq!(released.count(), 1);
}

#[test]
fn batches_may_be_slices() {
    let numbers: Vec<i32> = (0..20).collect();
    let slice = |offset: i64, len| Some(table(&numbers).slice(offset, len));
    let batches = [slice(3, 4), slice(0, 0), slice(19, 1)];
    let (batches, _) = stream_of(batches.into_iter(), Answer::Schema);
    // SAFETY: the producer keeps to the specification.
    let batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
    let batches: Vec<Vec<i32>> =
        batches.map(|batch| batch.unwrap().columns().number().to_vec()).collect();
    assert_eq!(batches, [vec![3, 4, 5, 6], vec![], vec![19]]);
}

#[test]
fn a_schema_that_is_left_released_is_refused_with_the_first_batch() {
    let (batches, released) = stream(&[&[1], &[2]], Answer::Nothing);
    // SAFETY: the producer says nothing, as one that was released.
    let mut batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
    let error = batches.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the records: it has been released, or taken by others");
    assert!(batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 3);
}

#[test]
fn a_stream_is_over_where_a_value_panics() {
    #[derive(Record, Debug)]
    struct Count {
        number: Counted,
    }
    let (batches, released) = stream(&[&[1, 2], &[3, 13, 4], &[5]], Answer::Schema);
    // SAFETY: the producer keeps to the specification.
    let mut batches: CDataBatches<Count> = unsafe { batches.batches() }.unwrap();
    assert_eq!(batches.next().unwrap().unwrap().len(), 2);
    assert!(catch_unwind(AssertUnwindSafe(|| batches.next())).is_err());
    assert_eq!((ALIVE.get(), released.count()), (0, 4));
    assert!(batches.next().is_none());
    drop(batches);
    assert_eq!(released.count(), 7);
}

#[test]
fn streams_cross_threads() {
    let (batches, released) = stream(&[&[1, 2], &[3], &[4]], Answer::Schema);
    let mut batches = std::thread::spawn(move || {
        // SAFETY: the producer keeps to the specification, and does not care for threads.
        let mut batches: CDataBatches<Number> = unsafe { batches.batches() }.unwrap();
        assert_eq!(batches.next().unwrap().unwrap().len(), 2);
        batches
    })
    .join()
    .unwrap();
    assert_eq!(batches.next().unwrap().unwrap().columns().number(), [3]);
    std::thread::spawn(move || drop(batches)).join().unwrap();
    // A schema, two arrays and the stream.
    assert_eq!(released.count(), 7);
}
