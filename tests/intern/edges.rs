//! What is refused, and what ends badly.

use pennyweight::define_symbol;
use pennyweight::intern::{
    InternError, Interner, Key, Limits, Seeded, SeededHasher, SharedInterner, Symbol,
};
use pennyweight::profile::measure;
use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

define_symbol!(pub(crate) Tiny: u8);
define_symbol!(Wide: u64);

#[test]
fn the_key_space_ends_with_an_error_and_all_symbols_valid() {
    let mut interner: Interner<Tiny> = Interner::default();
    let names: Vec<String> = (0..255).map(|number| number.to_string()).collect();
    interner.extend(&names);
    assert_eq!(interner.try_intern("one more"), Err(InternError::Symbols { most: 255 }));
    assert!(interner.iter().map(|(_, text)| text).eq(&names));
    assert_eq!(interner.try_intern("254").map(Key::index), Ok(254));
    interner.check_invariants();
}

#[test]
fn options_of_symbols_take_no_more() {
    assert_eq!((size_of::<Option<Tiny>>(), size_of::<Option<Symbol>>()), (1, 4));
    assert_eq!(size_of::<Option<Wide>>(), 8);
    assert_eq!(Tiny::try_from_index(255), None);
    assert_eq!(Symbol::try_from_index(u32::MAX as usize), None);
    assert_eq!(format!("{:?}", Tiny::try_from_index(254)), "Some(Tiny(254))");
}

#[test]
fn bytes_stay_within_their_limit() {
    let text = |number: usize| format!("{number:0width$}", width = number % 50 + 4);
    for limit in (0..40_000).step_by(1777) {
        let mut interner = Interner::with_limits(Limits { bytes: limit, ..Limits::NONE });
        let (refused, stats) =
            measure(|| (0..2000).find_map(|number| interner.try_intern(&text(number)).err()));
        assert!(stats.current as usize <= limit && interner.heap_bytes() <= limit);
        let Some(InternError::Bytes { limit: told, needed }) = refused else {
            panic!("{refused:?}")
        };
        assert!(told == limit && needed > limit);
        let len = interner.len();
        assert!((0..len).all(|number| interner.get(&text(number)).is_some()));
        interner.check_invariants();
        // With room again, it goes on.
        interner.set_limits(Limits::NONE);
        interner.extend((0..2000).map(text));
        assert_eq!(interner.len(), 2000);
        interner.check_invariants();
    }
}

/// What it holds already is not given back, and what fits the room that it has is taken.
#[test]
fn limits_below_what_it_takes_let_it_fill_its_room() {
    let mut interner: Interner = (0..1000).map(|number| number.to_string()).collect();
    let bytes = interner.heap_bytes();
    interner.set_limits(Limits { bytes: 10, ..Limits::NONE });
    let texts = (1000..).map(|number: usize| number.to_string());
    let refused = texts.clone().find_map(|text| interner.try_intern(&text).err());
    assert!(matches!(refused, Some(InternError::Bytes { limit: 10, needed }) if needed >= bytes));
    assert_eq!(interner.heap_bytes(), bytes);
    let len = interner.len();
    assert!(len > 1000 && len < 1300, "{len}");
    assert!(texts.take(len - 1000).all(|text| interner.try_intern(&text).is_ok()));
    interner.check_invariants();

    // No more symbols are given at all.
    interner.set_limits(Limits { symbols: 10, ..Limits::NONE });
    assert_eq!(interner.try_intern("new"), Err(InternError::Symbols { most: len }));
}

/// Within a block as at its end, and in a copy.
#[test]
fn a_limit_of_symbols_that_is_set_later_holds_at_once() {
    for most in [1000, 1003, 1023, 1024, 1025, 1100] {
        let mut interner: Interner = (0..1000).map(|number| number.to_string()).collect();
        interner.set_limits(Limits { symbols: most, ..Limits::NONE });
        let mut copy = interner.clone();
        copy.check_invariants();
        for interner in [&mut interner, &mut copy] {
            let mut texts = (1000..).map(|number: usize| number.to_string());
            let refused = texts.find_map(|text| interner.try_intern(&text).err());
            assert_eq!(refused, Some(InternError::Symbols { most }));
            assert_eq!(interner.len(), most);
            interner.check_invariants();
        }
    }
}

#[test]
#[should_panic = "no symbol of index 7: the interner's length is 1"]
fn a_symbol_that_is_not_there_panics_with_both_numbers() {
    let mut interner = Interner::new();
    interner.intern("x");
    let _ = interner.resolve(Symbol::try_from_index(7).unwrap());
}

