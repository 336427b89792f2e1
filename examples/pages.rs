//! The rows of a server, page after page: all of them in a list, and one page at a time.
//!
//! Python's remedy is a generator around the requests. The loop in it is easily wrong: it ends too late or never, an error in the middle loses
//! what was read, and a server that gives the same key again is asked for ever.

use std::collections::BTreeMap;

use pennyweight::profile::{Allocator, measure};
use pennyweight::stream::{PageError, paginate};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const LIMIT: usize = 1000;

/// A server that hands out a thousand rows at a time, behind a key. It is busy now and then.
struct Server {
    rows: BTreeMap<u32, u64>,
    requests: u32,
}

impl Server {
    fn get(
        &mut self,
        after: Option<u32>,
    ) -> Result<impl Iterator<Item = (u32, u64)>, &'static str> {
        self.requests += 1;
        if self.requests.is_multiple_of(100) {
            return Err("busy");
        }
        let rows = self.rows.range(after.map_or(0, |key| key + 1)..);
        Ok(rows.map(|(&key, &value)| (key, value)).take(LIMIT))
    }
}

/// Collects all rows first.
fn before(server: &mut Server) -> u64 {
    let mut rows = Vec::new();
    loop {
        let after = rows.last().map(|&(key, _)| key);
        let Ok(page) = server.get(after) else { continue };
        let len = rows.len();
        rows.extend(page);
        if rows.len() == len {
            return rows.iter().map(|&(_, value)| value).sum();
        }
    }
}

fn after(server: &mut Server) -> u64 {
    let rows = paginate(|after, page: &mut Vec<(u32, u64)>| {
        page.extend(server.get(after.copied())?);
        Ok(page.last().map(|&(key, _)| key))
    });
    // Going on is to ask again for the page that failed.
    let mut sum = 0;
    for row in rows {
        match row {
            Ok((_, value)) => sum += value,
            Err(error) => assert_eq!(error, PageError::Fetch("busy")),
        }
    }
    sum
}

fn main() {
    let rows = (0..300_000_u32).map(|key| (key * 3, u64::from(key) % 1009));
    let mut server = Server { rows: rows.collect(), requests: 0 };
    let (old, all) = measure(|| before(&mut server));
    let requests = server.requests;
    let (new, page) = measure(|| after(&mut server));
    assert_eq!(old, new);
    println!("all rows: {:>9} bytes at the peak, {requests} requests", all.peak);
    println!(
        "a page:   {:>9} bytes at the peak, {} requests",
        page.peak,
        server.requests - requests
    );
    // 300 pages, an empty one, and those that failed.
    assert_eq!((requests, server.requests - requests), (304, 304));
    assert_eq!((all.peak, page.peak), ((1 << 19) * 16, 1024 * 16));

    // A server that gives the same key for ever is asked twice.
    let mut requests = 0;
    let mut stuck = paginate(|_, page: &mut Vec<u8>| {
        requests += 1;
        page.push(0);
        Ok::<_, ()>(Some("the same"))
    });
    assert_eq!(stuck.next_page().unwrap().unwrap(), &[0]);
    assert_eq!(stuck.next_page(), Err(PageError::Repeated { pages: 1 }));
    assert_eq!(stuck.next_page(), Ok(None));
    assert_eq!(requests, 2);
}
