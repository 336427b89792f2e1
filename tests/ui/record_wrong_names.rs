use pennyweight::record::Record;

#[derive(Record)]
struct Flight {
    #[record(rename(delay))]
    delay: i16,
}

#[derive(Record)]
struct Plane {
    #[record(rename = tail)]
    tail: String,
}

#[derive(Record)]
struct Airport {
    #[record(rename = "two\nlines")]
    name: String,
}

#[derive(Record)]
struct Leg {
    from: i32,
    #[record(computed = twice, rename = "To")]
    to: i32,
}

fn twice(leg: &LegRow) -> i32 {
    leg.from() * 2
}

#[derive(Record)]
enum Shape {
    Circle {
        #[record(rename = "r")]
        radius: f32,
    },
}

fn main() {}
