//! A tree of 100,000 nodes that know their parents: with references both ways, with weak ones up, and with handles.
//!
//! In Python parents and children that refer to each other are a cycle, which only the collector frees: 200 trees of 1000 nodes
//! that were dropped leave 32 MB behind where it is off, and 4.6 kB where the parent is a `weakref`. Rust has no
//! collector, so that `Rc` both ways leaks for good, and `Weak` is one of two words that each node pays for. Where the nodes are slots of one
//! tree, a parent is an index: there is nothing to count, and no cycle to leak.

use pennyweight::pool::{Handle32, MoveError, Position, Tree};
use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight_baseline::tree::Node;
use std::cell::RefCell;
use std::rc::Rc;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const NODES: u32 = 100_000;

/// Each node but the first is below this one.
fn parent(node: u32) -> usize {
    (node as usize - 1) / 8
}

/// A node that owns its children, and its parent too.
struct Cyclic {
    _parent: Option<Rc<Cyclic>>,
    children: RefCell<Vec<Rc<Cyclic>>>,
}

fn leaking() {
    let mut nodes: Vec<Rc<Cyclic>> = Vec::new();
    for node in 0..NODES {
        let above = (node > 0).then(|| Rc::clone(&nodes[parent(node)]));
        let new = Rc::new(Cyclic { _parent: above, children: RefCell::default() });
        if node > 0 {
            nodes[parent(node)].children.borrow_mut().push(Rc::clone(&new));
        }
        nodes.push(new);
    }
}

fn before() -> Rc<Node<u32>> {
    let mut nodes = vec![Node::new(0)];
    for node in 1..NODES {
        let new = Node::new(node);
        nodes[parent(node)].append(&new);
        nodes.push(new);
    }
    nodes.swap_remove(0)
}

fn after() -> Tree<u32> {
    let mut tree = Tree::with_capacity(NODES as usize);
    let mut nodes = vec![tree.insert_root(0)];
    for node in 1..NODES {
        nodes.push(tree.append(nodes[parent(node)], node));
    }
    tree
}

fn main() {
    let ((), leaked) = measure(leaking);
    let (linked, weak) = measure(before);
    let (mut tree, handles) = measure(after);
    print("Rc both ways, dropped", leaked);
    print("Rc down, Weak up", weak);
    print("Tree", handles);
    assert_eq!((leaked.current, weak.current), (6_400_000, 8_000_000));
    assert_eq!(handles.current, 100_000 * (13 + 4));

    // The same nodes in the same order.
    let root = tree.roots().next().expect("a root");
    let values: Vec<u32> = tree.preorder(root).map(|node| tree[node]).collect();
    assert!(linked.preorder().iter().map(|node| node.value).eq(values));

    // A node cannot come below itself, and the error says which two they are.
    let leaf: Handle32 = tree.postorder(root).next().expect("a leaf");
    let refused = tree.reparent(root, Position::LastChild(leaf));
    assert_eq!(refused, Err(MoveError::Cycle { node: root, parent: leaf }));

    // Whoever kept a handle of what was removed has one that is dead.
    let child = tree.first_child(root).expect("a child");
    let below = tree.preorder(child).count();
    assert_eq!((tree.remove(child), tree.get(leaf)), (Some(1), None));
    assert_eq!(tree.len(), NODES as usize - below);

    // Nothing is left of either, but of the cycles all.
    assert_eq!(measure(|| drop(tree)).1.current, -handles.current);
    assert_eq!(measure(|| drop(linked)).1.current, -weak.current);
}

fn print(name: &str, stats: Stats) {
    println!("{name:>22}: {:>10} bytes, {:>6} allocations", stats.current, stats.allocations);
}
