//! Records in an `Option`.

use pennyweight::record::{Record, Records};

#[derive(Record, Clone, Debug, PartialEq)]
struct Crew {
    #[record(dict)]
    pilot: String,
    seats: Box<u16>,
    #[record(computed = twice)]
    twice: u16,
}

fn twice(crew: &CrewRow) -> u16 {
    **crew.seats() * 2
}

#[derive(Record, Clone, Debug, PartialEq)]
enum State {
    Planned,
    Late(u16),
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Flight {
    number: u16,
    #[record(nested)]
    crew: Option<Crew>,
    #[record(nested)]
    state: Option<State>,
}

fn crew(number: u16) -> Crew {
    Crew { pilot: format!("{}", number % 4), seats: Box::new(number), twice: 2 * number }
}

fn flight(number: u16) -> Flight {
    let state = if number.is_multiple_of(4) { State::Planned } else { State::Late(number) };
    Flight {
        number,
        crew: (!number.is_multiple_of(3)).then(|| crew(number)),
        state: number.is_multiple_of(2).then_some(state),
    }
}

fn flights(count: u16) -> Records<Flight> {
    (0..count).map(flight).collect()
}

#[test]
fn rows_give_the_record_where_there_is_one() {
    let mut flights = flights(6);
    let pilots = |row: &FlightRow| row.crew().map(|crew| (crew.pilot().to_owned(), crew.twice()));
    assert_eq!(pilots(&flights[1]), Some(("1".to_owned(), 2)));
    assert_eq!(pilots(&flights[3]), None);
    **flights[1].crew_mut().unwrap().seats_mut() = 9;
    assert_eq!(pilots(&flights[1]), Some(("1".to_owned(), 18)));
    assert!(flights[0].crew_mut().is_none());

    flights[0].set_crew(Some(crew(7)));
    flights[2].set_crew(None);
    assert_eq!((pilots(&flights[0]), pilots(&flights[2])), (Some(("3".to_owned(), 14)), None));
    assert_eq!(pilots(&flights[5]), Some(("1".to_owned(), 10)));
    flights.check_invariants();
    assert_eq!(flights[0].to_owned().crew, Some(crew(7)));
    let state = flights[2].state().map(|state| state.to_owned());
    assert_eq!((state, flights[1].state()), (Some(State::Late(2)), None));
}

#[test]
fn columns_tell_which_rows_have_one() {
    let flights = flights(100);
    let crews = flights.slice(9..20).columns().crew();
    assert_eq!((crews.len(), crews.is_empty(), crews.null_count()), (11, false, 4));
    let seats = |crew: &CrewRow| **crew.seats();
    assert_eq!(crews.get(1).unwrap().map(seats), Some(10));
    assert!(crews.get(0).unwrap().is_none() && crews.get(11).is_none());
    let expected = (9..20).map(|number| flight(number).crew.map(|crew| *crew.seats));
    assert!(crews.iter().map(|crew| crew.map(seats)).eq(expected));
    // Of all rows, without gaps.
    let all: Vec<u16> = crews.records().seats().iter().map(|seats| **seats).collect();
    assert_eq!(all, (0..100).filter(|number| number % 3 > 0).collect::<Vec<_>>());
}

#[test]
fn rows_with_and_without_one_are_moved_and_removed() {
    let mut records = flights(60);
    let mut structs: Vec<Flight> = (0..60).map(flight).collect();
    records.retain(|row| row.number() % 5 > 0);
    structs.retain(|flight| flight.number % 5 > 0);
    assert_eq!(records.remove(3), structs.remove(3));
    records.sort_by_key(|row| u16::MAX - row.number());
    structs.reverse();
    assert_eq!(records.swap_remove(7), structs.swap_remove(7));
    records.extend_from_slice(flights(9).as_slice());
    structs.extend((0..9).map(flight));
    records.check_invariants();
    assert_eq!(records.clone(), records);
    let selected = records.select([5, 0, 5]);
    assert_eq!(selected[0].to_owned(), structs[5]);
    assert!(records.into_iter().eq(structs));
}
