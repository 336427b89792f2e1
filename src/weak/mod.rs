//! Maps whose entries die with their values: Python's `WeakValueDictionary`, `WeakKeyDictionary`, `WeakSet` and `finalize`.

mod swept;

pub use swept::{
    Equality, Identity, KeyedBy, Pointer, SweptKeyMap, SweptMap, SweptSet, SweptStats,
};