#[test]
fn a_resolved_string_stays_where_it_is() {
    let mut interner = Interner::new();
    let texts = (0..20_000).map(|number| format!("{number:0width$}", width = number % 90));
    let mut places = Vec::new();
    for text in texts {
        let symbol = interner.intern(&text);
        places.push((symbol, interner.resolve(symbol).as_ptr().addr()));
    }
    interner.shrink_to_fit();
    assert!(places.iter().all(|&(symbol, at)| interner.resolve(symbol).as_ptr().addr() == at));
}

#[test]
fn static_strings_are_not_copied_where_that_takes_less() {
    let long: &'static str = "a string of more than thirty-two bytes, which is not copied";
    let mut interner = Interner::new();
    let (short, symbol) = (interner.intern_static("short"), interner.intern_static(long));
    assert_eq!(interner.resolve(symbol).as_ptr(), long.as_ptr());
    assert_eq!(interner.clone().resolve(symbol).as_ptr(), long.as_ptr());
    assert_eq!((interner.intern(long), interner.intern("short")), (symbol, short));
    interner.check_invariants();
}

/// Bounds count to 65,535.
#[test]
fn a_block_takes_as_many_bytes_as_its_bounds_can_count() {
    for last in [2047, 2048] {
        // So many that the next block expects such strings.
        let mut texts: Vec<String> =
            (0..64 * 100).map(|number| format!("{number:01000}")).collect();
        texts.extend((0..63).map(|number| format!("{number:01024}")));
        texts.push("x".repeat(last));
        let mut interner: Interner = texts.iter().collect();
        interner.check_invariants();
        let short: Vec<String> = (0..2000).map(|number| number.to_string()).collect();
        interner.extend(&short);
        interner.check_invariants();
        assert!(interner.iter().map(|(_, text)| text).eq(texts.iter().chain(&short)));
        // What lies apart lies in a buffer of its own: the first string of a block, at which the bounds begin anew, and what they cannot
        // count.
        let of = |index: usize| interner.resolve(Symbol::try_from_index(index).unwrap());
        let before = of(64 * 100 + 62);
        let follows = before.as_ptr().wrapping_add(before.len()) == of(64 * 100 + 63).as_ptr();
        assert_eq!(follows, last == 2047);
    }
}

/// The string at which the bounds begin anew lies apart, and is found like others.
#[test]
fn bounds_count_on_behind_64_kilobytes() {
    let texts: Vec<String> = (0..40_000).map(|number| format!("{number:07}")).collect();
    let mut interner: Interner = texts.iter().collect();
    interner.extend(&texts);
    assert_eq!(interner.len(), texts.len());
    interner.check_invariants();
    let read: Vec<&str> = interner.iter().map(|(_, text)| text).collect();
    assert!(read.iter().eq(&texts));
    assert!(
        texts.iter().all(|text| interner.get(text).map(|symbol| &interner[symbol]) == Some(text))
    );
    let breaks =
        read.windows(2).filter(|pair| pair[0].as_ptr().wrapping_add(7) != pair[1].as_ptr());
    // Chunks grow by an eighth of the text up to 64 KB, and the bounds begin anew four times.
    assert!(breaks.count() < 80);
    let mut copy = interner.clone();
    copy.shrink_to_fit();
    copy.check_invariants();
    assert_eq!(copy, interner);
    assert_eq!(copy.intern("more"), interner.intern("more"));
}

/// A hash that panics at will.
#[derive(Default)]
pub(crate) struct Panicking {
    left: AtomicUsize,
    state: RandomState,
}

impl Panicking {
    /// Lets so many hashes pass before the next panic.
    pub(crate) fn allow(&self, hashes: usize) {
        self.left.store(hashes, Relaxed);
    }
}

impl BuildHasher for Panicking {
    type Hasher = <RandomState as BuildHasher>::Hasher;

    fn build_hasher(&self) -> Self::Hasher {
        let left = self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1));
        left.expect("the hash panics");
        self.state.build_hasher()
    }
}

#[test]
fn a_hash_that_panics_loses_and_doubles_nothing() {
    let mut interner = Interner::<Symbol, str, Panicking>::default();
    interner.hasher().allow(100_000);
    let mut panics = 0;
    for round in 0..6000_usize {
        // While the table is filled anew, it panics sooner or later.
        interner.hasher().allow(1 + round * 7 % 900);
        // Every other string is a long one.
        let text = format!("{:0width$}", round / 2, width = 4 + round / 2 % 2 * 8);
        let done = catch_unwind(AssertUnwindSafe(|| interner.intern(&text)));
        panics += usize::from(done.is_err());
        interner.hasher().allow(100_000);
        if round % 512 == 0 {
            assert!((0..interner.len()).all(|index| {
                let symbol = Symbol::try_from_index(index).unwrap();
                interner.get(interner.resolve(symbol)) == Some(symbol)
            }));
        }
        assert_eq!(interner.intern(&text).index(), round / 2);
    }
    assert!(panics > 0);
    interner.check_invariants();
}

