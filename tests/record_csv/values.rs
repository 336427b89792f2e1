//! Values of all types, against what std makes of them.

use pennyweight::record::csv::{
    BadRowCause, Field, FieldError, FromField, ReadError, ReadOptions, RecordReader,
};
use pennyweight::record::{Record, Records};
use pennyweight::stream::CsvOptions;
use pennyweight_baseline::random::Random;
use std::fmt::Display;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::Arc;

/// What a field is as a value.
fn field<T: FromField>(text: &[u8]) -> Result<T, FieldError> {
    #[derive(Record)]
    struct One<T>(T);
    let quoted = [b"\"", text, b"\"\n"].concat();
    let options = ReadOptions::new().csv(CsvOptions::new().has_headers(false));
    let mut records = Records::new();
    match options.read_from::<One<T>, _>(&quoted[..]).read_to_end(&mut records) {
        Ok(()) => Ok(records.pop().unwrap().0),
        Err(ReadError::Row(bad)) => match bad.cause() {
            BadRowCause::Field(error) => Err(error.clone()),
            cause => panic!("{cause}"),
        },
        Err(error) => panic!("{error}"),
    }
}

fn integers<T: FromField + FromStr + Display + PartialEq + std::fmt::Debug>(min: T, max: T) {
    let (min, max) = (min.to_string(), max.to_string());
    let above = |number: &str| {
        let mut digits: Vec<u8> = number.bytes().collect();
        *digits.last_mut().unwrap() += 1;
        String::from_utf8(digits).unwrap()
    };
    // No limit ends in 9, so that the next number differs in one digit.
    let below = if min == "0" { "-1".to_owned() } else { above(&min) };
    for text in [&*min, &*max, "0", "7", "+7", "007", "00000000000000000000000000000000000001"] {
        assert_eq!(field::<T>(text.as_bytes()).ok(), text.parse().ok(), "{text}");
    }
    for text in [&*below, &*above(&max), &format!("{max}0"), &format!("{max}00000000000000000000")]
    {
        assert_eq!(field::<T>(text.as_bytes()), Err(FieldError::OutOfRange), "{text}");
    }
    for text in
        ["", "-", "+", "--1", "1.0", "1e3", " 1", "1 ", "0x1", "1_000", "\0", "1\0", "a", "/", ":"]
    {
        assert_eq!(field::<T>(text.as_bytes()), Err(FieldError::Invalid), "{text:?}");
    }
    let mut random = Random::new(4);
    for _ in 0..3000 {
        let len = random.below(22);
        let text: String = (0..len).map(|_| b"0123456789-+"[random.below(12)] as char).collect();
        // Zero may have a sign, which std does not take of what has none.
        if text.starts_with('-') && text[1..].bytes().all(|digit| digit == b'0') {
            continue;
        }
        assert_eq!(field::<T>(text.as_bytes()).ok(), text.parse().ok(), "{text}");
    }
}

#[test]
fn integers_are_those_of_std_up_to_their_limits() {
    integers(i8::MIN, i8::MAX);
    integers(i16::MIN, i16::MAX);
    integers(i32::MIN, i32::MAX);
    integers(i64::MIN, i64::MAX);
    integers(isize::MIN, isize::MAX);
    integers(i128::MIN, i128::MAX);
    integers(u8::MIN, u8::MAX);
    integers(u16::MIN, u16::MAX);
    integers(u32::MIN, u32::MAX);
    integers(u64::MIN, u64::MAX);
    integers(usize::MIN, usize::MAX);
    integers(u128::MIN, u128::MAX);
    assert_eq!(field::<i32>(b"\xff"), Err(FieldError::Invalid));
}

#[test]
fn floats_are_rounded_as_std_rounds_them() {
    for text in
        ["1", "-0.0", "1e308", "1e309", "2.2250738585072011e-308", "0.1", "inf", "8388608.5000001"]
    {
        assert_eq!(
            field::<f64>(text.as_bytes()).unwrap().to_bits(),
            text.parse::<f64>().unwrap().to_bits()
        );
        assert_eq!(
            field::<f32>(text.as_bytes()).unwrap().to_bits(),
            text.parse::<f32>().unwrap().to_bits()
        );
    }
    assert!(field::<f64>(b"NaN").unwrap().is_nan());
    assert_eq!(field::<f64>(b"1,5"), Err(FieldError::Invalid));
    assert!(matches!(field::<f64>(b"1\xff"), Err(FieldError::Utf8(_))));
}

