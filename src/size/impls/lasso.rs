//! lasso's interners. All of it is *estimated*, since they show little of what they allocate.
//!
//! ```text
//!               | strings                      | text   | table
//! Rodeo         | 16 bytes, for as many as fit | told   | for as many as fit
//! RodeoReader   | 16 bytes each                | summed | for as many as there are
//! RodeoResolver | 16 bytes each                | summed | none
//! ```
//!
//! The text of a `Rodeo` is what lasso calls its memory usage: the chunks that hold the text, with
//! the room that is left in them. Its frozen forms do not tell that any more, and fall short by the
//! room, which they keep.

use core::hash::BuildHasher;

use lasso::{Key, Rodeo, RodeoReader, RodeoResolver};

use crate::size::{Block, HeapSize, Visitor};

impl<K: Key, S: BuildHasher> HeapSize for Rodeo<K, S> {
    /// Tells of three blocks: the strings, the text, and the table, the size of which is a guess from
    /// the capacity. Takes time in proportion to the number of strings.
    ///
    /// ```
    /// use lasso::Rodeo;
    /// use pennyweight::size::deep_size;
    ///
    /// let mut names = Rodeo::default();
    /// names.get_or_intern("AA");
    /// let size = deep_size(&names);
    /// assert!(size.heap > names.current_memory_usage());
    /// assert_eq!(size.estimated, size.heap);
    /// ```
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::array::<&str>(self.capacity(), self.len()).estimated());
        let text = self.strings().map(str::len).sum();
        let room = self.current_memory_usage().saturating_sub(text);
        visitor.block(Block::new(self.current_memory_usage()).with_slack(room).estimated());
        visitor.block(table::<K>(self.capacity()));
    }
}

impl<K: Key, S: BuildHasher> HeapSize for RodeoReader<K, S> {
    /// Tells of three blocks: the strings, the text and the table, each at the smallest that holds so
    /// many strings. Takes time in proportion to their number.
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        interned(self.strings(), visitor);
        visitor.block(table::<K>(self.len()));
    }
}

impl<K: Key> HeapSize for RodeoResolver<K> {
    /// Tells of two blocks: the strings and the text, each at the smallest that holds so many strings.
    /// Takes time in proportion to their number.
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        interned(self.strings(), visitor);
    }
}

fn interned<'s>(strings: impl Iterator<Item = &'s str>, visitor: &mut Visitor<'_>) {
    let (mut len, mut text) = (0, 0);
    for string in strings {
        len += 1;
        text += string.len();
    }
    visitor.block(Block::array::<&str>(len, len).estimated());
    visitor.block(Block::new(text).estimated());
}

/// The table that finds the key of a string: of each bucket the key and a control byte, and one
/// group of control bytes more; at most 7/8 of the buckets are in use.
fn table<K>(keys: usize) -> Block {
    const GROUP: usize = 16;
    let buckets = match keys {
        0 => return Block::new(0),
        1..4 => 4,
        4..8 => 8,
        _ => (keys * 8 / 7).next_power_of_two(),
    };
    Block::new(buckets * (size_of::<K>() + 1) + GROUP).estimated()
}
