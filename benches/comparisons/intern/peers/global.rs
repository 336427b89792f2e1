//! Interners of which a process has one, and which never free anything.
//!
//! A second building would find everything there and take nothing. So what the first one leaves behind is weighed, and every
//! building keeps a block of as many bytes in its place. They are compared on one corpus alone.

use std::sync::OnceLock;

use internment::Intern;
use pennyweight::profile::{is_installed, measure};

use super::Interns;

/// A block as large as what lies in the process's one interner.
type InItsPlace = Box<[u8]>;

/// Fills an interner, and says how many bytes it left in the process the first time.
fn filled(weight: &OnceLock<usize>, fill: impl FnOnce(), untold: impl Fn() -> usize) -> InItsPlace {
    let counted = if is_installed() {
        measure(fill).1.current as usize
    } else {
        // Here times are taken, and nothing is counted.
        fill();
        0
    };
    let bytes = *weight.get_or_init(|| counted + untold());
    vec![0; bytes].into()
}

/// `ustr`, which takes the memory of its text from the system directly; it tells how much that is.
pub(in super::super) struct Ustr {
    _in_its_place: InItsPlace,
}

impl Interns for Ustr {
    type Symbol = ustr::Ustr;

    fn empty() -> Self {
        Self { _in_its_place: Box::default() }
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        text.into()
    }

    #[inline(always)]
    fn get(&mut self, text: &str) -> Self::Symbol {
        ustr::existing_ustr(text).expect("a string that is there")
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        symbol.as_str()
    }

    fn filled(strings: &[String]) -> Self {
        static WEIGHT: OnceLock<usize> = OnceLock::new();
        let fill = || {
            for string in strings {
                ustr::ustr(string);
            }
        };
        Self { _in_its_place: filled(&WEIGHT, fill, ustr::total_capacity) }
    }
}

/// `internment::Intern`, which has no `get`.
pub(in super::super) struct Internment {
    _in_its_place: InItsPlace,
}

impl Interns for Internment {
    type Symbol = Intern<str>;

    fn empty() -> Self {
        Self { _in_its_place: Box::default() }
    }

    #[inline(always)]
    fn intern(&mut self, text: &str) -> Self::Symbol {
        text.into()
    }

    #[inline(always)]
    fn resolve(&self, symbol: Self::Symbol) -> &str {
        symbol.as_ref()
    }

    fn filled(strings: &[String]) -> Self {
        static WEIGHT: OnceLock<usize> = OnceLock::new();
        let fill = || {
            for string in strings {
                let _ = Intern::<str>::from(string.as_str());
            }
        };
        Self { _in_its_place: filled(&WEIGHT, fill, || 0) }
    }
}
