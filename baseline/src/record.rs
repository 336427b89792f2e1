//! What a newcomer writes instead of [`pennyweight::record`]: a struct with `String`s in a `Vec`, or a list of dicts.
//!
//! [`pennyweight::record`]: https://docs.rs/pennyweight

use std::{
    collections::HashMap,
    error::Error,
    io::{self, BufRead},
    str::FromStr,
};

/// The names of the columns of the flights, in the order of the file.
pub const COLUMNS: [&str; 19] = [
    "year",
    "month",
    "day",
    "dep_time",
    "sched_dep_time",
    "dep_delay",
    "arr_time",
    "sched_arr_time",
    "arr_delay",
    "carrier",
    "flight",
    "tailnum",
    "origin",
    "dest",
    "air_time",
    "distance",
    "hour",
    "minute",
    "time_hour",
];

/// A row of the flights, each number as narrow as its column allows. `NA` and nothing are null.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the fields are the columns of the file")]
pub struct Flight {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub dep_time: Option<u16>,
    pub sched_dep_time: u16,
    pub dep_delay: Option<i16>,
    pub arr_time: Option<u16>,
    pub sched_arr_time: u16,
    pub arr_delay: Option<i16>,
    pub carrier: String,
    pub flight: u16,
    pub tailnum: Option<String>,
    pub origin: String,
    pub dest: String,
    pub air_time: Option<u16>,
    pub distance: u16,
    pub hour: u8,
    pub minute: u8,
    pub time_hour: String,
}

impl Flight {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// An error if a number is none, or if there are more or fewer than 19 fields.
    pub fn parse(line: &str) -> Result<Self, Box<dyn Error>> {
        let fields: Vec<&str> = line.split(',').collect();
        let [
            year,
            month,
            day,
            dep_time,
            sched_dep_time,
            dep_delay,
            arr_time,
            sched_arr_time,
            arr_delay,
            carrier,
            flight,
            tailnum,
            origin,
            dest,
            air_time,
            distance,
            hour,
            minute,
            time_hour,
        ] = fields[..]
        else {
            return Err(format!("{} fields: {line}", fields.len()).into());
        };
        Ok(Self {
            year: year.parse()?,
            month: month.parse()?,
            day: day.parse()?,
            dep_time: nullable(dep_time)?,
            sched_dep_time: sched_dep_time.parse()?,
            dep_delay: nullable(dep_delay)?,
            arr_time: nullable(arr_time)?,
            sched_arr_time: sched_arr_time.parse()?,
            arr_delay: nullable(arr_delay)?,
            carrier: carrier.to_string(),
            flight: flight.parse()?,
            tailnum: nullable(tailnum)?,
            origin: origin.to_string(),
            dest: dest.to_string(),
            air_time: nullable(air_time)?,
            distance: distance.parse()?,
            hour: hour.parse()?,
            minute: minute.parse()?,
            time_hour: time_hour.to_string(),
        })
    }
}

fn nullable<T: FromStr>(field: &str) -> Result<Option<T>, T::Err> {
    if matches!(field, "" | "NA") { Ok(None) } else { field.parse().map(Some) }
}

/// Reads the lines of a file, whose first one is the header.
///
/// # Errors
///
/// An error of the file, or of the first line that is not a flight.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::{flights, record};
/// use std::{fs::File, io::BufReader};
///
/// let flights = record::read(BufReader::new(File::open(flights::path()).unwrap())).unwrap();
/// assert_eq!((flights[0].carrier.as_str(), flights[0].dep_delay), ("UA", Some(2)));
/// ```
pub fn read(file: impl BufRead) -> Result<Vec<Flight>, Box<dyn Error>> {
    let mut flights = Vec::new();
    for line in file.lines().skip(1) {
        flights.push(Flight::parse(&line?)?);
    }
    Ok(flights)
}

/// Reads the lines of a file as Python's `csv.DictReader` does: each row is a map from the names of the columns to text.
///
/// # Errors
///
/// An error of the file.
pub fn read_dicts(file: impl BufRead) -> io::Result<Vec<HashMap<String, String>>> {
    let mut lines = file.lines();
    let header = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let names: Vec<&str> = header.split(',').collect();
    let mut rows = Vec::new();
    for line in lines {
        let line = line?;
        let fields = names.iter().zip(line.split(','));
        rows.push(fields.map(|(name, field)| (name.to_string(), field.to_string())).collect());
    }
    Ok(rows)
}

