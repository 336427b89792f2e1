//! Bytes from outside are an array that holds its invariants, or an error.
//!
//! What is fed in is taken for fields and sections, or changes those of an array: length and checksum are then put
//! right, so that it is the validation of each type that decides, and not the checksum.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use pennyweight::array::{
    Array, BitArray, BlockArray, Buffer, Column, Compressed, DecimalArray, DictArray, FsstArray, IntArray,
    NullableIntArray, RaggedArray, SortedArray, SortedStrArray, StrArray, compress,
};

use pennyweight::intern::{Frozen, FrozenStrings, Interner, Symbol};
use pennyweight::record::{self, Record, Records};

const MAGIC: u64 = u64::from_le_bytes(*b"\x89PENNY\r\n");

/// Where fields and sections come from.
#[derive(Arbitrary, Debug)]
enum Source<'a> {
    /// From the fuzzer, so many fields.
    Raw(u8, &'a [u8]),
    /// From an array of these values, of which some words were changed.
    Changed(Vec<Option<i16>>, Vec<(u16, u64)>),
}

impl Source<'_> {
    /// An image of a kind, whatever its fields and sections are.
    fn image(&self, kind: u64, element: u64, of: impl Fn(&[Option<i16>]) -> Vec<u8>) -> Vec<u64> {
        let words = |bytes: &[u8]| bytes.as_chunks().0.iter().map(|&word| u64::from_le_bytes(word)).collect();
        let mut image: Vec<u64>;
        match self {
            Self::Raw(fields, data) => {
                let fields = u64::from(fields % 12);
                image = vec![MAGIC, 1 | kind << 16 | element << 32 | fields << 48, 0, 0];
                image.extend::<Vec<u64>>(words(data));
            }
            Self::Changed(values, changes) => {
                image = words(&of(values));
                let len = image.len();
                for &(at, bits) in changes {
                    image[4 + usize::from(at) % (len - 4)] ^= bits;
                }
            }
        }
        image[2] = image.len() as u64;
        let mix = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        let rest = image[..3].iter().chain(&image[4..]);
        image[3] = rest.fold(MAGIC, |sum, &word| mix(sum, word));
        image.iter().map(|word| word.to_le()).collect()
    }
}

fn complete<T: From<i16>>(values: &[Option<i16>]) -> Vec<T> {
    values.iter().map(|value| T::from(value.unwrap_or(300))).collect()
}

fn nullable<T: From<i16>>(values: &[Option<i16>]) -> Vec<Option<T>> {
    values.iter().map(|value| value.map(T::from)).collect()
}

/// Reads everything of a column that is not too long to be read.
fn read<C: Column>(column: &C) -> Option<()> {
    if column.len() > 1 << 16 {
        return None;
    }
    let values: Vec<C::Item> = column.iter().collect();
    let (mut index, mut last) = (0, None);
    column.for_each_block(|block| {
        for value in block {
            // Not by equality, which floats that are no numbers have not.
            assert_eq!(format!("{value:?}"), format!("{:?}", values[index]));
            index += 1;
            last = Some(*value);
        }
    });
    assert_eq!(index, column.len());
    assert_eq!(format!("{:?}", column.get(index.wrapping_sub(1))), format!("{last:?}"));
    assert!(column.get(index).is_none());
    Some(())
}

/// Opens an image in place and as a copy, and reads what is there.
macro_rules! open {
    ($words:expr, $owned:ty, $borrowed:ty) => {
        open!($words, $owned, $borrowed, |column| read(column).is_some())
    };
    ($words:expr, $owned:ty, $borrowed:ty, |$column:ident| $read:expr) => {{
        let words: Vec<u64> = $words;
        // In memory that is aligned.
        let bytes = bytemuck::cast_slice::<u64, u8>(&words);
        let owned = <$owned>::from_bytes(bytes);
        let borrowed = <$borrowed>::open(bytes);
        match (owned, borrowed) {
            (Ok(owned), Ok(borrowed)) => {
                owned.check_invariants();
                borrowed.check_invariants();
                let $column = &owned;
                if $read {
                    let $column = &borrowed;
                    assert!($read);
                }
                assert_eq!(owned.to_bytes(), bytes, "an image has one form");
            }
            (Err(owned), Err(borrowed)) => assert_eq!(owned, borrowed),
            (Ok(_), Err(error)) => panic!("in place it is no image: {error}"),
            (Err(error), Ok(_)) => panic!("as a copy it is no image: {error}"),
        }
    }};
}

