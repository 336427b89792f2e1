//! A map of one thread, shared by two.

use pennyweight::weak::WeakMap;

fn main() {
    let map: WeakMap<u32, u32> = WeakMap::new();
    std::thread::scope(|scope| {
        scope.spawn(|| map.len());
    });
}
