//! The brief as rows, one a field: its value with the words it rests on, whose
//! word it is, what stood there before, and the forms that confirm or change it.

use std::collections::HashMap;

use super::super::guard::Here;
use crate::answers::{Answer, AnswerKind};
use crate::app::Review;
use crate::brief::{Brief, FieldBrief, FieldState, Origin, Superseded};
use crate::rendering::{Parts, clean};
use crate::route::{Field, Requirement};
use crate::store::Precedent;
use crate::web::Typed;
use crate::web::answers::base;
use crate::web::questions::{Question, Setting};
use crate::web::shown::shown;
use crate::web::stamps::{stamp, stamp_name};
use crate::wording;

use super::Again;

/// More quotes of a value than these are folded away.
const QUOTES_SHOWN: usize = 2;

/// A field on the page.
pub(super) struct Row {
    /// `field-1`, as the marks in the sources lead back to it.
    pub id: String,
    pub key: String,
    pub label: String,
    pub is_required: bool,
    /// As HTML: leads to its words.
    pub value: String,
    pub state: &'static str,
    pub class: &'static str,
    /// A shape for the state, for whoever does not see colours.
    pub sign: &'static str,
    /// Whose word it is and since when, where no quote says it.
    pub note: String,
    /// As HTML.
    pub quotes: Vec<String>,
    pub more_quotes: Vec<String>,
    pub history: Vec<Old>,
    /// The id of its question, where it is asked about.
    pub question: Option<String>,
    pub can_confirm: bool,
    pub stamp_name: String,
    pub stamp: String,
    /// As HTML: the inputs that change it.
    pub edit: Option<String>,
    pub is_editing: bool,
}

/// What stood in a field before, or who said what of it.
pub(super) struct Old {
    pub said: String,
    /// As HTML.
    pub quotes: Vec<String>,
}

/// What all rows are made from.
pub(super) struct Ground<'a> {
    pub here: &'a Here,
    pub review: &'a Review,
    pub brief: &'a Brief,
    pub parts: &'a Parts<'a>,
    pub again: &'a Again,
    pub now: jiff::Timestamp,
    pub hints: &'a HashMap<String, Vec<Precedent>>,
    pub can_answer: bool,
    pub has_sources: bool,
}

/// All fields in the order of the route: those with something in them or asked for, and those that are just empty.
pub(super) fn rows(ground: &Ground) -> Result<(Vec<Row>, Vec<Row>), askama::Error> {
    let fields = &ground.review.route.fields;
    let nothing = FieldBrief::default();
    let mut all = Vec::with_capacity(fields.len());
    for (place, field) in fields.iter().enumerate() {
        let found = ground.brief.fields.find(&field.key).unwrap_or(&nothing);
        all.push((row(ground, (place, field), found)?, is_absent(ground, field, found)));
    }
    let (absent, shown): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, is_absent)| *is_absent);
    let only = |rows: Vec<(Row, bool)>| rows.into_iter().map(|(row, _)| row).collect();
    Ok((only(shown), only(absent)))
}

fn row(ground: &Ground, (place, field): (usize, &Field), found: &FieldBrief) -> Result<Row, askama::Error> {
    let Ground { brief, parts, can_answer, .. } = ground;
    let question = brief.gaps.iter().position(|gap| gap.field.as_deref() == Some(&field.key));
    let read = ground.review.row.base.as_ref().and_then(|base| base.fields.find(&field.key));
    let (state, class, sign) = standing(found, read);
    let is_found = found.state == FieldState::Found;
    // What is asked about shows its words with the question.
    let quoted = if question.is_none() { found.evidence.as_slice() } else { &[] };
    let value = if is_found { wording::value_text(field, &found.value) } else { String::new() };
    let mut quotes: Vec<String> = quoted.iter().map(|evidence| parts.quote(evidence, &value)).collect();
    let more_quotes = quotes.split_off(quotes.len().min(QUOTES_SHOWN));
    let edit = if *can_answer && question.is_none() { Some(edit(ground, field, found)?) } else { None };
    Ok(Row {
        id: format!("field-{}", place + 1),
        key: field.key.clone(),
        label: clean(&field.label),
        is_required: matches!(field.required, Requirement::Always),
        value: match found.state {
            FieldState::Found => parts.value(&field.key, &found.value),
            FieldState::NotApplicable | FieldState::UnknownByDesign => escaped(&shown(field, found)),
            _ => String::new(),
        },
        state,
        class,
        sign,
        note: note(found),
        quotes,
        more_quotes,
        history: history(ground, field, found),
        question: question.map(|place| format!("question-{}", place + 1)),
        can_confirm: *can_answer && is_found && found.origin != Some(Origin::Person),
        stamp_name: stamp_name(&field.key),
        stamp: stamp(found),
        edit,
        is_editing: question.is_none() && ground.again.typed.touches(&base(&field.key)),
    })
}

