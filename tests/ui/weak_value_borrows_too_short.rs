//! A handle that outlives what its value borrows.

use pennyweight::weak::WeakMap;

fn main() {
    let map: WeakMap<u32, &str> = WeakMap::new();
    let value = {
        let text = String::from("short");
        map.insert(1, &text)
    };
    assert_eq!(*value, "short");
}
