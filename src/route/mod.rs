//! Routes: what one receiving team needs before work may move to it. A route
//! is one YAML file; this module holds what a loaded route means. Loading and
//! its mistakes are in `file`, the expressions of conditions and rules in
//! `expression`.

pub mod cues;
pub mod expression;

mod actions;
mod conditions;
mod field;
mod file;
mod json;
mod kept;
mod kinds;
mod mistake;
mod nearest;
mod ordered;
mod reader;
mod schema;
mod shipped;
mod template;
mod withheld;
mod yaml;

use serde::Serialize;

pub use actions::{Action, Body, SlackTo, TEST_KEY, Way};
pub use expression::Expression;
pub use file::{check, load};
pub use json::to_json;
pub use kept::Kept;
pub use kinds::type_name;
pub use mistake::{Mistake, Severity};
pub use ordered::Ordered;
pub use schema::json_schema;
pub use shipped::shipped;
pub use template::{Blank, Part, Template};
pub use withheld::Withheld;

use crate::value::Kind;

/// One kind of handoff, as the receiving team defined it.
#[derive(Debug, Clone)]
pub struct Route {
    pub id: String,
    pub version: u32,
    pub title: String,
    /// The team that hands over.
    pub from_team: String,
    /// The team that receives.
    pub to_team: String,
    /// What starts the handoff.
    pub trigger: Trigger,
    pub owners: Owners,
    pub limits: Limits,
    pub retention: Retention,
    /// What is taken out of the text before a model sees it; nothing where the route does not say.
    pub redact: Vec<Withheld>,
    /// What is done when work moves, in this order.
    pub on_transfer: Vec<Action>,
    /// In the order of the file, which is the order of the brief.
    pub fields: Vec<Field>,
    /// The words of all fields, made ready when they are first looked for.
    pub cues: cues::Cues,
    /// What a model is told with every call about it.
    pub kept: Kept,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trigger {
    pub event: Option<String>,
    pub description: Option<String>,
}

/// Who acts next and who is told when the handoff fails: `sender`, `receiver` or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owners {
    pub next_action: Asked,
    pub failure: Option<Asked>,
}

/// Time limits, each `None` when the route sets none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    pub fill_gaps: Option<jiff::SignedDuration>,
    pub accept: Option<jiff::SignedDuration>,
    pub model: Option<jiff::SignedDuration>,
}

/// How long what came in is kept, each `None` when the route sets no end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retention {
    /// Raw context, counted from when it came in.
    pub sources: Option<jiff::SignedDuration>,
    /// The whole handoff, counted from its last change.
    pub briefs: Option<jiff::SignedDuration>,
}

/// One thing the receiving team needs to know.
#[derive(Debug, Clone)]
pub struct Field {
    pub key: String,
    pub label: String,
    pub description: String,
    /// The question that a person can answer in one go.
    pub question: String,
    pub kind: Kind,
    pub list: bool,
    pub required: Requirement,
    pub rules: Vec<Rule>,
    /// A vague answer is a gap.
    pub specific: bool,
    pub said_by: SaidBy,
    /// Evidence older than this, counted from its message, is stale.
    pub stale_after: Option<jiff::SignedDuration>,
    pub allow: Allow,
    pub ask: Asked,
    /// Words near which the value tends to stand.
    pub cues: Vec<String>,
    /// CRM name → property name.
    pub map: Vec<(String, String)>,
}

/// When a field must be settled.
#[derive(Debug, Clone)]
pub enum Requirement {
    Optional,
    Always,
    /// A condition over other fields.
    When(Expression),
}

/// Something that must be true of a value.
#[derive(Debug, Clone)]
pub struct Rule {
    pub assert: Expression,
    pub message: String,
}

/// Whose word counts for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SaidBy {
    #[default]
    Any,
    Theirs,
    Ours,
}

/// What a person may answer instead of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Allow {
    pub not_applicable: bool,
    pub unknown: bool,
}

/// Who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub enum Asked {
    #[default]
    Sender,
    Receiver,
    Owner,
    Address(String),
}

impl Field {
    /// The name of its type in a route file.
    pub fn type_name(&self) -> &'static str {
        kinds::type_name(&self.kind)
    }

    /// Whether the route asks for a figure in the words of this field: its question says so.
    pub fn asks_figure(&self) -> bool {
        let asked = self.question.to_lowercase();
        ["number", "figure", "how many", "how much", "percent"].iter().any(|word| asked.contains(word))
    }
}

impl Route {
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The words near which the values of its fields tend to stand. Making them takes longer than reading a mail, so
    /// that they are made once for a route.
    pub fn cue_book(&self) -> &cues::CueBook {
        self.cues.of(self)
    }
}
