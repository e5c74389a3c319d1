//! The gaps of a brief as numbered questions: what to ask, whom, why, what
//! came closest and what can be picked.

use super::BriefView;
use super::clean::{clean, width};
use super::evidence::cite;
use super::page::{Page, Span, span};
use super::paint::Style;
use crate::brief::{Candidate, Evidence, Gap};
use crate::wording;

/// More candidates than these are in the JSON only, and said to be there.
const CANDIDATES_SHOWN: usize = 5;

pub(super) fn gaps(page: &mut Page, view: &BriefView) {
    let numbered = || view.brief.gaps.iter().enumerate();
    if numbered().any(|(_, gap)| gap.blocking) {
        page.heading("To settle before the handover");
        for (index, gap) in numbered().filter(|(_, gap)| gap.blocking) {
            one_gap(page, view, index + 1, gap);
            page.blank();
        }
    }
    if numbered().any(|(_, gap)| !gap.blocking) {
        page.heading("Worth asking, may stay open");
        for (index, gap) in numbered().filter(|(_, gap)| !gap.blocking) {
            one_gap(page, view, index + 1, gap);
            page.blank();
        }
    }
}

fn one_gap(page: &mut Page, view: &BriefView, number: usize, gap: &Gap) {
    let lead = format!("{number:>3}. ");
    let indent = width(&lead);
    let mark = if gap.blocking { Style::Bad } else { Style::Caution };
    page.hanging(&span(mark, lead), &span(Style::Plain, ""), &[span(Style::Strong, &gap.question)]);
    let what = match (&gap.field, &gap.source) {
        (Some(key), _) => view.label(key).to_owned(),
        (None, Some(source)) => source.clone(),
        (None, None) => "Source".to_owned(),
    };
    page.paragraph(
        indent,
        &[
            span(Style::Plain, format!("{what}: ")),
            span(mark, wording::gap_label(gap.kind)),
            span(Style::Plain, format!(" · ask {}", wording::asked_with_address(&gap.ask))),
        ],
    );
    if !gap.why.trim().is_empty() {
        page.paragraph(indent, &[span(Style::Dim, &gap.why)]);
    }
    if let Some(nearest) = nearest_to_show(gap) {
        let mut spans = vec![span(Style::Dim, "closest: ")];
        spans.extend(quoted(view, nearest));
        page.paragraph(indent, &spans);
    }
    candidates(page, view, indent, gap);
}

/// The closest words, unless the question or a candidate shows them already.
pub(super) fn nearest_to_show(gap: &Gap) -> Option<&Evidence> {
    let nearest = gap.nearest.as_ref()?;
    let offered = gap.candidates.iter().any(|candidate| candidate.evidence.contains(nearest));
    (!shows(gap, nearest) && !offered).then_some(nearest)
}

/// Whether the question says the quoted words itself.
fn shows(gap: &Gap, evidence: &Evidence) -> bool {
    clean(&gap.question).contains(&clean(&evidence.quote))
}

fn candidates(page: &mut Page, view: &BriefView, indent: usize, gap: &Gap) {
    let key = gap.field.as_deref().unwrap_or_default();
    for (candidate, letter) in gap.candidates.iter().take(CANDIDATES_SHOWN).zip('a'..='z') {
        let lead = span(Style::Plain, format!("{}{letter}) ", " ".repeat(indent)));
        page.hanging(&lead, &span(Style::Plain, ""), &one_candidate(view, key, candidate));
        if let Some(evidence) = candidate.evidence.first().filter(|evidence| !shows(gap, evidence)) {
            page.paragraph(indent + 3, &quoted(view, evidence));
        }
    }
    let more = gap.candidates.len().saturating_sub(CANDIDATES_SHOWN);
    if more > 0 {
        page.paragraph(indent, &[span(Style::Dim, format!("and {more} more in the JSON"))]);
    }
}

fn one_candidate(view: &BriefView, key: &str, candidate: &Candidate) -> Vec<Span> {
    let mut spans = vec![span(Style::Strong, view.shown(key, &candidate.value))];
    if !candidate.reason.trim().is_empty() {
        spans.push(span(Style::Dim, format!(" · {}", candidate.reason)));
    }
    spans
}

/// A quote and its small print as spans.
pub(super) fn quoted(view: &BriefView, evidence: &Evidence) -> Vec<Span> {
    let cited = cite(evidence, view.conversation);
    if cited.quote.is_empty() {
        return vec![span(Style::Dim, cited.place)];
    }
    vec![span(Style::Plain, cited.quote), span(Style::Dim, format!(" — {}", cited.place))]
}
