//! Frozen records: there and back, by row and by column.

use pennyweight::record::{Frozen, FrozenError, Record, Records};

#[derive(Record, Clone, Debug, PartialEq)]
#[record(freeze)]
struct Place {
    x: i32,
    y: Option<f64>,
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(freeze)]
struct Flight {
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
        hot: i > 700,
        class: (i % 7 != 2).then_some(if i % 2 == 0 { 'é' } else { 'a' }),
        seats: (i % 3 * 100) as usize,
        price: f64::from(i) * 0.25 + 19.99,
        hour: u32::from(distance) / 60,
    }
}

fn flights(count: i32) -> Records<Flight> {
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
            (row.distance(), row.gate(), row.late()),
            (flight.distance, flight.gate, flight.late)
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
fn images_come_back_in_place_and_as_a_copy() {
    let frozen = flights(1200).freeze();
    let bytes = frozen.to_bytes();
    let copy: Frozen<Flight> = Frozen::from_bytes(&bytes).unwrap();
    copy.check_invariants();
    assert_eq!(copy.to_bytes(), bytes);
    let words = pennyweight_baseline::image::aligned(&bytes);
    let open: Frozen<Flight, &[u64]> =
        Frozen::open(bytemuck::cast_slice::<u64, u8>(&words)).unwrap();
    open.check_invariants();
    assert_eq!(open.heap_bytes(), 0);
    assert!(open.thaw().iter().zip(&flights(1200)).all(|(a, b)| a == b));
    assert_eq!(open.row(7).carrier(), "DL");
    let error = Frozen::<Place>::from_bytes(&bytes).unwrap_err();
    assert_eq!(
        error,
        FrozenError::Columns {
            index: 0,
            expected: Some("x: i32".into()),
            found: Some("day: i8".into())
        }
    );
    println!("{}", frozen.explain());
}
