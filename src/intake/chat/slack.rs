//! Slack: answers of `conversations.history` and `conversations.replies`, the
//! day files of an export, and its list of users.

use jiff::Timestamp;
use jiff::tz::Offset;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::slack_text;
use crate::conversation::{Author, DocumentKind, SegmentKind, Unread};
use crate::intake::draft::{Acquaintance, Acquainted, Collected, Draft, DraftMessage, Member, Origin, sort_by_time};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::names;
use crate::intake::text::{self, Tidied};

/// Notices of Slack itself; nobody said them.
const NOTICES: [&str; 13] = [
    "channel_join",
    "channel_leave",
    "group_join",
    "group_leave",
    "bot_add",
    "bot_remove",
    "channel_archive",
    "channel_unarchive",
    "channel_convert_to_private",
    "message_deleted",
    "tombstone",
    "joiner_notification",
    "message_replied",
];

/// A chat as it came.
pub(in crate::intake) struct Chat {
    messages: Vec<Value>,
    title: Option<String>,
    has_more: bool,
}

impl Chat {
    /// Takes the messages out of an answer or a day file; gives other JSON back.
    pub(in crate::intake) fn recognise(value: Value) -> Result<Chat, Value> {
        match value {
            Value::Array(messages) if messages.iter().any(is_message) => {
                Ok(Chat { messages, title: None, has_more: false })
            }
            Value::Object(mut object) => {
                let has_more = object.get("has_more") == Some(&Value::Bool(true));
                let title = channel_name(&object);
                match object.get_mut("messages") {
                    Some(Value::Array(messages)) if messages.iter().any(is_message) || messages.is_empty() => {
                        Ok(Chat { messages: std::mem::take(messages), title, has_more })
                    }
                    _ => Err(Value::Object(object)),
                }
            }
            other => Err(other),
        }
    }
}

fn is_message(value: &Value) -> bool {
    value.get("ts").is_some()
        && (value.get("text").is_some() || value.get("type").is_some() || value.get("user").is_some())
}

fn channel_name(object: &Map<String, Value>) -> Option<String> {
    let channel = object.get("channel");
    let nested = channel.and_then(|channel| channel.get("name"));
    let name = [nested, object.get("channel_name"), object.get("name"), channel]
        .into_iter()
        .flatten()
        .find_map(Value::as_str)?;
    // An id such as C024BE91L names nothing to people.
    let is_id = name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    (!is_id && !name.is_empty()).then(|| format!("#{}", name.trim_start_matches('#')))
}

/// Takes a list of users in; false when the bytes are none.
pub(in crate::intake) fn read_members(bytes: &[u8], collected: &mut Collected) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let wanted = start.starts_with(b"[") || start.starts_with(b"{");
    if !wanted || bytes.len() > collected.limits.document_bytes || memchr::memmem::find(start, b"\"profile\"").is_none()
    {
        return false;
    }
    let Ok(value) = serde_json::from_slice::<Value>(start) else { return false };
    let users = match &value {
        Value::Array(users) => users,
        Value::Object(object) => match object.get("members") {
            Some(Value::Array(users)) => users,
            _ => return false,
        },
        _ => return false,
    };
    let is_user = |user: &Value| {
        user.get("id").is_some_and(Value::is_string) && user.get("profile").is_some_and(Value::is_object)
    };
    if users.is_empty() || !users.iter().all(is_user) {
        return false;
    }
    for user in users {
        let id = word(user, "id").unwrap_or_default();
        let profile = user.get("profile").unwrap_or(&Value::Null);
        let zone = user.get("tz_offset").and_then(Value::as_i64).and_then(|seconds| i32::try_from(seconds).ok());
        let member = Member {
            name: word(profile, "real_name")
                .or(word(user, "real_name"))
                .or(word(profile, "display_name"))
                .or(word(user, "name"))
                .map(str::to_owned),
            address: word(profile, "email").map(str::to_owned),
            zone: zone.and_then(|seconds| Offset::from_seconds(seconds).ok()),
            team: word(user, "team_id").or(word(profile, "team")).map(str::to_owned),
        };
        learn(id, member, collected);
    }
    true
}

fn learn(id: &str, member: Member, collected: &mut Collected) {
    if let (Some(name), Some(address)) = (&member.name, &member.address) {
        let team = member.team.clone();
        collected.acquaintances.push(Acquaintance { name: name.clone(), address: address.clone(), team });
    }
    collected.members.insert(id.to_owned(), member);
}

