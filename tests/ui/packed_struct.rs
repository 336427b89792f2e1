#[derive(pennyweight::size::HeapSize)]
#[repr(C, packed(2))]
struct Header {
    kind: u8,
    name: String,
}

fn main() {}
