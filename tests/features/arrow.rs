//! Arrow's arrays beside what was allocated for them: buffers are estimated, and right.

use crate::assert_met;
use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, FixedSizeBinaryBuilder, FixedSizeListBuilder, Int32Builder, Int64Builder,
    LargeListViewBuilder, ListBuilder, StringDictionaryBuilder, StringRunBuilder,
    StringViewBuilder,
};
use arrow_array::types::{Int16Type, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Decimal128Array, Float64Array, Int32Array,
    Int64Array, MapArray, NullArray, RecordBatch, StringArray, StructArray,
    TimestampMillisecondArray, UnionArray,
};
use arrow_buffer::{BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit, UnionFields};
use pennyweight::profile::measure;
use pennyweight::size::{Event, HeapSize, Place, deep_size, walk};

/// The block of the counters of a buffer.
const COUNTED: usize = 56;

/// [`assert_met`] of an array of which the walk does not know the type.
#[track_caller]
fn assert_array_met<A: Array + HeapSize + 'static>(build: impl Fn() -> A) {
    // The first dictionary of a process draws random numbers and keeps them.
    drop(build());
    let size = assert_met(&build);
    let as_ref = assert_met(|| Arc::new(build()) as ArrayRef);
    assert_eq!(as_ref.heap, size.heap + 2 * size_of::<usize>() + size_of::<A>());
}

#[test]
fn buffers_are_their_memory_and_their_counters() {
    let size = assert_met(|| Buffer::from(vec![1_u32; 100]));
    assert_eq!(size.heap, 400 + COUNTED);
    assert_eq!((size.estimated, size.shared), (size.heap, size.heap));
    assert_met(|| ScalarBuffer::<i64>::from(vec![1; 3]));
    assert_met(|| OffsetBuffer::<i32>::from_lengths([1, 2, 3]));
    assert_met(|| BooleanBuffer::new_set(1000));
    assert_met(|| NullBuffer::new_null(1000));
    assert_eq!(assert_met(Buffer::default).heap, COUNTED);
}

#[test]
fn room_behind_the_end_is_slack_of_a_sole_owner() {
    let buffer = || {
        let mut bytes = MutableBuffer::with_capacity(1024);
        bytes.extend_from_slice(&[7_u8; 600]);
        Buffer::from(bytes)
    };
    assert_eq!(assert_met(buffer).slack, 424);
    // What is before the slice is not room.
    assert_eq!(assert_met(|| buffer().slice_with_length(100, 400)).slack, 524);
    let (whole, part) = (buffer(), buffer());
    let both = [whole, part.slice(10)];
    assert_eq!(deep_size(&both).slack, 424, "another sees the end of the second");
}

#[test]
fn slices_and_clones_count_their_buffers_once() {
    let one = || Int64Array::from(vec![Some(1), None, Some(3)]);
    let three = || {
        let array = one();
        [array.slice(1, 2), array.clone(), array]
    };
    assert_eq!(assert_met(three).heap, one().heap_bytes());
}

#[test]
fn flat_arrays_are_met() {
    assert_array_met(|| Int32Array::from(vec![1; 1000]));
    assert_array_met(|| Int32Array::from_iter((0..100).map(|i| (i % 3 > 0).then_some(i))));
    assert_array_met(|| Float64Array::from(vec![0.5; 10]));
    assert_array_met(|| Decimal128Array::from(vec![5; 10]));
    assert_array_met(|| TimestampMillisecondArray::from(vec![5; 10]).with_timezone("+01:00"));
    assert_array_met(|| BooleanArray::from(vec![Some(true), None, Some(false)]));
    assert_array_met(|| StringArray::from(vec![Some("to"), None, Some("be")]));
    assert_array_met(|| BinaryArray::from(vec![&b"or"[..], b"not"]));
    assert_array_met(|| NullArray::new(1000));
    assert_array_met(|| {
        let mut builder = StringViewBuilder::new();
        builder.append_value("twelve bytes");
        builder.append_value("more than twelve bytes");
        builder.append_null();
        builder.finish()
    });
    assert_array_met(|| {
        let mut builder = FixedSizeBinaryBuilder::new(3);
        builder.append_value("abc").unwrap();
        builder.append_null();
        builder.finish()
    });
    assert_array_met(|| Int32Array::from(Vec::<i32>::new()));
}

