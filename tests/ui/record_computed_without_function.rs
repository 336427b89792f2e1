use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    distance: u16,
    #[record(computed)]
    miles: u16,
}

fn main() {}
