//! What a pool has done.

/// What a pool has done, and what it holds. Counted by each shard under its lock, so without cost to speak of, and read one shard after
/// the other: the numbers of a pool in use are each of a moment, but not all of the same one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The objects that were made, or attached.
    pub created: u64,
    /// The objects that were handed out again.
    pub reused: u64,
    /// The objects that are handed out, those whose guard was forgotten among them.
    pub outstanding: usize,
    /// The objects that wait for a user.
    pub idle: usize,
    /// What the idle objects weigh, by [`Hooks::weight`](super::Hooks::weight).
    pub idle_bytes: usize,
    /// The objects that were dropped, by reason.
    pub dropped: Dropped,
    /// The calls that had to wait for an object. Of a `BoundedPool` alone, since no other pool lets anybody wait.
    pub waited: u64,
    /// Of these, the ones that were given nothing: their time was over, their future was dropped, or the pool was closed.
    pub timed_out: u64,
}

/// The objects that a pool has dropped, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// Came back when as many were idle as the pool keeps.
    pub by_count: u64,
    /// Came back when the idle ones, with it, would have weighed more than the pool keeps.
    pub by_weight: u64,
    /// [`Hooks::recycle`](super::Hooks::recycle) refused it, or panicked, or [`weight`](super::Hooks::weight) did then, or its user.
    pub by_recycle: u64,
    /// [`Hooks::validate`](super::Hooks::validate) refused it, or panicked.
    pub by_validate: u64,
    /// Was idle for too long: `trim`.
    pub by_trim: u64,
    /// `clear`, or the pool was closed.
    pub by_clear: u64,
}

impl Dropped {
    pub(super) const NONE: Self =
        Self { by_count: 0, by_weight: 0, by_recycle: 0, by_validate: 0, by_trim: 0, by_clear: 0 };

    /// The objects that were dropped, for whatever reason.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.by_count
            + self.by_weight
            + self.by_recycle
            + self.by_validate
            + self.by_trim
            + self.by_clear
    }

    pub(super) const fn add(&mut self, other: &Self) {
        self.by_count += other.by_count;
        self.by_weight += other.by_weight;
        self.by_recycle += other.by_recycle;
        self.by_validate += other.by_validate;
        self.by_trim += other.by_trim;
        self.by_clear += other.by_clear;
    }
}
