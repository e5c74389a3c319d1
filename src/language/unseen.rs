//! Characters that no screen shows and that machines read: tags, overrides of
//! the direction, long runs of zero width. Scripts and pictographs need some
//! of them, in ones and twos; what stands beyond that carries something.

/// A run of so many characters without width carries more than a script needs.
const LONG_RUN: usize = 4;

/// Whether a character is shown as nothing and belongs to no script.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' | '\u{202d}' | '\u{202e}')
}

fn has_no_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}')
}

/// How many characters of a text hide something: all that are unseen, except in flags, and long runs without width.
pub fn count_unseen(text: &str) -> usize {
    if text.is_ascii() {
        return 0;
    }
    let (mut unseen, mut run, mut in_flag) = (0, 0, false);
    for c in text.chars() {
        let is_tag = matches!(c, '\u{e0000}'..='\u{e007f}');
        in_flag = c == '\u{1f3f4}' || in_flag && is_tag;
        unseen += usize::from(is_unseen(c) && !in_flag);
        run = if has_no_width(c) { run + 1 } else { 0 };
        if run >= LONG_RUN {
            unseen += if run == LONG_RUN { LONG_RUN } else { 1 };
        }
    }
    unseen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_carries_hidden_words() {
        let check = |text: &str, expected: usize| assert_eq!(count_unseen(text), expected, "{text:?}");
        check("plain", 0);
        check("Grüße, 日本, \u{200f}שלום\u{200f}, नमस्\u{200d}ते", 0);
        check("👨\u{200d}👩\u{200d}👧 and 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", 0);
        check("a\u{feff} b\u{200b}\u{200b}", 0);
        check("hi\u{e0068}\u{e0069}", 2);
        check("\u{202e}cba\u{202c}", 1);
        check("x\u{200b}\u{200c}\u{200b}\u{200c}\u{200b}y", 5);
        check("x\u{fe0f}\u{e0101}\u{e0102}", 2);
    }
}
