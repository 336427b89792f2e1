use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    #[record(copy, text)]
    origin: String,
}

fn main() {}
