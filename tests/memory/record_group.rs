//! Groups: what they take for rows, for keys and for numbers.

use super::weigh;
use pennyweight::profile::measure;
use pennyweight::record::group::{mean, sum};
use pennyweight::record::{DictColumn, GroupBy, group_by, join};

fn carriers(rows: usize) -> DictColumn {
    (0..rows).map(|row| format!("{:02}", row * row % 16)).collect()
}

#[test]
fn groups_of_codes_take_nothing_for_rows() {
    // The squares of all numbers have 4 remainders by 16.
    let carriers = carriers(10_000);
    let (by, stats) = weigh(|| group_by(carriers.as_slice()));
    assert_eq!((by.len(), by.heap_bytes()), (4, 4 * (16 + 8)));
    assert!(stats.peak < 300);

    let delays = vec![7_i16; 10_000];
    let (means, _) = weigh(|| by.mean(&delays[..]));
    assert_eq!(means.heap_bytes(), 4 * (16 + 16));

    let airlines: DictColumn = ["04", "00"].iter().collect();
    let (joined, _) = weigh(|| join(carriers.as_slice(), airlines.as_slice()));
    assert_eq!(joined.heap_bytes(), 4 * 4);
}

#[test]
fn other_rows_take_one_byte_or_two_or_four() {
    let months: Vec<i32> = (0..10_000).map(|row| row % 12).collect();
    let (by, _) = weigh(|| group_by(&months[..]));
    assert_eq!(by.heap_bytes(), 10_000 + 12 * (4 + 8));

    let flights: Vec<i32> = (0..10_000).map(|row| row % 3_000).collect();
    let (by, _) = weigh(|| group_by(&flights[..]));
    assert_eq!(by.heap_bytes(), 2 * 10_000 + 3_000 * (4 + 8));

    let far: Vec<i64> = (0..70_000).map(|row| row << 40).collect();
    let (by, _) = weigh(|| group_by(&far[..]));
    assert_eq!(by.heap_bytes(), 4 * 70_000 + 70_000 * (8 + 8));

    let tails: DictColumn<Option<String>> =
        [Some("N1"), None].into_iter().cycle().take(10_000).collect();
    let (by, _) = weigh(|| group_by(tails.as_slice()));
    assert_eq!(by.heap_bytes(), 10_000 + 2 * (16 + 8));
}

#[test]
fn batches_leave_their_groups_and_nothing_else() {
    let run = |batches: usize| {
        let mut groups = GroupBy::new();
        for _ in 0..batches {
            let (carriers, delays) = (carriers(1_000), [3_i16; 1_000]);
            groups.add(carriers.as_slice(), (sum(&delays[..]), mean(&delays[..])));
        }
        groups
    };
    let (groups, few) = weigh(|| run(2));
    // Four groups of a `String`, a sum and a mean; a table of hashes for 7; and the keys' two bytes each.
    assert_eq!(groups.heap_bytes(), 4 * (24 + 16 + 32 + 8) + 8 * 4 + 8 + 16);
    let (many, stats) = measure(|| run(100));
    assert_eq!((many.heap_bytes(), stats.peak), (groups.heap_bytes(), few.peak));
}
