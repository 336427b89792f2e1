//! What blocks and dictionaries have in common, against the `Vec` that they are made of: every value of every type,
//! parts, images, and forged ones.

use pennyweight::array::Element;

pub(crate) fn sum<V: Element>(values: &[V]) -> i128 {
    let integers = values.iter().filter_map(|value| value.integer());
    integers.map(|value| value.to_string().parse::<i128>().unwrap()).sum()
}

/// The checks of one type of array. The module around has `seeds`, of which the values are made, and `check_own`, which
/// compares what only this type tells.
macro_rules! model {
    ($array:ident: $($int:ident)*) => {
        use pennyweight::array::{Element, ImageError, Words};
        use pennyweight_baseline::image::{aligned, sealed};
        use proptest::sample::Index;

        /// Compares everything that is read of an array with the values.
        fn check<V: Element>(values: &[V]) {
            let array = $array::from(values);
            array.check_invariants();
            read(&array, values);
            let bytes = array.to_bytes();
            assert_eq!($array::<V>::from_bytes(&bytes).unwrap(), array);
            let words = aligned(&bytes);
            let open = $array::<V, &[u64]>::open(bytemuck::cast_slice::<_, u8>(&words)).unwrap();
            open.check_invariants();
            assert_eq!(open.heap_bytes(), 0);
            read(&open, values);
            assert_eq!(open.encoding(), array.encoding());
            assert_eq!(array.clone(), open);
        }

        fn read<V: Element, W: Words>(array: &$array<V, W>, values: &[V]) {
            assert_eq!((array.len(), array.is_empty()), (values.len(), values.is_empty()));
            for (index, &value) in values.iter().enumerate() {
                assert_eq!((array.get(index), array.value(index)), (Some(value), value), "at {index}");
            }
            assert_eq!((array.get(values.len()), array.get(usize::MAX)), (None, None));
            assert_eq!((array.first(), array.last()), (values.first().copied(), values.last().copied()));
            assert_eq!(array.to_vec(), values);
            assert!(array.iter().eq(values.iter().copied()));
            assert!(array.iter().rev().eq(values.iter().copied().rev()));
            let integers = || values.iter().filter_map(|value| value.integer());
            assert_eq!((array.min(), array.max()), (integers().min(), integers().max()));
            assert_eq!(array.null_count(), values.len() - integers().count());
            assert_eq!(array.sum(), crate::model::sum(values));
            let mut blocks = Vec::new();
            array.for_each_block(|block| {
                assert!((1..=256).contains(&block.len()));
                blocks.extend_from_slice(block);
            });
            assert_eq!(blocks, values);
            check_own(array, values);
        }

        /// Reads parts of an array in every way.
        fn check_parts<V: Element>(values: &[V], mut cuts: [usize; 2]) {
            cuts.sort_unstable();
            let ([start, end], array) = (cuts, $array::from(values));
            let part = &values[start..end];
            let mut copy = part.to_vec();
            copy.fill(V::default());
            array.copy_to_slice(start, &mut copy);
            assert_eq!(copy, part);

            let mut iter = array.iter();
            if start > 0 {
                assert_eq!(iter.nth(start - 1), Some(values[start - 1]));
            }
            if end < values.len() {
                assert_eq!(iter.nth_back(values.len() - end - 1), Some(values[end]));
            }
            assert_eq!((iter.len(), iter.clone().count()), (part.len(), part.len()));
            let folded = iter.clone().fold(Vec::new(), |mut folded, value| {
                folded.push(value);
                folded
            });
            assert_eq!(folded, part);
            // From both ends in turn.
            let (mut front, mut back) = (Vec::new(), Vec::new());
            while let Some(value) = iter.next() {
                front.push(value);
                back.extend(iter.next_back());
            }
            front.extend(back.into_iter().rev());
            assert_eq!(front, part);
            assert_eq!((iter.next(), iter.next_back()), (None, None));
        }

        /// Changes an image and puts its checksum right: what is then read holds together, or is refused.
        fn forge<V: Element>(
            bytes: &[u8],
            changes: &[(Index, u64, u32)],
            cut: Index,
        ) {
            let words = aligned(bytes);
            let open = |words: &[u64]| {
                let bytes = bytemuck::cast_slice::<u64, u8>(words);
                let copy = $array::<V>::from_bytes(bytes);
                match $array::<V, &[u64]>::open(bytes) {
                    Ok(open) => {
                        open.check_invariants();
                        let copy = copy.unwrap();
                        assert_eq!((copy.len(), copy.encoding()), (open.len(), open.encoding()));
                        // Equal values without bits may be more than can be read.
                        if open.len() < 10_000 {
                            assert_eq!(copy, open);
                            read(&open, &open.to_vec());
                        }
                    }
                    Err(error) => assert_eq!(copy.unwrap_err(), error),
                }
            };
            let mut words_changed = words.clone();
            for (at, bits, bit) in changes {
                let at = 4 + at.index(words.len() - 4);
                // One bit of a word, all of them, and as they were, but shorter.
                let mut flipped = words.clone();
                flipped[at] ^= 1 << bit;
                let bytes = bytemuck::cast_slice::<u64, u8>(&flipped);
                assert_eq!($array::<V>::from_bytes(bytes).unwrap_err(), ImageError::Checksum);
                open(&sealed(flipped));
                words_changed[at] ^= bits;
            }
            open(&sealed(words_changed));
            let cut = 4 + cut.index(words.len() - 4);
            open(&sealed(words[..cut].to_vec()));
            open(&sealed([&words[..cut], &[0, 1], &words[cut..]].concat()));
            assert!($array::<V>::from_bytes(&bytes[..cut * 8]).is_err());
        }

        $(
            mod $int {
                use super::*;

                proptest! {
                    #![proptest_config(ProptestConfig::with_cases(24))]

                    #[test]
                    fn integers_read_like_a_vec(seeds in seeds(), cuts in any::<[Index; 2]>()) {
                        let values: Vec<$int> = seeds.iter().map(|&seed| seed as $int).collect();
                        check(&values);
                        check_parts(&values, cuts.map(|cut| cut.index(values.len() + 1)));
                    }

                    #[test]
                    fn nulls_read_like_a_vec(
                        seeds in seeds(),
                        often in 1..200_u64,
                        cuts in any::<[Index; 2]>(),
                    ) {
                        let null = |seed: u64, i: usize| (seed ^ i as u64 * 0x9e37).is_multiple_of(often);
                        let values = seeds.iter().enumerate();
                        let values: Vec<Option<$int>> =
                            values.map(|(i, &seed)| (!null(seed, i)).then_some(seed as $int)).collect();
                        check(&values);
                        check_parts(&values, cuts.map(|cut| cut.index(values.len() + 1)));
                    }

                    #[test]
                    fn a_changed_image_is_an_error_or_another_array(
                        seeds in seeds(),
                        changes in vec((any::<Index>(), any::<u64>(), 0..64_u32), 1..4),
                        cut in any::<Index>(),
                    ) {
                        let values: Vec<Option<$int>> =
                            seeds.iter().map(|&seed| (seed % 5 != 0).then_some(seed as $int)).collect();
                        forge::<Option<$int>>(&$array::from(&values[..]).to_bytes(), &changes, cut);
                        let values: Vec<$int> = values.into_iter().flatten().collect();
                        forge::<$int>(&$array::from(&values[..]).to_bytes(), &changes, cut);
                    }
                }
            }
        )*

        #[test]
        fn the_ends_of_every_type_share_an_array() {
            $({
                let (low, high) = ($int::MIN, $int::MAX);
                check(&[low, high, 0, low, high]);
                check(&[Some(low), None, Some(high), None]);
                check(&[None::<$int>; 1500]);
                check(&[high; 1500]);
                check::<$int>(&[]);
                let far: Vec<_> = (0..2500).map(|i| [low, high, 1, 2, 3][(i * i + i / 7) % 5]).collect();
                check(&far);
            })*
        }

        #[test]
        fn places_behind_the_end_panic_with_the_length() {
            let array: $array<u8> = [1, 2, 3].into();
            let message = |f: &dyn Fn()| {
                let panic = catch_unwind(AssertUnwindSafe(f)).expect_err("a panic");
                panic.downcast::<String>().map(|message| *message).unwrap()
            };
            let value = message(&|| assert_eq!(array.value(3), 0));
            assert_eq!(value, "index out of bounds: the len is 3 but the index is 3");
            let copy = message(&|| array.copy_to_slice(2, &mut [0; 2]));
            assert_eq!(copy, "range end index 4 out of range for length 3");
            array.copy_to_slice(3, &mut []);
        }
    };
}
