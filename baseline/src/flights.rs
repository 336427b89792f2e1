//! The flights: the columns of `data/flights-2013-01.csv`, or of a larger file of the same shape.

use std::{
    env, error, fmt, fs,
    path::{Path, PathBuf},
};

/// The variable that names a file to be read instead of the sample.
pub const VARIABLE: &str = "PENNYWEIGHT_FLIGHTS";

/// The sample.
pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/flights-2013-01.csv");

/// Returns the file that [`VARIABLE`] names, or else the sample.
#[must_use]
pub fn path() -> PathBuf {
    env::var_os(VARIABLE).map_or_else(|| SAMPLE.into(), PathBuf::from)
}

/// Eight columns of integers without nulls, and [three](NULLABLE) with them: those that comparisons of whole tables take.
pub const COMPLETE: [&str; 8] =
    ["year", "month", "day", "flight", "distance", "hour", "minute", "time_hour"];

/// Three columns of integers with nulls.
pub const NULLABLE: [&str; 3] = ["dep_delay", "arr_delay", "air_time"];

/// The names of the columns that hold integers. `time_hour` is in seconds since 1970.
pub const INTEGERS: [&str; 15] = [
    "year",
    "month",
    "day",
    "dep_time",
    "sched_dep_time",
    "dep_delay",
    "arr_time",
    "sched_arr_time",
    "arr_delay",
    "flight",
    "air_time",
    "distance",
    "hour",
    "minute",
    "time_hour",
];

/// The names of the columns that hold text.
pub const TEXTS: [&str; 4] = ["carrier", "tailnum", "origin", "dest"];

/// Flights, column by column. `NA` and nothing are null.
///
/// # Examples
///
/// ```
/// use pennyweight_baseline::flights::Flights;
///
/// let flights = Flights::load().unwrap();
/// assert_eq!(flights.integers("distance")[0], Some(1400));
/// assert_eq!(flights.texts("carrier")[0].as_deref(), Some("UA"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flights {
    /// The name of the file, for the figures that are measured on it.
    pub file: String,
    /// In the order of [`INTEGERS`], all of the same length.
    integers: Vec<Vec<Option<i64>>>,
    /// In the order of [`TEXTS`], all of the same length as the integers.
    texts: Vec<Vec<Option<String>>>,
}

impl Flights {
    /// Reads the file that [`VARIABLE`] names, or else the sample.
    ///
    /// # Errors
    ///
    /// [`Error`], with the place, if the file cannot be read or has another shape.
    pub fn load() -> Result<Self, Error> {
        Self::read(&path())
    }

    /// Reads the file `path`.
    ///
    /// # Errors
    ///
    /// [`Error`], with the place, if the file cannot be read or has another shape.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let error = |line, column: &str, problem| Error::at(path, line, column, problem);
        let text = fs::read_to_string(path).map_err(|problem| error(0, "", problem.to_string()))?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self::parse(file, &text).map_err(|(line, column, problem)| error(line, column, problem))
    }

    /// Reads `text`; an error is the line, the column and the problem.
    fn parse(file: String, text: &str) -> Result<Self, (usize, &str, String)> {
        let mut lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
        let (_, header) = lines.next().ok_or((1, "", "there is no header".to_owned()))?;
        let names: Vec<&str> = header.split(',').collect();
        for name in INTEGERS.into_iter().chain(TEXTS) {
            if !names.contains(&name) {
                return Err((1, name, "the header has no such column".to_owned()));
            }
        }
        let mut flights = Self {
            file,
            integers: vec![Vec::new(); INTEGERS.len()],
            texts: vec![Vec::new(); TEXTS.len()],
        };
        for (at, line) in lines.filter(|(_, line)| !line.is_empty()) {
            let mut fields = line.split(',');
            for &name in &names {
                let field =
                    fields.next().ok_or((at, name, "the line ends before it".to_owned()))?;
                let value = (!matches!(field, "" | "NA")).then_some(field);
                if let Some(column) = INTEGERS.iter().position(|&other| other == name) {
                    let number = value.and_then(|value| integer(name, value));
                    if value.is_some() && number.is_none() {
                        return Err((at, name, format!("{field:?} is not its kind of value")));
                    }
                    flights.integers[column].push(number);
                } else if let Some(column) = TEXTS.iter().position(|&other| other == name) {
                    flights.texts[column].push(value.map(str::to_owned));
                }
            }
            if fields.next().is_some() {
                return Err((at, "", format!("there are more than {} fields", names.len())));
            }
        }
        Ok(flights)
    }

    /// Returns the number of flights.
    #[must_use]
    pub fn len(&self) -> usize {
        self.integers[0].len()
    }

    /// Returns whether there are no flights.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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

    /// Returns a column of integers that has no nulls.
    ///
    /// # Panics
    ///
    /// Panics if `name` is not among [`INTEGERS`], or if the column has a null.
    #[must_use]
    pub fn complete(&self, name: &str) -> Vec<i64> {
        let values = self.integers(name).iter().copied().collect::<Option<Vec<i64>>>();
        values.unwrap_or_else(|| panic!("the column {name} of {} has nulls", self.file))
    }

    /// Returns a column of text.
    ///
    /// # Panics
    ///
    /// Panics if `name` is not among [`TEXTS`].
    #[must_use]
    pub fn texts(&self, name: &str) -> &[Option<String>] {
        let column = TEXTS.iter().position(|&other| other == name);
        &self.texts[column.unwrap_or_else(|| panic!("no column of text is called {name}"))]
    }
}

