//! The interners, under one trait.

mod global;
mod local;

pub(super) use global::{Internment, Ustr};
pub(super) use local::{Inturn, Naive, Pennyweight, Shrunk};

use std::rc::Rc;

/// What every interner can do in one way or another.
pub(super) trait Interns: Sized + 'static {
    type Symbol: Copy + PartialEq + 'static;

    fn empty() -> Self;

    /// The symbol of a string that is there, or is new.
    fn intern(&mut self, text: &str) -> Self::Symbol;

    /// The symbol of a string that is there. Some interners only have `intern` for that.
    #[inline(always)]
    fn get(&mut self, text: &str) -> Self::Symbol {
        self.intern(text)
    }

    fn resolve(&self, symbol: Self::Symbol) -> &str;

    fn filled(strings: &[String]) -> Self {
        let mut interner = Self::empty();
        for string in strings {
            interner.intern(string);
        }
        interner
    }
}

/// Those that go through their strings.
pub(super) trait InOrder: Interns {
    /// Calls `f` with every string, in the order in which they were first interned.
    fn for_each(&self, f: impl FnMut(&str));
}

/// An interner that has been filled, and the symbols that are resolved.
pub(super) struct Filled<I: Interns> {
    pub(super) interner: I,
    /// Empty until they are first asked for, so that the interner is weighed without them.
    symbols: Vec<I::Symbol>,
}

impl<I: Interns> Filled<I> {
    pub(super) fn with(strings: &Rc<[String]>) -> impl Fn() -> Self + 'static {
        let strings = Rc::clone(strings);
        move || Self { interner: I::filled(&strings), symbols: Vec::new() }
    }

    /// The interner, and the symbols of strings, the same ones each time.
    pub(super) fn symbols_of(&mut self, strings: &[String]) -> (&I, &[I::Symbol]) {
        let Self { interner, symbols } = self;
        if symbols.is_empty() {
            *symbols = strings.iter().map(|string| interner.get(string)).collect();
        }
        (interner, symbols)
    }
}
