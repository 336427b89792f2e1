//! Which column is which.

use pennyweight::record::csv::{HeaderError, ReadError, ReadOptions, RecordReader};
use pennyweight::record::{Record, Records};
use pennyweight::stream::{CsvOptions, Trim};

#[derive(Record, Clone, Debug, PartialEq)]
struct Point {
    x: i16,
    #[record(packed)]
    y: Option<i32>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Ship {
    #[record(dict)]
    name: String,
    #[record(nested)]
    at: Point,
    #[record(computed = is_far)]
    far: bool,
    #[record(text)]
    remark: Option<Box<str>>,
}

fn is_far(ship: &ShipRow) -> bool {
    ship.at().x() > 100
}

fn ship(name: &str, x: i16, y: Option<i32>, remark: Option<&str>) -> Ship {
    let (name, remark) = (name.to_owned(), remark.map(Into::into));
    Ship { name, at: Point { x, y }, far: x > 100, remark }
}

fn missing(error: &HeaderError) -> Vec<&str> {
    let HeaderError::Missing { columns, .. } = error else { panic!("{error}") };
    columns.iter().map(|name| &**name).collect()
}

fn read(options: ReadOptions, file: &str) -> Result<Vec<Ship>, ReadError> {
    let mut records: Records<Ship> = Records::new();
    options.read_from(file.as_bytes()).read_to_end(&mut records)?;
    Ok(records.iter().map(ShipRow::to_owned).collect())
}

#[test]
fn columns_are_found_by_name_in_any_order_and_others_left_alone() {
    let expected = [ship("Argo", 7, Some(-1), Some("old")), ship("Beagle", 101, None, None)];
    for file in [
        "name,at.x,at.y,remark\nArgo,7,-1,old\nBeagle,101,,\n",
        "at.y,extra,remark,name,at.x,far\n-1,?,old,Argo,7,nonsense\n,,,Beagle,101,\n",
        "remark,name,at.x,at.y,name\nold,Argo,7,-1,second\n,Beagle,101,,second",
        "\u{feff}name,at.x,at.y,remark\r\nArgo,7,-1,old\r\n\r\n\"Beagle\",101,\"\",\r\n",
    ] {
        assert_eq!(read(ReadOptions::new(), file).unwrap(), expected);
    }
}

#[test]
fn blanks_around_names_numbers_and_nulls_are_trimmed_where_that_is_said() {
    let file = "at.x , name,\tat.y, remark\n 7 ,Argo\t, NA , old one\n101,\" Beagle\" , -5,NA \n";
    let csv = CsvOptions::new().trim(Trim::All);
    let expected = [ship("Argo", 7, None, Some("old one")), ship(" Beagle", 101, Some(-5), None)];
    assert_eq!(read(ReadOptions::new().nulls(["NA"]).csv(csv), file).unwrap(), expected);

    // With names alone trimmed, a blank is of no number.
    let csv = CsvOptions::new().trim(Trim::Headers);
    let error = read(ReadOptions::new().nulls(["NA"]).csv(csv), file).unwrap_err();
    assert!(matches!(&error, ReadError::Row(bad) if bad.text() == " 7 "), "{error}");
    let error = read(ReadOptions::new().nulls(["NA"]), file).unwrap_err();
    let ReadError::Header(error) = &error else { panic!("{error}") };
    assert_eq!(missing(error), ["name", "at.x", "at.y", "remark"]);
}

#[test]
fn without_a_header_columns_are_in_order() {
    let csv = CsvOptions::new().has_headers(false).delimiter(b'\t').quote(Some(b'\''));
    let options = ReadOptions::new().csv(csv).nulls(["-", "none"]);
    let ships = read(options, "'A\tB'\t1\t-\tnone\nC\t2\t3\t'two\nlines'\n").unwrap();
    assert_eq!(ships, [ship("A\tB", 1, None, None), ship("C", 2, Some(3), Some("two\nlines"))]);
}

#[test]
fn missing_columns_are_named_and_may_be_null() {
    let file = "name,at.x\nArgo,7\n";
    let Err(ReadError::Header(error)) = read(ReadOptions::new(), file) else { panic!() };
    assert_eq!(missing(&error), ["at.y", "remark"]);
    assert_eq!(
        error.to_string(),
        "missing columns: `at.y`, `remark`; the header has `name`, `at.x`"
    );

    let options = ReadOptions::new().allow_missing(true);
    assert_eq!(read(options.clone(), file).unwrap(), [ship("Argo", 7, None, None)]);
    // What is no `Option` cannot be missing.
    let Err(ReadError::Header(error)) = read(options, "at.y,remark\n") else { panic!() };
    assert_eq!(missing(&error), ["name", "at.x"]);
}

#[test]
fn of_a_header_without_the_columns_the_beginning_is_told() {
    let names = (0..40).map(|n| format!("{}{n}", "x".repeat(200))).collect::<Vec<_>>();
    let Err(ReadError::Header(error)) = read(ReadOptions::new(), &names.join(",")) else {
        panic!()
    };
    let HeaderError::Missing { columns, header, header_len } = &error else { panic!() };
    assert_eq!((columns.len(), header.len(), *header_len), (4, 32, 40));
    assert!(header.iter().all(|name| **name == *"x".repeat(64)));
    assert!(error.to_string().ends_with("x` and 8 more"));
    let error = read(ReadOptions::new(), "").unwrap_err().to_string();
    assert!(error.ends_with("`remark`; the header has none"), "{error}");
}

#[test]
fn a_header_that_is_wrong_stays_wrong() {
    let mut reader: RecordReader<Ship, _> = RecordReader::new("a,b\n1,2\n".as_bytes());
    let mut batch = Records::new();
    for _ in 0..2 {
        let Err(ReadError::Header(error)) = reader.next_batch(&mut batch, 10) else { panic!() };
        assert_eq!(missing(&error).len(), 4);
    }
    assert_eq!(reader.rows(), 0);
}

#[test]
fn other_columns_can_be_refused() {
    let options = ReadOptions::new().deny_extra(true);
    let file = "name,at.x,at.y,remark\nArgo,7,-1,old\n";
    assert_eq!(read(options.clone(), file).unwrap().len(), 1);
    let file = "name,,at.x,at.y,mast,remark\n";
    let Err(ReadError::Header(error)) = read(options, file) else { panic!() };
    let columns = vec!["".into(), "mast".into()];
    assert_eq!(error, HeaderError::Extra { columns, columns_len: 2 });
    assert_eq!(error.to_string(), "columns too many: ``, `mast`");
}

#[test]
fn a_header_may_have_a_million_columns() {
    let width = 1_000_000;
    let wanted = [(3, "at.x", "7"), (40, "remark", "old"), (width / 2, "name", "Argo")];
    let wanted = wanted.into_iter().chain([(width - 1, "at.y", "-1")]);
    let mut names: Vec<_> = (0..width).map(|index| format!("{index}{}", "n".repeat(70))).collect();
    let mut fields = vec![""; width];
    for (index, name, field) in wanted {
        (names[index], fields[index]) = (name.into(), field);
    }
    // Another of that name is not the one that is meant.
    names[width - 2] = "name".into();
    let file = names.join(",") + "\n" + &fields.join(",") + "\n";
    let csv = CsvOptions::new().max_row_len(file.len());
    let options = ReadOptions::new().csv(csv);
    assert_eq!(read(options.clone(), &file).unwrap(), [ship("Argo", 7, Some(-1), Some("old"))]);

    let Err(ReadError::Header(error)) = read(options.deny_extra(true), &file) else { panic!() };
    let said = error.to_string();
    let HeaderError::Extra { columns, columns_len } = error else { panic!("{said}") };
    assert_eq!((columns.len(), columns_len), (32, width - 4));
    let told = (0..33).filter(|&index| index != 3).map(|index| &names[index][..64]);
    assert!(columns.iter().map(|name| &**name).eq(told));
    assert!(said.ends_with("` and 999964 more"), "{said}");
}

#[test]
fn nothing_has_no_header_and_a_header_no_rows() {
    let Err(ReadError::Header(error)) = read(ReadOptions::new(), "") else { panic!() };
    assert_eq!(missing(&error).len(), 4);
    assert_eq!(read(ReadOptions::new(), "name,at.x,at.y,remark").unwrap(), []);
}

#[test]
fn a_header_that_is_refused_makes_no_rows_of_nulls() {
    #[derive(Record)]
    struct Height {
        height: Option<i16>,
    }
    for file in ["", "\"height\n1\n2\n"] {
        let options = ReadOptions::new().allow_missing(true);
        let mut reader = options.read_from::<Height, _>(file.as_bytes());
        let mut heights = Records::new();
        let mut errors = Vec::new();
        for _ in 0..3 {
            errors.extend(reader.read_to_end(&mut heights).err());
        }
        assert_eq!((heights.len(), errors.len()), (0, 3));
        let Some(ReadError::Header(error)) = errors.pop() else { panic!() };
        assert_eq!(missing(&error), ["height"]);
    }
}

#[test]
fn rows_may_differ_in_length_where_that_is_said() {
    let options = ReadOptions::new().csv(CsvOptions::new().flexible(true)).allow_missing(true);
    let file = "name,at.x,at.y,remark\nArgo,7\nBeagle,8,9,new,more\nCutty\n";
    let mut reader = options.read_from::<Ship, _>(file.as_bytes());
    let mut ships = Records::new();
    let error = reader.read_to_end(&mut ships).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 3 in line 4, at byte 49, column `at.x` of `i16`: there is no such field: \"\""
    );
    let ships: Vec<Ship> = ships.iter().map(ShipRow::to_owned).collect();
    assert_eq!(ships, [ship("Argo", 7, None, None), ship("Beagle", 8, Some(9), Some("new"))]);
}

