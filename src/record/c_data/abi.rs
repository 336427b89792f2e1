//! The structures of Arrow's C data interface, and who frees what.
//!
//! A structure owns what it points to through its `private_data`, and frees all of it in its `release`. A consumer takes a structure by copying
//! it and setting the `release` of the original to null; so it takes a whole, or a child of it, which is then left alone when the
//! rest is released.
#![allow(unsafe_code)]

use super::column::{Bytes, Column, Kind};
use super::export::{Export, columns};
use crate::record::records::Records;
use crate::record::schema::Record;
use alloc::boxed::Box;
use alloc::ffi::CString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ffi::{c_char, c_void};
use core::panic::RefUnwindSafe;
use core::{fmt, mem, ptr};

/// What columns are: `struct ArrowSchema` of Arrow's [C data interface](https://arrow.apache.org/docs/format/CDataInterface.html).
///
/// It is handed to a consumer by its address, or filled by a producer. Where none has taken it, it is released when it is dropped.
#[repr(C)]
pub struct ArrowSchema {
    pub(super) format: *const c_char,
    pub(super) name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    pub(super) n_children: i64,
    pub(super) children: *mut *mut ArrowSchema,
    pub(super) dictionary: *mut ArrowSchema,
    /// Invariant: unless null, `private_data` is that which `release` is for. Null where there is nothing, or no more.
    pub(super) release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    private_data: *mut c_void,
}

/// Where columns lie: `struct ArrowArray` of Arrow's [C data interface](https://arrow.apache.org/docs/format/CDataInterface.html).
///
/// It keeps the records whose columns it lends. It is handed to a consumer by its address, or filled by a producer. Where none has taken it, it
/// is released when it is dropped.
#[repr(C)]
pub struct ArrowArray {
    pub(super) length: i64,
    pub(super) null_count: i64,
    pub(super) offset: i64,
    pub(super) n_buffers: i64,
    pub(super) n_children: i64,
    pub(super) buffers: *mut *const c_void,
    pub(super) children: *mut *mut ArrowArray,
    pub(super) dictionary: *mut ArrowArray,
    /// Invariant: unless null, `private_data` is that which `release` is for. Null where there is nothing, or no more.
    pub(super) release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    private_data: *mut c_void,
}

// SAFETY: what a schema points to is its own, and only read. A producer's can be released by any thread: who fills one promises that.
unsafe impl Send for ArrowSchema {}
// SAFETY: as above; nothing changes through a shared reference.
unsafe impl Sync for ArrowSchema {}
// SAFETY: what an array points to is its own, or of owners that are `Send` and `Sync`, and only read. A producer's is as a schema's.
unsafe impl Send for ArrowArray {}
// SAFETY: as above; nothing changes through a shared reference.
unsafe impl Sync for ArrowArray {}

/// The flag that says that values may be null.
const NULLABLE: i64 = 2;

/// What a schema owns. The texts are there to be pointed to.
struct SchemaParts {
    format: CString,
    name: CString,
    children: Children<ArrowSchema>,
}

/// What an array owns.
struct ArrayParts {
    _bytes: Vec<Bytes>,
    buffers: Box<[*const c_void]>,
    children: Children<ArrowArray>,
}

/// Structures in boxes of their own, and the pointers to them that others see.
struct Children<T> {
    /// Invariant: each is of `Box::into_raw`, and freed when this is dropped.
    pointers: Box<[*mut T]>,
    /// Invariant: null, or as above.
    dictionary: *mut T,
}

impl<R> Records<R>
where
    R: Record,
    Self: Send + Sync + RefUnwindSafe + 'static,
{
    /// The records as an array of structs of Arrow's [C data interface](https://arrow.apache.org/docs/format/CDataInterface.html), which
    /// libraries of all languages take. Needs no crate, and no feature.
    ///
    /// Plain numbers, codes of strings, text and the bits of what is packed or null are lent: the array keeps the records, and none of them is
    /// copied. Dictionaries and plain strings are copied, packed integers unpacked block by block, and where strings of text end is written
    /// anew. On big-endian machines bits are copied.
    ///
    /// A consumer takes both by their addresses: pyarrow's is `RecordBatch._import_from_c(array, schema)`.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use pennyweight::record::{Record, Records};
    /// use std::sync::Arc;
    ///
    /// #[derive(Record)]
    /// struct Point {
    ///     x: i32,
    ///     y: Option<i32>,
    /// }
    ///
    /// let points: Records<Point> = (0..10).map(|x| Point { x, y: (x > 5).then_some(x) }).collect();
    /// let points = Arc::new(points);
    /// let (schema, array) = points.to_c_data();
    /// assert_eq!((schema.n_children(), array.len()), (2, 10));
    /// // Both columns of numbers and the validity of one keep the records.
    /// assert_eq!(Arc::strong_count(&points), 4);
    /// drop(array);
    /// assert_eq!(Arc::strong_count(&points), 1);
    /// # }
    /// ```
    #[must_use]
    pub fn to_c_data(self: &Arc<Self>) -> (ArrowSchema, ArrowArray)
    where
        R::Fields: Export,
    {
        let mut column = Column::new(Kind::Struct, self.len(), Vec::new());
        column.children = columns(self);
        (ArrowSchema::of(&column), ArrowArray::of(column))
    }
}

