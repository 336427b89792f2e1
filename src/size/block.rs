//! What a value tells of one heap block.

use core::{fmt, ptr};

/// A block of heap memory that a value owns, or several of a kind told of together.
///
/// ```
/// use pennyweight::size::Block;
///
/// let block = Block::array::<u32>(16, 10);
/// assert_eq!(block.requested(), 64);
/// assert_eq!(block.slack(), 24);
/// assert_eq!(block.count(), 1);
/// assert!(block.is_exact());
/// ```
///
/// `Debug` shows the address, by which blocks are told apart, as a pointer, and `None` where there is
/// none. Addresses differ from run to run: a test that compares printed walks leaves them out.
///
/// ```
/// use pennyweight::size::Block;
///
/// let printed = format!("{:?}", Block::new(64).with_slack(24));
/// assert_eq!(printed, "Block { requested: 64, slack: 24, count: 1, address: None, estimated: false }");
/// assert!(format!("{:?}", Block::new(1).at(&0_u8)).contains("address: Some(0x"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use = "a block counts only once a visitor is told of it"]
pub struct Block {
    requested: usize,
    slack: usize,
    count: usize,
    /// Zero where no address was given.
    address: usize,
    estimated: bool,
}

impl Block {
    /// A block for which `requested` bytes were asked of the allocator. With zero bytes there is no
    /// block, and telling of it has no effect.
    pub const fn new(requested: usize) -> Self {
        Self { requested, slack: 0, count: 1, address: 0, estimated: false }
    }

    /// The block of a growable array with room for `capacity` values of `T`, of which `len` are in
    /// use.
    pub const fn array<T>(capacity: usize, len: usize) -> Self {
        let element = size_of::<T>();
        Self::new(capacity.saturating_mul(element))
            .with_slack(capacity.saturating_sub(len).saturating_mul(element))
    }

    /// Says that `slack` of the requested bytes are room for elements that is not used.
    pub const fn with_slack(self, slack: usize) -> Self {
        Self { slack, ..self }
    }

    /// Says that these are `count` blocks, which share the requested bytes and the slack between
    /// them.
    pub const fn with_count(self, count: usize) -> Self {
        Self { count, ..self }
    }

    /// Gives an address in the block, by which it can be recognised: always the same one for the
    /// same block.
    pub fn at<T: ?Sized>(self, address: *const T) -> Self {
        Self { address: address.addr(), ..self }
    }

    /// Says that the requested bytes are an estimate.
    pub const fn estimated(self) -> Self {
        Self { estimated: true, ..self }
    }

    /// The bytes asked of the allocator.
    #[must_use]
    pub const fn requested(&self) -> usize {
        self.requested
    }

    /// Those of the requested bytes that are room for elements and are not used: capacity beyond
    /// the length.
    #[must_use]
    pub const fn slack(&self) -> usize {
        self.slack
    }

    /// How many blocks these are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.count
    }

    /// An address in the block, if the block's owner could tell one.
    #[must_use]
    pub const fn address(&self) -> Option<usize> {
        if self.address == 0 { None } else { Some(self.address) }
    }

    /// Whether the requested bytes are exact.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        !self.estimated
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("requested", &self.requested)
            .field("slack", &self.slack)
            .field("count", &self.count)
            .field("address", &self.address().map(ptr::without_provenance::<()>))
            .field("estimated", &self.estimated)
            .finish()
    }
}
