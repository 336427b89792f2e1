//! Sorted strings in buckets, against a sorted `Vec`.

use pennyweight::array::{Encoding, SortedError, SortedStrArray};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Bound;

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Few letters, so that strings share beginnings and are equal; some of several bytes that share the first of them; and
/// now and then a long one, which no operation of a byte can say.
fn string() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[ab]{0,5}",
        3 => "[aéêあい]{0,4}",
        1 => (0..2_usize, 0..700_usize).prop_map(|(letter, len)| ["ab", "ba"][letter].repeat(len)),
        1 => "[ab]{1,3}\0?",
    ]
}

fn sorted() -> impl Strategy<Value = Vec<String>> {
    vec(string(), 0..120).prop_map(|mut strings| {
        strings.sort_unstable();
        strings
    })
}

proptest! {
    #[test]
    fn strings_are_those_of_a_sorted_vec(strings in sorted(), shift in 0..7_u32) {
        let array = SortedStrArray::with_buckets(1 << shift, &strings);
        array.check_invariants();
        prop_assert_eq!(&array, &strings);
        prop_assert_eq!(array.len(), strings.len());
        prop_assert_eq!(array.is_empty(), strings.is_empty());
        prop_assert_eq!(array.to_vec(), strings.clone());
        prop_assert!(array.iter().rev().eq(strings.iter().rev().cloned()));
        prop_assert_eq!(array.first(), strings.first().cloned());
        prop_assert_eq!(array.last(), strings.last().cloned());
        let mut buffer = String::from("as it was");
        for (index, string) in strings.iter().enumerate() {
            prop_assert_eq!(array.get(index), Some(string.clone()));
            prop_assert!(array.get_into(index, &mut buffer));
            prop_assert_eq!(&buffer, string);
        }
        prop_assert!(!array.get_into(strings.len(), &mut buffer));
        prop_assert_eq!(array.get(strings.len()), None);
        let mut lent = Vec::new();
        array.for_each(|string| lent.push(string.to_owned()));
        prop_assert_eq!(&lent, &strings);
        prop_assert_eq!(format!("{array:?}"), format!("{strings:?}"));
        let other = SortedStrArray::from_sorted(&strings);
        prop_assert_eq!((&other, hash_of(&other)), (&array, hash_of(&array)));
        prop_assert_eq!(&array.clone(), &array);
    }

    #[test]
    fn searches_find_what_a_slice_finds(strings in sorted(), keys in vec(string(), 1..20), shift in 0..6_u32) {
        let array = SortedStrArray::with_buckets(1 << shift, &strings);
        for key in keys.iter().chain(&strings) {
            let first = strings.partition_point(|string| string < key);
            let behind = strings.partition_point(|string| string <= key);
            let found = if first < behind { Ok(first) } else { Err(first) };
            prop_assert_eq!(array.binary_search(key), found);
            prop_assert_eq!((array.contains(key), array.position(key)), (found.is_ok(), found.ok()));
            prop_assert_eq!(array.count(key), behind - first);
            let range = |start: Bound<&str>, end: Bound<&str>| array.range((start, end));
            let all = 0..strings.len();
            prop_assert_eq!(range(Bound::Unbounded, Bound::Unbounded), all.clone());
            prop_assert_eq!(range(Bound::Included(key), Bound::Unbounded), first..all.end);
            prop_assert_eq!(range(Bound::Excluded(key), Bound::Unbounded), behind..all.end);
            prop_assert_eq!(range(Bound::Unbounded, Bound::Included(key)), 0..behind);
            prop_assert_eq!(range(Bound::Unbounded, Bound::Excluded(key)), 0..first);
            prop_assert!(range(Bound::Excluded(key), Bound::Excluded(key)).is_empty());
            let begin: Vec<_> = (0..strings.len()).filter(|&i| strings[i].starts_with(&key[..])).collect();
            let prefix = array.prefix(key);
            prop_assert_eq!(prefix.clone().collect::<Vec<_>>(), begin);
            prop_assert_eq!(prefix.start, first);
        }
    }

    #[test]
    fn cursors_and_iterators_read_on_from_anywhere(
        strings in sorted(), cuts: [prop::sample::Index; 2], skips in vec(0..40_usize, 0..12), shift in 0..5_u32,
    ) {
        let array = SortedStrArray::with_buckets(1 << shift, &strings);
        let mut cuts = cuts.map(|cut| cut.index(strings.len() + 1));
        cuts.sort_unstable();
        let mut cursor = array.cursor(cuts[0]..cuts[1]);
        for (index, string) in strings[cuts[0]..cuts[1]].iter().enumerate() {
            prop_assert_eq!(cursor.remaining(), cuts[1] - cuts[0] - index);
            prop_assert_eq!(cursor.next_str(), Some(&string[..]));
        }
        prop_assert_eq!(cursor.next_str(), None);

        prop_assert!(array.iter_range(cuts[0]..cuts[1]).eq(strings[cuts[0]..cuts[1]].iter().cloned()));
        prop_assert!(array.iter_range(..cuts[1]).rev().eq(strings[..cuts[1]].iter().rev().cloned()));
        let (mut iter, mut model) = (array.iter(), strings.iter().cloned());
        for (step, &skip) in skips.iter().enumerate() {
            match step % 3 {
                0 => prop_assert_eq!(iter.nth(skip), model.nth(skip)),
                1 => prop_assert_eq!(iter.nth_back(skip), model.nth_back(skip)),
                _ => prop_assert_eq!(iter.next(), model.next()),
            }
            prop_assert_eq!(iter.len(), model.len());
        }
        prop_assert!(iter.clone().eq(model.clone()));
        prop_assert_eq!(iter.last(), model.next_back());
    }

    #[test]
    fn collecting_sorts(mut strings in vec(string(), 0..80)) {
        let array: SortedStrArray = strings.iter().collect();
        strings.sort();
        prop_assert_eq!(array, strings);
    }

    #[test]
    fn the_first_string_out_of_order_is_given_back(strings in vec(string(), 0..30)) {
        let pair = strings.windows(2).enumerate().find(|(_, pair)| pair[1] < pair[0]);
        let unsorted = pair.map(|(index, pair)| SortedError::Unsorted {
            index: index + 1, before: pair[0].clone(), value: pair[1].clone(),
        });
        match SortedStrArray::try_from(&strings) {
            Ok(array) => prop_assert!(unsorted.is_none() && array == strings),
            Err(error) => prop_assert_eq!(Some(error), unsorted),
        }
    }
}

