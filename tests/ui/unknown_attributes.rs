#[derive(pennyweight::size::HeapSize)]
#[heap_size(rename = "Row")]
struct Type {
    name: String,
}

#[derive(pennyweight::size::HeapSize)]
struct Fields {
    #[heap_size(ignore)]
    name: String,
    #[heap_size]
    tags: Vec<String>,
    #[heap_size(skip, with = "len")]
    cache: Vec<String>,
}

#[derive(pennyweight::size::HeapSize)]
enum Variants {
    #[heap_size(skip)]
    Named { name: String },
    Positional(#[heap_size(skipped)] String),
}

fn main() {}
