//! Block Kit: the words of a message's blocks and attachments, in Slack's
//! notation, so that mentions and links are rendered once for all. Shapes as in
//! Slack's "Block Kit" reference: `rich_text` with its sections, lists, quotes
//! and preformatted parts, `section`, `header`, `context`, `image`, `table`,
//! `markdown`. What people see decides: blocks hide `text` in Slack's windows.

use serde_json::Value;

use super::notation::push_escaped;
use crate::intake::chat::word;

/// Lists that go on count from no higher than this.
const MAX_OFFSET: u64 = 1_000_000;

/// Deeper indents count as this deep.
const MAX_INDENT: u64 = 8;

/// The words of blocks in reading order, and how many blocks are of a kind that is not known.
pub(super) fn render(blocks: &Value) -> (String, usize) {
    let mut lines = Vec::new();
    let mut unknown = 0;
    for block in blocks.as_array().into_iter().flatten() {
        match word(block, "type").unwrap_or_default() {
            "rich_text" => rich_text(block, &mut lines),
            "section" => {
                push_text(block.get("text"), &mut lines);
                items(block, "fields").for_each(|field| push_text(Some(field), &mut lines));
            }
            "header" => push_text(block.get("text"), &mut lines),
            "context" => {
                let mut parts = Vec::new();
                items(block, "elements").for_each(|element| match word(element, "type") {
                    Some("image") => push_picture(element, &mut parts),
                    _ => push_text(Some(element), &mut parts),
                });
                lines.push(parts.join(" "));
            }
            "markdown" => lines.extend(word(block, "text").map(str::to_owned)),
            "image" | "video" => push_picture(block, &mut lines),
            "table" => items(block, "rows").for_each(|row| lines.push(table_row(row))),
            // Things to press hold no words; files and calls are named elsewhere in the message.
            "divider" | "actions" | "input" | "file" | "call" | "context_actions" => {}
            _ => unknown += 1,
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    (lines.join("\n"), unknown)
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// A text object: `mrkdwn` is notation already, `plain_text` is literal.
fn push_text(text: Option<&Value>, lines: &mut Vec<String>) {
    let Some(text) = text else { return };
    let Some(words) = word(text, "text") else { return };
    if word(text, "type") == Some("mrkdwn") {
        lines.push(words.to_owned());
    } else {
        lines.push(escaped(words));
    }
}

fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    push_escaped(&mut out, words);
    out
}

/// Titles are seen; a description for those who cannot see the picture is marked as one.
fn push_picture(picture: &Value, lines: &mut Vec<String>) {
    let title = picture.get("title").and_then(|title| word(title, "text")).or(word(picture, "title"));
    if let Some(title) = title {
        lines.push(escaped(title));
    }
    if let Some(alt) = word(picture, "alt_text").filter(|alt| Some(*alt) != title) {
        lines.push(format!("[image: {}]", escaped(alt)));
    }
}

fn table_row(row: &Value) -> String {
    let cells = row.as_array().into_iter().flatten().map(|cell| {
        let mut lines = Vec::new();
        match word(cell, "type") {
            Some("rich_text") => rich_text(cell, &mut lines),
            _ => push_text(Some(cell), &mut lines),
        }
        lines.join(" ")
    });
    cells.collect::<Vec<_>>().join(" | ")
}

fn rich_text(block: &Value, lines: &mut Vec<String>) {
    for part in items(block, "elements") {
        match word(part, "type").unwrap_or_default() {
            "rich_text_list" => list(part, lines),
            "rich_text_quote" => {
                let quoted = section(part);
                lines.extend(quoted.lines().map(|line| format!("&gt; {line}")));
            }
            _ => lines.push(section(part)),
        }
    }
}

/// `- ` or `1. ` before each item, indented as written; numbers go on where the list says so.
fn list(part: &Value, lines: &mut Vec<String>) {
    let indent = part.get("indent").and_then(Value::as_u64).unwrap_or(0).min(MAX_INDENT) as usize;
    let ordered = word(part, "style") == Some("ordered");
    let offset = part.get("offset").and_then(Value::as_u64).unwrap_or(0).min(MAX_OFFSET);
    for (item, number) in items(part, "elements").zip(offset + 1..) {
        let mark = if ordered { format!("{number}. ") } else { "- ".to_owned() };
        lines.push(format!("{}{mark}{}", "  ".repeat(indent), section(item)));
    }
}

/// The elements of one rich text part, in a row.
fn section(part: &Value) -> String {
    let mut line = String::new();
    for element in items(part, "elements") {
        let said = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
        match said("type") {
            "user" => reference(&mut line, "@", said("user_id"), ""),
            "channel" => reference(&mut line, "#", said("channel_id"), ""),
            "usergroup" => reference(&mut line, "!subteam^", said("usergroup_id"), ""),
            "broadcast" => reference(&mut line, "!", said("range"), ""),
            "team" => line.push_str(&escaped(said("team_id"))),
            "link" => reference(&mut line, "", said("url"), said("text")),
            "emoji" => line.push_str(&format!(":{}:", said("name"))),
            "color" => line.push_str(&escaped(said("value"))),
            "date" if said("fallback").is_empty() => {
                let second = element.get("timestamp").and_then(Value::as_i64).unwrap_or(0);
                line.push_str(&format!("<!date^{second}>"));
            }
            "date" => line.push_str(&escaped(said("fallback"))),
            _ => styled(&mut line, said("text"), element.get("style")),
        }
    }
    line
}

/// Struck words and code keep their marks: one is taken back, the other literal.
fn styled(line: &mut String, text: &str, style: Option<&Value>) {
    let is = |name: &str| style.and_then(|style| style.get(name)) == Some(&Value::Bool(true));
    let mark = if is("strike") {
        "~"
    } else if is("code") {
        "`"
    } else {
        ""
    };
    let words = text.trim();
    if mark.is_empty() || words.is_empty() {
        push_escaped(line, text);
        return;
    }
    let lead = text.len() - text.trim_start().len();
    line.push_str(text.get(..lead).unwrap_or_default());
    line.push_str(mark);
    push_escaped(line, words);
    line.push_str(mark);
    line.push_str(text.get(lead + words.len()..).unwrap_or_default());
}

/// `<@U1>`; what would end the brackets early stands as plain words.
fn reference(line: &mut String, sigil: &str, target: &str, label: &str) {
    if target.is_empty() || target.contains(['<', '>', '|']) || label.contains(['<', '>', '|']) {
        push_escaped(line, if label.is_empty() { target } else { label });
        return;
    }
    line.push('<');
    line.push_str(sigil);
    push_amp(line, target);
    if !label.is_empty() {
        line.push('|');
        push_amp(line, label);
    }
    line.push('>');
}

fn push_amp(line: &mut String, text: &str) {
    line.push_str(&text.replace('&', "&amp;"));
}

/// The words an app put into an attachment: what stands above, title, text, fields and blocks.
pub(super) fn attachment(attachment: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    for key in ["pretext", "author_name", "title", "text"] {
        lines.extend(word(attachment, key).map(str::to_owned));
    }
    for field in items(attachment, "fields") {
        let value = word(field, "value").unwrap_or_default();
        match word(field, "title") {
            Some(title) => lines.push(format!("{}: {value}", title.trim_end_matches(':'))),
            None => lines.push(value.to_owned()),
        }
    }
    lines.extend(attachment.get("blocks").map(|blocks| render(blocks).0));
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.extend(word(attachment, "fallback").map(str::to_owned));
    }
    lines.dedup();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(blocks: Value, expected: &str) {
        assert_eq!(render(&blocks).0, expected, "{blocks}");
    }

    fn rich(elements: Value) -> Value {
        json!([{"type": "rich_text", "elements": elements}])
    }

    fn said(text: &str) -> Value {
        json!({"type": "rich_text_section", "elements": [{"type": "text", "text": text}]})
    }

    #[test]
    fn finds_words_in_rich_text() {
        check(
            rich(json!([{"type": "rich_text_section", "elements": [
                {"type": "text", "text": "Live on "}, {"type": "text", "text": "June 1 ", "style": {"strike": true}},
                {"type": "user", "user_id": "U1"}, {"type": "link", "url": "https://x.example/?a=1&b=2", "text": "the plan"},
                {"type": "broadcast", "range": "here"}, {"type": "usergroup", "usergroup_id": "S1"},
                {"type": "channel", "channel_id": "C1"}, {"type": "emoji", "name": "wave"},
                {"type": "text", "text": "a<b"}, {"type": "date", "timestamp": 1, "fallback": "Mar 3"}]}])),
            "Live on ~June 1~ <@U1><https://x.example/?a=1&amp;b=2|the plan><!here><!subteam^S1><#C1>:wave:a&lt;bMar 3",
        );
        check(
            rich(json!([{"type": "rich_text_quote", "elements": [{"type": "text", "text": "one\ntwo"}]}, said("ok")])),
            "&gt; one\n&gt; two\nok",
        );
    }

    #[test]
    fn keeps_lists() {
        let list = |style: &str, indent: u64, offset: u64| json!({"type": "rich_text_list", "style": style, "indent": indent, "offset": offset, "elements": [said("a"), said("b")]});
        check(
            rich(json!([list("ordered", 0, 0), list("bullet", 1, 0), list("ordered", 0, 2)])),
            "1. a\n2. b\n  - a\n  - b\n3. a\n4. b",
        );
        check(
            rich(json!([list("ordered", u64::MAX, u64::MAX)])),
            "                1000001. a\n                1000002. b",
        );
    }

    #[test]
    fn finds_words_in_other_blocks() {
        check(
            json!([
                {"type": "header", "text": {"type": "plain_text", "text": "Deal <won>"}},
                {"type": "divider"},
                {"type": "section", "text": {"type": "mrkdwn", "text": "*July 1* <@U1>"}, "fields": [{"type": "mrkdwn", "text": "Seats: 40"}]},
                {"type": "context", "elements": [{"type": "image", "alt_text": "logo"}, {"type": "mrkdwn", "text": "by the bot"}]},
                {"type": "table", "rows": [[{"type": "raw_text", "text": "Seats"}, {"type": "raw_text", "text": "40"}]]},
                {"type": "image", "title": {"type": "plain_text", "text": "Plan"}, "alt_text": "Plan"},
            ]),
            "Deal &lt;won&gt;\n*July 1* <@U1>\nSeats: 40\n[image: logo] by the bot\nSeats | 40\nPlan",
        );
        assert_eq!(render(&json!([{"type": "hologram"}, 5])), (String::new(), 2));
    }

    #[test]
    fn reads_attachments_of_apps() {
        let check = |value: Value, expected: &str| assert_eq!(attachment(&value), expected, "{value}");
        check(
            json!({"fallback": "Deal won", "title": "Won", "fields": [{"title": "Amount", "value": "40k"}]}),
            "Won\nAmount: 40k",
        );
        check(json!({"fallback": "Deal won"}), "Deal won");
    }
}
