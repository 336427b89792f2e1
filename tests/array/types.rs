//! What the types of arrays promise: to cross threads, to be covariant, and to leave a niche for `None`.

use pennyweight::array::{
    Array, BitArray, BlockArray, BytesArray, CastError, Compressed, DecimalArray, DictArray,
    Encoding, Explanation, ImageError, IntArray, IntoIter, IntoRows, IntoStrs, Iter,
    NullableIntArray, Ones, RaggedArray, ReserveError, Rows, SortedArray, SortedError, SortedIter,
    SortedStrArray, SortedStrs, StoreError, StoreErrorCause, StrArray, StrCursor, Strs,
    Utf8RowError,
};
use std::panic::{RefUnwindSafe, UnwindSafe};

const fn is_like_a_vec<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}

const _: () = {
    is_like_a_vec::<Array<f64>>();
    is_like_a_vec::<IntArray<i64>>();
    is_like_a_vec::<NullableIntArray<i64>>();
    is_like_a_vec::<BitArray>();
    is_like_a_vec::<IntArray<i64, &'static [u64]>>();
    is_like_a_vec::<NullableIntArray<i64, &'static [u64]>>();
    is_like_a_vec::<BitArray<&'static [u64]>>();
    is_like_a_vec::<Iter<'static, IntArray<u8>>>();
    is_like_a_vec::<Iter<'static, NullableIntArray<u8>>>();
    is_like_a_vec::<Iter<'static, BitArray>>();
    is_like_a_vec::<Ones<'static>>();
    is_like_a_vec::<StoreError<u8>>();
    is_like_a_vec::<StoreErrorCause>();
    is_like_a_vec::<ReserveError>();
    is_like_a_vec::<Encoding>();
    is_like_a_vec::<IntoIter<IntArray<u8>>>();
    is_like_a_vec::<BlockArray<Option<i64>>>();
    is_like_a_vec::<BlockArray<i64, &'static [u64]>>();
    is_like_a_vec::<DecimalArray<f64>>();
    is_like_a_vec::<DecimalArray<Option<f32>, &'static [u64]>>();
    is_like_a_vec::<DictArray<Option<i64>>>();
    is_like_a_vec::<DictArray<i64, &'static [u64]>>();
    is_like_a_vec::<SortedArray<i64>>();
    is_like_a_vec::<SortedArray<i64, &'static [u64]>>();
    is_like_a_vec::<SortedIter<'static, i64>>();
    is_like_a_vec::<SortedError<i64>>();
    is_like_a_vec::<Compressed<Option<i64>>>();
    is_like_a_vec::<Compressed<i64, &'static [u64]>>();
    is_like_a_vec::<Explanation>();
    is_like_a_vec::<StrArray>();
    is_like_a_vec::<StrArray<&'static [u64]>>();
    is_like_a_vec::<SortedStrArray>();
    is_like_a_vec::<BytesArray>();
    is_like_a_vec::<RaggedArray<f64>>();
    is_like_a_vec::<RaggedArray<f64, &'static [u64]>>();
    is_like_a_vec::<(
        Strs<'static>,
        IntoStrs<StrArray>,
        Rows<'static, f64>,
        IntoRows<RaggedArray<f64>>,
    )>();
    is_like_a_vec::<(SortedStrs<'static>, StrCursor<'static>)>();
    is_like_a_vec::<(ImageError, CastError, Utf8RowError<Box<[u64]>>)>();
};

#[cfg(target_pointer_width = "64")]
const _: () = {
    /// Whether `T` takes so many bytes, and an `Option` of it no more.
    const fn takes<T>(bytes: usize) -> bool {
        size_of::<T>() == bytes && size_of::<Option<T>>() == bytes
    }
    assert!(takes::<Array<f64>>(24));
    assert!(takes::<IntArray<i64>>(48) && takes::<IntArray<u8>>(48));
    assert!(takes::<NullableIntArray<u64>>(64) && takes::<NullableIntArray<u8>>(64));
    assert!(takes::<BitArray>(24));
    assert!(takes::<Iter<'static, IntArray<u8>>>(24));
    assert!(takes::<Iter<'static, NullableIntArray<u8>>>(24));
    assert!(takes::<Iter<'static, BitArray>>(24));
    assert!(takes::<Ones<'static>>(48));
    assert!(takes::<ReserveError>(16) && takes::<StoreErrorCause>(16));
    assert!(takes::<StoreError<u64>>(24));
    /// Whether an `Option` of it takes no more.
    const fn has_niche<T>() -> bool {
        takes::<T>(size_of::<T>())
    }
    assert!(has_niche::<BlockArray<i64>>() && has_niche::<DictArray<i64>>());
    assert!(has_niche::<SortedArray<i64>>() && has_niche::<DecimalArray<f64>>());
    assert!(has_niche::<Compressed<i64>>());
    assert!(has_niche::<StrArray>() && has_niche::<SortedStrArray>());
    assert!(has_niche::<RaggedArray<f64>>() && has_niche::<BytesArray>());
};

/// Iterators may outlive a longer borrow: they are covariant.
#[allow(dead_code, clippy::type_complexity)]
fn iterators_are_covariant<'short>(
    ints: Iter<'static, IntArray<u8>>,
    nullable: Iter<'static, NullableIntArray<u8>>,
    bits: Iter<'static, BitArray>,
    ones: Ones<'static>,
) -> (
    Iter<'short, IntArray<u8>>,
    Iter<'short, NullableIntArray<u8>>,
    Iter<'short, BitArray>,
    Ones<'short>,
) {
    (ints, nullable, bits, ones)
}

/// Arrays of borrowed words are covariant too.
#[allow(dead_code, clippy::type_complexity)]
fn borrowing_arrays_are_covariant<'short>(
    ints: IntArray<u8, &'static [u64]>,
    nullable: NullableIntArray<u8, &'static [u64]>,
    bits: BitArray<&'static [u64]>,
) -> (IntArray<u8, &'short [u64]>, NullableIntArray<u8, &'short [u64]>, BitArray<&'short [u64]>) {
    (ints, nullable, bits)
}

/// Not `Compressed`, nor lists of strings and rows: which fields these have depends on a type of a trait.
macro_rules! are_covariant {
    ($($name:ident: $array:ident<$element:ty>;)*) => {$(
        #[allow(dead_code)]
        fn $name<'short>(array: $array<$element, &'static [u64]>) -> $array<$element, &'short [u64]> {
            array
        }
    )*};
}

are_covariant! {
    blocks: BlockArray<u8>;
    dict: DictArray<u8>;
    sorted: SortedArray<u8>;
    decimal: DecimalArray<f64>;
}

/// Errors are covariant in the value that they give back.
#[allow(dead_code)]
fn errors_are_covariant<'short>(error: StoreError<&'static str>) -> StoreError<&'short str> {
    error
}
