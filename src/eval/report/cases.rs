//! One handoff that failed: expected and got side by side, field by field,
//! then its gaps and facts, with its sources beside them.

use serde_json::Value as Json;

use super::failures::{Failure, failure, is_wrong};
use super::marks::{Cited, Marks, expected_words};
use super::shown;
use super::sources::{self, Budget};
use crate::brief::FieldState;
use crate::conversation::Conversation;
use crate::eval::cases::ExpectedGap;
use crate::eval::result::{CaseResult, FieldScore};
use crate::eval::score::Outcome;
use crate::rendering::Html;
use crate::wording::{self, counted};

/// A handoff's marks while it is written.
struct Sheet {
    number: usize,
    marks: Marks,
    has_sources: bool,
}

pub(super) fn case(
    page: &mut Html,
    (number, case): (usize, &CaseResult),
    conversation: Option<&Conversation>,
    budget: &mut Budget,
) {
    let fields: Vec<&FieldScore> = case.scores.iter().filter(|score| is_shown(case, score)).collect();
    let marks = conversation.map(|conversation| Marks::collect(&fields, conversation)).unwrap_or_default();
    let sheet = Sheet { number, marks, has_sources: conversation.is_some() };
    page.mark("<details class=\"case\">\n<summary>");
    summary(page, case);
    page.mark("</summary>\n<div class=\"pair\" id=\"case-").number(number).mark("\">\n<div class=\"came\">\n");
    about(page, case);
    for score in &fields {
        field(page, &sheet, score);
    }
    gaps(page, case);
    facts(page, case);
    others(page, case);
    page.mark("</div>\n");
    match conversation {
        Some(conversation) => sources::sources(page, number, (conversation, &sheet.marks), budget),
        None => {
            page.mark(
                "<div class=\"sources\"><h4>Sources</h4>\n<p class=\"small\">Not in this report: the case was not ",
            );
            page.mark("among the paths that were named.</p></div>\n");
        }
    }
    page.mark("</div>\n</details>\n");
}

/// Fields that did not come out right, and fields of gaps that are wrong.
fn is_shown(case: &CaseResult, score: &FieldScore) -> bool {
    is_wrong(score) || case.gaps.missing().chain(case.gaps.extra()).any(|gap| gap.subject == score.field)
}

fn summary(page: &mut Html, case: &CaseResult) {
    let (class, told) = match failure(case) {
        Some(Failure::FalsePass) => ("<span class=\"chip bad\">", "✗ false pass"),
        Some(Failure::Untrue) => ("<span class=\"chip bad\">", "✗ untrue"),
        Some(Failure::FalseBlock) => ("<span class=\"chip caution\">", "✗ false block"),
        Some(Failure::Less) | None => ("<span class=\"chip caution\">", "± less than expected"),
    };
    page.mark(class).mark(told).mark("</span> <strong>").text(&case.id).mark("</strong> <span class=\"small\">");
    page.text(&case.route).mark(" · ").text(&counts(case)).mark("</span>");
}

/// `held up though complete, 8 missed, 1 wrong value`.
fn counts(case: &CaseResult) -> String {
    let mut told = Vec::new();
    told.extend(case.is_false_pass().then(|| "let through though unfinished".to_owned()));
    told.extend(case.is_false_block().then(|| "held up though finished".to_owned()));
    for (outcome, word) in [
        (Outcome::Wrong, "wrong"),
        (Outcome::Filled, "filled"),
        (Outcome::StateFilled, "filled unsettled"),
        (Outcome::Missed, "missed"),
        (Outcome::StateWrong, "in a wrong state"),
    ] {
        let count = case.scores.iter().filter(|score| score.outcome == Some(outcome)).count();
        told.extend((count > 0).then(|| format!("{count} {word}")));
    }
    let (missing, extra) = (case.gaps.missing().count(), case.gaps.extra().count());
    told.extend((missing > 0).then(|| format!("{} not told", counted(missing, "gap", "gaps"))));
    told.extend((extra > 0).then(|| format!("{} not wanted", counted(extra, "gap", "gaps"))));
    told.join(", ")
}

