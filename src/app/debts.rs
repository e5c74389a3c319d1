//! What a forced transfer left open: owed until it is settled, whatever the
//! handoff went through since. Neither a return nor its day pays a debt.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::brief::{Brief, Gap};
use crate::conversation::Warning;
use crate::gate::Exception;
use crate::route::Route;
use crate::verdict::is_whole;
use crate::wording;

/// What is owed: which field or source, who owes it, until when.
pub(super) fn debts_of(exception: &Exception) -> Vec<Json> {
    let due = exception.approval().expires_at;
    let debt = |gap: &Gap| json!({"field": gap.field, "source": gap.source, "kind": gap.kind, "question": gap.question, "owner": gap.ask, "due": due});
    exception.debts().iter().map(debt).collect()
}

/// Takes out what the newest brief has settled.
pub(super) fn pay(debts: &mut Vec<Json>, brief: &Brief) {
    debts.retain(|debt| match (debt["field"].as_str(), debt["source"].as_str()) {
        (Some(field), _) => !brief.fields.find(field).is_some_and(|field| field.state.is_settled()),
        (None, Some(source)) => brief.gaps.iter().any(|gap| gap.source.as_deref() == Some(source)),
        (None, None) => !is_whole(brief.coverage),
    });
}

/// Whether every gap that blocks is among the debts.
pub(super) fn cover(debts: &[Json], gaps: &[Gap]) -> bool {
    let is_owed = |gap: &Gap| {
        debts.iter().any(|debt| {
            debt["field"].as_str() == gap.field.as_deref() && debt["source"].as_str() == gap.source.as_deref()
        })
    };
    gaps.iter().filter(|gap| gap.blocking).all(is_owed)
}

/// The debts as whoever reads the brief sees them.
pub(super) fn warnings(debts: &[Json], route: &Route) -> Vec<Warning> {
    let warning = |debt: &Json| {
        let what = match (debt["field"].as_str(), debt["source"].as_str()) {
            (Some(key), _) => route.field(key).map_or(key, |field| field.label.as_str()),
            (None, Some(source)) => source,
            (None, None) => debt["question"].as_str().unwrap_or_default(),
        };
        let owner = &debt["owner"];
        let who = ["name", "email", "role"].into_iter().find_map(|key| owner[key].as_str());
        let due = debt["due"].as_str().and_then(|due| due.parse::<Timestamp>().ok());
        Warning { source: "break-glass".to_owned(), place: String::new(), message: wording::owed(what, who, due) }
    };
    debts.iter().map(warning).collect()
}
