//! A brief as Markdown, for a ticket, a wiki page or a message: the verdict,
//! the gaps as a checklist, the fields with their quotes.

use super::BriefView;
use super::evidence::{cite, spoken};
use super::gap_text::nearest_to_show;
use super::markdown::Markdown;
use crate::brief::{Evidence, FieldBrief, FieldState, Gap, PersonSeen, Statement, Verdict};
use crate::wording;

/// The whole brief; ends with a line break.
pub fn brief_markdown(view: &BriefView) -> String {
    let mut page = Markdown::default();
    let mark = if view.brief.verdict == Verdict::Complete { "# ✓ " } else { "# ✗ " };
    page.mark(mark).text(&wording::verdict_headline(view.brief)).mark("\n\n");
    let route = view.route;
    page.mark("**").text(&route.title).mark("** · ").text(&route.from_team).mark(" → ").text(&route.to_team);
    page.mark(" · version ").number(route.version as usize).mark("\n\n");
    if let Some(headline) = &view.brief.summary.headline {
        page.text(&headline.text).mark("\n\n");
        quotes(&mut page, view, "", &headline.evidence);
    }
    gaps(&mut page, view);
    next_action(&mut page, view);
    fields(&mut page, view);
    prose(&mut page, view);
    people(&mut page, &view.brief.summary.people);
    if !view.brief.warnings.is_empty() {
        page.mark("## Warnings\n\n");
    }
    for warning in &view.brief.warnings {
        page.mark("- ").text(&warning.source);
        if !warning.place.is_empty() {
            page.mark(", ").text(&warning.place);
        }
        page.mark(": ").text(&warning.message).mark("\n");
    }
    page.mark("\n---\n\n").text(&wording::reading_line(view.brief));
    page.finish()
}

fn gaps(page: &mut Markdown, view: &BriefView) {
    if view.brief.gaps.is_empty() {
        return;
    }
    page.mark("## To ask\n\n");
    for gap in &view.brief.gaps {
        one_gap(page, view, gap);
    }
    page.mark("\n");
}

fn one_gap(page: &mut Markdown, view: &BriefView, gap: &Gap) {
    page.mark("- [ ] **").text(&gap.question).mark("**");
    if !gap.blocking {
        page.mark(" (may stay open)");
    }
    page.mark("\n  ");
    match (&gap.field, &gap.source) {
        (Some(key), _) => page.text(view.label(key)),
        (None, Some(source)) => page.text(source),
        (None, None) => page.mark("Source"),
    };
    page.mark(": ").mark(wording::gap_label(gap.kind));
    page.mark(" · ask ").text(&wording::asked_with_address(&gap.ask));
    if !gap.why.trim().is_empty() {
        page.mark(" · ").text(&gap.why);
    }
    page.mark("\n");
    let key = gap.field.as_deref().unwrap_or_default();
    for candidate in &gap.candidates {
        page.mark("  - ").text(&view.shown(key, &candidate.value));
        if !candidate.reason.trim().is_empty() {
            page.mark(" · ").text(&candidate.reason);
        }
        page.mark("\n");
        if let Some(evidence) = candidate.evidence.first() {
            page.mark("    > ");
            one_quote(page, view, evidence);
        }
    }
    if let Some(nearest) = nearest_to_show(gap) {
        page.mark("  > ");
        one_quote(page, view, nearest);
    }
}

fn next_action(page: &mut Markdown, view: &BriefView) {
    let Some(next) = &view.brief.summary.next_action else { return };
    page.mark("## Next step\n\n");
    if let Some(who) = &next.who {
        page.mark("**").text(who).mark(":** ");
    }
    page.text(&next.what);
    if let Some(by) = &next.by {
        page.text(&wording::by_when(by));
    }
    page.mark("\n\n");
    quotes(page, view, &next.what, &next.evidence);
}

fn fields(page: &mut Markdown, view: &BriefView) {
    page.mark("## What is known\n\n");
    let all = || view.brief.fields.iter();
    for (key, field) in all().filter(|(_, field)| field.state == FieldState::Found) {
        one_field(page, view, key, field);
    }
    for (key, field) in all().filter(|(_, field)| field.state != FieldState::Found) {
        page.mark("- **").text(view.label(key)).mark(":** ").mark(wording::state_label(field.state));
        if let Some(reason) = &field.reason {
            page.mark(" · ").text(reason);
        }
        page.mark("\n");
    }
    page.mark("\n");
}

