//! What a pool calls of its user.

use core::convert::Infallible;

/// How a pool makes its objects, and what it does before it keeps one and before it hands one out.
///
/// A closure that makes an object is enough: `Pool::new(Vec::new)`. It comes back as its last user left it; a second closure makes it fit for the
/// next one: `Pool::new((Vec::new, Vec::clear))`. Whatever needs more implements the trait.
///
/// None of the methods is called while the pool is locked, so each may use the pool, panic, or take its time. In a
/// [`BoundedPool`](super::BoundedPool) alone one that gets an object waits for itself if it is called for the last one.
///
/// ```
/// use core::convert::Infallible;
/// use pennyweight::pool::Hooks;
///
/// struct Buffers;
///
/// impl Hooks<Vec<u8>> for Buffers {
///     type Error = Infallible;
///
///     fn create(&self) -> Result<Vec<u8>, Infallible> {
///         Ok(Vec::with_capacity(4096))
///     }
///
///     /// Nobody sees what the last user wrote, and a buffer that has grown large is not kept.
///     fn recycle(&self, buffer: &mut Vec<u8>) -> bool {
///         buffer.clear();
///         buffer.capacity() <= 65_536
///     }
///
///     fn weight(&self, buffer: &Vec<u8>) -> usize {
///         buffer.capacity()
///     }
/// }
///
/// let mut buffer = Buffers.create().unwrap();
/// buffer.extend(b"secret");
/// assert!(Buffers.recycle(&mut buffer) && buffer.is_empty());
/// ```
pub trait Hooks<T> {
    /// Why an object could not be made; [`Infallible`] where it always can.
    type Error;

    /// Makes an object, where none is idle.
    ///
    /// # Errors
    ///
    /// The error is handed to whoever asked for an object, and the pool is as it was.
    fn create(&self) -> Result<T, Self::Error>;

    /// Makes an object that comes back fit for its next user; `false` drops it.
    #[inline]
    fn recycle(&self, object: &mut T) -> bool {
        let _ = object;
        true
    }

    /// Says whether an object that was idle may still be handed out; `false` drops it, and the next one is asked.
    #[inline]
    fn validate(&self, object: &mut T) -> bool {
        let _ = object;
        true
    }

    /// The bytes that an idle object holds, as the limit of the pool's bytes counts them. An object that is idle keeps its weight; of one that
    /// does not, the limit is no longer exact.
    ///
    /// Unless it is implemented, and so where closures are the hooks, it is the size of the object itself: the 24 bytes of a `Vec`, and
    /// not its buffer, of which nothing tells.
    #[inline]
    fn weight(&self, object: &T) -> usize {
        size_of_val(object)
    }
}

impl<T, F: Fn() -> T> Hooks<T> for F {
    type Error = Infallible;

    #[inline]
    fn create(&self) -> Result<T, Infallible> {
        Ok(self())
    }
}

/// A pair of closures: one makes an object, the other makes it fit for its next user, as in `Pool::new((Vec::new, Vec::clear))`.
impl<T, F: Fn() -> T, R: Fn(&mut T)> Hooks<T> for (F, R) {
    type Error = Infallible;

    #[inline]
    fn create(&self) -> Result<T, Infallible> {
        Ok(self.0())
    }

    #[inline]
    fn recycle(&self, object: &mut T) -> bool {
        self.1(object);
        true
    }
}
