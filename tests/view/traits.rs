//! What the types promise to the compiler.

use pennyweight::size::HeapSize;
use pennyweight::view::{
    AxisIter, AxisIterMut, BroadcastError, Chunks, ChunksMut, Indexed, Iter, IterMut, ReshapeError,
    Slice, Values, View, ViewMut, s,
};
use std::cell::Cell;
use std::error::Error;
use std::iter::FusedIterator;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::MutexGuard;

/// Whether a type has a trait: the inherent method is found first, where its bound holds.
macro_rules! has {
    ($type:ty: $trait:path) => {{
        #[allow(dead_code)]
        struct Probe<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        trait No {
            fn has(&self) -> bool {
                false
            }
        }
        impl<T: ?Sized> No for Probe<T> {}
        impl<T: ?Sized + $trait> Probe<T> {
            #[allow(dead_code)]
            fn has(&self) -> bool {
                true
            }
        }
        Probe::<$type>(std::marker::PhantomData).has()
    }};
}

#[test]
fn views_go_to_threads_where_references_do() {
    // `Cell` is `Send` alone, a guard `Sync` alone, `Rc` neither.
    macro_rules! check {
        ($($shared:ident $mutable:ident),+) => {
            $(
                assert!(has!($shared<'static, u8, 2>: Send) && has!($shared<'static, u8, 2>: Sync));
                assert!(!has!($shared<'static, Cell<u8>, 2>: Send));
                assert!(!has!($shared<'static, Cell<u8>, 2>: Sync));
                assert!(has!($shared<'static, MutexGuard<'static, u8>, 2>: Send));
                assert!(has!($shared<'static, MutexGuard<'static, u8>, 2>: Sync));
                assert!(!has!($shared<'static, Rc<u8>, 2>: Send));

                assert!(has!($mutable<'static, u8, 2>: Send) && has!($mutable<'static, u8, 2>: Sync));
                assert!(has!($mutable<'static, Cell<u8>, 2>: Send));
                assert!(!has!($mutable<'static, Cell<u8>, 2>: Sync));
                assert!(!has!($mutable<'static, MutexGuard<'static, u8>, 2>: Send));
                assert!(has!($mutable<'static, MutexGuard<'static, u8>, 2>: Sync));
                assert!(!has!($mutable<'static, Rc<u8>, 2>: Send));
                assert!(!has!($mutable<'static, Rc<u8>, 2>: Sync));
            )+
        };
    }
    check!(View ViewMut, Iter IterMut, AxisIter AxisIterMut, Chunks ChunksMut);
    assert!(!has!(Values<'static, Cell<u8>, 1>: Send) && has!(Values<'static, u8, 1>: Sync));
}

#[test]
fn views_are_unwind_safe_where_references_are() {
    assert!(has!(View<'static, u8, 1>: UnwindSafe) && has!(View<'static, u8, 1>: RefUnwindSafe));
    assert!(!has!(View<'static, Cell<u8>, 1>: UnwindSafe));
    assert!(!has!(ViewMut<'static, u8, 1>: UnwindSafe));
    assert!(has!(ViewMut<'static, u8, 1>: RefUnwindSafe));
}

#[test]
fn views_are_values_where_references_are() {
    assert!(has!(View<'static, String, 3>: Copy) && has!(View<'static, String, 3>: Unpin));
    assert!(!has!(ViewMut<'static, u8, 1>: Clone));
    assert!(has!(View<'static, String, 1>: Eq) && !has!(View<'static, f32, 1>: Eq));
    assert!(has!(Iter<'static, Rc<u8>, 2>: Clone) && !has!(IterMut<'static, u8, 2>: Clone));
    assert!(has!(Iter<'static, Rc<u8>, 2>: DoubleEndedIterator));
    assert!(has!(IterMut<'static, Rc<u8>, 2>: ExactSizeIterator));
    assert!(has!(Values<'static, u8, 2>: DoubleEndedIterator));
    assert!(has!(Indexed<IterMut<'static, u8, 2>, 2>: FusedIterator));
    assert!(has!(AxisIterMut<'static, u8, 2>: FusedIterator));
    assert!(has!(ChunksMut<'static, u8, 2>: DoubleEndedIterator));
    assert!(has!(ReshapeError<1, 2>: Error) && has!(BroadcastError<1, 2>: Error));
    assert!(has!(Slice: std::hash::Hash) && !has!(View<'static, u8, 1>: std::hash::Hash));
    assert!(!has!(View<'static, u8, 1>: Default));
}

#[test]
fn a_view_is_a_pointer_lengths_and_strides() {
    assert_eq!(size_of::<View<'_, u8, 0>>(), 8);
    assert_eq!(size_of::<View<'_, u8, 1>>(), 24);
    assert_eq!(size_of::<View<'_, [u64; 9], 2>>(), 40);
    assert_eq!(size_of::<ViewMut<'_, u8, 3>>(), 56);
    assert_eq!(size_of::<Option<View<'_, u8, 2>>>(), 40);
    assert_eq!(size_of::<Option<ViewMut<'_, u8, 2>>>(), 40);
    let mut words = vec![String::from("borrowed")];
    assert_eq!(ViewMut::from(&mut words).heap_bytes(), 0);
    assert_eq!(View::from(&words).heap_bytes(), 0);
}

/// Compiles where a view may be taken for one of a shorter life, elements included.
#[allow(dead_code)]
fn shorter<'short, 'long: 'short>(
    view: View<'long, &'long str, 2>,
    iter: Iter<'long, &'long str, 2>,
    view_mut: ViewMut<'long, &'short str, 2>,
) -> (View<'short, &'short str, 2>, Iter<'short, &'short str, 2>, ViewMut<'short, &'short str, 2>) {
    (view, iter, view_mut)
}

#[test]
fn elements_outlive_the_view_that_found_them() {
    let words = [String::from("a"), String::from("b")];
    let (first, rest, slice) = {
        let view = View::from(&words);
        (view.get([0]).unwrap(), view.iter(), view.as_slice().unwrap())
    };
    assert_eq!((first.as_str(), rest.len(), slice.len()), ("a", 2, 2));
    let mut numbers = [1, 2, 3, 4];
    let last = ViewMut::from(&mut numbers).slice(s![..; -1]).into_iter().next().unwrap();
    *last = 9;
    assert_eq!(numbers, [1, 2, 3, 9]);
}

#[test]
fn threads_write_their_own_parts() {
    let mut numbers = [0_usize; 12];
    let matrix = ViewMut::from(&mut numbers).reshape([3, 4]).unwrap();
    std::thread::scope(|scope| {
        for (number, mut column) in matrix.columns().enumerate() {
            scope.spawn(move || column.fill(number));
        }
    });
    assert_eq!(numbers, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
}

/// Compiles where ranks may stay open.
#[allow(dead_code)]
fn of_any_rank<const N: usize, const M: usize>(view: View<'_, f64, N>) -> f64
where
    pennyweight::view::Rank<N>: pennyweight::view::OneLess<Less = pennyweight::view::Rank<M>>,
{
    view.axis_iter(0).map(|part| part.iter().sum::<f64>()).sum()
}
