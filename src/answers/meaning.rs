//! Which values a brief shows for a field, and which of them are news to the
//! person who answered it: neither seen at the time nor the same as the answer.

use serde_json::Value as Json;

use crate::brief::{Candidate, Evidence, FieldBrief, FieldState, candidate_id};
use crate::conversation::MessageId;
use crate::resolution::means_same;
use crate::route::Field;
use crate::value::{Context, ListOf, Value, from_json};
use crate::wording;

/// Every value that a brief shows for a field, replaced ones too.
pub(super) fn shown(brief: &FieldBrief) -> Vec<&Json> {
    let own = Some(&brief.value).filter(|value| !value.is_null());
    let offered = brief.candidates.iter().map(|candidate| &candidate.value);
    own.into_iter().chain(offered).chain(brief.superseded.iter().map(|old| &old.value)).collect()
}

/// The quotes that speak of a candidate's own value. True words that do not say the value are shown beside it, but who
/// picks it is its only evidence.
pub(super) fn quotes_for(candidate: &Candidate) -> &[Evidence] {
    if wording::says_no_value(&candidate.reason) { &[] } else { &candidate.evidence }
}

/// The quotes beside a candidate that do not say its value.
pub(super) fn others_quotes(candidate: &Candidate) -> &[Evidence] {
    if wording::says_no_value(&candidate.reason) { &candidate.evidence } else { &[] }
}

/// The ids of what a brief shows for a field, and of the items of lists.
pub(super) fn seen(key: &str, brief: &FieldBrief) -> Vec<String> {
    let values = shown(brief);
    let items = values.iter().filter_map(|value| value.as_array()).flatten();
    let mut ids: Vec<String> = values.iter().copied().chain(items).map(|value| candidate_id(key, value)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The ids of what a reading shows for a field out of this one message: whoever wrote the message knows it.
pub fn told_by(key: &str, read: &FieldBrief, message: MessageId) -> Vec<String> {
    let is_its = |evidence: &[Evidence]| !evidence.is_empty() && evidence.iter().all(|one| one.message == message);
    let own = Some(&read.value).filter(|value| !value.is_null() && is_its(&read.evidence));
    let offered = read.candidates.iter().filter(|one| is_its(&one.evidence)).map(|one| &one.value);
    let values: Vec<&Json> = own.into_iter().chain(offered).collect();
    let items = values.iter().filter_map(|value| value.as_array()).flatten();
    values.iter().copied().chain(items).map(|value| candidate_id(key, value)).collect()
}

/// What a reading states now and could therefore speak against an answer. Guesses beside a field of which nothing was
/// found speak against nobody, nor does what the reading itself replaced. A brief with people's answers in it (`by`,
/// `returned`) has been asked before, and only its conflicts are open.
pub(super) fn stated(read: &FieldBrief) -> Vec<&Json> {
    let is_reading = read.by.is_none() && !read.returned;
    match read.state {
        FieldState::Found => vec![&read.value],
        FieldState::Conflicting => read.candidates.iter().map(|candidate| &candidate.value).collect(),
        FieldState::Unconfirmed | FieldState::Vague | FieldState::Invalid | FieldState::Stale if is_reading => {
            read.candidates.iter().map(|candidate| &candidate.value).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a value is news to somebody who answered `own` (nothing, for an answer without a value) and saw `seen`.
pub(super) fn is_news(field: &Field, value: &Json, own: Option<&Json>, seen: &[String]) -> bool {
    let was_seen = |value: &Json| seen.contains(&candidate_id(&field.key, value));
    if was_seen(value) || own.is_some_and(|own| same(field, value, own)) {
        return false;
    }
    let Some(items) = value.as_array() else { return true };
    // A list that was told in full grows towards the answer item by item; only an item that nobody saw, or one that was
    // there and is gone, is news.
    let kept = own.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let holds = |list: &[Json], item: &Json| list.iter().any(|other| same_item(field, other, item));
    let added = items.iter().any(|item| !was_seen(item) && !holds(kept, item));
    let gone = kept.iter().any(|item| was_seen(item) && !holds(items, item));
    added || gone
}

/// Whether two values of a field mean the same.
pub(super) fn same(field: &Field, left: &Json, right: &Json) -> bool {
    let list = if field.list { ListOf::Many } else { ListOf::One };
    same_as(field, list, left, right)
}

fn same_item(field: &Field, left: &Json, right: &Json) -> bool {
    same_as(field, ListOf::One, left, right)
}

fn same_as(field: &Field, list: ListOf, left: &Json, right: &Json) -> bool {
    let typed = |json: &Json| -> Option<Value> {
        let context = Context { said_at: None, zone: None, around: None, participants: &[] };
        from_json(&field.kind, list, json, &context).ok()
    };
    left == right
        || matches!((typed(left), typed(right)), (Some(left), Some(right)) if means_same(field, &left, &right))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::route::load;

    fn field(text: &str) -> Field {
        let route = format!(
            "id: r\nversion: 1\ntitle: T\nfrom: {{team: sales}}\nto: {{team: ops}}\nfields:\n  - {{key: f, {text}}}\n"
        );
        load("r.yaml", &route).expect("a sound route").fields.remove(0)
    }

    #[test]
    fn only_what_nobody_saw_is_news() {
        let check = |field: &Field, value: Json, own: Json, saw: Json, expected: bool| {
            let brief = FieldBrief { value: saw.clone(), ..FieldBrief::default() };
            let own = Some(&own).filter(|own| !own.is_null());
            let found = is_news(field, &value, own, &seen("f", &brief));
            assert_eq!(found, expected, "{value} against {own:?}, seen {saw}");
        };
        let day = field("type: date");
        check(&day, json!("2026-07-01"), json!("2026-07-01"), json!(null), false);
        check(&day, json!("2026-06-01"), json!("2026-07-01"), json!("2026-06-01"), false);
        check(&day, json!("2026-08-15"), json!("2026-07-01"), json!("2026-06-01"), true);
        check(&day, json!("2026-07"), json!("2026-07-01"), json!(null), false);
        check(&day, json!("2026-08"), json!("2026-07-01"), json!(null), true);
        check(&day, json!("2026-08-15"), json!(null), json!(null), true);
        let price = field("type: money");
        check(
            &price,
            json!({"amount": "5", "currency": null}),
            json!({"currency": "EUR", "amount": "5"}),
            json!(null),
            false,
        );
        check(
            &price,
            json!({"amount": "5", "currency": "USD"}),
            json!({"currency": "EUR", "amount": "5"}),
            json!(null),
            true,
        );
        let systems = field("type: text, list: true");
        let (full, known) = (json!(["SAP TM", "HubSpot", "Jira"]), json!(["SAP TM", "HubSpot"]));
        check(&systems, json!(["Jira", "SAP TM", "HubSpot"]), full.clone(), known.clone(), false);
        check(
            &systems,
            json!(["HubSpot", "Jira", "SAP TM"]),
            json!(["SAP TM", "HubSpot", "Jira", "Slack"]),
            known.clone(),
            false,
        );
        check(&systems, json!(["SAP TM", "HubSpot", "Okta"]), full.clone(), known.clone(), true);
        check(&systems, json!(["HubSpot", "Jira"]), full, known.clone(), true);
        check(&systems, json!(["SAP TM", "HubSpot"]), json!(["SAP TM"]), known, false);
    }
}
