//! Records of columns that others hand over.

use crate::producer::{Column, Released, bytes};
use pennyweight::record::{
    ArrowArray, ArrowSchema, ArrowValue, Category, ImportError, ImportErrorCause, Record, Records,
};
use std::cell::Cell;
use std::sync::Arc;

/// Reads records of a column of structs, all of whose structures are then released.
pub(crate) fn read<R: Record>(column: &Column) -> Result<Records<R>, ImportError>
where
    R::Fields: pennyweight::record::generated::Import,
{
    let released = Released::default();
    let (schema, array) = column.hand_over(&released);
    // SAFETY: the producer keeps to the specification.
    let records = unsafe { Records::from_c_data(schema, array) };
    if column.children.iter().all(|child| !child.is_taken) {
        assert_eq!(released.count(), column.structures());
    }
    if let Ok(records) = &records {
        records.check_invariants();
    }
    records
}

#[derive(Category, Clone, Copy, Debug, Default, PartialEq)]
enum Cabin {
    #[default]
    Economy,
    First,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Inner {
    wide: u128,
    #[record(dict)]
    word: Option<String>,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct All {
    a: i8,
    b: u16,
    c: Option<i32>,
    d: Option<u64>,
    e: f32,
    f: Option<f64>,
    large: i128,
    larger: Option<u128>,
    yes: bool,
    maybe: Option<bool>,
    mark: char,
    no_mark: Option<char>,
    #[record(copy)]
    cabin: Cabin,
    no_cabin: Option<Cabin>,
    #[record(plain)]
    plain: Option<i16>,
    string: String,
    no_string: Option<String>,
    #[record(dict)]
    word: String,
    #[record(text)]
    text: String,
    #[record(text)]
    no_text: Option<Box<str>>,
    #[record(packed)]
    packed: i64,
    #[record(packed)]
    no_packed: Option<u8>,
    #[record(packed)]
    bit: bool,
    #[record(packed)]
    no_bit: Option<bool>,
    #[record(nested)]
    inner: Inner,
}

fn all(i: usize) -> All {
    let some = |every: usize| !i.is_multiple_of(every);
    let text = || ["", "Zürich", "JFK", "🦀 and more than twelve bytes"][i % 4].to_owned();
    let cabin = if some(2) { Cabin::First } else { Cabin::Economy };
    All {
        a: (i as i8).wrapping_neg(),
        b: i as u16,
        c: some(3).then_some(-(i as i32)),
        d: some(4).then_some(u64::MAX - i as u64),
        e: i as f32 / 3.0,
        f: some(5).then_some(f64::MAX),
        large: i128::MIN + i as i128,
        larger: some(6).then_some(u128::MAX - i as u128),
        yes: some(3),
        maybe: some(7).then_some(some(2)),
        mark: char::from(b'a' + (i % 26) as u8),
        no_mark: some(2).then_some('ß'),
        cabin,
        no_cabin: some(9).then_some(cabin),
        plain: some(4).then_some(i as i16),
        string: text(),
        no_string: some(8).then(text),
        word: format!("word {}", i % 300),
        text: text(),
        no_text: some(3).then(|| text().into()),
        packed: 1000 + i as i64,
        no_packed: some(10).then_some(i as u8),
        bit: some(2),
        no_bit: some(3).then_some(some(2)),
        inner: Inner { wide: u128::MAX - i as u128, word: some(5).then(text) },
    }
}

#[test]
fn records_go_out_and_come_back() {
    for len in [0, 1, 7, 64, 1000] {
        let records: Arc<Records<All>> = Arc::new((0..len).map(all).collect());
        let (schema, array) = records.to_c_data();
        // SAFETY: both come from `to_c_data`.
        let back = unsafe { Records::<All>::from_c_data(schema, array) }.unwrap();
        back.check_invariants();
        assert!(back.iter().eq(records.iter()), "{len} rows");
        assert_eq!(back.columns().d().values(), records.columns().d().values());
        assert_eq!(Arc::strong_count(&records), 1);
    }
}

#[derive(Record, Clone, Debug, PartialEq)]
pub(crate) struct Row {
    number: i64,
    pub(crate) small: Option<i16>,
    flag: bool,
    #[record(text)]
    pub(crate) text: Option<String>,
    #[record(dict)]
    word: String,
    #[record(nested)]
    at: Point,
}

#[derive(Record, Clone, Debug, PartialEq)]
pub(crate) struct Point {
    #[record(packed)]
    x: i32,
    y: Option<char>,
}

/// Ten rows.
pub(crate) fn table() -> Column {
    let numbers: Vec<i64> = (0..10).map(|i| i * i).collect();
    let small: Vec<i16> = (0..10).collect();
    let words = Column::numbers("s", &[3_i16, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
    let words = words.numbering(Column::texts(&["nobody's", "a", "b", "c", "d"]).slice(0, 4));
    let texts = Column::texts(&["0", "one", "", "drei", "vier", "fünf", "6", "7", "8", "neun"]);
    let at = vec![
        Column::numbers(
            "I",
            &[
                'a' as u32,
                u32::MAX,
                'c' as u32,
                'd' as u32,
                'e' as u32,
                'f' as u32,
                'g' as u32,
                'h' as u32,
                'i' as u32,
                'j' as u32,
            ],
        )
        .with_nulls(&[0b1111_1101, 0b11])
        .named("y"),
        Column::numbers("i", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).named("x"),
    ];
    Column::records(
        10,
        vec![
            words.named("word"),
            Column::new("+l", 10, vec![None, None]).named("a list, which nobody reads"),
            texts.with_nulls(&[0b1111_0111, 0b11]).named("text"),
            Column::records(10, at).named("at"),
            Column::new("b", 10, vec![None, Some(vec![0b0101_0101, 0b01])]).named("flag"),
            Column::numbers("s", &small).with_nulls(&[0b1110_1111, 0b01]).named("small"),
            Column::numbers("l", &numbers).named("number"),
        ],
    )
}

pub(crate) fn row(i: usize) -> Row {
    let texts = ["0", "one", "", "", "vier", "fünf", "6", "7", "8", "neun"];
    Row {
        number: (i * i) as i64,
        small: (i != 4 && i != 9).then_some(i as i16),
        flag: i.is_multiple_of(2),
        text: (i != 3).then(|| texts[i].to_owned()),
        word: ["c", "a", "b"][i % 3].to_owned(),
        at: Point { x: i as i32, y: (i != 1).then(|| char::from(b'a' + i as u8)) },
    }
}

/// The column of this name, to be changed.
fn column<'a>(table: &'a mut Column, name: &str) -> &'a mut Column {
    table.children.iter_mut().find(|column| column.name == name).unwrap()
}

pub(crate) fn rows(records: &Records<Row>) -> Vec<Row> {
    records.iter().map(RowRow::to_owned).collect()
}

#[test]
fn columns_are_found_by_name_in_any_order_and_others_are_not_read() {
    let records = read::<Row>(&table()).unwrap();
    assert_eq!(rows(&records), (0..10).map(row).collect::<Vec<_>>());
    // Only strings that rows have.
    assert!(records.columns().word().dictionary().iter().map(|(_, text)| text).eq(["c", "a", "b"]));
    assert_eq!(records.columns().small().values()[4], 0);
}

#[test]
fn buffers_may_lie_at_any_address() {
    for skew in 1..8 {
        let records = read::<Row>(&table().skewed(skew)).unwrap();
        assert_eq!(rows(&records), (0..10).map(row).collect::<Vec<_>>());
    }
}

#[test]
fn slices_are_read_where_they_are() {
    for offset in 0..10 {
        for len in 0..=10 - offset {
            let expected: Vec<Row> = (offset as usize..(offset + len) as usize).map(row).collect();
            // Of all columns at once.
            assert_eq!(rows(&read(&table().slice(offset, len)).unwrap()), expected);
            // Of each.
            let mut each = table();
            each.length = len;
            each.children = each.children.into_iter().map(|c| c.slice(offset, len)).collect();
            assert_eq!(rows(&read(&each).unwrap()), expected);
            // Of both, and of columns within.
            let (first, second) = (offset / 2, offset - offset / 2);
            let mut both = table().slice(second, len);
            for child in &mut both.children {
                *child = child.clone().slice(first, second + len);
            }
            assert_eq!(rows(&read(&both).unwrap()), expected);
            let mut within = table().slice(0, len);
            for child in within.children.iter_mut().filter(|child| child.name != "at") {
                *child = child.clone().slice(offset, len);
            }
            let at = column(&mut within, "at");
            *at = at.clone().slice(second, len);
            at.children =
                at.children.iter().map(|c| c.clone().slice(first, second + len)).collect();
            assert_eq!(rows(&read(&within).unwrap()), expected);
        }
    }
}

#[test]
fn dates_and_times_are_the_numbers_that_they_are() {
    #[derive(Record, Debug, PartialEq)]
    struct Times {
        short: i32,
        long: Option<i64>,
        wide: i128,
    }
    let table = |short, long, wide| {
        Column::records(
            2,
            vec![
                Column::numbers(short, &[1, -2]).named("short"),
                Column::numbers(long, &[3_i64, -4]).named("long"),
                Column::numbers(wide, &[5_i128, i128::MIN]).named("wide"),
            ],
        )
    };
    let formats = [
        ("tdD", "tdm", "d:38,2"),
        ("tts", "ttu", "d:38,2,128"),
        ("ttm", "ttn", "w:16"),
        ("tiM", "tsu:Europe/Zurich", "w:16"),
        ("d:9,2,32", "tDn", "w:16"),
        ("i", "d:18,2,64", "w:16"),
    ];
    for (short, long, wide) in formats {
        let times = read::<Times>(&table(short, long, wide)).unwrap();
        assert_eq!(times.columns().short(), [1, -2], "{short}");
        assert_eq!(times.columns().long().values(), [3, -4], "{long}");
        assert_eq!(times.columns().wide(), [5, i128::MIN], "{wide}");
    }
    let error = read::<Times>(&table("i", "l", "d:76,2,256")).unwrap_err();
    assert_eq!(error.to_string(), "column `wide`: its type is C format `d:76,2,256`, not i128");
}

#[test]
fn what_cannot_be_taken_is_named() {
    type Change = fn(&mut Column);
    let refused: &[(Change, &str)] = &[
        (|t| column(t, "small").name = "other", "column `small`: there is none of this name"),
        (
            |t| column(t, "number").format = "i",
            "column `number`: its type is C format `i`, not i64",
        ),
        (|t| column(t, "number").format = "", "column `number`: its type is C format ``, not i64"),
        (|t| column(t, "flag").format = "+r", "column `flag`: its type is C format `+r`, not bool"),
        (|t| column(t, "text").format = "z", "column `text`: its type is C format `z`, not str"),
        (
            |t| column(t, "at").format = "+w:2",
            "column `at`: its type is C format `+w:2`, not struct",
        ),
        (
            |t| column(t, "word").dictionary.as_mut().unwrap().format = "z",
            "column `word`: its type is C format `s`, numbers of C format `z`, not str",
        ),
        (
            |t| *column(t, "number") = column(t, "number").clone().with_nulls(&[0b1111_1011, 0b11]),
            "column `number`, row 2: the value is null",
        ),
        (
            |t| *column(t, "word") = column(t, "word").clone().with_nulls(&[0b1011_1111, 0b11]),
            "column `word`, row 6: the value is null",
        ),
        (
            |t| *column(t, "at") = column(t, "at").clone().with_nulls(&[0b1111_1111, 0b01]),
            "column `at`, row 9: the value is null",
        ),
        (
            |t| *t = t.clone().with_nulls(&[0b1111_1110, 0b11]),
            "the records, row 0: the value is null",
        ),
        (
            |t| column(&mut *column(t, "at"), "x").format = "l",
            "column `at.x`: its type is C format `l`, not i32",
        ),
        (
            |t| {
                *column(&mut *column(t, "at"), "y") =
                    column(&mut *column(t, "at"), "y").clone().with_nulls(&[0xff, 0xff])
            },
            "column `at.y`, row 1: the value is none of the field's type",
        ),
        (
            |t| column(t, "word").buffers[1] = bytes(&[3_i16, 1, 2, 3, 4, 2, 3, 1, 2, 3]),
            "column `word`, row 4: it is numbered as none of the dictionary",
        ),
        (
            |t| column(t, "word").buffers[1] = bytes(&[3_i16, 1, 2, 3, 1, -2, 3, 1, 2, 3]),
            "column `word`, row 5: it is numbered as none of the dictionary",
        ),
        (
            |t| column(t, "word").dictionary = None,
            "column `word`: its type is C format `s`, not str",
        ),
        (
            |t| {
                column(t, "word").dictionary.as_mut().unwrap().buffers[2] =
                    Some(b"nobody'sa\xffc".to_vec())
            },
            "column `word`, row 2: the text is not UTF-8",
        ),
        (
            |t| column(t, "text").buffers[1] = bytes(&[0, 1, 4, 4, 8, 6, 8, 9, 10, 11, 12]),
            "column `text`, row 4: an offset leads outside of the text",
        ),
        (
            |t| column(t, "text").buffers[1] = bytes(&[-1, 1, 4, 4, 8, 8, 8, 9, 10, 11, 12]),
            "column `text`, row 0: an offset leads outside of the text",
        ),
        (
            |t| column(t, "text").buffers[1] = bytes(&[0, 1, 4, 4, 8, 8, 8, 9, 10, 11, -1]),
            "column `text`: a length or an offset is negative or too large",
        ),
        (
            // In the middle of a letter.
            |t| column(t, "text").buffers[1] = bytes(&[0, 1, 4, 4, 8, 14, 14, 15, 16, 17, 21]),
            "column `text`, row 4: the text is not UTF-8",
        ),
        (
            |t| column(t, "number").length = -1,
            "column `number`: a length or an offset is negative or too large",
        ),
        (
            |t| column(t, "number").offset = -1,
            "column `number`: a length or an offset is negative or too large",
        ),
        (|t| t.length = -1, "the records: a length or an offset is negative or too large"),
        (|t| column(t, "number").length = 9, "column `number`: it has fewer rows than the records"),
        (|t| t.length = 11, "column `number`: it has fewer rows than the records"),
        (
            |t| column(t, "number").offset = i64::MAX,
            "column `number`: it is longer than memory can be",
        ),
        (
            |t| column(t, "number").offset = i64::MAX - 100,
            "column `number`: it is longer than memory can be",
        ),
        (|t| column(t, "number").buffers[1] = None, "column `number`: a buffer is missing"),
        (|t| column(t, "flag").buffers[1] = None, "column `flag`: a buffer is missing"),
        (|t| column(t, "text").buffers[1] = None, "column `text`: a buffer is missing"),
        (|t| column(t, "text").buffers[2] = None, "column `text`: a buffer is missing"),
        (
            |t| (column(t, "small").buffers[0], column(t, "small").null_count) = (None, 2),
            "column `small`: a buffer is missing",
        ),
        (
            |t| column(t, "number").buffers.push(None),
            "column `number`: it has more or fewer buffers than its type",
        ),
        (
            |t| column(t, "text").buffers.truncate(2),
            "column `text`: it has more or fewer buffers than its type",
        ),
        (
            |t| (column(t, "text").format, column(t, "text").buffers) = ("vu", vec![None, None]),
            "column `text`: it has fewer buffers than its type",
        ),
        (|t| t.buffers.clear(), "the records: it has more or fewer buffers than its type"),
        (
            |t| *t = t.children[0].clone(),
            "the records: its type is C format `s`, numbers of C format `u`, not struct",
        ),
        (
            |t| column(t, "number").is_taken = true,
            "column `number`: it has been released, or taken by others",
        ),
    ];
    for (index, (change, expected)) in refused.iter().enumerate() {
        let mut table = table();
        change(&mut table);
        let error = read::<Row>(&table).unwrap_err();
        assert_eq!(error.to_string(), *expected, "change {index}");
        let mut sliced = table.clone();
        if error.row().is_some_and(|row| row >= 2) {
            sliced = sliced.slice(2, 8);
            let sliced = read::<Row>(&sliced).unwrap_err();
            assert_eq!(
                (sliced.row(), sliced.cause()),
                (error.row().map(|row| row - 2), error.cause())
            );
        }
    }
}

#[test]
fn structures_that_were_released_are_refused() {
    // SAFETY: structures of nothing are as released ones.
    let nothing = unsafe { Records::<Row>::from_c_data(ArrowSchema::empty(), ArrowArray::empty()) };
    let error = nothing.unwrap_err();
    assert_eq!(
        error.cause(),
        &ImportErrorCause::Malformed("it has been released, or taken by others")
    );
    let released = Released::default();
    let (schema, _) = table().hand_over(&released);
    // SAFETY: as above.
    assert!(unsafe { Records::<Row>::from_c_data(schema, ArrowArray::empty()) }.is_err());
    assert_eq!(released.count(), table().structures());
}

thread_local! {
    pub(crate) static ALIVE: Cell<isize> = const { Cell::new(0) };
}

/// Counts those that are there.
#[derive(Debug)]
pub(crate) struct Counted(i32);

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
    }
}

