//! Any operations do to an interner what they do to a map and a list.

use pennyweight::HeapSize;
use pennyweight::intern::{Interner, Key, Seeded, Symbol, Text};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::HashMap;
use std::fmt::Debug;

/// The naive twin.
struct Twin<T: ?Sized + ToOwned> {
    texts: Vec<T::Owned>,
    indices: HashMap<T::Owned, usize>,
}

#[derive(Clone, Debug)]
enum Operation {
    Intern(Vec<u8>),
    /// Many short strings that follow a number.
    InternMany(u32, u16),
    Static(usize),
    Get(Vec<u8>),
    Resolve(usize),
    Shrink,
    Reserve(usize),
    Clear,
    Clone,
    Compact(usize),
}

/// Strings of all lengths that matter, with many that are the same or begin alike.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let few = vec(b'a'..=b'c', 0..4);
    let short = vec(b'a'..=b'z', 0..40);
    let long = (0..2_usize, 40..20_000_usize).prop_map(|(byte, len)| vec![b'x' + byte as u8; len]);
    prop_oneof![4 => few, 4 => short, 1 => long]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        12 => text().prop_map(Operation::Intern),
        4 => (0..100_000_u32, 0..600_u16).prop_map(|(from, count)| Operation::InternMany(from, count)),
        2 => (0..200_usize).prop_map(Operation::Static),
        4 => text().prop_map(Operation::Get),
        4 => any::<prop::sample::Index>().prop_map(|index| Operation::Resolve(index.index(5000))),
        1 => Just(Operation::Shrink),
        1 => (0..3000_usize).prop_map(Operation::Reserve),
        1 => Just(Operation::Clear),
        1 => Just(Operation::Clone),
        1 => (1..5_usize).prop_map(Operation::Compact),
    ]
}

/// A text that is always there.
static STATIC: &str = "always there, and longer than what an interner copies: \
    the quick brown fox jumps over the lazy dog, and the dog sleeps on, as dogs will in the afternoon when it is warm.....";

fn check<T>(
    operations: &[Operation],
    of: fn(&[u8]) -> &T,
    fixed: &'static T,
    part: fn(&'static T, usize) -> &'static T,
) where
    T: Text + ToOwned + ?Sized + PartialEq + Debug,
    T::Owned: std::hash::Hash + Eq + Clone + Debug,
{
    let symbol = |index| Symbol::try_from_index(index).unwrap();
    let mut interner = Interner::<Symbol, T, Seeded>::default();
    let mut twin = Twin::<T> { texts: Vec::new(), indices: HashMap::new() };
    let put = |interner: &mut Interner<Symbol, T>, twin: &mut Twin<T>, text: &T, got: Symbol| {
        let next = twin.texts.len();
        let index = *twin.indices.entry(text.to_owned()).or_insert_with(|| {
            twin.texts.push(text.to_owned());
            next
        });
        assert_eq!(got.index(), index);
        assert_eq!(interner.len(), twin.texts.len());
    };
    for operation in operations {
        match operation {
            Operation::Intern(bytes) => {
                let got = interner.intern(of(bytes));
                put(&mut interner, &mut twin, of(bytes), got);
            }
            Operation::InternMany(from, count) => {
                for number in *from..from + u32::from(*count) {
                    let text = number.to_string();
                    let got = interner.intern(of(text.as_bytes()));
                    put(&mut interner, &mut twin, of(text.as_bytes()), got);
                }
            }
            Operation::Static(len) => {
                let text = part(fixed, *len);
                let got = interner.intern_static(text);
                put(&mut interner, &mut twin, text, got);
            }
            Operation::Get(bytes) => {
                let index = twin.indices.get::<T::Owned>(&of(bytes).to_owned()).copied();
                assert_eq!(interner.get(of(bytes)).map(Key::index), index);
                assert_eq!(interner.contains(of(bytes)), index.is_some());
            }
            Operation::Resolve(index) => {
                let text = interner.try_resolve(symbol(*index)).map(ToOwned::to_owned);
                assert_eq!(text.as_ref(), twin.texts.get(*index));
            }
            Operation::Shrink => interner.shrink_to_fit(),
            Operation::Reserve(more) => interner.reserve(*more),
            Operation::Clear => {
                interner.clear();
                twin.texts.clear();
                twin.indices.clear();
            }
            Operation::Clone => {
                let copy = interner.clone();
                assert_eq!(copy, interner);
                interner = copy;
            }
            Operation::Compact(every) => {
                let len = interner.len();
                let keep = |symbol: Symbol| symbol.index().is_multiple_of(*every);
                let (kept, remap) = interner.compact(|symbol, _| keep(symbol));
                interner = kept;
                let texts: Vec<_> = twin.texts.iter().step_by(*every).cloned().collect();
                for old in (0..len).map(symbol) {
                    let new = remap.get(old).map(|new| interner.resolve(new).to_owned());
                    assert_eq!(new.as_ref(), keep(old).then(|| &twin.texts[old.index()]));
                }
                twin.indices = texts.iter().cloned().zip(0..).collect();
                twin.texts = texts;
            }
        }
        if !matches!(operation, Operation::Get(_) | Operation::Resolve(_)) {
            interner.check_invariants();
        }
    }
    assert_eq!(HeapSize::heap_bytes(&interner), interner.heap_bytes());
    assert!(interner.iter().map(|(_, text)| text.to_owned()).eq(twin.texts.iter().cloned()));
    assert!(interner.iter().rev().map(|(key, _)| key.index()).eq((0..twin.texts.len()).rev()));
    interner.check_invariants();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_operations_do_what_they_do_to_the_twin(operations in vec(operation(), 0..120)) {
        check::<str>(&operations, |bytes| str::from_utf8(bytes).unwrap(), STATIC, |text, len| &text[..len.min(text.len())]);
        check::<[u8]>(&operations, |bytes| bytes, STATIC.as_bytes(), |text, len| &text[..len.min(text.len())]);
    }
}
