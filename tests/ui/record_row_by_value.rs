use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    number: u16,
}

fn main() {
    let flights = Records::from_iter([Flight { number: 1 }]);
    let first = flights[0];
}
