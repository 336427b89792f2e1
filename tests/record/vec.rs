//! What records have of a `Vec`, at its edges.

use pennyweight::record::{AnyColumn, Record, Records, Slice};
use pennyweight::size::{HeapSize, deep_size};
use std::cell::Cell;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

#[derive(Record, Clone, Debug, Default, PartialEq)]
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
    crew: Crew,
}

#[derive(Record, Clone, Debug, Default, PartialEq)]
struct Crew {
    pilots: u8,
    #[record(packed)]
    others: Option<u8>,
}

fn flight(number: u16) -> Flight {
    Flight {
        number,
        delay: (!number.is_multiple_of(4)).then_some(number as i16 - 5),
        origin: ["EWR", "JFK", "LGA"][usize::from(number) % 3].to_owned(),
        note: (!number.is_multiple_of(5)).then(|| format!("note {number}")),
        distance: i32::from(number) * 100,
        name: format!("{number}"),
        crew: Crew { pilots: 2, others: (number > 3).then_some(number as u8) },
    }
}

fn flights(count: u16) -> Records<Flight> {
    (0..count).map(flight).collect()
}

#[test]
fn slices_read_what_slices_of_structs_do() {
    let records = flights(10);
    let (left, right) = records.split_at(4);
    assert_eq!((left.len(), right.len(), right[0].number()), (4, 6, 4));
    assert_eq!(left.first().unwrap().number(), 0);
    assert_eq!(right.last().unwrap().number(), 9);
    assert_eq!(right.slice(1..3).columns().number(), [5, 6]);
    assert_eq!(right.slice(1..3).columns().origin().value(0), "LGA");
    assert!(right.get(6).is_none() && records.slice(10..).is_empty());
    assert!(records.slice(3..3).first().is_none() && records.slice(3..3).last().is_none());
    assert_eq!(records.as_slice().partition_point(|row| row.number() < 7), 7);
    assert_eq!(records.as_slice().binary_search_by_key(&7, |row| row.number()), Ok(7));
    assert_eq!(records.as_slice().binary_search_by_key(&700, |row| row.number()), Err(10));
    assert!(records.as_slice().is_sorted_by_key(|row| row.number()));
    assert!(!records.as_slice().is_sorted_by_key(|row| row.origin().to_owned()));
    let sizes: Vec<usize> = records.chunks(4).map(Slice::len).collect();
    assert_eq!((sizes, records.chunks(4).len()), (vec![4, 4, 2], 3));
    assert_eq!(left, flights(4).as_slice());
    assert_ne!(records, flights(9));
    assert_eq!(format!("{:?}", records.slice(..0)), "[]");
}

#[test]
fn binary_search_finds_what_is_there_and_where_it_would_be() {
    let mut records = flights(40);
    records.retain(|row| row.number() % 3 == 0);
    for wanted in 0..45 {
        let expected: Vec<u16> = (0..40).filter(|number| number % 3 == 0).collect();
        assert_eq!(
            records.as_slice().binary_search_by_key(&wanted, |row| row.number()),
            expected.binary_search(&wanted)
        );
    }
}

#[test]
fn rows_are_found_by_rows_of_others() {
    #[derive(Record, Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Code {
        number: u8,
        #[record(dict)]
        text: String,
    }
    let code = |number: u8| Code { number: number / 3, text: format!("{number:03}") };
    let expected: Vec<Code> = (0..40).step_by(2).map(code).collect();
    let records: Records<Code> = expected.iter().cloned().collect();
    let wanted: Records<Code> = (0..45).map(code).collect();
    for (row, code) in wanted.iter().zip((0..45).map(code)) {
        assert_eq!(records.binary_search(row), expected.binary_search(&code));
        assert_eq!(records.slice(3..9).binary_search(row), expected[3..9].binary_search(&code));
    }
}

