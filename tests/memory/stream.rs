//! Streams: one buffer, however long the source is.

use std::io::{Read, repeat};

use pennyweight::profile::measure;
use pennyweight::stream::{
    Batches, Chunks, LineError, LineIndex, Lines, Progress, RecordChunks, RecordError, TextChunks,
    TryBatches, paginate,
};

/// 10 MB in lines of 100 bytes.
fn source() -> impl Read {
    let line = [&[b'x'; 99][..], b"\n"].concat();
    Repeated { line, left: 100_000, at: 0 }
}

struct Repeated {
    line: Vec<u8>,
    left: usize,
    at: usize,
}

impl Read for Repeated {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let len = buf.len().min(self.line.len() - self.at);
        buf[..len].copy_from_slice(&self.line[self.at..][..len]);
        self.at += len;
        if self.at == self.line.len() {
            (self.at, self.left) = (0, self.left - 1);
        }
        Ok(len)
    }
}

#[test]
fn lines_take_one_buffer() {
    let source = source();
    let (lines, stats) = measure(|| {
        let mut lines = Lines::new(source);
        while lines.next_line().unwrap().is_some() {}
        lines
    });
    assert_eq!((lines.number(), lines.heap_bytes()), (100_000, 65_536));
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (65_536, 1, 0));
    let (lines, stats) = measure(|| Lines::new(std::io::empty()).with_buffer(1 << 30));
    assert_eq!((lines.heap_bytes(), stats.allocations), (0, 0));
}

#[test]
fn a_line_of_50_mb_takes_the_limit() {
    let (lines, stats) = measure(|| {
        let mut lines = Lines::new(repeat(b'x').take(50_000_000).chain(&b"\nlast"[..]));
        assert!(matches!(lines.next_line(), Err(LineError::TooLong { .. })));
        assert_eq!(lines.next_line().unwrap(), Some("last"));
        lines
    });
    assert_eq!(lines.heap_bytes(), (1 << 20) + 2);
    assert_eq!(stats.peak, (1 << 20) + 2);

    let ((), stats) = measure(|| {
        let mut lines = Lines::new(repeat(b'x').take(50_000_000)).with_max_len(1000);
        assert!(matches!(lines.next_line(), Err(LineError::TooLong { .. })));
        assert_eq!(lines.next_line().unwrap(), None);
    });
    assert_eq!(stats.peak, 65_536);
}

#[test]
fn a_buffer_doubles_for_a_line() {
    let ((), stats) = measure(|| {
        let mut lines = Lines::new(repeat(b'x').take(1000)).with_buffer(100);
        assert_eq!(lines.next_line().unwrap().map(str::len), Some(1000));
        assert_eq!(lines.heap_bytes(), 1600);
    });
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (1600, 1, 4));
}

#[test]
fn chunks_take_one_buffer() {
    let new = source();
    let (chunks, stats) = measure(|| {
        let mut chunks = Chunks::new(new, 10_000);
        while chunks.next_chunk().unwrap().is_some() {}
        chunks
    });
    assert_eq!((chunks.offset(), chunks.heap_bytes()), (10_000_000, 10_000));
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (10_000, 1, 0));

    let new = source();
    let (chunks, stats) = measure(|| {
        let mut chunks = TextChunks::new(new, 10_000);
        while chunks.next_chunk().unwrap().is_some() {}
        chunks
    });
    assert_eq!((chunks.offset(), chunks.heap_bytes()), (10_000_000, 10_000));
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (10_000, 1, 0));
}