/// The sum of the delays at departure.
pub fn sum(flights: &[Flight]) -> i64 {
    flights.iter().filter_map(|flight| flight.dep_delay).map(i64::from).sum()
}

/// How many flights from an airport left more than so many minutes late.
pub fn count_late(flights: &[Flight], origin: &str, minutes: i16) -> usize {
    let is_late = |flight: &&Flight| flight.dep_delay.is_some_and(|delay| delay > minutes);
    flights.iter().filter(|flight| flight.origin == origin).filter(is_late).count()
}

/// The sum of the known delays at departure of each carrier, and how many of them there are.
pub fn delays_by_carrier(flights: &[Flight]) -> HashMap<String, (i64, u64)> {
    let mut groups = HashMap::new();
    for flight in flights {
        let (sum, count) = groups.entry(flight.carrier.clone()).or_default();
        if let Some(delay) = flight.dep_delay {
            *sum += i64::from(delay);
            *count += 1;
        }
    }
    groups
}

/// The same of the lines of a file, of which one at a time is in memory.
///
/// # Errors
///
/// An error of the file, or of the first line that is not a flight.
pub fn delays_by_carrier_of(
    file: impl BufRead,
) -> Result<HashMap<String, (i64, u64)>, Box<dyn Error>> {
    let mut groups = HashMap::new();
    for line in file.lines().skip(1) {
        let flight = Flight::parse(&line?)?;
        let (sum, count): &mut (i64, u64) = groups.entry(flight.carrier).or_default();
        if let Some(delay) = flight.dep_delay {
            *sum += i64::from(delay);
            *count += 1;
        }
    }
    Ok(groups)
}

/// Sorts by the delay at departure, those without one first.
pub fn sort_by_delay(flights: &mut [Flight]) {
    flights.sort_by_key(|flight| flight.dep_delay);
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::BufReader};

    use super::*;
    use crate::flights;

    fn sample() -> BufReader<File> {
        BufReader::new(File::open(flights::SAMPLE).unwrap())
    }

    #[test]
    fn the_rows_of_the_sample_have_the_values_of_its_columns() {
        let columns = flights::Flights::read(flights::SAMPLE.as_ref()).unwrap();
        let rows = read(sample()).unwrap();
        assert_eq!(rows.len(), columns.len());
        let delays = columns.integers("dep_delay");
        assert!(rows.iter().map(|row| row.dep_delay.map(i64::from)).eq(delays.iter().copied()));
        assert!(rows.iter().map(|row| &row.tailnum).eq(columns.texts("tailnum")));
        assert_eq!(sum(&rows), delays.iter().flatten().sum());
        let (distances, expected) =
            (rows.iter().map(|row| row.distance), columns.complete("distance"));
        assert!(distances.map(i64::from).eq(expected));
    }

    #[test]
    fn the_dicts_have_every_column_as_text() {
        let dicts = read_dicts(sample()).unwrap();
        assert!(dicts.iter().all(|row| COLUMNS.iter().all(|&name| row.contains_key(name))));
        assert_eq!((dicts.len(), dicts[0]["tailnum"].as_str()), (27_004, "N14228"));
    }

    #[test]
    fn groups_are_those_of_the_file_that_is_not_kept() {
        let rows = read(sample()).unwrap();
        let groups = delays_by_carrier(&rows);
        assert_eq!(groups.values().map(|group| group.0).sum::<i64>(), sum(&rows));
        assert_eq!(groups, delays_by_carrier_of(sample()).unwrap());
    }

    #[test]
    fn late_flights_are_those_of_one_airport() {
        let rows = read(sample()).unwrap();
        let others = rows.iter().filter(|row| row.origin != "JFK" || row.dep_delay <= Some(60));
        assert_eq!(count_late(&rows, "JFK", 60) + others.count(), rows.len());
    }

    #[test]
    fn sorting_is_stable_and_puts_nulls_first() {
        let mut rows = read(sample()).unwrap();
        let first = rows.iter().find(|row| row.dep_delay.is_none()).unwrap().clone();
        sort_by_delay(&mut rows);
        assert!(rows.is_sorted_by_key(|row| row.dep_delay));
        assert_eq!(rows[0], first);
    }

    #[test]
    fn a_line_that_is_no_flight_is_an_error() {
        assert!(Flight::parse("2013,1").unwrap_err().to_string().starts_with("2 fields"));
        let error = read("header\n2013,1,1,x,,,,,,,,,,,,,,,\n".as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "invalid digit found in string");
    }
}
