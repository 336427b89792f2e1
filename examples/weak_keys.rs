//! Labels of widgets that belong to somebody else: data about objects, beside the objects.
//!
//! Python's `WeakKeyDictionary`, for which CPython 3.11 takes 160 bytes an entry. In Rust a map of addresses is what comes to mind, since
//! the widget's type has no room for a label. It keeps the labels of widgets that are gone, and worse: an address is free once its
//! widget is gone, and the next one there finds a label that is not its own.

use pennyweight::profile::{Allocator, measure};
use pennyweight::weak::SweptKeyMap;
use std::collections::HashMap;
use std::ptr;
use std::rc::Rc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// Of another crate: no field can be added.
struct Widget {
    _state: [u64; 8],
}

fn widget() -> Rc<Widget> {
    Rc::new(Widget { _state: [0; 8] })
}

fn before(labels: &mut HashMap<*const Widget, String>, widget: &Rc<Widget>, label: &str) {
    labels.insert(ptr::from_ref(&**widget), label.to_owned());
}

/// The label goes with the widget. Its address is nobody's until then: the map holds a `Weak`, which keeps the block.
fn after(labels: &mut SweptKeyMap<Rc<Widget>, String>, widget: &Rc<Widget>, label: &str) {
    labels.insert(widget, label.to_owned());
}

fn main() {
    let (mut by_address, mut labels) = (HashMap::new(), SweptKeyMap::new());
    let (button, slider) = (widget(), widget());
    for (widget, label) in [(&button, "OK"), (&slider, "volume")] {
        before(&mut by_address, widget, label);
        after(&mut labels, widget, label);
    }
    // By identity: the widgets are equal, and have labels of their own.
    assert_eq!(labels.get(&button).map(String::as_str), Some("OK"));
    assert_eq!(labels.get(&slider), by_address.get(&Rc::as_ptr(&slider)));
    drop(button);
    assert_eq!((labels.count_live(), by_address.len()), (1, 2));

    // Dialogs open and close.
    let (stale, old) = measure(|| {
        (0..10_000)
            .filter(|number| {
                let widget = widget();
                let stale = by_address.contains_key(&Rc::as_ptr(&widget));
                before(&mut by_address, &widget, &format!("dialog {number}"));
                stale
            })
            .count()
    });
    let ((), new) = measure(|| {
        for number in 0..10_000 {
            let widget = widget();
            assert_eq!(labels.get(&widget), None, "it is new");
            after(&mut labels, &widget, &format!("dialog {number}"));
        }
    });
    println!("by address: {stale} of 10000 new widgets had a label of another, {} bytes", old.peak);
    println!("SweptKeyMap: {} entries, {} bytes", labels.entries(), new.peak);
    assert!(labels.entries() <= 20 && new.current < 2_500);

    // What a label owns is freed with it. A label that owns its own widget would keep both for ever.
    labels.sweep();
    assert_eq!((labels.entries(), labels.get(&slider).map(String::as_str)), (1, Some("volume")));
}
