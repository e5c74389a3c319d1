//! One field in force: the machine's reading of it, what people answered since,
//! and whether the receiving team sent it back. Nothing that was seen is
//! dropped: what does not stand is a candidate or superseded.

use serde_json::Value as Json;

use super::meaning::{is_news, others_quotes, quotes_for, same, stated};
use super::{Answer, AnswerKind, Given, Return};
use crate::brief::{Candidate, Evidence, FieldBrief, FieldState, Origin, Superseded, candidate_id};
use crate::route::Field;
use crate::wording;

/// The answers to one field, the latest last. Answers of one moment have an order of their own, so that the order in
/// which they are handed over never matters.
pub(super) fn answers_to<'a>(field: &Field, given: &Given<'a>) -> Vec<&'a Answer> {
    let mut answers: Vec<&Answer> = given.answers.iter().filter(|answer| answer.field == field.key).collect();
    answers.sort_by_cached_key(|answer| (answer.at, serde_json::to_string(answer).unwrap_or_default()));
    answers
}

/// The field as reading, answers and returns make it, before the route's rules.
pub(super) fn in_force(field: &Field, read: FieldBrief, given: &Given) -> FieldBrief {
    let answers = answers_to(field, given);
    let returns = given.returns.iter().filter(|one| one.fields.contains(&field.key));
    let sent_back = returns
        .max_by_key(|one| (one.at, serde_json::to_string(one).unwrap_or_default()))
        .filter(|one| answers.last().is_none_or(|answer| answer.at <= one.at) && !shows_other(field, &read, one));
    let current = match answers.split_last() {
        Some((latest, earlier)) => answered(field, read, latest, earlier),
        None => FieldBrief { returned: false, ..read },
    };
    match sent_back {
        Some(sent_back) => open_again(field, current, sent_back),
        None => current,
    }
}

/// Whether the reading states a value that was not there when the field was sent back.
fn shows_other(field: &Field, read: &FieldBrief, sent_back: &Return) -> bool {
    let seen = sent_back.seen.get(&field.key).map(Vec::as_slice).unwrap_or_default();
    stated(read).into_iter().any(|value| !seen.iter().any(|old| same(field, old, value)))
}

fn answered(field: &Field, read: FieldBrief, latest: &Answer, earlier: &[&Answer]) -> FieldBrief {
    let own = own_value(latest);
    let news: Vec<Candidate> = stated(&read)
        .into_iter()
        .filter(|value| is_news(field, value, own, &latest.seen))
        .map(|value| candidate(field, &read, value))
        .collect();
    match (&latest.kind, news.is_empty()) {
        (AnswerKind::Unknown { .. }, false) => {
            let superseded = replaced(&read, earlier, Losers { values: false, candidates: false });
            FieldBrief { superseded, returned: false, ..read }
        }
        (_, false) => conflict(field, read, (latest, earlier), news),
        (AnswerKind::Value { value, evidence }, true) => with_value(read, (latest, earlier), value, evidence),
        (AnswerKind::NotApplicable { .. } | AnswerKind::Unknown { .. }, true) => {
            without_value(field, read, latest, earlier)
        }
    }
}

pub(super) fn own_value(answer: &Answer) -> Option<&Json> {
    match &answer.kind {
        AnswerKind::Value { value, .. } => Some(value),
        AnswerKind::NotApplicable { .. } | AnswerKind::Unknown { .. } => None,
    }
}

/// The person's value stands; the machine's is kept as superseded.
fn with_value(
    read: FieldBrief,
    (answer, earlier): (&Answer, &[&Answer]),
    own: &Json,
    shown: &[Evidence],
) -> FieldBrief {
    let mut evidence = add(shown.to_vec(), Vec::new());
    let is_own = read.value == *own || read.by.is_some() && read.candidates.iter().any(|one| one.value == *own);
    let losers = read.state == FieldState::Conflicting;
    let mut superseded = replaced(&read, earlier, Losers { values: true, candidates: losers });
    if is_own {
        evidence = add(evidence, read.evidence);
    }
    // The same value among the replaced ones is not replaced any more; its quotes are quotes for it.
    let of_others: Vec<Evidence> = read.candidates.iter().flat_map(others_quotes).cloned().collect();
    for old in superseded.extract_if(.., |old| old.value == *own) {
        evidence = add(evidence, old.evidence.into_iter().filter(|quote| !of_others.contains(quote)).collect());
    }
    let candidates = read.candidates.into_iter().filter(|one| !losers && one.value != *own).collect();
    FieldBrief {
        state: FieldState::Found,
        value: own.clone(),
        origin: Some(Origin::Person),
        evidence,
        superseded,
        candidates,
        by: Some(answer.by.label()),
        at: Some(answer.at),
        ..FieldBrief::default()
    }
}

/// A named person said why there is no value. What the machine saw stays at hand for the day that ends.
fn without_value(field: &Field, read: FieldBrief, answer: &Answer, earlier: &[&Answer]) -> FieldBrief {
    let superseded = replaced(&read, earlier, Losers { values: true, candidates: false });
    let mut candidates = read.candidates.clone();
    if !read.value.is_null() {
        let reason = wording::reason_answered_without_value();
        offer(&mut candidates, Candidate { reason, ..candidate(field, &read, &read.value) });
    }
    let brief = FieldBrief {
        superseded,
        candidates,
        by: Some(answer.by.label()),
        at: Some(answer.at),
        origin: Some(Origin::Person),
        ..FieldBrief::default()
    };
    match &answer.kind {
        AnswerKind::Unknown { owner, due } => FieldBrief {
            state: FieldState::UnknownByDesign,
            owner: Some(owner.clone()),
            due: Some(due.to_string()),
            ..brief
        },
        AnswerKind::NotApplicable { reason } => {
            FieldBrief { state: FieldState::NotApplicable, reason: Some(reason.clone()), ..brief }
        }
        AnswerKind::Value { .. } => brief,
    }
}

