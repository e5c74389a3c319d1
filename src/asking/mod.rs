//! Asking people: who can close each gap, one request a person with all their
//! questions, when they are reminded, when somebody else is told, and when it
//! is quiet. Decided from what stands now, never from what happened, so that
//! nothing is missed and nothing is asked twice.

mod handed;
mod hours;
mod keeping;
mod letters;
mod nudging;
mod outside;
mod owing;
mod people;
mod plan;
pub mod replies;
mod slack;
mod slips;
mod standing;
mod timing;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use handed::{Handed, Undone, write_handed};
pub use hours::Hours;
pub use letters::{LINK, Words, needed_by, write};
pub use nudging::{BETWEEN, Spared, may_remind};
pub use outside::{Addressed, Seen, asked_outside, is_outside, outside_view};
pub use owing::Owing;
pub use people::{NextStep, asked, is_address, is_slack_id, next_owner, resolve};
pub use plan::{Draft, Plan, Point, Scene, Unsent, key_of, plan, source_of};
pub use slack::escape as escape_for_slack;
pub use slips::{write_code, write_disabled, write_exhausted, write_invitation, write_undeliverable};
pub use standing::{Rank, Standing, standing};

/// Somebody who is asked, and how they are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Contact")]
pub struct Person {
    /// `sender`, `receiver`, `owner`, `failure`, `address`, `member` or `channel`.
    pub role: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Slack's id of the person.
    pub slack: Option<String>,
}

impl Person {
    /// What makes two of them the same: the address, else the Slack id, else the name.
    pub fn key(&self) -> String {
        let email = self.email.as_deref().map(str::to_lowercase);
        email.or_else(|| self.slack.clone()).or_else(|| self.name.clone()).unwrap_or_default()
    }

    /// `Marcus Lee`, or the address; `nobody` when neither is known.
    pub fn label(&self) -> &str {
        let known = self.name.as_deref().or(self.email.as_deref()).or(self.slack.as_deref());
        known.unwrap_or("nobody")
    }

    /// Whether this is the one of that name and address: by the address where both have one.
    pub fn is(&self, name: &str, email: Option<&str>) -> bool {
        let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
        match (&self.email, email) {
            (Some(own), Some(email)) => same(own, email),
            _ => self.name.as_deref().is_some_and(|own| same(own, name)),
        }
    }

    /// Whether a message can get there.
    pub fn is_reachable(&self) -> bool {
        self.email.is_some() || self.slack.is_some()
    }
}

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Gaps wait to be filled.
    Fill,
    /// Nobody is known who could answer: who can?
    Name,
    /// The work was handed over and waits to be taken.
    Accept,
    /// The work came back whole.
    Returned,
    /// Something failed that a person has to look at.
    Failure,
    /// Something that the transfer should have set off was not done.
    Action,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Its message has not left yet.
    Waiting,
    Sent,
    /// Its message could not be delivered, and none before it was: the person does not know that they are asked.
    Undeliverable,
    /// What it asked is settled, by the one who was asked.
    Answered,
    /// Nobody needs it any more, or somebody took it back.
    Withdrawn,
    /// It stayed without an answer, and somebody else was told.
    Escalated,
}

impl RequestState {
    pub const ALL: [RequestState; 6] = [
        RequestState::Waiting,
        RequestState::Sent,
        RequestState::Undeliverable,
        RequestState::Answered,
        RequestState::Withdrawn,
        RequestState::Escalated,
    ];

    /// Whether an answer is still waited for.
    pub fn is_open(self) -> bool {
        use RequestState::{Escalated, Sent, Undeliverable, Waiting};
        matches!(self, Waiting | Sent | Undeliverable | Escalated)
    }
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The field's key; `source:` and the name for an unread source.
    pub key: String,
    /// What the field is called.
    pub label: String,
    pub question: String,
    pub why: String,
    pub blocking: bool,
    /// The words that came closest.
    pub nearest: Option<Quote>,
    /// Values that could be picked.
    pub choices: Vec<String>,
    /// What the person wrote back that could not be taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Question {
    /// What it comes down to.
    fn point(&self) -> Point {
        (self.key.clone(), self.question.clone(), self.blocking)
    }
}

/// Words of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    pub text: String,
    pub author: Option<String>,
    pub source: String,
}

/// Everything that one person is asked about one handoff, at one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// `req_…`.
    pub id: String,
    pub about: About,
    pub person: Person,
    pub questions: Vec<Question>,
    pub state: RequestState,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
    /// When its first message may leave.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub release_at: Timestamp,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub sent_at: Option<Timestamp>,
    /// How often the person was reminded, or asked once more because nothing had arrived.
    pub reminders: u32,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub reminded_at: Option<Timestamp>,
    /// Until then nobody is reminded, and nobody else told.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub snoozed_until: Option<Timestamp>,
    /// When somebody else was told that no answer came.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub escalated_at: Option<Timestamp>,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub closed_at: Option<Timestamp>,
    /// Somebody took it back; the same is not asked of the same person again.
    pub by_hand: bool,
    /// Somebody wants the person reminded at once.
    pub nudged: bool,
    /// What the person wrote back that could not be taken; gone once the question is settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unclear: Vec<replies::Unclear>,
    /// The messages that answered by mail, and the Message-IDs of these mails.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<String>,
}

impl Request {
    /// A request that nobody has heard of yet.
    pub fn new(
        (id, about): (String, About),
        person: Person,
        questions: Vec<Question>,
        (created_at, release_at): (Timestamp, Timestamp),
    ) -> Request {
        Request {
            id,
            about,
            person,
            questions,
            state: RequestState::Waiting,
            created_at,
            release_at,
            sent_at: None,
            reminders: 0,
            reminded_at: None,
            snoozed_until: None,
            escalated_at: None,
            closed_at: None,
            by_hand: false,
            nudged: false,
            unclear: Vec::new(),
            replies: Vec::new(),
        }
    }
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The first message of a request, and what is asked in addition.
    Ask,
    Remind,
    /// To the one who is told that no answer came.
    Escalate,
    /// To the one who is told that a message could not be sent.
    Undelivered,
    /// What a route sends when work moves.
    Action,
    /// The same, tried out.
    Test,
}

/// When people are asked.
#[derive(Debug, Clone)]
pub struct Rules {
    pub wait: jiff::SignedDuration,
    pub most_reminders: u32,
    /// Where the route sets no limit.
    pub usual_limit: jiff::SignedDuration,
    pub hours: Hours,
    /// Somebody sees to it that answers by mail arrive here.
    pub takes_replies: bool,
}

/// The name of a value of a closed set, as it is written in JSON.
pub fn word_of(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(word)) => word,
        _ => String::new(),
    }
}
