//! `HeapSize` for the types of the standard library, and for the tables and inline arrays of this
//! crate's own dependencies.

mod plain;

mod text;

mod sequences;

mod pointers;

mod cells;

mod btree;

mod hash;

#[cfg(feature = "ndarray")]
mod ndarray;

#[cfg(feature = "lasso")]
mod lasso;

#[cfg(feature = "arrow")]
mod arrow;
