//! Frozen records: there and back, by row and by column.

use pennyweight::record::{FreezeAs, Frozen, Record, Records};
use proptest::collection::vec;
use proptest::prelude::*;

#[derive(Record, Clone, Debug, PartialEq)]
#[record(freeze)]
pub(crate) struct Place {
    pub(crate) x: i32,
    pub(crate) y: Option<f64>,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(freeze)]
pub(crate) struct Flight {
    day: i8,
    delay: Option<i16>,
    #[record(dict)]
    carrier: String,
    #[record(dict)]
    tail: Option<Box<str>>,
    #[record(text)]
    note: Option<String>,
    #[record(nested)]
    at: Place,
    #[record(packed)]
    distance: u16,
    #[record(packed)]
    gate: Option<u8>,
    #[record(packed)]
    late: bool,
    #[record(packed)]
    full: Option<bool>,
    hot: bool,
    class: Option<char>,
    seats: usize,
    price: f64,
    #[record(computed = hour_of)]
    hour: u32,
}

fn hour_of(flight: &FlightRow) -> u32 {
    u32::from(flight.distance()) / 60
}

fn flight(i: i32) -> Flight {
    let distance = (i * 37 % 2000) as u16;
    Flight {
        day: (i / 50) as i8,
        delay: (i % 11 != 3).then_some((i * i % 300 - 20) as i16),
        carrier: ["UA", "AA", "B6", "DL"][(i % 4) as usize].to_owned(),
        tail: (i % 9 != 0).then(|| format!("N{}", i % 60).into()),
        note: (i % 5 == 0).then(|| format!("note {i}")),
        at: Place { x: i - 50, y: (i % 3 > 0).then_some(f64::from(i) / 4.0) },
        distance,
        gate: (i % 8 != 1).then_some((i % 40) as u8),
        late: i % 6 == 0,
        full: (i % 10 != 4).then_some(i % 3 == 1),
        hot: i > 700,
        class: (i % 7 != 2).then_some(if i % 2 == 0 { 'é' } else { 'a' }),
        seats: (i % 3 * 100) as usize,
        price: f64::from(i) * 0.25 + 19.99,
        hour: u32::from(distance) / 60,
    }
}

pub(crate) fn flights(count: i32) -> Records<Flight> {
    (0..count).map(flight).collect()
}

#[test]
fn what_is_frozen_thaws_as_it_was() {
    for count in [0, 1, 3, 1500] {
        let records = flights(count);
        let frozen = records.freeze();
        frozen.check_invariants();
        assert_eq!(frozen.len(), records.len());
        let thawed = frozen.thaw();
        assert_eq!(thawed.len(), records.len());
        assert!(records.iter().zip(&thawed).all(|(a, b)| a == b));
        assert!((0..count).all(|i| frozen.record(i as usize) == Some(flight(i))));
        assert_eq!(frozen.record(count as usize), None);
    }
}

#[test]
fn rows_and_columns_have_the_names_of_the_fields() {
    let frozen = flights(1000).freeze();
    for (i, row) in (0..).zip(&frozen) {
        let flight = flight(i);
        assert_eq!(
            (row.day(), row.delay(), row.carrier()),
            (flight.day, flight.delay, &*flight.carrier)
        );
        assert_eq!((row.tail(), row.note()), (flight.tail.as_deref(), flight.note.as_deref()));
        assert_eq!((row.at().x(), row.at().y()), (flight.at.x, flight.at.y));
        assert_eq!(
            (row.distance(), row.gate(), row.late(), row.full()),
            (flight.distance, flight.gate, flight.late, flight.full)
        );
        assert_eq!((row.hot(), row.class(), row.seats()), (flight.hot, flight.class, flight.seats));
        assert_eq!(row.price(), flight.price);
    }
    assert!(frozen.get(1000).is_none());
    let columns = frozen.columns();
    assert_eq!(
        columns.delay().sum(),
        (0..1000).filter_map(|i| flight(i).delay).map(i128::from).sum()
    );
    assert_eq!(columns.at().x().max(), Some(949));
    let code = columns.carrier().code("DL").unwrap();
    assert_eq!((code, columns.carrier().count(code), columns.carrier().code("WN")), (2, 250, None));
}

#[test]
fn some_rows_thaw_by_themselves() {
    let frozen = flights(1500).freeze();
    for rows in [0..0, 0..1, 700..1300, 1499..1500, 1500..1500] {
        let thawed = frozen.thaw_rows(rows.clone());
        assert!(thawed.iter().map(|row| row.to_owned()).eq(rows.map(|i| flight(i as i32))));
    }
}

#[test]
#[should_panic(expected = "out of range")]
fn rows_behind_the_end_do_not_thaw() {
    let _ = flights(3).freeze().thaw_rows(2..4);
}

#[test]
fn strings_that_no_row_has_any_more_do_not_freeze() {
    let mut records = flights(100);
    records.retain(|flight| flight.carrier() != "AA");
    let frozen = records.freeze();
    assert_eq!(frozen.columns().carrier().strings(), &["B6", "DL", "UA"]);
    assert_eq!(frozen.columns().carrier().code("AA"), None);
}