/// Some strings are in no table then, though there is room for more.
#[test]
fn a_hash_that_panics_while_room_is_made_doubles_nothing() {
    for limited in [false, true] {
        let mut interner = Interner::<Symbol, str, Panicking>::default();
        interner.hasher().allow(100_000);
        interner.extend((0..1000).map(|number| number.to_string()));
        interner.hasher().allow(500);
        assert!(catch_unwind(AssertUnwindSafe(|| interner.reserve(10_000))).is_err());
        interner.hasher().allow(100_000);
        if limited {
            interner.set_limits(Limits { symbols: 1020, ..Limits::NONE });
        }
        for number in (0..1020_usize).rev() {
            let symbol = interner.intern(&number.to_string());
            assert_eq!(symbol.index(), if number < 1000 { number } else { 2019 - number });
        }
        assert_eq!(interner.len(), 1020);
        interner.check_invariants();
    }
}

/// The worst of all hashes.
#[derive(Default)]
pub(crate) struct Same;

impl BuildHasher for Same {
    type Hasher = Same;

    fn build_hasher(&self) -> Same {
        Same
    }
}

impl Hasher for Same {
    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        0
    }
}

#[test]
fn equal_hashes_are_slow_and_right() {
    let mut interner = Interner::<Symbol, str, Same>::default();
    interner.extend((0..500).map(|number| number.to_string()));
    interner.extend((0..500).map(|number| number.to_string()));
    assert_eq!(interner.len(), 500);
    assert_eq!(interner.get("500"), None);
    interner.check_invariants();
}

#[test]
fn panics_point_at_the_caller() {
    use std::panic::{set_hook, take_hook};
    thread_local! {
        static HERE: Cell<Option<bool>> = const { Cell::new(None) };
    }
    fn full() -> Interner {
        Interner::with_limits(Limits { symbols: 0, ..Limits::NONE })
    }
    fn shared() -> SharedInterner {
        SharedInterner::with_limits(Limits { symbols: 0, ..Limits::NONE })
    }
    let symbol = || Symbol::try_from_index(0).unwrap();
    let names = || (0..256).map(|number| number.to_string());
    let calls: [(&str, &dyn Fn()); 10] = [
        ("intern", &|| _ = full().intern("a")),
        ("intern of a long string", &|| _ = full().intern("a string of 22 letters")),
        ("intern_static", &|| _ = full().intern_static("a")),
        ("reserve", &|| full().reserve(1)),
        ("extend", &|| full().extend(["a"])),
        ("resolve", &|| _ = full().resolve(symbol()).len()),
        ("encode", &|| _ = Interner::<Tiny>::encode(names())),
        ("from_iter", &|| _ = Interner::<Tiny>::from_iter(names())),
        ("shared intern", &|| _ = shared().intern("a")),
        ("shared resolve", &|| _ = shared().resolve(symbol()).len()),
    ];

    let before = take_hook();
    set_hook(Box::new(move |info| {
        HERE.set(info.location().map(|location| location.file() == file!()));
        before(info);
    }));
    for (name, call) in calls {
        HERE.set(None);
        assert!(catch_unwind(AssertUnwindSafe(call)).is_err(), "{name} does not panic");
        assert_eq!(HERE.get(), Some(true), "the panic of {name} points elsewhere");
    }
}

/// A hash that is another each time.
#[derive(Default)]
struct Lying(AtomicUsize);

impl BuildHasher for Lying {
    type Hasher = SeededHasher;

    fn build_hasher(&self) -> SeededHasher {
        Seeded::with_seed(self.0.fetch_add(1, Relaxed) as u64).build_hasher()
    }
}

impl Clone for Lying {
    fn clone(&self) -> Self {
        Self(AtomicUsize::new(self.0.load(Relaxed)))
    }
}

