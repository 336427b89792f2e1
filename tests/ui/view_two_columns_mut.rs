use pennyweight::view::{column, column_mut};

fn main() {
    let mut pairs = [(1, 2), (3, 4)];
    let mut first = column_mut!(pairs, (i32, i32), 0);
    let second = column!(pairs, (i32, i32), 1);
    first.copy_from(second);
}
