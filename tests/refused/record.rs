//! Records where the allocator refuses: they stay as they were.

use crate::{at_most, given};
use pennyweight::record::{Record, Records, StoreError};

#[derive(Record, Clone, Debug, PartialEq)]
struct Inner {
    long: u64,
    #[record(dict)]
    word: String,
}

/// A table for each variant, with a table of variants in one of them.
#[derive(Record, Clone, Debug, PartialEq)]
enum Event {
    Nothing,
    Said {
        #[record(text)]
        text: String,
        number: u64,
    },
    Moved(#[record(packed)] i64, #[record(nested)] Way, Box<str>),
}

#[derive(Record, Clone, Debug, PartialEq)]
enum Way {
    Up(#[record(text)] String),
    Down(u8),
}

/// Columns that are refused memory one by one.
#[derive(Record, Clone, Debug, PartialEq)]
struct Row {
    id: u32,
    #[record(packed)]
    packed: Option<i32>,
    #[record(text)]
    text: String,
    name: Option<Box<str>>,
    #[record(nested)]
    inner: Inner,
    #[record(nested)]
    event: Event,
    #[record(text)]
    note: Option<String>,
    #[record(dict)]
    word: String,
}

fn event(id: u32) -> Event {
    match id % 4 {
        0 => Event::Nothing,
        1 | 2 => Event::Said { text: format!("said {id}"), number: id.into() },
        _ => {
            let way = if id % 8 == 3 { Way::Up(format!("{id}")) } else { Way::Down(id as u8) };
            Event::Moved(i64::from(id) << (id % 32), way, format!("moved {id}").into())
        }
    }
}

fn row(id: u32) -> Row {
    Row {
        id,
        packed: Some(id as i32 * 1000),
        text: format!("text {id}"),
        name: (!id.is_multiple_of(3)).then(|| format!("{id}").into()),
        inner: Inner { long: id.into(), word: format!("{}", id % 30) },
        event: event(id),
        note: (id % 5 < 3).then(|| format!("note {id}")),
        word: format!("word {id}"),
    }
}

fn rows(count: u32) -> Records<Row> {
    (0..count).map(row).collect()
}

#[test]
fn a_refused_record_comes_back_and_leaves_all_columns() {
    for count in [0, 1, 4, 9, 40, 300] {
        for at in [count, count / 2] {
            for blocks in 0.. {
                let mut records = rows(count);
                let new = row(1000);
                #[expect(clippy::result_large_err, reason = "the record comes back")]
                let inserted = given(blocks, || match at == count {
                    true => records.try_push(new),
                    false => records.try_insert(at as usize, new),
                });
                let mut expected: Vec<Row> = (0..count).map(row).collect();
                let Err(error) = inserted else {
                    expected.insert(at as usize, row(1000));
                    assert!(records.into_iter().eq(expected));
                    break;
                };
                assert!(matches!(error.cause(), StoreError::Reserve(_)));
                assert_eq!(error.into_record(), row(1000));
                assert!(records.iter().map(RowRow::to_owned).eq(expected), "{count} {at} {blocks}");
                records.push(row(7));
                assert_eq!(records.pop(), Some(row(7)));
            }
        }
    }
}

#[test]
fn what_is_not_appended_stays_where_it_is() {
    let reversed = |count| {
        let mut rows = rows(count);
        rows.sort_by_key(|row| u32::MAX - row.id());
        rows
    };
    for (before, more) in [(0, 70), (50, 70), (50, 3), (3, 1)] {
        for blocks in 0.. {
            let (mut records, mut others) = (rows(before), reversed(more));
            let appended = given(blocks, || records.try_append(&mut others));
            if appended.is_ok() {
                let expected = (0..before).chain((0..more).rev()).map(row);
                assert!(records.iter().map(RowRow::to_owned).eq(expected));
                assert!(others.is_empty());
                others.push(row(7));
                assert_eq!(others.pop(), Some(row(7)));
                break;
            }
            assert_eq!((&records, &others), (&rows(before), &reversed(more)));
            records.push(row(7));
            assert_eq!(records.pop(), Some(row(7)));
        }
    }
}

/// Columns whose clones ask for memory by way of the columns alone.
#[derive(Record, Clone, Debug, PartialEq)]
struct Lean {
    id: u32,
    #[record(dict)]
    word: Option<String>,
    #[record(text)]
    text: String,
    #[record(packed)]
    packed: Option<i32>,
    #[record(nested)]
    state: State,
}

#[derive(Record, Clone, Debug, PartialEq)]
enum State {
    Nothing,
    Said(#[record(text)] String),
    Named {
        #[record(dict)]
        name: String,
        #[record(packed)]
        number: u32,
    },
}

#[test]
fn clones_that_are_refused_leave_the_rows_that_were_there() {
    let lean = |id: u32| Lean {
        id,
        word: (!id.is_multiple_of(5)).then(|| format!("word {}", id % 9)),
        text: format!("text {id}"),
        packed: (!id.is_multiple_of(7)).then_some(id as i32 * 1000),
        state: match id % 3 {
            0 => State::Nothing,
            1 => State::Said(format!("said {id}")),
            _ => State::Named { name: format!("{}", id % 4), number: id },
        },
    };
    let others: Records<Lean> = (100..200).map(lean).collect();
    let picks = [3, 99, 3, 50, 0];
    for blocks in 0.. {
        let mut records: Records<Lean> = (0..20).map(lean).collect();
        let extended = given(blocks, || records.try_extend_from_slice(others.slice(10..70)));
        records.check_invariants();
        if extended.is_ok() {
            let expected = (0..20).chain(110..170).map(lean);
            assert!(records.iter().map(LeanRow::to_owned).eq(expected));
            break;
        }
        assert!(records.iter().map(LeanRow::to_owned).eq((0..20).map(lean)), "{blocks}");
    }
    for blocks in 0.. {
        match given(blocks, || others.try_select(picks)) {
            Ok(selected) => {
                let expected = picks.iter().map(|&index| lean(100 + index as u32));
                assert!(selected.iter().map(LeanRow::to_owned).eq(expected));
                break;
            }
            Err(error) => assert!(matches!(error, StoreError::Reserve(_))),
        }
    }
}

#[test]
fn room_that_is_not_there_is_refused() {
    for blocks in 0.. {
        let mut records = rows(20);
        if given(blocks, || records.try_reserve(1000)).is_ok() {
            assert!(blocks > 1 && records.capacity() >= 1020);
            break;
        }
        assert_eq!(records, rows(20));
    }
}

/// Columns that freeze.
#[derive(Record, Clone, Debug, PartialEq)]
struct Cold {
    id: u32,
    #[record(packed)]
    packed: Option<i32>,
    share: f64,
    maybe: Option<u16>,
    #[record(text)]
    note: Option<String>,
    #[record(nested)]
    inner: Inner,
}

#[test]
fn what_does_not_freeze_or_thaw_is_refused() {
    let cold = |id: u32| Cold {
        id,
        packed: id.is_multiple_of(3).then_some(id as i32 * id as i32),
        share: f64::from(id) / 8.0,
        maybe: (!id.is_multiple_of(7)).then_some(id as u16),
        note: row(id).note,
        inner: row(id).inner,
    };
    let records: Records<Cold> = (0..600).map(cold).collect();
    let refused = |blocks: usize| given(blocks, || records.try_freeze()).is_err();
    assert!((0..).take_while(|&blocks| refused(blocks)).count() > 6);
    let frozen = records.freeze();
    for blocks in 0.. {
        match given(blocks, || frozen.try_thaw_rows(5..500)) {
            Ok(thawed) => {
                assert!(thawed.iter().map(ColdRow::to_owned).eq((5..500).map(cold)));
                break;
            }
            Err(error) => assert!(matches!(error, StoreError::Reserve(_))),
        }
    }
}

#[test]
fn a_block_that_cannot_grow_as_it_would_grows_as_it_must() {
    #[derive(Record)]
    struct Byte(u8);
    let mut bytes: Records<Byte> = (0..100).map(Byte).collect();
    bytes.shrink_to_fit();
    at_most(110, || bytes.try_push(Byte(100))).unwrap();
    assert_eq!(bytes.capacity(), 101);
    assert!(at_most(101, || bytes.try_push(Byte(101))).is_err());
    assert!(bytes.columns()._0().iter().copied().eq(0..101));
}
