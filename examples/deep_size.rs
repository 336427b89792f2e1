//! The size of a structure, not of its first block: what a list of articles owns, and what it owns once.
//!
//! Python's `sys.getsizeof(articles)` tells of the list alone; pympler's `asizeof` follows what it refers to. So does
//! `deep_size`, to the byte, and says how much of it is shared and how much is room that nothing uses.

use std::{collections::HashMap, sync::Arc};

use pennyweight::{
    profile::{Allocator, measure},
    size::{DeepSize, HeapSize, deep_size},
};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const ARTICLES: usize = 1_000;
const TAGS: [&str; 4] = ["memory management", "performance", "python", "rust"];

#[derive(HeapSize)]
struct Article {
    title: String,
    tags: Vec<String>,
}

/// The same with nothing to spare, and each tag once.
#[derive(HeapSize)]
struct Lean {
    title: Box<str>,
    tags: Box<[Arc<str>]>,
}

fn title(number: usize) -> String {
    format!("article {number:03}")
}

fn tags(number: usize) -> impl Iterator<Item = &'static str> {
    TAGS.into_iter().cycle().skip(number).take(3)
}

fn before() -> Vec<Article> {
    let mut articles = Vec::new();
    for number in 0..ARTICLES {
        let tags = tags(number).map(String::from).collect();
        articles.push(Article { title: title(number), tags });
    }
    articles
}

fn after() -> Vec<Lean> {
    let mut known = HashMap::new();
    let mut shared = |tag| Arc::clone(known.entry(tag).or_insert_with(|| Arc::from(tag)));
    let mut articles = Vec::with_capacity(ARTICLES);
    for number in 0..ARTICLES {
        let tags = tags(number).map(&mut shared).collect();
        articles.push(Lean { title: title(number).into(), tags });
    }
    articles
}

fn main() {
    let (articles, stats) = measure(before);
    let size = deep_size(&articles);
    print("before", size_of_val(&articles), size);
    assert_eq!(size.heap as i64, stats.current);
    // The list has room for 24 more, each list of three tags for one more, and each title for five bytes more.
    let text = ARTICLES * "article 000".len();
    let tag_text = ARTICLES * 3 * TAGS.iter().map(|tag| tag.len()).sum::<usize>() / TAGS.len();
    let slack = 24 * size_of::<Article>() + ARTICLES * (size_of::<String>() + 5);
    let lists = ARTICLES * (size_of::<Article>() + 3 * size_of::<String>());
    assert_eq!((size.heap, size.slack), (lists + text + tag_text + slack, slack));
    assert!(size.is_exact() && size.shared == 0);

    let (articles, stats) = measure(after);
    let size = deep_size(&articles);
    print("after", size_of_val(&articles), size);
    assert_eq!(size.heap as i64, stats.current);
    // Each tag lies once behind two counters, rounded up to their alignment.
    let once = TAGS.iter().map(|tag| (16 + tag.len()).next_multiple_of(8)).sum::<usize>();
    let lists = ARTICLES * (size_of::<Lean>() + 3 * size_of::<Arc<str>>());
    assert_eq!((size.heap, size.slack, size.shared), (lists + text + once, 0, once));
    assert!(size.is_exact());
}

fn print(name: &str, shallow: usize, size: DeepSize) {
    println!(
        "{name}: {shallow} bytes by size_of_val; {} on the heap in {} blocks, {} of them shared, {} unused",
        size.heap, size.blocks, size.shared, size.slack
    );
}
