//! Messages as Slack shows them. In Slack's text three characters have a
//! meaning; everything that people wrote is escaped, so that no word of it
//! becomes a mention, a link or a command.

use serde_json::{Value as Json, json};

use super::letters::{Item, Page};

/// Slack refuses a message with more blocks, and a text beyond so many letters.
const MOST_BLOCKS: usize = 50;
const MOST_LETTERS: usize = 2_900;
const MOST_HEADER: usize = 150;

/// Text that Slack shows just as it is.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Blocks without these words, wherever they stand in them.
pub(super) fn without(blocks: &Json, words: &str) -> Json {
    match blocks {
        Json::String(text) => text.replace(words, "").into(),
        Json::Array(all) => all.iter().map(|one| without(one, words)).collect(),
        Json::Object(all) => all.iter().map(|(key, one)| (key.clone(), without(one, words))).collect(),
        other => other.clone(),
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        // Never inside an escaped character: its sign would show, harmless but ugly.
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn section(text: &str) -> Json {
    json!({"type": "section", "text": {"type": "mrkdwn", "text": cut(text, MOST_LETTERS), "verbatim": true}})
}

fn small(text: &str) -> Json {
    json!({"type": "context", "elements": [{"type": "mrkdwn", "text": cut(text, MOST_LETTERS), "verbatim": true}]})
}

/// The blocks of a message: as many questions as fit, and how many do not.
pub(super) fn blocks(page: &Page) -> Json {
    let header = json!({"type": "header", "text": {"type": "plain_text", "text": cut(page.heading, MOST_HEADER - 1), "emoji": false}});
    let mut blocks = vec![header, section(&escape(&page.intro.join("\n")))];
    if page.intro.is_empty() {
        blocks.pop();
    }
    // Room for what stands at the end.
    let room = MOST_BLOCKS - blocks.len() - 4;
    let shown = page.items.len().min(room);
    blocks.extend(page.items.iter().take(shown).map(|item| section(&question(item))));
    if page.items.len() > shown {
        blocks.push(small(&format!("and {} more on the page", page.items.len() - shown)));
    }
    if !page.link.is_empty() {
        blocks.push(json!({"type": "actions", "elements": [{
            "type": "button", "style": "primary", "url": page.link,
            "text": {"type": "plain_text", "text": page.button, "emoji": false},
        }]}));
    }
    blocks.push(small(&escape(&page.footer.join("\n"))));
    blocks.into()
}

fn question(item: &Item) -> String {
    let optional = if item.is_optional { " _(not required)_" } else { "" };
    let mut lines = vec![format!("*{}*{optional}", escape(&item.text).replace('*', "∗"))];
    if !item.label.is_empty() {
        lines.insert(0, escape(&item.label));
    }
    if !item.note.is_empty() {
        lines.push(escape(&item.note));
    }
    if !item.why.is_empty() {
        lines.push(escape(&item.why));
    }
    if !item.quote.is_empty() {
        let source = if item.source.is_empty() { String::new() } else { format!(" ({})", escape(&item.source)) };
        // A bracket at the beginning of a line is Slack's sign of a quote.
        lines.push(format!(">“{}”{source}", escape(&item.quote)));
    }
    if !item.choices.is_empty() {
        lines.push(escape(&item.choices));
    }
    lines.join("\n")
}
