#[derive(pennyweight::size::HeapSize)]
struct Row {
    #[heap_size(crate = pennyweight)]
    name: String,
}

fn main() {}
