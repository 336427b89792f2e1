//! Records as columns of [Arrow](https://arrow.apache.org/docs/format/Columnar.html), handed over and taken by its
//! [C data interface](https://arrow.apache.org/docs/format/CDataInterface.html).

mod abi;
mod column;
mod error;
mod export;
mod foreign;
mod import;
mod open;
mod stream;
mod value;

pub use abi::{ArrowArray, ArrowSchema};
pub use error::{ImportError, ImportErrorCause};
pub use stream::{ArrowArrayStream, CDataBatches, CDataError};
pub use value::{ArrowType, ArrowValue};

pub use export::Export;
pub use import::Import;

#[cfg(feature = "arrow")]
pub(super) use column::{Bytes, Column, Kind};
#[cfg(feature = "arrow")]
pub(super) use export::columns;
#[cfg(feature = "arrow")]
pub(super) use foreign::{Coded, Columns, Data, Foreign, Keys, Strings, Texts};
#[cfg(feature = "arrow")]
pub(super) use import::import;
