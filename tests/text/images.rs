//! Images of strings and rows: there and back, in place, and what is refused, however well it is forged.

#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{BytesArray, ImageError, RaggedArray, SortedStrArray, StrArray};
use pennyweight_baseline::image::{aligned, sealed};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn as_bytes(words: &[u64]) -> &[u8] {
    bytemuck::cast_slice(words)
}

/// The words before the fields.
const HEADER: usize = 4;

/// Arrays that have images, and are read in full.
trait Imaged {
    fn image(&self) -> Vec<u8>;

    /// Reads an image as a copy and in place. What is taken must be whole: it is read in all ways.
    fn read(words: &[u64]) -> Result<(), ImageError>;

    fn copies(bytes: &[u8]) -> Result<(), ImageError>;
}

macro_rules! imaged {
    ($array:ty, $open:ty, $use:expr) => {
        impl Imaged for $array {
            fn image(&self) -> Vec<u8> {
                self.to_bytes()
            }

            fn read(words: &[u64]) -> Result<(), ImageError> {
                let copy = <$array>::from_bytes(as_bytes(words));
                let open = <$open>::open(as_bytes(words));
                match (copy, open) {
                    (Ok(copy), Ok(open)) => {
                        copy.check_invariants();
                        open.check_invariants();
                        // Rows of nothing may be more than can be counted one by one.
                        if copy.len() < 100_000 {
                            assert_eq!(copy, open);
                            assert!(
                                copy.iter().rev().eq(open
                                    .iter()
                                    .collect::<Vec<_>>()
                                    .into_iter()
                                    .rev())
                            );
                            let _ = (format!("{copy:?}"), open.get(open.len() / 2), copy.last());
                            #[allow(clippy::redundant_closure_call)]
                            ($use)(&open);
                        }
                        assert_eq!(copy.to_bytes(), open.to_bytes());
                        Ok(())
                    }
                    (Err(copy), Err(open)) => {
                        assert_eq!(copy, open);
                        Err(copy)
                    }
                    (copy, open) => panic!("{copy:?} as a copy, and {open:?} in place"),
                }
            }

            fn copies(bytes: &[u8]) -> Result<(), ImageError> {
                <$array>::from_bytes(bytes).map(drop)
            }
        }
    };
}

imaged!(RaggedArray<u16>, RaggedArray<u16, &[u64]>, |rows: &RaggedArray<u16, &[u64]>| {
    assert_eq!(rows.iter().map(<[u16]>::len).sum::<usize>(), rows.values().len());
});
imaged!(StrArray, StrArray<&[u64]>, |strings: &StrArray<&[u64]>| {
    assert!(strings.iter().all(|string| str::from_utf8(string.as_bytes()).is_ok()));
});
imaged!(SortedStrArray, SortedStrArray<&[u64]>, |strings: &SortedStrArray<&[u64]>| {
    for string in strings.iter() {
        assert!(str::from_utf8(string.as_bytes()).is_ok());
        assert_eq!(strings.get(strings.binary_search(&string).unwrap()), Some(string));
    }
    let _ = (strings.binary_search("b"), strings.prefix("a"), strings.range("a".."b"));
});
#[cfg(feature = "fsst")]
imaged!(FsstArray, FsstArray<&[u64]>, |strings: &FsstArray<&[u64]>| {
    for (index, string) in strings.iter().enumerate() {
        assert!(str::from_utf8(string.as_bytes()).is_ok());
        assert_eq!(strings.str_len(index), Some(string.len()));
    }
});

/// An image of each kind.
fn images(strings: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    let numbers: RaggedArray<u16> =
        strings.iter().map(|string| string.bytes().map(u16::from).collect::<Vec<_>>()).collect();
    Vec::from([
        ("rows", numbers.image()),
        ("strings", StrArray::from(strings).image()),
        ("sorted", strings.iter().collect::<SortedStrArray>().image()),
        #[cfg(feature = "fsst")]
        ("fsst", FsstArray::from(strings).image()),
    ])
}

fn read(kind: &str, words: &[u64]) -> Result<(), ImageError> {
    match kind {
        "rows" => RaggedArray::<u16>::read(words),
        "strings" => StrArray::read(words),
        "sorted" => SortedStrArray::read(words),
        #[cfg(feature = "fsst")]
        "fsst" => FsstArray::read(words),
        _ => unreachable!(),
    }
}

