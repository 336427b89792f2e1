//! Records to record batches.

use crate::record::c_data::{Bytes, Column, Export, Kind, columns};
use crate::record::records::Records;
use crate::record::schema::Record;
use alloc::sync::Arc;
use alloc::vec::Vec;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, GenericStringArray,
    OffsetSizeTrait, PrimitiveArray, RecordBatch, RecordBatchOptions, StructArray,
};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{Field, Fields, Schema};
use core::panic::RefUnwindSafe;

impl<R> Records<R>
where
    R: Record,
    Self: Send + Sync + RefUnwindSafe + 'static,
{
    /// The records as one of Arrow's record batches.
    ///
    /// Plain numbers, codes of strings, text, packed booleans and the bits that say what is null are lent: the batch keeps the records,
    /// and none of them is copied. Dictionaries and plain strings are copied, packed integers unpacked block by block, and where
    /// strings of text end is written anew. On big-endian machines bits are copied.
    ///
    /// | column | Arrow | out | back |
    /// |---|---|---|---|
    /// | plain numbers, and `Option`s of them | `Int8` to `UInt64`, `Float32`, `Float64` | lent | copied |
    /// | of these, `i128` and `u128` | `FixedSizeBinary(16)` | lent | copied |
    /// | `dict` | `Dictionary(UInt8 to UInt32, Utf8)` | codes and validity lent, the dictionary copied | the dictionary interned once, codes mapped |
    /// | `packed` | the integers | unpacked, block by block | packed |
    /// | of these, `bool` | `Boolean` | lent | packed |
    /// | `text` | `Utf8`, or `LargeUtf8` from 2 GiB on | text and validity lent, offsets made | copied |
    /// | plain strings | the same | copied | copied |
    /// | plain `bool` | `Boolean` | bits made | bits read |
    /// | other types | what [`ArrowValue`](crate::record::ArrowValue) says | converted | converted |
    /// | `nested` | `Struct` | its columns | its columns |
    ///
    /// Batches of one file may so differ in their types: the keys of a dictionary are as wide as its codes, which have one byte for up to
    /// 256 strings.
    ///
    /// ```
    /// # #[cfg(feature = "derive")] {
    /// use arrow_array::{Int16Array, RecordBatch, cast::AsArray};
    /// use pennyweight::record::{Record, Records};
    /// use std::sync::Arc;
    ///
    /// #[derive(Record)]
    /// struct Flight {
    ///     #[record(dict)]
    ///     origin: String,
    ///     dep_delay: Option<i16>,
    /// }
    ///
    /// let flights = [("EWR", Some(2)), ("LGA", None), ("EWR", Some(-4))];
    /// let flights = flights.map(|(origin, dep_delay)| Flight { origin: origin.into(), dep_delay });
    /// let flights: Arc<Records<Flight>> = Arc::new(flights.into_iter().collect());
    ///
    /// let batch = flights.to_record_batch();
    /// let delays: &Int16Array = batch["dep_delay"].as_primitive();
    /// assert_eq!(delays.iter().collect::<Vec<_>>(), [Some(2), None, Some(-4)]);
    /// assert_eq!(delays.values().as_ptr(), flights.columns().dep_delay().values().as_ptr());
    ///
    /// let back: Records<Flight> = Records::try_from(&batch)?;
    /// assert!(back.iter().eq(flights.iter()));
    /// # }
    /// # Ok::<(), pennyweight::record::ImportError>(())
    /// ```
    #[must_use]
    pub fn to_record_batch(self: &Arc<Self>) -> RecordBatch
    where
        R::Fields: Export,
    {
        let options = RecordBatchOptions::new().with_row_count(Some(self.len()));
        let (fields, arrays) = arrays(columns(self));
        let schema = Arc::new(Schema::new(fields));
        let batch = RecordBatch::try_new_with_options(schema, arrays, &options);
        batch.expect("columns of records are of one length, and of the types that they say")
    }
}

