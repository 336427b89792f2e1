use pennyweight::view::View;

fn main() {
    let view = View::from(&[1, 2, 3]);
    view.slice(1..2);
}
