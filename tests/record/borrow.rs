//! Rows that are pushed with their text borrowed, against the structs.

use pennyweight::record::{Record, Records, StoreError, TextField};
use std::borrow::Cow;

#[derive(Record, Clone, Debug, PartialEq)]
#[record(borrow)]
struct Airport(
    #[record(dict)] Cow<'static, str>,
    #[record(computed = shout)] String,
    #[record(copy)] [u8; 3],
    #[record(text)] Option<Box<str>>,
);

fn shout(airport: &AirportRow) -> String {
    airport._0().to_uppercase()
}

fn airport(name: &str, remark: Option<&str>) -> Airport {
    let code = [name.len() as u8, 1, 2];
    Airport(name.to_owned().into(), name.to_uppercase(), code, remark.map(Into::into))
}

#[derive(Record, Clone, Debug, PartialEq)]
#[record(borrow)]
struct Flight {
    #[record(dict)]
    r#type: String,
    delay: Option<i16>,
    #[record(nested)]
    origin: Airport,
    #[record(packed)]
    stops: Option<u64>,
    crew: Vec<String>,
    #[record(computed = is_late)]
    late: bool,
    #[record(plain)]
    gate: Option<char>,
}

fn is_late(flight: &FlightRow) -> bool {
    flight.delay() > Some(15)
}

fn flight(i: usize) -> Flight {
    let delay = (!i.is_multiple_of(3)).then_some(i as i16 - 20);
    Flight {
        r#type: format!("type {}", i % 300),
        delay,
        origin: airport(["jfk", "", "ewr"][i % 3], [None, Some(""), Some("ä")][i % 7 % 3]),
        stops: (!i.is_multiple_of(5)).then_some(i as u64 * 3),
        crew: vec![format!("captain {i}")],
        late: delay > Some(15),
        gate: (!i.is_multiple_of(2)).then_some('ß'),
    }
}

fn borrowed(flight: &Flight) -> FlightRef<'_> {
    let Airport(name, _, code, remark) = &flight.origin;
    FlightRef {
        r#type: &flight.r#type,
        delay: flight.delay,
        origin: AirportRef(name, *code, remark.as_deref()),
        stops: flight.stops,
        crew: flight.crew.clone(),
        gate: flight.gate,
    }
}

#[test]
fn rows_are_those_of_the_structs() {
    let flights: Vec<Flight> = (0..1000).map(flight).collect();
    let pushed: Records<Flight> = flights.iter().cloned().collect();
    let mut records = Records::new();
    flights.iter().for_each(|flight| records.push_ref(borrowed(flight)));
    assert_eq!(records, pushed);
    assert!(records.iter().map(FlightRow::to_owned).eq(flights));
}

#[test]
fn what_is_refused_is_given_back_and_changes_nothing() {
    let mut records: Records<Flight> = Records::new();
    let with = |stops| Flight { stops, ..flight(1) };
    for stops in [0, u64::MAX, 1] {
        records.push_ref(borrowed(&with(Some(stops))));
    }
    let before: Vec<Flight> = records.iter().map(FlightRow::to_owned).collect();

    let none = Flight { r#type: "a new one".into(), ..with(None) };
    let error = records.try_push_ref(borrowed(&none)).unwrap_err();
    assert_eq!((error.column(), error.cause()), ("stops", StoreError::NoCodeForNull));
    let back = error.into_record();
    assert_eq!((back.r#type, back.delay, back.stops), ("a new one", none.delay, None));
    assert_eq!((back.origin.2, &back.crew), (Some(""), &none.crew));
    assert!(records.iter().map(FlightRow::to_owned).eq(before));

    records.push_ref(borrowed(&with(Some(7))));
    assert_eq!((records.len(), records[3].stops()), (4, Some(7)));
}

#[derive(Record, Debug)]
#[record(borrow)]
struct Tagged<'t, V: TextField, T>
where
    T: Copy,
{
    #[record(dict)]
    name: V,
    tag: &'t T,
}

#[test]
fn records_may_be_general() {
    let tags = [1.5, 2.5];
    let mut records: Records<Tagged<'_, Option<String>, f64>> = Records::new();
    {
        let name = String::from("short-lived");
        records.push_ref(TaggedRef { name: Some(&name), tag: &tags[0] });
    }
    records.push_ref(TaggedRef { name: None, tag: &tags[1] });
    assert_eq!((records[0].name(), records[1].tag()), (Some("short-lived"), &2.5));
    assert_eq!(records[1].name(), None);
}
