//! Hand-made routes and fields for the tests that look at one rule each.

use baton::brief::{Evidence, FieldBrief, FieldMap, FieldState, Origin};
use baton::route::{
    Allow, Asked, Expression, Field, Limits, Ordered, Owners, Requirement, Route, Rule, SaidBy, Trigger,
};
use baton::value::{Choice, Kind};
use serde_json::{Value as Json, json};

use crate::briefs;
pub use crate::briefs::candidate;

pub fn route(fields: Vec<Field>) -> Route {
    Route {
        id: "sales-to-onboarding".into(),
        version: 1,
        title: "Sales to onboarding".into(),
        from_team: "sales".into(),
        to_team: "onboarding".into(),
        trigger: Trigger::default(),
        owners: Owners { next_action: Asked::Receiver, failure: None },
        limits: Limits::default(),
        fields,
        cues: Default::default(),
        kept: Default::default(),
        retention: Default::default(),
        redact: Vec::new(),
        on_transfer: Vec::new(),
    }
}

/// A required field that takes anything of its type.
pub fn field(key: &str, label: &str, kind: Kind) -> Field {
    Field {
        key: key.into(),
        label: label.into(),
        description: String::new(),
        question: format!("What is the {}?", label.to_lowercase()),
        kind,
        list: false,
        required: Requirement::Always,
        rules: Vec::new(),
        specific: false,
        said_by: SaidBy::Any,
        stale_after: None,
        allow: Allow::default(),
        ask: Asked::Sender,
        cues: Vec::new(),
        map: Vec::new(),
    }
}

pub fn go_live() -> Field {
    Field {
        question: "By which day must the customer be live?".into(),
        ..field("go_live_date", "Go-live date", Kind::Date)
    }
}

pub fn contract_type() -> Field {
    let choice =
        |id: &str, aliases: &[&str]| Choice { id: id.into(), aliases: aliases.iter().map(|a| a.to_string()).collect() };
    let kind = Kind::Enum(vec![choice("enterprise", &[]), choice("standard", &[]), choice("none", &["n/a"])]);
    Field { required: Requirement::Optional, ..field("contract_type", "Contract type", kind) }
}

pub fn residency() -> Field {
    Field { required: when("contract_type == 'enterprise'"), ..field("data_residency", "Data residency", Kind::Text) }
}

pub fn when(text: &str) -> Requirement {
    Requirement::When(expression(text))
}

pub fn rule(text: &str, message: &str) -> Vec<Rule> {
    vec![Rule { assert: expression(text), message: message.into() }]
}

pub fn expression(text: &str) -> Expression {
    Expression::compile(text).expect("compiles")
}

pub fn fields(entries: Vec<(&str, FieldBrief)>) -> FieldMap {
    Ordered(entries.into_iter().map(|(key, brief)| (key.to_string(), brief)).collect())
}

/// A found value with a quote of Dana Whitfield of 3 March 2026.
pub fn found(value: Json) -> FieldBrief {
    briefs::found(value, quote("we go live then", "2026-03-03T09:20:00Z"))
}

pub fn from_crm(value: Json, raw: &str) -> FieldBrief {
    briefs::recorded(value, ("known", "property", raw))
}

pub fn from_person(value: Json) -> FieldBrief {
    FieldBrief {
        state: FieldState::Found,
        value,
        origin: Some(Origin::Person),
        by: Some("Marcus Lee".into()),
        ..FieldBrief::default()
    }
}

pub fn state(state: FieldState) -> FieldBrief {
    FieldBrief { state, ..FieldBrief::default() }
}

/// Words of Dana Whitfield; no time when `at` is empty.
pub fn quote(words: &str, at: &str) -> Evidence {
    briefs::quote(words, at.parse().ok())
}

/// A text that any field of kind text takes.
pub fn text() -> Json {
    json!("Frankfurt")
}
