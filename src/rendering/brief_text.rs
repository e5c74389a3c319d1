//! A brief as text made for reading: the verdict first, then the questions,
//! then what is known with its quotes, then the prose, the warnings and the
//! small print.

use super::BriefView;
use super::clean::{clean, width};
use super::evidence::spoken;
use super::gap_text::{gaps, quoted};
use super::page::{Layout, Page, Span, span};
use super::paint::Style;
use crate::brief::{Evidence, FieldBrief, FieldState, PersonSeen, Statement, Verdict};
use crate::conversation::Side;
use crate::route::Requirement;
use crate::wording;

/// Labels longer than this many columns push their value to the next line.
const LABEL_COLUMNS: usize = 24;
/// More quotes of a field than these are counted, not shown.
const QUOTES_SHOWN: usize = 2;
const BULLET: &str = "  • ";

/// The whole brief; ends with a line break.
pub fn brief_text(view: &BriefView, layout: Layout) -> String {
    let mut page = Page::new(layout);
    verdict(&mut page, view);
    gaps(&mut page, view);
    next_action(&mut page, view);
    fields(&mut page, view);
    prose(&mut page, view);
    people(&mut page, view);
    warnings(&mut page, view);
    page.blank();
    page.paragraph(0, &[span(Style::Dim, wording::reading_line(view.brief))]);
    page.finish()
}

fn verdict(page: &mut Page, view: &BriefView) {
    let (mark, style) = match view.brief.verdict {
        Verdict::Complete => ("✓ ", Style::Good),
        Verdict::Incomplete | Verdict::IncompleteRun => ("✗ ", Style::Bad),
    };
    let headline = wording::verdict_headline(view.brief);
    page.hanging(&span(style, mark), &span(Style::Plain, ""), &[span(style, headline)]);
    let route = &view.route;
    let about = format!("{} · {} → {} · version {}", route.title, route.from_team, route.to_team, route.version);
    page.paragraph(2, &[span(Style::Dim, about)]);
    if let Some(headline) = &view.brief.summary.headline {
        page.blank();
        let lead = span(Style::Plain, "  ");
        sentence(
            page,
            view,
            &lead,
            Said { text: &headline.text, evidence: &headline.evidence },
            &[span(Style::Plain, &headline.text)],
        );
    }
}

fn next_action(page: &mut Page, view: &BriefView) {
    let Some(next) = &view.brief.summary.next_action else { return };
    page.heading("Next step");
    let mut spans = Vec::new();
    if let Some(who) = &next.who {
        spans.push(span(Style::Strong, format!("{who}: ")));
    }
    spans.push(span(Style::Strong, &next.what));
    if let Some(by) = &next.by {
        spans.push(span(Style::Plain, wording::by_when(by)));
    }
    let said = Said { text: &next.what, evidence: &next.evidence };
    sentence(page, view, &span(Style::Plain, "  "), said, &spans);
}

/// Found first, then what is open, both in the order of the route; what is optional and absent in one line.
fn fields(page: &mut Page, view: &BriefView) {
    let all = || view.brief.fields.iter();
    let found = all().filter(|(_, field)| field.state == FieldState::Found).count();
    let settled = |field: &FieldBrief| {
        matches!(field.state, FieldState::Found | FieldState::NotApplicable | FieldState::UnknownByDesign)
    };
    let absent = |key: &str, field: &FieldBrief| {
        field.state == FieldState::Missing && gap_number(view, key).is_none() && optional(view, key)
    };
    page.heading(&format!("What is known: {found} of {} fields", all().count()));
    let label_columns = all()
        .filter(|(key, field)| !absent(key, field))
        .map(|(key, _)| width(&clean(view.label(key))))
        .filter(|columns| *columns <= LABEL_COLUMNS)
        .max()
        .unwrap_or(0);
    for (key, field) in all().filter(|(_, field)| settled(field)) {
        one_field(page, view, key, field, label_columns);
    }
    for (key, field) in all().filter(|(key, field)| !settled(field) && !absent(key, field)) {
        one_field(page, view, key, field, label_columns);
    }
    let not_given: Vec<&str> =
        all().filter(|(key, field)| absent(key, field)).map(|(key, _)| view.label(key)).collect();
    if !not_given.is_empty() {
        page.blank();
        let list = format!("Not mentioned, not required: {}", not_given.join(", "));
        page.paragraph(2, &[span(Style::Dim, list)]);
    }
}

fn one_field(page: &mut Page, view: &BriefView, key: &str, field: &FieldBrief, label_columns: usize) {
    let label = clean(view.label(key));
    let indent = 2 + label_columns + 2;
    let lead = span(Style::Plain, format!("  {label}"));
    let hang = span(Style::Plain, " ".repeat(indent));
    let value = value_spans(view, key, field);
    if width(&label) > label_columns {
        page.hanging(&lead, &lead, &[]);
        page.hanging(&hang, &hang, &value);
    } else {
        page.hanging(&lead, &hang, &value);
    }
    if let Some(note) = wording::origin_note(field) {
        page.paragraph(indent, &[span(Style::Dim, note)]);
    }
    // What is asked about shows its words with the question.
    if gap_number(view, key).is_none() {
        proof(page, view, key, field, indent);
    }
}

