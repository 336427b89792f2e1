use pennyweight::record::{Record, Records};

#[derive(Record)]
struct Flight<'a> {
    origin: &'a str,
}

fn main() {
    let mut flights = Records::new();
    {
        let text = String::from("JFK");
        flights.push(Flight { origin: &text });
    }
    assert_eq!(flights[0].origin(), "JFK");
}
