//! What can be built on the events of a walk: here a tree, an audit of slack, and a count of
//! owners.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

use pennyweight::size::{Block, Event, HeapSize, Place, Visitor, deep_size, walk};

use super::measure;

#[derive(HeapSize)]
struct Library {
    name: String,
    shelves: Vec<Shelf>,
    index: BTreeMap<u32, Box<str>>,
    open: bool,
}

#[derive(HeapSize)]
enum Shelf {
    Books { titles: Vec<Rc<str>> },
    Boxed(Box<Self>),
    Empty,
}

fn library() -> Library {
    let title: Rc<str> = "Pnin".into();
    let mut titles = Vec::with_capacity(4);
    titles.extend([title.clone(), title]);
    Library {
        name: String::from("Branch"),
        shelves: vec![Shelf::Books { titles }, Shelf::Boxed(Box::new(Shelf::Empty)), Shelf::Empty],
        index: BTreeMap::from([(1, "one".into())]),
        open: true,
    }
}

#[derive(Debug)]
struct Node {
    parent: Option<usize>,
    path: String,
    inline: usize,
    own: usize,
    slack: usize,
}

/// The nodes of a walk with their paths, from its events alone.
fn tree<T: HeapSize>(value: &T) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open = Vec::new();
    walk(value, |event| match event {
        Event::Enter { node, place, inline, .. } => {
            assert_eq!(node, nodes.len());
            let parent = open.last().copied();
            let mut path = parent.map_or(String::new(), |parent: usize| nodes[parent].path.clone());
            match place {
                Place::Root => path.push('$'),
                Place::Field(name) => path.extend([".", name]),
                Place::Element(i) => path.push_str(&format!("[{i}]")),
                Place::Key(i) => path.push_str(&format!("[key {i}]")),
                Place::Value(i) => path.push_str(&format!("[value {i}]")),
                _ => unreachable!(),
            }
            nodes.push(Node { parent, path, inline, own: 0, slack: 0 });
            open.push(node);
        }
        Event::Resume { node } => open.push(node),
        Event::Block(block) | Event::Shared { block, first: true, .. } => {
            let node = &mut nodes[*open.last().unwrap()];
            node.own += block.requested();
            node.slack += block.slack();
        }
        Event::Leave => drop(open.pop().unwrap()),
        _ => {}
    });
    assert!(open.is_empty());
    nodes
}

#[test]
fn a_tree_has_every_field_with_its_name_and_bytes() {
    let library = library();
    let (pointer, string) = (size_of::<Rc<str>>(), size_of::<String>());
    let told: Vec<_> =
        tree(&library).into_iter().map(|node| (node.path, node.inline, node.own)).collect();
    let shelf = size_of::<Shelf>();
    let leaf = library.index.heap_bytes() - 3;
    let expected = [
        ("$", size_of::<Library>(), 0),
        ("$.name", string, 6),
        ("$.shelves", size_of::<Vec<Shelf>>(), 3 * shelf),
        ("$.shelves[0]", shelf, 0),
        ("$.shelves[0].Books.titles", size_of::<Vec<Rc<str>>>(), 4 * pointer),
        ("$.shelves[0].Books.titles[0]", pointer, Rc::new(*b"Pnin").heap_bytes()),
        ("$.shelves[0].Books.titles[1]", pointer, 0),
        ("$.shelves[1]", shelf, 0),
        ("$.shelves[1].Boxed.0", size_of::<usize>(), shelf),
        ("$.shelves[2]", shelf, 0),
        ("$.index", size_of::<BTreeMap<u32, Box<str>>>(), leaf),
        ("$.index[key 0]", 4, 0),
        ("$.index[value 0]", size_of::<Box<str>>(), 3),
        ("$.open", 1, 0),
    ];
    assert_eq!(told, expected.map(|(path, inline, own)| (path.to_owned(), inline, own)));
    assert!(library.open);
}

#[test]
fn subtrees_add_up_to_the_deep_size() {
    let library = library();
    let mut nodes = tree(&library);
    for i in (1..nodes.len()).rev() {
        let (own, parent) = (nodes[i].own, nodes[i].parent.unwrap());
        nodes[parent].own += own;
    }
    assert_eq!(nodes[0].own, library.heap_bytes());
}

#[test]
fn an_audit_of_slack_names_the_field_with_the_spare_capacity() {
    let nodes = tree(&library());
    let largest = nodes.iter().filter(|node| node.path != "$.index").max_by_key(|node| node.slack);
    let largest = largest.unwrap();
    assert_eq!(largest.path, "$.shelves[0].Books.titles");
    assert_eq!(largest.slack, 2 * size_of::<Rc<str>>());
    assert_eq!(nodes.iter().map(|node| node.slack).sum::<usize>(), deep_size(&library()).slack);
}

#[test]
fn owners_of_shared_blocks_can_be_counted() {
    let (a, b) = (Rc::new(1u64), Rc::new(2u64));
    let value = (vec![a.clone(), b.clone(), a.clone()], a.clone());
    let mut owners = BTreeMap::new();
    walk(&value, |event| {
        if let Event::Shared { block, first, .. } = event {
            let count = owners.entry(block.address().unwrap()).or_insert(0);
            assert_eq!(first, *count == 0);
            *count += 1;
        }
    });
    let mut counts: Vec<_> = owners.into_values().collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 3]);
    assert_eq!((Rc::strong_count(&a), Rc::strong_count(&b)), (4, 2), "one of each is outside");
}

