use pennyweight::record::Records;

struct Flight {
    number: u16,
}

fn main() {
    let mut flights = Records::new();
    flights.push(Flight { number: 1 });
}
