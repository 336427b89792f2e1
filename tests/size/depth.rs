//! Structures that nest without bound, walked on a small stack.

use std::collections::LinkedList;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use pennyweight::size::{Event, HeapSize, deep_size, walk};

const MANY: usize = 1_000_000;

/// Runs on a thread whose stack is an eighth of the usual one.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(256 * 1024).spawn(f).unwrap().join().unwrap();
}

#[derive(Default, HeapSize)]
struct Boxed {
    next: Option<Box<Self>>,
}

impl Boxed {
    fn list(len: usize) -> Self {
        (0..len).fold(Self::default(), |list, _| Self { next: Some(Box::new(list)) })
    }
}

impl Drop for Boxed {
    fn drop(&mut self) {
        let mut rest = self.next.take();
        while let Some(mut node) = rest {
            rest = node.next.take();
        }
    }
}

#[test]
fn a_list_of_a_million_boxes() {
    on_a_small_stack(|| {
        let list = Boxed::list(MANY);
        assert_eq!(list.heap_bytes(), MANY * size_of::<Boxed>());
        assert_eq!(deep_size(&list).blocks, MANY);
    });
}

#[test]
fn a_list_of_a_million_boxes_under_observation() {
    on_a_small_stack(|| {
        let list = Boxed::list(MANY);
        let (mut entered, mut left, mut resumed, mut deepest) = (0usize, 0, 0, 0);
        walk(&list, |event| {
            match event {
                Event::Enter { .. } => entered += 1,
                Event::Resume { .. } => resumed += 1,
                Event::Leave => left += 1,
                _ => {}
            }
            deepest = deepest.max(entered + resumed - left);
        });
        assert_eq!(entered, MANY + 2, "the list itself, and the field of each node");
        assert_eq!(left, entered + resumed);
        assert!(deepest < 100, "{deepest} nodes were open at once");
    });
}

#[derive(Default, HeapSize)]
struct Shared {
    next: Option<Link>,
}

#[derive(HeapSize)]
enum Link {
    Rc(Rc<Shared>),
    Arc(Arc<Shared>),
}

impl Drop for Shared {
    fn drop(&mut self) {
        let mut rest = self.next.take();
        while let Some(link) = rest {
            rest = match link {
                Link::Rc(mut node) => Rc::get_mut(&mut node).unwrap().next.take(),
                Link::Arc(mut node) => Arc::get_mut(&mut node).unwrap().next.take(),
            };
        }
    }
}

#[test]
fn a_list_of_a_million_counted_pointers() {
    on_a_small_stack(|| {
        let list = (0..MANY).fold(Shared::default(), |list, i| Shared {
            next: Some(if i % 2 == 0 { Link::Rc(list.into()) } else { Link::Arc(list.into()) }),
        });
        let size = deep_size(&list);
        assert_eq!(size.heap, MANY * (2 * size_of::<usize>() + size_of::<Shared>()));
        assert_eq!(size.shared, size.heap);
    });
}

#[derive(Default, HeapSize)]
struct Tree {
    children: Vec<Self>,
    label: Box<str>,
}

impl Drop for Tree {
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut self.children);
        while let Some(mut node) = rest.pop() {
            rest.append(&mut node.children);
        }
    }
}

#[test]
fn a_tree_of_a_million_nodes_that_is_all_depth() {
    on_a_small_stack(|| {
        let tree = (0..MANY / 2).fold(Tree::default(), |tree, _| Tree {
            children: vec![Tree { children: Vec::new(), label: "leaf".into() }, tree],
            label: "inner".into(),
        });
        assert_eq!(tree.heap_bytes(), MANY / 2 * (2 * size_of::<Tree>() + 4 + 5));
    });
}

/// A list that never calls `field`, by a hand that knew only of `elements`.
struct Bare(Vec<Self>);

impl HeapSize for Bare {
    fn visit<'v>(&'v self, visitor: &mut pennyweight::size::Visitor<'v>) {
        self.0.visit(visitor);
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let mut rest = std::mem::take(&mut self.0);
        while let Some(mut node) = rest.pop() {
            rest.append(&mut node.0);
        }
    }
}

#[test]
fn elements_alone_bound_the_depth() {
    on_a_small_stack(|| {
        let list = (0..MANY).fold(Bare(Vec::new()), |list, _| Bare(vec![list]));
        assert_eq!(list.heap_bytes(), MANY * size_of::<Bare>());
    });
}

#[test]
fn a_linked_list_of_a_million_nodes() {
    on_a_small_stack(|| {
        let list: LinkedList<_> = (0..MANY).map(|_| Some(Box::new(1u8))).collect();
        assert_eq!(list.heap_bytes(), MANY * (size_of::<[usize; 3]>() + 1));
    });
}

#[test]
fn a_deep_part_of_a_shared_block_is_shared() {
    let list = (String::from("own"), Rc::new(Boxed::list(1000)));
    let size = deep_size(&list);
    assert_eq!(size.shared, 2 * size_of::<usize>() + 1001 * size_of::<Boxed>());
    assert_eq!(size.heap, size.shared + 3);
}