impl ArrowSchema {
    fn of(column: &Column) -> Self {
        let format = match column.kind {
            Kind::Number(format) => format,
            Kind::Bool => "b",
            Kind::Text => "u",
            Kind::LargeText => "U",
            Kind::Struct => "+s",
        };
        let children = Children::new(
            column.children.iter().map(Self::of).collect(),
            column.dictionary.as_deref().map(Self::of),
        );
        // Neither has a zero: names are those of a struct's fields.
        let text = |text: &str| CString::new(text).unwrap_or_default();
        let (format, name) = (text(format), text(&column.name));
        let parts = Box::new(SchemaParts { children, format, name });
        Self {
            format: parts.format.as_ptr(),
            name: parts.name.as_ptr(),
            metadata: ptr::null(),
            flags: if column.nullable { NULLABLE } else { 0 },
            n_children: parts.children.pointers.len() as i64,
            children: parts.children.pointers.as_ptr().cast_mut(),
            dictionary: parts.children.dictionary,
            release: Some(release_schema),
            private_data: Box::into_raw(parts).cast(),
        }
    }

    /// A schema of nothing, which a producer writes over.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            format: ptr::null(),
            name: ptr::null(),
            metadata: ptr::null(),
            flags: 0,
            n_children: 0,
            children: ptr::null_mut(),
            dictionary: ptr::null_mut(),
            release: None,
            private_data: ptr::null_mut(),
        }
    }

    /// The number of columns; 0 where a producer has written one that is none.
    #[must_use]
    pub fn n_children(&self) -> usize {
        usize::try_from(self.n_children).unwrap_or(0)
    }
}

impl ArrowArray {
    fn of(column: Column) -> Self {
        let Column { len, null_count, validity, buffers: bytes, children, dictionary, .. } = column;
        let pointer = |bytes: &Bytes| bytes.start().as_ptr().cast_const().cast::<c_void>();
        let first = validity.as_ref().map_or(ptr::null(), pointer);
        let buffers = core::iter::once(first).chain(bytes.iter().map(pointer)).collect();
        let children = Children::new(
            children.into_iter().map(Self::of).collect(),
            dictionary.map(|column| Self::of(*column)),
        );
        let bytes = validity.into_iter().chain(bytes).collect();
        let mut parts = Box::new(ArrayParts { _bytes: bytes, buffers, children });
        Self {
            length: len as i64,
            null_count: null_count as i64,
            offset: 0,
            n_buffers: parts.buffers.len() as i64,
            n_children: parts.children.pointers.len() as i64,
            buffers: parts.buffers.as_mut_ptr(),
            children: parts.children.pointers.as_mut_ptr(),
            dictionary: parts.children.dictionary,
            release: Some(release_array),
            private_data: Box::into_raw(parts).cast(),
        }
    }

    /// An array of nothing, which a producer writes over.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: ptr::null_mut(),
            children: ptr::null_mut(),
            dictionary: ptr::null_mut(),
            release: None,
            private_data: ptr::null_mut(),
        }
    }

    /// The number of rows; 0 where a producer has written one that is none.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::try_from(self.length).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> Children<T> {
    fn new(children: Vec<T>, dictionary: Option<T>) -> Self {
        let raw = |child| Box::into_raw(Box::new(child));
        Self {
            pointers: children.into_iter().map(raw).collect(),
            dictionary: dictionary.map_or(ptr::null_mut(), raw),
        }
    }
}

impl<T> Drop for Children<T> {
    fn drop(&mut self) {
        for &child in self.pointers.iter().chain([&self.dictionary]) {
            if !child.is_null() {
                // SAFETY: it is of `Box::into_raw` (invariants), and freed once. One that a consumer has taken releases nothing.
                drop(unsafe { Box::from_raw(child) });
            }
        }
    }
}

/// # Safety
///
/// The schema is one of this library's, and was not released.
unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: as the caller promises.
    let schema = unsafe { &mut *schema };
    schema.release = None;
    let parts = mem::replace(&mut schema.private_data, ptr::null_mut());
    // SAFETY: `of` has made it of such a box, and it is freed once.
    drop(unsafe { Box::from_raw(parts.cast::<SchemaParts>()) });
}

/// # Safety
///
/// The array is one of this library's, and was not released.
unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: as the caller promises.
    let array = unsafe { &mut *array };
    array.release = None;
    let parts = mem::replace(&mut array.private_data, ptr::null_mut());
    // SAFETY: `of` has made it of such a box, and it is freed once.
    drop(unsafe { Box::from_raw(parts.cast::<ArrayParts>()) });
}

/// Released unless a consumer has taken it.
macro_rules! released {
    ($($structure:ident)*) => {$(
        impl $structure {
            /// Takes a structure from where its producer has put it, and marks what is left there as released.
            ///
            /// # Safety
            ///
            /// There is one, which is what the specification says, or was released; it can be written to, and nobody else takes or releases
            /// what it holds. Any thread may release it.
            #[must_use]
            pub unsafe fn from_raw(structure: *mut Self) -> Self {
                // SAFETY: as the caller promises.
                unsafe { structure.replace(Self::empty()) }
            }
        }

        impl Drop for $structure {
            fn drop(&mut self) {
                if let Some(release) = self.release {
                    // SAFETY: it was not released, and `release` is for what it holds (invariant of `release`).
                    unsafe { release(self) };
                }
            }
        }
    )*};
}

released!(ArrowSchema ArrowArray);

impl fmt::Debug for ArrowSchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrowSchema").field("n_children", &self.n_children).finish_non_exhaustive()
    }
}

impl fmt::Debug for ArrowArray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrowArray").field("length", &self.length).finish_non_exhaustive()
    }
}
