//! Every column that owns its buffers against a `Vec` of what structs have: all that records do to it, in random order.

use pennyweight::array::{BitArray, IntArray, NullableIntArray};
use pennyweight::record::generated::Store;
use pennyweight::record::{BitColumn, DictColumn, TextColumn, TextField};
use pennyweight_baseline::random::Random;
use std::borrow::Cow;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::Arc;

/// A column of which all can be looked at.
trait Column: Store<Value: Clone + PartialEq + Debug> + Clone {
    fn check(&self);
    fn len(&self) -> usize;
    /// Whether a slice of the column, and what rows give, are these values.
    fn lends(&self, start: usize, values: &[Self::Value]) -> bool;
}

macro_rules! packed {
    ($($array:ty),*) => {$(
        impl Column for $array {
            fn check(&self) {
                self.check_invariants();
            }

            fn len(&self) -> usize {
                self.len()
            }

            fn lends(&self, start: usize, values: &[Self::Value]) -> bool {
                let slice = Store::slice(self, start..start + values.len());
                let mut blocks = Vec::new();
                slice.for_each_block(|block| blocks.extend_from_slice(block));
                blocks == values
                    && slice.iter().eq(values.iter().copied())
                    && (0..values.len()).all(|at| Store::get(self, start + at) == values[at])
            }
        }
    )*};
}

packed!(
    BitArray,
    BitColumn,
    IntArray<i16>,
    IntArray<u64>,
    NullableIntArray<i32>,
    NullableIntArray<u8>
);

macro_rules! text {
    ($column:ident) => {
        impl<V: TextField + Clone + PartialEq + Debug> Column for $column<V> {
            fn check(&self) {
                self.check_invariants();
            }

            fn len(&self) -> usize {
                self.len()
            }

            fn lends(&self, start: usize, values: &[V]) -> bool {
                let slice = self.slice(start..start + values.len());
                let valid = values.iter().map(|value| V::text(value.as_ref()).is_some());
                let mut folded = Vec::new();
                slice.iter().for_each(|value| folded.push(value));
                folded.into_iter().eq(values.iter().map(V::as_ref))
                    && slice.iter().eq(values.iter().map(V::as_ref))
                    && slice.iter().rev().eq(values.iter().rev().map(V::as_ref))
                    && slice.validity().iter().eq(valid)
                    && (0..values.len()).all(|at| slice.get(at) == Some(values[at].as_ref()))
                    && (0..values.len())
                        .all(|at| Store::get(self, start + at) == values[at].as_ref())
            }
        }
    };
}

text!(DictColumn);
text!(TextColumn);

fn expect<C: Column>(column: &C, model: &[C::Value]) {
    column.check();
    assert_eq!(column.len(), model.len());
    assert!(column.lends(0, model), "expected {model:?}");
    assert!((0..model.len()).all(|at| column.value(at) == model[at]));
}

