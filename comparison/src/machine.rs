//! The machine, the toolchain and the run that figures belong to.

use std::{
    env, fs,
    path::Path,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;

use crate::clock;

/// What a reader has to know to repeat a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    pub(crate) memory_bytes: Option<u64>,
    pub(crate) os: String,
    pub(crate) target: String,
    pub(crate) rustc: String,
    pub(crate) pennyweight: String,
    pub(crate) clock: String,
    pub(crate) allocator: String,
    /// Processes that wanted a core, on average over the minute before the run.
    pub(crate) load: Option<String>,
    pub(crate) command: String,
    pub(crate) date: String,
}

impl Machine {
    /// Describes the machine as it is now.
    pub(crate) fn here() -> Self {
        Self {
            cpu: field_of("/proc/cpuinfo", "model name", ':')
                .unwrap_or_else(|| env::consts::ARCH.into()),
            cores: thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: memory_bytes(),
            os: operating_system(),
            target: env!("PENNYWEIGHT_TARGET").into(),
            rustc: env!("PENNYWEIGHT_RUSTC").into(),
            pennyweight: crate::PENNYWEIGHT_VERSION.into(),
            clock: clock::NAME.into(),
            allocator: if cfg!(target_env = "gnu") { "system (glibc)" } else { "system" }.into(),
            load: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|load| load.split(' ').next().map(String::from)),
            command: command(env::args().skip(1)),
            date: date(
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
            ),
        }
    }
}

fn memory_bytes() -> Option<u64> {
    let total = field_of("/proc/meminfo", "MemTotal", ':')?;
    let kibibytes: u64 = total.trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes * 1024)
}

fn operating_system() -> String {
    let name =
        field_of("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| env::consts::OS.into());
    match fs::read_to_string("/proc/sys/kernel/osrelease") {
        Ok(kernel) => format!("{name}, kernel {}", kernel.trim()),
        Err(_) => name,
    }
}

fn field_of(file: impl AsRef<Path>, key: &str, separator: char) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| {
        let (found, value) = line.split_once(separator)?;
        (found.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
    })?;
    (!value.is_empty()).then_some(value)
}

/// Returns the command as it was typed; `--bench` is what cargo adds.
fn command(arguments: impl Iterator<Item = String>) -> String {
    let arguments: Vec<String> = arguments.filter(|argument| argument != "--bench").collect();
    let data = env::var("PENNYWEIGHT_FLIGHTS")
        .map(|path| format!("PENNYWEIGHT_FLIGHTS={path} "))
        .unwrap_or_default();
    if arguments.is_empty() {
        format!("{data}cargo bench")
    } else {
        format!("{data}cargo bench -- {}", arguments.join(" "))
    }
}

/// Returns the date of `seconds` after 1970, as `YYYY-MM-DD HH:MM UTC`.
fn date(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Howard Hinnant's `civil_from_days`: years start in March, so that leap days end them.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", second / 3_600, second % 3_600 / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_with_the_calendar() {
        assert_eq!(date(0), "1970-01-01 00:00 UTC");
        assert_eq!(date(951_782_400), "2000-02-29 00:00 UTC");
        assert_eq!(date(1_356_998_340), "2012-12-31 23:59 UTC");
        assert_eq!(date(4_107_542_400), "2100-03-01 00:00 UTC");
    }

    #[test]
    fn the_command_is_as_typed() {
        let typed = |line: &str| command(line.split_whitespace().map(String::from));
        assert!(typed("--bench").ends_with("cargo bench"));
        assert!(typed("--thorough sum --bench").ends_with("cargo bench -- --thorough sum"));
    }

    #[test]
    fn this_machine_has_a_name() {
        let machine = Machine::here();
        assert!(machine.cores > 0 && !machine.cpu.is_empty() && machine.rustc.starts_with("rustc"));
    }
}
