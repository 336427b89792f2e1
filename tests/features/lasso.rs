//! lasso's interners, which are estimated, beside what was allocated for them.

use lasso::{Capacity, Rodeo, Spur};
use pennyweight::profile::{Stats, measure};
use pennyweight::size::{HeapSize, deep_size};

fn interned(words: usize) -> (Rodeo, Stats) {
    measure(|| {
        let mut rodeo = Rodeo::default();
        for i in 0..words {
            rodeo.get_or_intern(format!("word {i}"));
        }
        rodeo
    })
}

#[test]
fn an_interner_is_estimated_but_for_the_list_of_its_chunks() {
    // How many chunks of text the list has room for.
    for (words, chunks) in [(0, 1), (50, 1), (100, 1), (1000, 4), (10_000, 8), (100_000, 8)] {
        let (rodeo, stats) = interned(words);
        let size = deep_size(&rodeo);
        assert_eq!(stats.current - size.heap as i64, 24 * chunks, "{words} words: {size}");
        assert_eq!((size.estimated, size.blocks), (size.heap, 3));
    }
    let rodeo = measure(|| Rodeo::<Spur>::with_capacity(Capacity::for_strings(1000)));
    assert_eq!(rodeo.1.current - rodeo.0.heap_bytes() as i64, 24);
}

#[test]
fn the_table_may_be_half_of_what_the_capacity_lets_guess() {
    let (rodeo, stats) = interned(56);
    assert_eq!(rodeo.capacity(), 100);
    // 64 buckets of 5 bytes, guessed as 128.
    assert_eq!(rodeo.heap_bytes() as i64 + 24 - stats.current, 64 * 5);
}

#[test]
fn room_in_the_chunks_and_for_strings_is_slack() {
    let (rodeo, _) = interned(10);
    let text = 10 * "word 0".len();
    assert_eq!(deep_size(&rodeo).slack, (4096 - text) + 40 * size_of::<&str>());
}

#[test]
fn frozen_forms_fall_short_by_the_room_that_they_keep() {
    for words in [0, 1, 7, 8, 14, 15, 1000] {
        let (rodeo, stats) = interned(words);
        let text: usize = rodeo.strings().map(str::len).sum();
        let reader = rodeo.into_reader();
        let size = deep_size(&reader);
        let table = match words {
            0 => 0,
            1 => 4 * 5 + 16,
            7 => 8 * 5 + 16,
            8 | 14 => 16 * 5 + 16,
            15 => 32 * 5 + 16,
            _ => 2048 * 5 + 16,
        };
        assert_eq!(size.heap, 16 * words + text + table, "{words} words");
        assert_eq!(size.estimated, size.heap);
        assert!((size.heap as i64) < stats.current);

        let resolver = reader.into_resolver();
        assert_eq!(deep_size(&resolver).estimated, 16 * words + text);
        assert_eq!(resolver.heap_bytes(), 16 * words + text);
    }
}
