//! Labels of widgets, whose type has no room for them: data about objects, beside the objects.
//!
//! Python's `WeakKeyDictionary`, for which CPython 3.11 takes 160 bytes an entry. In Rust a map of addresses is what comes to mind. It
//! keeps the labels of widgets that are gone, and worse: an address is free once its widget is gone, and the next one there finds a
//! label that is not its own.

use pennyweight::profile::{Allocator, measure};
use pennyweight::weak::{Strong, SweptKeyMap, WeakKeyMap, finalize};
use std::cell::Cell;
use std::collections::HashMap;
use std::ptr;
use std::rc::Rc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// Of another crate: no field can be added.
struct Widget {
    _state: [u64; 8],
}

fn widget() -> Widget {
    Widget { _state: [0; 8] }
}

fn before(labels: &mut HashMap<*const Widget, String>, widget: &Rc<Widget>, label: &str) {
    labels.insert(ptr::from_ref(&**widget), label.to_owned());
}

/// The label goes when the widget does.
fn after(labels: &WeakKeyMap<(), Widget, String>, widget: &Strong<(), Widget>, label: &str) {
    labels.insert(widget, label.to_owned());
}

/// Where the pointer is `Rc`, the label goes some changes of the map later. Until then the address is nobody's: a `Weak` keeps the block.
fn after_with_rc(labels: &mut SweptKeyMap<Rc<Widget>, String>, widget: &Rc<Widget>, label: &str) {
    labels.insert(widget, label.to_owned());
}

fn main() {
    // By identity: the widgets are equal, and have labels of their own.
    let labels = WeakKeyMap::new();
    let (button, slider) = (Strong::new(widget()), Strong::new(widget()));
    after(&labels, &button, "OK");
    after(&labels, &slider, "volume");
    assert_eq!(labels.get(&button).as_deref().map(String::as_str), Some("OK"));

    // Who has to do more than forget is told when a widget goes.
    let closed = Rc::new(Cell::new(0));
    let count = Rc::clone(&closed);
    let finalizer = finalize(&button, move || count.set(count.get() + 1));
    assert!(finalizer.is_alive());
    drop(button);
    assert_eq!((labels.len(), closed.get(), finalizer.is_alive()), (1, 1, false));

    // Dialogs open and close.
    let mut by_address = HashMap::new();
    let (stale, old) = measure(|| {
        (0..10_000)
            .filter(|number| {
                let widget = Rc::new(widget());
                let stale = by_address.contains_key(&Rc::as_ptr(&widget));
                before(&mut by_address, &widget, &format!("dialog {number}"));
                stale
            })
            .count()
    });
    let ((), new) = measure(|| {
        for number in 0..10_000 {
            let widget = Strong::new(widget());
            assert!(!labels.contains_key(&widget), "it is new");
            after(&labels, &widget, &format!("dialog {number}"));
        }
    });
    let mut of_rc = SweptKeyMap::new();
    let ((), swept) = measure(|| {
        for number in 0..10_000 {
            let widget = Rc::new(widget());
            assert!(!of_rc.contains_key(&widget), "it is new");
            after_with_rc(&mut of_rc, &widget, &format!("dialog {number}"));
        }
    });
    println!(
        " by address: {stale} of 10000 new widgets had a label of another, {} bytes",
        old.peak
    );
    println!(" WeakKeyMap: {:>2} entries, {:>4} bytes at the peak", labels.len(), new.peak);
    println!("SweptKeyMap: {:>2} entries, {:>4} bytes at the peak", of_rc.entries(), swept.peak);
    assert!(stale > 0 && labels.len() == 1 && of_rc.entries() <= 20);
    assert!(new.current <= 0 && new.peak < 400 && swept.peak < 4_000);

    // What a label owns is freed with it. A label that owns its own widget would keep both for ever, in Rust as in Python.
    of_rc.sweep();
    assert!(of_rc.entries() == 0 && labels.contains_key(&slider));
}
