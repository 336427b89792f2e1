use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    #[record(rename = "delay")]
    dep_delay: i16,
    delay: i16,
}

#[derive(Record)]
struct Plane {
    #[record(rename = "tail", rename = "Tail")]
    tail: String,
}

fn main() {}
