use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    number: u16,
    #[record(dict)]
    carrier: u32,
}

fn main() {}
