//! A map of objects that borrow for ever, taken for one of objects that borrow for less long.

use pennyweight::weak::{Strong, WeakKeyMap};

fn say<'a>(map: &WeakKeyMap<(), &'a str, u32>, object: &Strong<(), &'a str>) {
    map.insert(object, 1);
}

fn main() {
    let map: WeakKeyMap<(), &'static str, u32> = WeakKeyMap::new();
    let text = String::from("short");
    let object = Strong::new(&*text);
    say(&map, &object);
    let (escaped, _): (Strong<(), &'static str>, _) = map.iter().next().unwrap();
    drop(object);
    drop(text);
    assert_eq!(*escaped, "short");
}
