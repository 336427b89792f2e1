//! Frozen strings are those of the interner, and images of them nothing else.
#![allow(unsafe_code)]

use memmap2::Mmap;
use pennyweight::define_symbol;
use pennyweight::intern::{Frozen, FrozenStrings, ImageError, Interner, Key, Seeded, Symbol, Text};
use pennyweight::profile::measure;
use pennyweight_baseline::image::{aligned, sealed};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{ErrorKind, Write};

fn symbol(index: usize) -> Symbol {
    Symbol::try_from_index(index).unwrap()
}

fn as_bytes(words: &[u64]) -> &[u8] {
    bytemuck::cast_slice(words)
}

fn numbers(count: usize) -> Interner {
    (0..count).map(|number| number.to_string()).collect()
}

fn of(texts: &[&str]) -> Interner {
    texts.iter().collect()
}

/// Looks for everything in what is frozen, as it is and through its image.
fn check<T: Text + ?Sized>(interner: &Interner<Symbol, T>, others: &[&T]) {
    let (frozen, strings) = (interner.freeze(), interner.freeze_strings());
    frozen.check_invariants();
    strings.check_invariants();
    let (bytes, alone) = (frozen.to_bytes(), strings.to_bytes());
    assert_eq!((bytes.len(), alone.len()), (frozen.heap_bytes() + 64, strings.heap_bytes() + 56));
    let (words, alone_words) = (aligned(&bytes), aligned(&alone));
    let open = Frozen::<Symbol, T, &[u64]>::open(as_bytes(&words)).unwrap();
    let alone_open = FrozenStrings::<Symbol, T, &[u64]>::open(as_bytes(&alone_words)).unwrap();
    open.check_invariants();
    alone_open.check_invariants();
    for (symbol, text) in interner {
        assert_eq!((frozen.get(text), open.get(text)), (Some(symbol), Some(symbol)));
        assert_eq!((&frozen[symbol], open.lend(symbol)), (text, Some(text)));
        assert_eq!((&strings[symbol], alone_open.lend(symbol)), (text, Some(text)));
    }
    for text in others {
        assert_eq!((frozen.get(text), open.get(text)), (interner.get(text), interner.get(text)));
        assert_eq!(frozen.contains(text), interner.contains(text));
    }
    let len = interner.len();
    assert_eq!((frozen.len(), strings.len()), (len, len));
    assert_eq!(frozen.try_resolve(symbol(len)), None);
    assert_eq!((open.lend(symbol(len)), alone_open.try_resolve(symbol(len))), (None, None));
    assert!(frozen.iter().eq(interner) && open.iter().rev().eq(interner.iter().rev()));
    assert!((0..len).all(|index| frozen.iter().nth(index) == interner.iter().nth(index)));
    assert_eq!((&frozen.clone(), &strings.clone()), (&frozen, frozen.strings()));
    assert!(open == frozen && alone_open == strings);
    assert_eq!(Frozen::<Symbol, T>::from_bytes(&bytes).unwrap().to_bytes(), bytes);
    assert_eq!(FrozenStrings::<Symbol, T>::from_bytes(&alone).unwrap().to_bytes(), alone);
    assert_eq!((open.to_bytes(), alone_open.to_bytes()), (bytes, alone));
    assert_eq!((open.heap_bytes(), alone_open.heap_bytes()), (0, 0));
    let thawed = frozen.thaw();
    thawed.check_invariants();
    assert_eq!(&thawed, interner);
    assert_eq!(Interner::<Symbol, T, RandomState>::from(&open), *interner);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-c]{0,4}",
        4 => "[a-zß€]{0,20}",
        1 => (0..2_u32, 100..70_000_usize).prop_map(|(which, len)| ["x", "yz"][which as usize].repeat(len)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn what_is_frozen_is_the_interner(texts in vec(text(), 0..40), many in 0..900_usize, others in vec(text(), 0..20)) {
        let mut interner = numbers(many);
        interner.extend(&texts);
        let bytes: Interner<Symbol, [u8]> = interner.iter().map(|(_, text)| text.as_bytes()).collect();
        check(&interner, &others.iter().map(|text| &text[..]).collect::<Vec<_>>());
        check(&bytes, &others.iter().map(|text| text.as_bytes()).collect::<Vec<_>>());
    }

    #[test]
    fn a_changed_image_is_refused_or_another_one(
        texts in vec(text(), 0..30),
        many in 0..200_usize,
        changes in vec((any::<prop::sample::Index>(), 0..64_u32), 1..4),
    ) {
        let mut interner = numbers(many);
        interner.extend(&texts);
        for bytes in [interner.freeze().to_bytes(), interner.freeze_strings().to_bytes()] {
            let mut words = aligned(&bytes);
            for (at, bit) in &changes {
                let at = 4 + at.index(words.len() - 4);
                words[at] ^= 1 << bit;
            }
            let words = sealed(words);
            let image = as_bytes(&words);
            if let Ok(frozen) = Frozen::<Symbol, str>::from_bytes(image) {
                frozen.check_invariants();
                prop_assert_eq!(frozen.to_bytes(), image);
                prop_assert_eq!(frozen.thaw().freeze(), frozen);
            }
            if let Ok(strings) = FrozenStrings::<Symbol, str>::from_bytes(image) {
                strings.check_invariants();
                prop_assert_eq!(strings.to_bytes(), image);
            }
        }
    }
}

