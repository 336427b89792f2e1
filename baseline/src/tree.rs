//! What a newcomer writes instead of a tree on handles: nodes that hold their children by `Rc` and their parent by `Weak`.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

/// A node, with a value, its children, and its parent.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::tree::Node;
///
/// let root = Node::new("root");
/// let leaf = Node::new("leaf");
/// root.append(&leaf);
/// assert_eq!(leaf.parent().map(|parent| parent.value), Some("root"));
/// assert_eq!(root.preorder().iter().map(|node| node.value).collect::<Vec<_>>(), ["root", "leaf"]);
/// ```
#[derive(Debug)]
pub struct Node<T> {
    /// The value.
    pub value: T,
    parent: RefCell<Weak<Node<T>>>,
    children: RefCell<Vec<Rc<Node<T>>>>,
}

impl<T> Node<T> {
    /// A node without parent and children.
    pub fn new(value: T) -> Rc<Self> {
        Rc::new(Self { value, parent: RefCell::default(), children: RefCell::default() })
    }

    /// The parent.
    pub fn parent(&self) -> Option<Rc<Self>> {
        self.parent.borrow().upgrade()
    }

    /// The children, in order.
    pub fn children(&self) -> Vec<Rc<Self>> {
        self.children.borrow().clone()
    }

    /// Makes a node the last child.
    pub fn append(self: &Rc<Self>, child: &Rc<Self>) {
        child.detach();
        let end = self.children.borrow().len();
        self.insert(end, child);
    }

    /// Makes a node the child at an index, counted without the node.
    pub fn insert(self: &Rc<Self>, index: usize, child: &Rc<Self>) {
        child.detach();
        *child.parent.borrow_mut() = Rc::downgrade(self);
        self.children.borrow_mut().insert(index, Rc::clone(child));
    }

    /// Takes the node from its parent.
    pub fn detach(self: &Rc<Self>) {
        if let Some(parent) = self.parent() {
            parent.children.borrow_mut().retain(|child| !Rc::ptr_eq(child, self));
        }
        *self.parent.borrow_mut() = Weak::new();
    }

    /// Sorts the children by what a closure says of two values.
    pub fn sort_children_by(&self, mut order: impl FnMut(&T, &T) -> std::cmp::Ordering) {
        self.children.borrow_mut().sort_by(|a, b| order(&a.value, &b.value));
    }

    /// The parents, from that of the node to the root.
    pub fn ancestors(&self) -> Vec<Rc<Self>> {
        let mut ancestors: Vec<Rc<Self>> = self.parent().into_iter().collect();
        while let Some(parent) = ancestors.last().and_then(|last| last.parent()) {
            ancestors.push(parent);
        }
        ancestors
    }

    /// Calls a closure with the values of the node and its descendants, each before its children.
    pub fn for_each(&self, visit: &mut impl FnMut(&T)) {
        visit(&self.value);
        for child in &*self.children.borrow() {
            child.for_each(visit);
        }
    }

    /// The node and its descendants, each before its children.
    pub fn preorder(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut nodes = vec![Rc::clone(self)];
        for child in &*self.children.borrow() {
            nodes.extend(child.preorder());
        }
        nodes
    }

    /// The node and its descendants, each behind its children.
    pub fn postorder(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut nodes = Vec::new();
        for child in &*self.children.borrow() {
            nodes.extend(child.postorder());
        }
        nodes.push(Rc::clone(self));
        nodes
    }
}
