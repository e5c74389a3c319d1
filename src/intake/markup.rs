//! HTML and the entities that mail, captions and chats share. One pass, no
//! tree: a page of a hundred thousand open tags costs no more than its bytes.

use super::sight::Sight;
use super::text::Tidied;
use crate::config::Limits;

/// Deeper quotes keep this many marks; without a bound the marks alone would grow with the square of the depth.
const MAX_QUOTE_MARKS: usize = 16;

/// The longest entity looked for behind an `&`.
const MAX_ENTITY_BYTES: usize = 10;

const ENTITIES: [(&str, char); 33] = [
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("shy", '\u{ad}'),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("hellip", '…'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("bull", '•'),
    ("middot", '·'),
    ("euro", '€'),
    ("pound", '£'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
];

/// Elements whose content is not words of the mail.
const HIDDEN: [&str; 4] = ["style", "script", "template", "title"];

/// Elements that begin and end a line.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "table",
    "tr",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "hr",
    "dl",
    "body",
];

/// The character an entity at the start of `text` stands for, and the entity's length in bytes.
fn read_entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(MAX_ENTITY_BYTES).position(|byte| byte == b';')?;
    let name = rest.get(..end)?;
    let found = match name.strip_prefix('#') {
        Some(code) => {
            let code = match code.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => code.parse(),
            };
            char::from_u32(code.ok()?).filter(|c| *c != '\0')?
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((found, end + 2))
}

/// Appends `text` with its entities decoded; an unknown one stays as it stands.
pub(super) fn push_decoded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (decoded, length) = read_entity(from).unwrap_or(('&', 1));
        out.push(decoded);
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// The words of an HTML page, one line a block, quoted blocks marked by `>`.
pub(super) fn html_to_text(html: &str, limits: &Limits) -> Tidied {
    let mut page = Page::default();
    let mut rest = html;
    // Once no `>` is left there is none for any later `<` either: looking again would be quadratic.
    let mut tags_left = true;
    while !rest.is_empty() {
        let next = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let (words, from) = rest.split_at(next);
        page.push_words(words);
        rest = from;
        if rest.is_empty() {
            break;
        }
        if rest.starts_with("<!--") {
            let end = memchr::memmem::find(rest.as_bytes(), b"-->").map_or(rest.len(), |end| end + 3);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let end = if tags_left && is_tag { end_of_tag(rest) } else { None };
        match end {
            Some(end) => {
                let tag = rest.get(1..end).unwrap_or_default();
                rest = rest.get(end + 1..).unwrap_or_default();
                let after = skip_hidden(tag, rest);
                let name = tag_name(tag).to_ascii_lowercase();
                if name == "style" && after.len() < rest.len() {
                    page.sight.take_sheet(rest.get(..rest.len() - after.len()).unwrap_or_default());
                } else if !HIDDEN.contains(&name.as_str()) {
                    page.sight.take_tag(&name, tag, BLOCKS.contains(&name.as_str()));
                }
                rest = after;
                page.take_tag(&name, tag);
            }
            None => {
                tags_left = tags_left && !is_tag;
                page.push_words("<");
                rest = &rest[1..];
            }
        }
    }
    Tidied { unseen: page.unseen, ..super::text::tidy(&page.out, limits) }
}

/// Where a tag ends: at the first `>` that stands in no quoted value. A quote that never ends quotes nothing.
fn end_of_tag(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut from = 0;
    loop {
        let end = from + memchr::memchr(b'>', bytes.get(from..)?)?;
        let quote = memchr::memchr2_iter(b'"', b'\'', bytes.get(from..end)?)
            .map(|at| from + at)
            .find(|at| bytes[..*at].trim_ascii_end().ends_with(b"="));
        let Some(quote) = quote else { return Some(end) };
        match memchr::memchr(bytes[quote], &bytes[quote + 1..]) {
            Some(length) => from = quote + 1 + length + 1,
            None => return Some(end),
        }
    }
}

/// Where to read on after a tag whose element is not shown.
fn skip_hidden<'t>(tag: &str, rest: &'t str) -> &'t str {
    let name = tag_name(tag);
    if tag.starts_with('/') || tag.ends_with('/') || !HIDDEN.iter().any(|hidden| name.eq_ignore_ascii_case(hidden)) {
        return rest;
    }
    for at in memchr::memmem::find_iter(rest.as_bytes(), b"</") {
        let closing = rest.get(at + 2..at + 2 + name.len());
        if closing.is_some_and(|closing| closing.eq_ignore_ascii_case(name)) {
            return rest.get(at..).unwrap_or_default();
        }
    }
    ""
}

