//! Strings and rows through text and binary formats, from hostile ones too.

use std::fmt::Debug;

#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{BytesArray, RaggedArray, SortedStrArray, StrArray};
use pennyweight_baseline::image::aligned;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_core::de::DeserializeOwned;
use serde_core::{Deserialize, Serialize};

/// What `serde::check` checks, and that bytes which claim to be longer than they are end in an error.
fn check<A, V>(array: &A, model: &V) -> Result<(), TestCaseError>
where
    A: Serialize + DeserializeOwned + PartialEq + Debug,
    V: Serialize + DeserializeOwned + PartialEq + Debug,
{
    crate::serde::check(array, model)?;
    let bytes = postcard::to_allocvec(array).unwrap();
    for end in 0..bytes.len() {
        prop_assert!(postcard::from_bytes::<A>(&bytes[..end]).is_err());
    }
    Ok(())
}

proptest! {
    #[test]
    fn strings_read_what_a_vec_wrote(mut strings in vec(".{0,8}", 0..40)) {
        check(&StrArray::from(&strings[..]), &strings)?;
        #[cfg(feature = "fsst")]
        check(&FsstArray::from(&strings[..]), &strings)?;
        strings.sort_unstable();
        check(&strings.iter().collect::<SortedStrArray>(), &strings)?;
    }

    #[test]
    fn rows_read_what_nested_vecs_wrote(bytes in vec(vec(any::<u8>(), 0..5), 0..30), words in vec(vec(".{0,3}", 0..3), 0..20)) {
        check(&BytesArray::from(&bytes[..]), &bytes)?;
        check(&RaggedArray::from(&words[..]), &words)?;
    }
}

#[test]
fn what_is_opened_in_place_is_written_too() {
    fn json<A: Serialize>(array: A) -> String {
        serde_json::to_string(&array).unwrap()
    }
    let strings = StrArray::from(["b", "a"]);
    let words = aligned(&strings.to_bytes());
    let image = bytemuck::cast_slice::<u64, u8>(&words);
    assert_eq!(json(StrArray::open(image).unwrap()), json(strings));
    let sorted: SortedStrArray = ["b", "a"].into_iter().collect();
    let words = aligned(&sorted.to_bytes());
    let image = bytemuck::cast_slice::<u64, u8>(&words);
    assert_eq!(json(SortedStrArray::open(image).unwrap()), json(sorted));
    let rows = RaggedArray::from([&[1_u16][..], &[2, 3]]);
    let words = aligned(&rows.to_bytes());
    let image = bytemuck::cast_slice::<u64, u8>(&words);
    assert_eq!(json(RaggedArray::<u16, _>::open(image).unwrap()), json(rows));
}

#[test]
fn what_is_no_sequence_of_strings_is_refused() {
    let message = |json| serde_json::from_str::<StrArray>(json).unwrap_err().to_string();
    assert!(message("7").contains("expected a sequence of strings"));
    assert!(message("[\"a\", 7]").contains("expected a string"));
    let error = serde_json::from_str::<SortedStrArray>(r#"["b", "a"]"#).unwrap_err().to_string();
    assert!(error.contains(r#"not sorted: "b" comes before "a" at index 1"#), "{error}");
    assert!(serde_json::from_str::<RaggedArray<u8>>("[[1], [256]]").is_err());
}

#[test]
fn a_length_that_is_claimed_is_not_reserved() {
    // A sequence of 2³² - 1 rows, of which none comes.
    let bytes = [0xff, 0xff, 0xff, 0xff, 0x0f];
    assert!(StrArray::deserialize(&mut postcard::Deserializer::from_bytes(&bytes)).is_err());
    assert!(
        RaggedArray::<u64>::deserialize(&mut postcard::Deserializer::from_bytes(&bytes)).is_err()
    );
}
