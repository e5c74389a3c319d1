//! What people answered about a brief: one or several requests in the form in
//! which the service takes them, as JSON or YAML, one after the other as they
//! were sent. The last answer about a field counts.

use std::path::Path;

use serde_json::Value as Json;

use crate::eval::sheet::{Content, Mistake, Node, Sheet};

/// A person's answer about one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub field: String,
    /// Who answered, as far as it is told.
    pub by: String,
    pub answer: Answer,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Value(Json),
    /// The id of one of the brief's candidates.
    Candidate(String),
    /// It does not apply, and why.
    NotApplicable(String),
    /// Nobody knows yet.
    Unknown,
}

/// All answers of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Corrections {
    pub fields: Vec<Correction>,
    /// Sources that need not be read, with the reason.
    pub dismissed: Vec<(String, String)>,
}

/// Reads a file of corrections, with every mistake by line (for JSON the lines are those of its parser).
pub fn load(file: &Path) -> Result<Corrections, Vec<Mistake>> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let is_json = text.trim_start().starts_with(['{', '[']);
    let (mut sheet, root) = match serde_json::from_str::<Json>(&text) {
        Ok(_) => {
            let mut sheet = Sheet::new(file);
            let root = sheet.line(1, &text);
            (sheet, root)
        }
        Err(error) if is_json && file.extension().is_some_and(|ending| ending == "json") => {
            let mut sheet = Sheet::new(file);
            sheet.note(error.line(), format!("is no JSON: {error}"));
            (sheet, None)
        }
        Err(_) => Sheet::open(file),
    };
    let mut corrections = Corrections::default();
    if let Some(root) = root {
        match root.content {
            Content::List(requests) => {
                requests.into_iter().for_each(|one| take_request(&mut sheet, one, &mut corrections));
            }
            _ => take_request(&mut sheet, root, &mut corrections),
        }
    }
    if sheet.mistakes.is_empty() { Ok(corrections) } else { Err(sheet.mistakes) }
}

fn take_request(sheet: &mut Sheet, root: Node, corrections: &mut Corrections) {
    let mut by = String::new();
    let mut fields = Vec::new();
    for (key, _, node) in sheet.entries(root, &["by", "fields", "sources"]) {
        match key.as_str() {
            "by" => by = person(sheet, node),
            "fields" => {
                for (field, line, node) in sheet.entries(node, &[]) {
                    fields.extend(answer(sheet, line, node).map(|answer| (field, answer)));
                }
            }
            _ => {
                for (source, _, node) in sheet.entries(node, &[]) {
                    for (_, _, reason) in sheet.entries(node, &["dismissed"]) {
                        corrections.dismissed.push((source.clone(), sheet.text(&reason)));
                    }
                }
            }
        }
    }
    for (field, answer) in fields {
        corrections.fields.retain(|earlier| earlier.field != field);
        corrections.fields.push(Correction { field, by: by.clone(), answer });
    }
}

fn person(sheet: &mut Sheet, node: Node) -> String {
    if matches!(node.content, Content::Scalar(_)) {
        return sheet.text(&node);
    }
    let entries = sheet.entries(node, &["name", "email"]);
    let find = |wanted: &str| entries.iter().find(|(key, ..)| key == wanted).map(|(_, _, node)| node.json());
    let told = find("name").or_else(|| find("email"));
    told.and_then(|one| one.as_str().map(str::to_owned)).unwrap_or_default()
}

fn answer(sheet: &mut Sheet, line: usize, node: Node) -> Option<Answer> {
    let mut told = Vec::new();
    for (key, line, node) in sheet.entries(node, &["value", "candidate", "not_applicable", "unknown"]) {
        told.push(match key.as_str() {
            "value" if matches!(node.content, Content::Scalar(Json::Null)) => {
                sheet.note(line, "a value is expected here");
                return None;
            }
            "value" => Answer::Value(node.json()),
            "candidate" => Answer::Candidate(sheet.text(&node)),
            "not_applicable" => Answer::NotApplicable(sheet.text(&node)),
            _ => {
                sheet.entries(node, &["owner", "due"]);
                Answer::Unknown
            }
        });
    }
    match told.len() {
        1 => told.pop(),
        _ => {
            sheet.note(line, "an answer is exactly one of value, candidate, not_applicable, unknown");
            None
        }
    }
}
