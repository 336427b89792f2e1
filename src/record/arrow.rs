//! Records to and from Arrow's record batches.
//! Which column becomes what is said at [`Records::to_record_batch`](super::Records::to_record_batch).

mod export;
mod import;
mod open;