impl<R> From<Records<R>> for RecordBatch
where
    R: Record<Fields: Export>,
    Records<R>: Send + Sync + RefUnwindSafe + 'static,
{
    /// Hands the records over: see [`to_record_batch`](Records::to_record_batch).
    fn from(records: Records<R>) -> Self {
        Arc::new(records).to_record_batch()
    }
}

fn arrays(columns: Vec<Column>) -> (Fields, Vec<ArrayRef>) {
    let fields_and_arrays = columns.into_iter().map(|mut column| {
        let (name, nullable) = (core::mem::take(&mut column.name), column.nullable);
        let array = array(column);
        (Arc::new(Field::new(name, array.data_type().clone(), nullable)), array)
    });
    let (fields, arrays): (Vec<_>, Vec<_>) = fields_and_arrays.unzip();
    (fields.into(), arrays)
}

/// A column as one of Arrow's arrays, which shares its memory.
fn array(column: Column) -> ArrayRef {
    let Column { kind, len, validity, buffers, children, dictionary, .. } = column;
    let nulls =
        validity.map(|bits| NullBuffer::new(BooleanBuffer::new(bits.into_buffer(), 0, len)));
    let mut buffers = buffers.into_iter().map(Bytes::into_buffer);
    let mut next = || buffers.next().unwrap_or_default();
    match (kind, dictionary) {
        (Kind::Number(format), None) => match format {
            "c" => primitive::<Int8Type>(next(), len, nulls),
            "s" => primitive::<Int16Type>(next(), len, nulls),
            "i" => primitive::<Int32Type>(next(), len, nulls),
            "l" => primitive::<Int64Type>(next(), len, nulls),
            "C" => primitive::<UInt8Type>(next(), len, nulls),
            "S" => primitive::<UInt16Type>(next(), len, nulls),
            "I" => primitive::<UInt32Type>(next(), len, nulls),
            "L" => primitive::<UInt64Type>(next(), len, nulls),
            "f" => primitive::<Float32Type>(next(), len, nulls),
            "g" => primitive::<Float64Type>(next(), len, nulls),
            "w:16" => Arc::new(FixedSizeBinaryArray::new(16, next(), nulls)),
            _ => unreachable!("no number is written as {format}"),
        },
        (Kind::Number(format), Some(dictionary)) => {
            let values = array(*dictionary);
            match format {
                "C" => coded::<UInt8Type>(next(), len, nulls, values),
                "S" => coded::<UInt16Type>(next(), len, nulls, values),
                _ => coded::<UInt32Type>(next(), len, nulls, values),
            }
        }
        (Kind::Bool, _) => Arc::new(BooleanArray::new(BooleanBuffer::new(next(), 0, len), nulls)),
        (Kind::Text, _) => text::<i32>(next(), next(), len, nulls),
        (Kind::LargeText, _) => text::<i64>(next(), next(), len, nulls),
        (Kind::Struct, _) => {
            let (fields, arrays) = arrays(children);
            let array = StructArray::try_new_with_length(fields, arrays, nulls, len);
            Arc::new(array.expect("columns of a nested record are of one length"))
        }
    }
}

fn primitive<P: ArrowPrimitiveType>(
    values: Buffer,
    len: usize,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    Arc::new(PrimitiveArray::<P>::new(ScalarBuffer::new(values, 0, len), nulls))
}

fn coded<K: ArrowDictionaryKeyType>(
    codes: Buffer,
    len: usize,
    nulls: Option<NullBuffer>,
    values: ArrayRef,
) -> ArrayRef {
    let keys = PrimitiveArray::<K>::new(ScalarBuffer::new(codes, 0, len), nulls);
    Arc::new(DictionaryArray::new(keys, values))
}

fn text<O: OffsetSizeTrait>(
    ends: Buffer,
    text: Buffer,
    len: usize,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    let ends = OffsetBuffer::new(ScalarBuffer::<O>::new(ends, 0, len + 1));
    Arc::new(GenericStringArray::new(ends, text, nulls))
}
