//! Graphs in the DOT language of Graphviz.

use core::fmt::{self, Display, Write};

/// Writes a directed graph, node after node and edge after edge.
pub(crate) struct Dot<W> {
    out: W,
}

impl<W: Write> Dot<W> {
    /// Begins a graph whose nodes are boxes.
    pub(crate) fn begin(mut out: W) -> Result<Self, fmt::Error> {
        out.write_str("digraph {\n    node [shape=box];\n")?;
        Ok(Self { out })
    }

    /// Writes a node. The label may be any text.
    pub(crate) fn node(&mut self, number: usize, label: impl Display) -> fmt::Result {
        write!(self.out, "    n{number} [label=\"")?;
        write!(Escaped(&mut self.out), "{label}")?;
        self.out.write_str("\"];\n")
    }

    /// Writes an edge between two nodes, which may come before it or after it.
    pub(crate) fn edge(&mut self, from: usize, to: usize) -> fmt::Result {
        writeln!(self.out, "    n{from} -> n{to};")
    }

    pub(crate) fn end(mut self) -> fmt::Result {
        self.out.write_str("}\n")
    }
}

/// Writes text as it stands in a label between quotes: backslashes begin escapes there, and ampersands entities of HTML. Control
/// characters but the end of a line, which no picture can show, are written as the pictures that Unicode has for them.
struct Escaped<'w, W>(&'w mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let special = |c: char| matches!(c, '"' | '\\' | '&') || c.is_ascii_control();
        let mut rest = text;
        while let Some(at) = rest.find(special) {
            let (plain, behind) = rest.split_at(at);
            self.0.write_str(plain)?;
            let byte = behind.as_bytes()[0];
            match byte {
                b'"' => self.0.write_str("\\\"")?,
                b'\\' => self.0.write_str("\\\\")?,
                b'&' => self.0.write_str("&amp;")?,
                b'\n' => self.0.write_str("\\n")?,
                0x7f => self.0.write_char('\u{2421}')?,
                _ => self.0.write_char(char::from_u32(0x2400 + u32::from(byte)).unwrap_or(' '))?,
            }
            rest = &behind[1..];
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn label(text: &str) -> String {
        let mut out = String::new();
        write!(Escaped(&mut out), "{text}").unwrap();
        out
    }

    #[test]
    fn a_graph_is_what_graphviz_reads() {
        let mut out = String::new();
        let mut dot = Dot::begin(&mut out).unwrap();
        dot.node(0, "a").unwrap();
        dot.edge(0, 7).unwrap();
        dot.node(7, 8.5).unwrap();
        dot.end().unwrap();
        let lines = [
            "digraph {",
            "    node [shape=box];",
            "    n0 [label=\"a\"];",
            "    n0 -> n7;",
            "    n7 [label=\"8.5\"];",
            "}",
        ];
        assert!(out.lines().eq(lines));
    }

    #[test]
    fn labels_show_the_text_that_they_are() {
        assert_eq!(label("plain text, ümläuts and 漢字"), "plain text, ümläuts and 漢字");
        assert_eq!(label("say \"no\""), "say \\\"no\\\"");
        assert_eq!(label("C:\\new\\N"), "C:\\\\new\\\\N");
        assert_eq!(label("a\\"), "a\\\\");
        assert_eq!(label("&lt; & &amp;"), "&amp;lt; &amp; &amp;amp;");
        assert_eq!(label("two\nlines"), "two\\nlines");
        assert_eq!(label("\0\t\u{1b}\u{7f}"), "␀␉␛␡");
        assert_eq!(label("<b>{x|y}</b>"), "<b>{x|y}</b>");
        assert_eq!(label(""), "");
    }
}