fn integer(name: &str, field: &str) -> Option<i64> {
    if name == "time_hour" { seconds(field) } else { field.parse().ok() }
}

/// Reads `2013-01-01T10:00:00Z` as seconds since 1970; the separator may also be a space and the `Z` missing.
pub(crate) fn seconds(field: &str) -> Option<i64> {
    let (date, time) = field.trim_end_matches('Z').split_once(['T', ' '])?;
    let [year, month, day] = three(date, '-')?;
    let [hour, minute, second] = three(time, ':')?;
    let is_time = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    // Years start in March, so that leap days end them.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468;
    (is_time && year > 0).then_some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

fn three(text: &str, separator: char) -> Option<[i64; 3]> {
    let parts: Option<Vec<i64>> = text.split(separator).map(|part| part.parse().ok()).collect();
    parts?.try_into().ok()
}

/// The error of a file that cannot be read or has another shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    path: PathBuf,
    /// From 1, or 0 for the whole file.
    line: usize,
    column: String,
    problem: String,
}

impl Error {
    pub(crate) fn at(path: &Path, line: usize, column: &str, problem: String) -> Self {
        Self { path: path.to_path_buf(), line, column: column.to_owned(), problem }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, column, problem } = self;
        write!(f, "{}", path.display())?;
        if *line > 0 {
            write!(f, ", line {line}")?;
        }
        if !column.is_empty() {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {problem}")
    }
}

impl error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,\
         carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour";
    const FIRST: &str =
        "2013,1,1,517,515,-2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,2013-01-01T10:00:00Z";

    fn parse(lines: &[&str]) -> Result<Flights, (usize, String, String)> {
        let text = [&[HEADER], lines].concat().join("\n");
        let flights = Flights::parse("test.csv".into(), &text);
        flights.map_err(|(line, column, problem)| (line, column.to_owned(), problem))
    }

    #[test]
    fn the_sample_has_its_27_004_flights_and_their_nulls() {
        let flights = Flights::read(Path::new(SAMPLE)).unwrap();
        assert_eq!((flights.len(), flights.file.as_str()), (27_004, "flights-2013-01.csv"));
        let nulls = |name| flights.integers(name).iter().filter(|value| value.is_none()).count();
        assert_eq!([nulls("dep_delay"), nulls("arr_delay"), nulls("air_time")], [521, 606, 606]);
        assert_eq!(flights.complete("distance").iter().sum::<i64>(), 27_188_805);
        assert!(INTEGERS.iter().all(|name| flights.integers(name).len() == flights.len()));
        assert!(TEXTS.iter().all(|name| flights.texts(name).len() == flights.len()));
    }

    #[test]
    fn values_and_nulls_are_told_apart() {
        let cancelled =
            "2013,1,1,,600,NA,NA,819,,UA,1545,NA,EWR,IAH,,1400,6,0,2013-01-01T11:00:00Z";
        let flights = parse(&[FIRST, cancelled, ""]).unwrap();
        assert_eq!(flights.integers("dep_delay"), [Some(-2), None]);
        assert_eq!(flights.integers("dep_time"), [Some(517), None]);
        assert_eq!(flights.texts("tailnum"), [Some("N14228".to_owned()), None]);
        assert_eq!(flights.complete("time_hour"), [1_357_034_400, 1_357_038_000]);
    }

    #[test]
    fn times_count_leap_days() {
        assert_eq!(seconds("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("2000-02-29 23:59:59"), Some(951_868_799));
        assert_eq!(seconds("2000-03-01T00:00:00Z"), Some(951_868_800));
        assert_eq!(seconds("2013-13-01T00:00:00Z"), None);
        assert_eq!(seconds("2013-01-01"), None);
    }

    #[test]
    fn a_bad_value_is_named_with_its_place() {
        let bad = FIRST.replace("1400", "far");
        let (line, column, problem) = parse(&[FIRST, &bad]).unwrap_err();
        assert_eq!((line, column.as_str()), (3, "distance"));
        assert_eq!(problem, "\"far\" is not its kind of value");
    }

    #[test]
    fn a_line_too_short_or_too_long_is_an_error() {
        let short = FIRST.rsplit_once(',').unwrap().0;
        assert_eq!(parse(&[short]).unwrap_err().1, "time_hour");
        let long = format!("{FIRST},1");
        assert_eq!(parse(&[&long]).unwrap_err().2, "there are more than 19 fields");
    }

    #[test]
    fn a_missing_column_or_file_is_an_error() {
        let error = Flights::parse(String::new(), "year,month\n2013,1").unwrap_err();
        assert_eq!((error.0, error.1), (1, "day"));
        let error = Flights::read(Path::new("no/such.csv")).unwrap_err();
        assert!(error.to_string().starts_with("no/such.csv: "), "{error}");
    }
}
