//! Any operations do to a slab and its map what they do to a map of numbers that are never given twice.

use pennyweight::HeapSize;
use pennyweight::pool::{Bits, Handle, Handle32, InsertError, Key, Slab, SlabError, SlabMap};
use pennyweight_baseline::slab::Slab as Twin;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt::Debug;

#[derive(Clone, Debug)]
enum Operation {
    Insert(u16),
    InsertMany(u8),
    InsertWithKey(u16),
    /// One of all handles that were ever given.
    Get(prop::sample::Index),
    Change(prop::sample::Index, u16),
    Swap(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index),
    /// As often as uses up slots of `Handle32`.
    Churn(u8),
    Retain(u8),
    Drain(u8),
    Clear,
    Compact,
    Clone,
    Reserve(u8),
    Shrink,
    Annotate(prop::sample::Index, u16),
    Forget(prop::sample::Index),
    ForgetTheDead,
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation as O;
    let any_handle = any::<prop::sample::Index>;
    prop_oneof![
        8 => any::<u16>().prop_map(O::Insert),
        2 => any::<u8>().prop_map(O::InsertMany),
        2 => any::<u16>().prop_map(O::InsertWithKey),
        4 => any_handle().prop_map(O::Get),
        2 => (any_handle(), any::<u16>()).prop_map(|(handle, value)| O::Change(handle, value)),
        2 => (any_handle(), any_handle()).prop_map(|(a, b)| O::Swap(a, b)),
        10 => any_handle().prop_map(O::Remove),
        2 => any::<u8>().prop_map(O::Churn),
        1 => (1..6_u8).prop_map(O::Retain),
        1 => any::<u8>().prop_map(O::Drain),
        1 => Just(O::Clear),
        1 => Just(O::Compact),
        1 => Just(O::Clone),
        1 => any::<u8>().prop_map(O::Reserve),
        1 => Just(O::Shrink),
        4 => (any_handle(), any::<u16>()).prop_map(|(handle, value)| O::Annotate(handle, value)),
        2 => any_handle().prop_map(O::Forget),
        1 => Just(O::ForgetTheDead),
    ]
}

/// A slab, a map beside it, their twins, and all handles that the slab has given since it was compacted.
struct Run<T, H: Key> {
    slab: Slab<T, H>,
    twin: Twin<T>,
    map: SlabMap<u16, H>,
    /// By the number of the twin.
    notes: std::collections::HashMap<u32, u16>,
    given: Vec<(H, u32)>,
    of: fn(u16) -> T,
}

impl<T: Clone + PartialEq + Debug, H: Key> Run<T, H> {
    fn insert(&mut self, value: u16) {
        let handle = self.slab.insert((self.of)(value));
        self.given.push((handle, self.twin.insert((self.of)(value))));
    }

    fn one(&self, index: prop::sample::Index) -> Option<(H, u32)> {
        (!self.given.is_empty()).then(|| *index.get(&self.given))
    }

    fn number(&self, handle: H) -> u32 {
        self.given.iter().find(|given| given.0 == handle).expect("a handle that was given").1
    }

