use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    #[record(dictionary)]
    origin: String,
}

#[derive(Record)]
#[record(dict)]
struct Plane {
    tail: String,
}

fn main() {}
