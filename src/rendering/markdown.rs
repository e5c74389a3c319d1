//! Writes Markdown in which only Baton makes markup: everything from outside
//! goes through [`escape`], which leaves no character that CommonMark or
//! GitHub's dialect would act on.

use super::clean::clean;

/// A document in the making. Markup is `&'static str`, text is escaped: a
/// source cannot reach the first kind.
#[derive(Debug, Default)]
pub(super) struct Markdown {
    out: String,
}

impl Markdown {
    /// Markup of our own.
    pub fn mark(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text from anywhere, on one line.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.out.push_str(&escape(text));
        self
    }

    /// A number, for numbered things.
    pub fn number(&mut self, number: usize) -> &mut Self {
        self.out.push_str(&number.to_string());
        self
    }

    pub fn finish(self) -> String {
        let mut text = self.out.trim_end().to_owned();
        text.push('\n');
        text
    }
}

/// `text` on one line, harmless wherever it stands in a line of Markdown.
pub(super) fn escape(text: &str) -> String {
    let flat = clean(text);
    let mut out = String::with_capacity(flat.len() + 8);
    let digits = flat.bytes().take_while(u8::is_ascii_digit).count();
    for (at, character) in flat.char_indices() {
        let escaped = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '!' | '@' => true,
            // A list or an underlined heading begins only where a line begins.
            '-' | '+' | '=' => at == 0,
            '.' | ')' if digits > 0 && at == digits => true,
            // Bare addresses become links by themselves.
            ':' => flat[at..].starts_with("://"),
            '.' => flat[..at].to_ascii_lowercase().ends_with("www"),
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_cannot_make_markup() {
        let check = |input: &str, expected: &str| assert_eq!(escape(input), expected, "{input:?}");
        check("plain words, fine (really).", "plain words, fine (really).");
        check("# not a heading", "\\# not a heading");
        check("a\n# b\n\n- c", "a \\# b - c");
        check("- not a list", "\\- not a list");
        check("1. not a list", "1\\. not a list");
        check("12) nor this", "12\\) nor this");
        check("[click](https://evil.example)", "\\[click\\](https\\://evil.example)");
        check("<img src=x onerror=y>", "\\<img src=x onerror=y\\>");
        check("**bold** `code` _it_", "\\*\\*bold\\*\\* \\`code\\` \\_it\\_");
        check("a | b", "a \\| b");
        check("&lt;", "\\&lt;");
        check("WWW.evil.example", "WWW\\.evil.example");
        check("\\*", "\\\\\\*");
        check("\u{1b}[2J", "␛\\[2J");
        check("===", "\\===");
    }
}
