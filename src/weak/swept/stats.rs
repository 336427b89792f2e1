//! What a swept map has done.

/// What a swept map has done. Lookups by `get` are not counted: they do not change the map, so that several threads may have one
/// behind a lock that lets all of them read. What lives is not counted either, since it dies without telling: `len` looks at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SweptStats {
    /// The calls of `get_or_insert_with`, of a set's `get_or_insert`, and of their fallible forms that found a live value.
    pub hits: u64,
    /// Those that had to make one, and did: all misses but the errors.
    pub loads: u64,
    /// The entries that were dead and have been removed.
    pub swept: u64,
    /// The entries that were looked at in order to find these: the work of sweeping.
    pub examined: u64,
}
