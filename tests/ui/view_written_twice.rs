use pennyweight::view::ViewMut;

fn main() {
    let mut numbers = [1, 2, 3];
    ViewMut::from(&mut numbers).broadcast([2, 3]);
    ViewMut::from(&mut numbers).windows(0, 2);
}
