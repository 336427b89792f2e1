//! Pages of a table, of servers that fail, and of servers that go round.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pennyweight::stream::{PageError, paginate};

/// Ids from 1 on.
fn rows(after: Option<&u32>, len: u32, limit: u32) -> std::ops::RangeInclusive<u32> {
    let first = after.map_or(1, |id| id + 1);
    first..=len.min(first + limit - 1)
}

#[test]
fn the_items_of_all_pages_are_those_of_the_table() {
    for len in 0..40 {
        for limit in 1..12 {
            let fetches = Cell::new(0);
            let pages = || {
                paginate(|after: Option<&u32>, page: &mut Vec<u32>| {
                    fetches.set(fetches.get() + 1);
                    assert!(page.is_empty());
                    page.extend(rows(after, len, limit));
                    Ok::<_, ()>(page.last().copied())
                })
            };
            let items: Result<Vec<u32>, _> = pages().collect();
            assert_eq!(items.unwrap(), (1..=len).collect::<Vec<_>>());
            // The last one is empty.
            assert_eq!(fetches.get(), len.div_ceil(limit) + 1);

            let sizes: Result<Vec<usize>, _> = pages().map_pages(|page| page.len()).collect();
            let all: Vec<u32> = (1..=len).collect();
            let expected: Vec<usize> = all.chunks(limit as usize).map(<[u32]>::len).collect();
            assert_eq!(sizes.unwrap(), expected);
        }
    }
}

#[test]
fn a_page_without_a_key_is_the_last_and_an_empty_one_with_a_key_is_passed_over() {
    let script = [(vec![1, 2], Some("b")), (vec![], Some("c")), (vec![3], None)];
    let mut at = script.iter();
    let mut asked = Vec::new();
    let mut pages = paginate(|after: Option<&&str>, page: &mut Vec<i32>| {
        asked.push(after.copied());
        let (items, key) = at.next().expect("no page is asked for behind the last");
        page.extend(items);
        Ok::<_, ()>(*key)
    });
    assert_eq!(pages.next_page().unwrap().unwrap(), &[1, 2]);
    assert_eq!(pages.next_page().unwrap().unwrap(), &[3]);
    assert!(pages.next_page().unwrap().is_none() && pages.next_page().unwrap().is_none());
    drop(pages);
    assert_eq!(asked, [None, Some("b"), Some("c")]);
}

#[test]
fn a_page_drops_what_was_not_handed_out_of_the_one_before() {
    let mut pages = paginate(|after: Option<&u32>, page: &mut Vec<u32>| {
        page.extend(rows(after, 9, 3));
        Ok::<_, ()>(page.last().copied())
    });
    assert_eq!(pages.next(), Some(Ok(1)));
    assert_eq!(pages.next_page().unwrap().unwrap(), &[4, 5, 6]);
    // As an iterator, it goes on behind a page that was lent.
    assert_eq!(pages.next(), Some(Ok(7)));
    let doubled = pages.map(|item| item.map(|item| 2 * item));
    assert_eq!(doubled.collect::<Result<Vec<_>, _>>(), Ok(vec![16, 18]));
}

#[test]
fn a_page_that_failed_or_panicked_is_asked_for_again() {
    let calls = Cell::new(0);
    let mut items = paginate(|after: Option<&u32>, page: &mut Vec<u32>| {
        page.extend(rows(after, 10, 4));
        calls.set(calls.get() + 1);
        match calls.get() {
            2 => Err("busy"),
            4 => panic!("worse"),
            _ => Ok(page.last().copied()),
        }
    });
    let mut seen = Vec::new();
    let mut failures = 0;
    loop {
        match catch_unwind(AssertUnwindSafe(|| items.next())) {
            Ok(None) => break,
            Ok(Some(Ok(item))) => seen.push(item),
            Ok(Some(Err(error))) => {
                assert_eq!(error, PageError::Fetch("busy"));
                failures += 1;
            }
            Err(_) => failures += 1,
        }
    }
    assert_eq!((seen, failures), ((1..=10).collect(), 2));
}

#[test]
fn keys_that_come_round_are_an_error_and_the_end() {
    // So many pages before those that come round, and so many of those.
    for lead in 0..40_u64 {
        for round in 1..12_u64 {
            let mut fetches = 0_u64;
            let mut pages = paginate(|_: Option<&u64>, page: &mut Vec<u64>| {
                let at = fetches;
                fetches += 1;
                page.push(at);
                let key = if at < lead { at } else { lead + (at - lead) % round };
                Ok::<_, ()>(Some(key))
            });
            let error = loop {
                match pages.next_page() {
                    Ok(page) => assert!(page.is_some()),
                    Err(error) => break error,
                }
            };
            let PageError::Repeated { pages: before } = error else { panic!("{error:?}") };
            assert_eq!(pages.next_page(), Ok(None));
            drop(pages);
            assert_eq!(fetches, before + 1);
            let limit = 2 * round.max(lead + 1) + round;
            assert!(fetches <= limit, "{lead} and {round}: {fetches} are more than {limit}");
            if round == 1 {
                assert_eq!(fetches, lead + 2);
            }
        }
    }
}

#[test]
fn errors_say_what_happened() {
    let error = PageError::Fetch(std::io::Error::other("no route"));
    assert_eq!(error.to_string(), "a page cannot be fetched: no route");
    assert!(std::error::Error::source(&error).is_some());
    let error = PageError::<std::io::Error>::Repeated { pages: 3 };
    assert_eq!(error.to_string(), "behind 3 pages, one gives a key that was given before");
}
