//! What must come out of a sample, read out of its tree: the verdict, each
//! field's gold in one of its states, the blocking gaps, and the facts of the
//! prose.

use serde_json::Value as Json;

use super::cases::{Expectation, Expected, ExpectedGap, Gold};
use super::sheet::{Content, Node, Sheet};
use crate::brief::Verdict;
use crate::route::Route;

/// The gold out of its tree, with every mistake noted.
pub(super) fn expected(sheet: &mut Sheet, root: Node, route: &Route) -> Expected {
    let mut expected = Expected {
        verdict: Verdict::Incomplete,
        fields: Vec::new(),
        gaps: Vec::new(),
        must: Vec::new(),
        must_not: Vec::new(),
    };
    let mut has_verdict = false;
    for (key, line, node) in sheet.entries(root, &["verdict", "fields", "gaps", "facts"]) {
        match key.as_str() {
            "verdict" => match named(&sheet.text(&node)) {
                Some(verdict) => (expected.verdict, has_verdict) = (verdict, true),
                None => sheet.note(line, "`verdict` is complete, incomplete or incomplete_run"),
            },
            "fields" => {
                for (field, line, node) in sheet.entries(node, &[]) {
                    if route.field(&field).is_none() {
                        sheet.note(line, format!("`{field}` is no field of {}", route.id));
                    }
                    let gold = gold(sheet, node);
                    expected.fields.extend(gold.map(|gold| (field, gold)));
                }
            }
            "gaps" => expected.gaps = gaps(sheet, node),
            _ => {
                for (key, _, node) in sheet.entries(node, &["must", "must_not"]) {
                    let facts = sheet.texts(&node);
                    if key == "must" { expected.must = facts } else { expected.must_not = facts }
                }
            }
        }
    }
    if !has_verdict {
        sheet.note(0, "`verdict` must be given");
    }
    expected
}

const STATES: [&str; 7] =
    ["vague", "conflicting", "invalid", "stale", "unconfirmed", "not_applicable", "unknown_by_design"];

fn gold(sheet: &mut Sheet, node: Node) -> Option<Gold> {
    if matches!(&node.content, Content::Scalar(Json::String(word)) if word == "absent") {
        return Some(Gold { expectation: Expectation::Absent, evidence: Vec::new(), superseded: Vec::new() });
    }
    let line = node.line;
    let allowed = [&["value", "values", "any_of", "evidence", "superseded"][..], &STATES[..]].concat();
    let mut told = Vec::new();
    let (mut evidence, mut superseded) = (Vec::new(), Vec::new());
    for (key, _, node) in sheet.entries(node, &allowed) {
        let many = |json: Json| match json {
            Json::Array(items) => items,
            one => vec![one],
        };
        match key.as_str() {
            "evidence" => evidence = sheet.texts(&node),
            "superseded" => superseded = many(node.json()),
            "value" | "values" => told.push(Expectation::Found(vec![node.json()])),
            "any_of" => told.push(Expectation::Found(many(node.json()))),
            state => told.extend(named(state).map(|state| Expectation::Other(state, many(node.json())))),
        }
    }
    if told.len() != 1 {
        sheet.note(line, "exactly one of value, values, any_of or a state says what must come out");
        return None;
    }
    told.pop().map(|expectation| Gold { expectation, evidence, superseded })
}

fn gaps(sheet: &mut Sheet, node: Node) -> Vec<ExpectedGap> {
    let Content::List(items) = node.content else {
        sheet.note(node.line, "`gaps` is a list");
        return Vec::new();
    };
    let mut gaps = Vec::new();
    for item in items {
        let (mut subject, mut kind) = (None, None);
        let line = item.line;
        for (key, _, value) in sheet.entries(item, &["field", "source", "kind"]) {
            let text = sheet.text(&value);
            if key == "kind" { kind = named(&text) } else { subject = Some(text) }
        }
        match (subject, kind) {
            (Some(subject), Some(kind)) => gaps.push(ExpectedGap { subject, kind }),
            _ => sheet.note(line, "a gap names a field or a source, and its kind"),
        }
    }
    gaps
}

/// A word of the brief's JSON as what it stands for.
fn named<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Json::String(word.to_owned())).ok()
}
