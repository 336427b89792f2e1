//! Fields of structs as columns, beside references to the same fields.

#![forbid(unsafe_code)]

use pennyweight::profile::measure;
use pennyweight::view::{
    Field, Sharing, View, ViewMut, column, column_mut, field, s, split_columns_mut,
};
use std::ops::{Deref, DerefMut};
use std::ptr;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
struct Address {
    street: String,
    zip: u32,
    at: (f64, (u8, u16)),
}

#[derive(Clone, Debug, PartialEq)]
struct Person<'a> {
    nick: &'a str,
    name: String,
    age: u8,
    address: Address,
    position: [f32; 3],
    tag: (),
}

fn person(nick: &str, number: u8) -> Person<'_> {
    Person {
        nick,
        name: format!("{nick} {number}"),
        age: number,
        address: Address {
            street: String::from("Main Street"),
            zip: 1000 + u32::from(number),
            at: (0.5, (number, 2 * u16::from(number))),
        },
        position: [f32::from(number); 3],
        tag: (),
    }
}

fn people(len: u8) -> Vec<Person<'static>> {
    (0..len).map(|number| person("P", number)).collect()
}

/// A column is references to the field of one struct after the other.
#[track_caller]
fn assert_column<S, F>(column: View<'_, F, 1>, structs: &[S], project: impl Fn(&S) -> &F) {
    assert_eq!((column.shape(), column.strides()), ([structs.len()], [size_of::<S>() as isize]));
    assert!(column.iter().map(ptr::from_ref).eq(structs.iter().map(project).map(ptr::from_ref)));
}

