//! The flights of a month in chunks: as one text, as chunks of bytes, of text, and of whole lines, with a bar that shows how far it is.
//!
//! Python's remedy is `while chunk := file.read(1_000_000)`. It has two traps. A file that is opened as text counts characters, and so a chunk of a
//! million takes up to four MB. And a chunk ends anywhere: "words" that are counted by chunks are more than there are.

use std::fs::{self, File};
use std::io::{self, IsTerminal, stderr};
use std::path::Path;

use indicatif::{ProgressBar, ProgressDrawTarget};
use pennyweight::profile::{Allocator, measure};
use pennyweight::stream::{Chunks, Progress, RecordChunks, TextChunks};
use pennyweight_baseline::stream::{sample, text};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const SIZE: usize = 64 << 10;

/// How many commas there are.
fn before(path: &Path) -> io::Result<usize> {
    Ok(text(path)?.matches(',').count())
}

fn after(path: &Path) -> io::Result<usize> {
    let mut chunks = Chunks::new(File::open(path)?, SIZE);
    let mut commas = 0;
    while let Some(chunk) = chunks.next_chunk()? {
        commas += chunk.iter().filter(|&&byte| byte == b',').count();
    }
    Ok(commas)
}

/// Where characters matter, and the file may be no text.
fn after_as_text(path: &Path) -> io::Result<usize> {
    let commas = TextChunks::new(File::open(path)?, SIZE).map(|text| text.matches(',').count());
    Ok(commas.sum::<Result<usize, _>>()?)
}

/// Where a chunk is to have whole lines. The bar is drawn once a chunk.
fn lines_of_texas(path: &Path, bar: &ProgressBar) -> io::Result<usize> {
    let file = Progress::of_file(File::open(path)?)?;
    let progress = file.handle();
    bar.set_length(progress.total().unwrap_or_default());
    let mut chunks = RecordChunks::new(file, SIZE);
    let mut lines = 0;
    while let Some(chunk) = chunks.next_chunk()? {
        let line = |line: &&[u8]| line.windows(5).any(|field| matches!(field, b",IAH," | b",DFW,"));
        lines += chunk.split(|&byte| byte == b'\n').filter(line).count();
        bar.set_position(progress.bytes_read());
    }
    assert_eq!(progress.fraction(), Some(1.0));
    Ok(lines)
}

fn main() -> io::Result<()> {
    let path = sample("flights-2013-01.csv");
    let (old, whole) = measure(|| before(&path));
    let (new, bytes) = measure(|| after(&path));
    let (checked, text) = measure(|| after_as_text(&path));
    let old = old?;
    assert_eq!((old, old), (new?, checked?));
    println!("the whole file: {:>9} bytes at the peak", whole.peak);
    println!("its chunks:     {:>9} bytes at the peak", bytes.peak);
    println!("as text:        {:>9} bytes at the peak", text.peak);
    assert_eq!(whole.peak as u64, fs::metadata(&path)?.len());
    assert_eq!((bytes.peak, bytes.allocations), (65_536, 1));
    assert_eq!((text.peak, text.allocations), (65_536, 1));

    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    assert!(stderr().is_terminal() || bar.is_hidden());
    let lines = lines_of_texas(&path, &bar)?;
    assert_eq!(bar.position(), fs::metadata(&path)?.len());
    bar.finish();
    println!("{lines} flights to Houston and Dallas");
    Ok(())
}
