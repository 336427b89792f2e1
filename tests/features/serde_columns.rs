//! Columns of strings through text and binary formats.

use pennyweight::record::{DictColumn, TextColumn};
use proptest::collection::vec;
use proptest::prelude::*;

proptest! {
    #[test]
    fn columns_read_what_a_vec_wrote(
        strings in vec(".{0,3}", 0..60),
        options in vec(proptest::option::of("[ab]{0,2}"), 0..60),
    ) {
        crate::serde::check(&strings.iter().collect::<DictColumn>(), &strings)?;
        crate::serde::check(&strings.iter().collect::<TextColumn>(), &strings)?;
        let column: DictColumn<Option<String>> = options.iter().map(Option::as_ref).collect();
        crate::serde::check(&column, &options)?;
        let column: TextColumn<Option<String>> = options.iter().map(Option::as_ref).collect();
        crate::serde::check(&column, &options)?;
    }
}

#[test]
fn nulls_are_read_where_there_may_be_some() {
    let json = r#"["EWR",null,"EWR"]"#;
    let column: DictColumn<Option<String>> = serde_json::from_str(json).unwrap();
    column.check_invariants();
    assert_eq!((column.get(1), column.code("EWR"), column.null_count()), (Some(None), Some(0), 1));
    assert_eq!(serde_json::to_string(&column.slice(1..)).unwrap(), r#"[null,"EWR"]"#);
    let column: TextColumn<Option<String>> = serde_json::from_str(json).unwrap();
    column.check_invariants();
    assert_eq!(column.get(1), Some(None));
    assert_eq!(serde_json::to_string(&column.slice(1..)).unwrap(), r#"[null,"EWR"]"#);
    assert!(serde_json::from_str::<DictColumn>(json).is_err());
    assert!(serde_json::from_str::<TextColumn>(json).is_err());
    assert!(serde_json::from_str::<DictColumn<Option<String>>>(r#"["a", 7]"#).is_err());
}
