//! What one field must show to keep its state, looked at alone: a value of its
//! type, somebody who stands for it, words that are no junk, precise and fresh
//! enough. Rules that name other fields come after, in `rules`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::brief::{Candidate, FieldBrief, FieldState, Origin, candidate_id};
use crate::route::Field;
use crate::value::{self, Context, Kind, ListOf, Value};
use crate::wording;

/// A state lower than `found`, and why in plain words.
type Trouble = (FieldState, String);

/// Checks one field by itself.
pub(super) fn settle_field(field: &Field, mut brief: FieldBrief, now: Timestamp) -> FieldBrief {
    match brief.state {
        FieldState::Found => {
            if let Some((state, reason)) = trouble(field, &brief, now) {
                downgrade(field, &mut brief, state, reason);
            }
        }
        FieldState::NotApplicable | FieldState::UnknownByDesign => {
            if let Some(reason) = answer_trouble(field, &brief, now) {
                downgrade(field, &mut brief, FieldState::Missing, reason);
            } else {
                set_aside(field, &mut brief, wording::reason_answered_without_value());
            }
        }
        state => {
            let reason = brief.reason.clone().unwrap_or_else(|| wording::state_label(state).to_string());
            set_aside(field, &mut brief, reason);
        }
    }
    if brief.state != FieldState::Invalid {
        brief.waits_for.clear();
    }
    brief
}

/// Takes the value away but keeps it as a candidate, so that a person can pick it in one click.
pub(super) fn downgrade(field: &Field, brief: &mut FieldBrief, state: FieldState, reason: String) {
    set_aside(field, brief, reason.clone());
    brief.state = state;
    brief.reason = Some(reason);
}

fn set_aside(field: &Field, brief: &mut FieldBrief, reason: String) {
    brief.origin = None;
    let value = brief.value.take();
    if value.is_null() || matches!(junk(field, &value), Junk::All(_)) {
        return;
    }
    let id = candidate_id(&field.key, &value);
    if brief.candidates.iter().all(|candidate| candidate.id != id) {
        // What stood is asked about before anything that was said beside it.
        brief.candidates.insert(0, Candidate { id, value, evidence: brief.evidence.clone(), reason });
    }
}

/// The first thing that keeps a value from standing, judged without other fields.
pub(super) fn trouble(field: &Field, brief: &FieldBrief, now: Timestamp) -> Option<Trouble> {
    emptiness(field, brief)
        .or_else(|| misreading(field, &brief.value))
        .or_else(|| lack_of_support(brief))
        .or_else(|| vagueness(field, &brief.value))
        .or_else(|| age(field, brief, now))
}

/// No value, or words that only fill the box.
fn emptiness(field: &Field, brief: &FieldBrief) -> Option<Trouble> {
    if items(&brief.value).is_empty() {
        return Some((FieldState::Missing, wording::reason_empty()));
    }
    match junk(field, &brief.value) {
        Junk::All(text) => return Some((FieldState::Missing, wording::reason_junk(&text))),
        Junk::Some(text) => return Some((FieldState::Vague, wording::reason_junk_item(&text))),
        Junk::None => {}
    }
    let raw = brief.record.as_ref().filter(|_| brief.origin == Some(Origin::Crm)).map(|record| record.raw.as_str());
    raw.filter(|raw| !is_choice(field, raw) && is_junk(field, raw))
        .map(|raw| (FieldState::Missing, wording::reason_junk(raw)))
}

/// How much of a value is junk; the first junk text is kept for the reason.
enum Junk {
    None,
    Some(String),
    All(String),
}

fn junk(field: &Field, value: &Json) -> Junk {
    let items = items(value);
    let junk: Vec<String> = items
        .iter()
        .filter_map(|item| words(item))
        .filter(|text| !is_choice(field, text) && is_junk(field, text))
        .map(str::to_string)
        .collect();
    match junk.first() {
        None => Junk::None,
        Some(text) if junk.len() == items.len() => Junk::All(text.clone()),
        Some(text) => Junk::Some(text.clone()),
    }
}

/// The words of a value that somebody may have filled in to be done with it: its text, or a person's name.
fn words(item: &Json) -> Option<&str> {
    item.as_str().or_else(|| item.get("name")?.as_str())
}

fn is_junk(field: &Field, text: &str) -> bool {
    text.trim().is_empty() || value::is_junk_value(&field.kind, text, &[&field.label, &field.question, &field.key])
}

/// A word that the route declares as a choice is an answer, whatever it looks like (`none`, `unknown`).
fn is_choice(field: &Field, text: &str) -> bool {
    let Kind::Enum(choices) = &field.kind else { return false };
    choices
        .iter()
        .any(|choice| choice.id == text || choice.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(text)))
}

/// Not a value of the field's type.
fn misreading(field: &Field, value: &Json) -> Option<Trouble> {
    typed(field, value).err().map(|reason| (FieldState::Invalid, wording::reason_wrong_type(&reason)))
}

