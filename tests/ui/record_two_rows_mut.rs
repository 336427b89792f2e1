use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    number: u16,
}

fn main() {
    let mut flights = Records::<Flight>::new();
    let first = &mut flights[0];
    let second = &mut flights[1];
    first.set_number(second.number());
}
