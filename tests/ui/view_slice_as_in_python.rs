use pennyweight::view::{View, s};

fn main() {
    let view = View::from(&[1, 2, 3]);
    let n = 1;
    view.slice(s![1:2]);
    view.slice(s![:2]);
    view.slice(s![::2]);
    view.slice(s![::-1]);
    view.slice(s![1::2]);
    view.slice(s![n::2]);
    view.slice(s![..., ::]);
    view.slice(s![None, ..]);
    view.slice(s![.., newaxis]);
}
