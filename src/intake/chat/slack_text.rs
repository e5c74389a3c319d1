//! Slack's way of writing: mentions, links and channels in angle brackets,
//! three entities, and blocks that hold the words when `text` does not.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::intake::draft::Member;
use crate::intake::markup;

/// Text as people see it.
pub(in crate::intake) fn render(text: &str, members: &FxHashMap<String, Member>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        markup::push_decoded(&mut out, before);
        let Some(end) = from.find('>') else {
            rest = from;
            break;
        };
        push_reference(&mut out, &from[1..end], members);
        rest = &from[end + 1..];
    }
    markup::push_decoded(&mut out, rest);
    out
}

fn push_reference(out: &mut String, reference: &str, members: &FxHashMap<String, Member>) {
    let (target, label) = reference.split_once('|').map_or((reference, None), |(target, label)| (target, Some(label)));
    let label = label.filter(|label| !label.is_empty());
    if let Some(id) = target.strip_prefix('@') {
        let name = members.get(id).and_then(|member| member.name.as_deref()).or(label).unwrap_or(id);
        out.push('@');
        out.push_str(name.trim_start_matches('@'));
    } else if let Some(id) = target.strip_prefix('#') {
        out.push('#');
        out.push_str(label.unwrap_or(id));
    } else if let Some(command) = target.strip_prefix('!') {
        match label {
            Some(label) => markup::push_decoded(out, label),
            None => {
                out.push('@');
                out.push_str(command.split('^').next().unwrap_or(command));
            }
        }
    } else {
        push_link(out, target.strip_prefix("mailto:").unwrap_or(target), label);
    }
}

fn push_link(out: &mut String, target: &str, label: Option<&str>) {
    match label.filter(|label| !target.contains(label)) {
        Some(label) => {
            markup::push_decoded(out, label);
            out.push_str(" (");
            markup::push_decoded(out, target);
            out.push(')');
        }
        None => markup::push_decoded(out, target),
    }
}

/// The words in blocks or attachments, in reading order; a stack of its own, since the nesting is the sender's.
pub(in crate::intake) fn words_of(value: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items.iter().rev()),
            Value::Object(object) => {
                let kind = object.get("type").and_then(Value::as_str).unwrap_or_default();
                if kind == "rich_text_section" || kind == "rich_text_quote" || kind == "rich_text_preformatted" {
                    lines.push(section(object.get("elements")));
                    continue;
                }
                let texts = ["pretext", "title", "text", "fallback"].iter().filter_map(|key| object.get(*key));
                let mut texts = texts.filter_map(Value::as_str).filter(|text| !text.is_empty());
                if kind == "plain_text" || kind == "mrkdwn" || object.get("fields").is_none() {
                    let said = lines.len();
                    lines.extend(texts.by_ref().take(if kind.is_empty() { 3 } else { 1 }).map(str::to_owned));
                    if lines.len() > said + 1 && lines.last() == lines.get(said) {
                        lines.pop();
                    }
                }
                let inner = ["text", "fields", "elements", "blocks"].iter().rev();
                waiting.extend(inner.filter_map(|key| object.get(*key)).filter(|value| !value.is_string()));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

/// One line of rich text, in the same notation as `text`.
fn section(elements: Option<&Value>) -> String {
    let mut line = String::new();
    for element in elements.and_then(Value::as_array).into_iter().flatten() {
        let word = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
        match word("type") {
            "user" => line.push_str(&format!("<@{}>", word("user_id"))),
            "channel" => line.push_str(&format!("<#{}>", word("channel_id"))),
            "link" if word("text").is_empty() => line.push_str(&format!("<{}>", word("url"))),
            "link" => line.push_str(&format!("<{}|{}>", word("url"), word("text"))),
            "emoji" => line.push_str(&format!(":{}:", word("name"))),
            _ => line.push_str(word("text")),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let dana = Member { name: Some("Dana Whitfield".into()), ..Member::default() };
        let members = FxHashMap::from_iter([("U1".to_owned(), dana)]);
        assert_eq!(render(text, &members), expected, "{text}");
    }

    #[test]
    fn renders_what_people_see() {
        check("<@U1> and <@U2> &amp; <@U3|al>", "@Dana Whitfield and @U2 & @al");
        check("<#C1|deal-northwind> <!here> <!subteam^S1|@ops>", "#deal-northwind @here @ops");
        check("<https://x.example/a|the plan>", "the plan (https://x.example/a)");
        check("<https://x.example|x.example> <mailto:d@n.example|d@n.example>", "https://x.example d@n.example");
        check("5 &lt; 6 &gt; 4 < 3", "5 < 6 > 4 < 3");
    }

    #[test]
    fn finds_words_in_blocks() {
        let blocks = serde_json::json!([
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                {"type": "text", "text": "Live on "}, {"type": "user", "user_id": "U1"}]}]},
            {"type": "section", "text": {"type": "mrkdwn", "text": "*July 1*"}},
        ]);
        assert_eq!(words_of(&blocks), "Live on <@U1>\n*July 1*");
        assert_eq!(words_of(&serde_json::json!([{"fallback": "Deal won", "title": "Won"}])), "Won\nDeal won");
    }
}
