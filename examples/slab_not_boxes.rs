//! A hundred thousand small values, each made by itself: as a box each, and as slots of a slab.
//!
//! CPython has pools for objects of up to 512 bytes, so that not each of them is asked of `malloc`, and has no header. In Rust each
//! `Box::new` is a call of the allocator, and glibc's takes 32 bytes for the 8 of an `i64`: what a program requests is not what it takes. A slab asks
//! for a few large blocks, and gives the slot of what was removed to the next value.
#![expect(clippy::vec_box, clippy::replace_box, reason = "boxes are what is compared with")]

use pennyweight::pool::{Handle32, Slab};
use pennyweight::profile::{Allocator, Stats, measure};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const VALUES: usize = 100_000;

fn before() -> Vec<Box<i64>> {
    let mut boxes = Vec::with_capacity(VALUES);
    for value in 0..VALUES as i64 {
        boxes.push(Box::new(value));
    }
    boxes
}

fn after() -> (Slab<i64, Handle32>, Vec<Handle32>) {
    let mut slab = Slab::with_capacity_and_key(VALUES);
    let mut handles = Vec::with_capacity(VALUES);
    for value in 0..VALUES as i64 {
        handles.push(slab.insert(value));
    }
    (slab, handles)
}

/// The bytes from one value to the next, of those that lie closest: what each takes, whatever was requested.
fn apart<'a>(values: impl Iterator<Item = &'a i64>) -> usize {
    let mut places: Vec<usize> = values.map(|value| (&raw const *value).addr()).collect();
    places.sort_unstable();
    places.windows(2).map(|two| two[1] - two[0]).min().expect("two values")
}

fn main() {
    let (mut boxes, boxed) = measure(before);
    let ((mut slab, mut handles), slots) = measure(after);
    assert!(handles.iter().map(|&handle| slab[handle]).eq(boxes.iter().map(|value| **value)));

    // Both with 100,000 pointers or handles.
    print("Box::new in a loop", boxed, apart(boxes.iter().map(|value| &**value)));
    print("Slab", slots, apart(slab.values()));
    assert_eq!((boxed.current, boxed.allocations), (1_600_000, 100_001));
    assert_eq!((slots.current, slots.allocations), (1_300_000, 3));
    assert_eq!(apart(slab.values()), 8);
    #[cfg(all(target_os = "linux", target_env = "gnu", target_pointer_width = "64"))]
    assert_eq!(apart(boxes.iter().map(|value| &**value)), 32);

    // Values that come and go.
    let ((), churned) =
        measure(|| boxes.iter_mut().for_each(|value| *value = Box::new(**value + 1)));
    let ((), reused) = measure(|| {
        for handle in &mut handles {
            let value = slab.remove(*handle).expect("a value");
            *handle = slab.insert(value + 1);
        }
    });
    println!("each replaced once: {} allocations, and {}", churned.allocations, reused.allocations);
    assert_eq!((churned.allocations, reused.allocations), (100_000, 0));
    assert!(handles.iter().map(|&handle| slab[handle]).eq(boxes.iter().map(|value| **value)));

    // Where nothing is removed but all of it at the end, a plain Vec is all that is needed.
    let (values, plain) = measure(|| (0..VALUES as i64).collect::<Vec<_>>());
    assert_eq!((values.len(), plain.current), (VALUES, 800_000));
}

fn print(name: &str, stats: Stats, apart: usize) {
    let Stats { current, allocations, .. } = stats;
    println!(
        "{name:>18}: {current:>8} bytes requested, {allocations:>6} allocations, {apart:>2} bytes from value to value"
    );
}
