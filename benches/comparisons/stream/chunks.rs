//! Chunks: a whole file, and a part at a time.

use std::{fs, io::Read, path::PathBuf};

use pennyweight::stream::{Chunks, RecordChunks, TextChunks};
use pennyweight_baseline::stream::text;
use pennyweight_comparison::{Comparison, Suite};

use super::{flights, name, open};

const SIZE: usize = 64 << 10;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("stream", "chunks", |_| bytes(flights()));
    suite.add("stream", "chunks-text", |_| checked(flights()));
}

/// Looks at each byte, by vectors of them.
fn commas(bytes: &[u8]) -> usize {
    bytes.iter().map(|&byte| usize::from(byte == b',')).sum()
}

fn bytes(path: PathBuf) -> Comparison {
    let len = fs::metadata(&path).expect("a file").len() as usize;
    let [all, new, one, ours, records] = core::array::from_fn(|_| path.clone());
    Comparison::of(name(&path), len)
        .about(
            "The commas of a file are counted: of all of it, of chunks of 64 KiB that are allocated each, of one buffer in a loop around \
             `Read::read`, and of pennyweight's chunks, of which those of records end behind a newline.",
        )
        .times_build()
        .naive(
            move || {
                let bytes = fs::read(&all).expect("a file");
                let commas = commas(&bytes);
                (bytes, commas)
            },
            |state| state.1,
        )
        .variant(
            "a Vec for each chunk",
            move || {
                let mut file = open(&new);
                let mut sum = 0;
                loop {
                    let mut chunk = Vec::with_capacity(SIZE);
                    let mut part = file.by_ref().take(SIZE as u64);
                    if part.read_to_end(&mut chunk).expect("a file") == 0 {
                        return sum;
                    }
                    sum += commas(&chunk);
                }
            },
            |sum| *sum,
        )
        .variant(
            "one buffer, by hand",
            move || {
                let mut file = open(&one);
                let mut buffer = vec![0; SIZE];
                let mut sum = 0;
                loop {
                    match file.read(&mut buffer).expect("a file") {
                        0 => return (buffer, sum),
                        len => sum += commas(&buffer[..len]),
                    }
                }
            },
            |state| state.1,
        )
        .pennyweight(
            move || {
                let mut chunks = Chunks::new(open(&ours), SIZE);
                let mut sum = 0;
                while let Some(chunk) = chunks.next_chunk().expect("a file") {
                    sum += commas(chunk);
                }
                (chunks, sum)
            },
            |state| state.1,
        )
        .variant(
            "pennyweight, records",
            move || {
                let mut chunks = RecordChunks::new(open(&records), SIZE);
                let mut sum = 0;
                while let Some(chunk) = chunks.next_chunk().expect("a file") {
                    sum += commas(chunk);
                }
                (chunks, sum)
            },
            |state| state.1,
        )
}

fn checked(path: PathBuf) -> Comparison {
    let len = fs::metadata(&path).expect("a file").len() as usize;
    let all = path.clone();
    let ours = path.clone();
    Comparison::of(name(&path), len)
        .about("The commas of a text are counted, which is validated as UTF-8: all of it, and in chunks of 64 KiB.")
        .times_build()
        .naive(
            move || {
                let text = text(&all).expect("UTF-8");
                let commas = commas(text.as_bytes());
                (text, commas)
            },
            |state| state.1,
        )
        .pennyweight(
            move || {
                let mut chunks = TextChunks::new(open(&ours), SIZE);
                let mut sum = 0;
                while let Some(chunk) = chunks.next_chunk().expect("UTF-8") {
                    sum += commas(chunk.as_bytes());
                }
                (chunks, sum)
            },
            |state| state.1,
        )
}
