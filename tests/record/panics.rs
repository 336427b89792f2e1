//! What panics in a user's code leave behind: whole records, of which nothing is dropped twice or lost.

use pennyweight::record::{Record, Records};
use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// The tokens that are there.
    static LIVE: RefCell<BTreeSet<u32>> = const { RefCell::new(BTreeSet::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    /// How many more calls of a kind go well.
    static LEFT: Cell<(Kind, usize)> = const { Cell::new((Kind::None, 0)) };
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    None,
    Closure,
    Drop,
    Default,
    Clone,
    Compute,
}

/// Panics where this is the call that has been chosen.
fn call(kind: Kind) {
    let (chosen, left) = LEFT.get();
    if chosen == kind {
        LEFT.set(if left == 0 { (Kind::None, 0) } else { (kind, left - 1) });
        assert!(left > 0, "chosen");
    }
}

/// Is counted.
#[derive(Debug, PartialEq)]
struct Token(u32);

impl Token {
    fn new() -> Self {
        let number = NEXT.replace(NEXT.get() + 1);
        LIVE.with_borrow_mut(|live| live.insert(number));
        Self(number)
    }
}

impl Default for Token {
    fn default() -> Self {
        call(Kind::Default);
        Self::new()
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        call(Kind::Clone);
        Self::new()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let there = LIVE.with_borrow_mut(|live| live.remove(&self.0));
        if !there {
            // No unwinding could be trusted any more.
            eprintln!("token {} is dropped twice", self.0);
            std::process::abort();
        }
        call(Kind::Drop);
    }
}

#[derive(Record, Clone)]
struct Inner {
    token: Token,
    #[record(dict)]
    word: String,
    maybe: Option<Token>,
}

#[derive(Record, Clone)]
enum Either {
    One(Token),
    Other { id: usize, maybe: Option<Token> },
    Neither,
}

#[derive(Record, Clone)]
struct Row {
    id: usize,
    first: Token,
    second: Option<Token>,
    #[record(nested)]
    inner: Inner,
    #[record(nested)]
    either: Either,
    #[record(text)]
    text: String,
    #[record(computed = even)]
    even: bool,
    last: Token,
}

fn even(row: &RowRow) -> bool {
    call(Kind::Compute);
    row.id().is_multiple_of(2)
}

fn row(id: usize) -> Row {
    let maybe = |there: bool| there.then(Token::new);
    Row {
        id,
        first: Token::new(),
        second: maybe(!id.is_multiple_of(3)),
        inner: Inner {
            token: Token::new(),
            word: format!("{}", id % 3),
            maybe: maybe(id % 3 == 1),
        },
        either: match id % 4 {
            0 => Either::One(Token::new()),
            3 => Either::Neither,
            _ => Either::Other { id, maybe: maybe(id % 4 == 1) },
        },
        text: format!("text {id}"),
        even: id.is_multiple_of(2),
        last: Token::new(),
    }
}

const ROWS: usize = 9;

/// Runs with all calls of a kind, one after the other, as the one that panics, until none does. Whatever happens, all tokens go in the end.
fn with_each(kind: Kind, run: impl Fn(&mut Records<Row>), check: impl Fn(&Records<Row>)) {
    for left in 0.. {
        let mut records: Records<Row> = (0..ROWS).map(row).collect();
        LEFT.set((kind, left));
        let panicked = catch_unwind(AssertUnwindSafe(|| run(&mut records))).is_err();
        LEFT.set((Kind::None, 0));
        if panicked {
            check(&records);
        }
        is_whole(&records);
        drop(records);
        LIVE.with_borrow(|live| assert!(live.is_empty(), "call {left} lost {live:?}"));
        if !panicked {
            assert!(left > 0, "nothing of that kind is called");
            return;
        }
    }
}

/// All columns have the values of all rows, and tokens are there once.
fn is_whole(records: &Records<Row>) {
    let mut seen = BTreeSet::new();
    for row in records {
        let (id, inner) = (row.id(), row.inner());
        assert_eq!(row.text(), format!("text {id}"));
        assert_eq!(inner.word(), format!("{}", id % 3));
        assert_eq!(row.second().is_some(), !id.is_multiple_of(3));
        assert_eq!(inner.maybe().is_some(), id % 3 == 1);
        let either = match row.either().variant() {
            EitherVariant::One(one) => Some(one._0()),
            EitherVariant::Other(other) => {
                assert_eq!((other.id(), other.maybe().is_some()), (id, id % 4 == 1));
                other.maybe()
            }
            EitherVariant::Neither { .. } => None,
        };
        let tokens = [Some(row.first()), row.second(), Some(inner.token()), inner.maybe(), either];
        for token in tokens.into_iter().flatten().chain([row.last()]) {
            assert!(seen.insert(token.0), "token {} is there twice", token.0);
            LIVE.with_borrow(|live| assert!(live.contains(&token.0)));
        }
    }
}

fn are_all(records: &Records<Row>) {
    assert!(records.columns().id().iter().copied().eq(0..ROWS), "{:?}", records.columns().id());
}

#[test]
fn a_closure_that_panics_leaves_all_records_in_their_order() {
    let closure = || call(Kind::Closure);
    let check = are_all;
    with_each(
        Kind::Closure,
        |records| {
            records.retain(|row| {
                closure();
                row.even()
            })
        },
        check,
    );
    with_each(
        Kind::Closure,
        |records| {
            records.retain_mut(|row| {
                closure();
                row.even()
            })
        },
        check,
    );
    with_each(
        Kind::Closure,
        |records| {
            records.dedup_by(|_, _| {
                closure();
                true
            })
        },
        check,
    );
    with_each(
        Kind::Closure,
        |records| {
            records.dedup_by_key(|row| {
                closure();
                row.id() / 2
            })
        },
        check,
    );
    with_each(Kind::Closure, |records| records.for_each_mut(|_| closure()), check);
    with_each(
        Kind::Closure,
        |records| {
            records.sort_by_key(|row| {
                closure();
                ROWS - row.id()
            })
        },
        check,
    );
    with_each(
        Kind::Closure,
        |records| {
            records.sort_by_key(|row| {
                closure();
                (row.even(), ROWS - row.id())
            })
        },
        check,
    );
    let compare = |a: &RowRow, b: &RowRow| {
        closure();
        b.id().cmp(&a.id())
    };
    with_each(Kind::Closure, |records| records.sort_by(compare), check);
    // An order that is none is an order of all rows nevertheless.
    with_each(
        Kind::Closure,
        |records| {
            let _ = catch_unwind(AssertUnwindSafe(|| records.sort_by(|_, _| Ordering::Less)));
            closure();
        },
        |records| assert_eq!(records.len(), ROWS),
    );
    with_each(
        Kind::Closure,
        |records| {
            records.extend((ROWS..20).map(|id| {
                closure();
                row(id)
            }))
        },
        |records| assert!(records.columns().id().iter().copied().eq(0..records.len())),
    );
}

#[test]
fn a_drop_that_panics_is_the_only_thing_that_goes_wrong() {
    let any = |_: &Records<Row>| ();
    with_each(Kind::Drop, |records| records.truncate(3), |records| assert_eq!(records.len(), 3));
    with_each(Kind::Drop, Records::clear, |records| assert_eq!(records.len(), 0));
    with_each(
        Kind::Drop,
        |records| records.retain(|row| row.even()),
        |records| assert_eq!(records.len(), ROWS / 2 + 1),
    );
    with_each(
        Kind::Drop,
        |records| drop(records.drain(2..6)),
        |records| assert_eq!(records.len(), ROWS - 4),
    );
    with_each(Kind::Drop, |records| drop(std::mem::take(records)), any);
    with_each(
        Kind::Drop,
        |records| records.dedup_by_key(|row| row.id() / 4),
        |records| assert_eq!(records.len(), 3),
    );
    with_each(Kind::Drop, |records| records[4].set_second(Some(Token::new())), any);
    with_each(Kind::Drop, |records| records[4].set_last(Token::new()), any);
    with_each(
        Kind::Drop,
        |records| drop(records.pop()),
        |records| assert_eq!(records.len(), ROWS - 1),
    );
    with_each(
        Kind::Drop,
        |records| drop(records.remove(2)),
        |records| assert_eq!(records.len(), ROWS - 1),
    );
    with_each(
        Kind::Drop,
        |records| drop(records.swap_remove(2)),
        |records| assert_eq!(records.len(), ROWS - 1),
    );
    with_each(
        Kind::Drop,
        |records| {
            let mut iter = std::mem::take(records).into_iter();
            let taken = (iter.next(), iter.next_back());
            drop(iter);
            drop(taken);
        },
        any,
    );
    with_each(
        Kind::Drop,
        |records| {
            let inner =
                Inner { token: Token::new(), word: "1".to_owned(), maybe: Some(Token::new()) };
            records[4].set_inner(inner);
        },
        any,
    );
}

#[test]
fn a_default_that_panics_refuses_the_record() {
    with_each(Kind::Default, |records| records.push(row(9)), are_all);
    with_each(Kind::Default, |records| records.insert(4, row(9)), are_all);
    with_each(Kind::Default, |records| records[4].set_second(Some(Token::default())), are_all);
}

#[test]
fn a_computed_field_that_panics_takes_no_record() {
    with_each(Kind::Compute, |records| drop(records.pop()), are_all);
    with_each(Kind::Compute, |records| drop(records.remove(2)), are_all);
    with_each(Kind::Compute, |records| drop(records.swap_remove(2)), are_all);
    with_each(Kind::Compute, |records| drop(records[2].to_owned()), are_all);
    with_each(
        Kind::Compute,
        |records| drop(std::mem::take(records).into_iter().collect::<Vec<_>>()),
        |_| (),
    );
    with_each(
        Kind::Compute,
        |records| {
            let mut iter = std::mem::take(records).into_iter();
            iter.next_back();
            let next = catch_unwind(AssertUnwindSafe(|| iter.next()));
            assert_eq!(iter.len(), if next.is_ok() { ROWS - 2 } else { ROWS - 1 });
            *records = iter.collect();
        },
        |_| (),
    );
}

#[test]
fn a_clone_that_panics_leaves_both_as_they_were() {
    with_each(Kind::Clone, |records| drop(records.clone()), are_all);
    with_each(Kind::Clone, |records| drop(records[3].to_owned()), are_all);
    with_each(
        Kind::Clone,
        |records| {
            let others = records.split_off(5);
            records.extend_from_slice(others.as_slice());
            are_all(records);
        },
        |records| assert!(records.columns().id().iter().copied().eq(0..5)),
    );
    with_each(
        Kind::Clone,
        |records| {
            let mut others = Records::new();
            let extended =
                catch_unwind(AssertUnwindSafe(|| others.extend_from_slice(records.slice(2..8))));
            is_whole(&others);
            assert!(others.columns().id().iter().copied().eq(if extended.is_ok() {
                2..8
            } else {
                0..0
            }));
            extended.unwrap();
        },
        are_all,
    );
    with_each(
        Kind::Clone,
        |records| {
            let selected = records.select([7, 0, 4, 4, 1]);
            is_whole(&selected);
            assert_eq!(selected.columns().id(), [7, 0, 4, 4, 1]);
        },
        are_all,
    );
}

#[test]
fn what_is_forgotten_is_lost_and_nothing_else() {
    let mut records: Records<Row> = (0..ROWS).map(row).collect();
    std::mem::forget(records.drain(2..5));
    assert_eq!(records.columns().id(), [0, 1, 5, 6, 7, 8]);
    is_whole(&records);
    let mut iter = records.into_iter();
    iter.next();
    std::mem::forget(iter);
    LIVE.with_borrow_mut(BTreeSet::clear);
}

#[test]
fn an_iterator_that_lies_of_its_size_is_believed_only_to_reserve() {
    struct Lying(usize, usize);
    impl Iterator for Lying {
        type Item = Row;
        fn next(&mut self) -> Option<Row> {
            self.0 = self.0.checked_sub(1)?;
            Some(row(8 - self.0))
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.1, Some(self.1))
        }
    }
    for claimed in [0, 1, 8, 9, 1000] {
        let records: Records<Row> = Lying(ROWS, claimed).collect();
        are_all(&records);
        is_whole(&records);
    }
    let overflow = catch_unwind(|| Lying(ROWS, usize::MAX).collect::<Records<Row>>().len());
    assert!(overflow.is_err());
    LIVE.with_borrow(|live| assert!(live.is_empty()));
}

#[test]
fn a_variant_is_set_though_a_drop_panics() {
    for new in [3, 4, 5] {
        let mut records: Records<Either> = (0..ROWS).map(|id| row(id).either).collect();
        let either = row(new).either;
        LEFT.set((Kind::Drop, 0));
        let _ = catch_unwind(AssertUnwindSafe(|| records[0].set(either)));
        LEFT.set((Kind::None, 0));
        records.check_invariants();
        assert_eq!(records.len(), ROWS);
        drop(records);
        LIVE.with_borrow(|live| assert!(live.is_empty(), "lost {live:?}"));
    }
}
