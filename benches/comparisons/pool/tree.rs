//! Trees whose nodes know their parents: built, walked, and climbed.

use std::{iter::successors, rc::Rc};

use pennyweight::pool::{Handle, Handle32, Key, Tree};
use pennyweight_baseline::{random::Random, tree::Node};
use pennyweight_comparison::{Comparison, Suite};

const NODES: usize = 100_000;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("pool", "tree-build", |sizes| {
        let parents = parents(sizes.generated(NODES));
        let comparison = comparison(&parents).times_build().about(
            "Nodes are appended one by one, each to one before it, to what was told how many will \
             come, and it is weighed as it is then. The limit takes two bits for the place of a \
             node.",
        );
        all(comparison, &parents, Linked::sum, sum, sum)
    });
    suite.add("pool", "tree-walk", |sizes| {
        let parents = parents(sizes.generated(NODES));
        let comparison = comparison(&parents)
            .about("All nodes are gone through, each before its children, and added up.");
        all(comparison, &parents, Linked::sum, sum, sum)
    });
    suite.add("pool", "tree-climb", |sizes| {
        let parents = parents(sizes.generated(NODES));
        let comparison = comparison(&parents)
            .about("From each node up to the root: how many steps that are, for all nodes.");
        all(comparison, &parents, Linked::climb, climb, climb)
    });
}

/// The parent of each node but the first: any one before it.
fn parents(nodes: usize) -> Rc<[u32]> {
    let mut random = Random::new(7);
    (1..nodes).map(|node| random.below(node) as u32).collect()
}

fn comparison(parents: &Rc<[u32]>) -> Comparison {
    let nodes = parents.len() + 1;
    Comparison::of("a tree of u64, each node below any one before it", nodes)
        .limit_bits(nodes as f64 * (64.0 + 2.0))
}

fn all(
    comparison: Comparison,
    parents: &Rc<[u32]>,
    naive: fn(&mut Linked) -> i64,
    of_4_bytes: fn(&mut Tree<u64, Handle32>) -> i64,
    of_8_bytes: fn(&mut Tree<u64, Handle>) -> i64,
) -> Comparison {
    comparison
        .naive(with(parents, linked), naive)
        .pennyweight(with(parents, appended), of_4_bytes)
        .variant("pennyweight, 8 bytes", with(parents, appended), of_8_bytes)
}

fn with<S>(parents: &Rc<[u32]>, build: fn(&[u32]) -> S) -> impl Fn() -> S + 'static
where
    S: 'static,
{
    let parents = Rc::clone(parents);
    move || build(&parents)
}

/// The tree of a newcomer.
struct Linked {
    root: Rc<Node<u64>>,
    /// Empty until they are first asked for, so that the tree is weighed without them.
    nodes: Vec<Rc<Node<u64>>>,
}

fn linked(parents: &[u32]) -> Linked {
    let mut nodes = Vec::with_capacity(parents.len() + 1);
    nodes.push(Node::new(0));
    for (&parent, value) in parents.iter().zip(1..) {
        let node = Node::new(value);
        nodes[parent as usize].append(&node);
        nodes.push(node);
    }
    Linked { root: nodes.swap_remove(0), nodes: Vec::new() }
}

impl Linked {
    fn sum(&mut self) -> i64 {
        let mut sum = 0;
        self.root.for_each(&mut |&value| sum += value as i64);
        sum
    }

    fn climb(&mut self) -> i64 {
        if self.nodes.is_empty() {
            self.nodes = self.root.preorder();
        }
        let steps = |node: &Rc<Node<u64>>| successors(node.parent(), |node| node.parent()).count();
        self.nodes.iter().map(steps).sum::<usize>() as i64
    }
}

fn appended<H: Key>(parents: &[u32]) -> Tree<u64, H> {
    let mut tree = Tree::with_key();
    tree.reserve_exact(parents.len() + 1);
    let mut nodes = Vec::with_capacity(parents.len() + 1);
    nodes.push(tree.insert_root(0));
    for (&parent, value) in parents.iter().zip(1..) {
        nodes.push(tree.append(nodes[parent as usize], value));
    }
    tree
}

fn sum<H: Key>(tree: &mut Tree<u64, H>) -> i64 {
    let nodes = tree.roots().flat_map(|root| tree.preorder(root));
    nodes.map(|node| tree[node] as i64).sum()
}

fn climb<H: Key>(tree: &mut Tree<u64, H>) -> i64 {
    let nodes = tree.roots().flat_map(|root| tree.preorder(root));
    nodes.map(|node| tree.ancestors(node).count() as i64).sum()
}
