//! Columns that own their buffers as fields of records.

use pennyweight::record::{Codes, Record, Records};
use std::borrow::Cow;
use std::rc::Rc;

#[derive(Record, Clone, Debug, PartialEq)]
struct Flight {
    #[record(packed)]
    delay: Option<i16>,
    #[record(dict)]
    origin: String,
    hour: u8,
    #[record(dict)]
    tail: Option<Box<str>>,
    #[record(packed)]
    cancelled: bool,
    #[record(packed)]
    on_time: Option<bool>,
    #[record(text)]
    remark: Option<Cow<'static, str>>,
    #[record(text)]
    pilot: Rc<str>,
    #[record(packed)]
    number: u32,
}

fn flight(i: u32) -> Flight {
    Flight {
        delay: (!i.is_multiple_of(9)).then_some(i as i16 % 700 - 20),
        origin: ["EWR", "JFK", "LGA"][i as usize % 3].into(),
        hour: (i % 24) as u8,
        tail: (!i.is_multiple_of(7)).then(|| format!("N{}", i % 500).into()),
        cancelled: i.is_multiple_of(11),
        on_time: (!i.is_multiple_of(11)).then_some(i.is_multiple_of(2)),
        remark: i.is_multiple_of(4).then(|| format!("remark {i}").into()),
        pilot: format!("pilot {}", i % 10).into(),
        number: i * i,
    }
}

#[test]
fn records_hold_codes_text_and_packed_numbers() {
    let flights: Vec<Flight> = (0..2000).map(flight).collect();
    let mut records: Records<Flight> = flights.iter().cloned().collect();
    assert!(records.iter().zip(&flights).all(|(row, flight)| row.to_owned() == *flight));
    let row = &records[9];
    assert_eq!((row.delay(), row.origin(), row.tail()), (None, "EWR", Some("N9")));
    assert_eq!(
        (row.cancelled(), row.remark(), row.pilot(), row.number()),
        (false, None, "pilot 9", 81)
    );

    let columns = records.columns();
    let newark = columns.origin().code("EWR").unwrap();
    assert_eq!(columns.origin().count(newark), 667);
    assert!(matches!(columns.origin().codes(), Codes::U8(_)));
    assert!(matches!(columns.tail().codes(), Codes::U16(_)));
    assert_eq!(columns.tail().validity().null_count(), 286);
    assert_eq!(columns.delay().max(), Some(679));
    assert_eq!(columns.cancelled().count_ones(), 182);
    assert_eq!((columns.on_time().count_ones(), columns.on_time().null_count()), (909, 182));
    assert_eq!(columns.remark().get(4), Some(Some("remark 4")));

    let mut model = flights;
    records.retain(|row| !row.number().is_multiple_of(5));
    model.retain(|flight| !flight.number.is_multiple_of(5));
    assert_eq!(records.swap_remove(3), model.swap_remove(3));
    assert_eq!(records.remove(700), model.remove(700));
    records.insert(10, flight(77));
    model.insert(10, flight(77));
    records.sort_by_key(|row| row.number() % 64);
    model.sort_by_key(|flight| flight.number % 64);
    assert!(records.iter().zip(&model).all(|(row, flight)| row.to_owned() == *flight));
    assert_eq!(records.len(), model.len());
    records[1].set_tail(None);
    assert_eq!(records[1].tail(), None);
}
