//! A finalizer that belongs to one thread, for a value that may die on another one.

use pennyweight::weak::{SharedWeakMap, finalize};
use std::rc::Rc;

fn main() {
    let map: SharedWeakMap<u32, u32> = SharedWeakMap::new();
    let value = map.insert(1, 1);
    let held = Rc::new(1);
    let _ = finalize(&value, move || drop(held));
}