fn tag_name(tag: &str) -> &str {
    let tag = tag.trim_start_matches('/');
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
    &tag[..end]
}

#[derive(Default)]
struct Page {
    out: String,
    quote_depth: usize,
    /// Line ends owed before the next word: 1 for a new line, 2 for a blank one between.
    line_ends: usize,
    space: bool,
    sight: Sight,
    /// Letters and digits that people do not see.
    unseen: usize,
}

impl Page {
    fn push_words(&mut self, words: &str) {
        if words.trim_ascii().is_empty() {
            self.space |= !words.is_empty();
            return;
        }
        if !self.sight.sees() {
            let mut decoded = String::with_capacity(words.len());
            push_decoded(&mut decoded, words);
            self.unseen += decoded.chars().filter(|c| c.is_alphanumeric()).count();
            return;
        }
        for (index, word) in words.split(|c: char| c.is_ascii_whitespace()).enumerate() {
            self.space |= index > 0;
            if word.is_empty() {
                continue;
            }
            self.start_word();
            push_decoded(&mut self.out, word);
        }
    }

    fn start_word(&mut self) {
        let fresh = self.out.is_empty();
        if self.line_ends > 0 || fresh {
            let marks = self.quote_depth.min(MAX_QUOTE_MARKS);
            for _ in 0..if fresh { 0 } else { self.line_ends } {
                self.out.push('\n');
            }
            self.out.extend(std::iter::repeat_n("> ", marks));
        } else if self.space {
            self.out.push(' ');
        }
        self.line_ends = 0;
        self.space = false;
    }

    fn take_tag(&mut self, name: &str, tag: &str) {
        let closing = tag.starts_with('/');
        match name {
            "br" => self.line_ends = (self.line_ends + 1).min(3),
            "td" | "th" => self.space = true,
            "blockquote" => {
                self.line_ends = self.line_ends.max(1);
                self.quote_depth = if closing { self.quote_depth.saturating_sub(1) } else { self.quote_depth + 1 };
            }
            "p" if closing => self.line_ends = self.line_ends.max(2),
            "li" if !closing && self.sight.sees() => {
                self.line_ends = self.line_ends.max(1);
                self.start_word();
                self.out.push_str("- ");
            }
            _ if BLOCKS.contains(&name) => self.line_ends = self.line_ends.max(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(html_to_text(html, &Limits::default()).text, expected, "{html}");
    }

    #[test]
    fn keeps_words_and_lines() {
        check("<p>Hi Marcus,</p><p>we go live <b>July&nbsp;1</b>&hellip;</p>", "Hi Marcus,\n\nwe go live July 1…");
        check("a<br>b<BR/>c", "a\nb\nc");
        check("<div>a<div>b</div></div><div>c</div>", "a\nb\nc");
        check("<ul><li>one</li><li>two</li></ul>", "- one\n- two");
        check("<table><tr><td>Seats</td><td>40</td></tr><tr><td>Term</td></tr></table>", "Seats 40\nTerm");
        check("<head><title>x</title></head><style>p{}</style>Hi<!-- no -->!", "Hi!");
        check("ok<blockquote>was<blockquote>older</blockquote></blockquote>new", "ok\n> was\n> > older\nnew");
        check("3 < 4 and a<b", "3 < 4 and a<b");
        check("&#8364;5 &#x41; &bogus; &", "€5 A &bogus; &");
        check("<script>never closed", "");
        check("x<unclosed", "x<unclosed");
    }

    #[test]
    fn stays_linear_on_hostile_pages() {
        let styled = "<p style=\"color:#fff\" class=\"a b c\">x</b>";
        let sheets = "<style>.a{color:red} @media x {.b{a:b}";
        for piece in [
            styled,
            sheets,
            "<a x=\"",
            "<a x='>",
            "<a x=\"'>\"",
            "<div>",
            "<blockquote>a",
            "<",
            "<a",
            "<!--",
            "&",
            "<script>",
            "</",
        ] {
            html_to_text(&piece.repeat(100_000), &Limits::default());
        }
    }
}
