//! One of each value, as long as somebody has it.

use hashbrown::DefaultHashBuilder;
use internment::ArcIntern;
use pennyweight::weak::{Mode, SharedWeakSet, Strong, SweptSet, WeakSet, WeakSetIn};
use pennyweight_comparison::{Comparison, Suite};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::{Arc, Weak};
use weak_table::WeakHashSet;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("weak", "set-fill", |sizes| fill(sizes.generated(100_000)));
    suite.add("weak", "set-again", |sizes| again(sizes.generated(100_000)));
}

/// A set of strings, one of each.
trait Interns: 'static {
    type Handle: 'static;

    fn empty() -> Self;

    fn intern(&mut self, text: &str) -> Self::Handle;

    fn len_of(handle: &Self::Handle) -> i64;
}

/// What a newcomer writes. With std's SipHash. Each string is there twice.
type Naive = HashMap<String, Weak<str>>;

impl Interns for Naive {
    type Handle = Arc<str>;

    fn empty() -> Self {
        Self::new()
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(found) = self.get(text).and_then(Weak::upgrade) {
            return found;
        }
        let value = Arc::from(text);
        self.insert(text.to_owned(), Arc::downgrade(&value));
        value
    }

    fn len_of(handle: &Arc<str>) -> i64 {
        handle.len() as i64
    }
}

/// Of one thread, or of several.
impl<M: Mode> Interns for WeakSetIn<str, DefaultHashBuilder, M> {
    type Handle = Strong<(), str, M>;

    fn empty() -> Self {
        Self::new()
    }

    fn intern(&mut self, text: &str) -> Self::Handle {
        self.get_or_insert(text)
    }

    fn len_of(handle: &Self::Handle) -> i64 {
        handle.len() as i64
    }
}

impl Interns for SweptSet<Arc<str>> {
    type Handle = Arc<str>;

    fn empty() -> Self {
        Self::new()
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        self.get_or_insert_with(text, Arc::from)
    }

    fn len_of(handle: &Arc<str>) -> i64 {
        handle.len() as i64
    }
}

type OfOne = WeakSet<str>;
type OfMany = SharedWeakSet<str>;

/// By `S`: std's SipHash, its default, or the hash of pennyweight's sets.
impl<S: BuildHasher + Default + 'static> Interns for WeakHashSet<Weak<str>, S> {
    type Handle = Arc<str>;

    fn empty() -> Self {
        Self::with_hasher(S::default())
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(found) = self.get(text) {
            return found;
        }
        let value: Arc<str> = Arc::from(text);
        self.insert(Arc::clone(&value));
        value
    }

    fn len_of(handle: &Arc<str>) -> i64 {
        handle.len() as i64
    }
}

/// The process has one set of these. Here the last of each run leave it empty.
struct Global;

impl Interns for Global {
    type Handle = ArcIntern<String>;

    fn empty() -> Self {
        Self
    }

    fn intern(&mut self, text: &str) -> Self::Handle {
        ArcIntern::from_ref(text)
    }

    fn len_of(handle: &Self::Handle) -> i64 {
        handle.len() as i64
    }
}

struct Filled<I: Interns> {
    set: I,
    handles: Vec<I::Handle>,
}

fn names(count: usize) -> Rc<[String]> {
    (0..count).map(|number| format!("a name of some length, {number:06}")).collect()
}

fn data(count: usize) -> String {
    format!("{count} names of 29 bytes")
}

fn fill(count: usize) -> Comparison {
    let comparison = Comparison::of(data(count), count).times_build().about(
        "Different strings are interned, and somebody keeps each of them. The set is weighed with \
         them. naive is std's map of strings to `Weak`s. It hashes by std's SipHash, as weak-table \
         does. pennyweight's set is of one thread; the shared one and internment are of several. \
         The others count owners for several, and have no lock. internment has one set for the \
         whole process, whose table stays when its strings go: it is a cost of once, and not \
         weighed here.",
    );
    all(comparison, count)
}

fn again(count: usize) -> Comparison {
    let comparison = Comparison::of(data(count), count).about(
        "All strings are interned once more: each is there. naive and weak-table hash by std's \
         SipHash.",
    );
    all(comparison, count)
}

fn all(comparison: Comparison, count: usize) -> Comparison {
    fn build<I: Interns>(names: &Rc<[String]>) -> impl Fn() -> Filled<I> + 'static {
        let names = Rc::clone(names);
        move || {
            let mut set = I::empty();
            let handles = names.iter().map(|name| set.intern(name)).collect();
            Filled { set, handles }
        }
    }
    fn again<I: Interns>(names: &Rc<[String]>) -> impl Fn(&mut Filled<I>) -> i64 + 'static {
        let names = Rc::clone(names);
        move |filled| {
            assert_eq!(filled.handles.len(), names.len());
            names.iter().map(|name| I::len_of(&filled.set.intern(name))).sum()
        }
    }
    let names = names(count);
    comparison
        .naive(build::<Naive>(&names), again(&names))
        .pennyweight(build::<OfOne>(&names), again(&names))
        .variant("pennyweight shared", build::<OfMany>(&names), again(&names))
        .variant("pennyweight swept", build::<SweptSet<Arc<str>>>(&names), again(&names))
        .peer(
            "weak-table",
            "weak-table",
            build::<WeakHashSet<Weak<str>, RandomState>>(&names),
            again(&names),
        )
        .peer(
            "weak-table",
            "weak-table, same hash",
            build::<WeakHashSet<Weak<str>, DefaultHashBuilder>>(&names),
            again(&names),
        )
        .peer("internment", "internment", build::<Global>(&names), again(&names))
}
