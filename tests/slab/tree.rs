//! Any operations do to a forest what they do to nodes that hold one another by `Rc` and `Weak`; and its edges.

use pennyweight::HeapSize;
use pennyweight::pool::{
    Handle, Handle32, InsertError, Key, MoveError, Position, Remap, SlabError, Tree,
};
use pennyweight_baseline::tree::Node;
use proptest::collection::vec;
use proptest::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

#[derive(Clone, Debug)]
enum Operation {
    Insert(Where, u16),
    Move(prop::sample::Index, Where),
    Detach(prop::sample::Index),
    Remove(prop::sample::Index),
    Sort(prop::sample::Index),
    SortRoots,
    Change(prop::sample::Index, u16),
    /// Inserts and removes as often as uses up a slot of `Handle32`.
    Churn,
    Clear,
    Compact,
    Clone,
    Shrink,
}

#[derive(Clone, Debug)]
enum Where {
    FirstRoot,
    LastRoot,
    FirstChild(prop::sample::Index),
    LastChild(prop::sample::Index),
    Before(prop::sample::Index),
    After(prop::sample::Index),
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation as O;
    let node = any::<prop::sample::Index>;
    let place = || {
        prop_oneof![
            1 => Just(Where::FirstRoot),
            1 => Just(Where::LastRoot),
            2 => node().prop_map(Where::FirstChild),
            6 => node().prop_map(Where::LastChild),
            2 => node().prop_map(Where::Before),
            2 => node().prop_map(Where::After),
        ]
    };
    prop_oneof![
        20 => (place(), any::<u16>()).prop_map(|(place, value)| O::Insert(place, value)),
        8 => (node(), place()).prop_map(|(node, place)| O::Move(node, place)),
        2 => node().prop_map(O::Detach),
        3 => node().prop_map(O::Remove),
        2 => node().prop_map(O::Sort),
        1 => Just(O::SortRoots),
        2 => (node(), any::<u16>()).prop_map(|(node, value)| O::Change(node, value)),
        1 => Just(O::Churn),
        1 => Just(O::Clear),
        2 => Just(O::Compact),
        1 => Just(O::Clone),
        1 => Just(O::Shrink),
    ]
}

type Twin = Rc<Node<Cell<u16>>>;

/// A forest, and the twin of each of its nodes below a root that the forest does not have.
struct Run<H: Key> {
    tree: Tree<Box<u16>, H>,
    top: Twin,
    nodes: Vec<(H, Twin)>,
    dead: Vec<H>,
}

impl<H: Key> Run<H> {
    fn one(&self, index: prop::sample::Index) -> Option<(H, Twin)> {
        (!self.nodes.is_empty()).then(|| index.get(&self.nodes).clone())
    }

    fn handle(&self, twin: &Twin) -> H {
        self.nodes.iter().find(|(_, other)| Rc::ptr_eq(twin, other)).expect("a node of both").0
    }

    /// A position, and where that is in the twin: below which node, and behind how many others.
    fn position(&self, place: &Where) -> Option<(Position<H>, Twin, usize)> {
        let sibling = |index| {
            let (handle, twin): (H, Twin) = self.one(index)?;
            let parent = twin.parent().expect("all are below the top");
            let place = parent.children().iter().position(|child| Rc::ptr_eq(child, &twin))?;
            Some((handle, parent, place))
        };
        Some(match *place {
            Where::FirstRoot => (Position::FirstRoot, self.top.clone(), 0),
            Where::LastRoot => (Position::LastRoot, self.top.clone(), self.top.children().len()),
            Where::FirstChild(index) => {
                let (handle, twin) = self.one(index)?;
                (Position::FirstChild(handle), twin, 0)
            }
            Where::LastChild(index) => {
                let (handle, twin) = self.one(index)?;
                let end = twin.children().len();
                (Position::LastChild(handle), twin, end)
            }
            Where::Before(index) => {
                let (handle, parent, place) = sibling(index)?;
                (Position::Before(handle), parent, place)
            }
            Where::After(index) => {
                let (handle, parent, place) = sibling(index)?;
                (Position::After(handle), parent, place + 1)
            }
        })
    }

    fn rename(&mut self, remap: &Remap<H>) {
        for (handle, _) in &mut self.nodes {
            *handle = remap.get(*handle).expect("a node that is there");
        }
        assert!(self.dead.drain(..).all(|handle| remap.get(handle).is_none()));
    }

