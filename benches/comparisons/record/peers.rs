//! Tables of flights as newcomers and the peers hold them.

mod arrow;
mod coded;
mod columnar;
mod naive;
mod soa_derive;
mod soa_rs;

pub(super) use arrow::{Arrow, ArrowBatches, ArrowRows};
pub(super) use coded::Interned;
pub(super) use columnar::Columns;
pub(super) use naive::Dicts;
pub(super) use soa_derive::SoaDerive;
pub(super) use soa_rs::SoaRs;