/// A column and a `Vec`, changed by the same steps.
fn steps<C: Column>(seed: u64, steps: usize, value: impl Fn(&mut Random) -> C::Value) {
    let mut random = Random::new(seed);
    let (mut column, mut model) = (C::default(), Vec::new());
    for step in 0..steps {
        let at = random.below(model.len() + 1);
        let end = model.len().min(at + random.below(20));
        match random.below(17) {
            0..4 => {
                let value = value(&mut random);
                column.try_push(&value).unwrap();
                model.push(value);
            }
            4 | 5 => {
                let value = value(&mut random);
                column.try_insert(at, &value).unwrap();
                model.insert(at, value);
            }
            6 if at < model.len() => {
                let value = value(&mut random);
                column.try_set(at, &value).unwrap();
                model[at] = value;
            }
            7 if model.len() < 2000 => {
                let mut other = C::default();
                let values: Vec<_> = (0..random.below(300)).map(|_| value(&mut random)).collect();
                values.iter().for_each(|value| other.try_push(value).unwrap());
                let start = random.below(values.len() + 1);
                let end = start + random.below(values.len() - start + 1);
                column.try_extend_from(&other, start..end).unwrap();
                model.extend_from_slice(&values[start..end]);
            }
            8 if model.len() < 2000 => {
                let other = column.clone();
                other.check();
                column.try_extend_from(&other, at..end).unwrap();
                model.extend_from_within(at..end);
            }
            9 if at < model.len() => {
                column.swap_remove(at);
                model.swap_remove(at);
            }
            10 => {
                column.remove_range(at..end);
                model.drain(at..end);
            }
            11 => {
                let cut = random.below(4);
                let keep: BitArray = (0..model.len()).map(|_| random.below(8) > cut).collect();
                column.retain(&keep);
                let mut keep = keep.iter();
                model.retain(|_| keep.next().unwrap());
            }
            12 => {
                let mut order: Vec<u32> = (0..model.len() as u32).collect();
                (1..order.len()).for_each(|at| order.swap(at, random.below(at + 1)));
                column.permute(&order);
                model = order.iter().map(|&from| model[from as usize].clone()).collect();
            }
            13 => column.shrink_to_fit(),
            14 => column.try_reserve(random.below(100)).unwrap(),
            15 if model.len() < 2000 => {
                let other = column.clone();
                let indices: Vec<usize> = match model.len() {
                    0 => Vec::new(),
                    len => (0..random.below(300)).map(|_| random.below(len)).collect(),
                };
                column.try_extend_at(&other, &indices).unwrap();
                model.extend(indices.iter().map(|&from| model[from].clone()).collect::<Vec<_>>());
            }
            16 if step % 4 == 0 => {
                column.truncate(at);
                model.truncate(at);
            }
            _ => {}
        }
        expect(&column, &model);
        let part = at.min(model.len());
        assert!(column.lends(part, &model[part..model.len().min(part + 70)]));
    }
}

fn name(random: &mut Random) -> String {
    match random.below(20) {
        0 => String::new(),
        1 => "é".repeat(random.below(40)),
        _ => format!("{}", random.below(400)),
    }
}

fn optional<T>(random: &mut Random, value: impl Fn(&mut Random) -> T) -> Option<T> {
    if random.below(5) == 0 { None } else { Some(value(random)) }
}

#[test]
fn columns_of_codes_are_vectors_of_strings() {
    steps::<DictColumn>(1, 2000, name);
    steps::<DictColumn<Box<str>>>(2, 300, |random| name(random).into());
    steps::<DictColumn<Cow<'static, str>>>(3, 300, |random| name(random).into());
    steps::<DictColumn<Arc<str>>>(4, 300, |random| name(random).into());
}

#[test]
fn columns_of_codes_with_nulls_are_vectors_of_options() {
    steps::<DictColumn<Option<String>>>(5, 2000, |random| optional(random, name));
    steps::<DictColumn<Option<Rc<str>>>>(6, 300, |random| optional(random, |r| name(r).into()));
    steps::<DictColumn<Option<String>>>(7, 50, |_| None);
}

#[test]
fn columns_of_text_are_vectors_of_strings() {
    steps::<TextColumn>(8, 1000, name);
    steps::<TextColumn<Option<String>>>(9, 1000, |random| optional(random, name));
    steps::<TextColumn<Option<Box<str>>>>(10, 300, |random| optional(random, |r| name(r).into()));
}

#[test]
fn packed_columns_are_vectors_of_numbers() {
    steps::<BitArray>(11, 1000, |random| random.below(3) == 0);
    steps::<BitColumn>(16, 1000, |random| optional(random, |r| r.below(3) == 0));
    steps::<BitColumn>(17, 50, |random| Some(random.below(3) == 0));
    steps::<IntArray<i16>>(12, 1000, |random| random.bits(8) as i16 - 100);
    steps::<IntArray<u64>>(13, 1000, |random| random.bits(64) >> random.below(64));
    steps::<NullableIntArray<i32>>(14, 1000, |random| optional(random, |r| r.bits(9) as i32 * -60));
    steps::<NullableIntArray<u8>>(15, 1000, |random| optional(random, |r| r.bits(8) as u8));
}
