use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    number: u16,
    carrier: String,
}

fn main() {
    let flights = Records::from_iter([Flight { number: 1, carrier: String::from("UA") }]);
    let frozen = flights.freeze();
}
