use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    #[record(dict, text)]
    origin: String,
}

fn main() {}