fn copies(kind: &str, bytes: &[u8]) -> Result<(), ImageError> {
    match kind {
        "rows" => RaggedArray::<u16>::copies(bytes),
        "strings" => StrArray::copies(bytes),
        "sorted" => SortedStrArray::copies(bytes),
        #[cfg(feature = "fsst")]
        "fsst" => FsstArray::copies(bytes),
        _ => unreachable!(),
    }
}

fn strings() -> impl Strategy<Value = Vec<String>> {
    vec("[a-cé]{0,6}|(stem){0,3}[a-z]{0,3}", 0..150)
}

proptest! {
    #[test]
    fn everything_comes_back(strings in strings()) {
        for (kind, bytes) in images(&strings) {
            prop_assert_eq!(read(kind, &aligned(&bytes)), Ok(()), "{}", kind);
        }
        let array = StrArray::from(&strings[..]);
        let words = aligned(&array.to_bytes());
        let open = StrArray::<&[u64]>::open(as_bytes(&words)).unwrap();
        prop_assert_eq!(&open, &array);
        prop_assert_eq!(&open, &strings);
        prop_assert_eq!((open.heap_bytes(), open.to_bytes()), (0, array.to_bytes()));
        let bytes = BytesArray::from_bytes(&BytesArray::from(&strings[..]).to_bytes()).unwrap();
        prop_assert_eq!(&bytes, array.as_bytes());
        let sorted: SortedStrArray = strings.iter().collect();
        let words = aligned(&sorted.to_bytes());
        let open = SortedStrArray::<&[u64]>::open(as_bytes(&words)).unwrap();
        prop_assert_eq!(&open, &sorted);
        let words = aligned(&array.to_bytes());
        let lent = |index| StrArray::open(as_bytes(&words)).unwrap().lend(index);
        for index in 0..=array.len() {
            prop_assert_eq!(lent(index), array.get(index));
        }
        prop_assert_eq!((open.heap_bytes(), open.binary_search("stem")), (0, sorted.binary_search("stem")));
    }

    #[test]
    fn an_image_with_any_byte_changed_is_refused(strings in strings(), at: Index, change in 1..=u8::MAX) {
        for (kind, mut bytes) in images(&strings) {
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            prop_assert!(copies(kind, &bytes).is_err());
        }
    }

    #[test]
    fn a_shorter_or_a_longer_image_is_refused(strings in strings(), end: Index, more in 1..20_usize) {
        for (kind, bytes) in images(&strings) {
            let error = copies(kind, &bytes[..end.index(bytes.len())]).unwrap_err();
            let is_length = matches!(error, ImageError::Length { .. } | ImageError::NoImage);
            prop_assert!(is_length, "{}", error);
            let longer = [&bytes[..], &vec![0; more]].concat();
            let is_length = matches!(copies(kind, &longer), Err(ImageError::Length { .. }));
            prop_assert!(is_length);
        }
    }

    /// The checksum of these is right. What is read must be whole all the same, or be refused.
    #[test]
    fn forged_images_are_refused_or_whole(
        strings in strings(),
        changes in vec((any::<Index>(), 0..7_u32, any::<u64>(), any::<Index>()), 1..4),
    ) {
        for (kind, bytes) in images(&strings) {
            let mut words = aligned(&bytes);
            for (at, how, with, other) in &changes {
                // Half of the changes are among the fields and the first words behind them.
                let most = if with % 2 == 0 { words.len() } else { words.len().min(HEADER + 24) };
                let at = HEADER + at.index(most - HEADER);
                match how {
                    0 => words[at] = *with,
                    1 => words[at] ^= 1 << (with >> 8 & 63),
                    2 => words[at] = words[at].wrapping_add((with >> 8) % 5).wrapping_sub(2),
                    3 => words[at] = words[HEADER + other.index(words.len() - HEADER)],
                    4 => words[at] = [0, 1, u64::MAX, i64::MAX as u64, 1 << 32, 63][*with as usize % 6],
                    5 => words.truncate(at.max(HEADER + 1)),
                    _ => words.insert(at, with >> 8 & 0xff),
                }
            }
            // A number of fields is as easily forged.
            let _ = read(kind, &sealed(words));
        }
    }
}

