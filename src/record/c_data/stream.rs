//! Batches of rows, one after the other, by Arrow's C stream interface.
#![allow(unsafe_code)]

use super::abi::{ArrowArray, ArrowSchema};
use super::error::ImportError;
use super::import::Import;
use super::open::read;
use crate::record::records::Records;
use crate::record::schema::Record;
use alloc::boxed::Box;
use core::ffi::{CStr, c_char, c_int, c_void};
use core::iter::FusedIterator;
use core::marker::PhantomData;
use core::{fmt, ptr};

/// Where batches come from: `struct ArrowArrayStream` of Arrow's [C stream
/// interface](https://arrow.apache.org/docs/format/CStreamInterface.html).
///
/// It is handed to a producer by its address. It is released when it is dropped.
#[repr(C)]
pub struct ArrowArrayStream {
    get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    /// Invariant: unless null, the stream was not released, and the other functions are for it.
    release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    private_data: *mut c_void,
}

/// The batches of an [`ArrowArrayStream`], each as records of its own: see [`batches`](ArrowArrayStream::batches).
pub struct CDataBatches<R> {
    /// Invariant: as `ArrowArrayStream::batches` asks for.
    stream: ArrowArrayStream,
    /// Invariant: as the specification says, of all batches.
    schema: ArrowSchema,
    is_over: bool,
    records: PhantomData<fn() -> R>,
}

// SAFETY: a stream is used by one thread at a time, which has it alone; a producer's can be used and released by any: who fills one
// promises that. The specification lets threads take turns.
unsafe impl Send for ArrowArrayStream {}

/// Why there is no further batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CDataError {
    /// The producer failed.
    Producer {
        /// Its error, by the numbers of C's `errno`.
        code: i32,
        /// What it says of it; empty where it says nothing.
        message: Box<str>,
    },
    /// The batch is none of such records.
    Import(ImportError),
}

impl ArrowArrayStream {
    /// A stream of nothing, which a producer writes over.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: ptr::null_mut(),
        }
    }

    /// Takes a stream from where its producer has put it, and marks what is left there as released.
    ///
    /// # Safety
    ///
    /// There is one, which is what the specification says, or was released; it can be written to, and nobody else takes or releases it.
    /// Any thread may use and release it, one at a time.
    #[must_use]
    pub unsafe fn from_raw(stream: *mut Self) -> Self {
        // SAFETY: as the caller promises.
        unsafe { stream.replace(Self::empty()) }
    }

    /// The batches as records, of which one is there at a time. Columns are found as by [`from_c_data`](Records::from_c_data). An error
    /// is the last item.
    ///
    /// # Errors
    ///
    /// Where the producer does not say what the columns are.
    ///
    /// # Safety
    ///
    /// The stream is what the specification says, and so is all that it gives, as [`from_c_data`](Records::from_c_data) asks for. Any
    /// thread may use and release it, one at a time.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use pennyweight::record::{ArrowArrayStream, CDataError, Record, Records};
    ///
    /// # #[cfg(feature = "derive")] {
    /// #[derive(Record)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     carrier: String,
    ///     delay: Option<i16>,
    /// }
    ///
    /// unsafe extern "C" {
    ///     fn export_flights(stream: *mut ArrowArrayStream);
    /// }
    ///
    /// fn flights() -> Result<Records<Flight>, CDataError> {
    ///     let mut stream = ArrowArrayStream::empty();
    ///     // SAFETY: the library writes a stream.
    ///     unsafe { export_flights(&raw mut stream) };
    ///     let mut flights = Records::new();
    ///     // SAFETY: the library keeps to the specification.
    ///     for batch in unsafe { stream.batches() }? {
    ///         flights.append(&mut batch?);
    ///     }
    ///     Ok(flights)
    /// }
    /// # }
    /// ```
    pub unsafe fn batches<R: Record<Fields: Import>>(
        mut self,
    ) -> Result<CDataBatches<R>, CDataError> {
        let mut schema = ArrowSchema::empty();
        let get = self.get_schema.filter(|_| self.release.is_some());
        // SAFETY: the stream was not released, as the caller promises; the schema can be written to.
        let code = get.map_or(0, |get| unsafe { get(&raw mut self, &raw mut schema) });
        match code {
            // What was released has no schema, and no batch.
            0 => Ok(CDataBatches {
                is_over: get.is_none(),
                stream: self,
                schema,
                records: PhantomData,
            }),
            // SAFETY: the call before this one has failed.
            code => Err(unsafe { self.error(code) }),
        }
    }

    /// What a call has failed with.
    ///
    /// # Safety
    ///
    /// It was the last call.
    #[cold]
    unsafe fn error(&mut self, code: c_int) -> CDataError {
        let message = match self.get_last_error {
            // SAFETY: as the caller promises.
            Some(get) => unsafe { get(self) },
            None => ptr::null(),
        };
        let message = if message.is_null() {
            Box::default()
        } else {
            // SAFETY: it is a text with a zero behind it, which stays until the next call.
            unsafe { CStr::from_ptr(message) }.to_string_lossy().into()
        };
        CDataError::Producer { code, message }
    }
}

impl<R: Record<Fields: Import>> Iterator for CDataBatches<R> {
    type Item = Result<Records<R>, CDataError>;

    fn next(&mut self) -> Option<Self::Item> {
        let get = self.stream.get_next.filter(|_| !self.is_over)?;
        // Also where what follows panics.
        self.is_over = true;
        let mut array = ArrowArray::empty();
        // SAFETY: the stream was not released (invariant of `stream`); the array can be written to.
        let code = unsafe { get(&raw mut self.stream, &raw mut array) };
        if code != 0 {
            // SAFETY: the call has just failed.
            return Some(Err(unsafe { self.stream.error(code) }));
        }
        // The end is said by an array that has been released.
        array.release?;
        // SAFETY: schema and array are as the specification says (invariants of `schema` and `stream`).
        let records = unsafe { read(&self.schema, &array) };
        self.is_over = records.is_err();
        Some(records.map_err(CDataError::Import))
    }
}

impl<R: Record<Fields: Import>> FusedIterator for CDataBatches<R> {}

impl Drop for ArrowArrayStream {
    fn drop(&mut self) {
        if let Some(release) = self.release {
            // SAFETY: it was not released (invariant of `release`).
            unsafe { release(self) };
        }
    }
}

impl fmt::Debug for ArrowArrayStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArrowArrayStream").finish_non_exhaustive()
    }
}

impl<R> fmt::Debug for CDataBatches<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CDataBatches").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl fmt::Display for CDataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Producer { code, message } if message.is_empty() => {
                write!(f, "the producer failed with error {code}")
            }
            Self::Producer { code, message } => {
                write!(f, "the producer failed with error {code}: {message}")
            }
            Self::Import(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for CDataError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Producer { .. } => None,
            Self::Import(error) => Some(error),
        }
    }
}
