//! Records handed over and taken by Arrow's C data interface, by a consumer and a producer that know of it what its specification says.
#![allow(unsafe_code)]
#![cfg(all(feature = "std", feature = "derive"))]

mod export;
mod import;
mod malformed;
mod producer;
mod stream;
mod strings;

use pennyweight::profile::{Allocator, measure};
use pennyweight::record::{Record, Records};
use std::ffi::{CStr, c_char, c_void};
use std::slice;
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// `struct ArrowSchema`, as the specification has it.
#[repr(C)]
struct Schema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *mut *mut Schema,
    dictionary: *mut Schema,
    release: Option<unsafe extern "C" fn(*mut Schema)>,
    private_data: *mut c_void,
}

/// `struct ArrowArray`, as the specification has it.
#[repr(C)]
struct Array {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *mut *const c_void,
    children: *mut *mut Array,
    dictionary: *mut Array,
    release: Option<unsafe extern "C" fn(*mut Array)>,
    private_data: *mut c_void,
}

/// Takes a structure, which leaves nothing to be released where it was.
macro_rules! take {
    ($from:expr) => {{
        // SAFETY: the structure is one of the interface's, which may be moved like this.
        let taken = unsafe { std::ptr::read($from) };
        // SAFETY: as above.
        unsafe { (*$from).release = None };
        taken
    }};
}

/// Releases a structure, as the last thing that is done with it.
macro_rules! release {
    ($taken:expr) => {{
        let mut taken = $taken;
        // SAFETY: it was not released.
        unsafe { taken.release.unwrap()(&raw mut taken) };
        assert!(taken.release.is_none());
    }};
}

pub(crate) use {release, take};

#[derive(Record)]
struct Point {
    x: i16,
    #[record(packed)]
    far: bool,
}

#[derive(Record)]
struct Flight {
    #[record(dict)]
    origin: Option<String>,
    delay: Option<i32>,
    #[record(nested)]
    at: Point,
    remark: String,
}

fn flights() -> Arc<Records<Flight>> {
    let flight = |x: i16| Flight {
        origin: (x != 1).then(|| ["JFK", "Zürich"][x as usize % 2].to_owned()),
        delay: (x != 2).then_some(-i32::from(x)),
        at: Point { x, far: x > 8 },
        remark: "ab".repeat(x as usize % 3),
    };
    Arc::new((0..10).map(flight).collect())
}

fn hand_over(flights: &Arc<Records<Flight>>) -> (Schema, Array) {
    let (mut schema, mut array) = flights.to_c_data();
    assert_eq!((schema.n_children(), array.len(), array.is_empty()), (4, 10, false));
    assert_eq!(size_of_val(&schema), size_of::<Schema>());
    assert_eq!(size_of_val(&array), size_of::<Array>());
    (take!((&raw mut schema).cast::<Schema>()), take!((&raw mut array).cast::<Array>()))
}

impl Schema {
    fn text(&self) -> (&str, &str, bool) {
        // SAFETY: both are texts with a zero behind them, as long as the schema was not released.
        let text = |text| unsafe { CStr::from_ptr(text) }.to_str().unwrap();
        (text(self.name), text(self.format), self.flags == 2)
    }

    fn child(&self, index: usize) -> &Self {
        // SAFETY: there are so many children.
        let children = unsafe { slice::from_raw_parts(self.children, self.n_children as usize) };
        // SAFETY: a child is there as long as its parent was not released.
        unsafe { &*children[index] }
    }
}

impl Array {
    fn child(&self, index: usize) -> &Self {
        // SAFETY: there are so many children.
        let children = unsafe { slice::from_raw_parts(self.children, self.n_children as usize) };
        // SAFETY: a child is there as long as its parent was not released.
        unsafe { &*children[index] }
    }

    fn buffer<T>(&self, index: usize, len: usize) -> &[T] {
        // SAFETY: there are so many buffers.
        let buffers = unsafe { slice::from_raw_parts(self.buffers, self.n_buffers as usize) };
        // SAFETY: the test asks for as much as the type of the column says.
        unsafe { slice::from_raw_parts(buffers[index].cast::<T>(), len) }
    }

