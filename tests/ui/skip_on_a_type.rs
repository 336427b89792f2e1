#[derive(pennyweight::size::HeapSize)]
#[heap_size(skip)]
struct Row {
    name: String,
}

fn main() {}
