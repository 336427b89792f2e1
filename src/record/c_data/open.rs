//! Columns of the C data interface, as columns that lie elsewhere.
//!
//! What the structures say is checked as far as it can be: that what has to be there is there, that no number is negative, that nothing
//! reaches behind a length. How large buffers are they do not say: that is what who has them promises.
#![allow(unsafe_code)]

use super::abi::{ArrowArray, ArrowSchema};
use super::error::ImportErrorCause::{Malformed, Missing};
use super::error::{Fault, ImportError, ImportErrorCause};
use super::foreign::{Coded, Data, Foreign, Keys, Strings, Texts, numbers};
use super::import::{Import, columns_of, import};
use crate::raw::bitmap;
use crate::record::records::Records;
use crate::record::schema::Record;
use crate::record::validity::Validity;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use core::ffi::{CStr, c_char, c_void};
use core::ops::Range;
use core::{slice, str};

type Result<T> = core::result::Result<T, ImportErrorCause>;

/// Rows of an array.
struct Rows<'a> {
    array: &'a ArrowArray,
    /// Where they are in the buffers.
    ///
    /// Invariant: they end within what the array says that it has.
    range: Range<usize>,
    buffers: &'a [*const c_void],
}

impl<R: Record<Fields: Import>> Records<R> {
    /// Copies the rows of an array of structs of Arrow's [C data
    /// interface](https://arrow.apache.org/docs/format/CDataInterface.html), and releases it and its schema. Needs no crate, and no feature.
    ///
    /// Columns are found by their names, in any order, and there may be more of them than those of the record. Numbers have the field's
    /// type, and may mean anything: dates, timestamps and decimals are read as the whole numbers that they are. Strings are held in any way: offsets
    /// of 32 or 64 bits, views, a dictionary, which a `dict` column maps once, not row by row. Arrays may be slices of others. Not read
    /// are columns of nulls alone (`n`), half floats, decimals of 256 bits, binary values other than 16 bytes each, lists, maps, unions,
    /// run-end encoded columns, and structs some of whose rows are null.
    ///
    /// What another library writes goes into [`ArrowSchema::empty`] and [`ArrowArray::empty`]; what it has is moved out of its hands by
    /// [`from_raw`](ArrowArray::from_raw).
    ///
    /// # Errors
    ///
    /// Where a column is missing or of another type, which is then named as the C data interface names it; where a value is null that cannot
    /// be, or none of the field's type; where text is not UTF-8, or what is said of a column contradicts itself. Both structures are
    /// released in any case.
    ///
    /// # Safety
    ///
    /// Both structures are what the specification says, or were released: pointers that are not null lead to what they are said to
    /// lead to, and buffers are as large as type, length and offset ask, texts as far as any of their offsets leads. These sizes are not
    /// among what an array tells. All bytes are initialised, also those below nulls, and nobody writes to them meanwhile. All else is checked.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use pennyweight::record::{Record, Records};
    /// use std::sync::Arc;
    ///
    /// #[derive(Record)]
    /// struct Reading {
    ///     #[record(dict)]
    ///     station: String,
    ///     celsius: Option<f32>,
    ///     hour: u32,
    /// }
    ///
    /// #[derive(Record, Clone, Debug, PartialEq)]
    /// struct Celsius {
    ///     #[record(text)]
    ///     station: String,
    ///     celsius: Option<f32>,
    /// }
    ///
    /// let reading = |hour| Reading { station: "EWR".to_owned(), celsius: (hour != 1).then_some(3.5), hour };
    /// let readings: Arc<Records<Reading>> = Arc::new((0..3).map(reading).collect());
    /// let (schema, array) = readings.to_c_data();
    ///
    /// // SAFETY: both come from `to_c_data`.
    /// let celsius = unsafe { Records::<Celsius>::from_c_data(schema, array) }?;
    /// assert_eq!(celsius[1].to_owned(), Celsius { station: "EWR".to_owned(), celsius: None });
    /// assert_eq!(Arc::strong_count(&readings), 1); // released
    /// # }
    /// # Ok::<(), pennyweight::record::ImportError>(())
    /// ```
    pub unsafe fn from_c_data(
        schema: ArrowSchema,
        array: ArrowArray,
    ) -> core::result::Result<Self, ImportError> {
        // SAFETY: as the caller promises. Nobody else has them, and they are released behind this.
        unsafe { read(&schema, &array) }
    }
}

