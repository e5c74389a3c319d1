//! Sample handoffs as JSON Lines: one object a line with the keys of the
//! folder form, the sources and the gold inside, the route by name or whole.

use std::path::Path;

use mail_parser::decoders::base64::base64_decode;
use serde_json::Value as Json;

use super::cases::Case;
use super::gold;
use super::head::{Head, KEYS};
use super::sheet::{Content, Mistake, Node, Sheet};
use crate::conversation::DocumentKind;
use crate::intake::Input;

/// Every case of a file with its line, and every mistake in the others. Empty lines count for nothing.
pub(super) fn load(file: &Path) -> (Vec<(usize, Case)>, Vec<Mistake>) {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            let mut sheet = Sheet::new(file);
            sheet.note(0, format!("cannot be read: {error}"));
            return (Vec::new(), sheet.mistakes);
        }
    };
    let (mut cases, mut mistakes) = (Vec::new(), Vec::new());
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let mut sheet = Sheet::new(file);
        let case = sheet.line(line, text).and_then(|root| read_case(&mut sheet, root, file));
        match case {
            Some(case) if sheet.mistakes.is_empty() => cases.push((line, case)),
            _ => mistakes.extend(sheet.mistakes),
        }
    }
    (cases, mistakes)
}

fn read_case(sheet: &mut Sheet, root: Node, file: &Path) -> Option<Case> {
    let line = root.line;
    let folder = file.parent().unwrap_or(Path::new(""));
    let (mut head, mut sources, mut wanted) = (Head::default(), None, None);
    for (key, line, node) in sheet.entries(root, &[&KEYS[..], &["sources", "expected"]].concat()) {
        match key.as_str() {
            "sources" => sources = Some(read_sources(sheet, node)),
            "expected" => wanted = Some(node),
            key => head.take(sheet, (key, line, node), folder),
        }
    }
    head.check(sheet, line);
    let (route, _) = (head.route.as_ref()?, head.as_of?);
    let (Some(sources), Some(wanted)) = (sources, wanted) else {
        sheet.note(line, "`sources` and `expected` must be given");
        return None;
    };
    let expected = gold::expected(sheet, wanted, route);
    head.into_case(sources, expected)
}

fn read_sources(sheet: &mut Sheet, node: Node) -> Vec<Input> {
    let Content::List(items) = node.content else {
        sheet.note(node.line, "`sources` is a list");
        return Vec::new();
    };
    let mut sources = Vec::new();
    for (number, item) in (1..).zip(items) {
        let line = item.line;
        let mut input = Input { name: format!("source-{number}"), bytes: Vec::new(), kind: None, format: None };
        let mut contents = 0;
        for (key, _, value) in sheet.entries(item, &["type", "format", "filename", "text", "base64"]) {
            let text = match (key.as_str(), &value.content) {
                // An empty source is a source too.
                ("text", Content::Scalar(Json::String(text))) => text.clone(),
                _ => sheet.text(&value),
            };
            match key.as_str() {
                "type" => input.kind = read_kind(sheet, line, &text),
                "format" => input.format = Some(text),
                "filename" => input.name = text,
                "text" => (input.bytes, contents) = (text.into_bytes(), contents + 1),
                _ => match base64_decode(text.as_bytes()) {
                    Some(bytes) => (input.bytes, contents) = (bytes, contents + 1),
                    None => sheet.note(line, format!("`base64` of source {number} is no base64")),
                },
            }
        }
        if contents != 1 {
            sheet.note(line, format!("source {number} has exactly one of text and base64"));
        }
        sources.push(input);
    }
    sources
}

fn read_kind(sheet: &mut Sheet, line: usize, word: &str) -> Option<DocumentKind> {
    let kind = serde_json::from_value(Json::String(word.to_owned())).ok();
    if kind.is_none() {
        sheet.note(line, format!("`{word}` is no type; known are email, transcript, chat, note, record"));
    }
    kind
}