fn about(page: &mut Html, case: &CaseResult) {
    page.mark("<p class=\"small\">Verdict expected: <strong>").mark(shown::verdict(case.expected));
    page.mark("</strong>, got: <strong>").mark(shown::verdict(case.got)).mark("</strong>");
    if !case.tags.is_empty() {
        page.mark(" · tags: ").text(&case.tags.join(", "));
    }
    page.mark(" · ").number(case.usage.milliseconds as usize).mark(" ms");
    if let Some(tokens) = case.usage.input_tokens {
        page.mark(" · ").text(&shown::thousands(tokens as usize)).mark(" tokens sent");
    }
    if case.degraded {
        page.mark(" · read by rules, though a model was asked for");
    }
    page.mark("</p>\n");
}

fn field(page: &mut Html, sheet: &Sheet, score: &FieldScore) {
    page.mark("<article class=\"field\">\n<h4>").text(&score.field).mark(" <span class=\"small\">").text(&score.kind);
    page.mark(if score.required { ", required</span> " } else { "</span> " });
    match score.outcome {
        Some(outcome) if outcome.is_right() => page.mark("<span class=\"chip\">").mark(shown::outcome(outcome)),
        Some(outcome) => page.mark("<span class=\"chip bad\">✗ ").mark(shown::outcome(outcome)),
        None => page.mark("<span class=\"chip\">not judged"),
    };
    page.mark("</span></h4>\n<div class=\"sides\">\n");
    expected(page, sheet, score);
    got(page, sheet, score);
    page.mark("</div>\n</article>\n");
}

fn expected(page: &mut Html, sheet: &Sheet, score: &FieldScore) {
    page.mark("<div class=\"side expected\"><h5>Expected</h5>\n");
    let Some(gold) = &score.expected else {
        page.mark("<p class=\"small\">The gold says nothing of it.</p></div>\n");
        return;
    };
    // What was seen of a value that is not settled stands among the quotes.
    let is_value = |value: &&Json| gold.state == FieldState::Found || !value.is_string();
    let values: Vec<String> = gold.values.iter().filter(is_value).map(shown::value).collect();
    page.mark("<p class=\"state\">").mark(wording::state_label(gold.state)).mark("</p>\n");
    page.paragraph("<p class=\"value\">", values.first().map_or("", String::as_str));
    if values.len() > 1 {
        page.mark("<p class=\"small\">or: ").text(&values[1..].join(" | ")).mark("</p>\n");
    }
    if !gold.superseded.is_empty() {
        let earlier: Vec<String> = gold.superseded.iter().map(shown::value).collect();
        page.mark("<p class=\"small\">earlier: <s>").text(&earlier.join(" | ")).mark("</s></p>\n");
    }
    for (index, words) in expected_words(gold).into_iter().enumerate() {
        quote(page, sheet, (Cited::Expected, &score.field, index), words);
    }
    page.mark("</div>\n");
}

fn got(page: &mut Html, sheet: &Sheet, score: &FieldScore) {
    page.mark("<div class=\"side got\"><h5>Got</h5>\n<p class=\"state\">").mark(wording::state_label(score.state));
    if let Some(origin) = score.origin {
        page.mark(", ").mark(wording::origin_label(origin));
    }
    page.mark("</p>\n");
    if !score.value.is_null() {
        page.paragraph("<p class=\"value\">", &shown::value(&score.value));
    }
    page.paragraph("<p class=\"small\">", score.reason.as_deref().unwrap_or_default());
    if !score.candidates.is_empty() {
        let offered: Vec<String> = score.candidates.iter().map(shown::value).collect();
        page.mark("<p class=\"small\">offered to a person: ").text(&offered.join(" | ")).mark("</p>\n");
    }
    for (flag, told) in [
        (score.supported == Some(false), "✗ code does not read this value out of its quote"),
        (score.attributed == Some(false), "✗ the cited message does not hold the expected words"),
        (score.stale == Some(true), "✗ a later value replaced this one"),
    ] {
        if flag {
            page.mark("<p class=\"small bad\">").mark(told).mark("</p>\n");
        }
    }
    for (index, evidence) in score.evidence.iter().enumerate() {
        quote(page, sheet, (Cited::Got, &score.field, index), &evidence.quote);
    }
    page.mark("</div>\n");
}

