//! Interners that are values of their own.

use intaglio::SymbolTable as Intaglio;
use internity::LocalLexicon;
use inturn::unsync;
use lasso::{Rodeo, Spur};
use pennyweight::intern::{Interner, Symbol};
use string_interner::{
    StringInterner,
    backend::{Backend, BucketBackend, BufferBackend, StringBackend},
};
use symbol_table::SymbolTable;

use super::{InOrder, Interns};

pub(in super::super) type Naive = pennyweight_baseline::intern::Interner;
pub(in super::super) type Pennyweight = Interner;
pub(in super::super) type Inturn = unsync::Interner;

impl Interns for Naive {
    type Symbol = u32;

    fn empty() -> Self {
        Self::default()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> u32 {
        self.intern(text)
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> u32 {
        Self::get(self, text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: u32) -> &str {
        self.resolve(symbol)
    }
}

impl InOrder for Naive {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.strings().iter().map(String::as_str).for_each(f);
    }
}

impl Interns for Pennyweight {
    type Symbol = Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Symbol {
        self.intern(text)
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Symbol {
        Self::get(self, text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: Symbol) -> &str {
        self.resolve(symbol)
    }
}

impl InOrder for Pennyweight {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.iter().map(|(_, text)| text).for_each(f);
    }
}

/// `pennyweight` after `shrink_to_fit`.
pub(in super::super) struct Shrunk(Interner);

impl Interns for Shrunk {
    type Symbol = Symbol;

    fn empty() -> Self {
        Self(Interner::new())
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Symbol {
        self.0.intern(text)
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Symbol {
        Interns::get(&mut self.0, text)
    }

    #[inline(always)]
    fn resolve(&self, symbol: Symbol) -> &str {
        self.0.resolve(symbol)
    }

    fn filled(strings: &[String]) -> Self {
        let mut interner = Interner::filled(strings);
        interner.shrink_to_fit();
        Self(interner)
    }
}

impl InOrder for Shrunk {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.0.for_each(f);
    }
}

/// With std's SipHash, its default.
impl Interns for Rodeo {
    type Symbol = Spur;

    fn empty() -> Self {
        Self::default()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Spur {
        self.get_or_intern(text)
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Spur {
        Self::get(self, text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: Spur) -> &str {
        self.resolve(&symbol)
    }
}

impl InOrder for Rodeo {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.strings().for_each(f);
    }
}

macro_rules! string_interner {
    ($($backend:ty),*) => {$(
        impl Interns for StringInterner<$backend> {
            type Symbol = <$backend as Backend>::Symbol;

            fn empty() -> Self {
                Self::new()
            }

            #[inline(always)]
            fn intern(&mut self, text: &str) -> Self::Symbol {
                self.get_or_intern(text)
            }

            #[inline(always)]
            fn get(&mut self, text: &str) -> Self::Symbol {
                Self::get(self, text).expect("a string that is there")
            }

            #[inline(always)]
            fn resolve(&self, symbol: Self::Symbol) -> &str {
                self.resolve(symbol).expect("a symbol that is there")
            }
        }

        impl InOrder for StringInterner<$backend> {
            fn for_each(&self, f: impl FnMut(&str)) {
                self.iter().map(|(_, text)| text).for_each(f);
            }
        }
    )*};
}

string_interner!(StringBackend, BucketBackend, BufferBackend);

impl Interns for LocalLexicon {
    type Symbol = internity::Sym;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        self.intern(text)
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Self::Symbol {
        Self::get(self, text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        self.resolve(symbol)
    }
}

impl InOrder for LocalLexicon {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.iter().map(|(_, text)| text).for_each(f);
    }
}

/// It has no `get`.
impl Interns for Inturn {
    type Symbol = inturn::Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        self.intern_mut(text)
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        self.resolve(symbol)
    }
}

impl InOrder for Inturn {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.iter().map(|(_, text)| text).for_each(f);
    }
}

/// It has no `get`, and a lock for each of its parts.
impl Interns for SymbolTable {
    type Symbol = symbol_table::Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        SymbolTable::intern(self, text)
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        self.resolve(symbol)
    }
}

/// It takes strings that it may keep. So that those that are there are not copied, they are looked for before.
impl Interns for Intaglio {
    type Symbol = intaglio::Symbol;

    fn empty() -> Self {
        Self::new()
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        match self.check_interned(text) {
            Some(symbol) => symbol,
            None => self.intern(text.to_owned()).expect("fewer than 2^32 strings"),
        }
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Self::Symbol {
        self.check_interned(text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        Self::get(self, symbol).expect("a symbol that is there")
    }
}

impl InOrder for Intaglio {
    fn for_each(&self, f: impl FnMut(&str)) {
        self.strings().for_each(f);
    }
}
