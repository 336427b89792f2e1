//! A map of values that borrow for ever, taken for one of values that borrow for less long.

use pennyweight::weak::{Strong, WeakMap};

fn enter<'a>(map: &WeakMap<u32, &'a str>, text: &'a str) -> Strong<u32, &'a str> {
    map.insert(1, text)
}

fn main() {
    let map: WeakMap<u32, &'static str> = WeakMap::new();
    let text = String::from("short");
    let value = enter(&map, &text);
    let escaped: Strong<u32, &'static str> = map.get(&1).unwrap();
    drop(value);
    drop(text);
    assert_eq!(*escaped, "short");
}
