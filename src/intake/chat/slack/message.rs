//! One Slack message out of its JSON, cut down to what reading needs, so that a
//! large file is never held as JSON values. Shapes as in Slack's references of
//! the `message` event with its subtypes, of the file object and of attachments.

use jiff::Timestamp;
use serde_json::Value;

use super::{blocks, people};
use crate::intake::chat::word;
use crate::intake::draft::Member;

/// Notices of Slack itself; nobody said them.
const NOTICES: [&str; 20] = [
    "channel_join",
    "channel_leave",
    "group_join",
    "group_leave",
    "bot_add",
    "bot_remove",
    "bot_enable",
    "bot_disable",
    "channel_archive",
    "channel_unarchive",
    "group_archive",
    "group_unarchive",
    "channel_convert_to_private",
    "channel_posting_permissions",
    "joiner_notification",
    "message_replied",
    "pinned_item",
    "unpinned_item",
    "huddle_thread",
    "reminder_add",
];

/// What reading needs of a message; the words are in Slack's notation.
#[derive(Debug, Default)]
pub(super) struct Message {
    pub stamp: String,
    pub thread: Option<String>,
    pub user: Option<String>,
    pub words: String,
    /// What the app behind the message calls itself.
    pub username: Option<String>,
    pub bot: Option<String>,
    pub bot_id: Option<String>,
    pub profile: Option<Member>,
    pub team: Option<String>,
    pub channel: Option<String>,
    pub edited: Option<String>,
    pub shared: Vec<Shared>,
    pub files: Vec<File>,
    /// Names of reactions with the ids of those who reacted.
    pub reactions: Vec<(String, Vec<String>)>,
    /// Answers its thread had when the file was made.
    pub replies: usize,
    /// Previews of linked pages.
    pub previews: usize,
    /// Blocks whose kind is not known.
    pub unknown_blocks: usize,
    /// Its `text`, seen in notifications alone, says what its blocks do not.
    pub differs: bool,
}

/// A message of somebody else that was shared.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub name: Option<String>,
    pub user: Option<String>,
    pub at: Option<Timestamp>,
    pub words: String,
}

/// A file a message names.
#[derive(Debug)]
pub(super) struct File {
    pub name: String,
    pub content: Content,
}

/// What is there of a file.
#[derive(Debug)]
pub(super) enum Content {
    Picture,
    Deleted,
    /// Too old for the workspace's plan.
    Hidden,
    Absent,
    Text {
        words: String,
        cut: bool,
    },
}

/// What an entry of a file is.
#[derive(Debug)]
pub(super) enum Entry {
    Said(Box<Message>),
    /// The message as it is after a change.
    Changed(Box<Message>),
    /// The message with this stamp is gone.
    Deleted(Option<String>),
    Notice,
    Strange,
}

pub(super) fn is_message(value: &Value) -> bool {
    let value = unwrap_event(value);
    value.get("ts").is_some()
        && (value.get("text").is_some() || value.get("type").is_some() || value.get("user").is_some())
}

/// The event inside what Slack's Events API sends.
fn unwrap_event(value: &Value) -> &Value {
    match value.get("event") {
        Some(event) if word(value, "type") == Some("event_callback") => event,
        _ => value,
    }
}

impl Entry {
    pub(super) fn read(value: &Value) -> Entry {
        let value = unwrap_event(value);
        let subtype = word(value, "subtype");
        match subtype {
            Some("message_deleted") => return Entry::Deleted(stamp_of(value.get("deleted_ts"))),
            // What is left of a deleted message that has answers.
            Some("tombstone") => return Entry::Deleted(stamp_of(value.get("ts"))),
            Some(subtype) if NOTICES.contains(&subtype) => return Entry::Notice,
            _ => {}
        }
        let changed = value.get("message").filter(|_| subtype == Some("message_changed"));
        let channel = word(value, "channel");
        match (changed, Message::read(changed.unwrap_or(value), channel)) {
            (Some(inner), _) if word(inner, "subtype") == Some("tombstone") => {
                Entry::Deleted(stamp_of(inner.get("ts")))
            }
            (Some(_), Some(message)) => Entry::Changed(Box::new(message)),
            (None, Some(message)) => Entry::Said(Box::new(message)),
            (_, None) => Entry::Strange,
        }
    }
}