#[test]
fn rows_are_changed_where_they_lie() {
    let mut records = flights(5);
    records.first_mut().unwrap().set_number(100);
    records.last_mut().unwrap().set_delay(None);
    records.for_each_mut(|row| row.name_mut().push('!'));
    let columns = records.columns_mut();
    columns.crew.pilots.fill(3);
    columns.number[1..].iter_mut().for_each(|number| *number += 1);
    let mut delays = columns.delay;
    assert_eq!((delays.replace(0, Some(7)), delays.replace(1, None)), (None, Some(-4)));
    assert_eq!(records.columns().number(), [100, 2, 3, 4, 5]);
    assert_eq!((records[0].delay(), records[1].delay(), records[4].delay()), (Some(7), None, None));
    assert_eq!((records[2].name().as_str(), records[2].crew().pilots()), ("2!", 3));
    assert!(Records::<Flight>::new().first_mut().is_none());
    assert!(Records::<Flight>::new().last_mut().is_none());
}

#[test]
fn records_are_cloned_and_extended_by_rows_of_others() {
    let records = flights(20);
    let mut clone = records.clone();
    assert_eq!((clone.capacity(), &clone), (20, &records));
    clone.extend_from_slice(records.slice(3..5));
    assert_eq!(clone.len(), 22);
    assert_eq!(clone[21].to_owned(), flight(4));
    clone.reverse();
    assert!(clone.iter().skip(2).map(FlightRow::to_owned).eq((0..20).rev().map(flight)));
    clone.sort_by(|a, b| a.name().cmp(b.name()).then(b.number().cmp(&a.number())));
    assert_eq!(clone.columns().number()[..4], [0, 1, 10, 11]);
    clone.sort_by_key(|row| (row.origin().to_owned(), row.delay()));
    assert!(clone.as_slice().is_sorted_by_key(|row| (row.origin().to_owned(), row.delay())));
}

#[test]
fn a_record_is_replaced_by_another() {
    let mut records = Records::from([1, 2, 3].map(flight));
    assert_eq!(records.replace(0, flight(7)), flight(1));
    assert_eq!(records.replace(2, flight(8)), flight(3));
    assert_eq!(records, Records::from(vec![flight(7), flight(2), flight(8)]));
    assert!(catch_unwind(AssertUnwindSafe(|| records.replace(3, flight(1)))).is_err());
    assert_eq!(records.len(), 3);
}

#[test]
fn records_are_searched_and_sorted_under_the_names_of_a_slice() {
    let mut records: Records<Flight> = [5, 3, 9, 1, 7].map(flight).into();
    records.sort_unstable_by(|a, b| b.number().cmp(&a.number()));
    assert_eq!(records.columns().number(), [9, 7, 5, 3, 1]);
    records.sort_unstable_by_key(|row| row.number());
    assert!(records.is_sorted_by_key(|row| row.number()));
    assert_eq!(records.binary_search_by_key(&7, |row| row.number()), Ok(3));
    assert_eq!(records.binary_search_by(|row| row.number().cmp(&4)), Err(2));
    assert_eq!(records.partition_point(|row| row.number() < 6), 3);
}

#[test]
fn columns_are_found_by_name() {
    let records = flights(9);
    let columns = records.slice(2..8).any_columns();
    assert_eq!(columns.names(), ["number", "delay", "origin", "note", "distance", "name", "crew"]);
    assert_eq!((columns.rows(), columns.iter().len()), (6, 7));
    let Some(AnyColumn::U16(numbers)) = columns.get("number") else { panic!("{columns:?}") };
    assert_eq!((numbers.values(), numbers.null_count()), (&[2, 3, 4, 5, 6, 7][..], 0));
    let Some(AnyColumn::I16(delays)) = columns.get("delay") else { panic!("{columns:?}") };
    assert_eq!((delays.get(2), delays.get(3)), (Some(None), Some(Some(&0))));
    let Some(AnyColumn::Dict(origins)) = columns.get("origin") else { panic!("{columns:?}") };
    assert_eq!(origins.value(0), Some("LGA"));
    let Some(AnyColumn::Text(notes)) = columns.get("note") else { panic!("{columns:?}") };
    assert!(notes.iter().eq(records.slice(2..8).iter().map(|row| row.note())));
    let Some(AnyColumn::Packed(distances)) = columns.get("distance") else { panic!("{columns:?}") };
    let pennyweight::record::AnyPacked::I32(distances) = distances else { panic!("{columns:?}") };
    assert_eq!(distances.sum(), 2700);
    let Some(AnyColumn::Str(names)) = columns.get("name") else { panic!("{columns:?}") };
    assert_eq!(names.values()[5], "7");
    let Some(AnyColumn::Nested(crew)) = columns.get("crew") else { panic!("{columns:?}") };
    assert_eq!((crew.names(), crew.rows()), (&["pilots", "others"][..], 6));
    assert!(matches!(crew.get("pilots"), Some(AnyColumn::U8(pilots)) if pilots.values() == [2; 6]));
    assert!(records.column_by_name("Number").is_none());
}

