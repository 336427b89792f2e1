//! `report.html`: one page, nothing loaded from elsewhere, readable in light and dark and on a phone.

use core::fmt::Write;

use crate::{
    Row, Section,
    comparison::{NAIVE, PENNYWEIGHT},
    machine::Machine,
};

use super::{
    bars::{Bar, Point, Scale, bar, escape, points},
    figures::{
        CONCLUSIONS, Conclusion, Mean, conclusions, criterion, duration, metric, short, whole,
    },
    markdown::{interval, variant},
    preface::{BIAS, RULES, provenance},
};

const STYLE: &str = include_str!("style.css");

/// Writes the whole report.
pub(super) fn report(machine: &Machine, sections: &[Section]) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>pennyweight: the comparison report</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>pennyweight<small>the comparison report</small></h1>\n"
    );
    let list = |page: &mut String, title: &str, sentences: &[&str]| {
        let _ = write!(page, "<h2>{title}</h2>\n<ul>\n");
        for sentence in sentences {
            let _ = writeln!(page, "<li>{}</li>", code(sentence));
        }
        page.push_str("</ul>\n");
    };
    list(&mut page, "Bias", &BIAS);
    page.push_str("<details><summary>Rules of measurement</summary>\n<ul>\n");
    for rule in RULES {
        let _ = writeln!(page, "<li>{}</li>", code(rule));
    }
    page.push_str("</ul>\n</details>\n<h2>Run</h2>\n<dl>\n");
    for (name, value) in provenance(machine, sections) {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{}</dd>", escape(&value));
    }
    page.push_str("</dl>\n");
    overview(&mut page, sections);
    let mut module = None;
    for section in sections {
        let Some(first) = section.rows.first() else { continue };
        if module != Some(&first.module) {
            module = Some(&first.module);
            let _ = writeln!(page, "<h2>{}</h2>", escape(&first.module));
        }
        comparison(&mut page, section, first);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn overview(page: &mut String, sections: &[Section]) {
    page.push_str("<h2>At a glance</h2>\n");
    means(page, sections);
    let paired: Vec<_> =
        sections.iter().filter_map(|section| pair(section).map(|pair| (section, pair))).collect();
    if paired.is_empty() {
        return;
    }
    page.push_str(
        "<p class=\"note\">Each comparison's pennyweight beside its naive, on a logarithmic scale; left of the dashed \
         line is less. <span class=\"key heap\"></span>heap bytes <span class=\"key time\"></span>time with its \
         interval</p>\n<div class=\"overview\">\n<span></span><span class=\"axis\">",
    );
    for tick in ["0.01×", "0.1×", "1×", "10×", "100×"] {
        let _ = write!(page, "<i>{tick}</i>");
    }
    page.push_str(
        "</span><span class=\"figure heap\">heap</span><span class=\"figure time\">time</span>\n",
    );
    for (section, pair) in paired {
        let id = section.id();
        let label = format!("{id}: pennyweight beside naive");
        let _ = write!(
            page,
            "<a href=\"#{}\">{}</a>{}",
            anchor(&id),
            escape(&id),
            points(&pair, &label)
        );
        for what in ["heap", "time"] {
            let ratio = pair.iter().find(|point| point.class == what).map(|point| point.ratio);
            let ratio = ratio.map(|ratio| format!("{}×", short(ratio))).unwrap_or_default();
            let _ = write!(page, "<span class=\"figure {what}\">{ratio}</span>");
        }
        page.push('\n');
    }
    page.push_str("</div>\n");
}

/// The geometric means: over all comparisons in large, and by module.
fn means(page: &mut String, sections: &[Section]) {
    let concluded = conclusions(sections);
    let Some(all) = concluded.last() else { return };
    page.push_str("<div class=\"means\">\n");
    for (class, what, worse, mean) in
        [("heap", "heap bytes", "heavier", all.heap), ("time", "time", "slower", all.time)]
    {
        let Some(Mean { ratio, over, lost }) = mean else { continue };
        let _ = writeln!(
            page,
            "<p class=\"{class}\"><b>{}×</b> the {what} of naive: the geometric mean over {over} comparisons, {worse} \
             in {lost}</p>",
            short(ratio)
        );
    }
    page.push_str("</div>\n");
    if concluded.len() == 1 {
        return;
    }
    let _ = write!(
        page,
        "<details><summary>by module</summary>\n<p class=\"note\">{CONCLUSIONS}</p>\n<div class=\"scroll\"><table>\n\
         <tr><th>module</th><th>heap bytes</th><th>over</th><th>lost</th><th>time</th><th>over</th><th>lost</th></tr>\n"
    );
    for Conclusion { scope, heap, time } in &concluded {
        let _ = write!(page, "<tr><td>{}</td>", escape(scope));
        for mean in [heap, time] {
            let _ = match mean {
                Some(Mean { ratio, over, lost }) => {
                    write!(page, "<td>{}×</td><td>{over}</td><td>{lost}</td>", short(*ratio))
                }
                None => write!(page, "<td></td><td></td><td></td>"),
            };
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n</details>\n");
}

/// Returns pennyweight's ratios to naive, of heap bytes and of time.
fn pair(section: &Section) -> Option<Vec<Point<'static>>> {
    let (ours, naive) = (section.row(PENNYWEIGHT)?, section.row(NAIVE)?);
    let mut pair = Vec::new();
    if let (Some(ours), Some(naive @ 1..)) = (ours.heap_bytes, naive.heap_bytes) {
        pair.push(Point { class: "heap", ratio: ours as f64 / naive as f64, interval: None });
    }
    if let Some(ratio) = ours.time_ratio {
        let interval = ours.time_ratio_low.zip(ours.time_ratio_high);
        pair.push(Point { class: "time", ratio, interval });
    }
    (!pair.is_empty()).then_some(pair)
}

fn comparison(page: &mut String, section: &Section, first: &Row) {
    let limit = first
        .limit_bytes
        .map(|limit| format!(", limit {} bytes", whole(limit)))
        .unwrap_or_default();
    let _ = write!(
        page,
        "<section id=\"{}\">\n<h3>{}</h3>\n<p>{}</p>\n<p class=\"note\">{}, {} elements{limit}.</p>\n",
        anchor(&first.id()),
        escape(&first.comparison),
        code(&section.about),
        escape(&first.data),
        whole(first.elements)
    );
    bars(page, section);
    for note in [metric(section), criterion(section)].into_iter().flatten() {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escape(&note));
    }
    table(page, section);
    page.push_str("</section>\n");
}

fn bars(page: &mut String, section: &Section) {
    let is_main = |row: &&Row| row.variant == NAIVE || row.variant == PENNYWEIGHT;
    let heap = |row: &Row| row.heap_bytes.map(|bytes| bytes as f64);
    let time = |row: &Row| row.time_ratio_high.or(row.time_ratio);
    let scale = |value: &dyn Fn(&Row) -> Option<f64>| {
        let main: Vec<f64> = section.rows.iter().filter(is_main).filter_map(value).collect();
        let all: Vec<f64> = section.rows.iter().filter_map(value).collect();
        (!all.is_empty()).then(|| Scale::of(if main.is_empty() { &all } else { &main }, &all))
    };
    let (heap_scale, time_scale) = (scale(&heap), scale(&time));
    if heap_scale.is_none() && time_scale.is_none() {
        return;
    }
    let drawn = [("heap", heap_scale.is_some()), ("time", time_scale.is_some())];
    let drawn: Vec<&str> =
        drawn.into_iter().filter(|(_, drawn)| *drawn).map(|(what, _)| what).collect();
    let _ = write!(
        page,
        "<div class=\"bars of-{}\">\n<span class=\"head name\"></span>",
        drawn.join("-")
    );
    for what in &drawn {
        let head = if *what == "heap" {
            "heap bytes, with the limit"
        } else {
            "time, as a multiple of naive's"
        };
        let _ =
            write!(page, "<span class=\"head {what}\">{head}</span><span class=\"head\"></span>");
    }
    page.push('\n');
    for row in &section.rows {
        let class = match row.variant.as_str() {
            name if name.starts_with(NAIVE) => "naive",
            name if name.starts_with(PENNYWEIGHT) => "ours",
            _ => "peer",
        };
        let _ = writeln!(page, "<b class=\"name {class}\">{}</b>", escape(&row.variant));
        let heap_bar = heap_scale.zip(heap(row)).map(|(scale, value)| {
            let mark = row.limit_bytes.map(|limit| limit as f64);
            let figure = format!("{} B", whole(value as u64));
            (bar(scale, Bar { class, value, interval: None, mark, label: &figure }), figure)
        });
        let time_bar = time_scale.zip(row.time_ratio).map(|(scale, value)| {
            let interval =
                row.time_ratio_low.zip(row.time_ratio_high).filter(|(low, high)| low < high);
            let figure = format!("{}×", short(value));
            (bar(scale, Bar { class, value, interval, mark: Some(1.0), label: &figure }), figure)
        });
        for what in &drawn {
            let bar = if *what == "heap" { &heap_bar } else { &time_bar };
            let (svg, figure) = bar.as_ref().map_or(("", ""), |(svg, figure)| (svg, figure));
            let _ = writeln!(
                page,
                "<span class=\"{what}\">{svg}</span><span class=\"figure\">{figure}</span>"
            );
        }
    }
    page.push_str("</div>\n");
}

fn table(page: &mut String, section: &Section) {
    page.push_str(
        "<details><summary>all figures</summary>\n<div class=\"scroll\"><table>\n<tr><th>variant</th><th>heap bytes</th>\
         <th>per element</th><th>times the limit</th><th>malloc bytes</th><th>peak bytes</th><th>allocations</th>\
         <th>inline</th><th>once</th><th>time</th><th>of naive</th><th>95 % interval</th></tr>\n",
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
            row.time_ratio.map(|ratio| format!("{}×", short(ratio))).unwrap_or_default(),
            interval(row).unwrap_or_default(),
        ];
        page.push_str("<tr>");
        for cell in cells {
            let _ = write!(page, "<td>{}</td>", escape(&cell));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n</details>\n");
}

/// Writes a sentence, with its words in backquotes as code.
fn code(sentence: &str) -> String {
    let mut html = String::new();
    for (at, piece) in sentence.split('`').enumerate() {
        let piece = escape(piece);
        if at % 2 == 1 {
            let _ = write!(html, "<code>{piece}</code>");
        } else {
            html.push_str(&piece);
        }
    }
    html
}

fn anchor(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::tests::section;

    fn page() -> String {
        report(
            &Machine::here(),
            &[section("sum", 216_032, 43_946, 0.3), section("get", 216_032, 43_946, 1.5)],
        )
    }

    #[test]
    fn the_page_loads_nothing_from_elsewhere() {
        let page = page();
        for outside in ["http://", "https://", "src=", "@import", "url(", "<script", "<link"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn every_variant_has_a_bar_of_bytes_with_the_limit_and_one_of_time_with_whiskers() {
        let page = page();
        assert_eq!(page.matches("<svg class=\"bar naive\"").count(), 4);
        assert_eq!(page.matches("<svg class=\"bar ours\"").count(), 4);
        assert_eq!(page.matches("<svg class=\"points\"").count(), 2);
        // One for each comparison's pennyweight, in its bars and in the overview, and naive's of 2 %.
        assert_eq!(page.matches("class=\"whisker\"").count(), 6);
        assert_eq!(page.matches("</svg>").count(), page.matches("<svg").count());
    }

    #[test]
    fn every_link_of_the_overview_has_its_section() {
        let page = page();
        for id in ["array-sum", "array-get"] {
            assert!(
                page.contains(&format!("href=\"#{id}\"")) && page.contains(&format!("id=\"{id}\""))
            );
        }
    }

    #[test]
    fn markup_in_names_stays_text() {
        let mut section = section("sum", 8, 8, 1.0);
        section.about = "`Vec<i64>` beside <b>".into();
        let page = report(&Machine::here(), &[section]);
        assert!(page.contains("<code>Vec&lt;i64&gt;</code> beside &lt;b&gt;"));
    }
}
