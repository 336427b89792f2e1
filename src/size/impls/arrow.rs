//! Arrow's buffers, the arrays that are made of them, and the schemas that describe them.
//!
//! Buffers are shared: arrays, slices of arrays and clones point into the same one, which counts
//! once in a walk, by the address of its memory, and in full even where only a slice of it is left.
//!
//! ```text
//! Array | data type | values: Buffer | nulls: Buffer |
//!                             |
//!                             v
//!                       counters, pointer, length, size     7 words, shared
//!                             |
//!                             v
//!                       memory                              what `Buffer::capacity` says
//! ```
//!
//! A buffer does not tell whether Arrow allocated its memory, or another library that may have
//! mapped a file there; nor does it show the block of its counters. So both are *estimated*, and
//! right where Arrow allocated. The lists of an array's children do not tell their capacity, and are
//! estimated without any. `Arc`s, fields and data types are exact; the metadata of a field or of a
//! schema is *unseen*.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, ByteArrayType, ByteViewType, RunEndIndexType,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, FixedSizeBinaryArray, FixedSizeListArray,
    GenericByteArray, GenericByteViewArray, GenericListArray, GenericListViewArray, MapArray,
    NullArray, OffsetSizeTrait, PrimitiveArray, RecordBatch, RunArray, StructArray, UnionArray,
    downcast_integer, downcast_primitive, downcast_run_end_index,
};
use arrow_buffer::{
    ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, RunEndBuffer, ScalarBuffer,
};
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, UnionFields};

use crate::size::{Block, HeapSize, Visitor};

impl HeapSize for Buffer {
    /// Tells of the memory and of the block of its counters, together, as an estimate: memory that
    /// Arrow did not allocate looks the same.
    ///
    /// Room behind the end is slack if this is the only owner.
    ///
    /// ```
    /// use arrow_buffer::Buffer;
    /// use pennyweight::size::deep_size;
    ///
    /// let numbers = Buffer::from(vec![0_u64; 1000]);
    /// let half = numbers.slice(4000);
    /// let size = deep_size(&[numbers, half]);
    /// assert_eq!(size.heap, 8000 + 7 * size_of::<usize>());
    /// assert_eq!((size.shared, size.estimated), (size.heap, size.heap));
    /// ```
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        /// Two counters; pointer and length; how to free the memory.
        const COUNTED: usize = (2 + 2 + 3) * size_of::<usize>();
        let bytes = self.capacity();
        if bytes == 0 {
            // Without memory there is nothing by which to know the block again.
            visitor.block(Block::new(COUNTED).estimated());
            return;
        }
        let block = Block::new(COUNTED + bytes).with_count(2).estimated();
        let block = match self.strong_count() {
            1 => block.with_slack(bytes.saturating_sub(self.ptr_offset() + self.len())),
            _ => block,
        };
        visitor.shared(self.data_ptr().as_ptr(), block, |_| {});
    }
}

macro_rules! buffers {
    ($([$($generics:tt)*] $buffer:ty),+ $(,)?) => {$(
        impl<$($generics)*> HeapSize for $buffer {
            fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
                self.inner().visit(visitor);
            }
        }
    )+};
}

buffers! {
    [T: ArrowNativeType] ScalarBuffer<T>,
    [O: ArrowNativeType] OffsetBuffer<O>,
    [E: ArrowNativeType] RunEndBuffer<E>,
    [] BooleanBuffer,
    [] NullBuffer,
}

/// Arrays by the methods that lend their parts.
macro_rules! arrays {
    ($([$($generics:tt)*] $array:ty { $($part:ident),* })+) => {$(
        impl<$($generics)*> HeapSize for $array {
            fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
                visitor.field("data_type", self.data_type());
                $(visitor.field(stringify!($part), self.$part());)*
                nulls(self, visitor);
            }
        }
    )+};
}

arrays! {
    [T: ArrowPrimitiveType] PrimitiveArray<T> { values }
    [] BooleanArray { values }
    [T: ByteArrayType] GenericByteArray<T> { offsets, values }
    [T: ByteViewType + ?Sized] GenericByteViewArray<T> { views, data_buffers }
    [] FixedSizeBinaryArray { values }
    [O: OffsetSizeTrait] GenericListArray<O> { offsets, values }
    [O: OffsetSizeTrait] GenericListViewArray<O> { offsets, sizes, values }
    [] FixedSizeListArray { values }
    [] MapArray { offsets, entries }
}

fn nulls<'v>(array: &'v impl Array, visitor: &mut Visitor<'v>) {
    if let Some(nulls) = array.nulls() {
        visitor.field("nulls", nulls);
    }
}

impl HeapSize for NullArray {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {}
}

impl<K: ArrowDictionaryKeyType> HeapSize for DictionaryArray<K> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("data_type", self.data_type());
        // The nulls are those of the keys.
        visitor.field("keys", self.keys());
        visitor.field("values", self.values());
    }
}

impl<R: RunEndIndexType> HeapSize for RunArray<R> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("data_type", self.data_type());
        visitor.field("run_ends", self.run_ends());
        visitor.field("values", self.values());
    }
}

impl HeapSize for StructArray {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("data_type", self.data_type());
        visitor.block(list::<ArrayRef>(self.columns().len()));
        visitor.elements(self.columns());
        nulls(self, visitor);
    }
}

impl HeapSize for UnionArray {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("data_type", self.data_type());
        visitor.field("type_ids", self.type_ids());
        if let Some(offsets) = self.offsets() {
            visitor.field("offsets", offsets);
        }
        let ids = || self.fields().iter().map(|(id, _)| id);
        let places = ids().max().map_or(0, |last| last as usize + 1);
        visitor.block(list::<Option<ArrayRef>>(places));
        visitor.elements(ids().map(|id| self.child(id)));
    }
}

