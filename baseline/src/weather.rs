//! The weather at three airports: the columns of `data/weather.csv`.

use std::{fs, path::Path};

use crate::flights::{Error, seconds};

/// The names of the columns that hold integers. `time_hour` is in seconds since 1970.
pub const INTEGERS: [&str; 6] = ["year", "month", "day", "hour", "wind_dir", "time_hour"];

/// The names of the columns that hold decimals.
pub const FLOATS: [&str; 8] =
    ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"];

/// The name of the column that holds text: the airport.
pub const TEXT: &str = "origin";

/// Observations, hour by hour, one airport after the other. `NA` and nothing are null.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::weather::Weather;
///
/// let weather = Weather::load().unwrap();
/// assert_eq!(weather.floats("temp")[0], Some(39.02));
/// assert_eq!(weather.origins[0], "EWR");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Weather {
    /// The airports.
    pub origins: Vec<String>,
    /// In the order of [`INTEGERS`], each as long as `origins`.
    integers: Vec<Vec<Option<i64>>>,
    /// In the order of [`FLOATS`], each as long as `origins`.
    floats: Vec<Vec<Option<f64>>>,
}

impl Weather {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// [`Error`], with the place, if the file cannot be read or has another shape.
    pub fn load() -> Result<Self, Error> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/weather.csv");
        let error = |line, column: &str, problem| Error::at(&path, line, column, problem);
        let text =
            fs::read_to_string(&path).map_err(|problem| error(0, "", problem.to_string()))?;
        Self::parse(&text).map_err(|(line, column, problem)| error(line, &column, problem))
    }

    /// Reads `text`; an error is the line, the column and the problem.
    fn parse(text: &str) -> Result<Self, (usize, String, String)> {
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap_or("").split(',').collect();
        for name in INTEGERS.into_iter().chain(FLOATS).chain([TEXT]) {
            if !names.contains(&name) {
                return Err((1, name.into(), "the header has no such column".into()));
            }
        }
        let mut weather = Self {
            origins: Vec::new(),
            integers: vec![Vec::new(); INTEGERS.len()],
            floats: vec![Vec::new(); FLOATS.len()],
        };
        for (at, line) in lines.enumerate().map(|(at, line)| (at + 2, line)) {
            let fields: Vec<&str> = line.split(',').collect();
            if fields.len() != names.len() {
                let problem = format!("{} fields and not {}", fields.len(), names.len());
                return Err((at, String::new(), problem));
            }
            for (&name, field) in names.iter().zip(fields) {
                let other = || (at, name.to_owned(), format!("{field:?} is not its kind of value"));
                weather.push(name, field).ok_or_else(other)?;
            }
        }
        Ok(weather)
    }

    /// Appends a field to its column. Gives `None` where it is not of the column's kind.
    fn push(&mut self, name: &str, field: &str) -> Option<()> {
        let value = (!matches!(field, "" | "NA")).then_some(field);
        if let Some(column) = INTEGERS.iter().position(|&other| other == name) {
            let integer = |value: &str| match name {
                "time_hour" => seconds(value),
                _ => value.parse().ok(),
            };
            let integer = value.map(|value| integer(value).ok_or(())).transpose().ok()?;
            self.integers[column].push(integer);
        } else if let Some(column) = FLOATS.iter().position(|&other| other == name) {
            self.floats[column].push(value.map(str::parse).transpose().ok()?);
        } else if name == TEXT {
            self.origins.push(value?.to_owned());
        }
        Some(())
    }

    /// Returns the number of observations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Returns whether there are no observations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Returns a column of integers.
    ///
    /// # Panics
    ///
    /// Panics if `name` is not among [`INTEGERS`].
    #[must_use]
    pub fn integers(&self, name: &str) -> &[Option<i64>] {
        let column = INTEGERS.iter().position(|&other| other == name);
        &self.integers[column.unwrap_or_else(|| panic!("no column of integers is called {name}"))]
    }

    /// Returns a column of decimals.
    ///
    /// # Panics
    ///
    /// Panics if `name` is not among [`FLOATS`].
    #[must_use]
    pub fn floats(&self, name: &str) -> &[Option<f64>] {
        let column = FLOATS.iter().position(|&other| other == name);
        &self.floats[column.unwrap_or_else(|| panic!("no column of decimals is called {name}"))]
    }
}

/// The sum of the decimals that are there, in their order.
pub fn sum_floats(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip,pressure,visib,\
         time_hour";

    fn parse(line: &str) -> Result<Weather, (usize, String, String)> {
        Weather::parse(&format!("{HEADER}\n{line}"))
    }

    #[test]
    fn the_file_has_its_26_115_observations_and_their_nulls() {
        let weather = Weather::load().unwrap();
        assert_eq!(weather.len(), 26_115);
        let nulls = |name| weather.floats(name).iter().filter(|value| value.is_none()).count();
        let nulls = FLOATS.map(nulls);
        assert_eq!(nulls, [1, 1, 1, 4, 20_778, 0, 2_729, 0]);
        assert_eq!(weather.integers("wind_dir").iter().flatten().count(), 26_115 - 460);
        assert!(INTEGERS.iter().all(|name| weather.integers(name).len() == 26_115));
    }

    #[test]
    fn values_and_nulls_are_told_apart() {
        let line = "JFK,2013,1,1,1,39.02,26.06,59.37,NA,10.357019999999999,,0,1012,10,2013-01-01T06:00:00Z";
        let weather = parse(line).unwrap();
        assert_eq!(weather.floats("wind_speed"), [Some(10.357_019_999_999_999)]);
        assert_eq!(
            (weather.floats("wind_gust"), weather.integers("wind_dir")),
            (&[None][..], &[None][..])
        );
        assert_eq!(weather.integers("time_hour"), [Some(1_357_020_000)]);
    }

    #[test]
    fn a_bad_line_is_named_with_its_place() {
        let bad = "JFK,2013,1,1,1,warm,26.06,59.37,NA,8,NA,0,1012,10,2013-01-01T06:00:00Z";
        let (line, column, problem) = parse(bad).unwrap_err();
        assert_eq!((line, column.as_str()), (2, "temp"));
        assert_eq!(problem, "\"warm\" is not its kind of value");
        assert_eq!(parse("JFK,2013").unwrap_err().2, "2 fields and not 15");
        assert_eq!(Weather::parse("origin").unwrap_err().1, "year");
    }

    #[test]
    fn sums_leave_nulls_out() {
        assert_eq!(sum_floats(&[Some(0.5), None, Some(0.25)]), 0.75);
    }
}
