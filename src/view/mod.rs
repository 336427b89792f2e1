//! Slices of N axes that copy nothing: any start, any step, any order of axes.

#[allow(clippy::module_inception, reason = "the file of `View`, beside that of `ViewMut`")]
mod view;
mod view_mut;

mod layout;

pub use view::View;
pub use view_mut::ViewMut;
