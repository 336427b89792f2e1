//! A pool of five connections, of which three are in use and come back: as the articles write it, and with `pool::Pool`.
//!
//! In Python the pool is a list that `get` pops from and `put` appends to. It prints 3 and 5 as it should, but the list knows nothing of its objects:
//! what was connected comes back connected, who puts an object back twice has it handed out to two users, and a peak of a thousand
//! objects is kept for ever. A Rust program that pushes to and pops from a `Vec` does the same, but for the second.

use pennyweight::pool::{Hooks, Pool};
use pennyweight::profile::{Allocator, Stats, measure};
use std::convert::Infallible;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// What is dear to make, and holds something of its last user.
struct Connection {
    buffer: Vec<u8>,
    user: Option<String>,
}

fn connect() -> Connection {
    Connection { buffer: Vec::with_capacity(4096), user: None }
}

struct Connections;

impl Hooks<Connection> for Connections {
    type Error = Infallible;

    fn create(&self) -> Result<Connection, Infallible> {
        Ok(connect())
    }

    /// Nobody sees the last user, and a buffer that has grown large is not kept.
    fn recycle(&self, connection: &mut Connection) -> bool {
        connection.user = None;
        connection.buffer.clear();
        connection.buffer.capacity() <= 65_536
    }

    fn weight(&self, connection: &Connection) -> usize {
        size_of::<Connection>() + connection.buffer.capacity()
    }
}

static POOL: Pool<Connection, Connections> =
    Pool::new(Connections).with_max_idle(100).with_max_idle_bytes(100_000);

/// How many are idle while some are in use, and after.
fn before(pool: &mut Vec<Connection>, users: &[&str]) -> (usize, usize) {
    let mut held: Vec<Connection> =
        users.iter().map(|_| pool.pop().unwrap_or_else(connect)).collect();
    for (connection, user) in held.iter_mut().zip(users) {
        connection.user = Some(user.to_string());
    }
    let idle = pool.len();
    pool.append(&mut held);
    (idle, pool.len())
}

fn after(users: &[&str]) -> (usize, usize) {
    let mut held: Vec<_> = users.iter().map(|_| POOL.get()).collect();
    for (connection, user) in held.iter_mut().zip(users) {
        connection.user = Some(user.to_string());
    }
    let idle = POOL.stats().idle;
    drop(held);
    (idle, POOL.stats().idle)
}

fn main() {
    let users = ["ada", "alan"];
    let mut pool: Vec<Connection> = (0..5).map(|_| connect()).collect();
    POOL.fill(5);
    assert_eq!(before(&mut pool, &users), (3, 5));
    assert_eq!(after(&users), (3, 5));
    println!("5 idle, 3 while two are in use, 5 again: {:?}", POOL.stats());

    // Stale state: the list hands out a connection that is still somebody's.
    assert_eq!(pool.last().unwrap().user.as_deref(), Some("alan"));
    assert_eq!(POOL.get().user, None);

    // A double return does not compile: dropping the guard is the return, and there is one guard.
    // So whoever holds one is alone with it, and may send it to another thread.
    let mut connection = POOL.get();
    connection.buffer.extend_from_slice(b"request");
    std::thread::spawn(move || assert_eq!(connection.buffer, b"request")).join().unwrap();

    // Unbounded retention: after a peak the list keeps a thousand connections, the pool as many as weigh 100 kB, and after two trims none.
    let crowd = ["crowd"; 1000];
    let (_, kept) = measure(|| before(&mut pool, &crowd));
    let (_, pooled) = measure(|| after(&crowd));
    let (_, trimmed) = measure(|| {
        POOL.trim();
        POOL.trim();
    });
    print("a list, after a peak", kept);
    print("the pool, after a peak", pooled);
    print("the pool, trimmed", trimmed);
    assert_eq!((pool.len(), POOL.stats().idle), (1000, 0));
    assert_eq!((kept.current, pooled.current, trimmed.current), (4_128_273, 78_888, -99_648));
}

fn print(name: &str, stats: Stats) {
    println!("{name:>23}: {:>10} bytes, {:>10} at the peak", stats.current, stats.peak);
}
