//! Arrays long enough that several threads take part.

use pennyweight::array::{BlockArray, IntArray, NullableIntArray};

#[test]
fn parts_add_up_to_the_whole() {
    for len in [65_535, 65_536, 65_537, 300_000] {
        for width in [0, 1, 13, 25, 26, 57, 58, 63] {
            let value =
                |i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1 >> (63 - width)) as i64 - 1000;
            let array: IntArray<i64> = (0..len).map(value).collect();
            assert_eq!(array.par_sum(), array.sum(), "{len} values of {width} bits");
            let nullable = (0..len).map(|i| (i % 9 != 0).then(|| value(i))).collect::<Vec<_>>();
            let blocks = BlockArray::from(&nullable[..]);
            let nullable = NullableIntArray::from(nullable);
            assert_eq!(nullable.par_sum(), nullable.sum(), "{len} values of {width} bits");
            assert_eq!(blocks.par_sum(), nullable.sum(), "{len} values of {width} bits");
        }
    }
}
