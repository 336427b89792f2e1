use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    number: u16,
    #[record(packed)]
    carrier: String,
}

fn main() {}
