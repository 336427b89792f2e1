//! Rows of one table by the keys of another.

use super::group::KeyColumn;
use super::group::slots::{Slots, number};
use crate::size::{Block, HeapSize, Visitor};
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

/// Finds for each row on the left the first row on the right that has its key: a left join. A lookup for each distinct key and not for each
/// row, where keys are codes or small numbers.
///
/// Null is equal to nothing here, as in SQL: a null on the left finds no row, and one on the right is found by none. A key may be nullable on
/// one side alone. Of rows on the right with equal keys the first one is found; where they are an error, take [`try_join`].
///
/// # Panics
///
/// Panics where there are more than 2³² − 1 rows on the right.
///
/// # Examples
///
/// ```
/// use pennyweight::record::{DictColumn, join};
///
/// let carriers: DictColumn = ["UA", "AA", "UA", "ZZ"].iter().collect();
/// let airlines: DictColumn = ["AA", "UA"].iter().collect();
/// let names = ["American Airlines Inc.", "United Air Lines Inc."];
///
/// let joined = join(carriers.as_slice(), airlines.as_slice());
/// assert_eq!((joined.get(0), joined.get(3)), (Some(1), None));
/// let found: Vec<_> = joined.iter().map(|row| row.map_or("?", |row| names[row])).collect();
/// assert_eq!(found, [names[1], names[0], names[1], "?"]);
/// ```
#[track_caller]
pub fn join<'a, L: KeyColumn<'a>, R: KeyColumn<'a, Present = L::Present>>(
    left: L,
    right: R,
) -> Joined<'a> {
    let mut rows = HashMap::new();
    for row in 0..right.rows() {
        if let Some(key) = right.present(row) {
            rows.entry(key).or_insert_with(|| number(row));
        }
    }
    look_up(left, &rows)
}

/// As [`join`], where no two rows on the right may have one key.
///
/// # Errors
///
/// Fails where two have, and says which.
///
/// ```
/// use pennyweight::record::try_join;
///
/// let error = try_join(&[1_u8, 2][..], &[7_u8, 2, 2][..]).unwrap_err();
/// assert_eq!(error.rows(), [1, 2]);
/// ```
#[track_caller]
pub fn try_join<'a, L: KeyColumn<'a>, R: KeyColumn<'a, Present = L::Present>>(
    left: L,
    right: R,
) -> Result<Joined<'a>, DuplicateKey> {
    let mut rows = HashMap::new();
    for row in 0..right.rows() {
        let Some(key) = right.present(row) else { continue };
        match rows.entry(key) {
            Entry::Vacant(place) => {
                place.insert(number(row));
            }
            Entry::Occupied(first) => {
                return Err(DuplicateKey { rows: [*first.get() as usize, row] });
            }
        }
    }
    Ok(look_up(left, &rows))
}

/// The row of each key on the left.
#[track_caller]
fn look_up<'a, L: KeyColumn<'a>>(left: L, rows: &HashMap<L::Present, u32>) -> Joined<'a> {
    let slots = left.slots();
    let mut found = vec![NONE; slots.count()];
    for (row, slot) in slots.first_rows() {
        let row = left.present(row).and_then(|key| rows.get(&key));
        found[slot] = row.copied().unwrap_or(NONE);
    }
    Joined { slots, rows: found }
}

/// The row that stands for none.
const NONE: u32 = u32::MAX;

/// For each row on the left, the one on the right: what [`join`] gives.
///
/// # Memory
///
/// 4 bytes for each key on the left, and what [`Groups`](super::Groups) takes for the numbers of rows: nothing, where they are the codes of
/// a dictionary column that has no nulls.
#[derive(Clone)]
pub struct Joined<'a> {
    slots: Slots<'a>,
    /// The row of each number, or `NONE`. Invariant: as many as the count of `slots`.
    rows: Vec<u32>,
}

impl Joined<'_> {
    /// The number of rows on the left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row on the right that has the key of this one on the left. `None` if there is none, or `left` is behind the end.
    #[inline]
    #[must_use]
    pub fn get(&self, left: usize) -> Option<usize> {
        let row = self.rows[self.slots.codes().get(left)? as usize];
        (row != NONE).then_some(row as usize)
    }

    /// Iterates over the rows on the right, as many as there are on the left.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<usize>> + Clone {
        (0..self.len()).map(|left| self.get(left))
    }

    /// The bytes of heap memory.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        4 * self.rows.capacity() + self.slots.heap_bytes()
    }
}

/// As a list.
impl fmt::Debug for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl HeapSize for Joined<'_> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.field("rows", &self.rows);
        visitor.block(Block::new(self.slots.heap_bytes()));
    }

    fn owns_heap() -> bool {
        true
    }
}

/// Two rows have one key, where each may have it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    rows: [usize; 2],
}

impl DuplicateKey {
    /// The first two rows that have it.
    #[must_use]
    pub fn rows(&self) -> [usize; 2] {
        self.rows
    }
}

impl fmt::Display for DuplicateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.rows;
        write!(f, "rows {first} and {second} have the same key")
    }
}

impl core::error::Error for DuplicateKey {}