#[test]
fn booleans_characters_and_strings() {
    for (text, value) in
        [("true", true), ("True", true), ("1", true), ("FALSE", false), ("0", false)]
    {
        assert_eq!(field::<bool>(text.as_bytes()), Ok(value));
    }
    for text in ["", "yes", "2", "truer", "tru"] {
        assert_eq!(field::<bool>(text.as_bytes()), Err(FieldError::Invalid));
    }
    assert_eq!(field::<char>("ß".as_bytes()), Ok('ß'));
    assert_eq!(
        (field::<char>(b""), field::<char>(b"ab")),
        (Err(FieldError::Invalid), Err(FieldError::Invalid))
    );
    assert_eq!(field::<String>("a,b\n\0ü".as_bytes()), Ok("a,b\n\0ü".to_owned()));
    assert_eq!(field::<Box<str>>(b""), Ok("".into()));
    assert_eq!((field::<Rc<str>>(b"r"), field::<Arc<str>>(b"a")), (Ok("r".into()), Ok("a".into())));
    assert!(
        matches!(field::<String>(b"a\xff"), Err(FieldError::Utf8(error)) if error.valid_up_to() == 1)
    );
}

#[test]
fn options_are_none_where_null_is_written() {
    assert_eq!((field::<Option<u8>>(b""), field::<Option<u8>>(b"3")), (Ok(None), Ok(Some(3))));
    assert_eq!(field::<Option<u8>>(b"NA"), Err(FieldError::Invalid));
    assert_eq!(field::<Option<String>>(b""), Ok(None));
    assert_eq!(field::<Option<char>>(b"ab"), Err(FieldError::Invalid));

    #[derive(Record, Debug, PartialEq)]
    struct Row {
        number: Option<i32>,
        #[record(text)]
        text: Option<String>,
        #[record(text)]
        other: String,
    }
    let long = "x".repeat(70);
    let other = "x".repeat(71);
    let file = format!("number,text,other\n-999,NA,NA\n,,\n5,{long},{long}\n6,{other},\n");
    let options = ReadOptions::new().nulls(["-999", "NA", "", &long]);
    let rows: Records<Row> = options.read_from(file.as_bytes()).read_all().unwrap();
    let rows: Vec<Row> = rows.iter().map(RowRow::to_owned).collect();
    let row = |number, text: Option<&str>, other: &str| Row {
        number,
        text: text.map(Into::into),
        other: other.into(),
    };
    assert_eq!(rows[..3], [row(None, None, "NA"), row(None, None, ""), row(Some(5), None, &long)]);
    assert_eq!(rows[3], row(Some(6), Some(&other), ""));

    let none = ReadOptions::new().nulls::<&str>([]);
    assert!(none.read_from::<Row, _>(&b"number,text,other\n,,\n"[..]).read_all().is_err());
}

#[test]
fn types_of_a_user_say_what_is_wrong() {
    #[derive(Debug, PartialEq)]
    struct Even(u32);
    impl FromStr for Even {
        type Err = String;
        fn from_str(text: &str) -> Result<Self, String> {
            match text.parse() {
                Ok(number) if number % 2 == 0 => Ok(Self(number)),
                _ => Err(format!("{text} is not even")),
            }
        }
    }
    impl FromField for Even {
        fn from_field(field: Field<'_>) -> Result<Self, FieldError> {
            field.parse()
        }
    }
    assert_eq!(field::<Even>(b"4"), Ok(Even(4)));
    assert_eq!(field::<Even>(b"5"), Err(FieldError::Other("5 is not even".into())));
    assert!(matches!(field::<Even>(b"\xff"), Err(FieldError::Utf8(_))));
}

#[test]
fn columns_with_buffers_take_what_a_struct_has() {
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Row {
        #[record(dict)]
        dict: Rc<str>,
        #[record(dict)]
        option: Option<String>,
        #[record(text)]
        text: String,
        #[record(packed)]
        packed: u64,
        #[record(packed)]
        nullable: Option<i64>,
        #[record(packed)]
        flag: bool,
        #[record(packed)]
        answer: Option<bool>,
        plain: Box<str>,
    }
    for distinct in [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000] {
        let row = |index: usize| Row {
            dict: format!("d{}", index % distinct).into(),
            option: (index % 3 != 1).then(|| (index % distinct).to_string()),
            text: format!("t{index}"),
            packed: if index == distinct { u64::MAX } else { index as u64 },
            nullable: (index % 5 != 4).then_some(index as i64 - 300),
            flag: index % 7 == 3,
            answer: (index % 4 != 2).then_some(index.is_multiple_of(3)),
            plain: "p".repeat(index % 4).into(),
        };
        let mut file = "dict,option,text,packed,nullable,flag,answer,plain\n".to_owned();
        let len = distinct + 20;
        for Row { dict, option, text, packed, nullable, flag, answer, plain } in (0..len).map(row) {
            let (option, nullable) =
                (option.unwrap_or_default(), nullable.map_or(String::new(), |n| n.to_string()));
            let answer = answer.map_or("", |answer| if answer { "true" } else { "false" });
            file +=
                &format!("{dict},{option},{text},{packed},{nullable},{flag},{answer},{plain}\n");
        }
        let rows: Records<Row> = RecordReader::new(file.as_bytes()).read_all().unwrap();
        assert!(rows.iter().map(RowRow::to_owned).eq((0..len).map(row)), "{distinct}");
        assert_eq!(rows.columns().dict().dictionary().len(), distinct);
    }
}
