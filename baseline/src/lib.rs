//! The naive twin of every module of pennyweight, and the sample data.

pub mod array;
pub mod entropy;
pub mod flights;
pub mod image;
pub mod intern;
pub mod pool;
pub mod random;
pub mod record;
pub mod slab;
pub mod stream;
pub mod text;
pub mod tree;
pub mod view;
pub mod weak;
pub mod weather;