#[test]
fn a_hash_that_lies_loses_strings_and_no_memory() {
    let mut interner = Interner::<Symbol, str, Lying>::default();
    for number in 0..2000 {
        let text = (number % 20).to_string();
        let symbol = interner.intern(&text);
        assert_eq!(interner.resolve(symbol), text);
        // By luck alone it is found, but it is never another.
        assert!(interner.get(&text).is_none_or(|symbol| interner[symbol] == text));
        if number % 500 == 0 {
            interner.shrink_to_fit();
        }
    }
    let distinct: HashSet<&str> = interner.iter().map(|(_, text)| text).collect();
    assert!(distinct.len() == 20 && interner.len() > 1000);
    let copy = interner.clone();
    assert_eq!(copy, interner);
    let (half, remap) = copy.compact(|symbol, _| symbol.index() % 2 == 0);
    assert!(remap.iter().all(|(old, new)| interner[old] == half[new]));
    // Each is there more often than slots can tell apart.
    let frozen = catch_unwind(AssertUnwindSafe(|| interner.freeze()));
    assert!(frozen.is_err());
    assert_eq!(interner.freeze_strings().len(), interner.len());
    let shared = SharedInterner::<Symbol, str, Lying>::default();
    (&shared).extend((0..2000).map(|number| (number % 20).to_string()));
    let texts: HashSet<&str> = shared.iter().map(|(_, text)| text).collect();
    assert!(texts.len() == 20 && shared.len() > 1000);
    assert!(catch_unwind(AssertUnwindSafe(|| shared.freeze())).is_err());
}

thread_local! {
    /// What a [`Liar`] is made of an index at present.
    static LIE: Cell<fn(usize) -> Option<Liar>> = const { Cell::new(honest) };
}

/// A key that is not that of its index, and not always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Liar(usize);

fn honest(index: usize) -> Option<Liar> {
    Some(Liar(index))
}

impl Key for Liar {
    fn try_from_index(index: usize) -> Option<Self> {
        LIE.get()(index)
    }

    fn index(self) -> usize {
        usize::MAX - self.0
    }
}

#[test]
fn a_key_that_lies_names_no_string_and_changes_none() {
    let mut interner = Interner::<Liar>::default();
    let shared = SharedInterner::<Liar>::default();
    let lies: [fn(usize) -> Option<Liar>; 3] =
        [honest, |_| None, |index| panic!("no key for {index}")];
    for (round, lie) in lies.into_iter().cycle().take(300).enumerate() {
        LIE.set(lie);
        let text = round.to_string();
        for result in [
            catch_unwind(AssertUnwindSafe(|| interner.try_intern(&text))),
            catch_unwind(AssertUnwindSafe(|| shared.try_intern(&text))),
        ] {
            match (round % 3, result) {
                (0, Ok(Ok(_))) | (1, Ok(Err(InternError::Symbols { .. }))) | (2, Err(_)) => {}
                (_, other) => panic!("{other:?}"),
            }
        }
        LIE.set(honest);
        let symbol = interner.get("0").unwrap();
        assert_eq!((interner.try_resolve(symbol), shared.try_resolve(symbol)), (None, None));
        assert_eq!((interner.len(), shared.len()), (round / 3 + 1, round / 3 + 1));
    }
    let frozen = interner.freeze();
    assert_eq!(frozen.try_resolve(Liar(0)), None);
    assert!(interner.iter().map(|(_, text)| text).eq((0..300).step_by(3).map(|n| n.to_string())));
    assert_eq!(shared.iter().count(), 100);
}

#[test]
fn an_iterator_that_panics_leaves_what_it_gave_before() {
    let mut interner = Interner::new();
    let texts = (0..100).map(|number| match number {
        70 => panic!("the iterator panics"),
        _ => number.to_string(),
    });
    assert!(catch_unwind(AssertUnwindSafe(|| interner.extend(texts))).is_err());
    interner.check_invariants();
    assert_eq!((interner.len(), interner.get("69").map(Key::index)), (70, Some(69)));
    // One that says how long it is, and that is more than there can be.
    assert!(matches!(
        Interner::<Symbol>::default().try_intern_all((0..).map(|number: u32| number.to_string())),
        Err(InternError::Reserve(_))
    ));
}

#[test]
fn a_column_is_remapped_as_a_whole_or_not_at_all() {
    let mut names = Interner::new();
    let column = ["a", "b", "c", "a"].map(|name| names.intern(name));
    let (names, remap) = names.compact(|_, name| name != "b");
    let mut remapped = column;
    let error = remap.apply(&mut remapped).unwrap_err();
    assert_eq!((error.place, error.symbol, remapped), (1, column[1], column));
    assert_eq!(error.to_string(), "no string was kept for Symbol(1), at 1 of the column");
    let mut remapped = [column[2], column[3]];
    assert_eq!(remap.apply(&mut remapped), Ok(()));
    assert_eq!(remapped.map(|symbol| names.resolve(symbol)), ["c", "a"]);
}
