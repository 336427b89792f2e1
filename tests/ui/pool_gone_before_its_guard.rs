//! A guard that borrows its pool ends before it; one of `get_owned` keeps it.

use pennyweight::pool::Pool;

fn main() {
    let name = {
        let pool = Pool::new(String::new);
        pool.get()
    };
    drop(name);
}
