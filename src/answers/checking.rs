//! Whether a request can be taken as it is: all of it, or nothing of it with
//! every reason at once. What is taken is typed, named and knows what its
//! author had before their eyes.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::meaning::{quotes_for, same, seen};
use super::reading::{Problem, read_value, stands};
use super::refusal::{Code, Refusal};
use super::request::{FieldPatch, Patch, UnknownUntil};
use super::{Answer, AnswerKind, Dismissal, Person};
use crate::brief::{Brief, Evidence, FieldBrief, FieldState, Gap, GapKind, Origin};
use crate::route::{Field, Route};
use crate::value::{self, Context, Kind, Precision, Value, is_junk, is_junk_value};
use crate::wording;

/// Checks what a person sends against the brief in force as they saw it. Either everything is taken, or nothing is
/// and each reason is named.
pub fn check(
    request: &Patch,
    brief: &Brief,
    route: &Route,
    by: &Person,
    at: Timestamp,
) -> Result<(Vec<Answer>, Vec<Dismissal>), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if !is_named(by) {
        refusals.push(Refusal::new(&["by", "name"], Code::NobodyNamed, wording::refused_nobody()));
    }
    if request.fields.0.is_empty() && request.sources.0.is_empty() {
        refusals.push(Refusal::new(&[], Code::NothingAnswered, wording::refused_nothing()));
    }
    let checker = Checker { brief, route, at };
    let mut answers = Vec::new();
    for (key, patch) in request.fields.iter() {
        match checker.field(key, patch) {
            Ok(kind) => {
                let seen = brief.fields.find(key).map(|brief| seen(key, brief)).unwrap_or_default();
                answers.push(Answer { field: key.to_owned(), kind, by: by.clone(), at, written_at: None, seen });
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    let mut dismissals = Vec::new();
    for (source, patch) in request.sources.iter() {
        match checker.source(source, &patch.dismissed) {
            Ok(count) => {
                let (source, reason) = (source.to_owned(), patch.dismissed.trim().to_owned());
                dismissals.push(Dismissal { source, reason, by: by.clone(), at, written_at: None, count });
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok((answers, dismissals)) } else { Err(refusals) }
}

/// Whether an answer has a person behind it; `n/a` is nobody.
pub(super) fn is_named(by: &Person) -> bool {
    !by.label().is_empty() && !is_junk(&by.name, &[])
}

/// Whether words say why.
pub(super) fn is_reason(reason: &str) -> bool {
    !reason.trim().is_empty() && !is_junk(reason, &[])
}

/// Whether a stored dismissal says who and why.
pub(super) fn is_sound(dismissal: &Dismissal) -> bool {
    is_named(&dismissal.by) && is_reason(&dismissal.reason)
}

/// The unread sources that are open in a brief.
pub(super) fn unread(brief: &Brief) -> impl Iterator<Item = (&str, &Gap)> {
    let unread = brief.gaps.iter().filter(|gap| gap.kind == GapKind::UnreadSource);
    unread.filter_map(|gap| Some((gap.source.as_deref()?, gap)))
}

struct Checker<'a> {
    brief: &'a Brief,
    route: &'a Route,
    at: Timestamp,
}

impl Checker<'_> {
    fn field(&self, key: &str, patch: &FieldPatch) -> Result<AnswerKind, Refusal> {
        let Some(field) = self.route.field(key) else {
            let keys: Vec<&str> = self.route.fields.iter().map(|field| field.key.as_str()).collect();
            return Err(Refusal::new(&["fields", key], Code::UnknownField, wording::refused_field(key, &keys)));
        };
        let shown = self.brief.fields.find(key);
        match patch {
            FieldPatch::Value(json) => {
                let value = read_value(field, json, self.at)
                    .and_then(|value| stands(self.route, field, &value, self.at).map(|()| value))
                    .map_err(|problem| self.refusal_of(field, "value", problem))?;
                let evidence = shown.map(|shown| evidence_of(field, shown, &value)).unwrap_or_default();
                Ok(AnswerKind::Value { value, evidence })
            }
            FieldPatch::Candidate(id) => {
                let candidates = shown.map(|shown| shown.candidates.as_slice()).unwrap_or_default();
                let Some(picked) = candidates.iter().find(|candidate| candidate.id == *id) else {
                    let detail = wording::refused_candidate(candidates.len());
                    return Err(Refusal::new(&["fields", key, "candidate"], Code::UnknownCandidate, detail));
                };
                stands(self.route, field, &picked.value, self.at)
                    .map_err(|problem| self.refusal_of(field, "candidate", problem))?;
                Ok(AnswerKind::Value { value: picked.value.clone(), evidence: quotes_for(picked).to_vec() })
            }
            FieldPatch::NotApplicable(reason) => self.not_applicable(field, reason),
            FieldPatch::Unknown(unknown) => self.unknown(field, unknown),
        }
    }

    fn refusal_of(&self, field: &Field, kind: &str, problem: Problem) -> Refusal {
        let path: Vec<&str> =
            ["fields", field.key.as_str(), kind].into_iter().chain(problem.below.as_deref()).collect();
        Refusal::new(&path, problem.code, wording::refused_value(field, &problem.reason, self.at))
    }

    fn not_applicable(&self, field: &Field, reason: &str) -> Result<AnswerKind, Refusal> {
        let path = ["fields", field.key.as_str(), "not_applicable"];
        if !field.allow.not_applicable {
            let problem = wording::reason_not_allowed(FieldState::NotApplicable);
            return Err(Refusal::new(&path, Code::NotAllowed, wording::refused_kind(field, &problem)));
        }
        // Judged as the field's own words are, so that what is taken here stands in the brief.
        if !is_reason(reason) || is_junk_value(&field.kind, reason, &[&field.label, &field.question, &field.key]) {
            return Err(Refusal::new(&path, Code::EmptyReason, wording::refused_reason()));
        }
        Ok(AnswerKind::NotApplicable { reason: reason.trim().to_owned() })
    }

    fn unknown(&self, field: &Field, unknown: &UnknownUntil) -> Result<AnswerKind, Refusal> {
        let refuse = |below: &[&str], code, detail| {
            let path: Vec<&str> = ["fields", field.key.as_str(), "unknown"].iter().chain(below).copied().collect();
            Err(Refusal::new(&path, code, detail))
        };
        if !field.allow.unknown {
            let problem = wording::reason_not_allowed(FieldState::UnknownByDesign);
            return refuse(&[], Code::NotAllowed, wording::refused_kind(field, &problem));
        }
        if !is_reason(&unknown.owner) {
            return refuse(&["owner"], Code::EmptyOwner, wording::refused_owner());
        }
        let Some(due) = day(&unknown.due, self.at) else {
            return refuse(&["due"], Code::UnreadableValue, wording::refused_due());
        };
        let today = self.at.to_zoned(TimeZone::UTC).date();
        if due < today {
            return refuse(&["due"], Code::PastDueDate, wording::refused_past(due, today));
        }
        Ok(AnswerKind::Unknown { owner: unknown.owner.trim().to_owned(), due })
    }

    /// How many open unread sources have this name.
    fn source(&self, source: &str, reason: &str) -> Result<usize, Refusal> {
        let count = unread(self.brief).filter(|(name, _)| *name == source).count();
        if count == 0 {
            let open: Vec<&str> = unread(self.brief).map(|(name, _)| name).collect();
            return Err(Refusal::new(&["sources", source], Code::UnknownSource, wording::refused_source(&open)));
        }
        if !is_reason(reason) {
            let path = ["sources", source, "dismissed"];
            return Err(Refusal::new(&path, Code::EmptyReason, wording::refused_reason()));
        }
        Ok(count)
    }
}

/// The quotes of the same value: who types what the brief shows says the same as who picks it.
fn evidence_of(field: &Field, shown: &FieldBrief, value: &Json) -> Vec<Evidence> {
    let stands = shown.state == FieldState::Found && shown.origin == Some(Origin::Source);
    if stands && same(field, &shown.value, value) {
        return shown.evidence.clone();
    }
    let offered = shown.candidates.iter().find(|candidate| candidate.value == *value);
    offered.map(|candidate| quotes_for(candidate).to_vec()).unwrap_or_default()
}

/// The one day that words name, counted from when they were said.
fn day(text: &str, at: Timestamp) -> Option<Date> {
    let context = Context { said_at: Some(at), zone: None, around: Some(at), participants: &[] };
    let reading = value::read(&Kind::Date, text, &context).ok()?;
    match (reading.value, reading.precision) {
        (Value::Date(day), Precision::Exact) => Some(day),
        _ => None,
    }
}
