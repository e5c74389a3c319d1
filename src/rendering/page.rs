//! A page of text: paragraphs of styled words, wrapped to a width with a
//! hanging indentation. Every word is cleaned here, so that no caller can
//! forget it.

use super::clean::{columns, visible, width};
use super::paint::{Paint, Style};

/// How a page is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// In columns of the terminal.
    pub width: usize,
    pub paint: Paint,
}

/// A stretch of text of one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub style: Style,
    pub text: String,
}

pub fn span(style: Style, text: impl Into<String>) -> Span {
    Span { style, text: text.into() }
}

/// Lines set so far.
#[derive(Debug)]
pub struct Page {
    layout: Layout,
    text: String,
}

/// A run of characters that is not broken, and the columns it takes.
struct Piece {
    runs: Vec<(Style, String)>,
    width: usize,
    /// A space stands before it unless it begins a line.
    spaced: Option<Style>,
}

impl Page {
    /// An empty page; very narrow layouts are set as if they had 30 columns.
    pub fn new(layout: Layout) -> Self {
        Page { layout: Layout { width: layout.width.max(30), ..layout }, text: String::new() }
    }

    /// One empty line, never two, and none at the top.
    pub fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A heading with an empty line before it.
    pub fn heading(&mut self, text: &str) {
        self.blank();
        self.paragraph(0, &[span(Style::Heading, text)]);
    }

    /// A paragraph whose lines all begin at column `indent`.
    pub fn paragraph(&mut self, indent: usize, spans: &[Span]) {
        let lead = span(Style::Plain, " ".repeat(indent));
        self.hanging(&lead, &lead, spans);
    }

    /// A paragraph with `first` before its first line and `rest` before the
    /// others. Both begin in the same column after them: the shorter one is
    /// filled up with spaces.
    pub fn hanging(&mut self, first: &Span, rest: &Span, spans: &[Span]) {
        let column = width(&first.text).max(width(&rest.text));
        let room = self.layout.width.saturating_sub(column).max(20);
        let lines = wrap(pieces(spans), room);
        if lines.is_empty() {
            self.line(first, 0, &[]);
        }
        for (number, line) in lines.iter().enumerate() {
            self.line(if number == 0 { first } else { rest }, column, line);
        }
    }

    pub fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, lead: &Span, column: usize, words: &[(Style, String)]) {
        let mut line = String::new();
        let text: String = lead.text.chars().map(visible).collect();
        let filled = format!("{text}{}", " ".repeat(column.saturating_sub(width(&text))));
        self.layout.paint.write(if text.trim().is_empty() { Style::Plain } else { lead.style }, &filled, &mut line);
        for (style, text) in words {
            self.layout.paint.write(*style, text, &mut line);
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

/// The unbreakable pieces of the spans: words, and single wide characters,
/// since scripts with those break anywhere. Spans without white space between
/// them make one word.
fn pieces(spans: &[Span]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut space: Option<Style> = None;
    let mut begin = true;
    for span in spans {
        for character in span.text.chars() {
            if character.is_whitespace() {
                space.get_or_insert(span.style);
                begin = true;
                continue;
            }
            let character = visible(character);
            let wide = columns(character) == 2;
            if begin || wide {
                pieces.push(Piece { runs: Vec::new(), width: 0, spaced: space.take() });
            }
            begin = wide;
            if let Some(piece) = pieces.last_mut() {
                piece.width += columns(character);
                push_text(&mut piece.runs, span.style, character.encode_utf8(&mut [0; 4]));
            }
        }
    }
    pieces
}

fn wrap(pieces: Vec<Piece>, room: usize) -> Vec<Vec<(Style, String)>> {
    let mut lines: Vec<Vec<(Style, String)>> = Vec::new();
    let mut used = 0;
    for piece in pieces {
        let gap = usize::from(piece.spaced.is_some());
        let fits = used + gap + piece.width <= room;
        match lines.last_mut() {
            Some(line) if fits => {
                if let Some(style) = piece.spaced {
                    push_text(line, style, " ");
                }
                for (style, text) in piece.runs {
                    push_text(line, style, &text);
                }
                used += gap + piece.width;
            }
            _ => {
                used = piece.width;
                lines.push(piece.runs);
            }
        }
    }
    lines
}

/// Neighbours of one style share their codes.
fn push_text(runs: &mut Vec<(Style, String)>, style: Style, text: &str) {
    match runs.last_mut() {
        Some((last, run)) if *last == style => run.push_str(text),
        _ => runs.push((style, text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(width: usize, spans: &[Span]) -> String {
        let mut page = Page::new(Layout { width, paint: Paint::Plain });
        page.hanging(&span(Style::Plain, "- "), &span(Style::Plain, "  "), spans);
        page.finish()
    }

    fn check(width: usize, text: &str, expected: &str) {
        assert_eq!(set(width, &[span(Style::Plain, text)]), expected, "{text:?} at {width}");
    }

    #[test]
    fn words_are_wrapped_and_hung() {
        check(40, "short", "- short\n");
        check(30, "one two three four five six seven", "- one two three four five six\n  seven\n");
        check(
            30,
            "https://northwind.example/a/very/long/address next",
            "- https://northwind.example/a/very/long/address\n  next\n",
        );
        check(30, "日本日本日本日本日本日本日本日本", "- 日本日本日本日本日本日本日本\n  日本\n");
        check(30, "", "-\n");
        check(30, "\u{1b}[2Jgone", "- ␛[2Jgone\n");
    }

    #[test]
    fn spans_without_space_are_one_word() {
        let spans =
            [span(Style::Plain, "a quote which ends “here"), span(Style::Dim, "”, then"), span(Style::Plain, " on")];
        assert_eq!(set(30, &spans), "- a quote which ends “here”,\n  then on\n");
    }

    #[test]
    fn blank_lines_never_double() {
        let mut page = Page::new(Layout { width: 40, paint: Paint::Plain });
        page.blank();
        page.paragraph(0, &[span(Style::Plain, "a")]);
        page.blank();
        page.heading("b");
        assert_eq!(page.finish(), "a\n\nb\n");
    }
}
