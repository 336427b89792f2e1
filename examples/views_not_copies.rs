//! Parts of a million measurements, as copies and as views.
//!
//! A slice of a Python list copies, and "slicing to avoid extra memory" is a myth: `numbers[:]` of a million takes 8 MB. A
//! slice of a NumPy array is a view, which has the opposite trap: ten elements that a function returns keep all
//! 80 MB of their array alive, and nothing says so. Passing an argument copies in neither language.
//! `sys.getrefcount` counts references, not copies; what was copied is what was allocated.

use pennyweight::profile::{Allocator, Stats, measure};
use pennyweight::view::{SharedSlice, Sharing, View, ViewMut, column, s};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

const LEN: usize = 1_000_000;

struct Measurement {
    value: f64,
    station: u16,
}

/// The newer half, backwards; every seventh value; and one station after the other: as a newcomer takes them.
fn before(measurements: &[Measurement]) -> (Vec<f64>, Vec<f64>, Vec<u16>) {
    let values: Vec<f64> = measurements.iter().map(|measurement| measurement.value).collect();
    let newer = values[LEN / 2..].iter().rev().copied().collect();
    let sevenths = values.iter().step_by(7).copied().collect();
    let stations = measurements.iter().map(|measurement| measurement.station).collect();
    (newer, sevenths, stations)
}

type Column<'a, T> = View<'a, T, 1>;

fn after(measurements: &[Measurement]) -> (Column<'_, f64>, Column<'_, f64>, Column<'_, u16>) {
    let values = column!(measurements, Measurement, value);
    let newer = values.slice(s![LEN / 2..]).slice(s![..; -1]);
    let sevenths = values.slice(s![..; 7]);
    (newer, sevenths, column!(measurements, Measurement, station))
}

fn main() {
    let measurement = |i| Measurement { value: i as f64 / 8.0, station: (i % 90) as u16 };
    let mut measurements: Vec<_> = (0..LEN).map(measurement).collect();
    {
        let (copies, copied) = measure(|| before(&measurements));
        let (views, viewed) = measure(|| after(&measurements));
        assert_eq!(views.0, copies.0);
        assert_eq!(views.1, copies.1);
        assert_eq!(views.2, copies.2);
        print("copies of parts", copied);
        print("views of them", viewed);
        assert_eq!((copied.current, copied.peak), (7_142_864, 15_142_864));
        assert_eq!((viewed.allocations, size_of_val(&views)), (0, 72));
        assert_eq!(views.0.shares_memory(&views.1), Sharing::Shared);
        assert_eq!(views.1.shares_memory(&views.2), Sharing::Disjoint);
    }

    // A view writes to what it views; a copy is asked for by name.
    let before = column!(measurements, Measurement, value).slice(s![..3]).to_owned_compact();
    ViewMut::from(&mut measurements[..3]).iter_mut().for_each(|first| first.value = 9999.0);
    assert_eq!((&before[..], measurements[2].value), (&[0.0, 0.125, 0.25][..], 9999.0));

    // A thousand owners: each copies, or each has 24 bytes.
    let values: Vec<f64> = before.iter().copied().cycle().take(10_000).collect();
    let (_owners, cloned) = measure(|| vec![values.clone(); 1000]);
    let (_owners, shared) = measure(|| vec![SharedSlice::from(values); 1000]);
    print("a thousand clones of a Vec", cloned);
    print("of a SharedSlice", shared);
    assert_eq!((cloned.current, shared.current), (80_024_000, 24_040));

    // Ten values that outlive the others pin them, and tell.
    let latest = |values| SharedSlice::<f64>::from(values).slice(LEN - 10..);
    let (ten, pinned) = measure(|| latest(vec![20.5; LEN]));
    let (own, detached) = measure(|| {
        let mut ten = latest(vec![20.5; LEN]);
        ten.detach();
        ten
    });
    assert_eq!((ten.len(), own.len(), ten == own), (10, 10, true));
    print("ten values that pin a million", pinned);
    print("the same, detached", detached);
    assert_eq!((ten.pinned_bytes() as i64, pinned.current), (8_000_040, 8_000_040));
    assert_eq!((own.pinned_bytes() as i64, detached.current), (120, 120));

    // Handing a large value on copies nothing, by reference or by move.
    let large = vec![0_u8; LEN];
    let (large, moved) = measure(|| std::hint::black_box(large));
    let (_sum, lent) =
        measure(|| std::hint::black_box(&large).iter().map(|&byte| u64::from(byte)).sum::<u64>());
    assert_eq!((moved.allocations, lent.allocations), (0, 0));
}

fn print(name: &str, stats: Stats) {
    println!("{name:>30}: {:>10} bytes, {:>10} at the peak", stats.current, stats.peak);
}
