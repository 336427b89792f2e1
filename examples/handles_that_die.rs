//! Things that others refer to without keeping them: weak references, and handles.
//!
//! Python's `weakref.ref` gives `None` once the last owner has gone; each takes 88 bytes, and `int`, `str`, `tuple` and `list` have none. Rust's
//! `Weak` takes 8, but the memory of the value stays until the last `Weak` has gone as well. A handle takes 8 bytes, or 4,
//! and holds nothing: what is removed is freed at once, and the handle is dead though its slot has another value.

use pennyweight::pool::{Handle32, Slab};
use pennyweight::profile::{Allocator, measure};
use std::rc::{Rc, Weak};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const THINGS: usize = 1000;

/// A thing that is large in itself.
struct Thing {
    name: &'static str,
    _pixels: [u8; 4080],
}

fn thing(name: &'static str) -> Thing {
    Thing { name, _pixels: [0; 4080] }
}

fn before() -> (Vec<Rc<Thing>>, Vec<Weak<Thing>>) {
    let things: Vec<Rc<Thing>> = (0..THINGS).map(|_| Rc::new(thing("Primary"))).collect();
    let observers = things.iter().map(Rc::downgrade).collect();
    (things, observers)
}

fn after() -> (Slab<Box<Thing>, Handle32>, Vec<Handle32>) {
    let things: Slab<_, Handle32> = (0..THINGS).map(|_| Box::new(thing("Primary"))).collect();
    let observers = things.keys().collect();
    (things, observers)
}

fn main() {
    let ((mut owned, weak), plain) = measure(before);
    let ((mut things, handles), slab) = measure(after);
    assert_eq!(plain.current, 4_128_000);
    assert_eq!(slab.current, 4_109_000);

    let upgraded = |weak: &Weak<Thing>| weak.upgrade().map(|thing| thing.name);
    assert_eq!(upgraded(&weak[0]), Some("Primary"));
    assert_eq!(things.get(handles[0]).map(|thing| thing.name), Some("Primary"));

    let ((), dropped) = measure(|| owned.clear());
    let ((), removed) = measure(|| things.clear());
    assert_eq!(upgraded(&weak[0]), None);
    assert_eq!(things.get(handles[0]).map(|thing| thing.name), None);
    println!("1000 things of 4096 bytes have gone, and 1000 refer to them:");
    println!("   Weak: {:>9} bytes are freed", -dropped.current);
    println!(" Handle: {:>9} bytes are freed", -removed.current);
    assert_eq!((dropped.current, removed.current), (0, -4_096_000));

    // The slot has another value, of which the old handle knows nothing.
    let new = things.insert(Box::new(thing("Secondary")));
    assert_eq!(new.index(), handles[0].index());
    assert_eq!((things[new].name, things.contains(handles[0])), ("Secondary", false));

    // What was 1000 slots is one again; handles are exchanged for new ones.
    let remap = things.compact();
    assert_eq!(things.heap_bytes(), 8 + 1);
    assert_eq!(remap.get(new).map(|new| things[new].name), Some("Secondary"));
    assert_eq!(remap.get(handles[0]), None);
}
