//! A Slack file entry by entry: an answer of `conversations.history` or
//! `conversations.replies` (Slack's Web API reference), a day of an export, or
//! what the Events API sent. Each entry is cut down to a [`Message`] at once,
//! so that memory follows the words and not the JSON around them.

use std::cell::Cell;
use std::fmt;

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::message::{Entry, Message, is_message};
use crate::intake::json::Counted;

/// A chat as it came.
#[derive(Debug, Default)]
pub(in crate::intake) struct Chat {
    pub(super) messages: Vec<Message>,
    pub(super) title: Option<String>,
    /// The id of the channel, where the file tells it.
    pub(super) channel: Option<String>,
    pub(super) has_more: bool,
    pub(super) notices: usize,
    pub(super) deleted: usize,
    pub(super) strange: usize,
    /// Keys that stood twice in one object.
    pub(super) doubled: usize,
    entries: usize,
    /// Where the message of a stamp stands, for edits and deletions that follow it.
    places: FxHashMap<String, usize>,
    is_chat: bool,
}

impl Chat {
    /// Takes the messages out of an answer, a day file or an event; `None` for other JSON and what is none.
    pub(in crate::intake) fn recognise(text: &str) -> Option<Chat> {
        let bytes = text.as_bytes();
        if memchr::memmem::find(bytes, b"\"ts\"").is_none() && memchr::memmem::find(bytes, b"\"messages\"").is_none() {
            return None;
        }
        let doubled = Cell::new(0);
        let mut reader = serde_json::Deserializer::from_str(text);
        let chat = Whole { counted: Counted { doubled: &doubled } }.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        let chat = Chat { doubled: doubled.get(), ..chat };
        chat.is_chat.then_some(chat)
    }

    fn take(&mut self, value: &Value) {
        self.entries += 1;
        self.is_chat |= is_message(value);
        match Entry::read(value) {
            Entry::Said(message) => self.put(*message, false),
            Entry::Changed(message) => self.put(*message, true),
            Entry::Deleted(stamp) => {
                self.deleted += 1;
                if let Some(place) = stamp.and_then(|stamp| self.places.remove(&stamp))
                    && let Some(message) = self.messages.get_mut(place)
                {
                    // Its place stays, since others are known by theirs; reading passes over it.
                    *message = Message::default();
                }
            }
            Entry::Notice => self.notices += 1,
            Entry::Strange => self.strange += 1,
        }
    }

    /// Of a message and its edited form the newer one stays.
    fn put(&mut self, message: Message, changed: bool) {
        self.channel = self.channel.take().or_else(|| message.channel.clone());
        let before = self.places.get(&message.stamp).and_then(|place| self.messages.get_mut(*place));
        match before.filter(|before| before.user == message.user) {
            Some(before) if changed || message.edited > before.edited => *before = message,
            Some(before) if message.edited < before.edited => {}
            _ => {
                self.places.insert(message.stamp.clone(), self.messages.len());
                self.messages.push(message);
            }
        }
    }

    /// Puts a further day of the same conversation behind this one.
    pub(super) fn extend(&mut self, day: Chat) {
        self.messages.extend(day.messages);
        self.has_more |= day.has_more;
        self.notices += day.notices;
        self.deleted += day.deleted;
        self.strange += day.strange;
        self.doubled += day.doubled;
        self.title = self.title.take().or(day.title);
        self.channel = self.channel.take().or(day.channel);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries == 0
    }
}

/// The top of a file.
struct Whole<'c> {
    counted: Counted<'c>,
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Chat;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Chat, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Chat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Chat, A::Error> {
        let mut chat = Chat::default();
        take_all(items, self.counted, &mut chat)?;
        Ok(chat)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Chat, A::Error> {
        let mut chat = Chat::default();
        let mut rest = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if key == "messages" {
                entries.next_value_seed(Messages { counted: self.counted, chat: &mut chat })?;
                chat.is_chat |= chat.entries == 0;
            } else {
                let value = entries.next_value_seed(self.counted)?;
                if rest.insert(key, value).is_some() {
                    self.counted.doubled.set(self.counted.doubled.get() + 1);
                }
            }
        }
        if rest.get("type").and_then(Value::as_str) == Some("event_callback") {
            chat.take(&Value::Object(rest));
            return Ok(chat);
        }
        chat.has_more = rest.get("has_more") == Some(&Value::Bool(true));
        chat.title = channel_name(&rest);
        chat.channel = chat.channel.take().or_else(|| channel_id(&rest));
        Ok(chat)
    }
}

