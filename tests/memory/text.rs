//! What the docs of strings and rows say of bytes.

use crate::weigh;
#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{BytesArray, RaggedArray, SortedStrArray, StrArray};
use pennyweight::profile::measure;
use pennyweight::size::deep_size;
use pennyweight_baseline::image::aligned;

/// 104,334 English words, one a line.
const WORDS: &str = include_str!("../../data/words.txt");

#[test]
fn words_take_seven_bits_beside_their_text() {
    let (array, stats) = weigh(|| WORDS.lines().collect::<StrArray>());
    assert_eq!((array.len(), array.text().len()), (104_334, 880_750));
    assert_eq!(array.heap_bytes(), 1_006_512);
    assert_eq!(stats.peak, 1_006_512);

    let mut array = array;
    array.shrink_to_fit();
    assert_eq!(array.heap_bytes(), 975_790); // 7.3 bits a word
    let (strings, stats) = measure(|| WORDS.lines().map(String::from).collect::<Vec<_>>());
    assert_eq!((strings.len(), stats.current), (104_334, 4_026_478));
}

#[test]
fn sorted_words_take_less_than_their_endings() {
    let mut words: Vec<&str> = WORDS.lines().collect();
    words.sort_unstable();
    for (bucket, bytes) in [(4, 428_676), (8, 319_859), (16, 265_735), (32, 237_994), (64, 224_425)]
    {
        let (array, stats) = weigh(|| SortedStrArray::with_buckets(bucket, &words));
        assert_eq!((array.len(), array.heap_bytes()), (104_334, bytes));
        assert!(stats.peak < 3_000_000, "{} bytes at the peak", stats.peak);
    }
    let array = SortedStrArray::from_sorted(&words);
    array.check_invariants();
    assert_eq!(array.heap_bytes(), 265_735);
    assert!(array.heap_bytes() <= 460_000);
    assert_eq!(array, words);

    let (found, stats) = measure(|| words.iter().filter(|word| array.contains(word)).count());
    assert_eq!((found, stats.allocations), (words.len(), 0));
    let (bytes, stats) = measure(|| {
        let mut bytes = 0;
        array.for_each(|word| bytes += word.len());
        bytes
    });
    // One buffer, for words of up to 23 bytes.
    assert_eq!((bytes, stats.current), (880_750, 0));
    assert_eq!((stats.allocations, stats.peak), (1, 32));
    let mut word = String::with_capacity(64);
    let (equal, stats) = measure(|| {
        (0..words.len()).step_by(7).all(|i| array.get_into(i, &mut word) && word == words[i])
    });
    assert_eq!((equal, stats.allocations), (true, 0));
}

#[cfg(feature = "fsst")]
#[test]
fn addresses_take_a_third_by_symbols() {
    let urls = || {
        (0..20_000_u64).map(|i| {
            let topic = ["rust", "memory", "arrays", "python"][i as usize % 4];
            let session = i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            format!(
                "https://example.org/articles/{topic}/{}?page={}&s={session:x}",
                i * 7919 % 100_003,
                i % 10
            )
        })
    };
    let (plain, _) = weigh(|| StrArray::from(&urls().collect::<Vec<_>>()[..]));
    let (array, _) = weigh(|| FsstArray::from(&plain));
    array.check_invariants();
    assert!(array.iter().eq(urls()));
    let (bytes, least) = (array.heap_bytes(), plain.heap_bytes() / 3);
    assert!(bytes <= least, "{bytes} bytes are more than {least}");
    let mut url = String::with_capacity(1000);
    let (equal, stats) = measure(|| array.get_into(777, &mut url) && url == plain[777]);
    assert_eq!((equal, stats.allocations), (true, 0));

    // Where symbols do not pay, a byte takes a byte, or none is in the table.
    let mut state = 1_u64;
    let noise: StrArray = (0..2000)
        .map(|_| {
            let next = || {
                state = state.wrapping_mul(0xd129_42ed_7f4a_7c15).wrapping_add(99);
                char::from((state >> 40) as u8 & 0x7f)
            };
            std::iter::repeat_with(next).take(20).collect::<String>()
        })
        .collect();
    let (array, _) = weigh(|| FsstArray::from(&noise));
    assert_eq!(array, noise.to_vec());
    assert_eq!(array.heap_bytes(), 40_000 + 128 * 8);
    let (array, _) = weigh(|| FsstArray::from(&["xyz"][..]));
    assert_eq!((array.heap_bytes(), array.first().as_deref()), (6, Some("xyz")));
}