/// A quote that leads to its words in the sources.
fn quote(page: &mut Html, sheet: &Sheet, (cited, field, index): (Cited, &str, usize), words: &str) {
    page.mark("<p class=\"quote\">");
    match sheet.marks.target(cited, field, index) {
        Some(mark) => {
            page.mark("<a href=\"#c").number(sheet.number).mark("-").number(mark).mark("\">“").text(words);
            page.mark("”</a>");
        }
        None => {
            page.mark("“").text(words).mark("”");
            if sheet.has_sources {
                page.mark(" <span class=\"small\">— not in the sources</span>");
            }
        }
    }
    page.mark("</p>\n");
}

fn gaps(page: &mut Html, case: &CaseResult) {
    if case.gaps.expected.is_empty() && case.gaps.got.is_empty() {
        return;
    }
    page.mark("<article class=\"field\">\n<h4>Blocking gaps</h4>\n<div class=\"sides\">\n");
    page.mark("<div class=\"side expected\"><h5>Expected</h5>\n");
    list(page, &case.gaps.expected, &case.gaps.got, " — not told");
    page.mark("</div>\n<div class=\"side got\"><h5>Got</h5>\n");
    list(page, &case.gaps.got, &case.gaps.expected, " — not wanted");
    page.mark("</div>\n</div>\n</article>\n");
}

fn list(page: &mut Html, gaps: &[ExpectedGap], others: &[ExpectedGap], note: &'static str) {
    if gaps.is_empty() {
        page.mark("<p class=\"small\">none</p>\n");
        return;
    }
    page.mark("<ul class=\"plain\">\n");
    for gap in gaps {
        let is_right = others.contains(gap);
        page.mark(if is_right { "<li>✓ " } else { "<li class=\"bad\">✗ " }).text(&gap.subject).mark(": ");
        page.mark(wording::gap_label(gap.kind)).mark(if is_right { "</li>\n" } else { note });
        if !is_right {
            page.mark("</li>\n");
        }
    }
    page.mark("</ul>\n");
}

/// What the prose left out or told against the gold, and what a command moved.
fn facts(page: &mut Html, case: &CaseResult) {
    let missing = case.facts.must.iter().filter(|fact| !fact.told).map(|fact| ("not told: ", fact.fact.as_str()));
    let lies = case
        .facts
        .must_not
        .iter()
        .filter(|fact| fact.told)
        .map(|fact| ("✗ told, and must not be: ", fact.fact.as_str()));
    let told: Vec<(&str, &str)> = lies.chain(missing).collect();
    if !told.is_empty() {
        page.mark("<article class=\"field\">\n<h4>Prose</h4>\n<ul class=\"plain\">\n");
        for (note, fact) in told {
            page.mark("<li>").text(note).mark(" ").text(fact).mark("</li>\n");
        }
        page.mark("</ul>\n</article>\n");
    }
    if let Some(injection) = case.injection.as_ref().filter(|one| !one.moved.is_empty()) {
        page.mark("<p class=\"bad\">✗ A commanding message moved: ").text(&injection.moved.join(", ")).mark("</p>\n");
    }
}

/// The fields that came out right, folded.
fn others(page: &mut Html, case: &CaseResult) {
    let right: Vec<&FieldScore> =
        case.scores.iter().filter(|score| score.outcome.is_some() && !is_shown(case, score)).collect();
    if right.is_empty() {
        return;
    }
    page.mark("<details><summary>").text(&counted(
        right.len(),
        "field that came out right",
        "fields that came out right",
    ));
    page.mark("</summary>\n<dl class=\"run\">\n");
    for score in right {
        page.mark("<div><dt>").text(&score.field).mark("</dt><dd>");
        match score.value.is_null() {
            true => page.mark(wording::state_label(score.state)),
            false => page.text(&shown::value(&score.value)),
        };
        page.mark("</dd></div>\n");
    }
    page.mark("</dl>\n</details>\n");
}
