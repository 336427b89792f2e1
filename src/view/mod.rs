//! Slices of N axes that copy nothing: any start, any step, any order of axes.
//!
//! | Python | take | bytes copied |
//! |---|---|---|
//! | `a[1:-1:2]`, `a[::-1]`, `a[:, 0]` | [`slice`](View::slice) with [`s!`](s) | 0 |
//! | `a.T`, `a.transpose(2, 0, 1)`, `a.reshape(3, 4)` | [`t`](View::t), [`permute`](View::permute), [`reshape`](View::reshape) | 0 |
//! | `np.broadcast_to`, `sliding_window_view`, `a.diagonal()` | [`broadcast`](View::broadcast), [`windows`](View::windows), [`diagonal`](View::diagonal) | 0 |
//! | `a.sum()` | [`sum_any`](View::sum_any), [`fold_any`](View::fold_any); in order [`iter`](View::iter), [`values`](View::values) | 0 |
//! | `people['age']` of a structured array | [`column!`] of a slice of structs; [`split_columns_mut!`] to write several | 0 |
//! | `np.ascontiguousarray(a)` | [`to_owned_compact`](View::to_owned_compact) | all |
//! | `a[...] = b`, `a += b` | [`copy_from`](ViewMut::copy_from), [`zip_any`](ViewMut::zip_any) | those of `a` |
//! | `np.shares_memory(a, b)` | [`shares_memory`](View::shares_memory) | 0 |
//! | `.base`, and what it keeps alive | [`SharedSlice`], [`pinned_bytes`](SharedSlice::pinned_bytes), [`detach`](SharedSlice::detach) | 0; `detach` its part |
//!
//! [`View`] reads, [`ViewMut`] writes. The number of axes is a part of the type, the distances between elements are
//! in bytes and of either sign.
//!
//! Import by name what is used: `use pennyweight::view::{View, column, s}`. With `use pennyweight::view::*` alone
//! `column!` is ambiguous (E0659), since std has a macro of that name for the column of the source line; a
//! second `use pennyweight::view::column` settles it.
//!
//! ```
//! use pennyweight::view::column;
//! use pennyweight::view::*;
//!
//! assert_eq!(column!([(1, 'a'), (2, 'b')], (i32, char), 1).slice(s![..; -1]), ['b', 'a']);
//! ```
//!
//! ```
//! use pennyweight::view::{View, s};
//!
//! // A day of temperatures, one every ten minutes: the hours, backwards, at 20 minutes past.
//! let temperatures: Vec<f32> = (0..144).map(|i| 8.0 + i as f32 / 8.0).collect();
//! let day = View::from(&temperatures).reshape([24, 6])?;
//! let at_20_past = day.slice(s![..; -1, 2]);
//! assert_eq!((at_20_past.len(), at_20_past[[0]], at_20_past.strides()), (24, 25.5, [-24]));
//! assert_eq!(at_20_past.iter().copied().fold(f32::INFINITY, f32::min), 8.25);
//! # Ok::<(), pennyweight::view::ReshapeError<1, 2>>(())
//! ```

#[allow(clippy::module_inception, reason = "the file of `View`, beside that of `ViewMut`")]
mod view;
mod view_mut;

mod select;
mod slice;

mod column;
mod split;

mod axis;
mod bands;
mod fold;
mod iter;
mod owned;
mod sum;
mod write;

mod memory;
#[cfg(target_has_atomic = "ptr")]
mod shared;

#[cfg(feature = "ndarray")]
mod ndarray;

mod compare;
mod error;

mod elements;
mod layout;
mod pair;
mod rank;

#[doc(inline)]
pub use crate::__pennyweight_view_s as s;
#[doc(inline)]
pub use crate::{
    __pennyweight_view_column as column, __pennyweight_view_column_mut as column_mut,
    __pennyweight_view_field as field, __pennyweight_view_split_columns_mut as split_columns_mut,
};
pub use axis::{AxisIter, AxisIterMut, Chunks, ChunksMut};
pub use column::Field;
pub use error::{BroadcastError, ReshapeError};
pub use fold::Values;
pub use iter::{Indexed, Iter, IterMut};
pub use memory::Sharing;
#[cfg(feature = "ndarray")]
pub use ndarray::NdarrayError;
pub use rank::{OneLess, OneMore, Rank};
pub use select::Selection;
#[cfg(target_has_atomic = "ptr")]
pub use shared::SharedSlice;
pub use slice::{Slice, Span};
pub use view::View;
pub use view_mut::ViewMut;

/// What the expansions of macros name.
#[doc(hidden)]
pub mod macros {
    pub use super::column::{Projection, projection};
    pub use super::select::{At, Ellipsis, IntoItem, NewAxis, item};
}
