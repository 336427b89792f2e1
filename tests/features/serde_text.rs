//! Strings and rows through text and binary formats, from hostile ones too.

use std::fmt::Debug;

#[cfg(feature = "fsst")]
use pennyweight::array::FsstArray;
use pennyweight::array::{BytesArray, RaggedArray, SortedStrArray, StrArray};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_core::de::DeserializeOwned;
use serde_core::{Deserialize, Serialize};

/// Writes `array` and `model` in both formats, which have to be the same, and reads each as the other's type.
fn check<A, V>(array: &A, model: &V) -> Result<(), TestCaseError>
where
    A: Serialize + DeserializeOwned + PartialEq + Debug,
    V: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let json = serde_json::to_string(array).unwrap();
    prop_assert_eq!(&json, &serde_json::to_string(model).unwrap());
    prop_assert_eq!(&serde_json::from_str::<A>(&json).unwrap(), array);
    prop_assert_eq!(&serde_json::from_str::<V>(&json).unwrap(), model);

    let bytes = postcard::to_allocvec(array).unwrap();
    prop_assert_eq!(&bytes, &postcard::to_allocvec(model).unwrap());
    prop_assert_eq!(&postcard::from_bytes::<A>(&bytes).unwrap(), array);
    prop_assert_eq!(&postcard::from_bytes::<V>(&bytes).unwrap(), model);
    // What claims to be longer than it is ends in an error.
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
fn what_is_no_sequence_of_strings_is_refused() {
    let message = |json| serde_json::from_str::<StrArray>(json).unwrap_err().to_string();
    assert!(message("7").contains("expected a sequence of strings"));
    assert!(message("[\"a\", 7]").contains("expected a string"));
    let error = serde_json::from_str::<SortedStrArray>(r#"["b", "a"]"#).unwrap_err().to_string();
    assert!(error.contains("at index 1 is less than the one before"), "{error}");
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