    fn has_validity(&self) -> bool {
        // SAFETY: all columns have a first buffer, which may be null.
        !unsafe { *self.buffers }.is_null()
    }
}

#[test]
fn a_consumer_finds_names_types_and_values() {
    let flights = flights();
    let (schema, array) = hand_over(&flights);
    assert_eq!((schema.text(), schema.n_children), (("", "+s", false), 4));
    assert_eq!((array.length, array.null_count, array.offset, array.n_buffers), (10, 0, 0, 1));
    assert!(schema.metadata.is_null() && schema.dictionary.is_null() && !array.has_validity());

    let (origin, codes) = (schema.child(0), array.child(0));
    assert_eq!((origin.text(), codes.null_count), (("origin", "C", true), 1));
    assert_eq!(codes.buffer::<u8>(0, 2), [0b1111_1101, 0b11]);
    assert_eq!(codes.buffer::<u8>(1, 10), [0, 0, 0, 1, 0, 1, 0, 1, 0, 1]);
    // SAFETY: the column has a dictionary.
    let names = unsafe { &*origin.dictionary };
    // SAFETY: as above.
    let texts = unsafe { &*codes.dictionary };
    assert_eq!((names.text(), texts.length), (("", "u", false), 2));
    assert_eq!(texts.buffer::<i32>(1, 3), [0, 3, 10]);
    assert_eq!(texts.buffer::<u8>(2, 10), "JFKZürich".as_bytes());

    assert_eq!((schema.child(1).text(), array.child(1).null_count), (("delay", "i", true), 1));
    assert_eq!(array.child(1).buffer::<u8>(0, 2), [0b1111_1011, 0b11]);
    assert_eq!(array.child(1).buffer::<i32>(1, 10), [0, -1, 0, -3, -4, -5, -6, -7, -8, -9]);
    // Lent, not copied.
    let delays = flights.columns().delay().values();
    assert_eq!(array.child(1).buffer::<i32>(1, 10).as_ptr(), delays.as_ptr());

    let (at, points) = (schema.child(2), array.child(2));
    assert_eq!((at.text(), at.child(0).text()), (("at", "+s", false), ("x", "s", false)));
    assert_eq!(points.child(0).buffer::<i16>(1, 10), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!((at.child(1).text(), points.child(1).has_validity()), (("far", "b", false), false));
    assert_eq!(points.child(1).buffer::<u8>(1, 2), [0, 0b10]);

    assert_eq!(schema.child(3).text(), ("remark", "u", false));
    assert_eq!(array.child(3).buffer::<i32>(1, 5), [0, 0, 2, 6, 6]);
    assert_eq!(array.child(3).buffer::<u8>(2, 18), b"ab".repeat(9));
    release!(schema);
    release!(array);
}

#[test]
fn records_live_as_long_as_a_column_of_theirs() {
    let ((), stats) = measure(|| {
        let flights = flights();
        let weak = Arc::downgrade(&flights);
        let (schema, array) = hand_over(&flights);
        drop(flights);
        release!(schema);
        // SAFETY: there are four children.
        let children = unsafe { slice::from_raw_parts(array.children, 4) };
        let delay = take!(children[1]);
        release!(array);
        assert!(weak.upgrade().is_some());
        assert_eq!(delay.buffer::<i32>(1, 10)[9], -9);
        release!(delay);
        assert!(weak.upgrade().is_none());
    });
    assert_eq!(stats.current, 0);
}

#[test]
fn what_nobody_takes_is_released_once() {
    let ((), stats) = measure(|| {
        let flights = flights();
        let (schema, array) = flights.to_c_data();
        assert!(Arc::strong_count(&flights) > 1);
        drop((schema, array));
        assert_eq!(Arc::strong_count(&flights), 1);
        let none: Arc<Records<Flight>> = Arc::default();
        let (schema, array) = none.to_c_data();
        assert_eq!((schema.n_children(), array.is_empty()), (4, true));
    });
    assert_eq!(stats.current, 0);
}

#[test]
fn columns_cross_threads() {
    let flights = flights();
    let (schema, array) = flights.to_c_data();
    drop(flights);
    std::thread::spawn(move || drop((schema, array))).join().unwrap();
}