fn one_field(page: &mut Markdown, view: &BriefView, key: &str, field: &FieldBrief) {
    page.mark("- **").text(view.label(key)).mark(":** ").text(&view.shown(key, &field.value)).mark("\n");
    if let Some(note) = wording::origin_note(field) {
        page.mark("  > ").text(&note).mark("  \n");
    }
    for evidence in &field.evidence {
        page.mark("  > ");
        one_quote(page, view, evidence);
    }
    for old in &field.superseded {
        page.mark("  - was ~~").text(&view.shown(key, &old.value)).mark("~~\n");
        if let Some(evidence) = old.evidence.first() {
            page.mark("    > ");
            one_quote(page, view, evidence);
        }
    }
}

fn prose(page: &mut Markdown, view: &BriefView) {
    let summary = &view.brief.summary;
    statements(page, view, "## Situation\n\n", &summary.situation);
    statements(page, view, "## Decisions\n\n", &summary.decisions);
    if !summary.promises.is_empty() {
        page.mark("## Promises\n\n");
    }
    for promise in &summary.promises {
        page.mark("- ");
        if let Some(who) = &promise.who {
            page.mark("**").text(who);
            if let Some(to) = &promise.to {
                page.mark(" to ").text(to);
            }
            page.mark(":** ");
        }
        page.text(&promise.what);
        if let Some(by) = &promise.by {
            page.text(&wording::by_when(by));
        }
        page.mark("\n");
        item_quotes(page, view, &promise.what, &promise.evidence);
    }
    if !summary.promises.is_empty() {
        page.mark("\n");
    }
    statements(page, view, "## Risks\n\n", &summary.risks);
    statements(page, view, "## Open questions\n\n", &summary.open_questions);
    if summary.left_out > 0 {
        page.text(&wording::left_out_line(summary.left_out)).mark("\n\n");
    }
}

fn statements(page: &mut Markdown, view: &BriefView, heading: &'static str, items: &[Statement]) {
    if items.is_empty() {
        return;
    }
    page.mark(heading);
    for item in items {
        page.mark("- ").text(&item.text).mark("\n");
        item_quotes(page, view, &item.text, &item.evidence);
    }
    page.mark("\n");
}

fn people(page: &mut Markdown, people: &[PersonSeen]) {
    if people.is_empty() {
        return;
    }
    page.mark("## People\n\n");
    for person in people {
        page.mark("- **").text(&person.name).mark("**");
        if let Some(role) = &person.role {
            page.mark(", ").text(role);
        }
        page.mark(" · ").mark(wording::side_label(person.side));
        if let Some(address) = &person.address {
            page.mark(" · ").text(address);
        }
        page.mark("\n");
    }
    page.mark("\n");
}

fn item_quotes(page: &mut Markdown, view: &BriefView, said: &str, evidence: &[Evidence]) {
    if let Some(first) = evidence.first() {
        page.mark("  > ");
        place_or_quote(page, view, said, first);
    }
}

fn quotes(page: &mut Markdown, view: &BriefView, said: &str, evidence: &[Evidence]) {
    if let Some(first) = evidence.first() {
        page.mark("> ");
        place_or_quote(page, view, said, first);
        page.mark("\n");
    }
}

/// A sentence that is its own quote is not said twice.
fn place_or_quote(page: &mut Markdown, view: &BriefView, said: &str, evidence: &Evidence) {
    if spoken(said) == spoken(&evidence.quote) {
        page.text(&cite(evidence, view.conversation).place).mark("\n");
    } else {
        one_quote(page, view, evidence);
    }
}

/// Ends with a hard break, so that the next quote stands on its own line.
fn one_quote(page: &mut Markdown, view: &BriefView, evidence: &Evidence) {
    let cited = cite(evidence, view.conversation);
    if !cited.quote.is_empty() {
        page.text(&cited.quote).mark(" — ");
    }
    page.text(&cited.place).mark("  \n");
}