/// Rows of up to four values.
fn rows(values: &[Option<i16>]) -> RaggedArray<i16> {
    values.chunks(4).map(|row| row.iter().flatten().copied().collect::<Vec<_>>()).collect()
}

/// Strings that begin alike.
fn strings(values: &[Option<i16>]) -> Vec<String> {
    values.iter().map(|value| value.map_or("é".into(), |value| format!("N{value}"))).collect()
}

/// Reads sorted strings in order, and each by itself.
fn read_sorted<W: Buffer<u8>>(strings: &SortedStrArray<W>) -> bool {
    let mut last: Option<String> = None;
    for (index, string) in strings.iter().enumerate() {
        assert_eq!(strings.get(index).as_ref(), Some(&string));
        assert!(last.is_none_or(|last| last <= string));
        assert!(strings.contains(&string));
        last = Some(string);
    }
    true
}

/// A column of each type.
#[derive(Record, Clone, Debug, PartialEq)]
struct Flight {
    day: i8,
    delay: Option<i16>,
    distance: f64,
    gust: Option<f32>,
    late: Option<bool>,
    class: char,
    #[record(dict)]
    origin: String,
    #[record(dict)]
    tail: Option<String>,
    #[record(text)]
    note: Option<String>,
    #[record(nested)]
    at: Place,
}

#[derive(Record, Clone, Debug, PartialEq)]
struct Place {
    #[record(packed)]
    x: u32,
    far: bool,
}

fn flights(values: &[Option<i16>]) -> Records<Flight> {
    let strings = strings(values);
    let flight = |(&value, string): (&Option<i16>, &String)| {
        let number = value.unwrap_or(300);
        Flight {
            day: number as i8,
            delay: value,
            distance: f64::from(number) / 8.0,
            gust: value.map(|value| f32::from(value) * 0.1),
            late: value.map(|value| value > 0),
            class: char::from(number as u8),
            origin: string.clone(),
            tail: value.map(|value| format!("{}", value % 7)),
            note: value.map(|_| string.clone()),
            at: Place { x: number as u32, far: number > 1000 },
        }
    };
    values.iter().zip(&strings).map(flight).collect()
}