#[test]
fn sizes_at_the_edges_of_blocks_are_right() {
    for count in [0, 1, 2, 3, 63, 64, 65, 107, 108, 109, 127, 128, 129, 1000, 20_000] {
        check(&numbers(count), &["", "x", "20000", "00"]);
    }
    let mut interner = Interner::new();
    // In the middle of a block, and so that it is just not too long, and just too long.
    for (number, len) in [10, 60_000, 5524, 5525, 70_000, 0, 65_536].into_iter().enumerate() {
        interner.extend((0..40).map(|more| format!("{number}/{more}")));
        interner.intern(&"x".repeat(len));
        check(&interner, &["x", "xx"]);
    }
}

#[test]
fn the_same_strings_give_the_same_image() {
    assert_eq!(numbers(5000).freeze().to_bytes(), numbers(5000).clone().freeze().to_bytes());
    let frozen = numbers(5000).freeze();
    assert_eq!(frozen.thaw().freeze().to_bytes(), frozen.to_bytes());
}

#[test]
fn strings_that_were_chosen_to_collide_are_found_soon_all_the_same() {
    let hash = |text: &str| {
        let mut hasher = Seeded::with_seed(0).build_hasher();
        hasher.write(text.as_bytes());
        hasher.finish()
    };
    // Alike in the bits that choose a place, for tables of any size up to some thousands.
    let chosen: Vec<String> = (0_u32..)
        .map(|number| number.to_string())
        .filter(|text| hash(text) >> 51 == 0)
        .take(100)
        .collect();
    let mut interner: Interner = chosen.iter().collect();
    interner.extend(numbers(2000).iter().map(|(_, text)| text));
    check(&interner, &["x"]);
    // That the seed is another one is told by the image.
    assert_ne!(interner.freeze().to_bytes(), interner.freeze().to_bytes());
}

#[test]
fn symbols_must_suffice_for_the_strings_of_an_image() {
    define_symbol!(Tiny: u8);
    let (fits, more) = (numbers(255).freeze().to_bytes(), numbers(256).freeze().to_bytes());
    assert_eq!(Frozen::<Tiny>::from_bytes(&fits).unwrap().get("254"), Tiny::try_from_index(254));
    let error = Frozen::<Tiny>::from_bytes(&more).unwrap_err();
    assert_eq!(error, ImageError::Invalid("it has more strings than the type has symbols"));
}

