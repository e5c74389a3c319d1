//! Microsoft Teams as Microsoft Graph gives it: one `chatMessage`, lists of
//! them under `value`, answers nested in `replies`, and lists of members
//! (Graph reference: "chatMessage resource type", "conversationMember resource
//! type"). Bodies are HTML; quoted and forwarded messages come as attachments
//! whose content is JSON in a string.

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::{reactions, teams_body, word};
use crate::conversation::{Author, DocumentKind, SegmentKind, Unread};
use crate::intake::draft::{Acquaintance, Acquainted, Collected, Draft, DraftMessage, Origin, sort_by_time};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::names;
use crate::intake::text;

/// A chat or channel as it came.
#[derive(Debug)]
pub(in crate::intake) struct Chat {
    messages: Vec<Value>,
    title: Option<String>,
    has_more: bool,
}

impl Chat {
    /// Takes messages out of an answer of Graph; gives other JSON back.
    pub(in crate::intake) fn recognise(value: Value) -> Result<Chat, Value> {
        match value {
            Value::Array(messages) if messages.iter().any(is_message) => {
                Ok(Chat { messages, title: None, has_more: false })
            }
            Value::Object(object) if is_message_object(&object) => {
                Ok(Chat { messages: vec![Value::Object(object)], title: None, has_more: false })
            }
            Value::Object(mut object) => {
                let has_more = object.contains_key("@odata.nextLink") || object.contains_key("messages@odata.nextLink");
                let title = object.get("topic").and_then(Value::as_str).filter(|topic| !topic.is_empty());
                let title = title.map(str::to_owned);
                for key in ["value", "messages"] {
                    if let Some(Value::Array(messages)) = object.get_mut(key)
                        && messages.iter().any(is_message)
                    {
                        return Ok(Chat { messages: std::mem::take(messages), title, has_more });
                    }
                }
                Err(Value::Object(object))
            }
            other => Err(other),
        }
    }
}

fn is_message(value: &Value) -> bool {
    value.as_object().is_some_and(is_message_object)
}

/// Mails of Graph have a body as well, but neither a message type nor a chat.
fn is_message_object(object: &Map<String, Value>) -> bool {
    object.contains_key("messageType")
        && object.get("createdDateTime").is_some_and(Value::is_string)
        && object.get("body").is_some_and(|body| body.get("content").is_some() || body.is_null())
}

/// Takes a list of a chat's members in; false when the bytes are none.
pub(in crate::intake) fn read_members(bytes: &[u8], collected: &mut Collected) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let wanted = start.starts_with(b"[") || start.starts_with(b"{");
    if !wanted || bytes.len() > collected.limits.document_bytes {
        return false;
    }
    if memchr::memmem::find(start, b"onversationMember\"").is_none() {
        return false;
    }
    let Ok(value) = serde_json::from_slice::<Value>(start) else { return false };
    let list = if value.is_array() { Some(&value) } else { value.get("value") };
    let Some(members) = list.and_then(Value::as_array) else { return false };
    let is_member = |member: &Value| {
        word(member, "@odata.type").is_some_and(|kind| kind.ends_with("onversationMember"))
            && word(member, "displayName").is_some()
    };
    if members.is_empty() || !members.iter().all(is_member) {
        return false;
    }
    for member in members {
        if let (Some(name), Some(address)) = (word(member, "displayName"), word(member, "email")) {
            let team = word(member, "tenantId").map(str::to_owned);
            collected.acquaintances.push(Acquaintance { name: name.to_owned(), address: address.to_owned(), team });
        }
    }
    true
}

/// Makes the chat a document.
pub(in crate::intake) fn read(origin: &Origin, chat: Chat, collected: &mut Collected) {
    let source = origin.source.clone();
    let mut reader = Reader { origin, collected, names: FxHashMap::default(), counts: Counts::default() };
    for message in chat.messages.iter().flat_map(with_replies) {
        reader.learn_names(message);
    }
    let mut messages = Vec::with_capacity(chat.messages.len());
    let mut has_more = chat.has_more;
    for top in &chat.messages {
        has_more |= top.get("replies@odata.nextLink").is_some();
        let thread = word(top, "id");
        for message in with_replies(top) {
            reader.read_message(message, thread, &mut messages);
        }
    }
    let counts = std::mem::take(&mut reader.counts);
    let told = [
        (counts.notices, "notices (joined, left, called) were left out"),
        (counts.deleted, "messages were deleted: their words are not read"),
        (counts.edited, "messages were edited: their last words are read, under their first time"),
        (counts.repeated, "messages were given before: counted once"),
        (counts.otherwise, "messages were given before with other words: both are kept"),
        (counts.pictures, "pictures stand in messages and were not read"),
        (counts.crowd, "people's reactions were left out, since so many reacted to the same message"),
        (counts.strange, "entries hold no message and were left out"),
    ];
    super::warn_of_counts(&source, &told, collected);
    if has_more {
        collected.warn(&source, "", "the chat has more messages than this file holds");
    }
    sort_by_time(&mut messages);
    collected.add(origin, Draft { source, kind: DocumentKind::Chat, format: "teams", title: chat.title, messages });
}