#[test]
fn every_bit_of_a_small_image_may_be_forged() {
    let strings = ["", "a", "aé", "ab", "abc", "abc's", "b", "é", "ê"].map(String::from);
    for (kind, bytes) in images(&strings) {
        let words = aligned(&bytes);
        assert_eq!(read(kind, &sealed(words.clone())), Ok(()));
        for bit in HEADER * 64..words.len() * 64 {
            let mut words = words.clone();
            words[bit / 64] ^= 1 << (bit % 64);
            let words = sealed(words);
            let whole = catch_unwind(AssertUnwindSafe(|| read(kind, &words)));
            assert!(whole.is_ok(), "{kind}: bit {bit}");
        }
        // The number of fields.
        for fields in 0..=u16::MAX {
            let mut words = words.clone();
            words[1] = words[1] & u64::MAX >> 16 | u64::from(fields) << 48;
            let _ = read(kind, &sealed(words));
        }
    }
}

#[test]
fn what_is_wrong_is_named() {
    let invalid = |kind, words: &[u64]| match read(kind, words) {
        Err(ImageError::Invalid(what)) => what,
        other => panic!("{other:?}"),
    };
    let changed = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).rposition(|window| window == from).unwrap();
        let mut bytes = bytes.to_vec();
        bytes[at..][..to.len()].copy_from_slice(to);
        sealed(aligned(&bytes))
    };
    let strings = StrArray::from(["naïve", "words"]).to_bytes();
    assert_eq!(
        invalid("strings", &changed(&strings, b"words", b"w\xffrds")),
        "a string is not UTF-8"
    );
    // The text is UTF-8 still, but its second character lies across the end of a string.
    let cut = StrArray::from(["ab", "cd"]).to_bytes();
    assert_eq!(
        invalid("strings", &changed(&cut, b"abcd", "aéd".as_bytes())),
        "a string is not UTF-8"
    );

    let sorted = SortedStrArray::from_sorted(["apple", "bread", "bride"]).to_bytes();
    assert_eq!(invalid("sorted", &changed(&sorted, b"apple", b"cpple")), "strings are not sorted");
    assert_eq!(
        invalid("sorted", &changed(&sorted, b"bread", b"b\xffead")),
        "a string is not UTF-8"
    );

    assert!(matches!(StrArray::from_bytes(&sorted), Err(ImageError::Type { .. })));
    assert!(matches!(BytesArray::from_bytes(&strings), Err(ImageError::Type { .. })));
    assert!(matches!(
        RaggedArray::<u8>::from_bytes(&RaggedArray::from(&[[1_i8]][..]).to_bytes()),
        Err(ImageError::Type { .. })
    ));
}

#[test]
fn rows_that_cannot_be_counted_do_no_harm() {
    // As many empty rows as there are numbers take no bits, and are not walked.
    for (kind, bytes) in images(&["".into(), "".into()]) {
        let mut words = aligned(&bytes);
        for len in [3, 1 << 40, u64::MAX, u64::MAX - 1] {
            for field in HEADER..words.len().min(HEADER + 8) {
                if words[field] == 2 {
                    let old = std::mem::replace(&mut words[field], len);
                    let _ = match kind {
                        // Walking them is what the test does.
                        "rows" => RaggedArray::<u16>::from_bytes(as_bytes(&sealed(words.clone())))
                            .map(|mut rows| rows.shrink_to_fit()),
                        // A row behind the last one that can be counted is refused.
                        "strings" if len == u64::MAX => StrArray::from_bytes(as_bytes(&sealed(
                            words.clone(),
                        )))
                        .map(|mut strings| {
                            assert!(strings.try_push("").is_err() && strings.len() == usize::MAX);
                        }),
                        _ => copies(kind, as_bytes(&sealed(words.clone()))),
                    };
                    words[field] = old;
                }
            }
        }
    }
}

#[cfg(feature = "std")]
#[test]
fn images_are_read_one_after_the_other() {
    let (names, rows) = (StrArray::from(["a", "bc"]), RaggedArray::from(&[[1.5, 2.5]][..]));
    let mut file = Vec::new();
    names.write_to(&mut file).unwrap();
    rows.write_to(&mut file).unwrap();
    let mut reader = &file[..];
    assert_eq!(StrArray::read_from(&mut reader).unwrap(), names);
    assert_eq!(RaggedArray::<f64>::read_from(&mut reader).unwrap(), rows);
    assert!(reader.is_empty());
    let names_of_another_type = rows.to_bytes();
    let kind = |bytes: &[u8]| StrArray::read_from(bytes).unwrap_err().kind();
    assert_eq!(kind(&file[..40]), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(kind(&names_of_another_type), std::io::ErrorKind::InvalidData);
}
