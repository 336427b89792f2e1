//! What is said about an object borrows something that may go before the object.

use pennyweight::weak::{Strong, WeakKeyMap};

fn main() {
    let object: Strong<(), u32> = Strong::new(1);
    let text = String::from("short");
    let map: WeakKeyMap<(), u32, &str> = WeakKeyMap::new();
    map.insert(&object, &text);
}