    fn run(&mut self, operation: &Operation) {
        match *operation {
            Operation::Insert(value) => self.insert(value),
            Operation::InsertMany(count) => (0..count).for_each(|value| self.insert(value.into())),
            Operation::InsertWithKey(value) => {
                let value = (self.of)(value);
                let mut told = None;
                let handle = self.slab.insert_with_key(|handle| {
                    told = Some(handle);
                    value.clone()
                });
                assert_eq!(told, Some(handle));
                self.given.push((handle, self.twin.insert(value)));
            }
            Operation::Get(index) => {
                if let Some((handle, number)) = self.one(index) {
                    assert_eq!(self.slab.get(handle), self.twin.get(number));
                    assert_eq!(self.slab.contains(handle), self.twin.get(number).is_some());
                }
            }
            Operation::Change(index, value) => {
                if let Some((handle, number)) = self.one(index) {
                    let value = (self.of)(value);
                    let changed = self.slab.get_mut(handle).map(|old| *old = value.clone());
                    assert_eq!(changed, self.twin.get_mut(number).map(|old| *old = value));
                }
            }
            Operation::Swap(a, b) => {
                if let (Some((a, first)), Some((b, second))) = (self.one(a), self.one(b)) {
                    let both = self.slab.get_disjoint_mut([a, b]);
                    let there = self.twin.get(first).is_some() && self.twin.get(second).is_some();
                    assert_eq!(both.is_some(), there && first != second);
                    if let Some([one, other]) = both {
                        std::mem::swap(one, other);
                        let value = self.twin.get(first).cloned().unwrap();
                        let value = std::mem::replace(self.twin.get_mut(second).unwrap(), value);
                        *self.twin.get_mut(first).unwrap() = value;
                    }
                }
            }
            Operation::Remove(index) => {
                if let Some((handle, number)) = self.one(index) {
                    assert_eq!(self.slab.remove(handle), self.twin.remove(number));
                }
            }
            Operation::Churn(times) => {
                for value in 0..u16::from(times) {
                    self.insert(value);
                    let (handle, number) = self.given[self.given.len() - 1];
                    assert_eq!(self.slab.remove(handle), self.twin.remove(number));
                }
            }
            Operation::Retain(every) => {
                let given = std::mem::take(&mut self.given);
                let number = |handle| given.iter().find(|given| given.0 == handle).unwrap().1;
                let kept = |number: u32| !number.is_multiple_of(every.into());
                self.slab.retain(|handle, _| kept(number(handle)));
                self.twin.retain(|number, _| kept(number));
                self.given = given;
            }
            Operation::Drain(count) => {
                // The rest goes as well.
                let some: Vec<_> = self.slab.drain().take(count.into()).collect();
                for (handle, value) in some {
                    assert_eq!(self.twin.remove(self.number(handle)), Some(value));
                }
                self.twin.retain(|_, _| false);
            }
            Operation::Clear => {
                self.slab.clear();
                self.twin.retain(|_, _| false);
            }
            Operation::Compact => {
                let remap = self.slab.compact();
                self.map.remap(&remap);
                for &(old, number) in &self.given {
                    assert_eq!(remap.get(old).is_some(), self.twin.get(number).is_some());
                }
                self.notes.retain(|&number, _| self.twin.get(number).is_some());
                assert_eq!(remap.iter().count(), self.twin.len());
                self.given.retain_mut(|(handle, _)| match remap.get(*handle) {
                    Some(new) => {
                        *handle = new;
                        true
                    }
                    None => false,
                });
                assert_eq!((self.slab.slots(), self.slab.retired()), (self.twin.len(), 0));
            }
            Operation::Clone => {
                let copy = self.slab.clone();
                assert_eq!(copy, self.slab);
                self.slab = copy;
                self.map = self.map.clone();
            }
            Operation::Reserve(more) => {
                self.slab.reserve(more.into());
                let bytes = self.slab.heap_bytes();
                (0..more).for_each(|value| self.insert(value.into()));
                assert_eq!(self.slab.heap_bytes(), bytes);
            }
            Operation::Shrink => {
                self.slab.shrink_to_fit();
                self.map.shrink_to_fit();
            }
            Operation::Annotate(index, value) => {
                if let Some((handle, number)) = self.one(index) {
                    let before = self.map.try_insert(handle, value);
                    let slot = handle.handle();
                    let later = self.given.iter().any(|&(other, other_number)| {
                        other.handle().slot() == slot.slot()
                            && other.handle() > slot
                            && self.notes.contains_key(&other_number)
                    });
                    if later {
                        let stale = InsertError { value, error: SlabError::Stale };
                        assert_eq!((before, self.map.get(handle)), (Err(stale), None));
                    } else {
                        let earlier = |number: &u32| {
                            let other = self.given.iter().find(|given| given.1 == *number);
                            other.is_some_and(|(other, _)| {
                                other.handle().slot() == slot.slot() && other.handle() < slot
                            })
                        };
                        self.notes.retain(|number, _| !earlier(number));
                        assert_eq!(before, Ok(self.notes.insert(number, value)));
                    }
                }
            }
            Operation::Forget(index) => {
                if let Some((handle, number)) = self.one(index) {
                    assert_eq!(self.map.remove(handle), self.notes.remove(&number));
                }
            }
            Operation::ForgetTheDead => {
                self.map.retain(|handle, _| self.slab.contains(handle));
                self.notes.retain(|&number, _| self.twin.get(number).is_some());
            }
        }
    }