#[test]
fn columns_are_the_fields_of_the_structs() {
    for people in [people(0), people(1), people(7)] {
        assert_column(column!(people, Person<'_>, nick), &people, |person| &person.nick);
        assert_column(column!(people, Person<'_>, name), &people, |person| &person.name);
        assert_column(column!(people, Person<'_>, age), &people, |person| &person.age);
        assert_column(column!(people, Person, position), &people, |person| &person.position);
        assert_column(column!(people, Person, tag), &people, |person| &person.tag);
        assert_column(column!(people, Person, address), &people, |person| &person.address);
    }
}

#[test]
fn paths_lead_into_structs_and_tuples() {
    let people = people(5);
    assert_column(column!(people, Person, address.zip), &people, |person| &person.address.zip);
    assert_column(column!(people, Person, address.at.0), &people, |person| &person.address.at.0);
    let ages = column!(people, Person, address.at.1.0);
    assert_column(ages, &people, |person| &person.address.at.1.0);
    let pairs = [((1_u8, 2_u32), 'a'), ((3, 4), 'b')];
    assert_eq!(column!(pairs, ((u8, u32), char), 0.1), [2, 4]);
    assert_eq!(column!(pairs, ((u8, u32), char), 1), ['a', 'b']);
}

struct Pair<A, B> {
    a: A,
    b: B,
}

fn second<A, B>(pairs: &[Pair<A, B>]) -> View<'_, B, 1> {
    column!(pairs, Pair<A, B>, b)
}

#[test]
fn structs_may_be_generic() {
    let pairs = [Pair { a: 1_u8, b: String::from("x") }, Pair { a: 2, b: String::from("y") }];
    assert_eq!(second(&pairs), ["x", "y"]);
    assert_column(column!(pairs, Pair<u8, String>, a), &pairs, |pair| &pair.a);
    let arrays = [Pair { a: [0_u64; 4], b: () }];
    assert_column(second(&arrays), &arrays, |pair| &pair.b);
}

#[test]
fn structs_may_have_no_size() {
    let nothing = vec![Pair { a: (), b: [0_u64; 0] }; 5];
    assert_column(column!(nothing, Pair<(), [u64; 0]>, b), &nothing, |pair| &pair.b);
    let many = [((), ()); usize::MAX];
    assert_eq!(column!(many, ((), ()), 1).len(), usize::MAX);
}

impl<A: Clone, B: Clone> Clone for Pair<A, B> {
    fn clone(&self) -> Self {
        Self { a: self.a.clone(), b: self.b.clone() }
    }
}

#[test]
fn whatever_can_be_sliced_has_columns() {
    let array = [(1_u8, 'a'), (2, 'b'), (3, 'c')];
    let expected = [1, 2, 3];
    assert_eq!(column!(array, (u8, char), 0), expected);
    let slice: &[_] = &array;
    assert_eq!(column!(slice, (u8, char), 0), expected);
    assert_eq!(column!(slice[1..], (u8, char), 0), [2, 3]);
    assert_eq!(column!(array.to_vec(), (u8, char), 0), expected);
    assert_eq!(column!(Arc::new(array.to_vec()), (u8, char), 0), expected);
    assert_eq!(column!(array.to_vec().into_boxed_slice(), (u8, char), 0,), expected);

    // The view lives as long as the elements, not as long as the variable that lent them.
    fn letters<'a>(elements: &'a [(u8, char)]) -> View<'a, char, 1> {
        let shorter = elements;
        column!(shorter, (u8, char), 1)
    }
    assert_eq!(letters(&array), ['a', 'b', 'c']);
}

/// A path is not followed out of the struct, and a field keeps its type.
#[test]
fn fields_that_deref_stay_what_they_are() {
    #[derive(Debug, PartialEq)]
    struct Boxed {
        age: Box<u8>,
    }
    impl Deref for Boxed {
        type Target = u8;
        fn deref(&self) -> &u8 {
            &self.age
        }
    }
    impl DerefMut for Boxed {
        fn deref_mut(&mut self) -> &mut u8 {
            &mut self.age
        }
    }
    let mut boxes = [(0_u8, Boxed { age: Box::new(36) }), (0, Boxed { age: Box::new(85) })];
    assert_eq!(column!(boxes, (u8, Boxed), 1)[[1]], Boxed { age: Box::new(85) });
    assert_eq!(column!(boxes, (u8, Boxed), 1.age)[[0]], Box::new(36));
    for boxed in column_mut!(boxes, (u8, Boxed), 1) {
        **boxed += 1;
    }
    assert_eq!((*boxes[0].1, *boxes[1].1), (37, 86));
}

#[test]
fn fields_of_packed_structs_are_columns_where_they_are_aligned() {
    #[repr(C, packed(2))]
    struct Packed {
        kind: u8,
        length: u16,
        flags: [u8; 3],
    }
    let packed = [1, 2].map(|kind| Packed { kind, length: 256, flags: [kind; 3] });
    assert_column(column!(packed, Packed, kind), &packed, |packed| &packed.kind);
    assert_column(column!(packed, Packed, length), &packed, |packed| &packed.length);
    assert_eq!(column!(packed, Packed, flags).array_axis(), [[1, 1, 1], [2, 2, 2]]);
}

#[test]
fn columns_are_views_like_any_other() {
    let people = people(6);
    let ages = column!(people, Person, age);
    assert_eq!(ages.slice(s![..; -2]), [5, 3, 1]);
    assert_eq!(ages.reshape([2, 3]).unwrap().t(), [[0, 3], [1, 4], [2, 5]]);
    assert_eq!(ages.windows(0, 5), [[0, 1, 2, 3, 4], [1, 2, 3, 4, 5]]);
    assert_eq!(ages.fold_any(0, |sum, &age| sum + u32::from(age)), 15);
    assert!(ages.as_slice().is_none());
}

#[test]
fn views_of_structs_have_fields_along_all_axes() {
    let image = [[(1_u8, 'a'), (2, 'b'), (3, 'c')], [(4, 'd'), (5, 'e'), (6, 'f')]];
    let turned = View::from_rows(&image).t().slice(s![..; -1, ..]);
    assert_eq!(turned.field(field!((u8, char), 1)), [['c', 'f'], ['b', 'e'], ['a', 'd']]);
    let repeated = View::from(&image[1]).broadcast([2, 3]).unwrap();
    assert_eq!(repeated.field(field!((u8, char), 0)), [[4, 5, 6], [4, 5, 6]]);
    let none = turned.slice(s![.., 2..]).field(field!((u8, char), 0));
    assert_eq!((none.shape(), none.iter().count()), ([3, 0], 0));
}

#[test]
fn arrays_become_an_axis() {
    let people = people(4);
    let positions = column!(people, Person, position).array_axis();
    assert_eq!((positions.shape(), positions[[2, 1]]), ([4, 3], 2.0));
    assert_eq!(positions.strides(), [size_of::<Person<'_>>() as isize, 4]);
    assert_eq!(positions.slice(s![.., 1]), [0.0, 1.0, 2.0, 3.0]);

    let nested = [[[[1_u8, 2], [3, 4]], [[5, 6], [7, 8]]]];
    let all = View::from(&nested).array_axis().array_axis().array_axis();
    assert_eq!(all.flatten().unwrap(), [1, 2, 3, 4, 5, 6, 7, 8]);
    let empty = [[0_u32; 0]; 3];
    assert_eq!(View::from(&empty).array_axis().shape(), [3, 0]);

    let mut rows = [[1, 2], [3, 4]];
    ViewMut::from(&mut rows[..]).array_axis().t().index_axis(0, 0).fill(0);
    assert_eq!(rows, [[0, 2], [0, 4]]);
}

#[test]
#[should_panic(expected = "more elements than a usize can count")]
fn arrays_without_a_size_may_be_too_many() {
    let arrays = [[(); usize::MAX]; 2];
    let _ = View::from(&arrays).array_axis();
}

#[test]
#[should_panic(expected = "more elements than a usize can count")]
fn arrays_may_be_repeated_too_often() {
    let _ = View::from(&[[1_u8, 2]]).broadcast([usize::MAX]).unwrap().array_axis();
}

#[test]
fn columns_are_written_in_place() {
    let mut people = people(4);
    column_mut!(people, Person<'_>, address.zip).slice(s![1..; 2]).fill(7);
    assert!(people.iter().map(|person| person.address.zip).eq([1000, 7, 1002, 7]));
    for name in column_mut!(people[2..], Person, name) {
        name.push('!');
    }
    assert_eq!(column!(people, Person, name), ["P 0", "P 1", "P 2!", "P 3!"]);

    // Nothing but the field is touched.
    let mut expected = self::people(4);
    (expected[1].address.zip, expected[3].address.zip) = (7, 7);
    expected[2..].iter_mut().for_each(|person| person.name.push('!'));
    assert_eq!(people, expected);
}

#[test]
fn borrowed_fields_keep_their_lifetime() {
    let nicks = [String::from("Ada"), String::from("Grace")];
    let mut people: Vec<_> = nicks.iter().map(|nick| person(nick, 1)).collect();
    let outer: View<'_, &str, 1> = column!(people, Person<'_>, nick);
    let first = outer[[0]];
    column_mut!(people, Person<'_>, nick).fill("nobody");
    assert_eq!((first, people[0].nick), ("Ada", "nobody"));
}

#[test]
fn disjoint_columns_are_written_side_by_side() {
    let mut people = people(3);
    let (mut names, ages, mut zips, mut tags) =
        split_columns_mut!(people, Person<'_>, name, age, address.zip, tag);
    names.zip_any(ages.view(), |name, age| *name = format!("{age}"));
    zips.zip_any(ages.view(), |zip, age| *zip += u32::from(*age));
    tags.fill(());
    assert_eq!(column!(people, Person, name), ["0", "1", "2"]);
    assert_eq!(column!(people, Person, address.zip), [1000, 1002, 1004]);
    assert_eq!(column!(people, Person, address.street), ["Main Street"; 3]);
}

#[test]
fn parts_of_a_field_are_disjoint() {
    let mut pairs = [((1, 2), 3), ((4, 5), 6)];
    let (mut a, mut b, mut c) = split_columns_mut!(&mut pairs[..], ((i32, i32), i32), 0.1, 1, 0.0);
    std::mem::swap(&mut a, &mut b);
    b.copy_from(c.view());
    a.copy_from(b.view());
    c.fill(0);
    assert_eq!(pairs, [((0, 1), 1), ((0, 4), 4)]);
    let (mut only,) = split_columns_mut!(pairs, ((i32, i32), i32), 1,);
    only.fill(9);
    assert_eq!((pairs[0].1, pairs[1].1), (9, 9));
}

#[test]
fn columns_go_to_other_threads() {
    let mut people = people(100);
    let (mut names, mut ages) = split_columns_mut!(people, Person<'_>, name, age);
    std::thread::scope(|scope| {
        scope.spawn(move || names.iter_mut().for_each(String::clear));
        scope.spawn(move || ages.iter_mut().for_each(|age| *age += 1));
    });
    assert!(people.iter().map(|person| person.age).eq(1..101));
    assert!(people.iter().all(|person| person.name.is_empty()));
}

#[test]
fn empty_slices_have_empty_columns() {
    let mut none: [(u8, u64); 0] = [];
    let (a, b) = split_columns_mut!(none, (u8, u64), 0, 1);
    assert_eq!((a.len(), b.iter().count()), (0, 0));
    // At the end of its block, behind which there may be no room for an offset.
    let one = Box::new([(1_u8, 2_u64)]);
    assert_eq!(column!(one[1..], (u8, u64), 1).iter().next(), None);
}

#[test]
fn fields_can_be_chosen_while_the_program_runs() {
    const ZIP: Field<Person<'static>, u32> = field!(Person<'static>, address.zip);
    let fields = [field!(Pair<u16, u16>, a), field!(Pair<u16, u16>, b)];
    let mut pairs = [Pair { a: 1_u16, b: 2_u16 }, Pair { a: 3, b: 4 }];
    for (field, expected) in fields.into_iter().zip([[1, 3], [2, 4]]) {
        assert_eq!(field.column(&pairs), expected);
        assert_eq!(field.get(&pairs[1]), &expected[1]);
        *field.get_mut(&mut pairs[1]) = 0;
        field.column_mut(&mut pairs).slice(s![..1]).fill(7);
    }
    assert!(pairs.iter().map(|pair| (pair.a, pair.b)).eq([(7, 7), (0, 0)]));
    assert_eq!(ZIP.column(&people(2)), [1000, 1001]);
    assert_eq!(format!("{:?}", field!((u8,), 0)), "Field { offset: 0 }");
}

#[test]
fn columns_copy_and_allocate_nothing() {
    let mut people = people(100);
    let (column, stats) = measure(|| column!(people, Person, age));
    assert_eq!((stats.allocations, size_of_val(&column)), (0, 24));
    let (copy, stats) =
        measure(|| people.iter().map(|person| person.address.zip).collect::<Vec<_>>());
    assert_eq!((stats.allocations, stats.current, copy.len()), (1, 400, 100));
    let ((), stats) = measure(|| {
        let (mut ages, mut zips) = split_columns_mut!(people, Person<'_>, age, address.zip);
        ages.fill(1);
        zips.fill(1);
    });
    assert_eq!(stats.allocations, 0);
    assert_eq!(size_of::<Field<Person<'_>, u8>>(), 8);
}

#[test]
fn interleaved_views_share_no_memory() {
    let people = people(50);
    let (ages, zips) = (column!(people, Person, age), column!(people, Person, address.zip));
    assert_eq!(ages.shares_memory(&zips), Sharing::Disjoint);
    assert_eq!(ages.shares_memory(&column!(people[49..], Person, age)), Sharing::Shared);
    assert_eq!(ages.shares_memory(&View::from(&people)), Sharing::Shared);
    assert_eq!(ages.shares_memory(&column!(people, Person, tag)), Sharing::Disjoint);
    assert_eq!(ages.shares_memory(&View::from(&people.clone())), Sharing::Disjoint);

    let numbers: Vec<u16> = (0..100).collect();
    let all = View::from(&numbers);
    let (even, odd) = (all.slice(s![..; 2]), all.slice(s![..; -2]));
    assert_eq!(even.shares_memory(&odd), Sharing::Disjoint);
    assert_eq!(even.shares_memory(&odd.slice(s![1..])), Sharing::Disjoint);
    assert_eq!(even.shares_memory(&all.slice(s![3..; 3])), Sharing::Shared);

    // Blocks left and right: their rows interleave.
    let matrix = all.reshape([10, 10]).unwrap();
    let (left, right) = (matrix.slice(s![.., ..5]), matrix.t().slice(s![5.., ..; -1]));
    assert_eq!(left.shares_memory(&right), Sharing::Disjoint);
    assert_eq!(left.shares_memory(&right.t()), Sharing::Disjoint);
    assert_eq!(left.shares_memory(&matrix.diagonal()), Sharing::Shared);
    assert_eq!(right.shares_memory(&matrix.diagonal().slice(s![..5])), Sharing::Disjoint);
    assert_eq!(all.windows(0, 9).shares_memory(&all.slice(s![-1..])), Sharing::Shared);
    let (answer, stats) = measure(|| left.shares_memory(&right));
    assert_eq!((answer, stats.allocations), (Sharing::Disjoint, 0));
}

mod without_a_prelude {
    #![no_implicit_prelude]

    #[test]
    fn macros_name_all_that_they_use() {
        let mut pairs = [(1_u8, 2_u16)];
        let (_, b) = ::pennyweight::view::split_columns_mut!(pairs, (u8, u16), 0, 1);
        ::std::assert_eq!(b.strides(), [4]);
        ::pennyweight::view::column_mut!(pairs, (u8, u16), 0).fill(3);
        ::std::assert_eq!(::pennyweight::view::column!(pairs, (u8, u16), 0), [3]);
    }
}
