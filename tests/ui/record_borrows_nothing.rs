use pennyweight::record::{Record, Records};

#[derive(Record)]
#[record(borrow)]
struct Point {
    x: f32,
    name: String,
}

#[derive(Record)]
#[record(borrow)]
enum Shape {
    Named {
        #[record(dict)]
        name: String,
    },
}

#[derive(Record)]
struct Owned {
    #[record(dict)]
    name: String,
}

fn main() {
    Records::<Owned>::new().push_ref("name");
}