    fn check(&mut self) {
        assert_eq!(self.slab.len(), self.twin.len());
        assert_eq!(self.slab.is_empty(), self.twin.is_empty());
        for &(handle, number) in &self.given {
            assert_eq!(self.slab.get(handle), self.twin.get(number));
            assert_eq!(self.map.get(handle), self.notes.get(&number));
        }
        let mut pairs: Vec<_> = self.slab.iter().map(|(handle, _)| self.number(handle)).collect();
        assert_eq!(pairs.len(), self.slab.iter().len());
        pairs.sort_unstable();
        let mut numbers: Vec<_> = self.twin.iter().map(|(number, _)| number).collect();
        numbers.sort_unstable();
        assert_eq!(pairs, numbers);
        assert!(self.slab.iter().rev().eq(self.slab.iter().collect::<Vec<_>>().into_iter().rev()));
        assert!(self.slab.keys().map(|key| key.handle().slot()).is_sorted());
        let values: Vec<_> = self.slab.values().cloned().collect();
        assert!(self.slab.values_mut().map(|value| value.clone()).eq(values.iter().cloned()));
        assert!(self.slab.iter_mut().rev().map(|(_, value)| &*value).eq(values.iter().rev()));
        assert!(
            self.slab
                .clone()
                .into_iter()
                .rev()
                .map(|(_, value)| value)
                .eq(values.into_iter().rev())
        );
        assert_eq!(self.map.len(), self.notes.len());
        assert_eq!(self.map.iter().count(), self.notes.len());
        for taken in [0, 1] {
            let mut items = self.slab.iter();
            assert!(
                (0..taken)
                    .all(|_| items.next().is_some() && items.next_back().is_some()
                        || items.len() == 0)
            );
            assert_eq!(all_at_once(items.clone()), one_by_one(items));
        }
        assert_eq!(all_at_once(self.map.iter()), one_by_one(self.map.iter()));
        let changed =
            all_at_once(self.slab.iter_mut().map(|(handle, value)| (handle, value.clone())));
        assert!(self.slab.iter().eq(changed.iter().map(|(handle, value)| (*handle, value))));
        let noted = all_at_once(self.map.iter_mut().map(|(handle, note)| (handle, *note)));
        assert!(self.map.iter().eq(noted.iter().map(|(handle, note)| (*handle, note))));
        self.slab.check_invariants();
        self.map.check_invariants();
    }
}

/// What a method sees that goes through all at once.
fn all_at_once<I: Iterator>(items: I) -> Vec<I::Item> {
    let mut seen = Vec::new();
    items.for_each(|item| seen.push(item));
    seen
}

/// What a loop sees.
fn one_by_one<I: Iterator>(items: I) -> Vec<I::Item> {
    let mut seen = Vec::new();
    for item in items {
        seen.push(item);
    }
    seen
}

fn check<T: Clone + PartialEq + Debug + HeapSize, H: Key>(
    operations: &[Operation],
    of: fn(u16) -> T,
) {
    let mut run = Run::<T, H> {
        slab: Slab::with_key(),
        twin: Twin::default(),
        map: SlabMap::with_key(),
        notes: std::collections::HashMap::new(),
        given: Vec::new(),
        of,
    };
    for operation in operations {
        run.run(operation);
    }
    run.check();
    let own: usize = run.slab.values().map(HeapSize::heap_bytes).sum();
    assert_eq!(HeapSize::heap_bytes(&run.slab), run.slab.heap_bytes() + own);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_operations_do_what_they_do_to_the_twin(operations in vec(operation(), 0..80)) {
        check::<u16, Handle32>(&operations, |value| value);
        check::<String, Handle32>(&operations, |value| value.to_string());
        check::<u64, Handle>(&operations, u64::from);
        check::<Box<u16>, Handle>(&operations, Box::new);
        check::<(), Handle32>(&operations, |_| ());
    }
}
