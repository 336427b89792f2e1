//! A thousand parts of a program that need the same large text: with a copy each, and with one for all.
//!
//! In Python a thousand references to one object take 8,168 bytes and the object itself, and nobody has to do anything for that;
//! what copies is a slice of a list, or of `bytes`. (`sys.getrefcount` counts references. It says nothing of copies.) In Rust a `clone` of a
//! `String` copies. Shared are what lies behind an `Arc`, with 8 or 16 bytes for each owner; what is interned, with 4; and
//! what lives longer than all who need it, by `&`.

use pennyweight::intern::{Interner, Symbol};
use pennyweight::profile::{Allocator, Stats, measure};
use std::sync::Arc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const PARTS: usize = 1000;

fn before(texts: &[String]) -> Vec<String> {
    (0..PARTS).map(|part| texts[part % texts.len()].clone()).collect()
}

/// Each text is freed with its last owner.
fn shared(texts: &[String]) -> Vec<Arc<str>> {
    let texts: Vec<Arc<str>> = texts.iter().map(|text| Arc::from(text.as_str())).collect();
    (0..PARTS).map(|part| Arc::clone(&texts[part % texts.len()])).collect()
}

/// The texts live as long as the interner, and who has a symbol asks it for the text.
fn interned(texts: &[String]) -> (Vec<Symbol>, Interner) {
    Interner::encode((0..PARTS).map(|part| &texts[part % texts.len()]))
}

fn main() {
    let texts: Vec<String> = (1..=3).map(|n| format!("licence {n}; ").repeat(4096)).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    assert_eq!(bytes, 135_168);

    let (copies, copied) = measure(|| before(&texts));
    let (arcs, counted) = measure(|| shared(&texts));
    let ((symbols, interner), interned) = measure(|| interned(&texts));
    assert!(arcs.iter().map(|text| &**text).eq(&copies));
    assert!(symbols.iter().map(|&symbol| &interner[symbol]).eq(&copies));
    print("1000 clones", copied);
    print("1000 of Arc<str>", counted);
    print("1000 symbols", interned);
    assert_eq!(copied.current, 45_080_000);
    assert_eq!(counted.current, 151_216);
    assert_eq!(interned.current, 139_418);

    // One copy is at one address, whoever asks.
    assert!(Arc::ptr_eq(&arcs[0], &arcs[3]));
    assert_eq!(interner[symbols[0]].as_ptr(), interner[symbols[3]].as_ptr());
    assert_ne!(copies[0].as_ptr(), copies[3].as_ptr());

    // A text that is there as long as the program need not be copied even once.
    static WORDS: &str = include_str!("../data/words.txt");
    let ((symbol, interner), fixed) = measure(|| {
        let mut interner = Interner::new();
        (interner.intern_static(WORDS), interner)
    });
    assert_eq!(interner[symbol].as_ptr(), WORDS.as_ptr());
    print("one of 985 kB, interned", fixed);
    assert_eq!((interner.text_bytes(), fixed.current), (985_084, 186));

    // A reference counts nothing and takes 8 bytes, or 16 with the length: where one owner outlives all, it suffices.
    let (borrowed, lent) =
        measure(|| (0..PARTS).map(|part| &texts[part % texts.len()]).collect::<Vec<_>>());
    assert!(borrowed.iter().copied().eq(&copies));
    assert_eq!(lent.current, 8_000);
}

fn print(name: &str, stats: Stats) {
    println!("{name:>23}: {:>10} bytes, {:>10} at the peak", stats.current, stats.peak);
}