/// What nobody saw when answering, beside the answer: a person says which holds.
fn conflict(
    field: &Field,
    read: FieldBrief,
    (answer, earlier): (&Answer, &[&Answer]),
    news: Vec<Candidate>,
) -> FieldBrief {
    let by = answer.by.label();
    let mut superseded = replaced(&read, earlier, Losers { values: true, candidates: true });
    let mut candidates = news;
    let reason = match &answer.kind {
        AnswerKind::Value { value, evidence } => {
            let quoted = read.candidates.iter().find(|one| one.value == *value);
            let evidence = add(evidence.clone(), quoted.map(|one| quotes_for(one).to_vec()).unwrap_or_default());
            let (id, value) = (candidate_id(&field.key, value), value.clone());
            offer(&mut candidates, Candidate { id, value, evidence, reason: wording::answered_reason(&by, answer.at) });
            wording::reopened_reason(&by, answer.at)
        }
        _ => wording::applies_after_all_reason(&by, answer.at),
    };
    superseded.retain(|old| candidates.iter().all(|one| one.value != old.value));
    FieldBrief {
        state: FieldState::Conflicting,
        evidence: read.evidence,
        superseded,
        candidates,
        record: read.record,
        by: Some(by),
        reason: Some(reason),
        at: Some(answer.at),
        ..FieldBrief::default()
    }
}

/// Sent back by the receiving team: whatever stood is only offered until somebody answers. A conflict stays one, for
/// it asks for more than a yes.
fn open_again(field: &Field, current: FieldBrief, sent_back: &Return) -> FieldBrief {
    let reason = wording::returned_reason(&sent_back.by.label(), sent_back.at, &sent_back.reason);
    if current.state == FieldState::Conflicting {
        return FieldBrief { reason: Some(reason), returned: true, ..current };
    }
    let mut candidates = Vec::new();
    if !current.value.is_null() {
        candidates.push(Candidate { reason: reason.clone(), ..candidate(field, &current, &current.value) });
    }
    for one in current.candidates {
        offer(&mut candidates, one);
    }
    FieldBrief {
        state: FieldState::Unconfirmed,
        evidence: current.evidence,
        superseded: current.superseded,
        candidates,
        record: current.record,
        by: current.by,
        at: current.at,
        reason: Some(reason),
        returned: true,
        ..FieldBrief::default()
    }
}

/// What of a reading an answer replaces.
struct Losers {
    /// The value that stood.
    values: bool,
    /// What could have been chosen, where the reading left it to a person to choose.
    candidates: bool,
}

/// What the reading and people replaced before, what an answer replaces now, and what people answered before it.
fn replaced(read: &FieldBrief, earlier: &[&Answer], losers: Losers) -> Vec<Superseded> {
    let origin_of = |evidence: &[Evidence]| match (evidence.is_empty(), &read.record) {
        (false, _) => Origin::Source,
        (true, Some(_)) => Origin::Crm,
        (true, None) => Origin::Person,
    };
    let old = |value: &Json, origin: Origin, evidence: &[Evidence]| Superseded {
        value: value.clone(),
        origin,
        evidence: evidence.to_vec(),
    };
    let value = Some(&read.value).filter(|value| losers.values && !value.is_null());
    let value = value.map(|value| old(value, read.origin.unwrap_or_else(|| origin_of(&read.evidence)), &read.evidence));
    let candidates = read.candidates.iter().filter(|_| losers.candidates);
    let candidates = candidates.map(|one| old(&one.value, origin_of(&one.evidence), &one.evidence));
    let answers = earlier.iter().filter_map(|answer| match &answer.kind {
        AnswerKind::Value { value, evidence } => Some(old(value, Origin::Person, evidence)),
        AnswerKind::NotApplicable { .. } | AnswerKind::Unknown { .. } => None,
    });
    let mut all: Vec<Superseded> = Vec::new();
    for one in read.superseded.iter().cloned().chain(value).chain(candidates).chain(answers) {
        if !all.iter().any(|other| other.value == one.value && other.origin == one.origin) {
            all.push(one);
        }
    }
    all
}

fn offer(all: &mut Vec<Candidate>, one: Candidate) {
    if !all.iter().any(|other| other.id == one.id) {
        all.push(one);
    }
}

fn add(mut all: Vec<Evidence>, more: Vec<Evidence>) -> Vec<Evidence> {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// A value of the reading as a candidate, with the reason it has there.
fn candidate(field: &Field, read: &FieldBrief, value: &Json) -> Candidate {
    if let Some(known) = read.candidates.iter().find(|one| one.value == *value) {
        return known.clone();
    }
    let reason = match &read.record {
        Some(record) if read.evidence.is_empty() => wording::recorded_reason(record),
        _ => wording::stated_reason(),
    };
    Candidate { id: candidate_id(&field.key, value), value: value.clone(), evidence: read.evidence.clone(), reason }
}
