//! What was said, by whom and when: documents, the messages in them, and the
//! record of the CRM. Every later offset points into a message's `text`, which
//! never changes once it stands here. Intake makes conversations; everything
//! after it only reads them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All context of one handoff, in time order where time is known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conversation {
    pub documents: Vec<Document>,
    pub messages: Vec<Message>,
    /// CRM properties as given, not typed or mapped yet.
    pub record: serde_json::Map<String, serde_json::Value>,
    /// The documents of those properties that do not come from the first record document.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub record_sources: BTreeMap<String, String>,
    pub warnings: Vec<Warning>,
    /// Documents and text attachments that could not be read. Each becomes a
    /// blocking gap, because what was not read may hold what is missing.
    #[serde(default)]
    pub unread: Vec<Unread>,
    /// Where each batch after the first begins; empty where all context came at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<Batch>,
    /// The number of the later batch, counted from one, that gave a property of the record its value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub record_batches: BTreeMap<String, u32>,
    /// What the heads of mails tell beside their author; for the reading alone, never shown.
    #[serde(skip)]
    pub envelopes: BTreeMap<MessageId, Envelope>,
}

/// What the head of a mail tells of its way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The addresses it went to, in lower case.
    pub to: Vec<String>,
    /// Its own Message-ID, in angle brackets.
    pub id: Option<String>,
    /// The Message-IDs that it says it answers, nearest first, in angle brackets.
    pub answers: Vec<String>,
    /// It came inside another mail or attached to something: whoever sent that may have written its head.
    pub is_enclosed: bool,
    /// A program wrote it by itself, such as a notice of absence.
    pub is_automatic: bool,
}

/// Context that came later: where it begins, and what it told anew of what stood there before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Batch {
    /// The id of its first message; the next free id where it has none.
    pub first: MessageId,
    /// Documents that were there before it.
    pub documents: usize,
    /// Earlier messages of whose author it told the side. All else of them is as it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told_sides: Vec<MessageId>,
    /// The record as it was before, where this batch changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_before: Option<RecordState>,
}

/// The properties of the record at one time, as in a [`Conversation`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordState {
    pub properties: serde_json::Map<String, serde_json::Value>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sources: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub batches: BTreeMap<String, u32>,
}

/// One file or payload as it came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// `d1`, `d2`, … in the order given.
    pub id: String,
    /// The name a person knows it by, usually the file name.
    pub source: String,
    pub kind: DocumentKind,
    /// How it was recognised: `eml`, `mbox`, `vtt`, `srt`, `txt`, `slack`, `note`, `json`.
    pub format: String,
    pub title: Option<String>,
    pub messages: Vec<MessageId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Email,
    Transcript,
    Chat,
    Note,
    Record,
}

/// `m1`, `m2`, …: given once and never reused for other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u32);

impl MessageId {
    /// Stands for what Baton itself wrote. No message of a conversation has this id.
    pub const OURS: MessageId = MessageId(0);
}

/// One e-mail, one chat message, one turn of a call, one note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    pub id: MessageId,
    /// The id of the [`Document`] it stands in.
    pub document: String,
    pub author: Author,
    /// When it was written or said; `None` when unknown.
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// The author's offset from UTC at that time (`+01:00`), for relative dates; `None` when unknown.
    #[serde(with = "offset_text", default)]
    #[schemars(with = "Option<String>")]
    pub zone: Option<Offset>,
    pub subject: Option<String>,
    pub reply_to: Option<MessageId>,
    /// All text of the message.
    pub text: String,
    /// Cover `text` in order, without gaps other than white space.
    pub segments: Vec<Segment>,
}

/// Who wrote or said something, as far as the source tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Author {
    pub name: Option<String>,
    /// E-mail address or chat handle.
    pub address: Option<String>,
    pub side: Side,
}

/// Which company a person belongs to, seen from the user of Baton.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Ours,
    Theirs,
    #[default]
    Unknown,
}

/// A stretch of a message's text that is of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    pub kind: SegmentKind,
    /// Byte offset into the message's text.
    pub start: usize,
    /// Byte offset one past the end.
    pub end: usize,
    /// Who said a quoted or forwarded stretch, where its header tells; `None` in a body.
    pub author: Option<Author>,
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// The message that said this first: such a stretch is kept but counts there, not here. `m0` is no message of the
    /// conversation: it stands for what Baton wrote itself, which counts nowhere.
    pub same_as: Option<MessageId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    Body,
    Quote,
    Signature,
    Forward,
}

/// Something a person should know about how a source was read; nothing was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    pub source: String,
    /// The place inside the source (`part 2`, `line 14`), empty for the whole.
    #[serde(rename = "where")]
    pub place: String,
    pub message: String,
}

/// A document or attachment whose content is not in the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The name of the file or attachment.
    pub source: String,
    /// The file it came in, when it is an attachment.
    pub inside: Option<String>,
    pub reason: String,
}

