//! The meaning a stretch of text has on a page, and the one place where a
//! meaning becomes a terminal's escape codes.

/// What a stretch of text is, never how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Style {
    #[default]
    Plain,
    /// The thing to read first: a value, a question.
    Strong,
    Heading,
    /// Where something comes from, and other small print.
    Dim,
    Good,
    Bad,
    Caution,
    /// A value that no longer holds.
    Struck,
}

/// Whether styles become escape codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paint {
    #[default]
    Plain,
    Ansi,
}

impl Paint {
    /// Adds `text` to `out` in `style`. The text must hold no control characters of its own.
    pub fn write(self, style: Style, text: &str, out: &mut String) {
        let codes = match self {
            Paint::Plain => anstyle::Style::new(),
            Paint::Ansi => codes(style),
        };
        if codes.is_plain() {
            out.push_str(text);
        } else {
            out.push_str(&format!("{codes}{text}{codes:#}"));
        }
    }
}

fn codes(style: Style) -> anstyle::Style {
    use anstyle::AnsiColor::{Cyan, Green, Red, Yellow};
    let plain = anstyle::Style::new();
    match style {
        Style::Plain => plain,
        Style::Strong => plain.bold(),
        Style::Heading => plain.bold().fg_color(Some(Cyan.into())),
        Style::Dim => plain.dimmed(),
        Style::Good => plain.bold().fg_color(Some(Green.into())),
        Style::Bad => plain.bold().fg_color(Some(Red.into())),
        Style::Caution => plain.fg_color(Some(Yellow.into())),
        Style::Struck => plain.dimmed().strikethrough(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ansi_paint_writes_codes() {
        for style in [Style::Strong, Style::Dim, Style::Good, Style::Struck] {
            let (mut plain, mut ansi) = (String::new(), String::new());
            Paint::Plain.write(style, "July", &mut plain);
            Paint::Ansi.write(style, "July", &mut ansi);
            assert_eq!(plain, "July");
            assert!(ansi.starts_with('\u{1b}') && ansi.contains("July") && ansi.ends_with('m'), "{ansi:?}");
        }
    }
}