#[test]
fn records_thaw_to_change_and_freeze_again() {
    let mut records = flights(300).freeze().thaw();
    records.push(flight(300));
    records[0].set_carrier("new".to_owned());
    let again = records.freeze();
    assert_eq!((again.len(), again.row(0).carrier(), again.row(300).day()), (301, "new", 6));
}

#[test]
fn what_freezes_says_what_it_takes() {
    let frozen = flights(1000).freeze();
    let explained = frozen.explain();
    let names: Vec<_> = explained.columns().map(|column| column.name.as_str()).collect();
    assert_eq!(names[..7], ["day", "delay", "carrier", "tail", "note", "at.x", "at.y"]);
    let types: Vec<_> = explained.columns().map(|column| column.ty.as_str()).collect();
    assert_eq!(types[..5], ["i8", "Option<i16>", "dict", "Option<dict>", "Option<text>"]);
    assert_eq!(explained.bytes(), frozen.heap_bytes());
    assert_eq!(pennyweight::size::HeapSize::heap_bytes(&frozen), frozen.heap_bytes());
    assert_eq!(explained.to_string().lines().count(), 1 + names.len());
}

/// A value of one's own, and one that takes back what it gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Odd(i64);

impl FreezeAs for Odd {
    type Int = i64;
    const NAME: &'static str = "Odd";

    fn freeze(self) -> i64 {
        self.0
    }

    fn thaw(int: i64) -> Option<Self> {
        (int % 2 != 0).then_some(Self(int))
    }
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(freeze)]
struct Own<T: FreezeAs + Default> {
    #[record(copy)]
    value: T,
    lent: T,
    maybe: Option<T>,
}

#[test]
fn types_of_ones_own_freeze_as_integers() {
    let own =
        |i: i64| Own { value: Odd(2 * i + 1), lent: Odd(-1), maybe: (i > 3).then_some(Odd(7)) };
    let records: Records<Own<Odd>> = (0..100).map(own).collect();
    let frozen = records.freeze();
    assert_eq!(
        (frozen.row(3).value(), frozen.row(3).maybe(), frozen.row(4).maybe()),
        (Odd(7), None, Some(Odd(7)))
    );
    assert_eq!(frozen.columns().lent().heap_bytes(), 0);
    assert!((0..100).all(|i| frozen.record(i as usize) == Some(own(i))));
}

#[test]
fn a_value_that_is_not_taken_back_panics_and_harms_nothing() {
    let even = Own { value: Odd(2), lent: Odd(1), maybe: None };
    let frozen: Frozen<Own<Odd>> = [even].into_iter().collect::<Records<_>>().freeze();
    let thawed = std::panic::catch_unwind(|| frozen.thaw().len());
    assert!(thawed.is_err());
    let error = Frozen::<Own<Odd>>::from_bytes(&frozen.to_bytes()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `value`: the image is invalid: an integer is that of no value"
    );
    assert_eq!(frozen.row(0).lent(), Odd(1));
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Any {
    small: i8,
    wide: u64,
    nullable: Option<i64>,
    double: f64,
    single: Option<f32>,
    flag: Option<bool>,
    letter: char,
    size: Option<isize>,
    #[record(dict)]
    name: Option<String>,
    #[record(text)]
    text: String,
    #[record(packed)]
    packed: Option<u32>,
    #[record(packed)]
    bit: bool,
}

proptest! {
    #[test]
    fn whatever_freezes_thaws_as_it_was(
        values in vec((any::<(i8, u64, Option<i64>, i32, Option<i16>)>(), any::<(Option<bool>, char, Option<isize>)>(),
            any::<(Option<u8>, String, Option<u32>, bool)>()), 0..300),
        at in any::<proptest::sample::Index>(),
    ) {
        let any: Vec<Any> = values
            .into_iter()
            .map(|((small, wide, nullable, double, single), (flag, letter, size), (name, text, packed, bit))| Any {
                small, wide, nullable, double: f64::from(double) / 8.0, single: single.map(f32::from), flag, letter, size,
                name: name.map(|name| format!("{name:x}")), text, packed, bit,
            })
            .collect();
        let records: Records<Any> = any.iter().cloned().collect();
        let frozen = records.freeze();
        frozen.check_invariants();
        let image = frozen.to_bytes();
        let copy: Frozen<Any> = Frozen::from_bytes(&image).unwrap();
        copy.check_invariants();
        prop_assert_eq!(&copy.to_bytes(), &image);
        for frozen in [frozen, copy] {
            prop_assert!(frozen.thaw().iter().map(|row| row.to_owned()).eq(any.iter().cloned()));
            let start = at.index(any.len() + 1);
            prop_assert!(frozen.thaw_rows(start..).iter().map(|row| row.to_owned()).eq(any[start..].iter().cloned()));
        }
    }
}