/// A message and the answers nested in it.
fn with_replies(message: &Value) -> impl Iterator<Item = &Value> {
    let replies = message.get("replies").and_then(Value::as_array).into_iter().flatten();
    std::iter::once(message).chain(replies)
}

#[derive(Debug, Default)]
struct Counts {
    notices: usize,
    deleted: usize,
    edited: usize,
    repeated: usize,
    otherwise: usize,
    pictures: usize,
    crowd: usize,
    strange: usize,
}

struct Reader<'a> {
    origin: &'a Origin,
    collected: &'a mut Collected,
    /// Names by the id of a user, for reactions that carry the id alone.
    names: FxHashMap<String, String>,
    counts: Counts,
}

impl Reader<'_> {
    fn learn_names(&mut self, message: &Value) {
        let mentioned = list(message, "mentions").filter_map(|mention| mention.get("mentioned"));
        for identity in message.get("from").into_iter().chain(mentioned) {
            if let Some(user) = identity.get("user")
                && let (Some(id), Some(name)) = (word(user, "id"), word(user, "displayName"))
            {
                self.names.entry(id.to_owned()).or_insert_with(|| name.to_owned());
            }
        }
    }

    fn read_message(&mut self, value: &Value, thread: Option<&str>, messages: &mut Vec<DraftMessage>) {
        let Some(id) = word(value, "id").filter(|_| is_message(value)) else {
            self.counts.strange += 1;
            return;
        };
        if word(value, "deletedDateTime").is_some() {
            self.counts.deleted += 1;
            return;
        }
        let is_event = value.get("eventDetail").is_some_and(|detail| !detail.is_null());
        if is_event || word(value, "messageType") != Some("message") {
            self.counts.notices += 1;
            return;
        }
        let body = value.get("body").unwrap_or(&Value::Null);
        let (words, pictures) = teams_body::words_of(body, &self.collected.limits);
        let source = &self.origin.source;
        self.collected.warn_of_cuts(source, id, &words);
        self.counts.pictures += pictures;
        self.counts.edited += usize::from(word(value, "lastEditedDateTime").is_some());
        let key = key_of(value, id);
        let from = value.get("from").unwrap_or(&Value::Null);
        let by_app = from.get("user").is_none_or(Value::is_null);
        let author = self.author_of(from);
        match self.collected.meet(&key, &format!("{} {}", words.text, author.label().unwrap_or_default())) {
            Acquainted::SameWords => {
                self.counts.repeated += 1;
                return;
            }
            Acquainted::OtherWords => self.counts.otherwise += 1,
            Acquainted::New => {}
        }
        let parent = word(value, "replyToId").or(thread).filter(|parent| *parent != id);
        let mut draft = DraftMessage {
            author,
            team: from.get("user").and_then(|user| word(user, "tenantId")).map(str::to_owned),
            at: time_of(value, "createdDateTime"),
            subject: word(value, "subject").map(str::to_owned),
            key: Some(key.clone()),
            parents: parent.map(|parent| key_of(value, parent)).into_iter().collect(),
            ..DraftMessage::default()
        };
        // What is answered stands above the answer, as people see it.
        for quoted in list(value, "attachments").filter(|attachment| is_quote(attachment)) {
            self.read_quote(quoted, value, &mut draft);
        }
        append_body(&mut draft, &words.text);
        for attachment in list(value, "attachments").filter(|attachment| !is_quote(attachment)) {
            self.read_attachment(attachment, (id, by_app), &mut draft);
        }
        let own = from.get("user").and_then(|user| word(user, "id"));
        messages.push(draft);
        self.read_reactions(value, own, &key, messages);
    }

    fn author_of(&self, identity: &Value) -> Author {
        let of = |key: &str| identity.get(key).filter(|who| !who.is_null());
        let Some(who) = of("user").or_else(|| of("application")).or_else(|| of("device")) else {
            return Author::default();
        };
        let id = word(who, "id");
        let known = id.and_then(|id| self.names.get(id)).map(String::as_str);
        let name = word(who, "displayName").or(known).map(names::tidy_name);
        // An id is better than nobody; where a name is known it only confuses.
        Author { address: id.filter(|_| name.is_none()).map(str::to_owned), name, ..Author::default() }
    }

    fn read_quote(&mut self, attachment: &Value, message: &Value, draft: &mut DraftMessage) {
        let content = content_of(attachment);
        let words = text::tidy(word(&content, "messagePreview").unwrap_or_default(), &self.collected.limits);
        let author = content.get("messageSender").map(|sender| self.author_of(sender));
        super::append(draft, SegmentKind::Quote, author, None, &words);
        let answered = word(&content, "messageId").or(word(attachment, "id"));
        draft.parents.splice(0..0, answered.map(|id| key_of(message, id)));
    }

    fn read_attachment(&mut self, attachment: &Value, (id, by_app): (&str, bool), draft: &mut DraftMessage) {
        let kind = word(attachment, "contentType").unwrap_or_default();
        let content = content_of(attachment);
        match kind {
            "forwardedMessageReference" => {
                let body = word(&content, "originalMessageContent").unwrap_or_default();
                let (words, pictures) = teams_body::html(body, &self.collected.limits);
                self.counts.pictures += pictures;
                let author = content.get("originalMessageSender").map(|sender| self.author_of(sender));
                let at = time_of(&content, "originalSentDateTime");
                super::append(draft, SegmentKind::Forward, author, at, &words);
            }
            _ if kind.starts_with("application/vnd.microsoft.card") => {
                // A card is what an app says; whoever posted it did not write it.
                let words = text::tidy(&teams_body::card(&content), &self.collected.limits);
                let (kind, author) = match by_app {
                    true => (SegmentKind::Body, None),
                    false => (SegmentKind::Forward, Some(Author::default())),
                };
                super::append(draft, kind, author, None, &words);
            }
            _ => self.note_file(attachment, kind, id),
        }
    }

    fn note_file(&mut self, attachment: &Value, kind: &str, place: &str) {
        let Some(name) = word(attachment, "name").or(word(attachment, "contentUrl")) else { return };
        if kind.starts_with("image/") {
            self.collected.warn(&self.origin.source, place, format!("{name} is a picture and was not read"));
            return;
        }
        let reason = "Teams' answer names the file but does not contain it".to_owned();
        self.collected.warn(&self.origin.source, place, format!("{name} not read: {reason}"));
        let unread = Unread { source: name.to_owned(), inside: Some(self.origin.source.clone()), reason };
        self.collected.note_unread(unread);
    }

    /// Behind the message they answer; nobody answers themselves.
    fn read_reactions(&mut self, value: &Value, own: Option<&str>, key: &str, messages: &mut Vec<DraftMessage>) {
        let mut count = 0;
        for reaction in list(value, "reactions") {
            let kind = word(reaction, "reactionType").filter(|kind| *kind != "custom");
            let Some(sign) = kind.or(word(reaction, "displayName")).and_then(reactions::sign_of) else { continue };
            let identity = reaction.get("user").unwrap_or(&Value::Null);
            let user = identity.get("user").unwrap_or(&Value::Null);
            if own.is_some() && word(user, "id") == own {
                continue;
            }
            count += 1;
            if count > reactions::MAX_PEOPLE {
                self.counts.crowd += 1;
                continue;
            }
            let team = word(user, "tenantId").map(str::to_owned);
            let at = time_of(reaction, "createdDateTime");
            messages.push(reactions::answer(self.author_of(identity), team, at, key, sign));
        }
    }
}

