//! Records to Arrow's record batches and back.

use arrow_array::cast::AsArray;
use arrow_array::types::{UInt8Type, UInt16Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int32Array, Int64Array,
    LargeStringArray, RecordBatch, StringArray, StringViewArray, StructArray, TimestampSecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use pennyweight::record::{ArrowValue, Category, ImportError, ImportErrorCause, Record, Records};
use std::sync::Arc;

#[derive(Record, Clone, Debug, PartialEq)]
struct Point {
    x: i16,
    #[record(packed)]
    y: Option<i32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Even(u32);

impl ArrowValue for Even {
    type As = u32;

    fn to_arrow(&self) -> u32 {
        self.0
    }

    fn from_arrow(value: u32) -> Option<Self> {
        value.is_multiple_of(2).then_some(Self(value))
    }
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Ship {
    name: String,
    #[record(nested)]
    at: Point,
    #[record(dict)]
    kind: String,
    #[record(dict)]
    flag: Option<Box<str>>,
    #[record(text)]
    remark: Option<String>,
    #[record(computed = is_far)]
    far: bool,
    #[record(packed)]
    sails: u8,
    #[record(packed)]
    afloat: bool,
    #[record(packed)]
    manned: Option<bool>,
    steel: bool,
    mark: Option<char>,
    length: f64,
    width: Option<f32>,
    #[record(copy)]
    even: Even,
    odd: Option<Even>,
    built: Option<i64>,
}

fn is_far(ship: &ShipRow) -> bool {
    ship.at().x() > 100
}

fn ship(i: i16) -> Ship {
    let some = |every: i16| i % every != 0;
    Ship {
        name: format!("ship {i}"),
        at: Point { x: i, y: some(3).then_some(i32::from(i) - 7) },
        kind: format!("kind {}", i % 300),
        flag: some(4).then(|| format!("flag {}", i % 7).into()),
        remark: some(5).then(|| "ä".repeat(i as usize % 9)),
        far: i > 100,
        sails: (i % 11) as u8,
        afloat: some(2),
        manned: some(4).then_some(some(3)),
        steel: i % 6 == 5,
        mark: some(7).then_some('ß'),
        length: f64::from(i) / 3.0,
        width: some(8).then_some(f32::from(i) / 7.0),
        even: Even(2 * i as u32),
        odd: some(9).then_some(Even(4 * i as u32)),
        built: some(10).then_some(i64::MIN + i64::from(i)),
    }
}

fn ships(len: i16) -> Arc<Records<Ship>> {
    Arc::new((0..len).map(ship).collect())
}

#[test]
fn batches_hold_what_records_did_and_give_it_back() {
    for len in [0, 1, 9, 300, 1000] {
        let ships = ships(len);
        let batch = ships.to_record_batch();
        assert_eq!((batch.num_rows(), batch.num_columns()), (len as usize, 15));
        for column in batch.columns() {
            column.to_data().validate_full().unwrap();
        }
        let back: Records<Ship> = Records::try_from(&batch).unwrap();
        assert!(back.iter().eq(ships.iter()));
        let twice: RecordBatch = back.into();
        assert_eq!(twice, batch);
    }
}

#[test]
fn types_are_those_of_the_fields() {
    let schema = ships(300).to_record_batch().schema();
    let kind = |name: &str| {
        let field = schema.field_with_name(name).unwrap();
        (field.data_type().clone(), field.is_nullable())
    };
    let dict = |keys| DataType::Dictionary(Box::new(keys), Box::new(DataType::Utf8));
    assert_eq!(kind("name"), (DataType::Utf8, false));
    let point = [Field::new("x", DataType::Int16, false), Field::new("y", DataType::Int32, true)];
    assert_eq!(kind("at"), (DataType::Struct(point.into_iter().collect()), false));
    assert_eq!(kind("kind"), (dict(DataType::UInt16), false));
    assert_eq!(kind("flag"), (dict(DataType::UInt8), true));
    assert_eq!(kind("remark"), (DataType::Utf8, true));
    assert_eq!(kind("sails"), (DataType::UInt8, false));
    assert_eq!(kind("afloat"), (DataType::Boolean, false));
    assert_eq!(kind("manned"), (DataType::Boolean, true));
    assert_eq!(kind("mark"), (DataType::UInt32, true));
    assert_eq!(kind("width"), (DataType::Float32, true));
    assert_eq!(kind("odd"), (DataType::UInt32, true));
    assert!(schema.field_with_name("far").is_err());
}

#[test]
fn numbers_codes_and_validity_are_lent_and_kept() {
    let ships = ships(300);
    let batch = ships.to_record_batch();
    let columns = ships.columns();
    let numbers = batch["length"].as_primitive::<arrow_array::types::Float64Type>();
    assert_eq!(numbers.values().as_ptr(), columns.length().as_ptr());
    let built = batch["built"].as_primitive::<arrow_array::types::Int64Type>();
    assert_eq!(built.values().as_ptr(), columns.built().values().as_ptr());
    let (bits, _) = columns.built().validity().as_bytes().unwrap();
    assert_eq!(built.nulls().unwrap().buffer().as_ptr(), bits.as_ptr());
    let kinds = batch["kind"].as_dictionary::<UInt16Type>();
    assert_eq!(kinds.keys().values().len(), 300);
    let pennyweight::record::Codes::U16(codes) = columns.kind().codes() else { panic!() };
    assert_eq!(kinds.keys().values().as_ptr(), codes.as_ptr());
    let x = batch["at"].as_struct().column(0).as_primitive::<arrow_array::types::Int16Type>();
    assert_eq!(x.values().as_ptr(), columns.at().x().as_ptr());
    let expected: Vec<f64> = columns.length().to_vec();
    drop(ships);
    assert_eq!(numbers.values(), &expected[..]);
    let flags = batch["flag"].as_dictionary::<UInt8Type>();
    drop(batch.clone());
    assert_eq!(flags.null_count(), 75);
}

#[test]
fn records_are_let_go_of_with_the_last_array() {
    let ships = ships(10);
    let batch = ships.to_record_batch();
    assert!(Arc::strong_count(&ships) > 1);
    let column = batch["length"].clone();
    drop(batch);
    assert_eq!(Arc::strong_count(&ships), 2);
    drop(column);
    assert_eq!(Arc::strong_count(&ships), 1);
}

#[derive(Record, Debug, PartialEq, Clone)]
struct Row {
    number: i64,
    #[record(text)]
    text: Option<String>,
    #[record(dict)]
    word: String,
}

fn read(columns: Vec<(&str, ArrayRef)>) -> Result<Vec<Row>, ImportError> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    Ok(Records::<Row>::try_from(&batch)?.iter().map(RowRow::to_owned).collect())
}

#[test]
fn strings_are_read_however_they_are_held_and_columns_in_any_order() {
    let texts = || ["a", "b", "a"].into_iter().map(Some);
    let with_null = || [Some("x"), None, Some("")].into_iter();
    let number: ArrayRef = Arc::new(TimestampSecondArray::from(vec![1, -2, i64::MAX]));
    let row = |number, text: Option<&str>, word: &str| Row {
        number,
        text: text.map(Into::into),
        word: word.into(),
    };
    let expected = [row(1, Some("x"), "a"), row(-2, None, "b"), row(i64::MAX, Some(""), "a")];
    let words: [ArrayRef; 4] = [
        Arc::new(texts().collect::<StringArray>()),
        Arc::new(texts().collect::<LargeStringArray>()),
        Arc::new(texts().collect::<StringViewArray>()),
        Arc::new(texts().collect::<DictionaryArray<UInt8Type>>()),
    ];
    let nullable: [ArrayRef; 4] = [
        Arc::new(with_null().collect::<StringArray>()),
        Arc::new(with_null().collect::<LargeStringArray>()),
        Arc::new(with_null().collect::<StringViewArray>()),
        Arc::new(with_null().collect::<DictionaryArray<UInt16Type>>()),
    ];
    for (word, text) in words.iter().zip(&nullable) {
        let extra: ArrayRef = Arc::new(BooleanArray::from(vec![true; 3]));
        let columns = vec![
            ("word", word.clone()),
            ("extra", extra),
            ("text", text.clone()),
            ("number", number.clone()),
        ];
        assert_eq!(read(columns).unwrap(), expected);
        let columns = vec![
            ("number", number.slice(1, 2)),
            ("text", text.slice(1, 2)),
            ("word", word.slice(1, 2)),
        ];
        assert_eq!(read(columns).unwrap(), expected[1..]);
    }
    let empty: ArrayRef =
        Arc::new([None::<&str>; 3].into_iter().collect::<DictionaryArray<UInt8Type>>());
    let columns = vec![("number", number), ("text", empty), ("word", words[0].clone())];
    assert!(read(columns).unwrap().iter().all(|row| row.text.is_none()));
}

#[test]
fn what_cannot_be_taken_is_named() {
    let number: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let good: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
    let text: ArrayRef = Arc::new(StringArray::from(vec![None, Some("a")]));
    let error = read(vec![("number", good.clone()), ("word", text.clone())]).unwrap_err();
    assert_eq!(
        (error.column(), error.row(), error.cause()),
        ("text", None, &ImportErrorCause::Missing)
    );
    let narrow: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
    let columns = vec![("number", narrow), ("text", text.clone()), ("word", text.clone())];
    let error = read(columns).unwrap_err();
    let cause = ImportErrorCause::Type { expected: "i64", found: "Int32".into() };
    assert_eq!((error.column(), error.cause()), ("number", &cause));
    let columns = vec![("number", good.clone()), ("text", text.clone()), ("word", good.clone())];
    assert_eq!(read(columns).unwrap_err().to_string(), "column `word`: its type is Int64, not str");
    let columns = vec![("number", number), ("text", text.clone()), ("word", text.clone())];
    assert_eq!(read(columns).unwrap_err().to_string(), "column `number`, row 1: the value is null");
    let columns = vec![("number", good), ("text", text.clone()), ("word", text)];
    let error = read(columns).unwrap_err();
    assert_eq!(error.to_string(), "column `word`, row 0: the value is null");
    assert_eq!((error.row(), error.cause()), (Some(0), &ImportErrorCause::Null));
}

#[test]
fn what_cannot_be_taken_of_a_nested_record_is_named() {
    #[derive(Record, Debug)]
    struct Place {
        #[record(nested)]
        at: Point,
        #[record(copy)]
        even: Even,
    }
    let batch = |x: Vec<Option<i16>>, even: Vec<u32>, valid: Option<Vec<bool>>| {
        let len = x.len();
        let x: ArrayRef = Arc::new(arrow_array::Int16Array::from(x));
        let y: ArrayRef = Arc::new(Int32Array::from(vec![5; len]));
        let fields =
            [Field::new("y", DataType::Int32, true), Field::new("x", DataType::Int16, true)];
        let at = StructArray::new(fields.into_iter().collect(), vec![y, x], valid.map(Into::into));
        let even: ArrayRef = Arc::new(arrow_array::UInt32Array::from(even));
        let at: ArrayRef = Arc::new(at);
        let batch =
            RecordBatch::try_from_iter_with_nullable([("at", at, true), ("even", even, true)]);
        Records::<Place>::try_from(&batch.unwrap())
    };
    let places = batch(vec![Some(1), Some(2)], vec![0, 2], None).unwrap();
    assert_eq!((places[1].at().x(), places[1].at().y()), (2, Some(5)));
    let error = batch(vec![Some(1), None], vec![0, 2], None).unwrap_err();
    assert_eq!(error.to_string(), "column `at.x`, row 1: the value is null");
    let error = batch(vec![Some(1), Some(2)], vec![0, 3], None).unwrap_err();
    assert_eq!(error.to_string(), "column `even`, row 1: the value is none of the field's type");
    let error = batch(vec![Some(1), Some(2)], vec![0, 2], Some(vec![true, false])).unwrap_err();
    assert_eq!((error.column(), error.row()), ("at", Some(1)));
}

#[derive(Category, Clone, Copy, Debug, Default, PartialEq)]
enum Cabin {
    #[default]
    Economy,
    #[record(rename = "first class")]
    First,
    Box,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Seat {
    #[record(copy, rename = "the cabin")]
    cabin: Cabin,
    upgrade: Option<Cabin>,
    #[record(plain)]
    wish: Option<Cabin>,
    #[record(plain)]
    delay: Option<i16>,
    #[record(plain)]
    remark: Option<String>,
}

fn seat(i: u8) -> Seat {
    let cabin = Cabin::from_number(usize::from(i % 3)).unwrap();
    let some = |every: u8| !i.is_multiple_of(every);
    Seat {
        cabin,
        upgrade: some(2).then_some(cabin),
        wish: some(4).then_some(cabin),
        delay: some(5).then_some(i16::from(i) - 9),
        remark: some(3).then(|| format!("seat {i}")),
    }
}

#[test]
fn categories_and_options_as_they_are_go_there_and_back() {
    let seats: Arc<Records<Seat>> = Arc::new((0..20).map(seat).collect());
    let batch = seats.to_record_batch();
    let cabins = batch["the cabin"].as_dictionary::<UInt8Type>();
    let names: &StringArray = cabins.values().as_string();
    assert_eq!(names.iter().flatten().collect::<Vec<_>>(), Cabin::NAMES);
    assert_eq!(cabins.keys().values()[..4], [0, 1, 2, 0]);
    let nullable: Vec<bool> =
        batch.schema().fields().iter().map(|field| field.is_nullable()).collect();
    assert_eq!(nullable, [false, true, true, true, true]);
    for (column, nulls) in
        [("the cabin", 0), ("upgrade", 10), ("wish", 5), ("delay", 4), ("remark", 7)]
    {
        assert_eq!(batch[column].null_count(), nulls, "{column}");
    }
    let back: Records<Seat> = Records::try_from(&batch).unwrap();
    assert!(back.iter().map(SeatRow::to_owned).eq((0..20).map(seat)));

    // Names as plain text are read too, and what is none of them is an error.
    let texts = |texts: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(texts.to_vec())) };
    let of = |cabins: ArrayRef| {
        let mut columns: Vec<(&str, ArrayRef)> = vec![("the cabin", cabins)];
        columns.extend(
            ["upgrade", "wish", "delay", "remark"].map(|name| (name, batch[name].slice(0, 2))),
        );
        Records::<Seat>::try_from(&RecordBatch::try_from_iter(columns).unwrap())
    };
    assert_eq!(
        of(texts(["first class", "Box"])).unwrap().columns().cabin(),
        [Cabin::First, Cabin::Box]
    );
    let error = of(texts(["Box", "First"])).unwrap_err();
    assert_eq!(
        (error.column(), error.row(), error.cause()),
        ("the cabin", Some(1), &ImportErrorCause::Invalid)
    );
}

#[test]
fn integers_of_128_bits_are_16_bytes_each() {
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Wide {
        signed: i128,
        unsigned: Option<u128>,
    }
    let wide = |i: u128| Wide {
        signed: i128::MIN + i as i128,
        unsigned: (i != 1).then_some(u128::MAX - i),
    };
    let records: Arc<Records<Wide>> = Arc::new((0..3).map(wide).collect());
    let batch = records.to_record_batch();
    let signed = batch["signed"].as_fixed_size_binary();
    assert_eq!(signed.value_data().as_ptr(), records.columns().signed().as_ptr().cast());
    assert_eq!(signed.value(2), (i128::MIN + 2).to_ne_bytes());
    assert_eq!(batch["unsigned"].data_type(), &DataType::FixedSizeBinary(16));
    let back = Records::<Wide>::try_from(&batch.slice(1, 2)).unwrap();
    assert!(back.iter().map(WideRow::to_owned).eq((1..3).map(wide)));

    // Decimals are the whole numbers that they are of their smallest part.
    let decimals: ArrayRef = Arc::new(Decimal128Array::from(vec![150, -275]));
    let columns = [("signed", decimals.clone()), ("unsigned", batch["unsigned"].slice(0, 2))];
    let back = Records::<Wide>::try_from(&RecordBatch::try_from_iter(columns).unwrap()).unwrap();
    assert_eq!(back.columns().signed(), [150, -275]);
    let columns = [("signed", batch["signed"].slice(0, 2)), ("unsigned", decimals)];
    let refused = Records::<Wide>::try_from(&RecordBatch::try_from_iter(columns).unwrap());
    let error = refused.unwrap_err();
    assert_eq!(error.to_string(), "column `unsigned`: its type is Decimal128(38, 10), not u128");
}

#[test]
fn a_slice_takes_the_memory_of_its_own_text() {
    #[derive(Record, Debug)]
    struct Text {
        #[record(text)]
        text: String,
    }
    let texts = |count: usize| {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a text"; count]));
        RecordBatch::try_from_iter([("text", texts)]).unwrap()
    };
    let heap_bytes = |batch: &RecordBatch| Records::<Text>::try_from(batch).unwrap().heap_bytes();
    assert_eq!(heap_bytes(&texts(10_000).slice(5_000, 2)), heap_bytes(&texts(2)));
}
