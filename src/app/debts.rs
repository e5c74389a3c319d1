//! What a forced transfer left open: owed until it is settled, whatever the
//! handoff went through since. Neither a return nor its day pays a debt.

use serde_json::{Value as Json, json};

use crate::asking::Owing;
use crate::brief::{Brief, Gap};
use crate::conversation::Warning;
use crate::gate::Exception;
use crate::route::Route;
use crate::verdict::is_whole;
use crate::wording;

/// What is owed: which field or source, who owes it, until when, and who let it pass and why.
pub(super) fn debts_of(exception: &Exception) -> Vec<Json> {
    let approval = exception.approval();
    let debt = |gap: &Gap| {
        json!({"field": gap.field, "source": gap.source, "kind": gap.kind, "question": gap.question, "owner": gap.ask,
               "due": approval.expires_at, "approver": approval.approver, "reason": approval.reason})
    };
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
        let Owing { what, who, due, .. } = Owing::of(debt, route);
        Warning { source: "break-glass".to_owned(), place: String::new(), message: wording::owed(what, who, due) }
    };
    debts.iter().map(warning).collect()
}
