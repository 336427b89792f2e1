//! Lines: all in a vector, one at a time, and by their numbers.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    rc::Rc,
};

use pennyweight::stream::{LineIndex, Lines};
use pennyweight_baseline::stream::{lines, sample};
use pennyweight_comparison::{Comparison, Suite};

use super::{flights, name, open};
use crate::comparisons::data::indices;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("stream", "lines", |_| of_file(flights()));
    suite.add("stream", "lines-short", |_| of_file(sample("words.txt")));
    suite.add("stream", "lines-by-number", |_| by_number(flights()));
}

/// The bytes of a line, and its last one: enough to see that it is the same line.
fn mark(line: &[u8]) -> u64 {
    line.len() as u64 + line.last().map_or(0, |&last| u64::from(last))
}

fn of_file(path: PathBuf) -> Comparison {
    let count = lines(&path).expect("a file of lines").len();
    let about = "All lines of a file: how long they are, and their last bytes. `naive` collects them first; `BufRead::lines` makes a string of \
         each; `read_line` and `read_until` use one again. Validated as UTF-8, but for the variants of bytes. The \
         bytes are those at the end, and beside them those at the peak.";
    let with = |build: fn(&PathBuf) -> u64| {
        let path = path.clone();
        move || build(&path)
    };
    let all = path.clone();
    let ours = path.clone();
    let bytes = path.clone();
    Comparison::of(name(&path), count)
        .about(about)
        .times_build()
        .naive(
            move || {
                let lines = lines(&all).expect("a file of lines");
                let sum: u64 = lines.iter().map(|line| mark(line.as_bytes())).sum();
                (lines, sum)
            },
            |state| state.1,
        )
        .variant(
            "BufRead::lines",
            with(|path| {
                let lines = BufReader::new(open(path)).lines();
                lines.map(|line| mark(line.expect("UTF-8").as_bytes())).sum()
            }),
            |sum| *sum,
        )
        .variant("read_line", with(read_line), |sum| *sum)
        .pennyweight(
            move || {
                let mut lines = Lines::new(open(&ours));
                let mut sum = 0;
                while let Some(line) = lines.next_line().expect("UTF-8") {
                    sum += mark(line.as_bytes());
                }
                (lines, sum)
            },
            |state| state.1,
        )
        .variant("read_until, bytes", with(read_until), |sum| *sum)
        .variant(
            "pennyweight, bytes",
            move || {
                let mut lines = Lines::of_bytes(open(&bytes));
                let mut sum = 0;
                while let Some(line) = lines.next_line().expect("a file that can be read") {
                    sum += mark(line);
                }
                (lines, sum)
            },
            |state| state.1,
        )
        .peer("linereader", "linereader, bytes", with(linereader), |sum| *sum)
}

fn read_line(path: &PathBuf) -> u64 {
    let mut reader = BufReader::new(open(path));
    let mut line = String::new();
    let mut sum = 0;
    while reader.read_line(&mut line).expect("UTF-8") > 0 {
        sum += mark(without_end(line.as_bytes()));
        line.clear();
    }
    sum
}

fn read_until(path: &PathBuf) -> u64 {
    let mut reader = BufReader::new(open(path));
    let mut line = Vec::new();
    let mut sum = 0;
    while reader.read_until(b'\n', &mut line).expect("a file that can be read") > 0 {
        sum += mark(without_end(&line));
        line.clear();
    }
    sum
}

fn linereader(path: &PathBuf) -> u64 {
    let mut reader = linereader::LineReader::new(open(path));
    let mut sum = 0;
    while let Some(line) = reader.next_line() {
        sum += mark(without_end(line.expect("a file that can be read")));
    }
    sum
}

fn without_end(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").map_or(line, |line| line.strip_suffix(b"\r").unwrap_or(line))
}

fn by_number(path: PathBuf) -> Comparison {
    let text: Rc<[u8]> = fs::read(&path).expect("a file that can be read").into();
    let count = starts(&text).len() - 1;
    let order = indices(count, count);
    let reads = |text: &Rc<[u8]>| (Rc::clone(text), Rc::clone(&order));
    let indexed = Rc::clone(&text);
    let ((naive_text, naive_order), (our_text, our_order)) = (reads(&text), reads(&text));
    Comparison::of(name(&path), count)
        .about(
            "Lines of a text in memory in no order, as many as it has: how long they are, and their last bytes. `naive` has where each of \
             them begins and ends, `pennyweight` where each 64th begins, and looks for the others.",
        )
        .naive(
            move || starts(&text),
            move |starts| {
                let of_line = |&line: &u32| {
                    let [start, end] = [line, line + 1].map(|line| starts[line as usize] as usize);
                    mark(without_end(&naive_text[start..end]))
                };
                naive_order.iter().map(of_line).sum::<u64>()
            },
        )
        .pennyweight(
            move || LineIndex::build(&*indexed).expect("bytes in memory"),
            move |index| {
                let of_line = |&line: &u32| mark(index.get(&our_text, line.into()).unwrap_or(b""));
                our_order.iter().map(of_line).sum::<u64>()
            },
        )
}

/// Where lines begin, and the last one ends.
fn starts(text: &[u8]) -> Vec<u64> {
    let mut starts = vec![0];
    starts.extend((1_u64..).zip(text).filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at));
    if !text.ends_with(b"\n") {
        starts.push(text.len() as u64);
    }
    starts
}
