use pennyweight::record::Record;

enum Kind {
    Domestic,
}

#[derive(Record)]
struct Flight {
    number: u16,
    kind: Option<Kind>,
}

fn main() {}
