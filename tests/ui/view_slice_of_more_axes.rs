use pennyweight::view::{View, s};

fn main() {
    let view = View::from(&[1, 2, 3]);
    view.slice(s![0, 0]);
}
