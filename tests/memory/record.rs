//! What the docs of records say of bytes.

use crate::weigh;
use pennyweight::profile::measure;
use pennyweight::record::{Record, Records};

#[derive(Record, Clone)]
struct Flight {
    number: u16,
    delay: Option<i16>,
    time: i64,
    cancelled: bool,
    gate: Option<u8>,
}

/// The cells of a row, and the bytes of its two bitmaps.
const fn bytes(rows: usize) -> usize {
    rows * (2 + 2 + 8 + 1 + 1) + 2 * rows.div_ceil(8)
}

fn flight(i: u32) -> Flight {
    Flight {
        number: i as u16,
        delay: (!i.is_multiple_of(9)).then_some((i % 1000) as i16 - 60),
        time: i64::from(i.wrapping_mul(0x9e37_79b9)),
        cancelled: false,
        gate: i.is_multiple_of(2).then_some(1),
    }
}

fn flights(count: u32) -> Records<Flight> {
    let mut flights: Records<Flight> = (0..count).map(flight).collect();
    flights.shrink_to_fit();
    flights
}

const ROWS: usize = 10_000;

#[test]
fn records_take_what_their_cells_and_bits_do() {
    #[derive(Record)]
    struct Empty;
    assert_eq!((size_of::<Records<Flight>>(), size_of::<Records<Empty>>()), (24, 24));
    let (empty, stats) = weigh(Records::<Flight>::new);
    assert_eq!((empty.capacity(), stats.allocations), (0, 0));

    let (records, stats) = weigh(|| {
        let mut records = Records::with_capacity(ROWS);
        records.extend((0..ROWS as u32).map(flight));
        records
    });
    assert_eq!((records.capacity(), records.heap_bytes()), (ROWS, bytes(ROWS)));
    assert_eq!((stats.allocations, stats.reallocations, stats.peak), (1, 0, bytes(ROWS) as i64));
    assert_eq!(bytes(ROWS), 142_500);
}

#[test]
fn a_full_block_grows_by_a_quarter_and_four_rows() {
    let (mut records, stats) = weigh(|| {
        let mut records = Records::new();
        (0..ROWS as u32).for_each(|i| records.push(flight(i)));
        records
    });
    let grown = std::iter::successors(Some(4), |rows| Some(rows + rows / 4 + 4));
    let (steps, capacity) = grown.enumerate().find(|&(_, rows)| rows >= ROWS).unwrap();
    assert_eq!((records.capacity(), records.heap_bytes()), (capacity, bytes(capacity)));
    assert_eq!((stats.allocations, stats.reallocations), (1, steps as u64));
    let ((), stats) = measure(|| records.shrink_to_fit());
    assert_eq!((records.capacity(), records.heap_bytes()), (ROWS, bytes(ROWS)));
    assert_eq!((stats.allocations, stats.reallocations), (0, 1));
    let ((), stats) = measure(|| records.clear());
    assert_eq!((stats.current, records.capacity()), (0, ROWS));
    records.shrink_to_fit();
    assert_eq!(records.heap_bytes(), 0);
}

#[test]
fn a_clone_has_room_for_its_rows_alone() {
    let mut records = flights(ROWS as u32);
    records.reserve(5);
    let (clone, stats) = weigh(|| records.clone());
    assert_eq!((clone.heap_bytes(), stats.allocations), (bytes(ROWS), 1));
    let (tail, stats) = weigh(|| records.split_off(ROWS - 100));
    assert_eq!((tail.heap_bytes(), stats.allocations), (bytes(100), 1));
}

