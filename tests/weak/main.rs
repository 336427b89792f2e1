//! Maps whose entries die with their values.

mod finalize;
mod hard_places;
mod keep;
mod key_map;
mod life;
mod load;
mod model;
mod peers_bugs;
mod set;
#[cfg(feature = "std")]
mod stress;
mod thread_locals;
mod unsized_values;