#[test]
fn what_is_wrong_with_an_image_is_named() {
    let image = of(&["Ä", "b"]).freeze();
    let bytes = image.to_bytes();
    assert_eq!(
        Frozen::<Symbol, [u8]>::from_bytes(&bytes).unwrap_err().to_string(),
        "the image is of Frozen, not of Frozen<u8>"
    );
    assert_eq!(
        FrozenStrings::<Symbol>::from_bytes(&bytes).unwrap_err().to_string(),
        "the image is of Frozen, not of FrozenStrings"
    );
    let strings = aligned(&image.strings().to_bytes());
    let text = 4 + 3;
    assert_eq!(strings[text], u64::from_le_bytes(*b"\xc3\x84b\0\0\0\0\0"));
    let changed = |word: &[u8; 8]| {
        let mut words = strings.clone();
        words[text] = u64::from_ne_bytes(*word);
        FrozenStrings::<Symbol>::from_bytes(as_bytes(&sealed(words)))
            .map(|strings| strings[symbol(0)].to_owned())
    };
    assert_eq!(changed(b"\xc3\x96b\0\0\0\0\0"), Ok("Ö".to_owned()));
    assert_eq!(changed(b"\xc3bb\0\0\0\0\0"), Err(ImageError::Invalid("a string is not UTF-8")));
    // All of the text is UTF-8, and no string is.
    assert_eq!(changed(b"b\xc3\x84\0\0\0\0\0"), Err(ImageError::Invalid("a string is not UTF-8")));
    let filled = changed(b"\xc3\x84b\0\0\0\0\x01");
    assert_eq!(filled, Err(ImageError::Invalid("a section is not filled up with zeros")));

    // Two strings are made equal, or one is put elsewhere than its hash.
    let mut words = aligned(&of(&["a", "b"]).freeze().to_bytes());
    let text = 4 + 4;
    assert_eq!(words[text].to_ne_bytes()[..2], *b"ab");
    for forged in [b"aa", b"ba", b"ac"] {
        let mut bytes = [0; 8];
        bytes[..2].copy_from_slice(forged);
        words[text] = u64::from_ne_bytes(bytes);
        let error = Frozen::<Symbol>::from_bytes(as_bytes(&sealed(words.clone()))).unwrap_err();
        assert_eq!(error, ImageError::Invalid("a string is not found, or is there twice"));
    }
}

#[test]
fn ends_that_are_wrong_are_named() {
    let strings = aligned(&numbers(129).freeze_strings().to_bytes());
    // Behind the header and three fields, 277 bytes of text, and where two blocks begin.
    let ends = 4 + 3 + 35 + 2;
    assert_eq!(strings.len(), ends + 33);
    let changed = |end: usize, value: u64| {
        let mut words = strings.clone();
        let shift = end % 4 * 16;
        words[ends + end / 4] = words[ends + end / 4] & !(0xffff << shift) | value << shift;
        FrozenStrings::<Symbol>::from_bytes(as_bytes(&sealed(words))).map(|strings| strings.len())
    };
    let behind = "a string ends before it begins, or behind all text";
    let elsewhere = "a block of strings begins elsewhere";
    // The first block has a zero and the ends of ten strings of one byte, of 90 of two, and of 28 of three; the second a zero and 3.
    for (end, value, wrong) in [
        (0, 1, elsewhere),
        (2, 2, ""),
        (2, 0, behind),
        (2, 4, behind),
        (128, 275, elsewhere),
        (128, 278, behind),
        (128, 273, elsewhere),
        (129, 1, elsewhere),
        (130, 2, "the last string ends elsewhere"),
        (130, 4, behind),
        (131, 3, "an end is set that no string has"),
    ] {
        let expected = if wrong.is_empty() { Ok(129) } else { Err(ImageError::Invalid(wrong)) };
        assert_eq!(changed(end, value), expected, "end {end} is {value}");
    }
}

