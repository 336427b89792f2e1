//! Arrays that are changed in any way hold what a `Vec` holds.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pennyweight::array::NullableIntArray;

#[derive(Arbitrary, Debug)]
enum Operation {
    Push(Option<i64>),
    Pop,
    Set(usize, Option<i64>),
    Insert(usize, Option<i64>),
    Remove(usize),
    Splice(usize, usize, Vec<Option<i64>>),
    Resize(u16, Option<i64>),
    Truncate(usize),
    Reverse,
    Shrink,
    Bytes,
}

fuzz_target!(|operations: Vec<Operation>| {
    let (mut array, mut model) = (NullableIntArray::<i64>::new(), Vec::new());
    for operation in operations {
        let len = model.len();
        match operation {
            Operation::Push(value) => {
                if array.try_push(value).is_ok() {
                    model.push(value);
                }
            }
            Operation::Pop => assert_eq!(array.pop(), model.pop()),
            Operation::Set(index, value) if len > 0 => {
                if array.try_set(index % len, value).is_ok() {
                    model[index % len] = value;
                }
            }
            Operation::Insert(index, value) => {
                let index = index % (len + 1);
                if array.try_insert(index, value).is_ok() {
                    model.insert(index, value);
                }
            }
            Operation::Remove(index) if len > 0 => {
                assert_eq!(array.remove(index % len), model.remove(index % len));
            }
            Operation::Splice(from, to, values) => {
                let (from, to) = (from % (len + 1), to % (len + 1));
                let range = from.min(to)..from.max(to);
                if array.try_splice(range.clone(), &values).is_ok() {
                    model.splice(range, values);
                }
            }
            Operation::Resize(len, value) => {
                if array.try_resize(len.into(), value).is_ok() {
                    model.resize(len.into(), value);
                }
            }
            Operation::Truncate(at) => {
                array.truncate(at % (len + 1));
                model.truncate(at % (len + 1));
            }
            Operation::Reverse => {
                array.reverse();
                model.reverse();
            }
            Operation::Shrink => array.shrink_to_fit(),
            Operation::Bytes => {
                array = NullableIntArray::from_bytes(&array.to_bytes()).expect("its own image");
            }
            Operation::Set(..) | Operation::Remove(_) => {}
        }
        array.check_invariants();
    }
    assert_eq!(array, model);
    let sum: i128 = model.iter().flatten().map(|&value| i128::from(value)).sum();
    assert_eq!(array.sum(), sum);
});
