//! `report.md`: the same tables, with what the terminal has no room for.

use core::fmt::Write;

use crate::{Row, Section, machine::Machine};

use super::{
    figures::{
        CONCLUSIONS, Conclusion, Mean, conclusions, criterion, duration, metric, short, whole,
    },
    preface::{BIAS, RULES, provenance},
};

const HEADER: &str = "\
| variant | heap bytes | bytes per element | times the limit | malloc bytes | peak bytes | allocations | inline | once \
| time | time, of naive | 95 % interval |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

const CONCLUSIONS_HEADER: &str = "\
| module | heap bytes | over | lost | time | over | lost |
|---|--:|--:|--:|--:|--:|--:|
";

/// Writes the whole report.
pub(super) fn report(machine: &Machine, sections: &[Section]) -> String {
    let mut text = String::from("# pennyweight: the comparison report\n\n## Bias\n\n");
    let list = |text: &mut String, sentences: &[&str]| {
        for sentence in sentences {
            let _ = writeln!(text, "- {sentence}");
        }
    };
    list(&mut text, &BIAS);
    text.push_str("\n## Rules of measurement\n\n");
    list(&mut text, &RULES);
    text.push_str("\n## Run\n\n| | |\n|---|---|\n");
    for (name, value) in provenance(machine, sections) {
        let _ = writeln!(text, "| {name} | {} |", escape(&value));
    }
    let _ = write!(text, "\n## Conclusions\n\n{CONCLUSIONS}\n\n{CONCLUSIONS_HEADER}");
    for Conclusion { scope, heap, time } in conclusions(sections) {
        let mean = |mean: Option<Mean>| {
            mean.map_or_else(
                || " | | ".into(),
                |Mean { ratio, over, lost }| format!("{}x | {over} | {lost}", short(ratio)),
            )
        };
        let _ = writeln!(text, "| {scope} | {} | {} |", mean(heap), mean(time));
    }
    let mut module = None;
    for section in sections {
        let Some(first) = section.rows.first() else { continue };
        if module != Some(&first.module) {
            module = Some(&first.module);
            let _ = write!(text, "\n## {}\n", first.module);
        }
        comparison(&mut text, section, first);
    }
    text
}

fn comparison(text: &mut String, section: &Section, first: &Row) {
    let limit = first
        .limit_bytes
        .map(|limit| format!(", limit {} bytes", whole(limit)))
        .unwrap_or_default();
    let _ = write!(
        text,
        "\n### {}\n\n{}\n\n{}, {} elements{limit}.\n\n{HEADER}",
        first.id(),
        section.about,
        escape(&first.data),
        whole(first.elements)
    );
    for row in &section.rows {
        let cells = [
            variant(row),
            row.heap_bytes.map(whole).unwrap_or_default(),
            row.bytes_per_element().map(short).unwrap_or_default(),
            row.times_the_limit().map(short).unwrap_or_default(),
            row.malloc_bytes.map(whole).unwrap_or_default(),
            row.peak_bytes.map(whole).unwrap_or_default(),
            row.allocations.map(whole).unwrap_or_default(),
            row.inline_bytes.map(whole).unwrap_or_default(),
            row.once_bytes.map(whole).unwrap_or_default(),
            row.time_ns.map(duration).unwrap_or_default(),
            row.time_ratio.map(|ratio| format!("{}x", short(ratio))).unwrap_or_default(),
            interval(row).unwrap_or_default(),
        ];
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    for note in [metric(section), criterion(section)].into_iter().flatten() {
        let _ = writeln!(text, "\n{}", escape(&note));
    }
}

/// Writes the variant with the version of its peer.
pub(super) fn variant(row: &Row) -> String {
    match &row.peer_version {
        Some(version) => format!("{} {version}", row.variant),
        None => row.variant.clone(),
    }
}

/// Writes the interval of the time's ratio; naive's own has none.
pub(super) fn interval(row: &Row) -> Option<String> {
    match (row.time_ratio_low, row.time_ratio_high) {
        (Some(low), Some(high)) if low < high => Some(format!("{} to {}", short(low), short(high))),
        _ => None,
    }
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::tests::section;

    #[test]
    fn every_row_has_a_cell_for_every_column() {
        let text = report(&Machine::here(), &[section("sum", 216_032, 43_946, 0.3)]);
        let columns = HEADER.lines().next().unwrap().matches('|').count();
        let table: Vec<_> =
            text.lines().skip_while(|line| !line.starts_with("| variant")).collect();
        assert_eq!(table.len(), 4);
        assert!(table.iter().all(|line| line.matches('|').count() == columns), "{table:#?}");
        assert!(table[3].contains("| 43,946 |") && table[3].contains("0.294 to 0.306"));
    }

    #[test]
    fn a_further_figure_stands_below_its_table() {
        let mut section = section("sum", 8, 8, 1.0);
        section.rows[1].metric = Some("bits per row".into());
        section.rows[1].unit = Some("bit".into());
        section.rows[1].value = Some(88.0);
        let text = report(&Machine::here(), &[section]);
        assert!(text.ends_with("\n\nbits per row: pennyweight 88.00 bit.\n"), "{text}");
    }

    #[test]
    fn bars_in_names_do_not_break_the_table() {
        assert_eq!(escape("a|b"), "a\\|b");
    }
}
