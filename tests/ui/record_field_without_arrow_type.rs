use pennyweight::record::{Record, Records};
use std::sync::Arc;
use std::time::Duration;

#[derive(Record)]
struct Lap {
    time: Duration,
}

fn main() {
    let laps: Records<Lap> = Records::new();
    let _ = Arc::new(laps).to_c_data();
}