fn is_quote(attachment: &Value) -> bool {
    word(attachment, "contentType") == Some("messageReference")
}

/// What an attachment holds: JSON in a string.
fn content_of(attachment: &Value) -> Value {
    let content = word(attachment, "content").and_then(|content| serde_json::from_str(content).ok());
    content.unwrap_or(Value::Null)
}

fn append_body(draft: &mut DraftMessage, words: &str) {
    if !draft.text.is_empty() && !words.is_empty() {
        draft.text.push('\n');
    }
    let shift = draft.text.len();
    draft.text.push_str(words);
    for mut piece in quoted::split_quotes(words, &Setting::default()) {
        piece.segment.start += shift;
        piece.segment.end += shift;
        piece.words_from += shift;
        draft.pieces.push(piece);
    }
}

/// Ids are times: two chats may hold the same one.
fn key_of(message: &Value, id: &str) -> String {
    let channel = message.get("channelIdentity").and_then(|channel| word(channel, "channelId"));
    format!("teams {} {id}", word(message, "chatId").or(channel).unwrap_or_default())
}

fn time_of(value: &Value, key: &str) -> Option<Timestamp> {
    word(value, key)?.parse().ok()
}

fn list<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(value: Value, expected: bool) {
        assert_eq!(Chat::recognise(value.clone()).is_ok(), expected, "{value}");
    }

    #[test]
    fn knows_chats_from_mails_and_records() {
        let message = json!({"id": "1", "messageType": "message", "createdDateTime": "2026-03-02T09:14:00Z",
            "body": {"contentType": "html", "content": "hi"}});
        check(message.clone(), true);
        check(json!({"value": [message.clone()]}), true);
        check(json!([message.clone()]), true);
        check(json!({"topic": "Rollout", "messages": [message]}), true);
        let mail =
            json!({"id": "1", "createdDateTime": "2026-03-02T09:14:00Z", "subject": "x", "body": {"content": "hi"}});
        check(mail, false);
        check(json!({"value": []}), false);
        check(json!({"messageType": "message"}), false);
    }

    #[test]
    fn knows_lists_of_members() {
        let check = |text: &str, expected: bool| {
            let mut collected = Collected::within(crate::config::Limits::default());
            assert_eq!(read_members(text.as_bytes(), &mut collected), expected, "{text}");
        };
        check(
            r##"{"value":[{"@odata.type":"#microsoft.graph.aadUserConversationMember","displayName":"Dana","email":"d@n.example"}]}"##,
            true,
        );
        check(r##"{"value":[{"@odata.type":"#microsoft.graph.user","displayName":"Dana"}]}"##, false);
        check(r#"{"a":"aadUserConversationMember","value":[]}"#, false);
    }
}
