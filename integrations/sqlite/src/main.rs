//! 300,000 rows of SQLite: all at once, one by one, in batches of structs and of records, and in pages.

use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::record::{Record, Records};
use pennyweight::stream::{PageError, TryBatches, paginate};
use rusqlite::{Connection, Result, Row, params};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ROWS: i64 = 300_000;
const BATCH: usize = 1000;

#[derive(Record)]
struct User {
    id: i64,
    #[record(text)]
    name: String,
    amount: f64,
}

impl User {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self { id: row.get(0)?, name: row.get(1)?, amount: row.get(2)? })
    }
}

/// What is done with some users: a sum that depends on all columns.
fn sum(users: &[User]) -> f64 {
    users.iter().map(|user| user.amount * (user.name.len() as i64 + user.id % 7) as f64).sum()
}

fn filled() -> Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    connection
        .execute_batch("CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT, amount REAL)")?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare("INSERT INTO user VALUES (?1, ?2, ?3)")?;
        for id in 1..=ROWS {
            insert.execute(params![id, format!("User{id:06}"), (id % 1009) as f64 / 8.0])?;
        }
    }
    transaction.commit()?;
    Ok(connection)
}

/// `fetchall`.
fn all_rows(connection: &Connection) -> Result<f64> {
    let mut select = connection.prepare("SELECT id, name, amount FROM user ORDER BY id")?;
    let users = select.query_map([], User::from_row)?.collect::<Result<Vec<User>>>()?;
    Ok(users.chunks(BATCH).map(sum).sum())
}

/// The cursor itself. Where a row is handled by itself, nothing takes less.
fn row_by_row(connection: &Connection) -> Result<f64> {
    let mut select = connection.prepare("SELECT id, name, amount FROM user ORDER BY id")?;
    select.query_map([], User::from_row)?.map(|user| Ok(sum(&[user?]))).sum()
}

/// `fetchmany`.
fn batches(connection: &Connection) -> Result<f64> {
    let mut select = connection.prepare("SELECT id, name, amount FROM user ORDER BY id")?;
    let mut batches = TryBatches::new(select.query_map([], User::from_row)?, BATCH);
    let mut total = 0.0;
    while let Some(users) = batches.next_batch()? {
        total += sum(users);
    }
    Ok(total)
}

/// The same in columns, which are used again: of a name, its bytes and where they end are kept.
fn batches_of_records(connection: &Connection) -> Result<f64> {
    let mut select = connection.prepare("SELECT id, name, amount FROM user ORDER BY id")?;
    let mut rows = select.query_map([], User::from_row)?;
    let (mut users, mut total) = (Records::<User>::with_capacity(BATCH), 0.0);
    loop {
        users.clear();
        for user in rows.by_ref().take(BATCH) {
            users.push(user?);
        }
        if users.is_empty() {
            return Ok(total);
        }
        let factor = |user: &UserRow| (user.name().len() as i64 + user.id() % 7) as f64;
        total += users.iter().map(|user| user.amount() * factor(user)).sum::<f64>();
    }
}

/// A query for each page, which begins behind the last row of the one before.
fn pages(connection: &Connection) -> Result<f64, PageError<rusqlite::Error>> {
    let select = "SELECT id, name, amount FROM user WHERE id > ?1 ORDER BY id LIMIT ?2";
    let mut pages = paginate(|after: Option<&i64>, page: &mut Vec<User>| {
        let mut select = connection.prepare_cached(select)?;
        let after = after.copied().unwrap_or(0);
        for user in select.query_map(params![after, BATCH as i64], User::from_row)? {
            page.push(user?);
        }
        Ok(page.last().map(|user| user.id))
    });
    let mut total = 0.0;
    while let Some(users) = pages.next_page()? {
        total += sum(users);
    }
    Ok(total)
}

fn main() -> Result<()> {
    let connection = filled()?;
    let (all, whole) = measure(|| all_rows(&connection));
    let (one, single) = measure(|| row_by_row(&connection));
    let (many, batch) = measure(|| batches(&connection));
    let (columns, records) = measure(|| batches_of_records(&connection));
    let (paged, page) = measure(|| pages(&connection));
    let paged = paged.expect("a query that is asked for once more would give the same");
    // Of eighths, so that sums are exact in any order.
    let all = all?;
    assert_eq!((one?, many?, columns?, paged), (all, all, all, all));

    let print = |name, stats: Stats| println!("{name:<13} {:>10} bytes at the peak", stats.peak);
    print("all rows", whole);
    print("row by row", single);
    print("in batches", batch);
    print("in records", records);
    print("in pages", page);
    // 40 bytes a user, and a name of ten.
    assert!(whole.peak > 300_000 * 50);
    assert!(single.peak < 2_000);
    assert!(batch.peak < 1000 * 50 + 2_000);
    assert!(records.peak < batch.peak);
    assert!(page.peak < 1024 * 50 + 4_000);
    Ok(())
}
