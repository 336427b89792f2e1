use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    number: u16,
    #[record(dict)]
    carrier: u32,
}

fn main() {
    Records::new().push(Flight { number: 1, carrier: 2 });
}
