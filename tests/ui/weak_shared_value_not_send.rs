//! A shared map of values that belong to one thread.

use pennyweight::weak::SharedWeakMap;
use std::rc::Rc;

fn main() {
    let map: SharedWeakMap<u32, Rc<u32>> = SharedWeakMap::new();
    std::thread::spawn(move || drop(map));
}