impl Message {
    fn read(value: &Value, channel: Option<&str>) -> Option<Message> {
        let stamp = stamp_of(value.get("ts")).filter(|_| is_message(value))?;
        let owned = |key: &str| word(value, key).map(str::to_owned);
        let bot = value.get("bot_profile").and_then(|bot| word(bot, "name"));
        let mut message = Message {
            stamp,
            thread: stamp_of(value.get("thread_ts")),
            user: owned("user"),
            username: owned("username"),
            bot: bot.map(str::to_owned),
            bot_id: owned("bot_id"),
            profile: value.get("user_profile").map(people::profile_of),
            team: ["user_team", "source_team", "team"].iter().find_map(|key| owned(key)),
            channel: channel.or(word(value, "channel")).map(str::to_owned),
            edited: value.get("edited").and_then(|edited| stamp_of(edited.get("ts"))),
            files: list(value, "files").map(read_file).collect(),
            reactions: list(value, "reactions").filter_map(read_reaction).collect(),
            replies: value
                .get("reply_count")
                .and_then(Value::as_u64)
                .and_then(|count| count.try_into().ok())
                .unwrap_or(0),
            ..Message::default()
        };
        message.read_words(value);
        Some(message)
    }

    /// Blocks are what people see; `text` counts where there are none.
    fn read_words(&mut self, value: &Value) {
        let text = word(value, "text").unwrap_or_default();
        let (shown, unknown) = value.get("blocks").map(blocks::render).unwrap_or_default();
        self.unknown_blocks = unknown;
        if shown.is_empty() {
            self.words = text.to_owned();
        } else {
            self.differs = !says_all(&shown, text);
            self.words = shown;
        }
        for attachment in list(value, "attachments") {
            let is = |key: &str| attachment.get(key) == Some(&Value::Bool(true));
            if is("is_share") || is("is_msg_unfurl") {
                self.shared.push(read_shared(attachment));
                self.files.extend(list(attachment, "files").map(read_file));
            } else if attachment.get("from_url").is_some()
                || attachment.get("original_url").is_some()
                || is("is_app_unfurl")
            {
                self.previews += 1;
            } else if self.user.is_some() && self.bot_id.is_none() {
                // What an app hangs on a person's message is the app's.
                self.shared.push(Shared { words: blocks::attachment(attachment), ..Shared::default() });
            } else {
                let words = blocks::attachment(attachment);
                if !words.is_empty() && !self.words.contains(&words) {
                    if !self.words.is_empty() {
                        self.words.push('\n');
                    }
                    self.words.push_str(&words);
                }
            }
        }
    }
}