#[test]
fn a_mapped_file_is_searched_without_a_byte_of_heap() {
    let interner = numbers(10_000);
    let path = std::env::temp_dir().join(format!("pennyweight-{}-frozen", std::process::id()));
    let mut file = File::create_new(&path).unwrap();
    interner.freeze().write_to(&mut file).unwrap();
    file.flush().unwrap();
    let file = File::open(&path).unwrap();
    // SAFETY: nobody else knows the file, so that nobody changes it.
    let map = unsafe { Mmap::map(&file) }.unwrap();
    std::fs::remove_file(&path).unwrap();
    let ((), stats) = measure(|| {
        let frozen: Frozen<_, _, &[u64]> = Frozen::open(&map).unwrap();
        assert!(interner.iter().all(|(symbol, text)| frozen.get(text) == Some(symbol)));
        assert!(interner.iter().all(|(symbol, text)| frozen.resolve(symbol) == text));
    });
    assert_eq!(stats.allocations, 0);
}

#[test]
fn an_image_is_read_from_among_other_bytes() {
    let (frozen, strings) = (numbers(300).freeze(), numbers(70).freeze_strings());
    let mut bytes = Vec::new();
    frozen.write_to(&mut bytes).unwrap();
    strings.write_to(&mut bytes).unwrap();
    let mut reader = &bytes[..];
    assert_eq!(Frozen::read_from(&mut reader).unwrap(), frozen);
    assert_eq!(FrozenStrings::read_from(&mut reader).unwrap(), strings);
    assert!(reader.is_empty());
    let error = Frozen::<Symbol>::read_from(&bytes[..1000]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
}

/// string-interner #46: after it had been shrunk, it looked for strings where they had been.
#[test]
fn an_interner_that_was_shrunk_and_frozen_finds_its_strings() {
    let mut interner = numbers(100);
    interner.shrink_to_fit();
    let frozen = interner.freeze();
    interner.extend(["more", "and more"]);
    interner.shrink_to_fit();
    assert!((0..100).all(|number| frozen.get(&number.to_string()) == Some(symbol(number))));
    assert_eq!((frozen.get("more"), interner.get("more")), (None, Some(symbol(100))));
    check(&interner, &["more"]);
}

#[test]
#[should_panic = "no symbol of index 7: the interner's length is 1"]
fn a_symbol_that_is_not_there_panics_with_both_numbers() {
    let _ = numbers(1).freeze().resolve(symbol(7));
}

/// Each line is a length, and the hashes of the first so many letters by two seeds.
fn hashes() -> String {
    let text = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";
    let hash = |seed: u64, len: usize| {
        let mut hasher = Seeded::with_seed(seed).build_hasher();
        hasher.write(&text.as_bytes()[..len]);
        hasher.finish()
    };
    (0..=40).map(|len| format!("{len} {:016x} {:016x}\n", hash(0, len), hash(2026, len))).collect()
}

/// Images hold tables by this hash: where it changes before the first release, files are written anew by
/// `cargo test --all-features -- --ignored anew`, and behind that it never does.
#[test]
fn the_hash_is_the_same_for_ever() {
    assert_eq!(hashes(), include_str!("hashes.txt"));
}

#[test]
#[ignore = "writes the hashes anew: only where they change before the first release"]
fn write_the_hashes_anew() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/intern/hashes.txt");
    std::fs::write(path, hashes()).unwrap();
}

#[test]
fn a_shared_interner_freezes_under_dense_symbols() {
    let shared = pennyweight::intern::SharedInterner::new();
    let olds: Vec<_> = (0..5000).map(|number| shared.intern(&number.to_string())).collect();
    let (frozen, remap) = shared.freeze();
    let text = |old| frozen.resolve(remap.get(old).unwrap());
    assert!(olds.iter().map(|&old| text(old)).eq((0..5000).map(|number| number.to_string())));
    let mut news: Vec<_> = olds.iter().map(|&old| remap.get(old).unwrap().index()).collect();
    news.sort_unstable();
    assert!(news.into_iter().eq(0..5000));
    frozen.check_invariants();
}
