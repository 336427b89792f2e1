use pennyweight::record::{Record, Records};
use std::rc::Rc;

#[derive(Record)]
struct Flight {
    origin: Rc<str>,
}

fn is_send<T: Send>() {}

fn main() {
    is_send::<Records<Flight>>();
}
