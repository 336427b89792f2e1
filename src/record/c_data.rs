//! Records as columns of [Arrow](https://arrow.apache.org/docs/format/Columnar.html), handed over by its
//! [C data interface](https://arrow.apache.org/docs/format/CDataInterface.html).

mod abi;
mod column;
mod export;
mod value;

pub use abi::{ArrowArray, ArrowSchema};
pub use value::{ArrowType, ArrowValue};

#[cfg(feature = "arrow")]
pub(super) use column::{Bytes, Column, Kind};
#[cfg(feature = "arrow")]
pub(super) use export::{Export, columns};
#[cfg(feature = "arrow")]
pub(super) use value::{ArrowField, Values};
