//! A handoff's life: who hands what to whom, the states it goes through, and
//! the events that tell of every change. What may follow what is decided here;
//! whether a brief is complete is the gate's decision alone.

mod happenings;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use happenings::EventKind;

/// `hnd_` and 32 hex digits, 128 random bits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct HandoffId(pub String);

impl HandoffId {
    /// The id if the text has the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("hnd_")?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        (digits.len() == 32 && is_hex).then(|| HandoffId(text.to_owned()))
    }
}

impl std::fmt::Display for HandoffId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a handoff stands at `needs_input` that only rules have read, since the model was away too long: nobody is asked
/// for what the model may find.
pub const MODEL_UNAVAILABLE: &str = "model_unavailable";

/// Where a handoff stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Context waits to be read.
    Drafting,
    /// A person has to answer something before it may move.
    NeedsInput,
    /// Complete: it may be transferred.
    Ready,
    /// Handed over; the receiving team has not taken it yet.
    Transferred,
    /// The receiving team took it.
    Accepted,
    /// The receiving team gave it back whole, without a field that could be answered.
    Returned,
    Cancelled,
    /// It could not be read again and again; a person may have it retried.
    Failed,
}

impl Status {
    pub const ALL: [Status; 8] = [
        Status::Drafting,
        Status::NeedsInput,
        Status::Ready,
        Status::Transferred,
        Status::Accepted,
        Status::Returned,
        Status::Cancelled,
        Status::Failed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Status::Drafting => "drafting",
            Status::NeedsInput => "needs_input",
            Status::Ready => "ready",
            Status::Transferred => "transferred",
            Status::Accepted => "accepted",
            Status::Returned => "returned",
            Status::Cancelled => "cancelled",
            Status::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == text)
    }

    /// Whether the work has moved to the receiving team.
    pub fn has_moved(self) -> bool {
        matches!(self, Status::Transferred | Status::Accepted)
    }

    /// Whether nothing further happens to it.
    pub fn is_closed(self) -> bool {
        self == Status::Cancelled
    }

    /// Whether it is still being prepared by the sending side, so that further context of the same matter belongs to it.
    pub fn is_open(self) -> bool {
        matches!(self, Status::Drafting | Status::NeedsInput | Status::Ready | Status::Returned | Status::Failed)
    }
}

/// One of the two teams of a handoff.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub team: Option<String>,
    pub owner: Option<Member>,
}

/// A person of a team and how they are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: Option<String>,
    pub email: Option<String>,
    /// Slack's id of the person, `U024BE7LH`.
    pub slack: Option<String>,
}

/// What set the handoff off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    pub event: Option<String>,
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
}

/// What a caller said about a handoff besides its sources.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Matter {
    pub title: Option<String>,
    pub from: Party,
    pub to: Party,
    pub trigger: Trigger,
    /// Field key and what the caller's system holds for it.
    pub known: serde_json::Map<String, Json>,
    pub callback_url: Option<String>,
    pub duties: Duties,
}

/// Who answers for a handoff by its route, and by when: fixed when it comes in, as the route's version is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Duties {
    /// Who acts once it is accepted: `sender`, `receiver`, `owner` or an address.
    pub next_action: Option<String>,
    /// Who is told when something fails, in the same words.
    pub failure: Option<String>,
    /// Seconds for filling the gaps and for taking it, where the route limits them.
    pub fill_gaps: Option<i64>,
    pub accept: Option<i64>,
    /// When it was handed over last.
    pub moved_at: Option<Timestamp>,
    /// The mail domains of our side, by which it is told whom a question may be put to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub our_domains: Vec<String>,
}

/// The id of a personal link, `lnk_` and 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LinkId(pub String);

impl LinkId {
    /// The id in a text, if it has the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("lnk_")?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 32 && digits.bytes().all(is_hex)).then(|| Self(text.to_owned()))
    }
}

/// What a personal link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkPurpose {
    /// To answer what is open.
    Answer,
    /// To accept what was handed over, or to return it.
    Receive,
}

impl LinkPurpose {
    pub fn name(self) -> &'static str {
        match self {
            LinkPurpose::Answer => "answer",
            LinkPurpose::Receive => "receive",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [LinkPurpose::Answer, LinkPurpose::Receive].into_iter().find(|purpose| purpose.name() == text)
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Actor {
    /// A program, by the id of its key.
    Key { id: String },
    /// A person, named by a program.
    Person { name: String, email: Option<String>, key: String },
    /// Baton itself.
    Baton,
}

/// What kind of reason a handoff is given back for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnKind {
    /// Something is not enough to work with.
    Incomplete,
    /// Something is not true.
    Wrong,
    /// It belongs to another team.
    NotOurs,
    Other,
}

impl ReturnKind {
    pub fn name(self) -> &'static str {
        match self {
            ReturnKind::Incomplete => "incomplete",
            ReturnKind::Wrong => "wrong",
            ReturnKind::NotOurs => "not_ours",
            ReturnKind::Other => "other",
        }
    }
}

/// A move that a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Answer,
    Transfer,
    Accept,
    Return,
    Cancel,
    Retry,
}

/// Whether the move may be made from where the handoff stands. A move that may has still to pass what it meets: the
/// gate, what the receiving team gave back, a pass that is in force.
pub fn allows(status: Status, wanted: Move) -> bool {
    match wanted {
        Move::Answer => !status.is_closed() && !status.has_moved(),
        // What was transferred and not taken yet may need its pass anew.
        Move::Transfer => status.is_open() || status == Status::Transferred,
        Move::Accept => status == Status::Transferred,
        Move::Return => status.has_moved(),
        Move::Cancel => status.is_open(),
        // A reading without the model may be made anew with it.
        Move::Retry => status.is_open(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.name()), Some(status));
        }
        for kind in [ReturnKind::Incomplete, ReturnKind::Wrong, ReturnKind::NotOurs, ReturnKind::Other] {
            assert_eq!(serde_json::to_value(kind).ok(), Some(Json::String(kind.name().to_owned())));
        }
        for kind in EventKind::ALL {
            assert_eq!(EventKind::parse(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).ok(), Some(Json::String(kind.name().to_owned())));
        }
    }

    #[test]
    fn ids_have_one_form() {
        assert!(HandoffId::parse("hnd_0123456789abcdef0123456789abcdef").is_some());
        for wrong in
            ["", "hnd_", "hnd_0123", "hnd_0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdef"]
        {
            assert!(HandoffId::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn only_open_handoffs_move() {
        use Status as S;
        for (wanted, from) in [
            (Move::Answer, vec![S::Drafting, S::NeedsInput, S::Ready, S::Returned, S::Failed]),
            (Move::Transfer, vec![S::Drafting, S::NeedsInput, S::Ready, S::Transferred, S::Returned, S::Failed]),
            (Move::Accept, vec![S::Transferred]),
            (Move::Return, vec![S::Transferred, S::Accepted]),
            (Move::Cancel, vec![S::Drafting, S::NeedsInput, S::Ready, S::Returned, S::Failed]),
            (Move::Retry, vec![S::Drafting, S::NeedsInput, S::Ready, S::Returned, S::Failed]),
        ] {
            let allowed: Vec<Status> = S::ALL.into_iter().filter(|status| allows(*status, wanted)).collect();
            assert_eq!(allowed, from, "{wanted:?}");
        }
    }
}
