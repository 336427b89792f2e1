//! Slices of N axes that copy nothing: any start, any step, any order of axes.

#[allow(clippy::module_inception, reason = "the file of `View`, beside that of `ViewMut`")]
mod view;
mod view_mut;

mod layout;

pub use view::View;
pub use view_mut::ViewMut;

mod column;
mod split;

mod memory;

#[cfg(target_has_atomic = "ptr")]
mod shared;

#[cfg(feature = "ndarray")]
mod ndarray;

pub use crate::{column, column_mut, field, split_columns_mut};
pub use column::Field;
#[doc(hidden)]
pub use column::{Projection, projection};
pub use memory::Sharing;
#[cfg(feature = "ndarray")]
pub use ndarray::{NdarrayError, NdarrayErrorCause};
#[cfg(target_has_atomic = "ptr")]
pub use shared::SharedSlice;