    fn run(&mut self, operation: &Operation) {
        match operation {
            Operation::Insert(place, value) => {
                let Some((position, parent, place)) = self.position(place) else { return };
                let handle = self.tree.insert(position, Box::new(*value));
                let twin = Node::new(Cell::new(*value));
                parent.insert(place, &twin);
                self.nodes.push((handle, twin));
            }
            Operation::Move(index, place) => {
                let (Some((handle, twin)), Some((position, parent, mut place))) =
                    (self.one(*index), self.position(place))
                else {
                    return;
                };
                let above = parent.ancestors();
                let moved = self.tree.reparent(handle, position);
                if above.iter().chain([&parent]).any(|above| Rc::ptr_eq(above, &twin)) {
                    let parent = self.handle(&parent);
                    assert_eq!(moved, Err(MoveError::Cycle { node: handle, parent }));
                    return;
                }
                assert_eq!(moved, Ok(()));
                let old = parent.children().iter().position(|child| Rc::ptr_eq(child, &twin));
                // Taken away first, it leaves one place less before the others.
                place -= usize::from(old.is_some_and(|old| old < place));
                twin.detach();
                parent.insert(place, &twin);
            }
            Operation::Detach(index) => {
                let Some((handle, twin)) = self.one(*index) else { return };
                self.tree.detach(handle).unwrap();
                self.top.append(&twin);
            }
            Operation::Remove(index) => {
                let Some((handle, twin)) = self.one(*index) else { return };
                assert_eq!(self.tree.remove(handle), Some(Box::new(twin.value.get())));
                assert_eq!(self.tree.remove(handle), None);
                let gone = twin.preorder();
                twin.detach();
                let (gone, left): (Vec<_>, _) = std::mem::take(&mut self.nodes)
                    .into_iter()
                    .partition(|(_, node)| gone.iter().any(|gone| Rc::ptr_eq(gone, node)));
                self.nodes = left;
                self.dead.extend(gone.into_iter().map(|(handle, _)| handle));
            }
            Operation::Sort(index) => {
                let Some((handle, twin)) = self.one(*index) else { return };
                self.tree.sort_children_by_key(handle, |value| **value / 8);
                twin.sort_children_by(|a, b| (a.get() / 8).cmp(&(b.get() / 8)));
            }
            Operation::SortRoots => {
                self.tree.sort_roots_by(|a, b| b.cmp(a));
                self.top.sort_children_by(|a, b| b.cmp(a));
            }
            Operation::Change(index, value) => {
                let Some((handle, twin)) = self.one(*index) else { return };
                *self.tree[handle] = *value;
                twin.value.set(*value);
            }
            Operation::Churn => {
                for value in 0..130 {
                    let handle = self.tree.insert_root(Box::new(value));
                    assert_eq!(self.tree.remove(handle), Some(Box::new(value)));
                    self.dead.push(handle);
                }
            }
            Operation::Clear => {
                self.tree.clear();
                self.top = Node::new(Cell::new(0));
                let nodes = self.nodes.drain(..);
                self.dead.extend(nodes.map(|(handle, _)| handle));
            }
            Operation::Compact => {
                let remap = self.tree.compact();
                assert_eq!(self.tree.slab().slots(), self.nodes.len());
                self.rename(&remap);
            }
            Operation::Clone => self.tree = self.tree.clone(),
            Operation::Shrink => self.tree.shrink_to_fit(),
        }
    }

    fn check(&self) {
        let tree = &self.tree;
        tree.check_invariants();
        assert_eq!((tree.len(), tree.is_empty()), (self.nodes.len(), self.nodes.is_empty()));
        let handles =
            |twins: Vec<Twin>| twins.iter().map(|twin| self.handle(twin)).collect::<Vec<_>>();
        let roots = handles(self.top.children());
        assert!(tree.roots().eq(roots.iter().copied()));
        assert!(tree.roots().rev().eq(roots.iter().rev().copied()));
        for (handle, twin) in &self.nodes {
            let handle = *handle;
            assert_eq!(*tree[handle], twin.value.get());
            let mut above = twin.ancestors();
            above.pop();
            assert!(tree.ancestors(handle).eq(handles(above)));
            let children = handles(twin.children());
            assert!(tree.children(handle).eq(children.iter().copied()));
            assert!(tree.children(handle).rev().eq(children.iter().rev().copied()));
            assert_eq!(tree.first_child(handle), children.first().copied());
            assert_eq!(tree.last_child(handle), children.last().copied());
            let others = handles(twin.parent().unwrap().children());
            let others: Vec<_> = others.into_iter().filter(|&other| other != handle).collect();
            assert!(tree.siblings(handle).eq(others.iter().copied()));
            assert!(tree.siblings(handle).rev().eq(others.iter().rev().copied()));
            let (before, behind) = others.split_at(tree.preceding_siblings(handle).count());
            assert!(tree.preceding_siblings(handle).eq(before.iter().copied()));
            assert!(tree.following_siblings(handle).rev().eq(behind.iter().rev().copied()));
            assert_eq!(tree.previous_sibling(handle), before.last().copied());
            assert_eq!(tree.depth(handle), tree.ancestors(handle).count());
            let above = |&other: &H| tree.is_ancestor_of(other, handle);
            assert_eq!(tree.keys().filter(above).count(), tree.depth(handle));
            assert!(tree.preorder(handle).eq(handles(twin.preorder())));
            assert!(tree.postorder(handle).eq(handles(twin.postorder())));
        }
        assert!(self.dead.iter().all(|&dead| tree.get(dead).is_none() && !tree.contains(dead)));
        let dot = tree.to_dot();
        assert_eq!(dot.matches("->").count() + tree.roots().count(), tree.len());
        let own = tree.len() * size_of::<u16>();
        assert_eq!(HeapSize::heap_bytes(tree), tree.heap_bytes() + own);
    }
}