fn word<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str).map(str::trim).filter(|word| !word.is_empty())
}

pub(in crate::intake) fn read(origin: &Origin, chat: Chat, collected: &mut Collected) {
    let source = origin.source.clone();
    // Profiles inside messages name people whom the list of users does not.
    for message in &chat.messages {
        if let (Some(id), Some(profile)) = (word(message, "user"), message.get("user_profile"))
            && !collected.members.contains_key(id)
        {
            let name = word(profile, "real_name").or(word(profile, "display_name")).or(word(profile, "name"));
            let member = Member {
                name: name.map(str::to_owned),
                address: word(profile, "email").map(str::to_owned),
                zone: None,
                team: word(profile, "team").map(str::to_owned),
            };
            learn(id, member, collected);
        }
    }
    let mut reader = Reader { origin, collected, dropped: 0, repeated: 0, strange: 0 };
    let mut messages: Vec<DraftMessage> =
        chat.messages.iter().filter_map(|message| reader.read_message(message)).collect();
    let (dropped, repeated, strange) = (reader.dropped, reader.repeated, reader.strange);
    for (count, what) in [
        (dropped, "notices (joined, left, deleted) were left out"),
        (repeated, "messages were given before: counted once"),
        (strange, "entries are no messages and were left out"),
    ] {
        if count > 0 {
            collected.warn(&source, "", format!("{count} {what}"));
        }
    }
    if chat.has_more {
        collected.warn(&source, "", "the channel has more messages than this file holds");
    }
    if chat.messages.is_empty() {
        collected.warn(&source, "", "it holds no messages");
    }
    sort_by_time(&mut messages);
    let title = chat.title.or_else(|| folder_title(&origin.name));
    collected.add(origin, Draft { source, kind: DocumentKind::Chat, format: "slack", title, messages });
}

/// In an export, `deal-northwind/2026-03-02.json` is a day of the channel `#deal-northwind`.
fn folder_title(name: &str) -> Option<String> {
    let mut parts = name.rsplit(['/', '\\']);
    crate::intake::dates::read_file_name(parts.next()?)?;
    parts.next().filter(|folder| !folder.is_empty() && *folder != ".").map(|folder| format!("#{folder}"))
}

struct Reader<'a> {
    origin: &'a Origin,
    collected: &'a mut Collected,
    dropped: usize,
    repeated: usize,
    strange: usize,
}

