//! A pipeline: flights are read, parsed, filtered and summed by carrier, each in turn, and nothing is kept between the stages.
//!
//! Python's remedy is a chain of generators, each stage feeding the next. With lists between the stages, each stage holds all there is.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use pennyweight::profile::{Allocator, measure};
use pennyweight::stream::{LineError, Lines};
use pennyweight_baseline::stream::{lines, sample};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator::new();

/// Flights, and minutes of delay.
type Delays = BTreeMap<[u8; 2], (u32, i64)>;

/// The carrier, and how late the flight left. `None` where it did not, and for the line of names.
fn parse(line: &str) -> Option<([u8; 2], i64)> {
    let mut fields = line.split(',');
    let delay = fields.nth(5)?.parse().ok()?;
    Some((fields.nth(3)?.as_bytes().try_into().ok()?, delay))
}

fn add(mut delays: Delays, (carrier, delay): ([u8; 2], i64)) -> Delays {
    let (flights, minutes) = delays.entry(carrier).or_default();
    (*flights, *minutes) = (*flights + 1, *minutes + delay);
    delays
}

/// Stage after stage.
fn before(path: &Path) -> Delays {
    let lines = lines(path).expect("a file of lines");
    let flights: Vec<_> = lines.iter().filter_map(|line| parse(line)).collect();
    let late: Vec<_> = flights.into_iter().filter(|&(_, delay)| delay > 0).collect();
    late.into_iter().fold(Delays::new(), add)
}

/// Flight after flight.
fn after(path: &Path) -> Result<Delays, LineError> {
    let lines = Lines::new(File::open(path).expect("a file")).with_buffer(8 << 10);
    let flights = lines.map(parse).filter_map(Result::transpose);
    let mut late = flights.filter(|flight| !matches!(flight, Ok((_, delay)) if *delay <= 0));
    late.try_fold(Delays::new(), |delays, flight| Ok(add(delays, flight?)))
}

fn main() -> Result<(), LineError> {
    let path = sample("flights-2013-01.csv");
    let (old, stages) = measure(|| before(&path));
    let (new, flow) = measure(|| after(&path));
    let new = new?;
    assert_eq!((&old, new.len(), new[b"UA"]), (&new, 16, (2_070, 47_332)));
    println!("stage after stage:   {:>9} bytes at the peak", stages.peak);
    println!("flight after flight: {:>9} bytes at the peak", flow.peak);
    assert!(stages.peak > 3_000_000);
    // The buffer, and the map.
    assert!(flow.peak < 10_000);
    Ok(())
}
