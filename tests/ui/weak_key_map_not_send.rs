//! Something that belongs to one thread, said about an object that may die on another one.

use pennyweight::weak::{SharedWeakKeyMap, Strong};
use std::rc::Rc;

fn main() {
    let map: SharedWeakKeyMap<(), u32, Rc<u32>> = SharedWeakKeyMap::new();
    let object = Strong::new(1);
    map.insert(&object, Rc::new(1));
}