impl Reader<'_> {
    fn read_message(&mut self, value: &Value) -> Option<DraftMessage> {
        // An edit arrives with the message as it is now inside.
        let value = value.get("message").filter(|_| word(value, "subtype") == Some("message_changed")).unwrap_or(value);
        if word(value, "subtype").is_some_and(|subtype| NOTICES.contains(&subtype)) {
            self.dropped += 1;
            return None;
        }
        let Some(stamp) = stamp_of(value.get("ts")).filter(|_| is_message(value)) else {
            self.strange += 1;
            return None;
        };
        let member = word(value, "user").and_then(|id| self.collected.members.get(id)).cloned().unwrap_or_default();
        let tidied = text::tidy(&self.words(value), &self.collected.limits);
        self.collected.warn_of_cuts(&self.origin.source, &stamp, &tidied);
        let shared = self.shared(value);
        let key = format!("slack {stamp}");
        match self.collected.meet(&key, &format!("{} {}", tidied.text, word(value, "user").unwrap_or_default())) {
            Acquainted::SameWords => {
                self.repeated += 1;
                return None;
            }
            Acquainted::New | Acquainted::OtherWords => {}
        }
        self.note_files(value, &stamp);
        let mut message = DraftMessage {
            author: author_of(value, &member),
            team: ["user_team", "source_team", "team"]
                .iter()
                .find_map(|key| word(value, key))
                .map(str::to_owned)
                .or(member.team),
            at: read_stamp(&stamp),
            zone: member.zone,
            pieces: quoted::split_quotes(&tidied.text, &Setting::default()),
            text: tidied.text,
            key: Some(key),
            parents: stamp_of(value.get("thread_ts")).map(|parent| format!("slack {parent}")).into_iter().collect(),
            ..DraftMessage::default()
        };
        for (author, at, words) in shared {
            append_shared(&mut message, author, at, &text::tidy(&words, &self.collected.limits));
        }
        Some(message)
    }

    fn words(&self, value: &Value) -> String {
        let members: &FxHashMap<String, Member> = &self.collected.members;
        if let Some(text) = word(value, "text") {
            return slack_text::render(text, members);
        }
        let blocks = value.get("blocks").map(slack_text::words_of).filter(|words| !words.is_empty());
        let attached = || value.get("attachments").filter(|_| self.shared(value).is_empty()).map(slack_text::words_of);
        slack_text::render(&blocks.or_else(attached).unwrap_or_default(), members)
    }

    /// Messages of others that were shared into this one.
    fn shared(&self, value: &Value) -> Vec<(Option<String>, Option<Timestamp>, String)> {
        let attachments = value.get("attachments").and_then(Value::as_array).into_iter().flatten();
        let is_shared = |attachment: &&Value| {
            let flag = |key: &str| attachment.get(key) == Some(&Value::Bool(true));
            flag("is_share") || flag("is_msg_unfurl")
        };
        let shared = attachments.filter(is_shared).filter_map(|attachment| {
            let words = slack_text::render(word(attachment, "text")?, &self.collected.members);
            let at = stamp_of(attachment.get("ts")).and_then(|stamp| read_stamp(&stamp));
            Some((word(attachment, "author_name").map(str::to_owned), at, words))
        });
        shared.collect()
    }

    /// Files are named, not contained: documents are missing, pictures are mentioned.
    fn note_files(&mut self, value: &Value, stamp: &str) {
        for file in value.get("files").and_then(Value::as_array).into_iter().flatten() {
            let name = word(file, "name").or(word(file, "title")).unwrap_or("a file");
            let gone = matches!(word(file, "mode"), Some("tombstone" | "hidden_by_limit"));
            let picture = word(file, "mimetype").is_some_and(|kind| kind.starts_with("image/"));
            if gone || picture {
                let why = if gone { "was deleted" } else { "is a picture and was not read" };
                self.collected.warn(&self.origin.source, stamp, format!("{name} {why}"));
                continue;
            }
            let reason = "Slack's answer names the file but does not contain it".to_owned();
            self.collected.warn(&self.origin.source, stamp, format!("{name} not read: {reason}"));
            let unread = Unread { source: name.to_owned(), inside: Some(self.origin.source.clone()), reason };
            if !self.collected.unread.contains(&unread) {
                self.collected.unread.push(unread);
            }
        }
    }
}

fn author_of(value: &Value, member: &Member) -> Author {
    let bot = value.get("bot_profile").and_then(|bot| word(bot, "name"));
    let name = member.name.as_deref().or(word(value, "username")).or(bot).map(names::tidy_name);
    // An id is better than nobody; where a name is known it only confuses.
    let id = word(value, "user").or(word(value, "bot_id")).filter(|_| name.is_none());
    Author { name, address: member.address.as_deref().or(id).map(str::to_owned), side: Default::default() }
}

fn append_shared(message: &mut DraftMessage, author: Option<String>, at: Option<Timestamp>, words: &Tidied) {
    let words = words.text.as_str();
    if words.trim().is_empty() {
        return;
    }
    if !message.text.is_empty() {
        message.text.push('\n');
    }
    let start = message.text.len();
    message.text.push_str(words);
    let mut piece = crate::intake::draft::Piece::new(SegmentKind::Forward, start, message.text.len());
    piece.segment.author = author.map(|name| Author { name: Some(name), ..Author::default() });
    piece.segment.at = at;
    message.pieces.push(piece);
}

/// `1772528400.000200` as written, also where it came as a number.
fn stamp_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(stamp) => read_stamp(stamp).map(|_| stamp.clone()),
        Value::Number(number) => Some(number.to_string()).filter(|stamp| read_stamp(stamp).is_some()),
        _ => None,
    }
}

fn read_stamp(stamp: &str) -> Option<Timestamp> {
    let (seconds, fraction) = stamp.split_once('.').unwrap_or((stamp, ""));
    let micros = format!("{fraction:0<6}");
    let seconds = seconds.parse::<i64>().ok()?;
    Timestamp::from_microsecond(seconds.checked_mul(1_000_000)?.checked_add(micros.get(..6)?.parse().ok()?)?).ok()
}