impl HeapSize for RecordBatch {
    /// Tells of the schema and the columns.
    ///
    /// ```
    /// use arrow_array::{ArrayRef, Int64Array, RecordBatch};
    /// use pennyweight::size::deep_size;
    /// use std::sync::Arc;
    ///
    /// let delays: ArrayRef = Arc::new(Int64Array::from(vec![2; 1000]));
    /// let batch = RecordBatch::try_from_iter([("arrival", delays.clone()), ("departure", delays)])?;
    /// let size = deep_size(&batch);
    /// assert!((8000..9000).contains(&size.heap)); // the column is in it once
    /// assert!(size.estimated < size.heap);
    /// # Ok::<(), arrow_schema::ArrowError>(())
    /// ```
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("schema", self.schema_ref());
        visitor.block(list::<ArrayRef>(self.num_columns()));
        visitor.elements(self.columns());
    }
}

/// The block of a `Vec` that shows its elements and not its capacity.
fn list<T>(len: usize) -> Block {
    Block::array::<T>(len, len).estimated()
}

macro_rules! primitive {
    ($type:ty, $array:ident) => {
        seen($array.as_primitive_opt::<$type>())
    };
}

macro_rules! dictionary {
    ($type:ty, $array:ident) => {
        seen($array.as_dictionary_opt::<$type>())
    };
}

macro_rules! run {
    ($type:ty, $array:ident) => {
        seen($array.as_run_opt::<$type>())
    };
}

/// An array of any type. One that is not Arrow's own is *unseen*.
impl HeapSize for dyn Array {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let array = self;
        let known = downcast_primitive! {
            array.data_type() => (primitive, array),
            DataType::Null => seen(array.as_any().downcast_ref::<NullArray>()),
            DataType::Boolean => seen(array.as_boolean_opt()),
            DataType::Utf8 => seen(array.as_string_opt::<i32>()),
            DataType::LargeUtf8 => seen(array.as_string_opt::<i64>()),
            DataType::Utf8View => seen(array.as_string_view_opt()),
            DataType::Binary => seen(array.as_binary_opt::<i32>()),
            DataType::LargeBinary => seen(array.as_binary_opt::<i64>()),
            DataType::BinaryView => seen(array.as_binary_view_opt()),
            DataType::FixedSizeBinary(_) => seen(array.as_fixed_size_binary_opt()),
            DataType::List(_) => seen(array.as_list_opt::<i32>()),
            DataType::LargeList(_) => seen(array.as_list_opt::<i64>()),
            DataType::ListView(_) => seen(array.as_list_view_opt::<i32>()),
            DataType::LargeListView(_) => seen(array.as_list_view_opt::<i64>()),
            DataType::FixedSizeList(_, _) => seen(array.as_fixed_size_list_opt()),
            DataType::Struct(_) => seen(array.as_struct_opt()),
            DataType::Union(_, _) => seen(array.as_union_opt()),
            DataType::Map(_, _) => seen(array.as_map_opt()),
            DataType::Dictionary(keys, _) => downcast_integer! {
                &**keys => (dictionary, array),
                _ => None
            },
            DataType::RunEndEncoded(ends, _) => downcast_run_end_index! {
                ends.data_type() => (run, array),
                _ => None
            },
            _ => None
        };
        match known {
            Some(array) => array.visit(visitor),
            None => visitor.unseen(),
        }
    }
}

fn seen<T: HeapSize>(array: Option<&T>) -> Option<&dyn HeapSize> {
    array.map(|array| array as &dyn HeapSize)
}

impl HeapSize for DataType {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        match self {
            Self::Timestamp(_, Some(zone)) => zone.visit(visitor),
            Self::List(field)
            | Self::ListView(field)
            | Self::FixedSizeList(field, _)
            | Self::LargeList(field)
            | Self::LargeListView(field)
            | Self::Map(field, _) => visitor.field("field", field),
            Self::Struct(fields) => visitor.field("fields", fields),
            Self::Union(fields, _) => visitor.field("fields", fields),
            Self::Dictionary(keys, values) => {
                visitor.field("keys", keys);
                visitor.field("values", values);
            }
            Self::RunEndEncoded(ends, values) => {
                visitor.field("run_ends", ends);
                visitor.field("values", values);
            }
            _ => {}
        }
    }
}

impl HeapSize for Field {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("name", self.name());
        visitor.field("data_type", self.data_type());
        if !self.metadata().is_empty() {
            visitor.unseen();
        }
    }
}

impl HeapSize for Fields {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        counted::<FieldRef, _>(self.first(), self.len(), visitor, |visitor| {
            visitor.elements(&**self);
        });
    }
}

impl HeapSize for UnionFields {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let fields = || self.iter().map(|(_, field)| field);
        counted::<(i8, FieldRef), _>(fields().next(), self.len(), visitor, |visitor| {
            visitor.elements(fields());
        });
    }
}

/// The block of an `Arc<[T]>`, known by an address in its first element.
fn counted<'v, T, A>(
    first: Option<&A>,
    len: usize,
    visitor: &mut Visitor<'v>,
    contents: impl FnOnce(&mut Visitor<'v>),
) {
    let block = Block::new(2 * size_of::<usize>() + len * size_of::<T>());
    match first {
        Some(first) => visitor.shared(first, block, contents),
        // Without an element there is nothing by which to know it again.
        None => visitor.block(block.estimated()),
    }
}

impl HeapSize for Schema {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("fields", &self.fields);
        if !self.metadata.is_empty() {
            visitor.unseen();
        }
    }
}
