use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight {
    number: u16,
}

fn main() {
    let mut flights = Records::<Flight>::new();
    flights.columns_mut().number.clear();
    let row = flights[0];
}
