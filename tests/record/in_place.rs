//! Rows changed where they lie, and dictionaries that forget.

use pennyweight::record::{Codes, Record, Records};
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Record, Clone, Debug, PartialEq)]
struct Flight {
    number: u16,
    #[record(nested)]
    crew: Crew,
    #[record(nested)]
    state: State,
    #[record(dict)]
    tail: Option<String>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Crew {
    pilots: u8,
    names: Vec<String>,
    #[record(dict)]
    base: String,
    #[record(nested)]
    lead: Lead,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Lead {
    #[record(text)]
    name: String,
    years: Option<u8>,
}

#[derive(Record, Clone, Debug, PartialEq)]
enum State {
    Planned,
    Late {
        minutes: u16,
        #[record(nested)]
        lead: Lead,
    },
    Gone(#[record(dict)] String, Box<u16>),
}

fn flight(number: u16) -> Flight {
    let base = ["EWR", "JFK", "LGA"][usize::from(number) % 3].to_owned();
    let lead = Lead { name: format!("lead {number}"), years: Some(number as u8) };
    Flight {
        number,
        crew: Crew { pilots: 2, names: vec![], base: base.clone(), lead: lead.clone() },
        state: match number % 4 {
            0 => State::Planned,
            1 => State::Late { minutes: number, lead },
            _ => State::Gone(base, Box::new(number)),
        },
        tail: (!number.is_multiple_of(2)).then(|| format!("N{number}")),
    }
}

#[test]
fn a_row_of_a_nested_record_is_changed_in_place() {
    let mut expected: Vec<Flight> = (0..9).map(flight).collect();
    let mut records = Records::from(expected.clone());
    for (index, expected) in expected.iter_mut().enumerate() {
        let crew = records[index].crew_mut();
        assert_eq!(crew.lead().name(), format!("lead {index}"));
        *crew.pilots_mut() += index as u8;
        crew.names_mut().push(format!("{index}"));
        crew.set_base("ORD".to_owned());
        crew.lead_mut().set_name("someone else".to_owned());
        crew.lead_mut().set_years(None);
        expected.crew = Crew {
            pilots: 2 + index as u8,
            names: vec![format!("{index}")],
            base: "ORD".to_owned(),
            lead: Lead { name: "someone else".to_owned(), years: None },
        };
    }
    assert!(records.into_iter().eq(expected));
}

#[test]
fn a_row_of_a_variant_is_changed_in_place_and_may_become_another() {
    let mut expected: Vec<Flight> = (0..12).map(flight).collect();
    let mut records: Records<Flight> = (0..12).map(flight).collect();
    records.reverse();
    expected.reverse();
    records.for_each_mut(|row| match row.state_mut().variant_mut() {
        StateVariantMut::Planned => {}
        StateVariantMut::Late(late) => {
            *late.minutes_mut() *= 2;
            late.lead_mut().set_name("late".to_owned());
        }
        StateVariantMut::Gone(gone) => {
            **gone._1_mut() += 1;
            gone.set__0("nowhere".to_owned());
        }
    });
    for flight in &mut expected {
        match &mut flight.state {
            State::Planned => {}
            State::Late { minutes, lead } => {
                *minutes *= 2;
                lead.name = "late".to_owned();
            }
            State::Gone(place, number) => {
                *place = "nowhere".to_owned();
                **number += 1;
            }
        }
    }
    assert!(records.iter().map(FlightRow::to_owned).eq(expected.iter().cloned()));
    records[3].state_mut().set(State::Planned);
    records[4].state_mut().set(State::Gone("here".to_owned(), Box::new(7)));
    expected[3].state = State::Planned;
    expected[4].state = State::Gone("here".to_owned(), Box::new(7));
    assert!(records.into_iter().eq(expected));
}

#[test]
fn strings_of_no_row_go_from_all_dictionaries() {
    let mut records: Records<Flight> = (0..24).map(flight).collect();
    records.retain(|row| row.crew().base() == "LGA" && row.number() != 3);
    let expected: Vec<Flight> = records.iter().map(FlightRow::to_owned).collect();
    let strings = |records: &Records<Flight>| {
        let columns = records.columns();
        let gone = columns.state().gone()._0().dictionary().len();
        (columns.crew().base().dictionary().len(), gone, columns.tail().dictionary().len())
    };
    assert_eq!(strings(&records), (3, 3, 12));
    records.shrink_to_fit();
    assert_eq!(strings(&records), (3, 3, 12));
    records.remove_unused();
    assert_eq!(strings(&records), (1, 1, 4));
    assert_eq!(records.columns().crew().base().codes(), Codes::U8(&[0; 8]));
    records.push(flight(1));
    assert_eq!(records.pop(), Some(flight(1)));
    assert!(records.iter().map(FlightRow::to_owned).eq(expected));
    records.clear();
    records.remove_unused();
    assert_eq!(strings(&records), (0, 0, 0));
}

#[test]
fn rows_are_exchanged_with_their_codes_and_nulls() {
    let mut records: Records<Flight> = (0..6).map(flight).collect();
    records.swap(0, 5);
    records.swap(1, 4);
    records.swap(2, 2);
    assert_eq!(records.columns().crew().base().codes(), Codes::U8(&[2, 1, 2, 0, 1, 0]));
    assert!(records.into_iter().eq([5, 4, 2, 3, 1, 0].map(flight)));
}

#[test]
fn rows_of_an_enum_are_set_as_those_of_a_vec() {
    let state = |number: u16| flight(number).state;
    let mut rows: Vec<State> = (0..23).map(state).collect();
    let mut records: Records<State> = rows.iter().cloned().collect();
    for step in 0..500_u16 {
        let index = usize::from(step * 7 % 23);
        let new = state(step.wrapping_mul(step) % 101 + step % 3);
        records[index].set(new.clone());
        rows[index] = new;
        records.check_invariants();
        assert_eq!(records[index].to_owned(), rows[index]);
    }
    assert!(records.iter().map(|row| row.to_owned()).eq(rows));
}

macro_rules! scalars {
    ($($name:ident: $ty:ty = $values:expr;)*) => {
        #[derive(Record, Clone, Debug, PartialEq)]
        struct Scalars {
            $($name: Option<$ty>,)*
        }

        /// A row of which each field is the value at an index, or null behind the last.
        fn scalars(index: usize) -> Scalars {
            Scalars { $($name: $values.get(index).copied(),)* }
        }

        #[test]
        fn rows_tell_zeros_from_nulls_whatever_has_been_written() {
            let rows: Vec<Scalars> = (0..70).map(|row| scalars(row % 7)).collect();
            let mut records: Records<Scalars> = rows.iter().cloned().collect();
            $({
                let mut column = records.columns_mut().$name;
                let changed = catch_unwind(AssertUnwindSafe(|| {
                    column.update(|values| {
                        for (value, row) in values.iter_mut().zip(&rows) {
                            *value = row.$name.unwrap_or($values[1]);
                        }
                        panic!("after the values of nulls");
                    })
                }));
                assert!(changed.is_err());
            })*
            records.check_invariants();
            for (index, (row, expected)) in records.iter().zip(&rows).enumerate() {
                $(
                    assert_eq!(format!("{:?}", row.$name()), format!("{:?}", expected.$name));
                    let value = records.columns().$name().get(index).unwrap();
                    assert_eq!(format!("{value:?}"), format!("{:?}", expected.$name));
                )*
            }
            $(
                let there = records.iter().filter(|row| row.$name().is_some()).count();
                assert_eq!(there, rows.iter().filter(|row| row.$name.is_some()).count());
                let above = records.iter().filter(|row| row.$name() > Some(<$ty>::default())).count();
                assert_eq!(above, rows.iter().filter(|row| row.$name > Some(<$ty>::default())).count());
            )*
        }
    };
}

scalars! {
    flag: bool = [false, true];
    letter: char = ['\0', 'x', char::MAX];
    i8: i8 = [0, -1, i8::MIN, i8::MAX];
    i16: i16 = [0, -1, i16::MIN, i16::MAX];
    i32: i32 = [0, -1, i32::MIN, i32::MAX];
    i64: i64 = [0, -1, i64::MIN, i64::MAX];
    i128: i128 = [0, -1, i128::MIN, 1 << 64];
    isize: isize = [0, -1, isize::MIN, isize::MAX];
    u8: u8 = [0, 1, u8::MAX];
    u16: u16 = [0, 1, u16::MAX];
    u32: u32 = [0, 1, u32::MAX];
    u64: u64 = [0, 1, u64::MAX, 1 << 63];
    u128: u128 = [0, 1, u128::MAX, 1 << 64];
    usize: usize = [0, 1, usize::MAX];
    f32: f32 = [0.0, 1.0, -0.0, f32::NAN, f32::MIN_POSITIVE];
    f64: f64 = [0.0, 1.0, -0.0, f64::NAN, f64::INFINITY];
}
