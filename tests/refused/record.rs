//! Records where the allocator refuses: they stay as they were.

use crate::{at_most, given};
use pennyweight::record::{Record, Records, StoreError};

#[derive(Record, Clone, Debug, PartialEq)]
struct Inner {
    long: u64,
    #[record(dict)]
    word: String,
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
    #[record(dict)]
    word: String,
}

fn row(id: u32) -> Row {
    Row {
        id,
        packed: Some(id as i32 * 1000),
        text: format!("text {id}"),
        name: (!id.is_multiple_of(3)).then(|| format!("{id}").into()),
        inner: Inner { long: id.into(), word: format!("{}", id % 30) },
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
    for blocks in 0.. {
        let (mut records, mut others) = (rows(50), rows(70));
        let appended = given(blocks, || records.try_append(&mut others));
        if appended.is_ok() {
            assert_eq!((records.len(), others.len()), (120, 0));
            break;
        }
        assert_eq!((&records, &others), (&rows(50), &rows(70)));
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
