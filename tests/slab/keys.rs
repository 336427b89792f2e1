//! Keys that lie: what they name is anyone's guess, but slabs, maps and forests stay whole.

use pennyweight::pool::{Handle32, Key, Position, Slab, SlabError, SlabMap, Tree};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

thread_local! {
    /// What the next lies are drawn of; 0 as long as keys tell the truth.
    static LIES: Cell<u64> = const { Cell::new(0) };
}

/// One of so many lies, or `None` for the truth.
fn lie(out_of: u64) -> Option<u64> {
    let mut state = LIES.get();
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    LIES.set(state);
    (state != 0 && state.is_multiple_of(out_of)).then_some(state >> 32)
}

/// Answers with a handle of its own making now and then, and panics when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Liar(Handle32);

impl Key for Liar {
    type Handle = Handle32;

    fn from_handle(handle: Handle32) -> Self {
        assert!(lie(60).is_none() || std::thread::panicking(), "no key");
        Self(handle)
    }

    fn handle(self) -> Handle32 {
        let other = |lie: u64| (((lie % 20) << 8) | (lie >> 8 & 7) | 1) as u32;
        lie(4).and_then(|lie| Handle32::from_bits(other(lie))).unwrap_or(self.0)
    }
}

/// All that a liar can do to a slab, a map and a forest.
struct Victims {
    slab: Slab<Rc<()>, Liar>,
    map: SlabMap<Rc<()>, Liar>,
    tree: Tree<Rc<()>, Liar>,
    handles: Vec<Liar>,
    nodes: Vec<Liar>,
}

impl Victims {
    fn suffer(&mut self, turn: usize, value: Rc<()>) {
        let one = |keys: &[Liar]| keys.get(turn * 31 % keys.len().max(1)).copied();
        let (handle, node) = (one(&self.handles), one(&self.nodes));
        match (turn * turn / 3 + turn) % 16 {
            0..3 => self.handles.push(self.slab.insert(value)),
            3 => drop(handle.map(|handle| self.slab.remove(handle))),
            4 => drop(handle.map(|handle| self.map.insert(handle, value))),
            5 => drop(handle.map(|handle| self.map.try_get_or_insert_with(handle, || value).err())),
            6 => self.slab.retain(|_, _| !turn.is_multiple_of(5)),
            7 => self.map.remap(&self.slab.compact()),
            8 => drop(self.slab.drain().take(3).collect::<Vec<_>>()),
            9 => drop(self.slab.clone().into_iter().nth_back(2)),
            10 => self.nodes.push(self.tree.insert_root(value)),
            11 | 12 => {
                let child = node.map(|node| self.tree.try_insert(Position::LastChild(node), value));
                self.nodes.extend(child.and_then(Result::ok));
            }
            13 => {
                let (Some(node), Some(&to)) = (node, self.nodes.last()) else { return };
                let _ = self.tree.reparent(node, Position::Before(to));
                self.tree.sort_roots_by(|a, b| Rc::as_ptr(a).cmp(&Rc::as_ptr(b)));
            }
            14 => drop(node.map(|node| self.tree.remove(node))),
            _ => drop(self.tree.compact()),
        }
    }
}

#[test]
fn keys_that_lie_leave_all_whole() {
    for seed in 1..400_u64 {
        let value = Rc::new(());
        let mut victims = Victims {
            slab: Slab::with_key(),
            map: SlabMap::with_key(),
            tree: Tree::with_key(),
            handles: Vec::new(),
            nodes: Vec::new(),
        };
        for turn in 0..150 {
            LIES.set(seed * 0x9e37_79b9 + turn as u64);
            let suffer = || victims.suffer(turn, Rc::clone(&value));
            let _ = catch_unwind(AssertUnwindSafe(suffer));
            LIES.set(0);
            victims.slab.check_invariants();
            victims.map.check_invariants();
            victims.tree.check_invariants();
        }
        let Victims { slab, map, tree, .. } = victims;
        assert_eq!(Rc::strong_count(&value), 1 + slab.len() + map.len() + tree.len());
        drop((slab, map, tree));
        assert_eq!(Rc::strong_count(&value), 1);
    }
}

#[test]
fn a_closure_is_not_called_for_a_dead_handle() {
    let mut slab = Slab::new();
    let dead = slab.insert('a');
    slab.remove(dead);
    let live = slab.insert('b');
    let mut map = SlabMap::from_iter([(live, 1)]);
    let refused = map.try_get_or_insert_with(dead, || panic!("called"));
    assert_eq!(refused, Err(SlabError::Stale));
    assert_eq!(map.try_get_or_insert_with(live, || 2), Ok(&mut 1));
}

#[test]
fn a_map_has_room_for_as_many_slots_as_handles_tell_apart() {
    let mut map = SlabMap::<(), Handle32>::with_key();
    assert_eq!(map.try_reserve(0x100_0000), Err(SlabError::Full { slots: 0xff_ffff }));
    map.reserve(0xff_ffff);
    assert_eq!((map.capacity(), map.heap_bytes()), (0xff_ffff, 0xff_ffff));
    map.check_invariants();
}
