//! Enums without fields, by the names of their variants.

use pennyweight::record::csv::{BadRowCause, FieldError, ReadError, ReadOptions, RecordReader};
use pennyweight::record::{Category, Record, Records};

#[derive(Category, Clone, Copy, Debug, Default, PartialEq)]
enum Cabin {
    #[default]
    Economy = 7,
    #[record(rename = "first, class")]
    First = -1,
    r#Box,
}

#[derive(Record, Debug)]
struct Seat {
    #[record(copy)]
    cabin: Cabin,
    upgrade: Option<Cabin>,
    #[record(plain)]
    wish: Option<Cabin>,
}

#[test]
fn variants_have_names_and_numbers() {
    assert_eq!(Cabin::NAMES, ["Economy", "first, class", "Box"]);
    for (number, cabin) in [Cabin::Economy, Cabin::First, Cabin::Box].into_iter().enumerate() {
        assert_eq!((cabin.number(), Cabin::from_number(number)), (number, Some(cabin)));
        assert_eq!(
            (cabin.name(), Cabin::from_name(cabin.name())),
            (Cabin::NAMES[number], Some(cabin))
        );
    }
    assert_eq!((Cabin::from_number(3), Cabin::from_name("economy")), (None, None));
    assert_eq!((Cabin::from_name("First"), Cabin::from_name("")), (None, None));
}

#[test]
fn categories_are_read_by_name() {
    let file = "cabin,upgrade,wish\nBox,-,Box\n\"first, class\",\"first, class\",-\n";
    let options = ReadOptions::new().nulls(["-"]);
    let seats: Records<Seat> = options.read_from(file.as_bytes()).read_all().unwrap();
    assert_eq!(seats.columns().cabin(), [Cabin::Box, Cabin::First]);
    assert_eq!(seats.columns().wish(), [Some(Cabin::Box), None]);
    let upgrades: Vec<_> = seats.iter().map(|seat| seat.upgrade().copied()).collect();
    assert_eq!(upgrades, [None, Some(Cabin::First)]);
    assert_eq!(seats.heap_bytes(), 2 * 3 + 1);
}

#[test]
fn what_is_no_name_is_an_error() {
    for wrong in [&b"economy"[..], b"", b"Box ", b"\xff"] {
        let file = [b"cabin,upgrade,wish\n", wrong, b",,\n"].concat();
        let mut reader: RecordReader<Seat, _> = RecordReader::new(&file[..]);
        let Err(ReadError::Row(row)) = reader.read_all() else { panic!() };
        let BadRowCause::Field(error) = row.cause() else { panic!("{row}") };
        assert_eq!(matches!(error, FieldError::Utf8(_)), wrong == b"\xff");
        assert_eq!(
            (row.column(), error == &FieldError::Invalid),
            (Some("cabin"), wrong != b"\xff")
        );
    }
}
