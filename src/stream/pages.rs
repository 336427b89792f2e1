//! Pages that are asked for by the last key of the one before.

use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

/// Reads what a server, or a database, hands out by pages, in one vector: see [`Pages`].
///
/// `fetch` is given the key behind which the page begins, `None` for the first, and an empty vector. It fills that, and returns the key behind which the next
/// page begins, or `None` if this one is the last.
///
/// # Examples
///
/// `SELECT … WHERE id > ?1 ORDER BY id LIMIT 1000`, where the key is that of the last row. An empty page has none, and so is the end:
///
/// ```
/// use pennyweight::stream::{PageError, paginate};
///
/// # let table: Vec<u32> = (1..=2500).collect();
/// # let select = |after: u32, limit: usize| table.iter().copied().filter(move |&id| id > after).take(limit);
/// let rows = paginate(|after: Option<&u32>, page: &mut Vec<u32>| {
///     page.extend(select(after.copied().unwrap_or(0), 1000));
///     Ok::<_, std::io::Error>(page.last().copied())
/// });
/// let mut sum = 0;
/// for row in rows {
///     sum += row?;
/// }
/// assert_eq!(sum, 2500 * 2501 / 2);
/// # Ok::<(), PageError<std::io::Error>>(())
/// ```
pub fn paginate<T, K, E, F>(fetch: F) -> Pages<F, T, K>
where
    F: FnMut(Option<&K>, &mut Vec<T>) -> Result<Option<K>, E>,
{
    let (page, next) = (Vec::new(), Next::Page(None));
    Pages { fetch, page, is_reversed: false, next, before: None, fetched: 0 }
}

/// Pages of a server or of a database, one in memory at a time. [`paginate`] makes them.
///
/// Each page is asked for by a key that the one before gave: the last key that was read (keyset pagination), or a token of the server. So a row that is inserted or
/// deleted meanwhile shifts nothing, as it does with `OFFSET`, and what is behind costs no more than what is before.
///
/// It is an iterator of their items; [`next_page`](Self::next_page) and [`map_pages`](Self::map_pages) lend whole pages.
///
/// # Memory
///
/// One vector, as large as `fetch` fills it, and two keys.
///
/// # Errors
///
/// [`PageError`]. Where `fetch` fails, the next call asks for the same page again: to retry is to go on. A key that is given a second time would have pages come
/// round for ever, and ends them with an error: at once if it is the one that the page was asked for by. If there are others between, it
/// takes three rounds at most; or, where more pages were before the first round than are in it, as many pages again as those, and a
/// round (by Brent's method, which remembers one key).
///
/// # Examples
///
/// ```
/// use pennyweight::stream::{PageError, paginate};
///
/// let mut calls = 0;
/// let mut pages = paginate(|after: Option<&u8>, page: &mut Vec<u8>| {
///     calls += 1;
///     match (after, calls) {
///         (None, _) => page.extend([1, 2, 3]),
///         (Some(3), 2) => return Err("busy"),
///         (Some(3), _) => page.extend([4, 5]),
///         _ => {}
///     }
///     Ok(page.last().copied())
/// });
/// assert_eq!(pages.next_page()?.unwrap(), &[1, 2, 3]);
/// assert_eq!(pages.next_page().unwrap_err(), PageError::Fetch("busy"));
/// assert_eq!(pages.next_page()?.unwrap(), &[4, 5]);
/// assert!(pages.next_page()?.is_none());
/// # Ok::<(), PageError<&str>>(())
/// ```
///
/// # Source
///
/// <https://use-the-index-luke.com/no-offset>; Brent, *An improved Monte Carlo factorization algorithm*, 1980.
pub struct Pages<F, T, K> {
    fetch: F,
    page: Vec<T>,
    /// Whether the page has items that were not handed out, in reverse.
    is_reversed: bool,
    next: Next<K>,
    /// A key that was given before, to find that keys come round.
    before: Option<K>,
    /// The pages that gave a key.
    fetched: u64,
}

/// What is to be fetched.
enum Next<K> {
    /// The page behind this key.
    Page(Option<K>),
    Nothing,
}

/// A page that cannot be handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError<E> {
    /// It could not be fetched. It is asked for again by the next call.
    Fetch(E),
    /// It gives a key that was given before. There are no further pages.
    Repeated {
        /// How many pages were fetched before.
        pages: u64,
    },
}

impl<F, T, K, E> Pages<F, T, K>
where
    F: FnMut(Option<&K>, &mut Vec<T>) -> Result<Option<K>, E>,
    K: PartialEq,
{
    /// Returns the next page, or `None` behind the last. It is not empty: a page that is, and gives a key, is passed over. Items of the
    /// page before that were not handed out are dropped.
    ///
    /// # Errors
    ///
    /// [`PageError`] if the page cannot be fetched, or gives a key that was given before.
    pub fn next_page(&mut self) -> Result<Option<&mut Vec<T>>, PageError<E>> {
        self.is_reversed = false;
        self.page.clear();
        while let Next::Page(after) = &mut self.next {
            // What a fetch that failed, or panicked, has left.
            self.page.clear();
            let key = (self.fetch)(after.as_ref(), &mut self.page).map_err(PageError::Fetch)?;
            let Some(key) = key else {
                self.next = Next::Nothing;
                break;
            };
            if after.as_ref() == Some(&key) || self.before.as_ref() == Some(&key) {
                self.page.clear();
                self.next = Next::Nothing;
                return Err(PageError::Repeated { pages: self.fetched });
            }
            let passed = after.replace(key);
            // The key that others are compared with stays for twice as many pages each time.
            if self.fetched.is_power_of_two() {
                self.before = passed;
            }
            self.fetched += 1;
            if !self.page.is_empty() {
                break;
            }
        }
        Ok((!self.page.is_empty()).then_some(&mut self.page))
    }

    /// Makes an iterator of what `f` makes of the pages.
    ///
    /// # Errors
    ///
    /// The iterator returns a [`PageError`] in the place of a page. If it is asked for more behind a [`PageError::Fetch`], the page is asked for again:
    /// who passes over errors does so for ever if they do not cease.
    pub fn map_pages<U>(
        mut self,
        mut f: impl FnMut(&mut Vec<T>) -> U,
    ) -> impl Iterator<Item = Result<U, PageError<E>>> {
        core::iter::from_fn(move || self.next_page().map(|page| page.map(&mut f)).transpose())
    }
}

/// Of items. Behind a [`PageError::Fetch`] it asks for the page again: who passes over errors does so for ever if they do not cease.
impl<F, T, K, E> Iterator for Pages<F, T, K>
where
    F: FnMut(Option<&K>, &mut Vec<T>) -> Result<Option<K>, E>,
    K: PartialEq,
{
    type Item = Result<T, PageError<E>>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.is_reversed || self.page.is_empty() {
            match self.next_page() {
                Ok(page) => page?.reverse(),
                Err(error) => return Some(Err(error)),
            }
            self.is_reversed = true;
        }
        self.page.pop().map(Ok)
    }
}

impl<E: fmt::Display> fmt::Display for PageError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(error) => write!(f, "a page cannot be fetched: {error}"),
            Self::Repeated { pages } => {
                write!(f, "behind {pages} pages, one gives a key that was given before")
            }
        }
    }
}

impl<E: Error + 'static> Error for PageError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Fetch(error) => Some(error),
            Self::Repeated { .. } => None,
        }
    }
}

impl<F, T, K> fmt::Debug for Pages<F, T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("page", &self.page.len()).finish_non_exhaustive()
    }
}