#[test]
fn frequent_endings_take_a_byte_together_with_what_they_replace() {
    let stems: Vec<String> = (0..2000_u32).map(|i| format!("{:05}stem", i * 37)).collect();
    let words =
        stems.iter().flat_map(|stem| ["", "'s", "ed", "ing", "s"].map(|end| stem.clone() + end));
    let array = SortedStrArray::with_buckets(32, words);
    array.check_invariants();
    assert_eq!(array.encoding(), Encoding::FrontCoded { bucket: 32, ops: 70 });
    assert_eq!(
        array.encoding().to_string(),
        "one string of 32 in full, of the others what differs from the one before; 70 frequent endings take a byte each"
    );
    // 106,000 bytes of text.
    assert_eq!(array.heap_bytes(), 19_216);
}

#[test]
fn strings_of_any_length_are_kept() {
    let mut strings: Vec<String> =
        [0, 1, 127, 128, 255, 256, 16_383, 16_384, 70_000].map(|len| "z".repeat(len)).into();
    strings.extend((0..40).map(|i| format!("{}{i:02}", "z".repeat(70_000))));
    strings.sort();
    let array = SortedStrArray::from_sorted(&strings);
    array.check_invariants();
    assert_eq!(array, strings);
    assert_eq!(array.binary_search(&strings[30]), Ok(30));
}

#[test]
fn an_empty_array_holds_nothing() {
    let array = SortedStrArray::default();
    array.check_invariants();
    assert_eq!((array.len(), array.heap_bytes(), array.first()), (0, 0, None));
    assert_eq!(
        (array.binary_search("a"), array.prefix("a"), array.range(..)),
        (Err(0), 0..0, 0..0)
    );
    assert_eq!(array, SortedStrArray::from_sorted::<&str>([]));
}

#[test]
fn ranges_that_cannot_be_panic_or_are_empty() {
    let array = SortedStrArray::from_sorted(["a", "b", "c"]);
    assert_eq!(array.range("c".."a"), 2..2);
    assert!(std::panic::catch_unwind(|| array.cursor(2..4).remaining()).is_err());
    #[expect(clippy::reversed_empty_ranges)]
    let reversed = 2..1;
    assert!(std::panic::catch_unwind(|| array.cursor(reversed.clone()).remaining()).is_err());
    for bucket in [0, 3, 131_072] {
        assert!(std::panic::catch_unwind(|| SortedStrArray::with_buckets(bucket, ["a"])).is_err());
    }
}

#[test]
fn errors_say_which_strings() {
    let error = SortedStrArray::try_from_sorted(["b", "ab"]).unwrap_err();
    assert_eq!(error.to_string(), r#"the values are not sorted: "b" comes before "ab" at index 1"#);
    // A quote and 63 letters are shown of a long one, and all of one that is no longer.
    let (long, fits) = ("é".repeat(64), "d".repeat(62));
    let error = SortedStrArray::try_from([&long, &fits]).unwrap_err();
    let shown = format!("\"{}… comes before \"{fits}\" at index 1", "é".repeat(63));
    assert_eq!(error.to_string(), format!("the values are not sorted: {shown}"));
}

#[test]
#[should_panic(expected = r#"the values are not sorted: "b" comes before "a" at index 1"#)]
fn strings_that_are_not_sorted_panic() {
    SortedStrArray::from_sorted(["b", "a"]);
}
