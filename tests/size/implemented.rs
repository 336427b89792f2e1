//! The types that implement the trait, and whether they say that they may own heap memory.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, HashMap, LinkedList, VecDeque};
use std::ffi::{CStr, CString, OsStr, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFull, RangeInclusive};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::{self, Rc};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock, RwLock};
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use arrayvec::{ArrayString, ArrayVec};
use pennyweight::size::{Block, DeepSize, Event, HeapSize, Place};

#[test]
fn types_say_whether_they_may_own_heap() {
    macro_rules! owns_heap {
        ($expected:literal: $($type:ty),+ $(,)?) => {
            $(assert_eq!(<$type>::owns_heap(), $expected, "{}", stringify!($type));)+
        };
    }
    owns_heap!(false: u8, i128, usize, f64, bool, char, (), NonZero<u32>, Wrapping<u8>, Saturating<u8>,
        Reverse<u8>, PhantomData<String>, Duration, Instant, SystemTime, Ordering, Range<u8>, RangeInclusive<u8>,
        RangeFull, Bound<u8>, ControlFlow<u8, u8>, Poll<u8>, IpAddr, Ipv4Addr, SocketAddr, AtomicBool, AtomicU64,
        fn(u8) -> u8, fn(), &String, &mut String, &str, Pin<&String>, Cell<u8>, RefCell<u8>, OnceCell<u8>,
        OnceLock<u8>, Mutex<u8>, RwLock<u8>, Option<u8>, Result<u8, u8>, [u8; 3], [String; 0],
        ArrayVec<u8, 3>, ArrayVec<String, 0>, ArrayString<3>, Cow<'static, [u8; 3]>, (u8, u16),
        (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8), std::hash::RandomState);
    owns_heap!(true: String, Vec<u8>, VecDeque<u8>, LinkedList<u8>, Box<u8>, Box<str>, Rc<u8>, Arc<str>,
        rc::Weak<u8>, HashMap<u8, u8>, BTreeMap<u8, u8>, OsString, PathBuf, CString, Option<String>,
        Result<u8, String>, [String; 3], ArrayVec<String, 3>, Cow<'static, str>, RefCell<String>, Mutex<String>,
        RwLock<Box<u8>>, OnceCell<String>, (u8, String), Pin<Box<u8>>, Range<String>, Poll<String>,
        (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, String));
}

#[test]
fn unsized_types_are_counted() {
    fn counted<T: HeapSize + ?Sized>() {}
    counted::<str>();
    counted::<[u8]>();
    counted::<CStr>();
    counted::<OsStr>();
    counted::<Path>();
    counted::<dyn HeapSize>();
    counted::<Mutex<dyn HeapSize>>();
}

#[test]
fn figures_can_be_sent_between_threads() {
    fn sendable<T: Send + Sync + Copy + 'static>() {}
    sendable::<DeepSize>();
    sendable::<Block>();
    sendable::<Event<'static>>();
    sendable::<Place<'static>>();
}

#[test]
fn a_deep_size_prints_as_a_sentence() {
    let size = |edit: fn(&mut DeepSize)| {
        let mut size = DeepSize::default();
        edit(&mut size);
        size.to_string()
    };
    assert_eq!(size(|_| {}), "0 B: 0 B inline and 0 B in 0 heap blocks");
    assert_eq!(
        size(|size| {
            (size.inline, size.heap, size.blocks) = (24, 100, 2);
            (size.slack, size.shared, size.estimated, size.unseen) = (5, 6, 7, 1);
        }),
        "124 B: 24 B inline and 100 B in 2 heap blocks, of which 5 B slack, 6 B shared, \
         7 B estimated; 1 place unseen"
    );
    assert_eq!(
        size(|size| size.unseen = 2),
        "0 B: 0 B inline and 0 B in 0 heap blocks; 2 places unseen"
    );
}
