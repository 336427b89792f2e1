//! Whoever detaches an object has it, and the guard is gone.

use pennyweight::pool::{Guard, LocalPool};

fn main() {
    let pool = LocalPool::new(String::new);
    let name = pool.get();
    let detached = Guard::detach(name);
    assert_eq!(detached.len(), name.len());
}