#[test]
fn a_record_without_fields_counts_rows() {
    #[derive(Record)]
    struct Nothing {}
    let rows = RecordReader::<Nothing, _>::new("a\n1\n2\n".as_bytes()).read_all().unwrap();
    assert_eq!(rows.len(), 2);
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Departure {
    #[record(dict, rename = "Tail \"No.\"")]
    tail: String,
    #[record(rename = "Dep Delay")]
    delay: Option<i16>,
    /// Called as another field is.
    #[record(nested, rename = "delay")]
    at: Point,
    r#type: u8,
}

#[test]
fn columns_are_named_as_the_record_says() {
    let file =
        "Dep Delay,delay.y,delay.x,\"Tail \"\"No.\"\"\",type\n2,,7,N14228,1\n,3,8,N24211,2\n";
    let records = RecordReader::<Departure, _>::new(file.as_bytes()).read_all().unwrap();
    let delays: Vec<_> = records.iter().map(|row| (row.delay(), row.at().x())).collect();
    assert_eq!(delays, [(Some(2), 7), (None, 8)]);
    assert_eq!(records.any_columns().names(), ["Tail \"No.\"", "Dep Delay", "delay", "type"]);
    assert!(
        records.column_by_name("Dep Delay").is_some() && records.column_by_name("at").is_none()
    );
    // What is shown is the struct.
    assert_eq!(
        format!("{:?}", &records[0]),
        "Departure { tail: \"N14228\", delay: Some(2), at: Point { x: 7, y: None }, type: 1 }"
    );

    let file = "Tail \"No.\",delay,delay.x,delay.y,type\n";
    let error = RecordReader::<Departure, _>::new(file.as_bytes()).read_all().unwrap_err();
    let ReadError::Header(error) = error else { panic!("{error}") };
    assert_eq!(missing(&error), ["Dep Delay"]);

    let file = "Dep Delay,delay.y,delay.x,\"Tail \"\"No.\"\"\",type\n2h,,7,N14228,1\n";
    let error = RecordReader::<Departure, _>::new(file.as_bytes()).read_all().unwrap_err();
    assert!(error.to_string().contains("column `Dep Delay`"), "{error}");
}
