//! `report.json`: the public schema.

use serde::Serialize;

use crate::{Row, Section, machine::Machine, row::SCHEMA};

#[derive(Debug, Serialize)]
struct Document<'a> {
    schema: u32,
    machine: &'a Machine,
    rows: Vec<&'a Row>,
}

/// Writes the whole report.
pub(super) fn report(machine: &Machine, sections: &[Section]) -> String {
    let rows = sections.iter().flat_map(|section| &section.rows).collect();
    let document = Document { schema: SCHEMA, machine, rows };
    let mut text = serde_json::to_string_pretty(&document).expect("strings, numbers and nulls");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::tests::section;

    #[test]
    fn the_document_names_its_schema_and_holds_every_row() {
        let text = report(
            &Machine::here(),
            &[section("sum", 800, 100, 0.5), section("get", 800, 100, 1.5)],
        );
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1);
        assert!(document["machine"]["cpu"].is_string());
        assert_eq!(document["rows"].as_array().unwrap().len(), 4);
        assert_eq!(document["rows"][3]["time_ratio"], 1.5);
        assert!(document["rows"][3]["metric"].is_null());
        let keys: Vec<_> = document.as_object().unwrap().keys().collect();
        assert_eq!(keys.len(), 3);
    }
}
