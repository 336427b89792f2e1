//! What is said before the results: the bias, the rules of measurement, and what was measured on what.

use crate::{Section, machine::Machine};

use super::figures::bytes;

/// The bias, stated before the results.
pub(super) const BIAS: [&str; 4] = [
    "The authors of pennyweight wrote every comparison, chose the data and the operations, and ran them on a \
     machine of their own. Other data, other operations and other machines give other figures.",
    "Peers are used as their documentation says; whoever knows one better may know a faster way. They were chosen \
     because they do something similar, and most can do what is not asked of them here.",
    "`naive` is what a competent newcomer writes with std alone. It is not tuned, and neither is it spoilt.",
    "Rows that pennyweight loses are printed like those it wins. Several comparisons weigh the same state, so \
     that the geometric means count it several times.",
];

/// The rules of measurement.
pub(super) const RULES: [&str; 5] = [
    "Heap bytes are what live blocks were requested at, exact and the same in every run. A `realloc` replaces its \
     block: old and new are never counted side by side, for any variant. What the system allocator takes for the \
     blocks is `malloc_bytes`; the handle's own size is `inline_bytes`; what stays behind after the \
     first use is `once_bytes`.",
    "The limit is the information in the data: what no encoding that knows only the frequencies of the values \
     (or the range that they were drawn from) can go below.",
    "Times are ratios to naive within the same round, the median over the rounds and the interval that \
     holds the true median with 95 % confidence; from round to round each variant comes after each other one \
     equally often. The time is that of the operation on a \
     state already built, or of building it where the comparison says so; dropping is never included.",
    "Criterion runs beside this, in short windows and one variant after the other: its ratios have met a machine that \
     may have changed in between. They are a check on the paired ones, not better ones.",
    "Bytes are counted in one process. Times are taken in others, one for each comparison, so that none meets what the \
     allocator remembers of another; they allocate from the plain system allocator.",
];

/// Returns the names and values that say where the figures come from.
pub(super) fn provenance(machine: &Machine, sections: &[Section]) -> Vec<(&'static str, String)> {
    let memory =
        machine.memory_bytes.map(|memory| format!(", {}", bytes(memory))).unwrap_or_default();
    let load =
        machine.load.as_ref().map(|load| format!(", load {load} at the start")).unwrap_or_default();
    let mut provenance = vec![
        ("machine", format!("{}, {} cores{memory}{load}", machine.cpu, machine.cores)),
        ("system", format!("{}; {}; clock: {}", machine.os, machine.allocator, machine.clock)),
        ("toolchain", format!("{}, {}", machine.rustc, machine.target)),
        ("pennyweight", machine.pennyweight.clone()),
    ];
    let peers = peers(sections);
    if !peers.is_empty() {
        provenance.push(("peers", peers.join(", ")));
    }
    let files = files(sections);
    if !files.is_empty() {
        provenance.push(("data", files.join(", ")));
    }
    provenance.push(("command", machine.command.clone()));
    provenance.push(("date", machine.date.clone()));
    provenance
}

/// Returns the peers with their versions, each once.
fn peers(sections: &[Section]) -> Vec<String> {
    let rows = sections.iter().flat_map(|section| &section.rows);
    let mut peers: Vec<String> = rows
        .filter_map(|row| {
            // A further variant of a peer is called `crate, what is different`.
            let name = row.variant.split(',').next()?;
            Some(format!("{name} {}", row.peer_version.as_ref()?))
        })
        .collect();
    peers.sort();
    peers.dedup();
    peers
}

/// Returns the data, each once, in the order of the report.
fn files(sections: &[Section]) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for row in sections.iter().flat_map(|section| &section.rows) {
        for word in row.data.split([' ', ',', ';']) {
            if word.ends_with(".csv") || word.ends_with(".txt") {
                let file = word.to_owned();
                if !files.contains(&file) {
                    files.push(file);
                }
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::tests::section;

    #[test]
    fn peers_and_files_are_named_once() {
        let mut sections = [section("a", 8, 1, 1.0), section("b", 8, 1, 1.0)];
        for (section, variant) in sections.iter_mut().zip(["sux", "sux, unaligned"]) {
            section.rows[1].variant = variant.into();
            section.rows[1].peer_version = Some("0.15.3".into());
        }
        assert_eq!(peers(&sections), ["sux 0.15.3"]);
        assert_eq!(files(&sections), ["flights-2013-01.csv"]);
    }

    #[test]
    fn the_run_can_be_repeated_from_what_is_said() {
        let said = provenance(&Machine::here(), &[section("a", 8, 1, 1.0)]);
        for name in ["machine", "system", "toolchain", "pennyweight", "data", "command", "date"] {
            assert!(said.iter().any(|(said, value)| *said == name && !value.is_empty()), "{name}");
        }
    }
}
