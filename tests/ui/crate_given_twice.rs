#[derive(pennyweight::size::HeapSize)]
#[heap_size(crate = pennyweight)]
#[heap_size(crate = pennyweight)]
struct Row {
    name: String,
}

fn main() {}
