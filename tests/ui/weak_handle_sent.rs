//! A handle of one thread, sent to another one.

use pennyweight::weak::WeakMap;

fn main() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    let value = map.insert(1, 1);
    std::thread::spawn(move || drop(value));
}
