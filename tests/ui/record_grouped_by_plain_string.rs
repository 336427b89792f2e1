use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    carrier: String,
}

fn main() {
    let flights = Records::from_iter([Flight { carrier: String::from("UA") }]);
    let by_carrier = flights.group_by(|columns| columns.carrier());
}