/// Records of all rows of an array of structs.
///
/// # Safety
///
/// As of `open`.
pub(super) unsafe fn read<R: Record<Fields: Import>>(
    schema: &ArrowSchema,
    array: &ArrowArray,
) -> core::result::Result<Records<R>, ImportError> {
    // SAFETY: as the caller promises.
    let records = unsafe { open(schema, array) }.map_err(|cause| Fault::from(cause).of(""))?;
    let columns = columns_of(&records).map_err(|fault| fault.of(""))?;
    import(columns, records.len)
}

/// All rows of an array.
///
/// # Safety
///
/// Unless released, schema and array are what the specification says, and stay so for `'a`.
pub(super) unsafe fn open<'a>(
    schema: &'a ArrowSchema,
    array: &'a ArrowArray,
) -> Result<Foreign<'a>> {
    let len = count(array.length)?;
    // SAFETY: as the caller promises.
    unsafe { open_rows(schema, array, 0..len) }
}

/// Some rows of an array, counted from its offset on.
///
/// # Safety
///
/// As of `open`.
unsafe fn open_rows<'a>(
    schema: &'a ArrowSchema,
    array: &'a ArrowArray,
    rows: Range<usize>,
) -> Result<Foreign<'a>> {
    if schema.release.is_none() || array.release.is_none() {
        return Err(Malformed("it has been released, or taken by others"));
    }
    // SAFETY: a schema that was not released has a format, as the caller promises.
    let format = str::from_utf8(unsafe { text(schema.format) });
    let format = format.map_err(|_| Malformed("its format is not UTF-8"))?;
    // SAFETY: as the caller promises.
    let rows = unsafe { Rows::new(array, rows) }?;
    let len = rows.range.len();
    if schema.dictionary.is_null() != array.dictionary.is_null() {
        return Err(Malformed("it has a dictionary, and is said to have none, or the reverse"));
    }
    // SAFETY: as the caller promises.
    let (data, ty) = match unsafe { schema.dictionary.as_ref() } {
        None => {
            // SAFETY: as the caller promises.
            (unsafe { rows.data(schema, format) }?, format!("C format `{format}`"))
        }
        Some(strings) => {
            // SAFETY: as the caller promises; the array has a dictionary where the schema has.
            let texts = unsafe { &*array.dictionary };
            // SAFETY: as above.
            let values = unsafe { open(strings, texts) }?;
            // SAFETY: as above.
            let keys = unsafe { rows.data(schema, format) }?;
            let ty = format!("C format `{format}`, numbers of {}", values.ty);
            (coded(keys, values).map_or(Data::Other, Data::Strings), ty)
        }
    };
    let validity = match data {
        Data::Other => Validity::all(len),
        // SAFETY: as the caller promises; all types that are read have bits.
        _ => unsafe { rows.validity() }?,
    };
    Ok(Foreign { ty, len, validity, data })
}

fn coded<'a>(keys: Data<'a>, values: Foreign<'a>) -> Option<Strings<'a>> {
    match (keys, values.data) {
        (Data::Numbers(format, bytes), Data::Strings(Strings::Plain(texts))) => {
            let (keys, validity) = (Keys::new(format, bytes)?, values.validity);
            Some(Strings::Coded(Coded { keys, texts, validity }))
        }
        _ => None,
    }
}

/// A number that counts something.
fn count(number: i64) -> Result<usize> {
    usize::try_from(number).map_err(|_| Malformed("a length or an offset is negative or too large"))
}

/// As many bytes as values of a size are, which memory could hold.
fn bytes_for(count: usize, size: usize) -> Result<usize> {
    let bytes = count.checked_mul(size).filter(|&bytes| bytes <= isize::MAX as usize);
    bytes.ok_or(Malformed("it is longer than memory can be"))
}

/// The bytes of a text; none where there is none.
///
/// # Safety
///
/// Null, or a text with a zero behind it, which stays for `'a`.
unsafe fn text<'a>(text: *const c_char) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    // SAFETY: as the caller promises.
    unsafe { CStr::from_ptr(text) }.to_bytes()
}

/// Pointers that a structure has, as many as it says.
///
/// # Safety
///
/// There are as many, and they stay for `'a`, unless the first is null.
unsafe fn pointers<'a, T>(first: *const T, len: i64) -> Result<&'a [T]> {
    let len = count(len)?;
    bytes_for(len, size_of::<T>())?;
    match (len, first.is_null()) {
        (0, _) => Ok(&[]),
        (_, true) => Err(Malformed("its buffers or its columns are missing")),
        // SAFETY: as the caller promises.
        _ => Ok(unsafe { slice::from_raw_parts(first, len) }),
    }
}

