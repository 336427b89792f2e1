//! What a map has done.

/// What a map has done, and how many values it knows. Counted by each shard under its lock, so at no cost to speak of, and read one shard
/// after the other: of a map in use, the numbers are each of a moment, but not all of the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The calls that found a value.
    pub hits: u64,
    /// The calls that found none, of which some loaded it then, and some waited for who did.
    pub misses: u64,
    /// The loads that began, those that failed among them.
    pub loads: u64,
    /// The entries that are there now.
    pub live: usize,
    /// The values that have died.
    pub expired: u64,
}
