//! An object goes back once.

use pennyweight::pool::LocalPool;

fn main() {
    let pool = LocalPool::new(String::new);
    let name = pool.get();
    drop(name);
    drop(name);
}
