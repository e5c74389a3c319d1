//! The fields of the brief as a list of label, value and state: each value with
//! its quotes, where it comes from and what it replaced.

use super::super::BriefView;
use super::anchors::Home;
use super::markup::Html;
use super::questions::candidates;
use super::{Sheet, linked, quote, quote_beside};
use crate::brief::{Evidence, FieldBrief, FieldState};
use crate::route::Requirement;
use crate::wording;

/// More quotes of a field than these are folded away.
const QUOTES_SHOWN: usize = 2;

/// A field, its key and its place in the route.
struct Row<'a> {
    index: usize,
    key: &'a str,
    field: &'a FieldBrief,
}

/// What is settled first, then what is open, both in the order of the route; what is optional and absent in one line.
pub(super) fn fields(page: &mut Html, sheet: &Sheet) {
    let all = sheet.view.brief.fields.iter().enumerate();
    let rows: Vec<Row> = all.map(|(index, (key, field))| Row { index, key, field }).collect();
    let found = rows.iter().filter(|row| row.field.state == FieldState::Found).count();
    page.mark("<section>\n<h2>What is known: ").number(found).mark(" of ").number(rows.len()).mark(" fields</h2>\n");
    let (absent, shown): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| is_absent(sheet, row));
    if !shown.is_empty() {
        page.mark("<dl class=\"fields\">\n");
        shown.iter().filter(|row| row.field.state.is_settled()).for_each(|row| one_field(page, sheet, row));
        shown.iter().filter(|row| !row.field.state.is_settled()).for_each(|row| one_field(page, sheet, row));
        page.mark("</dl>\n");
    }
    if !absent.is_empty() {
        let labels: Vec<&str> = absent.iter().map(|row| sheet.view.label(row.key)).collect();
        page.paragraph("<p class=\"small\">Not mentioned, not required: ", &labels.join(", "));
    }
    page.mark("</section>\n");
}

fn one_field(page: &mut Html, sheet: &Sheet, row: &Row) {
    let Row { key, field, .. } = row;
    page.mark("<div class=\"field\" id=\"").text(&Home::Field(row.index).id()).mark("\">\n<dt>");
    page.text(sheet.view.label(key)).mark("</dt>\n<dd>\n<p class=\"line\">");
    let gap = sheet.view.brief.gaps.iter().position(|gap| gap.field.as_deref() == Some(*key));
    if field.state == FieldState::Found {
        let value = sheet.view.shown(key, &field.value);
        let record = super::sources::record_id(sheet.view.conversation, field.record.as_ref());
        match (field.evidence.first(), record) {
            (None, Some(id)) => {
                page.mark("<a class=\"value\" href=\"#").text(&id).mark("\">").text(&value).mark("</a>");
            }
            (first, _) => linked(page, sheet, "value", &value, first),
        }
    } else if let Some(index) = gap {
        page.mark("<a href=\"#").text(&Home::Gap(index).id()).mark("\">question ").number(index + 1).mark("</a>");
    } else {
        page.mark("<span class=\"place\">").text(field.reason.as_deref().unwrap_or("—")).mark("</span>");
    }
    page.mark(" <span class=\"chip ").mark(state_class(sheet.view, key, field.state)).mark("\">");
    page.mark(wording::state_label(field.state)).mark("</span></p>\n");
    page.paragraph("<p class=\"small\">", &wording::origin_note(field).unwrap_or_default());
    if let (FieldState::UnknownByDesign, Some(due)) = (field.state, &field.due) {
        let owner = field.owner.as_deref().map(|owner| format!("{owner} finds out")).unwrap_or_default();
        page.paragraph("<p class=\"small\">", &format!("{owner}{}", wording::by_when(due)));
    }
    // What is asked about shows its words with the question.
    if gap.is_none() {
        proof(page, sheet, key, field);
    }
    page.mark("</dd>\n</div>\n");
}

/// The quotes of a value, what it replaced, and what was seen but may not stand.
fn proof(page: &mut Html, sheet: &Sheet, key: &str, field: &FieldBrief) {
    let (shown, rest) = field.evidence.split_at(field.evidence.len().min(QUOTES_SHOWN));
    let value = sheet.view.shown(key, &field.value);
    shown.iter().for_each(|evidence| quote_beside(page, sheet, evidence, &value));
    if !rest.is_empty() {
        let more = wording::counted(rest.len(), "more quote", "more quotes");
        page.mark("<details><summary>and ").text(&more).mark("</summary>\n");
        rest.iter().for_each(|evidence| quote(page, sheet, evidence));
        page.mark("</details>\n");
    }
    for old in &field.superseded {
        page.mark("<div class=\"old\"><p><span class=\"small\">was</span> <s>");
        linked(page, sheet, "value", &sheet.view.shown(key, &old.value), old.evidence.first());
        page.mark("</s></p>\n");
        old.evidence.iter().take(QUOTES_SHOWN).for_each(|evidence: &Evidence| quote(page, sheet, evidence));
        page.mark("</div>\n");
    }
    if !field.state.is_settled() && !field.candidates.is_empty() {
        page.mark("<p class=\"small\">seen, but not enough to stand by itself</p>\n");
        candidates(page, sheet, key, &field.candidates);
    }
}

/// Optional, asked of nobody, and nothing was seen.
fn is_absent(sheet: &Sheet, row: &Row) -> bool {
    let always = |key: &str| sheet.view.route.field(key).is_some_and(|f| matches!(f.required, Requirement::Always));
    let asked = sheet.view.brief.gaps.iter().any(|gap| gap.field.as_deref() == Some(row.key));
    row.field.state == FieldState::Missing && row.field.candidates.is_empty() && !asked && !always(row.key)
}

/// How a state looks: what nobody is asked about is no alarm.
pub(super) fn state_class(view: &BriefView, key: &str, state: FieldState) -> &'static str {
    let is_asked = || view.brief.gaps.iter().any(|gap| gap.field.as_deref() == Some(key));
    match state {
        FieldState::Found => "good",
        FieldState::NotApplicable | FieldState::UnknownByDesign => "quiet",
        _ if !is_asked() => "quiet",
        FieldState::Missing | FieldState::Conflicting | FieldState::Invalid => "bad",
        FieldState::Vague | FieldState::Stale | FieldState::Unconfirmed => "caution",
    }
}