#[test]
fn to_clone_strings_in_columns_allocates_for_columns_and_not_for_rows() {
    #[derive(Record, Clone)]
    struct Named {
        number: u16,
        #[record(dict)]
        carrier: String,
        #[record(dict)]
        tail: Option<String>,
        #[record(text)]
        time: String,
        #[record(packed)]
        distance: u16,
        #[record(nested)]
        state: State,
    }
    #[derive(Record, Clone)]
    enum State {
        Planned,
        Late(#[record(text)] String),
    }
    let named = |i: u16| Named {
        number: i,
        carrier: format!("{}", i % 16),
        tail: (!i.is_multiple_of(9)).then(|| format!("N{}", i % 300)),
        time: format!("{i}"),
        distance: i % 1000,
        state: if i.is_multiple_of(2) { State::Planned } else { State::Late(format!("{i}")) },
    };
    let mut records: Records<Named> = (0..ROWS as u16).map(named).collect();
    records.shrink_to_fit();
    let (clone, cloned) = measure(|| records.clone());
    assert_eq!((clone.heap_bytes() as i64, clone.capacity()), (cloned.peak, ROWS));
    let mut more = Records::<Named>::new();
    let ((), extended) = measure(|| more.extend_from_slice(records.as_slice()));
    assert_eq!(more, records);
    assert_eq!(
        [cloned, extended].map(|stats| (stats.allocations, stats.reallocations)),
        [(53, 37), (68, 104)]
    );
}

#[test]
fn room_is_exact_in_nested_records_and_enums() {
    #[derive(Record)]
    struct Outer {
        byte: u8,
        #[record(nested)]
        inner: Inner,
        #[record(nested)]
        either: Either,
    }
    #[derive(Record)]
    struct Inner {
        number: u64,
    }
    #[derive(Record)]
    enum Either {
        Left(u16),
        Right(u8),
    }
    let (mut records, stats) = weigh(|| Records::<Outer>::with_capacity(100));
    assert_eq!((records.heap_bytes(), stats.allocations), (100 * (1 + 8 + 1 + 4), 4));
    let outer = |i: u8| Outer {
        byte: i,
        inner: Inner { number: i.into() },
        either: if i < 50 { Either::Left(i.into()) } else { Either::Right(i) },
    };
    records.extend((0..100).map(outer));
    records.shrink_to_fit();
    assert_eq!(records.heap_bytes(), 100 * 14 + 50 * 3);
    records.reserve_exact(1);
    assert_eq!(records.heap_bytes(), 101 * 14 + 50 * 3);
    records.remove(3).byte = 0;
}

#[test]
fn a_record_that_may_be_absent_takes_five_bytes_and_its_own_where_it_is() {
    #[derive(Record)]
    struct Crew {
        pilots: u64,
    }
    #[derive(Record)]
    struct Flight {
        number: u16,
        #[record(nested)]
        crew: Option<Crew>,
    }
    let crew = |number: u16| number.is_multiple_of(4).then_some(Crew { pilots: 2 });
    let mut flights: Records<Flight> =
        (0..1000).map(|number| Flight { number, crew: crew(number) }).collect();
    flights.shrink_to_fit();
    assert_eq!(flights.heap_bytes(), 1000 * (2 + 5) + 250 * 8);
}

#[test]
fn text_of_the_same_length_is_written_in_place() {
    #[derive(Record)]
    struct Note {
        #[record(text)]
        text: Option<String>,
    }
    let mut notes: Records<Note> =
        (0..1000).map(|i| Note { text: Some(format!("{i:04}")) }).collect();
    notes.shrink_to_fit();
    let ((), stats) = measure(|| notes[500].set_text(Some("abcd".to_owned())));
    // The new one, as a `String`.
    assert_eq!((stats.allocations, stats.peak, stats.current), (1, 4, 0));
    let texts: Vec<&str> = notes.iter().filter_map(NoteRow::text).collect();
    assert_eq!((texts[499], texts[500], texts[501]), ("0499", "abcd", "0501"));
    let ((), stats) = measure(|| notes[500].set_text(Some("abc".to_owned())));
    assert!(stats.peak > 4000, "all of the text is written anew");
    assert_eq!((notes[500].text(), notes[501].text()), (Some("abc"), Some("0501")));
    notes[500].set_text(None);
    notes[500].set_text(Some(String::new()));
    assert_eq!((notes[500].text(), notes[501].text()), (Some(""), Some("0501")));
}

#[test]
fn sorting_takes_what_is_said() {
    /// The most bytes that are there beside the records.
    fn peak(sort: impl FnOnce(&mut Records<Flight>)) -> usize {
        let mut records = flights(ROWS as u32);
        let ((), stats) = measure(|| sort(&mut records));
        assert_eq!((stats.current, records.len()), (0, ROWS));
        stats.peak as usize
    }
    let widest = 8;
    // One digit: four bytes of keys and four of the order, and then the order and a column.
    assert_eq!(peak(|records| records.sort_by_key(|flight| flight.delay())), 12 * ROWS);
    // Keys of 64 bits and of more than one digit: keys twice.
    assert_eq!(peak(|records| records.sort_by_key(|flight| flight.time())), 16 * ROWS);
    // Compared: what a key and an index take together, and then the order.
    let key = size_of::<((bool, i64), u32)>();
    assert_eq!(key, 24);
    let peak_of_pairs = peak(|records| records.sort_by_key(|flight| (true, flight.time())));
    assert_eq!(peak_of_pairs, (key + 4) * ROWS);
    assert_eq!(
        peak(|records| records.sort_by(|a, b| a.time().cmp(&b.time()))),
        (4 + widest) * ROWS
    );
    assert_eq!(peak(Records::reverse), (4 + widest) * ROWS);
    // What is sorted is read, and left alone.
    assert_eq!(peak(|records| records.sort_by_key(|flight| flight.cancelled())), 8 * ROWS);
}

#[test]
fn what_goes_is_marked_by_a_bit_each() {
    let mut records = flights(ROWS as u32);
    let ((), stats) = measure(|| records.retain(|flight| flight.delay().is_some()));
    assert_eq!((records.capacity(), stats.current), (ROWS, 0));
    assert_eq!(stats.peak, 1320);
}