#[test]
fn nested_arrays_are_met_with_their_data_types() {
    assert_array_met(|| {
        let mut builder = ListBuilder::new(Int32Builder::new());
        builder.append_value([Some(1), None, Some(3)]);
        builder.append_null();
        builder.finish()
    });
    assert_array_met(|| {
        let mut builder = LargeListViewBuilder::new(BooleanBuilder::new());
        builder.append_value([Some(true), None]);
        builder.finish()
    });
    assert_array_met(|| {
        let mut builder = FixedSizeListBuilder::new(Int64Builder::new(), 2);
        builder.values().append_slice(&[1, 2, 3, 4]);
        builder.append(true);
        builder.append(false);
        builder.finish()
    });
    assert_array_met(pairs);
    assert_array_met(|| {
        let field = Arc::new(Field::new("entries", pairs().data_type().clone(), false));
        MapArray::new(field, OffsetBuffer::from_lengths([2]), pairs(), None, false)
    });
    assert_array_met(|| {
        let mut builder = StringDictionaryBuilder::<UInt8Type>::new();
        builder.extend([Some("UA"), Some("AA"), None, Some("UA")]);
        builder.finish()
    });
    assert_array_met(|| {
        let mut builder = StringRunBuilder::<Int16Type>::new();
        builder.extend([Some("UA"), Some("UA"), None]);
        builder.finish()
    });
}

fn pairs() -> StructArray {
    let fields = Fields::from(vec![
        Field::new("carrier", DataType::Utf8, false),
        Field::new("distance", DataType::Int32, true),
    ]);
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from(vec!["UA", "AA"])),
        Arc::new(Int32Array::from(vec![Some(1400), None])),
    ];
    StructArray::new(fields, columns, None)
}

#[test]
fn room_for_more_children_is_not_seen() {
    let (array, stats) = measure(|| {
        let mut columns = Vec::<ArrayRef>::with_capacity(10);
        columns.push(Arc::new(Int32Array::from(vec![1400, 1416])));
        StructArray::new(vec![Field::new("distance", DataType::Int32, false)].into(), columns, None)
    });
    let missing = 9 * size_of::<ArrayRef>();
    assert_eq!(array.heap_bytes() + missing, stats.current as usize);
}

#[test]
fn unions_are_met() {
    let fields = || {
        let fields = [
            Field::new("number", DataType::Int32, false),
            Field::new("text", DataType::Utf8, false),
        ];
        UnionFields::try_new([0, 1], fields).unwrap()
    };
    let children = || -> Vec<ArrayRef> {
        vec![Arc::new(Int32Array::from(vec![5])), Arc::new(StringArray::from(vec!["five"]))]
    };
    assert_array_met(|| {
        let offsets = Some(vec![0, 0].into());
        UnionArray::try_new(fields(), vec![0, 1].into(), offsets, children()).unwrap()
    });
    assert_eq!(assert_met(UnionFields::empty).blocks, 1);
}

#[test]
fn data_types_own_their_fields() {
    let exact = |build: &dyn Fn() -> DataType| assert!(assert_met(build).is_exact());
    exact(&|| DataType::Int32);
    exact(&|| DataType::Timestamp(TimeUnit::Second, Some("Europe/Berlin".into())));
    exact(&|| DataType::new_list(DataType::Utf8, true));
    exact(&|| DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8)));
    exact(&|| DataType::Struct(vec![Field::new("a field", DataType::Int8, true)].into()));
    exact(&|| {
        let ends = Arc::new(Field::new("run_ends", DataType::Int16, false));
        DataType::RunEndEncoded(ends, Arc::new(Field::new("values", DataType::Utf8, true)))
    });
    assert_eq!(assert_met(Fields::empty).blocks, 1);
}

#[test]
fn metadata_is_unseen() {
    let field = Field::new("a", DataType::Int8, true);
    assert_eq!(deep_size(&field).unseen, 0);
    let noted = || HashMap::from([("key".to_owned(), "value".to_owned())]);
    let field = field.with_metadata(noted());
    assert_eq!(deep_size(&field).unseen, 1);
    let schema = Schema::new_with_metadata(vec![field], noted());
    assert_eq!(deep_size(&schema).unseen, 2);
}

#[test]
fn a_batch_is_met_and_its_columns_have_names() {
    let batch = || {
        let schema = Schema::new(vec![
            Field::new("day", DataType::Int32, false),
            Field::new("hour", DataType::Int32, false),
        ]);
        let column = || -> ArrayRef { Arc::new(Int32Array::from(vec![1, 2, 3])) };
        RecordBatch::try_new(Arc::new(schema), vec![column(), column()]).unwrap()
    };
    assert_met(batch);
    let mut elements = Vec::new();
    walk(&batch(), |event| {
        if let Event::Enter { place: Place::Field(name), .. } = event {
            elements.push(name.to_owned());
        }
    });
    assert_eq!(elements.iter().filter(|name| *name == "schema").count(), 1);
    assert_eq!(elements.iter().filter(|name| *name == "name").count(), 2);
}
