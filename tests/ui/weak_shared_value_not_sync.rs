//! A shared handle of a value that two threads must not see at once.

use pennyweight::weak::SharedWeakMap;
use std::cell::Cell;

fn main() {
    let map: SharedWeakMap<u32, Cell<u32>> = SharedWeakMap::new();
    let value = map.insert(1, Cell::new(1));
    std::thread::spawn(move || value.set(2));
}
