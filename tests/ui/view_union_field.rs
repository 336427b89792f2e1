use pennyweight::view::column;

#[derive(Clone, Copy)]
union Word {
    bits: u32,
    letter: char,
}

fn main() {
    let words = [Word { bits: u32::MAX }, Word { letter: 'a' }];
    column!(words, Word, letter);
    column!(words.map(|word| (0, word)), (u8, Word), 1.bits);
}
