//! The brief: one state, value and evidence per field of the route, the gaps
//! with their questions, the prose with its quotes, the warnings and what the
//! reading cost. This is the JSON that people and automations rely on; keys
//! may be added, never renamed or dropped.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::conversation::{MessageId, Side, Warning};

/// The structured handoff brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    pub route: RouteVersion,
    pub engine: Engine,
    pub verdict: Verdict,
    /// The share of the messages' text that a reader really read, 0 to 1.
    pub coverage: f64,
    /// One entry per field of the route, in the route's order.
    #[schemars(with = "BTreeMap<String, FieldBrief>")]
    pub fields: FieldMap,
    pub gaps: Vec<Gap>,
    pub summary: Summary,
    pub warnings: Vec<Warning>,
    pub usage: Usage,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteVersion {
    pub id: String,
    pub version: u32,
}

/// What read the context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Engine {
    pub kind: EngineKind,
    pub model: Option<String>,
    /// Name and version of the prompt, `brief@4`.
    pub prompt: Option<String>,
    /// True when a model was asked for but rules had to read instead.
    pub degraded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    Extractive,
    Llm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every required field is settled and everything was read.
    Complete,
    /// At least one gap blocks the transfer.
    Incomplete,
    /// Part of the context was not read, so an absent fact proves nothing.
    IncompleteRun,
}

/// Fields by key in the order of the route.
pub type FieldMap = crate::route::Ordered<FieldBrief>;

/// What is known of one field. The default is a missing field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldBrief {
    pub state: FieldState,
    /// Typed: `"2026-07-01"`, `{"amount": "86400", "currency": "USD"}`, a list, a bool …; null unless found.
    pub value: Json,
    /// Where the value comes from; null without a value, unless a person said why there is none.
    pub origin: Option<Origin>,
    pub evidence: Vec<Evidence>,
    /// Earlier values that a later one replaced.
    pub superseded: Vec<Superseded>,
    /// Values that were seen but may not stand by themselves.
    pub candidates: Vec<Candidate>,
    /// The CRM property behind a value of origin `crm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordProperty>,
    /// The named person behind a value of origin `person`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why the state is what it is, in plain words; null where the state says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the record was read or the person answered, so that their word can grow old too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// The day (`2026-03-10`) until which `unknown_by_design` stands; after it the field is missing again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Who finds out until `due`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The receiving team sent it back: it must be settled, even where the route leaves it open.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub returned: bool,
    /// The fields without which a rule cannot be judged, when that alone makes this one `invalid`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
}

/// The nine states of a field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    Found,
    #[default]
    Missing,
    /// Something was said, but not specific enough for this field.
    Vague,
    Conflicting,
    /// Breaks a rule of the route or cannot be read as the field's type.
    Invalid,
    /// Older than the field allows.
    Stale,
    /// Stated, but not by someone or in a way that settles it.
    Unconfirmed,
    /// A named person said, with a reason, that it does not apply.
    NotApplicable,
    /// A named person said that nobody knows yet, with who will and by when.
    UnknownByDesign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Source,
    Crm,
    Person,
}

/// Words in a message that show a value. `start` and `end` are byte offsets
/// into the message's text, and `quote` is cut from there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The document's name.
    pub source: String,
    pub message: MessageId,
    pub quote: String,
    /// Null for tier `author`, whose quote is the author's name or address.
    pub start: Option<usize>,
    pub end: Option<usize>,
    pub author: Option<String>,
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    pub tier: Tier,
}

/// How a reader's quote was matched to the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// The very bytes.
    Exact,
    /// The same words after case, quotes, dashes and white space.
    Normalised,
    /// Parts of one sentence in order.
    Ellipsis,
    /// Only filler words of the source are missing.
    Disfluency,
    /// True, but in another message than the one cited.
    Relocated,
    /// The author line of the message.
    Author,
    /// One letter off: never verified, a person confirms.
    Near,
}

/// A value that a later one replaced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    pub value: Json,
    pub origin: Origin,
    pub evidence: Vec<Evidence>,
}

/// A value that a person may pick.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// `c_` and twelve hex digits, the same for the same field and value on every reading.
    pub id: String,
    pub value: Json,
    pub evidence: Vec<Evidence>,
    /// Why it does not stand by itself.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordProperty {
    /// The document's name, or `known` for values handed over with the request.
    pub source: String,
    pub property: String,
    pub raw: String,
}

impl FieldState {
    /// Nobody has to be asked about the field: it has a value, or a named person said why it has none.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Found | Self::NotApplicable | Self::UnknownByDesign)
    }
}

impl Tier {
    /// Whether words matched like this may carry a value without a person's word.
    pub fn is_verified(self) -> bool {
        self != Self::Near
    }
}

impl Brief {
    /// SHA-256 over the whole brief as canonical JSON, in hex: the same after any store that reorders keys.
    pub fn digest(&self) -> String {
        let json = serde_json::to_value(self).unwrap_or(Json::Null);
        hex_sha256(canonical(&json).as_bytes())
    }
}

/// The id of a candidate: `c_` and twelve hex digits over the field and the value, so that
/// the same value keeps its id however often the context is read.
pub fn candidate_id(field_key: &str, value: &Json) -> String {
    let digest = hex_sha256(format!("{field_key}\n{}", canonical(value)).as_bytes());
    format!("c_{}", digest.get(..12).unwrap_or(&digest))
}

/// JSON with sorted keys and no white space: equal values have equal text.
fn canonical(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            let inner: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Json::String(key.clone()), canonical(value)))
                .collect();
            format!("{{{}}}", inner.join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        scalar => scalar.to_string(),
    }
}

fn hex_sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Something that is needed and not there, and the question that closes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// Null for a source that could not be read.
    pub field: Option<String>,
    /// The unread source; null for a field.
    pub source: Option<String>,
    pub kind: GapKind,
    pub blocking: bool,
    pub question: String,
    pub why: String,
    pub ask: Ask,
    /// The words that came closest.
    pub nearest: Option<Evidence>,
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    Missing,
    Vague,
    Conflicting,
    Invalid,
    Stale,
    Unconfirmed,
    UnreadSource,
}

/// Who can close a gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// `sender`, `receiver`, `owner`, or `address` when the route names one.
    pub role: String,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// The prose of the brief: every statement carries its evidence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub headline: Option<Statement>,
    pub situation: Vec<Statement>,
    pub decisions: Vec<Statement>,
    pub risks: Vec<Statement>,
    pub open_questions: Vec<Statement>,
    pub promises: Vec<Promise>,
    pub next_action: Option<NextAction>,
    pub people: Vec<PersonSeen>,
    /// Items that were left out because their words did not support them.
    pub left_out: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub text: String,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    pub text: String,
    pub who: Option<String>,
    pub to: Option<String>,
    pub what: String,
    pub by: Option<String>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextAction {
    pub what: String,
    pub who: Option<String>,
    pub by: Option<String>,
    pub evidence: Vec<Evidence>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonSeen {
    pub name: String,
    pub role: Option<String>,
    pub side: Side,
    pub address: Option<String>,
    pub evidence: Vec<Evidence>,
}

/// What the reading cost. Counts are null without a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    pub calls: Option<u64>,
    /// Tokens of author, time and text of each message, once.
    pub context_tokens: Option<u64>,
    /// Tokens of the rules and the route's fields, which are sent with every call whatever the sources are.
    #[serde(default)]
    pub fixed_tokens: Option<u64>,
    pub input_tokens: Option<u64>,
    pub cached_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    /// In the currency of the price settings.
    pub cost: Option<f64>,
    pub milliseconds: u64,
}