/// The list under `messages`.
struct Messages<'c, 'm> {
    counted: Counted<'c>,
    chat: &'m mut Chat,
}

impl<'de> DeserializeSeed<'de> for Messages<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Messages<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        take_all(items, self.counted, self.chat)
    }
}

/// Entries that are no messages from the start make other JSON: reading on would cost a second parse for nothing.
fn take_all<'de, A: SeqAccess<'de>>(mut items: A, counted: Counted<'_>, chat: &mut Chat) -> Result<(), A::Error> {
    const TRIED: usize = 1_000;
    while let Some(value) = items.next_element_seed(counted)? {
        chat.take(&value);
        if chat.entries == TRIED && !chat.is_chat {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Err(A::Error::custom("no messages"));
        }
    }
    Ok(())
}

fn channel_name(object: &Map<String, Value>) -> Option<String> {
    let channel = object.get("channel");
    let nested = channel.and_then(|channel| channel.get("name"));
    let name = [nested, object.get("channel_name"), object.get("name"), channel]
        .into_iter()
        .flatten()
        .find_map(Value::as_str)?;
    // An id such as C024BE91L names nothing to people.
    (!is_id(name) && !name.is_empty()).then(|| format!("#{}", name.trim_start_matches('#')))
}

fn channel_id(object: &Map<String, Value>) -> Option<String> {
    let channel = object.get("channel")?;
    let id = channel.get("id").unwrap_or(channel).as_str()?;
    is_id(id).then(|| id.to_owned())
}

fn is_id(name: &str) -> bool {
    name.len() >= 8 && name.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(usize, usize, usize)>) {
        let got = Chat::recognise(text).map(|chat| {
            let said = chat.messages.iter().filter(|message| !message.stamp.is_empty()).count();
            (said, chat.deleted, chat.strange)
        });
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn knows_chats_from_other_json() {
        check(r#"[{"ts":"1.0","text":"a"},{"ts":"2.0","text":"b"},7]"#, Some((2, 0, 1)));
        check(r#"{"ok":true,"messages":[]}"#, Some((0, 0, 0)));
        check(r#"{"ok":true,"messages":[{"ts":"1.0","text":"a"}],"has_more":false}"#, Some((1, 0, 0)));
        check(r#"{"messages":[{"id":1}],"ts":1}"#, None);
        check(r#"{"messages":{"ts":1}}"#, None);
        check(r#"{"amount":"5","ts":"x"}"#, None);
        check(r#"[{"ts":"1.0","text":"a"}"#, None);
        check(
            r#"{"type":"event_callback","event":{"type":"message","channel":"C1","user":"U1","ts":"1.0","text":"a"}}"#,
            Some((1, 0, 0)),
        );
    }

    #[test]
    fn keeps_the_last_words() {
        let said = r#"{"ts":"1.0","user":"U1","text":"old"}"#;
        let changed = r#"{"subtype":"message_changed","ts":"3.0","message":{"ts":"1.0","user":"U1","text":"new"}}"#;
        let edited = r#"{"ts":"1.0","user":"U1","text":"newer","edited":{"ts":"4.0"}}"#;
        let deleted = r#"{"subtype":"message_deleted","ts":"5.0","deleted_ts":"1.0"}"#;
        let last = |entries: &[&str]| {
            let chat = Chat::recognise(&format!("[{}]", entries.join(","))).unwrap();
            chat.messages.iter().map(|message| message.words.as_str()).collect::<Vec<_>>().join("|")
        };
        assert_eq!(last(&[said, changed]), "new");
        assert_eq!(last(&[said, edited]), "newer");
        assert_eq!(last(&[edited, said]), "newer");
        assert_eq!(last(&[said, deleted]), "");
        assert_eq!(last(&[said, said]), "old|old");
    }
}