/// The letter of numbers that lie as these do: dates and times are whole numbers.
fn number(format: &str) -> Option<(&'static str, usize)> {
    Some(match format {
        "c" => ("c", 1),
        "C" => ("C", 1),
        "s" => ("s", 2),
        "S" => ("S", 2),
        "i" | "tdD" | "tts" | "ttm" | "tiM" => ("i", 4),
        "I" => ("I", 4),
        "f" => ("f", 4),
        "l" | "tdm" | "ttu" | "ttn" => ("l", 8),
        "L" => ("L", 8),
        "g" => ("g", 8),
        "w:16" => ("w:16", 16),
        _ if format.starts_with("ts") || format.starts_with("tD") => ("l", 8),
        _ => match format.strip_prefix("d:")?.split(',').nth(2) {
            None | Some("128") => ("d", 16),
            Some("64") => ("l", 8),
            Some("32") => ("i", 4),
            _ => return None,
        },
    })
}

impl<'a> Rows<'a> {
    /// # Safety
    ///
    /// As of `open`.
    unsafe fn new(array: &'a ArrowArray, rows: Range<usize>) -> Result<Self> {
        let (offset, len) = (count(array.offset)?, count(array.length)?);
        if rows.end > len {
            return Err(Malformed("it has fewer rows than the records"));
        }
        let end = offset.checked_add(len).ok_or(Malformed("it is longer than memory can be"))?;
        bytes_for(end, 1)?;
        // SAFETY: the array has as many buffers, as the caller promises.
        let buffers = unsafe { pointers(array.buffers.cast_const(), array.n_buffers) }?;
        Ok(Self { array, range: offset + rows.start..offset + rows.end, buffers })
    }

    fn expect_buffers(&self, count: usize) -> Result<()> {
        let found = self.buffers.len();
        if found == count {
            Ok(())
        } else {
            Err(Malformed("it has more or fewer buffers than its type"))
        }
    }