fn check<H: Key>(operations: &[Operation]) {
    let top = Node::new(Cell::new(0));
    let mut run = Run::<H> { tree: Tree::with_key(), top, nodes: Vec::new(), dead: Vec::new() };
    for operation in operations {
        run.run(operation);
    }
    run.check();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_operations_do_what_they_do_to_the_twin(operations in vec(operation(), 0..100)) {
        check::<Handle32>(&operations);
        check::<Handle>(&operations);
    }
}

/// A node with two children, of which the first has two.
fn small() -> (Tree<&'static str>, [Handle32; 5]) {
    let mut tree = Tree::new();
    let a = tree.insert_root("a");
    let b = tree.append(a, "b");
    let e = tree.append(a, "e");
    let d = tree.append(b, "d");
    let c = tree.insert_before(d, "c");
    (tree, [a, b, c, d, e])
}

#[test]
fn a_node_is_not_put_below_itself() {
    let (mut tree, [a, b, c, d, e]) = small();
    let before = tree.to_dot();
    for (node, position, parent) in [
        (a, Position::LastChild(a), a),
        (a, Position::FirstChild(d), d),
        (a, Position::Before(b), a),
        (a, Position::After(c), b),
        (b, Position::LastChild(c), c),
    ] {
        let cycle = MoveError::Cycle { node, parent };
        assert_eq!(tree.reparent(node, position), Err(cycle));
    }
    let message = MoveError::Cycle { node: a, parent: d }.to_string();
    assert_eq!(message, "Handle32(0v1) cannot be below Handle32(3v1), which is itself or below it");
    assert_eq!(tree.to_dot(), before);
    // Beside itself it is already.
    for position in [Position::Before(b), Position::After(b), Position::Before(e)] {
        assert_eq!(tree.reparent(b, position), Ok(()));
    }
    assert_eq!(tree.reparent(a, Position::LastRoot), Ok(()));
    assert_eq!(tree.to_dot(), before);
    tree.check_invariants();
}

#[test]
fn the_children_of_a_node_that_is_removed_alone_take_its_place() {
    let (mut tree, [a, b, c, d, e]) = small();
    assert_eq!((tree.remove_one(b), tree.remove_one(b)), (Some("b"), None));
    assert!(tree.children(a).eq([c, d, e]));
    tree.check_invariants();
    assert_eq!(tree.remove_one(d), Some("d"));
    assert_eq!(tree.remove_one(a), Some("a"));
    assert!(tree.roots().eq([c, e]));
    tree.check_invariants();
    assert_eq!(
        (tree.remove_one(c), tree.remove_one(e), tree.roots().next()),
        (Some("c"), Some("e"), None)
    );
    tree.check_invariants();
}

#[test]
fn a_dead_node_is_refused() {
    let (mut tree, [a, b, c, d, e]) = small();
    assert_eq!(tree.remove(b), Some("b"));
    assert_eq!((tree.len(), tree.get(c), tree.get(d)), (2, None, None));
    let stale = InsertError { value: "x", error: SlabError::Stale };
    for position in
        [Position::FirstChild(c), Position::LastChild(b), Position::Before(d), Position::After(c)]
    {
        assert_eq!(tree.try_insert(position, "x"), Err(stale));
        assert!(matches!(tree.reparent(e, position), Err(MoveError::Stale { .. })));
    }
    assert_eq!(tree.reparent(b, Position::LastChild(a)), Err(MoveError::Stale { node: b }));
    assert_eq!(
        tree.detach(c).unwrap_err().to_string(),
        "Handle32(4v1) names no node: it was removed"
    );
    assert_eq!(tree.remove(b), None);
    tree.check_invariants();
}

#[test]
#[should_panic(expected = "the handle names nothing: its value was removed")]
fn appending_to_a_dead_node_panics() {
    let (mut tree, [a, ..]) = small();
    tree.remove(a);
    tree.append(a, "x");
}