#[test]
fn chunks_of_records_take_one_buffer_and_grow_for_a_record() {
    let new = source();
    let (chunks, stats) = measure(|| {
        let mut chunks = RecordChunks::new(new, 10_050);
        while chunks.next_chunk().unwrap().is_some() {}
        chunks
    });
    assert_eq!((chunks.records(), chunks.heap_bytes()), (100_000, 10_050));
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (10_050, 1, 0));

    let ((), stats) = measure(|| {
        let source = repeat(b'x').take(50_000_000).chain(&b"\nlast"[..]);
        let mut chunks = RecordChunks::new(source, 1000).with_max_buffer(10_000);
        assert!(matches!(chunks.next_chunk(), Err(RecordError::TooLong { .. })));
        assert_eq!(chunks.next_chunk().unwrap(), Some(&b"last"[..]));
    });
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (10_000, 1, 4));
}

#[test]
fn batches_take_one_vector() {
    let (mut batches, stats) = measure(|| {
        let mut batches = Batches::new(0..1_000_000_u64, 1000);
        (0..1000)
            .for_each(|_| assert_eq!(batches.next_batch().map(|batch| batch.len()), Some(1000)));
        batches
    });
    assert!(batches.next_batch().is_none());
    assert_eq!((batches.heap_bytes(), stats.peak), (8000, 8000));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));

    // No more than there are.
    let (batches, stats) = measure(|| {
        let mut batches = TryBatches::new((0..10_u64).map(Ok::<_, ()>), 1000);
        batches.next_batch().unwrap();
        batches
    });
    assert_eq!((batches.heap_bytes(), stats.peak), (80, 80));
}

#[test]
fn batches_by_weight_take_a_vector_that_doubles() {
    let (batches, stats) = measure(|| {
        let mut batches = Batches::new(0..1_000_000_u64, usize::MAX).by_weight(7000, |_| 7);
        for _ in 0..1000 {
            assert_eq!(batches.next_batch().map(|batch| batch.len()), Some(1000));
        }
        assert!(batches.next_batch().is_none());
        batches
    });
    assert_eq!((batches.heap_bytes(), stats.peak), (8 * 1024, 8 * 1024));
    assert_eq!((stats.allocations, stats.reallocations), (1, 8));
}

#[test]
fn an_index_of_lines_takes_a_bit_a_line() {
    let mut source = source();
    let (index, stats) = measure(|| LineIndex::build(&mut source).unwrap());
    assert_eq!((index.line_count(), index.byte_count()), (100_000, 10_000_000));
    // 1,563 places, in a vector that had doubled to 2,048.
    assert_eq!((index.heap_bytes() as i64, stats.current), (8 * 1563, 8 * 1563));
    assert_eq!(stats.peak, 65_536 + 8 * 2048);
}

#[test]
fn lines_that_are_looked_for_take_the_buffer_that_is_there() {
    let text = "x".repeat(99) + "\n";
    let text = text.repeat(1000);
    let index = LineIndex::build(text.as_bytes()).unwrap();
    let ((), stats) = measure(|| {
        let mut lines = Lines::new(std::io::Cursor::new(&text)).with_buffer(4096);
        for line in (0..1000).rev() {
            lines.seek(&index, line).unwrap();
            assert_eq!(lines.next_line().unwrap().map(str::len), Some(99));
        }
    });
    assert_eq!((stats.peak, stats.allocations, stats.reallocations), (4096, 1, 0));
}

#[test]
fn pages_take_one_vector() {
    let (sum, stats) = measure(|| {
        let rows = paginate(|after: Option<&u64>, page: &mut Vec<u64>| {
            let first = after.map_or(0, |key| key + 1);
            page.reserve_exact(1000);
            page.extend((first..1_000_000).take(1000));
            Ok::<_, ()>(page.last().copied())
        });
        rows.into_iter().map(Result::unwrap).sum::<u64>()
    });
    assert_eq!((sum, stats.peak), (499_999_500_000, 8000));
    assert_eq!((stats.allocations, stats.reallocations), (1, 0));
}

#[test]
fn progress_takes_a_count() {
    let (progress, stats) = measure(|| Progress::new(std::io::empty(), Some(1)));
    // The count and the total, with those of the handles.
    assert_eq!((stats.current, progress.handle().bytes_read()), (40, 0));
}