/// The value as its type, or why it is none. What a brief holds was typed
/// before, so no day and no people are needed to read it.
pub(super) fn typed(field: &Field, value: &Json) -> Result<Value, String> {
    if field.list != value.is_array() {
        return Err(wording::reason_list_shape(field.list));
    }
    let list = if field.list { ListOf::Many } else { ListOf::One };
    let context = Context { said_at: None, zone: None, around: None, participants: &[] };
    value::from_json(&field.kind, list, value, &context).map_err(|unreadable| unreadable.reason)
}

/// The items of a list, or the one value; nothing for null.
fn items(value: &Json) -> Vec<&Json> {
    match value {
        Json::Null => Vec::new(),
        Json::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

/// Nobody and nothing stands for the value.
fn lack_of_support(brief: &FieldBrief) -> Option<Trouble> {
    let supported = match brief.origin {
        None => false,
        Some(Origin::Source) => {
            brief.evidence.iter().any(|evidence| evidence.tier.is_verified() && !evidence.quote.trim().is_empty())
        }
        Some(Origin::Crm) => brief.record.as_ref().is_some_and(|record| !record.property.trim().is_empty()),
        Some(Origin::Person) => brief.by.as_deref().is_some_and(is_named),
    };
    (!supported).then(|| (FieldState::Unconfirmed, wording::reason_unsupported(brief)))
}

fn is_named(by: &str) -> bool {
    !by.trim().is_empty()
}

/// Too loose for a field that must be specific.
fn vagueness(field: &Field, value: &Json) -> Option<Trouble> {
    if !field.specific {
        return None;
    }
    let figureless = matches!(field.kind, Kind::Text | Kind::LongText)
        && field.asks_figure()
        && !items(value).into_iter().filter_map(words).any(holds_figure);
    if figureless {
        return Some((FieldState::Vague, wording::reason_vague(&wording::reason_no_figure())));
    }
    let loose_words = items(value).into_iter().filter_map(words).find_map(|words| value::vagueness(&field.kind, words));
    let reason = loose_words.or_else(|| match typed(field, value).ok()? {
        Value::List(items) => items.iter().find_map(looseness),
        one => looseness(&one),
    })?;
    Some((FieldState::Vague, wording::reason_vague(&reason)))
}

fn holds_figure(text: &str) -> bool {
    let spelled = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "half", "hundred",
        "zero", "dozen", "double", "twice",
    ];
    text.chars().any(|c| c.is_ascii_digit())
        || text.split(|c: char| !c.is_alphabetic()).any(|word| spelled.contains(&word.to_lowercase().as_str()))
}

/// What only the typed value shows, however its words were written.
fn looseness(value: &Value) -> Option<String> {
    match value {
        Value::PartialDate(_) => Some(wording::reason_no_day()),
        Value::Money(money) if money.currency.is_none() => Some(wording::reason_no_currency()),
        Value::Person(person) if person.name.split_whitespace().count() < 2 => Some(wording::reason_no_last_name()),
        _ => None,
    }
}

/// Older than the field allows. The record's or the person's own time counts
/// first; without it the newest verified words do. What has no time at all is
/// taken as current: nothing shows that it is old, and that a call's date is
/// unknown is told as a warning.
fn age(field: &Field, brief: &FieldBrief, now: Timestamp) -> Option<Trouble> {
    let limit = field.stale_after?;
    let words = brief.evidence.iter().filter(|evidence| evidence.tier.is_verified());
    let own = brief.at.filter(|_| brief.origin != Some(Origin::Source));
    let newest = own.or_else(|| words.filter_map(|evidence| evidence.at).max())?;
    let old = now.duration_since(newest);
    (old > limit.max(SignedDuration::ZERO)).then(|| (FieldState::Stale, wording::reason_stale(newest, old, limit)))
}

/// Why a person's answer without a value does not stand.
fn answer_trouble(field: &Field, brief: &FieldBrief, now: Timestamp) -> Option<String> {
    let unknown = brief.state == FieldState::UnknownByDesign;
    let allowed = if unknown { field.allow.unknown } else { field.allow.not_applicable };
    if !allowed {
        return Some(wording::reason_not_allowed(brief.state));
    }
    if !brief.by.as_deref().is_some_and(is_named) {
        return Some(wording::reason_nobody_named());
    }
    if !unknown {
        let explained = brief.reason.as_deref().is_some_and(|reason| !is_junk(field, reason));
        return (!explained).then(wording::reason_unexplained);
    }
    if !brief.owner.as_deref().is_some_and(is_named) {
        return Some(wording::reason_no_owner());
    }
    let Some(due) = brief.due.as_deref().and_then(|due| due.parse::<Date>().ok()) else {
        return Some(wording::reason_no_due_date());
    };
    let today = now.to_zoned(TimeZone::UTC).date();
    (due < today).then(|| wording::reason_past_due(due))
}
