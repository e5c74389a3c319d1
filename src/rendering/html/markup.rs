//! Writes HTML in which only Baton makes markup: tags are `&'static str`,
//! everything from outside is escaped on its way in and cannot reach the first
//! kind. Characters that hide or reorder words become visible signs.

use super::super::clean::{shorten, visible};

/// More of a text than this many characters is in its source and the JSON only.
const TEXT_LIMIT: usize = 2000;

/// A page in the making.
#[derive(Debug, Default)]
pub(crate) struct Html {
    out: String,
}

impl Html {
    /// Markup of our own.
    pub fn mark(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// Text from anywhere, on one line, as content or inside a quoted attribute; what is too long is cut and marked.
    pub fn text(&mut self, text: &str) -> &mut Self {
        let short = shorten(text, TEXT_LIMIT);
        for (index, word) in short.split_whitespace().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            escape(word, &mut self.out);
        }
        self
    }

    /// Text from anywhere, whole, with its own spaces and line breaks.
    pub fn source(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.out);
        self
    }

    /// ` name="value"`; the name is ours.
    pub fn attribute(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.mark(" ").mark(name).mark("=\"").text(value).mark("\"")
    }

    pub fn number(&mut self, number: usize) -> &mut Self {
        self.out.push_str(&number.to_string());
        self
    }

    /// A coordinate of a drawing, to a tenth; what is no number is nought.
    pub fn coordinate(&mut self, value: f64) -> &mut Self {
        let tenths = if value.is_finite() { (value * 10.0).round() } else { 0.0 };
        self.out.push_str(&format!("{}", tenths / 10.0));
        self
    }

    /// A paragraph of text, or nothing when there is none.
    pub fn paragraph(&mut self, open: &'static str, text: &str) -> &mut Self {
        if text.trim().is_empty() {
            return self;
        }
        self.mark(open).text(text).mark("</p>\n")
    }

    /// The inside of a style or script element, which is never escaped: only files of ours and rules made of numbers.
    pub fn raw(&mut self, ours: &str) -> &mut Self {
        self.out.push_str(ours);
        self
    }

    pub fn finish(self) -> String {
        self.out
    }
}

/// Appends `text` so that it is only text wherever content or a quoted attribute may stand.
pub(super) fn escape(text: &str, out: &mut String) {
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let shown = match character {
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\n' | '\t' => character,
            other if is_hidden(other, before) => '\u{fffd}',
            other => visible(other),
        };
        match shown {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
        before = character;
    }
}

/// What takes no room and changes how its neighbours read. Joiners belong to scripts and emoji beyond ASCII.
fn is_hidden(character: char, before: char) -> bool {
    match character {
        '\u{200c}' | '\u{200d}' => before.is_ascii(),
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{180e}' | '\u{2060}'..='\u{2065}' => true,
        '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0100}'..='\u{e01ef}' => true,
        _ => false,
    }
}

/// A link that opens a letter to `address` with this subject and text; `None` when it is no plain address.
pub(super) fn letter(address: &str, subject: &str, body: &str) -> Option<String> {
    let (name, host) = address.split_once('@')?;
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b));
    let is_host =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-".contains(&b));
    if !is_name(name) || !is_host(host) || address.len() > 254 {
        return None;
    }
    let plain = format!("mailto:{}@{host}", name.replace('+', "%2B"));
    let full = format!("{plain}?subject={}&body={}", percent(subject), percent(body));
    // Mail programs are handed links through a command line, which is not longer than this on every system.
    Some(if full.len() <= 1900 { full } else { plain })
}

fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("%0D%0A"),
            other if other.is_ascii_alphanumeric() || "-._~".contains(other) => out.push(other),
            other if other.is_control() || is_hidden(other, ' ') || visible(other) != other => {}
            other => {
                let mut bytes = [0; 4];
                out.extend(other.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let check = |input: &str, expected: &str| {
            let mut out = String::new();
            escape(input, &mut out);
            assert_eq!(out, expected, "{input:?}");
        };
        check("plain words, fine.", "plain words, fine.");
        check("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;");
        check("\" onclick='x' &lt;", "&quot; onclick=&#39;x&#39; &amp;lt;");
        check("</style><!-- ]]>", "&lt;/style&gt;&lt;!-- ]]&gt;");
        check("{{7*7}} ${1}", "{{7*7}} ${1}");
        check("\u{1b}[31mred\0", "␛[31mred␀");
        check("\u{202e}gnp.exe", "\u{fffd}gnp.exe");
        check("pay\u{200b}load\u{feff}", "pay\u{fffd}load\u{fffd}");
        check("pa\u{200d}y", "pa\u{fffd}y");
        check("👩\u{200d}🚀 می\u{200c}خواهم", "👩\u{200d}🚀 می\u{200c}خواهم");
        check("a\r\nb\rc\td", "a\nb␍c\td");
        check("tag\u{e0041}", "tag\u{fffd}");
    }

    #[test]
    fn one_line_of_text_has_single_spaces() {
        let mut page = Html::default();
        page.mark("<b").attribute("title", " a\n\"b\" ").mark(">").text(" x \n y ").mark("</b>");
        assert_eq!(page.finish(), "<b title=\"a &quot;b&quot;\">x y</b>");
    }

    #[test]
    fn letters_go_to_plain_addresses_only() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(letter(address, "A & b", "1\n2").as_deref(), expected, "{address:?}");
        };
        check("marcus@acme.example", Some("mailto:marcus@acme.example?subject=A%20%26%20b&body=1%0D%0A2"));
        check("a+b@acme.example", Some("mailto:a%2Bb@acme.example?subject=A%20%26%20b&body=1%0D%0A2"));
        check("a@acme.example?bcc=x@evil.example", None);
        check("a@b@c", None);
        check("javascript:alert(1)", None);
        check("a b@acme.example", None);
        check("@acme.example", None);
        check("\"a\"@acme.example", None);
        assert_eq!(letter("a@acme.example", "s", &"x".repeat(4000)).as_deref(), Some("mailto:a@acme.example"));
    }
}