/// Whether every word of `text` stands in `shown` as well.
fn says_all(shown: &str, text: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let seen: rustc_hash::FxHashSet<String> = words(shown).into_iter().collect();
    // Names of entities and of date formats are notation, not words.
    words(text)
        .iter()
        .all(|word| seen.contains(word) || matches!(word.as_str(), "amp" | "lt" | "gt" | "mailto" | "date"))
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn read_shared(attachment: &Value) -> Shared {
    let inner = list(attachment, "message_blocks").filter_map(|part| part.get("message")?.get("blocks"));
    let shown =
        inner.chain(attachment.get("blocks")).map(|blocks| blocks::render(blocks).0).find(|words| !words.is_empty());
    let words = word(attachment, "text")
        .map(str::to_owned)
        .or(shown)
        .or_else(|| word(attachment, "fallback").map(str::to_owned));
    Shared {
        name: word(attachment, "author_name").map(str::to_owned),
        user: word(attachment, "author_id").map(str::to_owned),
        at: stamp_of(attachment.get("ts")).and_then(|stamp| read_stamp(&stamp)),
        words: words.unwrap_or_default(),
    }
}

fn read_file(file: &Value) -> File {
    let name = word(file, "name").or(word(file, "title")).unwrap_or("a file").to_owned();
    let is = |key: &str| file.get(key) == Some(&Value::Bool(true));
    let more = file.get("lines_more").and_then(Value::as_u64).unwrap_or(0) > 0;
    let text = word(file, "plain_text").or(word(file, "preview_plain_text")).or(word(file, "preview"));
    let content = match (word(file, "mode"), text) {
        (Some("tombstone"), _) => Content::Deleted,
        (Some("hidden_by_limit"), _) => Content::Hidden,
        _ if word(file, "mimetype").is_some_and(|kind| kind.starts_with("image/")) => Content::Picture,
        (_, Some(words)) => {
            Content::Text { words: words.to_owned(), cut: more || is("preview_is_truncated") || is("is_truncated") }
        }
        (_, None) => Content::Absent,
    };
    File { name, content }
}

fn read_reaction(reaction: &Value) -> Option<(String, Vec<String>)> {
    let users = list(reaction, "users").filter_map(Value::as_str).map(str::to_owned).collect();
    Some((word(reaction, "name")?.to_owned(), users))
}

/// `1772528400.000200` as written, also where it came as a number.
fn stamp_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(stamp) => read_stamp(stamp).map(|_| stamp.clone()),
        Value::Number(number) => Some(number.to_string()).filter(|stamp| read_stamp(stamp).is_some()),
        _ => None,
    }
}

pub(super) fn read_stamp(stamp: &str) -> Option<Timestamp> {
    let (seconds, fraction) = stamp.split_once('.').unwrap_or((stamp, ""));
    let micros = format!("{fraction:0<6}");
    let seconds = seconds.parse::<i64>().ok()?;
    Timestamp::from_microsecond(seconds.checked_mul(1_000_000)?.checked_add(micros.get(..6)?.parse().ok()?)?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: Value, expected: &str) {
        let got = match Entry::read(&value) {
            Entry::Said(message) => format!("said {} {}", message.stamp, message.words),
            Entry::Changed(message) => format!("changed {} {}", message.stamp, message.words),
            Entry::Deleted(stamp) => format!("deleted {}", stamp.unwrap_or_default()),
            Entry::Notice => "notice".to_owned(),
            Entry::Strange => "strange".to_owned(),
        };
        assert_eq!(got, expected, "{value}");
    }

    #[test]
    fn tells_what_an_entry_is() {
        check(json!({"ts": "1.2", "user": "U1", "text": "hi"}), "said 1.2 hi");
        check(json!({"ts": 1772528400.5, "text": "hi"}), "said 1772528400.5 hi");
        check(
            json!({"type": "event_callback", "event": {"ts": "1.2", "type": "message", "text": "hi"}}),
            "said 1.2 hi",
        );
        let changed = json!({"subtype": "message_changed", "ts": "9.0", "message": {"ts": "1.2", "text": "new", "user": "U1"}, "previous_message": {"ts": "1.2", "text": "old"}});
        check(changed, "changed 1.2 new");
        check(json!({"subtype": "message_deleted", "ts": "9.0", "deleted_ts": "1.2"}), "deleted 1.2");
        check(json!({"subtype": "tombstone", "ts": "1.2", "text": "This message was deleted."}), "deleted 1.2");
        check(json!({"subtype": "channel_join", "ts": "1.2"}), "notice");
        check(json!({"ts": "soon", "text": "hi"}), "strange");
        check(json!({"ts": null, "text": "hi"}), "strange");
        check(json!(7), "strange");
    }

    #[test]
    fn takes_what_people_see() {
        let blocks = json!([{"type": "section", "text": {"type": "mrkdwn", "text": "Go-live *July 1*"}}]);
        let differs = |text: &str| match Entry::read(&json!({"ts": "1.2", "text": text, "blocks": blocks})) {
            Entry::Said(message) => (message.words.clone(), message.differs),
            _ => Default::default(),
        };
        assert_eq!(differs("Go-live July 1"), ("Go-live *July 1*".to_owned(), false));
        assert_eq!(differs("Go-live June 1"), ("Go-live *July 1*".to_owned(), true));
    }
}