#[test]
fn rows_are_held_in_a_few_blocks() {
    let (mut rows, stats) = weigh(|| {
        let mut rows = RaggedArray::new();
        (0..10_000_u32).for_each(|i| rows.push_from(0..i % 7));
        rows
    });
    assert_eq!(rows.values().len(), 29_994);
    assert_eq!((rows.heap_bytes(), deep_size(&rows).blocks), (126_688, 3));
    assert!(stats.peak <= 126_688 + 3000);
    rows.shrink_to_fit();
    assert_eq!(rows.heap_bytes(), 119_976 + 5_784); // 4.6 bits a row
    let nested = rows.to_vec();
    let (nested, stats) = measure(|| nested.clone());
    assert_eq!((nested.len(), stats.current), (10_000, 359_976));
    let (exact, _) = weigh(|| RaggedArray::from(nested.clone()));
    assert_eq!(exact.heap_bytes(), rows.heap_bytes());
    let (copy, stats) = weigh(|| rows.clone());
    assert_eq!((copy.heap_bytes(), stats.allocations), (rows.heap_bytes(), 3));
}

#[test]
fn rows_of_one_length_take_nothing_beside_their_values() {
    let (array, stats) = weigh(|| BytesArray::from(&[[7_u8; 20]; 500][..]));
    assert_eq!((array.heap_bytes(), stats.allocations), (10_000, 1));
    let (array, stats) = weigh(|| StrArray::from(["MSP", "JFK", "LGA", "EWR"]));
    assert_eq!((array.heap_bytes(), stats.allocations), (12, 1));
    let (array, stats) = weigh(StrArray::new);
    assert_eq!((array.heap_bytes(), stats.allocations), (0, 0));
}

#[test]
fn arrays_are_as_large_inline_as_their_docs_say() {
    assert_eq!((size_of::<StrArray>(), size_of::<RaggedArray<u64>>()), (88, 88));
    assert_eq!(size_of::<SortedStrArray>(), 120);
    #[cfg(feature = "fsst")]
    assert_eq!(size_of::<FsstArray>(), 104);
}

#[test]
fn reading_allocates_nothing() {
    let array: StrArray = (0..5000_u32).map(|i| "word".repeat(i as usize % 5)).collect();
    let (_, stats) = measure(|| {
        let bytes: usize = (0..array.len()).map(|i| array[i].len()).sum();
        (bytes, array.iter().rev().map(str::len).max(), array.text().len(), array == array)
    });
    assert_eq!(stats.allocations, 0);
}

#[test]
fn an_image_opened_in_place_takes_no_heap() {
    let sorted = SortedStrArray::from_sorted((0..999).map(|i| format!("{i:04}")));
    let strings: StrArray = sorted.iter().map(|string| string + "!").collect();
    let images = [sorted.to_bytes(), strings.to_bytes()];
    let images = images.each_ref().map(|bytes| aligned(bytes));
    let (_, stats) =
        weigh(|| StrArray::<&[u64]>::open(bytemuck::cast_slice::<u64, u8>(&images[1])).unwrap());
    assert_eq!(stats.allocations, 0);
    let (_, stats) = weigh(|| {
        SortedStrArray::<&[u64]>::open(bytemuck::cast_slice::<u64, u8>(&images[0])).unwrap()
    });
    // While it is validated, one string is held.
    assert_eq!((stats.allocations, stats.peak), (1, 16));
}