impl Conversation {
    /// Ids are dense from `m1`, so that a look-up is an index.
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.messages
            .get((id.0 as usize).wrapping_sub(1))
            .filter(|message| message.id == id)
            .or_else(|| self.messages.iter().find(|message| message.id == id))
    }

    /// Who said a segment: its own author; the message's author for what they wrote themselves; whoever said it first
    /// for words that only return; nobody known for other words that were passed on.
    pub fn speaker<'a>(&'a self, message: &'a Message, segment: &'a Segment) -> &'a Author {
        let first = || segment.same_as.and_then(|id| self.message(id)).map(|first| &first.author);
        match (&segment.author, segment.kind) {
            (Some(author), _) => author,
            (None, SegmentKind::Body | SegmentKind::Signature) => &message.author,
            (None, SegmentKind::Quote | SegmentKind::Forward) => first().unwrap_or(&NOBODY),
        }
    }

    /// When a segment was said, by the same rule.
    pub fn said_at(&self, message: &Message, segment: &Segment) -> Option<Timestamp> {
        let first = || segment.same_as.and_then(|id| self.message(id)).and_then(|first| first.at);
        match segment.kind {
            SegmentKind::Body | SegmentKind::Signature => segment.at.or(message.at),
            SegmentKind::Quote | SegmentKind::Forward => segment.at.or_else(first),
        }
    }

    /// Documents, messages and record as the first `count` batches alone make them, without warnings and without what
    /// was left unread; the whole where there are no more batches.
    pub fn as_of_batch(&self, count: usize) -> Conversation {
        let (kept, later) = self.batches.split_at_checked(count.saturating_sub(1)).unwrap_or((&self.batches, &[]));
        let documents = later.first().map_or(self.documents.len(), |next| next.documents);
        let end = later.first().map_or(u32::MAX, |next| next.first.0);
        let mut messages: Vec<Message> =
            self.messages.iter().take_while(|message| message.id.0 < end).cloned().collect();
        for id in later.iter().flat_map(|batch| &batch.told_sides) {
            if let Some(message) = messages.get_mut((id.0 as usize).wrapping_sub(1)) {
                message.author.side = Side::Unknown;
            }
        }
        let now = || RecordState {
            properties: self.record.clone(),
            sources: self.record_sources.clone(),
            batches: self.record_batches.clone(),
        };
        let record = later.iter().find_map(|batch| batch.record_before.clone()).unwrap_or_else(now);
        Conversation {
            documents: self.documents.iter().take(documents).cloned().collect(),
            messages,
            record: record.properties,
            record_sources: record.sources,
            record_batches: record.batches,
            batches: kept.to_vec(),
            envelopes: self.envelopes.range(..MessageId(end)).map(|(id, one)| (*id, one.clone())).collect(),
            warnings: Vec::new(),
            unread: Vec::new(),
        }
    }

    pub fn document(&self, id: &str) -> Option<&Document> {
        // Ids are `d` and the place in the list, counted from one, wherever intake gave them.
        let guess = id.strip_prefix('d').and_then(|number| number.parse::<usize>().ok()).unwrap_or_default();
        match self.documents.get(guess.wrapping_sub(1)) {
            Some(document) if document.id == id => Some(document),
            _ => self.documents.iter().find(|document| document.id == id),
        }
    }
}

impl Message {
    /// Whether a place of its text is in what Baton wrote itself.
    pub fn is_ours_at(&self, at: usize) -> bool {
        let around = self.segments.iter().find(|segment| segment.start <= at && at < segment.end);
        around.is_some_and(|segment| segment.same_as == Some(MessageId::OURS))
    }
}

/// Who speaks where nobody is named.
static NOBODY: Author = Author { name: None, address: None, side: Side::Unknown };

impl Author {
    /// The name if there is one, else the address.
    pub fn label(&self) -> Option<&str> {
        self.name.as_deref().or(self.address.as_deref())
    }
}

impl std::fmt::Display for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "m{}", self.0)
    }
}

impl std::str::FromStr for MessageId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.strip_prefix('m')
            .and_then(|digits| digits.parse().ok())
            .map(MessageId)
            .ok_or_else(|| format!("`{text}` is not a message id like m7"))
    }
}

impl Serialize for MessageId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MessageId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for MessageId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MessageId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "pattern": "^m[0-9]+$"})
    }
}

/// Offsets as `+01:00`, which people and JSON readers know.
mod offset_text {
    use jiff::tz::Offset;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(offset: &Option<Offset>, serializer: S) -> Result<S::Ok, S::Error> {
        match offset {
            None => serializer.serialize_none(),
            Some(offset) => {
                let minutes = offset.seconds() / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                let minutes = minutes.abs();
                serializer.serialize_some(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
            }
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Offset>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else { return Ok(None) };
        parse(&text).map(Some).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not an offset like +01:00")))
    }

    fn parse(text: &str) -> Option<Offset> {
        let (sign, rest) = match text.as_bytes().first()? {
            b'+' => (1, &text[1..]),
            b'-' => (-1, &text[1..]),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
        Offset::from_seconds(sign * seconds).ok()
    }
}
