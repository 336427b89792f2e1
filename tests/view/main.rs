//! Views: against NumPy, against a naive model, at the edges, and in what they promise to the compiler.

mod edges;
mod expected;
mod large;
mod model;
mod traits;
mod ways;
mod writes;