#[test]
fn types_that_are_none_of_the_known_are_other_columns() {
    #[derive(Record)]
    struct Odd<'t> {
        text: &'t str,
        pair: (u8, u8),
        nested: Option<Option<u8>>,
        int: std::num::Wrapping<u8>,
    }
    let text = String::from("text");
    let odd = Odd { text: &text, pair: (1, 2), nested: None, int: std::num::Wrapping(1) };
    let mut records = Records::new();
    records.push(odd);
    assert_eq!(records[0].text().len(), 4);
    let mut columns = records.any_columns().iter().map(|(_, column)| column);
    assert!(columns.all(|column| matches!(column, AnyColumn::Other(1))));
}

#[test]
fn the_deep_size_is_that_of_block_stores_and_values() {
    let records = flights(100);
    let names: usize = records.iter().map(|row| row.name().capacity()).sum();
    let size = deep_size(&records);
    assert!(size.is_exact());
    assert_eq!(size.heap, records.heap_bytes() + names);
    assert_eq!(HeapSize::heap_bytes(&records), size.heap);
    assert_eq!(deep_size(&Records::<Flight>::new()).heap, 0);

    #[derive(Record)]
    enum Either {
        Text(String),
        Code(#[record(dict)] String, u8),
    }
    let either = |i: usize| match i % 2 {
        0 => Either::Text("x".repeat(i)),
        _ => Either::Code(format!("{}", i % 5), i as u8),
    };
    let records: Records<Either> = (0..100).map(either).collect();
    let size = deep_size(&records);
    let texts: usize = (0..100).step_by(2).sum();
    assert_eq!((size.heap, size.is_exact()), (records.heap_bytes() + texts, true));
}

#[test]
fn fields_of_no_size_and_no_fields_at_all() {
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Unit;
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Nothing {
        nothing: (),
        array: [u64; 0],
        maybe: Option<()>,
    }
    let mut units: Records<Unit> = std::iter::repeat_n(Unit, 1000).collect();
    assert_eq!((units.len(), units.heap_bytes(), units.capacity()), (1000, 0, usize::MAX));
    units.retain(|_| true);
    units.sort_by_key(|_| 0);
    units.reverse();
    units.remove(3);
    assert_eq!((units.pop(), units.drain(1..3).len(), units.len()), (Some(Unit), 2, 996));
    let nothing =
        |i: usize| Nothing { nothing: (), array: [], maybe: i.is_multiple_of(2).then_some(()) };
    let mut nothings: Records<Nothing> = (0..1000).map(nothing).collect();
    nothings.shrink_to_fit();
    assert_eq!(nothings.heap_bytes(), 125);
    nothings.reverse();
    assert!(nothings.iter().map(NothingRow::to_owned).eq((0..1000).rev().map(nothing)));
    nothings.clear();
    nothings.shrink_to_fit();
    assert_eq!(nothings.heap_bytes(), 0);
}

#[test]
fn cells_are_aligned_at_every_capacity() {
    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    #[repr(align(64))]
    struct Line([u8; 32]);
    #[derive(Clone, Debug, Default, PartialEq)]
    #[repr(align(4096))]
    struct Page(u8, Box<u8>);
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Row {
        byte: u8,
        page: Page,
        half: Option<u16>,
        line: Option<Line>,
        long: u128,
        word: u32,
    }
    let row = |i: u8| Row {
        byte: i,
        page: Page(i, Box::new(i)),
        half: i.is_multiple_of(2).then_some(i.into()),
        line: i.is_multiple_of(3).then_some(Line([i; 32])),
        long: i.into(),
        word: i.into(),
    };
    fn is_aligned<T>(cells: &[T]) {
        assert!(cells.as_ptr().is_aligned());
    }
    let mut records = Records::new();
    for i in 0..100 {
        records.push(row(i));
        if i % 7 == 0 {
            records.shrink_to_fit();
        }
        let columns = records.columns();
        is_aligned(columns.page());
        is_aligned(columns.line().values());
        is_aligned(columns.long());
        is_aligned(columns.word());
        is_aligned(columns.half().values());
    }
    records.shrink_to_fit();
    assert_eq!(records.heap_bytes(), 100 * (4096 + 64 + 16 + 4 + 2 + 1) + 2 * 13);
    records.reverse();
    assert!(records.iter().map(RowRow::to_owned).eq((0..100).rev().map(row)));
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let mut records = flights(3);
    assert!(records.try_reserve(usize::MAX).is_err());
    assert!(records.try_reserve(usize::MAX / 8).is_err());
    assert!(records.try_reserve(isize::MAX as usize).is_err());
    assert!(catch_unwind(|| Records::<Flight>::with_capacity(usize::MAX / 2).len()).is_err());
    assert_eq!(records, flights(3));
}

#[test]
fn indices_out_of_range_are_named() {
    let mut records = flights(3);
    fn message(run: impl FnOnce()) -> String {
        let panic = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "no message".to_owned())
    }
    let out_of_range = "index 3 out of range for 3 records";
    assert_eq!(message(|| drop(records[3].to_owned())), out_of_range);
    assert_eq!(message(|| records[3].set_number(1)), out_of_range);
    assert_eq!(message(|| drop(records.remove(3))), out_of_range);
    assert_eq!(message(|| drop(records.swap_remove(3))), out_of_range);
    assert_eq!(
        message(|| records.insert(4, flight(1))),
        "insertion index 4 out of range for 3 records"
    );
    assert_eq!(message(|| drop(records.split_off(4))), "split index 4 out of range for 3 records");
    assert_eq!(message(|| records.swap(0, 3)), "rows 0 and 3 out of range for 3 records");
    assert_eq!(records, flights(3));
}

