//! The bars of `report.html`, as inline SVG.
//!
//! A bar's picture is stretched to the width of its cell, and the figure beside it is text, so that neither is too small
//! to read on a phone. Lines keep their width however the picture is stretched.

use core::fmt::Write;

/// The scale of the bars of one column of a comparison: from zero to `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    end: f64,
}

/// A bar from zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar<'a> {
    /// The class that colours it.
    pub(super) class: &'a str,
    pub(super) value: f64,
    /// The ends of the whiskers.
    pub(super) interval: Option<(f64, f64)>,
    /// Where a line across the bar marks what it is to be compared with.
    pub(super) mark: Option<f64>,
    /// What a reader hears who sees no pictures.
    pub(super) label: &'a str,
}

impl Scale {
    /// Returns a scale on which `values` fit, unless they are more than three times as long as the longest of `main`:
    /// the bars to be compared stay visible, and the longer ones are broken off.
    pub(super) fn of(main: &[f64], values: &[f64]) -> Self {
        let longest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
        let end = longest(values).min(3.0 * longest(main));
        Self { end: if end > 0.0 { end } else { 1.0 } }
    }

    fn at(self, value: f64) -> f64 {
        value / self.end * 100.0
    }
}

/// Draws a bar.
pub(super) fn bar(scale: Scale, bar: Bar<'_>) -> String {
    let Bar { class, value, interval, mark, label } = bar;
    let broken = value > scale.end * 1.000_001;
    let mut svg = format!(
        r#"<svg class="bar {class}" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="{}">"#,
        escape(label)
    );
    let width = scale.at(value).min(100.0);
    if broken {
        // A slanted gap near the end says that the bar goes on.
        svg.push_str(r#"<path d="M0 2H91L89 10H0Z"/><path d="M94 2H100V10H92Z"/>"#);
    } else {
        let _ = write!(svg, r#"<rect y="2" width="{width:.2}" height="8"/>"#);
    }
    if let (Some((low, high)), false) = (interval, broken) {
        let (low, high) = (scale.at(low), scale.at(high).min(100.0));
        let _ = write!(
            svg,
            r#"<path class="whisker" d="M{low:.2} 6H{high:.2}M{low:.2} 3.5V8.5M{high:.2} 3.5V8.5"/>"#
        );
    }
    if let Some(mark) = mark.map(|mark| scale.at(mark)).filter(|mark| (0.0..=100.0).contains(mark))
    {
        let _ = write!(svg, r#"<path class="mark" d="M{mark:.2} 0V12"/>"#);
    }
    svg.push_str("</svg>");
    svg
}

/// A point on the logarithmic scale of the overview, from a hundredth to a hundred.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point<'a> {
    pub(super) class: &'a str,
    pub(super) ratio: f64,
    pub(super) interval: Option<(f64, f64)>,
}

/// Draws points on the overview's scale, with a line at 1: left of it is less than naive.
pub(super) fn points(points: &[Point<'_>], label: &str) -> String {
    let at = |ratio: f64| (ratio.log10().clamp(-2.0, 2.0) + 2.0) * 25.0;
    let mut svg = format!(
        r#"<svg class="points" viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label="{}">"#,
        escape(label)
    );
    for (power, class) in [(-2, "grid"), (-1, "grid"), (1, "grid"), (2, "grid"), (0, "mark")] {
        let x = at(10_f64.powi(power));
        let _ = write!(svg, r#"<path class="{class}" d="M{x:.1} 0V12"/>"#);
    }
    for (place, Point { class, ratio, interval }) in points.iter().enumerate() {
        let y = if points.len() == 1 { 6.0 } else { 3.5 + 5.0 * place as f64 };
        let x = at(*ratio);
        if let Some((low, high)) = interval {
            let _ =
                write!(svg, r#"<path class="whisker" d="M{:.2} {y}H{:.2}"/>"#, at(*low), at(*high));
        }
        // A stroke of no length with round ends is a dot that is not stretched.
        let _ = write!(svg, r#"<path class="dot {class}" d="M{x:.2} {y}h0"/>"#);
    }
    svg.push_str("</svg>");
    svg
}

/// Writes text into HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(value: f64) -> Bar<'static> {
        Bar { class: "naive", value, interval: None, mark: None, label: "" }
    }

    #[test]
    fn the_longest_bar_fills_the_scale() {
        let scale = Scale::of(&[2.0, 1.0], &[2.0, 1.0, 4.0]);
        assert!(bar(scale, plain(4.0)).contains(r#"width="100.00""#));
        assert!(bar(scale, plain(1.0)).contains(r#"width="25.00""#));
    }

    #[test]
    fn a_bar_far_longer_than_the_main_ones_is_broken_off() {
        let scale = Scale::of(&[1.0], &[1.0, 40.0]);
        assert_eq!(scale, Scale { end: 3.0 });
        assert!(
            bar(scale, plain(40.0)).contains("<path d=\"M94")
                && !bar(scale, plain(40.0)).contains("rect")
        );
        assert!(bar(scale, plain(1.0)).contains(r#"width="33.33""#));
    }

    #[test]
    fn nothing_is_a_bar_of_no_width() {
        assert!(bar(Scale::of(&[0.0], &[0.0]), plain(0.0)).contains(r#"width="0.00""#));
    }

    #[test]
    fn marks_beyond_the_scale_are_left_out() {
        let scale = Scale::of(&[1.0], &[1.0]);
        let marked = |mark| bar(scale, Bar { mark: Some(mark), ..plain(1.0) });
        assert!(marked(0.5).contains(r#"d="M50.00 0V12""#));
        assert!(!marked(1.5).contains("mark"));
    }

    #[test]
    fn the_overview_has_naive_in_the_middle() {
        let svg = points(&[Point { class: "heap", ratio: 1.0, interval: None }], "");
        assert!(svg.contains(r#"d="M50.00 6h0""#), "{svg}");
        assert!(
            points(&[Point { class: "heap", ratio: 1e-9, interval: None }], "").contains("M0.00")
        );
    }
}