impl Counted {
    fn new(value: i32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(value)
    }
}

impl Default for Counted {
    fn default() -> Self {
        Self::new(0)
    }
}

impl ArrowValue for Counted {
    type As = i32;

    fn to_arrow(&self) -> i32 {
        self.0
    }

    fn from_arrow(value: i32) -> Option<Self> {
        assert_ne!(value, 13, "a panic of a user");
        let counted = Self::new(value);
        (value != 7).then_some(counted)
    }
}

#[derive(Record, Debug)]
struct Counts {
    first: Counted,
    second: Option<Counted>,
    #[record(nested)]
    pair: Pair,
    last: Counted,
}

#[derive(Record, Debug)]
struct Pair {
    third: Counted,
    fourth: Option<Counted>,
}

#[test]
fn what_was_filled_is_dropped_where_a_later_value_is_refused_or_panics() {
    let values = |bad: Option<i32>| {
        let mut values: Vec<i32> = (20..30).collect();
        values[6] = bad.unwrap_or(values[6]);
        Column::numbers("i", &values)
    };
    let table = |bad: i32, at: &str| {
        let column = |name| values((name == at).then_some(bad)).named(name);
        let fourth = column("fourth").with_nulls(&[0b1111_1101, 0b11]);
        let pair = Column::records(10, vec![column("third"), fourth]).named("pair");
        Column::records(10, vec![column("first"), column("second"), pair, column("last")])
    };
    let good = read::<Counts>(&table(0, "none")).unwrap();
    assert_eq!(good[9].pair().third().0, 29);
    drop(good);
    assert_eq!(ALIVE.get(), 0);
    for name in ["first", "second", "third", "fourth", "last"] {
        let error = read::<Counts>(&table(7, name)).unwrap_err();
        assert_eq!((error.row(), error.cause()), (Some(6), &ImportErrorCause::Invalid));
        assert_eq!(ALIVE.get(), 0, "{name}");

        let released = Released::default();
        let table = table(13, name);
        let (schema, array) = table.hand_over(&released);
        let panicked = std::panic::catch_unwind(|| {
            // SAFETY: the producer keeps to the specification.
            unsafe { Records::<Counts>::from_c_data(schema, array) }
        });
        assert!(panicked.is_err());
        assert_eq!((ALIVE.get(), released.count()), (0, table.structures()), "{name}");
    }
}