/// The inputs of a field that is not asked about, filled with what it holds or with what was typed before.
fn edit(ground: &Ground, field: &Field, found: &FieldBrief) -> Result<String, askama::Error> {
    let typed_before = &ground.again.typed;
    let is_typed = typed_before.touches(&base(&field.key));
    let own = if is_typed { Typed::default() } else { Typed::of_field(field, found) };
    let typed = if is_typed { typed_before } else { &own };
    let setting = Setting { typed, mistakes: &ground.again.mistakes, parts: Some(ground.parts), now: ground.now };
    let mut question = Question::of_field((field, found), (None, None), setting);
    question.stamp = stamp(found);
    question.html()
}

/// The state in a word, how it looks, and its shape.
fn standing(found: &FieldBrief, read: Option<&FieldBrief>) -> (&'static str, &'static str, &'static str) {
    let is_read = read.is_some_and(|read| !read.value.is_null() && read.value == found.value);
    let label = wording::state_label(found.state);
    match (found.state, found.origin) {
        (FieldState::Found, Some(Origin::Person)) if is_read => ("confirmed", "good", "✓"),
        (FieldState::Found, Some(Origin::Person)) => ("answered", "good", "●"),
        (FieldState::Found, Some(Origin::Crm)) => ("from the CRM", "as-read", "◇"),
        (FieldState::Found, _) => ("suggested", "as-read", "○"),
        (FieldState::NotApplicable, _) => (label, "quiet", "–"),
        (FieldState::UnknownByDesign, _) => (label, "quiet", "…"),
        (FieldState::Conflicting, _) => (label, "bad", "≠"),
        (FieldState::Missing | FieldState::Invalid, _) => (label, "bad", "✗"),
        (FieldState::Vague | FieldState::Stale | FieldState::Unconfirmed, _) => (label, "caution", "!"),
    }
}

fn note(found: &FieldBrief) -> String {
    let since = found.at.map(|at| format!(", {}", wording::moment(at))).unwrap_or_default();
    match (&found.by, wording::origin_note(found)) {
        (Some(by), _) => format!("said by {}{since}", clean(by)),
        (None, Some(origin)) => clean(&origin),
        (None, None) if found.state == FieldState::Found => String::new(),
        (None, None) => found.reason.as_deref().map(clean).unwrap_or_default(),
    }
}

/// What was replaced, and what people said, the newest first.
fn history(ground: &Ground, field: &Field, found: &FieldBrief) -> Vec<Old> {
    let answers = ground.review.answers.iter().rev().filter(|answer| answer.field == field.key);
    let said = answers.map(|answer| Old { said: told(field, answer), quotes: Vec::new() });
    let old = |old: &Superseded| Old {
        said: format!("was {}, {}", clean(&wording::value_text(field, &old.value)), wording::origin_label(old.origin)),
        quotes: old.evidence.iter().take(QUOTES_SHOWN).map(|evidence| ground.parts.quote(evidence, "")).collect(),
    };
    said.chain(found.superseded.iter().map(old)).collect()
}

fn told(field: &Field, answer: &Answer) -> String {
    let what = match &answer.kind {
        AnswerKind::Value { value, .. } => wording::value_text(field, value),
        AnswerKind::NotApplicable { reason } => format!("does not apply, because {reason}"),
        AnswerKind::Unknown { owner, due } => format!("not known yet; {owner} finds out by {}", wording::date(*due)),
    };
    format!("{} said: {} ({})", clean(&answer.by.name), clean(&what), wording::moment(answer.at))
}

/// Optional, asked of nobody, and nothing was seen.
fn is_absent(ground: &Ground, field: &Field, found: &FieldBrief) -> bool {
    let is_asked = ground.brief.gaps.iter().any(|gap| gap.field.as_deref() == Some(&field.key));
    found.state == FieldState::Missing
        && found.candidates.is_empty()
        && !is_asked
        && !matches!(field.required, Requirement::Always)
}

/// Text as HTML.
fn escaped(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html).map(|safe| safe.to_string()).unwrap_or_default()
}
