//! Any operations, against a `Vec` of structs.

use pennyweight::record::{Record, Records};
use proptest::prelude::*;
use std::rc::Rc;

#[derive(Record, Clone, Debug, PartialEq)]
struct Place {
    #[record(dict)]
    country: String,
    height: Option<i64>,
    name: Option<Box<str>>,
}

#[derive(Record, Clone, Debug, PartialEq)]
enum Shape {
    Nothing,
    Circle { radius: u16, name: Option<String> },
    Text(#[record(text)] String, Rc<str>),
}

/// A field of each kind: plain, with nulls, with something to drop, of no size, aligned, in stores, nested, of one variant or another.
#[derive(Record, Clone, Debug, PartialEq)]
struct Row {
    id: u32,
    text: String,
    flag: Option<bool>,
    shared: Option<Rc<str>>,
    nothing: (),
    wide: Wide,
    #[record(dict)]
    word: Option<String>,
    #[record(text)]
    line: String,
    #[record(packed)]
    small: Option<i32>,
    #[record(nested)]
    place: Place,
    #[record(packed)]
    answer: Option<bool>,
    #[record(nested)]
    shape: Shape,
    #[record(nested)]
    other: Option<Place>,
    #[record(computed = twice)]
    twice: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
struct Wide(u8);

fn twice(row: &RowRow) -> u64 {
    u64::from(row.id()) * 2
}

fn row(seed: u32) -> Row {
    let some = |n: u32| !seed.is_multiple_of(n);
    Row {
        id: seed,
        text: format!("text {seed}"),
        flag: some(3).then_some(some(2)),
        shared: some(4).then(|| Rc::from(format!("{}", seed % 7))),
        nothing: (),
        wide: Wide(seed as u8),
        word: some(5).then(|| format!("word {}", seed % 300)),
        line: "x".repeat(seed as usize % 40),
        small: some(6).then_some(seed as i32 - 1000),
        place: Place {
            country: format!("{}", seed % 11),
            height: some(7).then_some(i64::from(seed)),
            name: some(2).then(|| format!("{seed}").into()),
        },
        shape: match seed % 4 {
            0 => Shape::Nothing,
            1 => Shape::Text(format!("{seed}"), Rc::from(format!("{seed}"))),
            _ => Shape::Circle { radius: seed as u16, name: some(3).then(|| format!("{seed}")) },
        },
        answer: some(3).then_some(some(5)),
        other: (seed % 5 > 1).then(|| Place {
            country: format!("{}", seed % 13),
            height: None,
            name: some(3).then(|| format!("other {seed}").into()),
        }),
        twice: u64::from(seed) * 2,
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Push(u32),
    Insert(usize, u32),
    Set(usize, u32),
    Pop,
    Remove(usize),
    SwapRemove(usize),
    Swap(usize, usize),
    Truncate(usize),
    Clear,
    Retain(u32),
    RetainMut(u32),
    Dedup(u32),
    DedupBy(u32),
    Drain(usize, usize, usize),
    SplitOffAndAppend(usize),
    SplitOff(usize),
    Extend(u32, usize),
    Sort(u32),
    Update(i64),
    Shrink,
    Reserve(usize),
    IntoIter(usize, usize),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    use Operation::*;
    let operation = prop_oneof![
        8 => (0..2000_u32).prop_map(Push),
        4 => (any::<usize>(), 0..2000_u32).prop_map(|(index, seed)| Insert(index, seed)),
        4 => (any::<usize>(), 0..2000_u32).prop_map(|(index, seed)| Set(index, seed)),
        2 => Just(Pop),
        3 => any::<usize>().prop_map(Remove),
        3 => any::<usize>().prop_map(SwapRemove),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(a, b)| Swap(a, b)),
        1 => any::<usize>().prop_map(Truncate),
        1 => Just(Clear),
        1 => (2..9_u32).prop_map(Retain),
        1 => (2..9_u32).prop_map(RetainMut),
        1 => (1..9_u32).prop_map(Dedup),
        1 => (1..9_u32).prop_map(DedupBy),
        2 => (any::<usize>(), any::<usize>(), 0..5_usize).prop_map(|(a, b, taken)| Drain(a, b, taken)),
        1 => any::<usize>().prop_map(SplitOffAndAppend),
        1 => any::<usize>().prop_map(SplitOff),
        4 => (0..2000_u32, 0..40_usize).prop_map(|(seed, count)| Extend(seed, count)),
        2 => (1..2000_u32).prop_map(Sort),
        1 => (1..9_i64).prop_map(Update),
        1 => Just(Shrink),
        1 => (0..50_usize).prop_map(Reserve),
        1 => (0..5_usize, 0..5_usize).prop_map(|(front, back)| IntoIter(front, back)),
    ];
    prop::collection::vec(operation, 1..60)
}

/// An index below `len`, which is not 0.
fn below(index: usize, len: usize) -> Option<usize> {
    index.checked_rem(len)
}

fn apply(operation: Operation, records: &mut Records<Row>, rows: &mut Vec<Row>) {
    use Operation::*;
    let len = rows.len();
    match operation {
        Push(seed) => {
            records.push(row(seed));
            rows.push(row(seed));
        }
        Insert(index, seed) => {
            let index = index % (len + 1);
            records.insert(index, row(seed));
            rows.insert(index, row(seed));
        }
        Set(index, seed) => {
            if let Some(index) = below(index, len) {
                let (new, changed) = (row(seed), &mut records[index]);
                changed.set_id(new.id);
                changed.set_shared(new.shared.clone());
                changed.set_word(new.word.clone());
                changed.set_line(new.line.clone());
                changed.set_small(new.small);
                changed.set_place(new.place.clone());
                changed.set_shape(new.shape.clone());
                changed.set_answer(new.answer);
                changed.set_other(new.other.clone());
                changed.text_mut().push('!');
                let text = format!("{}!", rows[index].text);
                let Row { flag, wide, .. } = rows[index];
                rows[index] = Row { text, flag, wide, ..new };
            }
        }
        Pop => assert_eq!(records.pop(), rows.pop()),
        Remove(index) => {
            if let Some(index) = below(index, len) {
                assert_eq!(records.remove(index), rows.remove(index));
            }
        }
        SwapRemove(index) => {
            if let Some(index) = below(index, len) {
                assert_eq!(records.swap_remove(index), rows.swap_remove(index));
            }
        }
        Swap(a, b) => {
            if let (Some(a), Some(b)) = (below(a, len), below(b, len)) {
                records.swap(a, b);
                rows.swap(a, b);
            }
        }
        Truncate(to) => {
            let to = to % (len + 2);
            records.truncate(to);
            rows.truncate(to);
        }
        Clear => {
            records.clear();
            rows.clear();
        }
        Retain(n) => {
            records.retain(|row| !row.id().is_multiple_of(n));
            rows.retain(|row| !row.id.is_multiple_of(n));
        }
        RetainMut(n) => {
            records.retain_mut(|row| {
                row.text_mut().push('?');
                row.flag().is_some() || !row.id().is_multiple_of(n)
            });
            rows.retain_mut(|row| {
                row.text.push('?');
                row.flag.is_some() || !row.id.is_multiple_of(n)
            });
        }
        Dedup(n) => {
            records.dedup_by_key(|row| row.id() % n);
            rows.dedup_by_key(|row| row.id % n);
        }
        DedupBy(n) => {
            records.dedup_by(|row, kept| row.id() < kept.id().saturating_add(n));
            rows.dedup_by(|row, kept| row.id < kept.id.saturating_add(n));
        }
        Drain(a, b, taken) => {
            let (a, b) = (a % (len + 1), b % (len + 1));
            let range = a.min(b)..a.max(b);
            let mut drained = records.drain(range.clone());
            let mut expected = rows.drain(range);
            for _ in 0..taken {
                assert_eq!(drained.next(), expected.next());
                assert_eq!(drained.next_back(), expected.next_back());
            }
            assert_eq!(drained.len(), expected.len());
        }
        SplitOffAndAppend(at) => {
            let at = at % (len + 1);
            let mut tail = records.split_off(at);
            assert_eq!(tail.capacity(), len - at);
            tail.append(records);
            std::mem::swap(&mut tail, records);
            rows.rotate_left(at);
        }
        SplitOff(at) => {
            let at = at % (len + 1);
            let tail = records.split_off(at);
            assert!(tail.into_iter().eq(rows.split_off(at)));
        }
        Extend(seed, count) => {
            let new = || (seed..).take(count).map(row);
            records.extend(new());
            rows.extend(new());
        }
        Sort(n) => {
            records.sort_by_key(|row| row.id() % n);
            rows.sort_by_key(|row| row.id % n);
        }
        Update(n) => {
            let columns = records.columns_mut();
            let (mut flags, mut heights) = (columns.flag, columns.place.height);
            flags.update(|flags| flags.iter_mut().for_each(|flag| *flag = !*flag));
            heights.update(|heights| heights.iter_mut().for_each(|height| *height -= n));
            for row in rows {
                row.flag = row.flag.map(|flag| !flag);
                row.place.height = row.place.height.map(|height| height - n);
            }
        }
        Shrink => {
            records.shrink_to_fit();
            assert_eq!(records.capacity(), len);
        }
        Reserve(additional) => {
            records.reserve(additional);
            assert!(records.capacity() >= len + additional);
        }
        IntoIter(front, back) => {
            let mut iter = std::mem::take(records).into_iter();
            let mut expected = std::mem::take(rows).into_iter();
            for _ in 0..front {
                assert_eq!(iter.next(), expected.next());
            }
            for _ in 0..back {
                assert_eq!(iter.next_back(), expected.next_back());
            }
            assert_eq!(iter.len(), expected.len());
            *records = iter.collect();
            *rows = expected.collect();
        }
    }
}

proptest! {
    #[test]
    fn records_are_a_vec_of_structs(operations in operations()) {
        let (mut records, mut rows) = (Records::new(), Vec::new());
        for operation in operations {
            apply(operation, &mut records, &mut rows);
            assert_eq!(records.len(), rows.len());
            records.check_invariants();
        }
        assert!(records.iter().map(RowRow::to_owned).eq(rows.iter().cloned()));
        assert!(records.iter().rev().map(RowRow::to_owned).eq(rows.iter().rev().cloned()));
        let asked = records.iter().map(|row| (row.flag(), row.place().height(), row.answer()));
        assert!(asked.eq(rows.iter().map(|row| (row.flag, row.place.height, row.answer))));
        let middle = rows.len() / 2;
        let (left, right) = records.split_at(middle);
        assert!(left.iter().map(RowRow::to_owned).eq(rows[..middle].iter().cloned()));
        assert!(right.iter().map(RowRow::to_owned).eq(rows[middle..].iter().cloned()));
        for size in [1, 3, 100] {
            let sizes = |chunk: pennyweight::record::Slice<'_, Row>| chunk.columns().id().to_vec();
            let ids = |chunk: &[Row]| chunk.iter().map(|row| row.id).collect::<Vec<_>>();
            assert!(records.chunks(size).map(sizes).eq(rows.chunks(size).map(ids)));
            assert!(records.chunks(size).rev().map(sizes).eq(rows.chunks(size).rev().map(ids)));
        }
        let collected: Records<Row> = rows.iter().cloned().collect();
        assert_eq!(collected, records);
    }
}
