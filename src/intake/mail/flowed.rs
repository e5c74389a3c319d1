//! Text in `format=flowed` (RFC 3676): lines that end in a space go on in the
//! next one. Joined again, words stand together as their author wrote them, so
//! that a quote of them is found and nothing looks like two lines. Depth of
//! quotes stays, stuffed spaces go, and the line above a signature is left alone.

/// The text with its soft breaks joined; `delete_space` as the header says (`DelSp=yes`).
pub(in crate::intake) fn join(text: &str, delete_space: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // The depth of the paragraph that goes on, if one does.
    let mut going_on: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        let depth = bare.bytes().take_while(|byte| *byte == b'>').count();
        let words = bare.get(depth..).unwrap_or_default();
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_mark = words == "-- ";
        if going_on.is_some_and(|before| before != depth || is_mark) {
            end_line(&mut out);
            going_on = None;
        }
        if going_on.is_none() && depth > 0 {
            out.extend(std::iter::repeat_n('>', depth));
            out.push(' ');
        }
        let soft = words.ends_with(' ') && !is_mark;
        out.push_str(if soft && delete_space { words.strip_suffix(' ').unwrap_or(words) } else { words });
        going_on = soft.then_some(depth);
        if !soft && bare.len() < line.len() {
            out.push('\n');
        }
    }
    out
}

/// A paragraph that announced more and was cut off by other lines.
fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_soft_breaks() {
        let check = |text: &str, expected: &str| assert_eq!(join(text, false), expected, "{text:?}");
        check("one \ntwo\nthree\n", "one two\nthree\n");
        check("> one \n> two\nthree", "> one two\nthree");
        check("> one \n>> two\n", "> one\n>> two\n");
        check("one \n> two\n", "one\n> two\n");
        check(" From here\n >not a quote", "From here\n>not a quote");
        check("bye \n-- \nDana", "bye\n-- \nDana");
        check("one \r\ntwo\r\n", "one two\n");
        check(">\n> one", "> \n> one");
        assert_eq!(join("日 \n本", true), "日本");
    }
}
