//! Two programs that allocate: one does nothing else, one does what programs do.

use alloc::collections::BTreeMap;
use core::{fmt::Write, hint::black_box};
use std::{collections::HashMap, fs, path::Path};

/// A ring of small blocks.
pub(crate) struct Ring {
    slots: Vec<Vec<u8>>,
}

impl Ring {
    const SLOTS: usize = 1_024;

    pub(crate) fn new() -> Self {
        Self { slots: vec![Vec::new(); Self::SLOTS] }
    }

    /// Allocates `steps` blocks, each in the place of the oldest, and frees them all. Returns their bytes.
    pub(crate) fn turn(&mut self, steps: usize) -> usize {
        let mut random = 0x9e37_79b9_u32;
        let mut bytes = 0;
        for step in 0..steps {
            random = xorshift32(random);
            let block = Vec::with_capacity(16 + random as usize % 128);
            bytes += block.capacity();
            self.slots[step % Self::SLOTS] = black_box(block);
        }
        self.slots.fill_with(Vec::new);
        bytes
    }
}

fn xorshift32(mut x: u32) -> u32 {
    x ^= x << 13;
    x ^= x >> 17;
    x ^ x << 5
}

/// A text of `words` words in lines of a hundred, frequent ones and rare ones.
pub(crate) fn text(words: usize) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/words.txt");
    let dictionary = fs::read_to_string(file).expect("data/words.txt");
    let dictionary: Vec<&str> = dictionary.lines().collect();
    let mut random = 0x9e37_79b9_u32;
    let mut text = String::new();
    for word in 0..words {
        random = xorshift32(random);
        let uniform = f64::from(random) / f64::from(u32::MAX);
        let rank = uniform.powi(3) * (dictionary.len() - 1) as f64;
        text.push_str(dictionary[rank as usize]);
        text.push(if word % 100 == 99 { '\n' } else { ' ' });
    }
    text
}

/// Writes an index of the words of `text`, the frequent ones first. Returns its length.
pub(crate) fn index(text: &str) -> usize {
    let mut lines_of: HashMap<String, Vec<u32>> = HashMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            lines_of.entry(word.to_lowercase()).or_default().push(number);
        }
    }
    let mut by_frequency: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (word, lines) in &lines_of {
        by_frequency.entry(lines.len()).or_default().push(word.clone());
    }
    let mut index = String::new();
    for (frequency, words) in by_frequency.iter_mut().rev() {
        words.sort();
        for word in words {
            let lines: Vec<String> = lines_of[word].iter().map(u32::to_string).collect();
            writeln!(index, "{word} ({frequency}): {}", lines.join(", "))
                .expect("a string takes any text");
        }
    }
    black_box(index).len()
}
