//! The table for the terminal, at most 100 columns wide.

use core::fmt::Write;

use crate::{Row, Section, comparison::LONGEST_NAME, machine::Machine};

use super::{
    figures::{CONCLUSIONS, Conclusion, Mean, conclusions, short, whole},
    preface::{BIAS, provenance},
};

const WIDTH: usize = 100;

/// Writes the whole report.
pub(super) fn report(machine: &Machine, sections: &[Section]) -> String {
    let mut text = String::from("\npennyweight: the comparison report\n\n");
    for sentence in BIAS {
        wrap(&mut text, "  ", sentence);
    }
    text.push('\n');
    for (name, value) in provenance(machine, sections) {
        wrap(&mut text, &format!("  {name:<12}"), &value);
    }
    if sections.iter().flat_map(|section| &section.rows).any(|row| row.time_ratio.is_some()) {
        text.push('\n');
        wrap(&mut text, "  ", TIME);
    }
    text.push_str(&table(sections));
    concluded(&mut text, sections);
    text
}

const TIME: &str = "Times are multiples of naive's in the same round: the median, and the interval that \
     holds the true one with 95 % confidence.";

fn concluded(text: &mut String, sections: &[Section]) {
    let mean = |mean: Option<Mean>| {
        mean.map_or_else(
            || ["-".into(), String::new(), String::new()],
            |Mean { ratio, over, lost }| {
                [format!("{}x", short(ratio)), over.to_string(), lost.to_string()]
            },
        )
    };
    wrap(text, "", CONCLUSIONS);
    let columns = |name: &str, heap: [&str; 3], time: [&str; 3]| {
        let ([heap, heap_over, heap_lost], [time, time_over, time_lost]) = (heap, time);
        format!("  {name:<14}{heap:>12}{heap_over:>7}{heap_lost:>7}{time:>14}{time_over:>7}{time_lost:>7}")
            .trim_end()
            .to_owned()
    };
    let header = columns("", ["heap bytes", "over", "lost"], ["time", "over", "lost"]);
    let _ = writeln!(text, "\n{header}");
    for Conclusion { scope, heap, time } in conclusions(sections) {
        let (heap, time) = (mean(heap), mean(time));
        let line = columns(
            &scope,
            heap.each_ref().map(|s| s.as_str()),
            time.each_ref().map(|s| s.as_str()),
        );
        let _ = writeln!(text, "{line}");
    }
}

/// Writes the table alone.
pub(super) fn table(sections: &[Section]) -> String {
    let mut text = String::new();
    let mut module = None;
    for section in sections {
        let Some(first) = section.rows.first() else { continue };
        if module != Some(&first.module) {
            module = Some(&first.module);
            let _ = write!(text, "\n{}\n{}\n", first.module.to_uppercase(), header());
        }
        heading(&mut text, first);
        for row in &section.rows {
            let _ = writeln!(text, "{}", line(row));
        }
    }
    text.push('\n');
    text
}

fn header() -> String {
    columns([
        "variant",
        "heap bytes",
        "peak bytes",
        "B/elem",
        "x limit",
        "allocs",
        "time",
        "interval",
    ])
}

/// Writes what is compared: the name, the data, the elements and the limit.
fn heading(text: &mut String, row: &Row) {
    let limit =
        row.limit_bytes.map(|limit| format!(", limit {} B", whole(limit))).unwrap_or_default();
    let about =
        format!("{}: {}, {} elements{limit}", row.comparison, row.data, whole(row.elements));
    text.push('\n');
    wrap(text, "", &about);
}

fn line(row: &Row) -> String {
    let or_nothing = |value: Option<String>| value.unwrap_or_else(|| "-".into());
    let interval = match (row.time_ratio_low, row.time_ratio_high) {
        (Some(low), Some(high)) if low < high => format!("{}-{}", short(low), short(high)),
        _ => String::new(),
    };
    let mut line = columns([
        row.variant.as_str(),
        &or_nothing(row.heap_bytes.map(whole)),
        &or_nothing(row.peak_bytes.map(whole)),
        &or_nothing(row.bytes_per_element().map(short)),
        &or_nothing(row.times_the_limit().map(short)),
        &or_nothing(row.allocations.map(whole)),
        &or_nothing(row.time_ratio.map(|ratio| format!("{}x", short(ratio)))),
        &interval,
    ]);
    if let (Some(metric), Some(unit), Some(value)) = (&row.metric, &row.unit, row.value) {
        let _ = write!(line, "\n    {metric}: {} {unit}", short(value));
    }
    line
}

fn columns(cells: [&str; 8]) -> String {
    let [name, heap, peak, element, limit, allocations, time, interval] = cells;
    format!(
        "  {name:<LONGEST_NAME$}{heap:>14}{peak:>13}{element:>9}{limit:>8}{allocations:>11}{time:>8}{interval:>12}"
    )
    .trim_end()
    .to_owned()
}

/// Writes `words` after `indent`, in lines of at most [`WIDTH`] columns; the lines after the first are indented
/// by as many spaces.
pub(super) fn wrap(text: &mut String, indent: &str, words: &str) {
    let mut column = indent.chars().count();
    text.push_str(indent);
    let mut first = true;
    for word in words.split_whitespace() {
        let width = word.chars().count();
        if !first && column + 1 + width > WIDTH {
            column = indent.chars().count();
            let _ = write!(text, "\n{:column$}", "");
            first = true;
        }
        if !first {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width;
        first = false;
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::tests::section;

    fn widest(text: &str) -> usize {
        text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    #[test]
    fn the_report_is_at_most_a_hundred_columns_wide() {
        let mut large = section("push", 9_999_999_999, 1_234_567_890, 1_234.56);
        for row in &mut large.rows {
            row.variant = "v".repeat(LONGEST_NAME);
            row.allocations = Some(10_000_000);
            row.peak_bytes = Some(9_999_999_999);
            row.elements = 10_000_000;
            row.limit_bytes = Some(5);
            row.data = "generated, ".repeat(12);
        }
        let text = report(&Machine::here(), &[section("sum", 216_032, 43_946, 0.308), large]);
        assert!(widest(&text) <= WIDTH, "{} columns:\n{text}", widest(&text));
    }

    #[test]
    fn a_row_shows_bytes_limit_allocations_and_time_with_its_interval() {
        let text = table(&[section("sum", 216_032, 43_946, 0.3)]);
        let row = text.lines().find(|line| line.contains("pennyweight")).unwrap();
        let cells: Vec<_> = row.split_whitespace().collect();
        assert_eq!(
            cells,
            ["pennyweight", "43,946", "43,946", "1.627", "1.911", "1", "0.300x", "0.294-0.306"]
        );
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let mut section = section("sum", 8, 8, 1.0);
        section.rows[1] = Row { variant: "pennyweight".into(), elements: 1, ..Row::default() };
        let text = table(&[section]);
        let row = text.lines().find(|line| line.contains("pennyweight")).unwrap();
        assert_eq!(row.split_whitespace().filter(|&cell| cell == "-").count(), 6);
    }

    #[test]
    fn the_bias_comes_before_the_figures() {
        let text = report(&Machine::here(), &[section("sum", 8, 8, 1.0)]);
        assert!(text.find("The authors").unwrap() < text.find("heap bytes").unwrap());
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        let mut text = String::new();
        wrap(&mut text, "  data  ", &"word ".repeat(50));
        assert!(widest(&text) <= WIDTH && text.lines().count() == 3);
        assert!(text.lines().nth(1).unwrap().starts_with("        word"));
    }
}
