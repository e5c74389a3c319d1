//! Makes text from outside harmless on a terminal: control characters become
//! visible signs, so that nothing a source holds can move the cursor, change
//! colours or reorder what stands on the screen, and nothing vanishes either.

/// `text` on one line: white space becomes single spaces, control characters become visible.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(visible));
    }
    out
}

/// The character itself, or the sign that stands for a control character.
pub(super) fn visible(character: char) -> char {
    match character {
        // U+2400 holds pictures of the 32 ASCII controls in their order.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + character as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        // C1 controls are commands to some terminals; embeddings, overrides and isolates reorder what follows.
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        // Tag characters are read by models and shown to nobody.
        '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        other => other,
    }
}

/// How many columns a character takes on a terminal, approximately: 0, 1 or 2.
pub(super) fn columns(character: char) -> usize {
    match character as u32 {
        0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20f0 | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// The columns that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// `text` cut at a word border when it is longer than `limit` characters; the cut is marked.
pub(super) fn shorten(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else { return text.to_owned() };
    let head = &text[..end];
    let head = match head.rfind(char::is_whitespace) {
        Some(border) if border > 0 => &head[..border],
        _ => head,
    };
    format!("{} […]", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_become_visible() {
        let check = |input: &str, expected: &str| assert_eq!(clean(input), expected, "{input:?}");
        check("plain", "plain");
        check("a\n\tb  c\r\n", "a b c");
        check("\u{1b}[31mred\u{1b}[0m", "␛[31mred␛[0m");
        check("bell\u{7}, del\u{7f}, csi\u{9b}2J", "bell␇, del␡, csi\u{fffd}2J");
        check("\u{202e}gnp.exe", "\u{fffd}gnp.exe");
        check("zwj 👩\u{200d}🚀 stays", "zwj 👩\u{200d}🚀 stays");
        check("", "");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("日本"), 4);
        assert_eq!(width("e\u{301}"), 1);
    }

    #[test]
    fn shortening_keeps_whole_words_and_says_so() {
        assert_eq!(shorten("one two three", 50), "one two three");
        assert_eq!(shorten("one two three", 9), "one two […]");
        assert_eq!(shorten("ünbroken", 3), "ünb […]");
    }
}