fuzz_target!(|input: (u8, Source<'_>)| {
    let (kind, source) = input;
    match kind % 19 {
        0 => {
            if let Source::Raw(_, data) = source {
                let _ = IntArray::<i64>::from_bytes(data);
                let _ = Array::<u16>::from_bytes(data);
            }
        }
        1 => {
            let of = |values: &[Option<i16>]| Array::from(complete::<i16>(values)).to_bytes();
            let words = source.image(1, 2, of);
            let bytes = bytemuck::cast_slice::<u64, u8>(&words);
            if let Ok(array) = Array::<i16>::from_bytes(bytes) {
                assert_eq!(array.to_bytes(), bytes, "an image has one form");
                assert_eq!(Array::<i16>::open(bytes), Ok(&array[..]));
            }
        }
        2 => open!(
            source.image(2, 4, |values| IntArray::from(complete::<i64>(values)).to_bytes()),
            IntArray<i64>,
            IntArray<i64, &[u64]>
        ),
        3 => open!(
            source.image(3, 3, |values| NullableIntArray::from(nullable::<i32>(values)).to_bytes()),
            NullableIntArray<i32>,
            NullableIntArray<i32, &[u64]>
        ),
        4 => open!(
            source.image(4, 0, |values| values.iter().map(Option::is_some).collect::<BitArray>().to_bytes()),
            BitArray,
            BitArray<&[u64]>
        ),
        5 => open!(
            source.image(5, 4, |values| BlockArray::from(&complete::<i64>(values)[..]).to_bytes()),
            BlockArray<i64>,
            BlockArray<i64, &[u64]>
        ),
        7 => open!(
            source.image(6, 4, |values| {
                let mut values = complete::<i64>(values);
                values.sort_unstable();
                SortedArray::from_sorted(&values).to_bytes()
            }),
            SortedArray<i64>,
            SortedArray<i64, &[u64]>
        ),
        8 => open!(
            source.image(7, 4, |values| DictArray::from(&complete::<i64>(values)[..]).to_bytes()),
            DictArray<i64>,
            DictArray<i64, &[u64]>
        ),
        9 => open!(
            source.image(7, 2 | 1 << 8, |values| DictArray::from(&nullable::<i16>(values)[..]).to_bytes()),
            DictArray<Option<i16>>,
            DictArray<Option<i16>, &[u64]>
        ),
        10 => open!(
            source.image(8, 10 | 1 << 8, |values| {
                let values: Vec<Option<f64>> =
                    values.iter().map(|value| value.map(|value| f64::from(value) / 100.0)).collect();
                DecimalArray::from(&values[..]).to_bytes()
            }),
            DecimalArray<Option<f64>>,
            DecimalArray<Option<f64>, &[u64]>
        ),
        11 => open!(
            source.image(16, 2, |values| rows(values).to_bytes()),
            RaggedArray<i16>,
            RaggedArray<i16, &[u64]>,
            |rows| rows.len() < 1 << 16 && rows.iter().enumerate().all(|(i, row)| rows.get(i) == Some(row))
        ),
        12 => open!(
            source.image(17, 0, |values| strings(values).iter().collect::<StrArray>().to_bytes()),
            StrArray,
            StrArray<&[u64]>,
            |strings| strings.len() < 1 << 16
                && strings.iter().enumerate().all(|(i, string)| strings.get(i) == Some(string))
        ),
        13 => open!(
            source.image(18, 0, |values| {
                let mut strings = strings(values);
                strings.sort_unstable();
                SortedStrArray::from_sorted(&strings).to_bytes()
            }),
            SortedStrArray,
            SortedStrArray<&[u64]>,
            |strings| strings.len() < 1 << 16 && read_sorted(strings)
        ),
        14 => open!(
            source.image(32, 0, |values| strings(values).iter().collect::<Interner>().freeze().to_bytes()),
            Frozen<Symbol>,
            Frozen<Symbol, str, &[u64]>,
            |frozen| frozen.iter().all(|(symbol, string)| frozen.get(string) == Some(symbol)) && frozen.get("é~").is_none()
        ),
        15 => open!(
            source.image(33, 0, |values| strings(values).iter().collect::<Interner>().freeze_strings().to_bytes()),
            FrozenStrings<Symbol>,
            FrozenStrings<Symbol, str, &[u64]>,
            |strings| strings.iter().all(|(symbol, string)| strings.resolve(symbol) == string)
        ),
        16 => open!(
            source.image(48, 0, |values| flights(values).freeze().to_bytes()),
            record::Frozen<Flight>,
            record::Frozen<Flight, &[u64]>,
            |frozen| frozen.len() < 1 << 16 && frozen.thaw().len() == frozen.len() && frozen.heap_bytes() == frozen.explain().bytes()
        ),
        17 => {
            // Which encoding it is, the bytes say.
            let kind = [2, 5, 6, 7][usize::from(kind / 19 % 4)];
            open!(
                source.image(kind, 4, |values| compress(complete::<i64>(values)).to_bytes()),
                Compressed<i64>,
                Compressed<i64, &[u64]>
            )
        }
        18 => open!(
            source.image(19, 0, |values| FsstArray::from(&strings(values).iter().collect::<StrArray>()).to_bytes()),
            FsstArray,
            FsstArray<&[u64]>,
            |strings| strings.len() < 1 << 16 && strings.iter().enumerate().all(|(i, string)| strings.get(i) == Some(string))
        ),
        _ => open!(
            source.image(5, 2 | 1 << 8, |values| BlockArray::from(&nullable::<i16>(values)[..]).to_bytes()),
            BlockArray<Option<i16>>,
            BlockArray<Option<i16>, &[u64]>
        ),
    }
});
