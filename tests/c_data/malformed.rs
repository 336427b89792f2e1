//! Structures that say little, or contradict each other.

use crate::import::{Row, read, row, rows, table};
use crate::producer::{Column, Released, bytes};
use crate::strings::Words;
use crate::{Array, Schema};
use pennyweight::record::{ArrowArray, ArrowSchema, Records};
use std::ptr;

/// As many null pointers as the records of `table` have columns.
static NO_CHILDREN: [usize; 7] = [0; 7];

const fn no_children<T>() -> *mut *mut T {
    (&raw const NO_CHILDREN).cast_mut().cast()
}

/// The first of the columns, which is `word`.
fn word<'a, T>(children: *mut *mut T) -> &'a mut T {
    // SAFETY: there are columns.
    let child = unsafe { *children };
    // SAFETY: a column is there as long as what it is of, and the test alone uses it.
    unsafe { &mut *child }
}

#[test]
fn structures_that_contradict_each_other_are_refused() {
    type Change = fn(&mut Schema, &mut Array);
    let fewer = "the records: it has more or fewer columns than its type";
    let missing = "the records: its buffers or its columns are missing";
    let dictionary = "column `word`: it has a dictionary, and is said to have none, or the reverse";
    let negative = "the records: a length or an offset is negative or too large";
    let refused: &[(Change, &str)] = &[
        (|_, array| array.n_children -= 1, fewer),
        (|schema, _| schema.n_children -= 1, fewer),
        (|_, array| array.n_children = 0, fewer),
        (|_, array| array.n_children = -1, negative),
        (|schema, _| schema.n_children = -1, negative),
        (|_, array| array.n_buffers = -1, negative),
        (|_, array| array.children = ptr::null_mut(), missing),
        (|schema, _| schema.children = ptr::null_mut(), missing),
        (|_, array| array.buffers = ptr::null_mut(), missing),
        (|_, array| array.children = no_children(), "column `number`: its columns are missing"),
        (|schema, _| schema.children = no_children(), "column `number`: its columns are missing"),
        (|_, array| word(array.children).dictionary = ptr::null_mut(), dictionary),
        (|schema, _| word(schema.children).dictionary = ptr::null_mut(), dictionary),
    ];
    for (index, (change, expected)) in refused.iter().enumerate() {
        let released = Released::default();
        let (mut schema, mut array) = (table().schema(&released), table().array(&released));
        change(&mut schema, &mut array);
        // SAFETY: the structures say less than they have.
        let schema = unsafe { ArrowSchema::from_raw((&raw mut schema).cast()) };
        // SAFETY: as above.
        let array = unsafe { ArrowArray::from_raw((&raw mut array).cast()) };
        // SAFETY: as above.
        let error = unsafe { Records::<Row>::from_c_data(schema, array) }.unwrap_err();
        assert_eq!(error.to_string(), *expected, "change {index}");
        assert_eq!(released.count(), table().structures(), "change {index}");
    }
}

#[test]
fn numbers_of_rows_and_columns_that_are_none_are_zero() {
    let released = Released::default();
    let (mut schema, mut array) = (table().schema(&released), table().array(&released));
    (schema.n_children, array.length) = (-1, i64::MIN);
    // SAFETY: the structures say less than they have.
    let schema = unsafe { ArrowSchema::from_raw((&raw mut schema).cast()) };
    // SAFETY: as above.
    let array = unsafe { ArrowArray::from_raw((&raw mut array).cast()) };
    assert_eq!((schema.n_children(), array.len(), array.is_empty()), (0, 0, true));
}

#[test]
fn the_number_of_nulls_says_whether_bits_are_looked_at() {
    let changed = |bits: Option<Vec<u8>>, null_count| {
        let mut table = table();
        for name in ["number", "small", "text", "word"] {
            let column = table.children.iter_mut().find(|column| column.name == name).unwrap();
            (column.buffers[0], column.null_count) = (bits.clone(), null_count);
        }
        rows(&read(&table).unwrap())
    };
    // Without nulls.
    let mut all: Vec<Row> = (0..10).map(row).collect();
    all[3].text = Some("drei".to_owned());
    all[9].text = Some("neun".to_owned());
    (all[4].small, all[9].small) = (Some(4), Some(9));
    assert_eq!(changed(None, -1), all);
    assert_eq!(changed(None, 0), all);
    assert_eq!(changed(Some(vec![0, 0]), 0), all);
}

/// The column, and all of it, without a buffer.
fn without_buffers(mut column: Column) -> Column {
    column.length = 0;
    column.buffers.fill(None);
    column.children = column.children.into_iter().map(without_buffers).collect();
    column.dictionary = column.dictionary.map(|strings| without_buffers(*strings).into());
    column
}

#[test]
fn nothing_needs_no_buffer() {
    let records = read::<Row>(&without_buffers(table())).unwrap();
    assert_eq!(records.len(), 0);

    let texts = Column::texts(&[]);
    let long = Column { format: "U", ..texts.clone() };
    let views = Column::new("vu", 0, vec![None; 3]);
    for nothing in [texts, long, views].map(without_buffers) {
        let named = ["dict", "text", "plain"];
        let columns = named.map(|name| nothing.clone().named(name));
        assert_eq!(read::<Words>(&Column::records(0, columns.into())).unwrap().len(), 0);
        // A dictionary of nothing, and rows that are all null.
        let keys = Column::numbers("c", &[7_i8; 9]).with_nulls(&[0, 0]).numbering(nothing);
        let columns = named.map(|name| keys.clone().named(name));
        let words = read::<Words>(&Column::records(9, columns.into())).unwrap();
        assert!(words.iter().all(|row| row.to_owned() == Words::default()));
        assert_eq!(words.len(), 9);
    }
    // Strings without a letter.
    let letters = Column::new("u", 3, vec![None, bytes(&[0_i32; 4]), None]);
    let columns = ["dict", "text", "plain"].map(|name| letters.clone().named(name));
    let words = read::<Words>(&Column::records(3, columns.into())).unwrap();
    assert!(words.columns().text().iter().eq([Some(""); 3]));
}