/// What is asked of a record in general code.
fn longest<R: Record<Row: Debug>>(records: &Records<R>) -> usize {
    records.iter().map(|row| format!("{row:?}").len()).max().unwrap_or(0)
}

#[test]
fn code_is_written_for_any_record() {
    let crew: Records<Crew> = (0..3).map(|pilots| Crew { pilots, others: None }).collect();
    assert_eq!(longest(&crew), "Crew { pilots: 1, others: None }".len());
    assert_eq!(longest(&Records::<Flight>::new()), 0);
}

#[test]
fn records_cross_threads_as_their_fields_do() {
    fn is_send<T: Send>() {}
    fn is_sync<T: Sync>() {}
    is_send::<Records<Flight>>();
    is_sync::<Records<Flight>>();
    #[derive(Record)]
    struct Counter {
        count: Cell<u32>,
    }
    is_send::<Records<Counter>>();
    let records: Records<Counter> = (0..3).map(|i| Counter { count: Cell::new(i) }).collect();
    records[1].count().set(7);
    assert_eq!(records.iter().map(|row| row.count().get()).sum::<u32>(), 9);
}

#[test]
fn rows_of_an_enum_go_one_by_one_or_all_at_once() {
    #[derive(Record, Clone, Debug, PartialEq)]
    enum Shape {
        Circle {
            id: usize,
            shared: Rc<()>,
        },
        #[allow(dead_code)]
        Point,
        Text(#[record(text)] String, #[record(dict)] String, Rc<()>),
    }
    #[derive(Record, Clone, Debug, PartialEq)]
    struct Figure {
        id: usize,
        #[record(nested)]
        shape: Shape,
    }
    let shared = Rc::new(());
    let figure = |id: usize| {
        let shape = match id % 7 {
            0 | 5 => Shape::Point,
            1 | 2 => Shape::Text(format!("{id}"), format!("{}", id % 9), shared.clone()),
            _ => Shape::Circle { id, shared: shared.clone() },
        };
        Figure { id, shape }
    };
    // In the order in which they came, against it, and in none.
    for order in [|id: usize| id, |id| 1000 - id, |id| id * 619 % 1000] {
        for gone in [0..300, 0..40, 50..60, 200..237, 263..300, 280..300, 0..1, 299..300] {
            let mut rows: Vec<Figure> = (0..300).map(figure).collect();
            let mut records: Records<Figure> = rows.iter().cloned().collect();
            records.sort_by_key(|row| order(row.id()));
            rows.sort_by_key(|row| order(row.id));
            let is_same = |records: &Records<Figure>, rows: &Vec<Figure>| {
                assert!(records.iter().map(FigureRow::to_owned).eq(rows.iter().cloned()));
            };

            let mut drained = records.clone();
            assert!(
                drained.drain(gone.clone()).eq(rows
                    .iter()
                    .take(gone.end)
                    .skip(gone.start)
                    .cloned())
            );
            let mut expected = rows.clone();
            expected.drain(gone.clone());
            is_same(&drained, &expected);

            let mut retained = records.clone();
            let mut index = 0..;
            retained.retain(|_| !gone.contains(&index.next().unwrap()));
            is_same(&retained, &expected);

            let mut truncated = records.clone();
            truncated.truncate(gone.start);
            is_same(&truncated, &rows[..gone.start].to_vec());

            let mut taken = records.clone().into_iter();
            assert!(taken.by_ref().take(gone.start).eq(rows[..gone.start].iter().cloned()));
            assert_eq!(taken.next_back(), (gone.start < 300).then(|| rows[299].clone()));
            drop(taken);

            records.append(&mut drained);
            rows.append(&mut expected);
            is_same(&records, &rows);
        }
    }
    assert_eq!(Rc::strong_count(&shared), 1);
}

#[test]
fn a_nested_record_is_replaced_where_it_lies() {
    let mut records = flights(40);
    let mut rows: Vec<Flight> = (0..40).map(flight).collect();
    for index in [0, 39, 17, 17, 3] {
        let crew = Crew { pilots: index as u8, others: Some(200) };
        records[index].set_crew(crew.clone());
        rows[index].crew = crew;
    }
    assert!(records.iter().map(FlightRow::to_owned).eq(rows));
}

#[test]
fn rows_are_as_equal_as_their_fields() {
    #[derive(Record)]
    struct Float(f64);
    fn is_eq<T: Eq + ?Sized>() {}
    is_eq::<Records<Flight>>();
    is_eq::<CrewRow>();
    let nan: Records<Float> = [Float(f64::NAN)].into_iter().collect();
    assert_ne!(nan, nan);
}

#[test]
fn chosen_rows_are_records_of_their_own() {
    let records = flights(20);
    let all: Vec<Flight> = (0..20).map(flight).collect();
    for chosen in [vec![], vec![19], vec![3, 3, 0, 19, 3], (0..20).rev().collect()] {
        let expected: Vec<Flight> = chosen.iter().map(|&index| all[index].clone()).collect();
        let selected = records.select(chosen.iter().copied());
        assert!(selected.iter().map(FlightRow::to_owned).eq(expected));
    }
    assert_eq!(
        records.select((0..20).filter(|index| index % 9 == 1)).columns().number(),
        [1, 10, 19]
    );
    assert!(records.iter().map(FlightRow::to_owned).eq(all));
}

#[test]
fn a_row_that_is_not_there_is_not_chosen() {
    let records = flights(3);
    let panic = catch_unwind(AssertUnwindSafe(|| records.select([0, 3]))).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().map(|message| &**message),
        Some("index 3 out of range for 3 records")
    );
    assert_eq!(records.len(), 3);
}
