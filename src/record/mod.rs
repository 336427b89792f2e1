//! Structs as columns: each field of all records in a slice of its own, at the bits it needs.

mod validity;

mod error;
mod store;

pub use error::StoreError;
pub use validity::Validity;

/// What generated code and the columns of this crate are made of: not meant to be called.
#[doc(hidden)]
pub mod generated {
    pub use super::store::Store;
}
