//! Strings, byte strings and lists end to end, against what they are instead of.

use pennyweight::array::{BytesArray, Encoding, RaggedArray, ReserveError, StrArray};
use pennyweight::size::HeapSize;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[derive(Clone, Debug)]
enum Step {
    Push(String),
    ExtendLast(String),
    Pop,
    Truncate(usize),
    Shrink,
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => ".{0,12}".prop_map(Step::Push),
        1 => (0..6000_usize).prop_map(|len| Step::Push("é".repeat(len))),
        3 => ".{0,9}".prop_map(Step::ExtendLast),
        2 => Just(Step::Pop),
        1 => (0..40_usize).prop_map(Step::Truncate),
        1 => Just(Step::Shrink),
        1 => prop::bool::weighted(0.2).prop_map(|clear| if clear { Step::Clear } else { Step::Pop }),
    ]
}

proptest! {
    #[test]
    fn strings_are_those_of_a_vec(steps in vec(step(), 0..300)) {
        let (mut array, mut list) = (StrArray::new(), Vec::<String>::new());
        for step in steps {
            match step {
                Step::Push(string) => {
                    array.push(&string);
                    list.push(string);
                }
                Step::ExtendLast(text) => if let Some(last) = list.last_mut() {
                    array.extend_last(&text);
                    last.push_str(&text);
                },
                Step::Pop => prop_assert_eq!(array.pop(), list.pop()),
                Step::Truncate(len) => {
                    array.truncate(len);
                    list.truncate(len);
                }
                Step::Shrink => array.shrink_to_fit(),
                Step::Clear => {
                    array.clear();
                    list.clear();
                }
            }
            prop_assert_eq!(array.last(), list.last().map(String::as_str));
        }
        array.check_invariants();
        prop_assert_eq!(&array, &list);
        prop_assert_eq!(array.len(), list.len());
        prop_assert_eq!(array.text(), list.concat());
        prop_assert_eq!(array.first(), list.first().map(String::as_str));
        prop_assert_eq!(array.get(list.len()), None);
        for (index, string) in list.iter().enumerate() {
            prop_assert_eq!(&array[index], string);
            prop_assert_eq!(array.iter().nth(index), Some(&string[..]));
            prop_assert_eq!(array.iter().nth_back(index), list.iter().nth_back(index).map(|s| &s[..]));
            prop_assert_eq!(&array.text()[array.range(index).unwrap()], string);
        }
        prop_assert!(array.iter().rev().eq(list.iter().rev()));
        prop_assert_eq!(array.to_vec(), list.clone());
        prop_assert_eq!(&StrArray::from(list.clone()), &array);
        let mut sorted = list.clone();
        sorted.sort_unstable();
        let sorted_array = StrArray::from(&sorted[..]);
        for string in list.iter().map(String::as_str).chain(["", "k"]) {
            prop_assert_eq!(array.contains(string), list.iter().any(|other| other == string));
            prop_assert_eq!(array.position(string), list.iter().position(|other| other == string));
            prop_assert_eq!(array.count(string), list.iter().filter(|&other| other == string).count());
            let index = sorted.partition_point(|other| &other[..] < string);
            prop_assert_eq!(sorted_array.partition_point(|other| other < string), index);
            let found = if array.contains(string) { Ok(index) } else { Err(index) };
            prop_assert_eq!(sorted_array.binary_search(string), found);
        }
        let exact = StrArray::from(&list[..]);
        prop_assert_eq!((&exact, hash_of(&exact)), (&array, hash_of(&array)));
        prop_assert_eq!(format!("{array:?}"), format!("{list:?}"));
        prop_assert_eq!(array.clone().into_iter().collect::<Vec<_>>(), list.clone());
        prop_assert_eq!(array.clone(), array);

        // The bound that the docs give.
        let (rows, text) = (list.len() as f64, exact.text().len());
        let even = list.iter().all(|string| string.len() == list[0].len());
        let bits = if even { 0.0 } else { rows * (9.5 + (text as f64 / rows).max(1.0).log2()) + 64.0 * 8.0 };
        let most = text + (bits / 8.0) as usize;
        prop_assert!(exact.heap_bytes() <= most, "{} bytes, not {}", exact.heap_bytes(), most);
    }

    #[test]
    fn both_ends_of_an_iterator_meet(rows in vec(0..5_usize, 0..200), front: Vec<bool>) {
        let array: RaggedArray<u16> = rows.iter().map(|&len| vec![len as u16; len]).collect();
        let (mut iter, mut model) = (array.iter(), rows.iter().map(|&len| vec![len as u16; len]));
        for front in front {
            prop_assert_eq!(iter.len(), model.len());
            match front {
                true => prop_assert_eq!(iter.next().map(<[_]>::to_vec), model.next()),
                false => prop_assert_eq!(iter.next_back().map(<[_]>::to_vec), model.next_back()),
            }
        }
        prop_assert!(iter.clone().eq(model.clone()));
        let mut folded = Vec::new();
        iter.clone().for_each(|row| folded.push(row.to_vec()));
        prop_assert!(model.clone().eq(folded));
        prop_assert_eq!(iter.clone().last().map(<[_]>::to_vec), model.clone().next_back());
        prop_assert_eq!(iter.count(), model.count());
    }

    #[test]
    fn parts_are_iterated_from_both_ends(rows in vec(0..9_usize, 0..300), cuts: [prop::sample::Index; 2], even: bool, skip in 0..150_usize) {
        let rows: Vec<String> = rows.iter().map(|&len| "x".repeat(if even { 3 } else { len })).collect();
        let mut cuts = cuts.map(|cut| cut.index(rows.len() + 1));
        cuts.sort_unstable();
        let [start, end] = cuts;
        let array: StrArray = rows.iter().collect();
        let part = &rows[start..end];
        prop_assert!(array.iter_range(start..end).eq(part));
        prop_assert!(array.iter_range(start..end).rev().eq(part.iter().rev()));
        let mut folded = Vec::new();
        array.iter_range(start..end).for_each(|row| folded.push(row));
        prop_assert_eq!(&folded, part);
        prop_assert!(array.iter_range(start..end).skip(skip).eq(part.iter().skip(skip)));
        prop_assert_eq!(array.iter_range(start..).nth_back(skip), rows[start..].iter().nth_back(skip).map(|s| &s[..]));
        prop_assert!(array.as_bytes().iter_range(..end).eq(rows[..end].iter().map(|row| row.as_bytes())));
    }

    #[test]
    fn rows_move_out_from_both_ends(rows in vec(vec(".{0,3}", 0..4), 0..30), front: Vec<bool>) {
        let (mut iter, mut model) = (RaggedArray::from(rows.clone()).into_iter(), rows.into_iter());
        for front in front {
            prop_assert_eq!(iter.len(), model.len());
            match front {
                true => prop_assert_eq!(iter.next(), model.next()),
                false => prop_assert_eq!(iter.next_back(), model.next_back()),
            }
            prop_assert_eq!(format!("{iter:?}"), format!("{:?}", model.as_slice()));
        }
        prop_assert!(iter.eq(model));
    }

    #[test]
    fn rows_of_strings_are_those_of_nested_vecs(rows in vec(vec(".{0,3}", 0..4), 0..60), cut in 0..60_usize) {
        let mut array = RaggedArray::new();
        for row in &rows {
            array.push(row);
        }
        prop_assert_eq!(&array, &rows);
        prop_assert_eq!(&RaggedArray::from(rows.clone()), &array);
        prop_assert_eq!(&RaggedArray::from(&rows[..]), &array);
        prop_assert_eq!(&rows.iter().collect::<RaggedArray<String>>(), &array);
        let mut moved = RaggedArray::new();
        rows.iter().for_each(|row| moved.push_from(row.iter().cloned()));
        prop_assert_eq!((&moved, hash_of(&moved)), (&array, hash_of(&array)));
        array.check_invariants();
        prop_assert_eq!(array.values(), &rows.concat()[..]);
        prop_assert_eq!(array.to_vec(), rows.clone());

        let mut rows = rows;
        array.truncate(cut);
        rows.truncate(cut);
        for (index, row) in rows.iter_mut().enumerate() {
            array[index].iter_mut().chain(row).for_each(|string| string.push('!'));
        }
        if let Some(last) = rows.last_mut() {
            array.extend_last(&["more".into(), "and more".into()]);
            last.extend(["more".into(), "and more".into()]);
        }
        prop_assert_eq!(&array, &rows);
        prop_assert_eq!(array.pop(), rows.pop());
        prop_assert_eq!(&array, &rows);
        array.check_invariants();
    }

    #[test]
    fn bytes_are_strings_where_every_row_is_text(rows in vec(vec(prop_oneof![Just(0xc3_u8), Just(0xa9), Just(b'a')], 0..3), 0..6)) {
        let array = BytesArray::from(&rows[..]);
        let text: Result<Vec<_>, _> = rows.iter().map(|row| std::str::from_utf8(row)).collect();
        match (StrArray::try_from(array.clone()), text) {
            (Ok(strings), Ok(text)) => {
                strings.check_invariants();
                prop_assert_eq!(&strings, &text);
                prop_assert_eq!(strings.into_bytes(), array);
            }
            (Err(error), Err(_)) => {
                let first = rows.iter().position(|row| std::str::from_utf8(row).is_err());
                prop_assert_eq!(Some(error.row()), first);
                prop_assert_eq!(error.to_string(), format!("row {} is not UTF-8", error.row()));
                prop_assert_eq!(error.into_bytes(), array);
            }
            (found, expected) => prop_assert!(false, "{found:?} is not {expected:?}"),
        }
    }
}