/// The quotes of a value, and what it replaced.
fn proof(page: &mut Page, view: &BriefView, key: &str, field: &FieldBrief, indent: usize) {
    let value = clean(&view.shown(key, &field.value));
    for evidence in field.evidence.iter().take(QUOTES_SHOWN) {
        let mut spans = quoted(view, evidence);
        if spans.len() == 2 && spoken(&evidence.quote) == value {
            spans.remove(0);
        }
        page.paragraph(indent, &spans);
    }
    let more = field.evidence.len().saturating_sub(QUOTES_SHOWN);
    if more > 0 {
        let more = format!("and {}", wording::counted(more, "more quote", "more quotes"));
        page.paragraph(indent, &[span(Style::Dim, more)]);
    }
    for old in &field.superseded {
        let mut spans = vec![span(Style::Dim, "was "), span(Style::Struck, view.shown(key, &old.value))];
        if let Some(evidence) = old.evidence.first() {
            spans.push(span(Style::Dim, " · "));
            spans.extend(quoted(view, evidence));
        }
        page.paragraph(indent, &spans);
    }
}

fn value_spans(view: &BriefView, key: &str, field: &FieldBrief) -> Vec<Span> {
    let state = wording::state_label(field.state);
    if field.state == FieldState::Found {
        return vec![span(Style::Strong, view.shown(key, &field.value))];
    }
    let mut spans = vec![span(Style::Caution, state)];
    if let Some(number) = gap_number(view, key) {
        spans.push(span(Style::Dim, format!(", question {number}")));
    } else if let Some(reason) = &field.reason {
        spans.push(span(Style::Dim, format!(" · {reason}")));
    }
    spans
}

/// The number a field's gap has in the list of questions.
fn gap_number(view: &BriefView, key: &str) -> Option<usize> {
    view.brief.gaps.iter().position(|gap| gap.field.as_deref() == Some(key)).map(|index| index + 1)
}

fn optional(view: &BriefView, key: &str) -> bool {
    view.route.field(key).is_none_or(|field| !matches!(field.required, Requirement::Always))
}

fn prose(page: &mut Page, view: &BriefView) {
    let summary = &view.brief.summary;
    statements(page, view, "Situation", &summary.situation);
    statements(page, view, "Decisions", &summary.decisions);
    if !summary.promises.is_empty() {
        page.heading("Promises");
        for promise in &summary.promises {
            let mut spans = Vec::new();
            match (&promise.who, &promise.to) {
                (Some(who), Some(to)) => spans.push(span(Style::Strong, format!("{who} to {to}: "))),
                (Some(who), None) => spans.push(span(Style::Strong, format!("{who}: "))),
                (None, _) => {}
            }
            spans.push(span(Style::Plain, &promise.what));
            if let Some(by) = &promise.by {
                spans.push(span(Style::Strong, wording::by_when(by)));
            }
            let said = Said { text: &promise.what, evidence: &promise.evidence };
            sentence(page, view, &span(Style::Dim, BULLET), said, &spans);
        }
    }
    statements(page, view, "Risks", &summary.risks);
    statements(page, view, "Open questions", &summary.open_questions);
    if summary.left_out > 0 {
        page.blank();
        page.paragraph(2, &[span(Style::Dim, wording::left_out_line(summary.left_out))]);
    }
}

fn statements(page: &mut Page, view: &BriefView, heading: &str, items: &[Statement]) {
    if items.is_empty() {
        return;
    }
    page.heading(heading);
    for item in items {
        let said = Said { text: &item.text, evidence: &item.evidence };
        sentence(page, view, &span(Style::Dim, BULLET), said, &[span(Style::Plain, &item.text)]);
    }
}

/// What a sentence says and what shows it.
struct Said<'a> {
    text: &'a str,
    evidence: &'a [Evidence],
}

/// A sentence, then its first quote on a line of its own; where the sentence is the quote itself, only its place.
fn sentence(page: &mut Page, view: &BriefView, lead: &Span, said: Said, spans: &[Span]) {
    let rest = span(Style::Plain, "");
    let Some(first) = said.evidence.first() else { return page.hanging(lead, &rest, spans) };
    let quote = quoted(view, first);
    if spoken(said.text) == spoken(&first.quote) && quote.len() == 2 {
        let place = quote.into_iter().skip(1);
        return page.hanging(lead, &rest, &spans.iter().cloned().chain(place).collect::<Vec<_>>());
    }
    page.hanging(lead, &rest, spans);
    page.paragraph(width(&lead.text), &quote);
}

fn people(page: &mut Page, view: &BriefView) {
    let people = &view.brief.summary.people;
    if people.is_empty() {
        return;
    }
    page.heading("People");
    for side in [Side::Theirs, Side::Ours, Side::Unknown] {
        let names: Vec<Vec<Span>> = people.iter().filter(|person| person.side == side).map(one_person).collect();
        if names.is_empty() {
            continue;
        }
        let mut spans = Vec::new();
        for (index, name) in names.into_iter().enumerate() {
            if index > 0 {
                spans.push(span(Style::Plain, "; "));
            }
            spans.extend(name);
        }
        let lead = span(Style::Dim, format!("  {:<14}", wording::side_label(side)));
        page.hanging(&lead, &span(Style::Plain, ""), &spans);
    }
}

fn one_person(person: &PersonSeen) -> Vec<Span> {
    let mut spans = vec![span(Style::Plain, &person.name)];
    if let Some(role) = &person.role {
        spans.push(span(Style::Plain, format!(", {role}")));
    }
    if let Some(address) = person.address.as_ref().filter(|address| **address != person.name) {
        spans.push(span(Style::Dim, format!(" <{address}>")));
    }
    spans
}

fn warnings(page: &mut Page, view: &BriefView) {
    if view.brief.warnings.is_empty() {
        return;
    }
    page.heading("Warnings");
    for warning in &view.brief.warnings {
        let place = match warning.place.as_str() {
            "" => warning.source.clone(),
            place => format!("{}, {place}", warning.source),
        };
        let spans = [span(Style::Plain, format!("{place}: ")), span(Style::Plain, &warning.message)];
        page.hanging(&span(Style::Caution, "  ! "), &span(Style::Plain, ""), &spans);
    }
}
