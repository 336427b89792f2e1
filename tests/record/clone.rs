//! Records cloned, column by column.

use pennyweight::array::BitArray;
use pennyweight::record::{Codes, Record, Records};

#[derive(Record, Clone, Debug, PartialEq)]
struct Flight {
    number: u16,
    delay: Option<i16>,
    #[record(dict)]
    origin: String,
    #[record(text)]
    note: Option<String>,
    #[record(packed)]
    distance: i32,
    name: String,
    #[record(nested)]
    plane: Plane,
    #[record(nested)]
    state: State,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Plane {
    #[record(dict)]
    maker: Option<String>,
    seats: Option<Box<u16>>,
}

#[derive(Record, Clone, Debug, PartialEq)]
enum State {
    Planned,
    Late { minutes: u16, why: String },
    Gone(#[record(dict)] String),
}

fn flight(number: u16) -> Flight {
    let name = |names: [&str; 3], by: u16| names[usize::from(number / by) % 3].to_owned();
    Flight {
        number,
        delay: (!number.is_multiple_of(4)).then_some(number as i16 - 5),
        origin: name(["EWR", "JFK", "LGA"], 1),
        note: (!number.is_multiple_of(5)).then(|| format!("note {number}")),
        distance: i32::from(number) * 100,
        name: format!("{number}"),
        plane: Plane {
            maker: (number > 3).then(|| name(["Airbus", "Boeing", "Embraer"], 2)),
            seats: (!number.is_multiple_of(3)).then(|| Box::new(number)),
        },
        state: match number % 3 {
            0 => State::Planned,
            1 => State::Late { minutes: number, why: format!("because {number}") },
            _ => State::Gone(name(["A1", "B2", "C3"], 3)),
        },
    }
}

fn flights(count: u16) -> Records<Flight> {
    (0..count).map(flight).collect()
}

#[test]
fn a_clone_has_the_codes_that_were_there() {
    let mut records = flights(12);
    records.reverse();
    records.truncate(7);
    let clone = records.clone();
    assert_eq!(clone, records);
    let codes = |records: &Records<Flight>| {
        let columns = records.columns();
        let (origins, makers) = (columns.origin(), columns.plane().maker());
        let gone = columns.state().gone()._0().codes().iter().collect::<Vec<_>>();
        (
            origins.codes().iter().collect::<Vec<_>>(),
            makers.codes().iter().collect::<Vec<_>>(),
            gone,
        )
    };
    assert_eq!(codes(&clone), codes(&records));
    assert_eq!(clone.columns().origin().codes(), Codes::U8(&[2, 1, 0, 2, 1, 0, 2]));
    // Also those of strings that no row has any more.
    records.retain(|row| row.origin() == "LGA");
    let mut clone = records.clone();
    assert_eq!(clone.columns().origin().code("JFK"), Some(1));
    clone.push(flight(1));
    assert_eq!(clone.columns().origin().codes(), Codes::U8(&[2, 2, 2, 1]));
}

#[test]
fn clones_go_behind_rows_that_are_there() {
    let others = flights(30);
    for rows in [0..0, 0..30, 3..4, 5..25, 30..30] {
        for before in [0, 1, 9] {
            let mut records = flights(before);
            records.extend_from_slice(others.slice(rows.clone()));
            let expected = (0..before).chain(rows.start as u16..rows.end as u16).map(flight);
            assert!(records.iter().map(FlightRow::to_owned).eq(expected), "{before}, {rows:?}");
            // What was cloned is whole: it can be moved about, and goes once.
            records.sort_by_key(|row| u16::MAX - row.number());
            records.retain(|row| row.number() % 2 == 0);
            let mut numbers: Vec<u16> =
                (0..before).chain(rows.start as u16..rows.end as u16).collect();
            numbers.sort();
            numbers.reverse();
            numbers.retain(|number| number % 2 == 0);
            assert!(records.into_iter().eq(numbers.into_iter().map(flight)));
        }
    }
}

#[test]
fn chosen_rows_are_cloned_in_their_order() {
    let records = flights(40);
    let orders: [Vec<usize>; 5] = [
        vec![],
        vec![39],
        vec![7, 7, 0, 39, 7],
        (0..40).rev().collect(),
        (0..150).map(|i| i * 7 % 40).collect(),
    ];
    for indices in orders {
        let selected = records.select(indices.iter().copied());
        selected.check_invariants();
        let expected = || indices.iter().map(|&index| flight(index as u16));
        assert!(selected.iter().map(FlightRow::to_owned).eq(expected()), "{indices:?}");
        // What was cloned is whole: it goes once.
        assert!(selected.into_iter().eq(expected()));
    }
    let ends = records.slice(5..30).select([24, 0]);
    assert_eq!(ends.columns().number(), [29, 5]);
    // Strings have the codes of their first rows, and others are left behind.
    let selected = records.select([2, 5, 1]);
    assert_eq!(selected.columns().origin().codes(), Codes::U8(&[0, 0, 1]));
    assert_eq!(selected.columns().origin().dictionary().len(), 2);
}

#[test]
fn a_mask_chooses_rows() {
    for count in [0, 1, 63, 64, 65, 200] {
        let records = flights(count);
        for step in [1, 2, 3, 70, 1000] {
            let mask: BitArray = (0..count).map(|index: u16| index.is_multiple_of(step)).collect();
            let filtered = records.filter(&mask);
            filtered.check_invariants();
            let expected = (0..count).step_by(step.into()).map(flight);
            assert!(filtered.iter().map(FlightRow::to_owned).eq(expected), "{count} {step}");
        }
    }
    let records = flights(9);
    let delayed = records.columns().origin().mask(|origin| origin != "EWR");
    assert_eq!(records.filter(&delayed).columns().number(), [1, 2, 4, 5, 7, 8]);
    let middle = records.slice(3..6).filter(&BitArray::from([true, false, true]));
    assert_eq!(middle.columns().number(), [3, 5]);
}

#[test]
#[should_panic = "a mask of 3 values does not choose among 4 records"]
fn a_mask_of_another_length_is_refused() {
    let _ = flights(4).filter(&BitArray::from([true, false, true]));
}

#[test]
#[should_panic = "index 3 out of range for 3 records"]
fn a_row_behind_the_end_of_a_slice_is_not_chosen() {
    let _ = flights(9).slice(2..5).select([0, 3]);
}

#[test]
fn records_without_rows_are_cloned_with_their_dictionaries() {
    let mut records = flights(5);
    records.clear();
    let clone = records.clone();
    assert_eq!((clone.len(), clone.capacity()), (0, 0));
    assert_eq!(clone.columns().origin().code("LGA"), Some(2));
    assert_eq!(Records::<Flight>::new().clone().heap_bytes(), 0);
}
