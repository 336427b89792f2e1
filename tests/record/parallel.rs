//! Rows read by many threads.

use pennyweight::record::{Record, Records};
use rayon::prelude::*;

#[derive(Record)]
struct Point {
    x: u32,
    #[record(packed)]
    y: u32,
    #[record(dict)]
    name: String,
}

#[test]
fn threads_read_each_row_once_and_in_its_place() {
    let points: Records<Point> =
        (0..10_000).map(|x| Point { x, y: x % 7, name: format!("{}", x % 13) }).collect();
    assert_eq!(points.par_iter().len(), 10_000);
    assert!(points.par_iter().map(PointRow::x).collect::<Vec<_>>().into_iter().eq(0..10_000));
    let found: Vec<u32> = points
        .par_iter()
        .filter(|row| row.y() == 3 && row.name() == "5")
        .map(PointRow::x)
        .collect();
    assert!(found.into_iter().eq((0..10_000).filter(|x| x % 7 == 3 && x % 13 == 5)));
    let middle = points.slice(100..200);
    assert_eq!(middle.par_iter().map(|row| u64::from(row.x())).sum::<u64>(), (100..200).sum());
    assert!(
        middle
            .into_par_iter()
            .rev()
            .map(PointRow::x)
            .collect::<Vec<_>>()
            .is_sorted_by(|a, b| a > b)
    );
    assert_eq!((&points).into_par_iter().with_min_len(3000).count(), 10_000);
    assert_eq!(points.slice(5..5).par_iter().count(), 0);
}
