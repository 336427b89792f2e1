//! What maps and handles weigh.

use super::key_map::WeakKeyMapIn;
use super::map::WeakMapIn;
use super::mode::Mode;
use super::set::WeakSetIn;
use super::strong::Strong;
use super::value::Value;
use crate::size::{Block, HeapSize, Visitor};

/// Handles of one value count it once, as those of `Rc` do.
impl<K: HeapSize, V: HeapSize + ?Sized + Value, M: Mode> HeapSize for Strong<K, V, M> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        let address = self.node().node().address().as_ptr().cast_const();
        visitor.shared(address, Block::new(self.node().size()), |visitor| {
            Self::key(self).visit(visitor);
            (**self).visit(visitor);
        });
    }
}

/// The table and the queue of what is kept. The values are their handles'.
impl<K, V: ?Sized + Value, S, M: Mode> HeapSize for WeakMapIn<K, V, S, M> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::new(self.heap_bytes()));
    }

    fn owns_heap() -> bool {
        true
    }
}

/// The table. The values are their handles'.
impl<T: ?Sized + Value, S, M: Mode> HeapSize for WeakSetIn<T, S, M> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::new(self.heap_bytes()));
    }

    fn owns_heap() -> bool {
        true
    }
}

/// The table, and what the map says. The objects are their handles'.
impl<K, T: ?Sized + Value, V: HeapSize, M: Mode> HeapSize for WeakKeyMapIn<K, T, V, M> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.block(Block::new(self.heap_bytes()));
        for (_, value) in self {
            visitor.lent(&value);
        }
    }

    fn owns_heap() -> bool {
        true
    }
}
