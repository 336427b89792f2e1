//! A table read in batches: all rows, a thousand at a time, one at a time; and what a row that cannot be read costs.
//!
//! Python's remedy is `cursor.fetchmany(1000)` instead of `fetchall()`. Here the cursor is one in memory; `integrations/sqlite` has the same of a database.

use std::iter;

use pennyweight::profile::{Allocator, measure};
use pennyweight::stream::TryBatches;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: u32 = 300_000;

/// A user, whose name is on the heap.
struct Row {
    id: u32,
    name: String,
}

/// What database drivers give: something that is asked for the next row, and may fail.
struct Cursor {
    next: u32,
    broken: Option<u32>,
}

impl Cursor {
    fn fetch(&mut self) -> Result<Option<Row>, String> {
        let id = self.next;
        self.next += 1;
        match id {
            _ if self.broken == Some(id) => Err(format!("row {id} is broken")),
            ROWS.. => Ok(None),
            _ => Ok(Some(Row { id, name: format!("User{id:06}") })),
        }
    }
}

/// What is done with a few rows at a time, such as one request for all of them.
fn send(rows: &[Row]) -> u64 {
    rows.iter().map(|row| u64::from(row.id) + row.name.len() as u64).sum()
}

fn before(mut cursor: Cursor) -> Result<u64, String> {
    let rows: Vec<Row> = iter::from_fn(|| cursor.fetch().transpose()).collect::<Result<_, _>>()?;
    Ok(rows.chunks(1000).map(send).sum())
}

fn after(mut cursor: Cursor) -> Result<u64, String> {
    let mut batches = TryBatches::new(iter::from_fn(|| cursor.fetch().transpose()), 1000);
    let mut sum = 0;
    while let Some(batch) = batches.next_batch()? {
        sum += send(batch);
    }
    Ok(sum)
}

fn main() {
    let cursor = |broken| Cursor { next: 0, broken };
    let (old, all) = measure(|| before(cursor(None)));
    let (new, some) = measure(|| after(cursor(None)));
    assert_eq!(old, new);
    println!("all rows:   {:>10} bytes at the peak", all.peak);
    println!("a thousand: {:>10} bytes at the peak", some.peak);
    // A row is 32 bytes, and its name 16; the vector of all of them has doubled.
    assert_eq!(all.peak, (1 << 19) * 32 + 300_000 * 16);
    assert_eq!(some.peak, 1000 * (32 + 16));

    // A row that cannot be read costs that row: what was read before is sent first.
    let mut cursor = cursor(Some(2_500));
    let mut batches = TryBatches::new(iter::from_fn(|| cursor.fetch().transpose()), 1000);
    let (mut sizes, mut errors) = (Vec::new(), Vec::new());
    loop {
        match batches.next_batch() {
            Ok(Some(batch)) => sizes.push(batch.len()),
            Ok(None) => break,
            Err(error) => errors.push(error),
        }
    }
    assert_eq!((sizes[2], sizes[3], errors), (500, 1000, vec!["row 2500 is broken".to_owned()]));
    assert_eq!(sizes.iter().sum::<usize>(), 299_999);
}