#[test]
fn an_index_out_of_range_panics_as_of_a_slice() {
    let array = StrArray::from(["a", "bc"]);
    let panic = catch_unwind(|| array[2].len()).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert_eq!(message, "index out of bounds: the len is 2 but the index is 2");
    assert!(catch_unwind(|| RaggedArray::<u8>::new()[0].len()).is_err());
}

#[test]
fn what_is_empty_has_no_last_row_to_extend() {
    let panic = catch_unwind(|| StrArray::new().extend_last("a")).unwrap_err();
    let message = panic.downcast_ref::<&str>().unwrap();
    assert_eq!(*message, "cannot extend the last string of an empty array");
    let panic = catch_unwind(|| RaggedArray::new().extend_last(&[1])).unwrap_err();
    let message = panic.downcast_ref::<&str>().unwrap();
    assert_eq!(*message, "cannot extend the last row of an empty array");
}

#[test]
fn encodings_say_how_rows_end() {
    let mut array: StrArray = (0..1000).map(|i| "x".repeat(10 + i % 16)).collect();
    array.shrink_to_fit();
    let Encoding::Rows { mean_width } = array.encoding() else { panic!("{}", array.encoding()) };
    assert_eq!(mean_width * 1000.0 / 8.0, (array.heap_bytes() - array.text().len()) as f64);
    assert_eq!(
        array.encoding().to_string(),
        "values end to end, and 7.2 bits a row that say where it ends"
    );
    let even = StrArray::from(["MSP", "JFK", "LGA"]);
    assert_eq!(even.encoding(), Encoding::Rows { mean_width: 0.0 });
    assert_eq!(even.heap_bytes(), 9);
}