#[test]
#[should_panic(expected = "Handle32(4v1) names no value: it was removed")]
fn the_children_of_a_dead_node_are_not_asked_for() {
    let (mut tree, [_, _, c, ..]) = small();
    tree.remove(c);
    let _ = tree.children(c);
}

#[test]
fn trees_of_a_million_levels_need_no_stack() {
    let mut tree = Tree::with_capacity(1_000_000);
    let root = tree.insert_root(0_u64);
    let mut last = root;
    for level in 1..1_000_000 {
        last = tree.append(last, level);
    }
    assert_eq!(tree.heap_bytes(), 1_000_000 * 21);
    let copy = tree.clone();
    assert_eq!(copy.ancestors(last).count(), 999_999);
    assert_eq!(copy.preorder(root).last(), Some(last));
    assert_eq!(copy.postorder(root).next(), Some(last));
    assert_eq!(copy.postorder(root).map(|node| copy[node]).sum::<u64>(), 499_999_500_000);
    assert!(copy.to_dot().len() > 30_000_000);
    assert!(tree.reparent(root, Position::LastChild(last)).is_err());
    let below = tree.first_child(root).unwrap();
    tree.remove(below);
    assert_eq!(tree.len(), 1);
    tree.check_invariants();
    drop(copy);
}

#[test]
fn compacting_a_forest_forgets_what_was_removed() {
    let mut tree: Tree<u64> = Tree::with_key();
    let root = tree.insert_root(0);
    let nodes: Vec<_> = (1..1000).map(|value| tree.append(root, value)).collect();
    nodes.iter().filter(|node| node.index() % 10 != 0).for_each(|&node| {
        tree.remove(node);
    });
    let remap = tree.compact();
    assert_eq!((tree.len(), tree.heap_bytes()), (100, 100 * 21));
    tree.check_invariants();
    let root = remap.get(root).unwrap();
    assert!(tree.children(root).map(|node| tree[node]).eq((10..1000).step_by(10)));
}

/// A value whose drop panics when it is the one.
struct Bomb<'a>(u32, u32, &'a Cell<u32>);

impl Drop for Bomb<'_> {
    fn drop(&mut self) {
        self.2.set(self.2.get() - 1);
        assert_ne!(self.0, self.1, "drop");
    }
}

#[test]
fn a_drop_that_panics_leaves_a_forest_that_is_whole() {
    for bomb in 0..5 {
        let alive = Cell::new(5);
        let mut tree = Tree::<_, Handle>::with_key();
        let value = |number| Bomb(number, bomb, &alive);
        let root = tree.insert_root(value(0));
        let inner = tree.append(root, value(1));
        tree.append(inner, value(2));
        tree.append(inner, value(3));
        tree.append(root, value(4));
        let removed = catch_unwind(AssertUnwindSafe(|| drop(tree.remove(root))));
        removed.unwrap_err();
        tree.check_invariants();
        assert_eq!(alive.get() as usize, tree.len());
        drop(tree);
        assert_eq!(alive.get(), 0);

        let alive = Cell::new(5);
        let mut tree = Tree::<_, Handle>::with_key();
        for number in 0..5 {
            tree.insert_root(Bomb(number, bomb, &alive));
        }
        catch_unwind(AssertUnwindSafe(|| tree.clear())).unwrap_err();
        tree.check_invariants();
        assert_eq!((alive.get(), tree.roots().count()), (0, 0));
    }
}

#[test]
fn an_order_that_panics_changes_none() {
    let mut tree = Tree::new();
    let root = tree.insert_root(9);
    let values = [3, 1, 2, 1];
    let children = values.map(|value| tree.append(root, value));
    let mut compared = 0;
    let order = |a: &i32, b: &i32| {
        compared += 1;
        assert_ne!(compared, 3, "no answer");
        a.cmp(b)
    };
    catch_unwind(AssertUnwindSafe(|| tree.sort_children_by(root, order))).unwrap_err();
    assert!(tree.children(root).eq(children));
    tree.sort_children_by(root, i32::cmp);
    let [three, one, two, other] = children;
    assert!(tree.children(root).eq([one, other, two, three]));
    tree.check_invariants();
}

#[test]
fn a_forest_prints_its_nodes_with_their_parents() {
    let mut tree = Tree::new();
    let a = tree.insert_root('a');
    tree.append(a, 'b');
    let printed = "{Handle32(0v1): (None, 'a'), Handle32(1v1): (Some(Handle32(0v1)), 'b')}";
    assert_eq!(format!("{tree:?}"), printed);
    assert_eq!(format!("{:?}", tree.postorder(a)), "[Handle32(1v1), Handle32(0v1)]");
    let mut out = String::new();
    tree.write_dot(&mut out, |node, value| format!("{node:?}\n{value}")).unwrap();
    assert!(out.contains("n1 [label=\"Handle32(1v1)\\nb\"];\n    n0 -> n1;"));
}
