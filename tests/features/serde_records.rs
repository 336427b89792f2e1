//! Records as sequences of structs.

use pennyweight::record::{Record, Records};
use serde::{Deserialize, Serialize};

#[derive(Record, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Flight {
    number: u16,
    delay: Option<i16>,
    #[record(dict)]
    origin: String,
    #[record(packed)]
    distance: Option<u32>,
    #[record(packed)]
    full: Option<bool>,
    #[record(nested)]
    crew: Crew,
    #[record(computed = late)]
    late: bool,
}

#[derive(Record, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Crew {
    #[record(text)]
    pilot: String,
    others: u8,
}

fn late(flight: &FlightRow) -> bool {
    flight.delay() > Some(15)
}

fn flights() -> Vec<Flight> {
    let flight = |number: u16| Flight {
        number,
        delay: (!number.is_multiple_of(3)).then_some(number as i16),
        origin: ["EWR", "JFK"][usize::from(number % 2)].to_owned(),
        distance: number.is_multiple_of(4).then_some(u32::from(number) * 10),
        full: number.is_multiple_of(3).then_some(number.is_multiple_of(2)),
        crew: Crew { pilot: format!("pilot {number}"), others: 5 },
        late: number > 15 && !number.is_multiple_of(3),
    };
    (0..40).map(flight).collect()
}

#[test]
fn records_are_written_as_a_list_of_structs_is() {
    let flights = flights();
    let records: Records<Flight> = flights.iter().cloned().collect();
    let json = serde_json::to_string(&records).unwrap();
    assert_eq!(json, serde_json::to_string(&flights).unwrap());
    assert_eq!(serde_json::from_str::<Records<Flight>>(&json).unwrap(), records);
    assert_eq!(serde_json::from_str::<Vec<Flight>>(&json).unwrap(), flights);
    let bytes = postcard::to_allocvec(&records).unwrap();
    assert_eq!(bytes, postcard::to_allocvec(&flights).unwrap());
    assert_eq!(postcard::from_bytes::<Records<Flight>>(&bytes).unwrap(), records);
}

#[test]
fn a_length_that_is_claimed_reserves_nothing_that_is_not_there() {
    let claimed = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    assert!(postcard::from_bytes::<Records<Flight>>(&claimed).is_err());
    let json = r#"[{"number":1,"delay":null,"origin":"EWR","distance":1,"crew":{},"late":false}]"#;
    let error = serde_json::from_str::<Records<Flight>>(json).unwrap_err();
    assert!(error.to_string().contains("missing field `pilot`"), "{error}");
    assert!(
        serde_json::from_str::<Records<Flight>>("{}")
            .unwrap_err()
            .to_string()
            .contains("a sequence of records")
    );
}