/// Counts how many of it there are, and panics where it is told to.
#[derive(Debug)]
struct Counted(Rc<()>, bool);

impl Clone for Counted {
    fn clone(&self) -> Self {
        assert!(!self.1, "told to");
        Self(self.0.clone(), self.1)
    }
}

#[test]
fn panics_of_values_and_iterators_leave_the_rows_as_they_were() {
    let count = Rc::new(());
    let make = |panics| Counted(count.clone(), panics);
    let mut array = RaggedArray::new();
    array.push(&[make(false), make(false)]);
    array.push(&[]);
    assert_eq!(Rc::strong_count(&count), 3);
    let row = [make(false), make(true)];
    for attempt in 0..3 {
        let result = catch_unwind(AssertUnwindSafe(|| match attempt {
            0 => array.push(&row),
            1 => array.extend_last(&row),
            _ => array.push_from((0..5).map(|i| {
                assert!(i < 3, "told to");
                make(false)
            })),
        }));
        assert!(result.is_err());
        array.check_invariants();
        assert_eq!((array.len(), array.values().len()), (2, 2));
        assert_eq!(Rc::strong_count(&count), 5);
    }
    drop(row);
    array.push_from((0..4).map(|_| make(false)));
    assert_eq!(array.iter().map(<[_]>::len).collect::<Vec<_>>(), [2, 0, 4]);
    drop(array);
    assert_eq!(Rc::strong_count(&count), 1);
}

#[test]
fn iterators_that_lie_about_their_length_are_not_believed() {
    struct Lies(u32, (usize, Option<usize>));
    impl Iterator for Lies {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            self.1
        }
    }
    let mut array = RaggedArray::new();
    array.push_from(Lies(3, (usize::MAX, None)));
    array.push_from(Lies(40, (0, Some(0))));
    assert_eq!(array.iter().map(<[_]>::len).collect::<Vec<_>>(), [3, 40]);
    assert!(array.capacity() < 200);
}

#[test]
fn values_without_size_are_counted() {
    let mut array = RaggedArray::new();
    array.push(&[(); 5]);
    array.push(&[]);
    array.push(&[(); 7]);
    assert_eq!((array[2].len(), array.values().len()), (7, 12));
    array.check_invariants();
    array.truncate(1);
    array.shrink_to_fit();
    assert_eq!(array.heap_bytes(), 0);
}

#[test]
fn room_that_cannot_be_had_is_an_error() {
    let mut strings = StrArray::from(["as it was"]);
    assert_eq!(strings.try_reserve(usize::MAX), Err(ReserveError::CapacityOverflow));
    assert_eq!(strings.try_reserve_exact(usize::MAX), Err(ReserveError::CapacityOverflow));
    strings.check_invariants();
    assert_eq!(strings, ["as it was"][..]);
}

#[test]
fn growth_leaves_a_sixteenth_or_64_bytes_in_each_buffer() {
    let mut array = StrArray::new();
    for i in 0..20_000_usize {
        array.push(&"abcdefghijklmnop"[..i * 7919 % 17]);
        if i % 97 == 0 {
            let exact = array.text().len();
            assert!(array.capacity() - exact <= (exact / 16).max(64));
        }
    }
    let grown = array.heap_bytes();
    array.shrink_to_fit();
    let exact = array.heap_bytes();
    assert!(grown - exact <= exact / 16 + 3 * 64, "{grown} bytes for {exact}");
    array.check_invariants();
}

#[test]
fn nested_heap_bytes_are_counted() {
    let array = RaggedArray::from(vec![vec![String::from("four")], vec![String::from("fives")]]);
    assert_eq!(HeapSize::heap_bytes(&array), 2 * size_of::<String>() + 9);
}