    /// The first bytes of a buffer.
    ///
    /// # Safety
    ///
    /// As of `open`; the buffer has as many bytes.
    unsafe fn buffer(&self, index: usize, len: usize) -> Result<&'a [u8]> {
        let start = self.buffers[index].cast::<u8>();
        match (len, start.is_null()) {
            (0, _) => Ok(&[]),
            (_, true) => Err(Malformed("a buffer is missing")),
            // SAFETY: as the caller promises.
            _ => Ok(unsafe { slice::from_raw_parts(start, len) }),
        }
    }

    /// What a buffer has for the rows, at so many bytes a row, and for `more` behind the last.
    ///
    /// # Safety
    ///
    /// As of `open`; the buffer has as many for all rows of the array.
    unsafe fn cells(&self, index: usize, size: usize, more: usize) -> Result<&'a [u8]> {
        if self.range.is_empty() {
            return Ok(&[]);
        }
        let bytes = bytes_for(self.range.end + more, size)?;
        // SAFETY: the rows end within those of the array (invariant of `range`), of which the buffer has so many bytes, as the caller
        // promises.
        let buffer = unsafe { self.buffer(index, bytes) }?;
        Ok(&buffer[self.range.start * size..])
    }

    /// # Safety
    ///
    /// As of `open`; the buffer has a bit for all rows of the array.
    unsafe fn bits(&self, index: usize) -> Result<Validity<'a>> {
        let (start, len) = (self.range.start, self.range.len());
        if len == 0 {
            return Ok(Validity::all(0));
        }
        // SAFETY: as in `cells`.
        let bytes = unsafe { self.buffer(index, bitmap::bytes_for(self.range.end)) }?;
        Ok(Validity::new(bytes, start, len))
    }

    /// # Safety
    ///
    /// As of `open`; arrays of this type have bits that say what is null.
    unsafe fn validity(&self) -> Result<Validity<'a>> {
        let len = self.range.len();
        match (self.array.null_count, self.buffers.first()) {
            (0, _) | (_, None) => Ok(Validity::all(len)),
            // The number of nulls may be unknown, which is -1.
            (..0, Some(first)) if first.is_null() => Ok(Validity::all(len)),
            // SAFETY: the first buffer has them.
            _ => unsafe { self.bits(0) },
        }
    }

    /// # Safety
    ///
    /// As of `open`; the format is that of the schema.
    unsafe fn data(&self, schema: &'a ArrowSchema, format: &str) -> Result<Data<'a>> {
        if let Some((letter, size)) = number(format) {
            self.expect_buffers(2)?;
            // SAFETY: numbers have a buffer of them.
            return Ok(Data::Numbers(letter, unsafe { self.cells(1, size, 0) }?));
        }
        Ok(match format {
            "b" => {
                self.expect_buffers(2)?;
                // SAFETY: booleans have a buffer of bits.
                Data::Bools(unsafe { self.bits(1) }?)
            }
            "u" => {
                self.expect_buffers(3)?;
                // SAFETY: texts have a buffer of offsets, one more than rows.
                let ends = numbers(unsafe { self.cells(1, 4, 1) }?);
                let last = ends.last().map_or(0, |end| i32::from_ne_bytes(*end).into());
                // SAFETY: the text reaches up to the last offset.
                let text = unsafe { self.buffer(2, count(last)?) }?;
                Data::Strings(Strings::Plain(Texts::Short(ends, text)))
            }
            "U" => {
                self.expect_buffers(3)?;
                // SAFETY: as above.
                let ends = numbers(unsafe { self.cells(1, 8, 1) }?);
                let last = count(ends.last().map_or(0, |end| i64::from_ne_bytes(*end)))?;
                // SAFETY: as above.
                let text = unsafe { self.buffer(2, bytes_for(last, 1)?) }?;
                Data::Strings(Strings::Plain(Texts::Long(ends, text)))
            }
            "vu" => {
                // SAFETY: as the caller promises.
                Data::Strings(Strings::Plain(unsafe { self.views() }?))
            }
            "+s" => {
                self.expect_buffers(1)?;
                // SAFETY: as the caller promises.
                unsafe { self.columns(schema) }?
            }
            _ => Data::Other,
        })
    }

    /// # Safety
    ///
    /// As of `open`; the array is one of views of text.
    unsafe fn views(&self) -> Result<Texts<'a>> {
        let count_of_texts = self.buffers.len().checked_sub(3);
        let texts = count_of_texts.ok_or(Malformed("it has fewer buffers than its type"))?;
        // SAFETY: views have 16 bytes each.
        let views = unsafe { self.cells(1, 16, 0) }?;
        // SAFETY: the last buffer has the lengths of those before it.
        let lens = numbers(unsafe { self.buffer(texts + 2, bytes_for(texts, 8)?) }?);
        let texts = lens.iter().enumerate().map(|(index, len)| {
            let len = bytes_for(count(i64::from_ne_bytes(*len))?, 1)?;
            // SAFETY: the buffer has so many bytes, as its length says.
            unsafe { self.buffer(index + 2, len) }
        });
        Ok(Texts::Views(numbers(views), texts.collect::<Result<Vec<_>>>()?))
    }

    /// # Safety
    ///
    /// As of `open`; the array is one of structs.
    unsafe fn columns(&self, schema: &'a ArrowSchema) -> Result<Data<'a>> {
        // SAFETY: the schema has as many children, as the caller promises.
        let schemas = unsafe { pointers(schema.children.cast_const(), schema.n_children) }?;
        // SAFETY: the array has as many children, as the caller promises.
        let arrays = unsafe { pointers(self.array.children.cast_const(), self.array.n_children) }?;
        if schemas.len() != arrays.len() {
            return Err(Malformed("it has more or fewer columns than its type"));
        }
        let rows = self.range.clone();
        Ok(Data::Struct(Box::new(move |wanted| {
            for (&schema, &array) in schemas.iter().zip(arrays) {
                // SAFETY: children are there as long as what they are of, as the caller promises.
                let schema = unsafe { schema.as_ref() };
                // SAFETY: as above.
                let array = unsafe { array.as_ref() };
                let (Some(schema), Some(array)) = (schema, array) else {
                    return Err(Malformed("its columns are missing"));
                };
                if schema.release.is_none() {
                    continue;
                }
                // SAFETY: a schema that was not released has a name, or none at all.
                if unsafe { text(schema.name) } == wanted.as_bytes() {
                    // SAFETY: as above.
                    return unsafe { open_rows(schema, array, rows.clone()) };
                }
            }
            Err(Missing)
        })))
    }
}