#[test]
fn blocks_have_the_addresses_of_what_they_hold() {
    let value = (vec![1u8, 2], String::from("a"), Box::new(7u32));
    let mut addresses = Vec::new();
    walk(&value, |event| {
        if let Event::Block(block) = event {
            addresses.push(block.address().unwrap());
        }
    });
    let expected = [value.0.as_ptr().addr(), value.1.as_ptr().addr(), (&raw const *value.2).addr()];
    assert_eq!(addresses, expected);
}

#[test]
fn the_address_of_a_shared_block_lies_within_it() {
    let nothing = Rc::new(());
    let mut address = 0;
    walk(&nothing, |event| {
        if let Event::Shared { block, .. } = event {
            address = block.address().unwrap();
        }
    });
    let end = Rc::as_ptr(&nothing).addr();
    assert!(address < end && address >= end - 2 * size_of::<usize>());
}

#[derive(HeapSize)]
struct Link {
    label: Box<str>,
    next: RefCell<Option<Box<Self>>>,
}

#[derive(HeapSize)]
struct PlainLink {
    label: Box<str>,
    next: Option<Box<Self>>,
}

#[test]
fn parts_put_aside_for_their_depth_keep_their_place() {
    let list = (0..1000)
        .rev()
        .fold(None, |next, i| Some(Box::new(PlainLink { label: i.to_string().into(), next })));
    let nodes = tree(&list);
    let labels: Vec<_> = nodes.iter().filter(|node| node.path.ends_with(".label")).collect();
    assert_eq!(labels.len(), 1000);
    for label in labels {
        let position = label.path.matches(".next").count();
        assert_eq!(label.own, position.to_string().len());
    }
}

#[test]
fn what_is_lent_keeps_its_place() {
    let list = (0..200).rev().fold(None, |next, i| {
        Some(Box::new(Link { label: i.to_string().into(), next: RefCell::new(next) }))
    });
    let nodes = tree(&list);
    for label in nodes.iter().filter(|node| node.path.ends_with(".label")) {
        assert_eq!(label.own, label.path.matches(".next").count().to_string().len());
    }
    let own: usize = nodes.iter().map(|node| node.own).sum();
    assert_eq!(own, 200 * size_of::<Link>() + 10 + 2 * 90 + 3 * 100);
    assert_eq!(list.heap_bytes(), own);
}

#[test]
fn types_are_named() {
    let mut names = Vec::new();
    walk(&(vec![1u8], true), |event| {
        if let Event::Enter { type_name, .. } = event {
            names.push(type_name);
        }
    });
    assert_eq!(names, ["(alloc::vec::Vec<u8>, bool)", "alloc::vec::Vec<u8>", "u8", "bool"]);
}

#[test]
fn an_observed_walk_sums_what_an_unobserved_one_does() {
    let library = library();
    assert_eq!(walk(&library, |_| {}), deep_size(&library));
}

/// Owns no heap memory, and is not to be asked.
struct Visited;

impl HeapSize for Visited {
    fn visit<'v>(&'v self, _: &mut Visitor<'v>) {
        panic!("a type that owns no heap memory was visited");
    }

    fn owns_heap() -> bool {
        false
    }
}

#[test]
fn what_owns_no_heap_is_not_visited() {
    let value = (
        vec![Visited, Visited],
        [Visited],
        BTreeMap::from([(1, Visited)]),
        Some(Box::new((Visited, 1u8))),
        std::collections::HashMap::from([(String::from("key"), Visited)]),
    );
    assert!(value.heap_bytes() > 0);
    assert_eq!(walk(&value.0, |_| {}).blocks, 0);
}

/// A collection that cannot be iterated over.
struct Sealed<T>(Vec<T>);

impl<T: HeapSize> HeapSize for Sealed<T> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        visitor.elements(self.0.iter().inspect(|_| panic!("iterated over")));
        visitor.entries(self.0.iter().inspect(|_| panic!("iterated over")).map(|x| (x, x)));
    }
}

#[test]
fn elements_that_own_no_heap_are_not_iterated_over() {
    assert_eq!(Sealed(vec![1u8, 2]).heap_bytes(), 0);
    let strings = Sealed(vec![String::new()]);
    catch_unwind(AssertUnwindSafe(|| strings.heap_bytes())).expect_err("strings may own heap");
}

/// Owns one byte; with `true`, panics instead of telling so.
struct Faulty(bool);

impl HeapSize for Faulty {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        if self.0 {
            resume_unwind(Box::new("faulty"));
        }
        visitor.block(Block::new(1));
    }

    fn owns_heap() -> bool {
        true
    }
}

#[test]
fn a_panic_in_a_visit_leaks_nothing_and_leaves_the_next_walk_alone() {
    let value = [Rc::new(Faulty(false)), Rc::new(Faulty(true))];
    let visit = || catch_unwind(AssertUnwindSafe(|| value.heap_bytes())).is_err();
    assert!(visit());
    let (failed, stats) = measure(visit);
    assert!(failed);
    assert_eq!(stats.current, 0);
    assert_eq!(value[..1].heap_bytes(), 2 * size_of::<usize>() + size_of::<usize>() + 1);
}

#[test]
fn a_walk_without_shared_blocks_allocates_nothing() {
    let value = (library().shelves.pop(), vec![String::from("a"); 100], BTreeMap::from([(1, 2)]));
    let (bytes, stats) = measure(|| value.heap_bytes());
    assert!(bytes > 0);
    assert_eq!(stats.allocations, 0);
}
