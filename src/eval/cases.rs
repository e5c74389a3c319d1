//! Sample handoffs as they stand in folders: what goes in, as raw files, and
//! what a careful person says must come out. A mistake in one sample is named
//! with file and line and does not keep the others from being read.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::brief::{FieldState, GapKind, Verdict};
use crate::conversation::Conversation;
use crate::intake::{self, Input, Options};
use crate::pipeline::Request;
use crate::route::{self, Route};

pub use super::sheet::Mistake;
use super::sheet::{Content, Node, Sheet};

/// One sample handoff with its gold.
#[derive(Debug, Clone)]
pub struct Case {
    pub id: String,
    pub route: Route,
    /// The moment for rules and relative dates.
    pub as_of: Timestamp,
    pub our_domains: Vec<String>,
    /// What the CRM knows already: field key and value.
    pub known: Vec<(String, String)>,
    pub tags: Vec<String>,
    pub sources: Vec<Input>,
    pub expected: Expected,
}

/// What must come out.
#[derive(Debug, Clone)]
pub struct Expected {
    pub verdict: Verdict,
    /// Field key and gold, in the order of the file. A field that is not listed is not scored.
    pub fields: Vec<(String, Gold)>,
    /// Every blocking gap, no others.
    pub gaps: Vec<ExpectedGap>,
    /// What the prose must say.
    pub must: Vec<String>,
    /// What the prose must not say.
    pub must_not: Vec<String>,
}

/// What a person says of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Gold {
    pub expectation: Expectation,
    /// Words of the sources that show it.
    pub evidence: Vec<String>,
    /// Earlier values that a later one replaced.
    pub superseded: Vec<Json>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expectation {
    /// Nobody said it.
    Absent,
    /// Stated: the spellings of the value that are right, the best one first.
    Found(Vec<Json>),
    /// Another state, with the words or values that were seen.
    Other(FieldState, Vec<Json>),
}

/// A blocking gap: of a field, or of a source that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedGap {
    /// The field's key or the source's name.
    pub subject: String,
    pub kind: GapKind,
}

impl Case {
    /// The sources as one conversation.
    pub fn conversation(&self) -> Conversation {
        intake::read(self.sources.clone(), &Options::of(&self.our_domains))
    }

    /// The case as it is handed to the pipeline.
    pub fn request(&self, conversation: Conversation) -> Request<'_> {
        Request { route: &self.route, conversation, known: &self.known, as_of: self.as_of }
    }

    pub fn gold(&self, key: &str) -> Option<&Gold> {
        self.expected.fields.iter().find(|(other, _)| other == key).map(|(_, gold)| gold)
    }
}

/// Every case below a folder in name order, and every mistake in the others.
pub fn load(folder: &Path) -> (Vec<Case>, Vec<Mistake>) {
    let (mut cases, mut mistakes) = (Vec::new(), Vec::new());
    let folders = match list(folder) {
        Ok(paths) => paths.into_iter().filter(|path| path.is_dir()).collect(),
        Err(error) => {
            mistakes.push(Mistake { file: folder.to_owned(), line: 0, message: error });
            Vec::new()
        }
    };
    for folder in folders {
        match load_case(&folder) {
            Ok(case) => cases.push(case),
            Err(found) => mistakes.extend(found),
        }
    }
    (cases, mistakes)
}

/// One case, or everything that is wrong with it.
pub fn load_case(folder: &Path) -> Result<Case, Vec<Mistake>> {
    let (mut sheet, root) = Sheet::open(&folder.join("case.yaml"));
    let head = root.map(|root| head(&mut sheet, root, folder)).unwrap_or_default();
    let sources = match read_sources(folder, &head.files) {
        Ok(sources) => sources,
        Err(problem) => {
            sheet.note(0, problem);
            Vec::new()
        }
    };
    let (Some(route), Some(as_of)) = (head.route, head.as_of) else {
        if sheet.mistakes.is_empty() {
            sheet.note(0, "`route` and `as_of` must be given");
        }
        return Err(sheet.mistakes);
    };
    let (mut wanted, root) = Sheet::open(&folder.join("expected.yaml"));
    let expected = root.map(|root| expected(&mut wanted, root, &route));
    let mistakes = [sheet.mistakes, wanted.mistakes].concat();
    match expected {
        Some(expected) if mistakes.is_empty() => Ok(Case {
            id: head.id,
            route,
            as_of,
            our_domains: head.our_domains,
            known: head.known,
            tags: head.tags,
            sources,
            expected,
        }),
        _ => Err(mistakes),
    }
}

#[derive(Default)]
struct Head {
    id: String,
    route: Option<Route>,
    as_of: Option<Timestamp>,
    our_domains: Vec<String>,
    known: Vec<(String, String)>,
    tags: Vec<String>,
    files: Vec<String>,
}

fn head(sheet: &mut Sheet, root: Node, folder: &Path) -> Head {
    let mut head = Head::default();
    for (key, line, node) in sheet.entries(root, &["id", "route", "as_of", "our_domains", "known", "tags", "sources"]) {
        match key.as_str() {
            "id" => head.id = sheet.text(&node),
            "route" => match find_route(&sheet.text(&node), folder) {
                Ok(route) => head.route = Some(route),
                Err(problem) => sheet.note(line, problem),
            },
            "as_of" => match sheet.text(&node).parse() {
                Ok(at) => head.as_of = Some(at),
                Err(error) => sheet.note(line, format!("`as_of` is no time: {error}")),
            },
            "our_domains" => head.our_domains = sheet.texts(&node),
            "tags" => head.tags = sheet.texts(&node),
            "known" => {
                for (field, _, value) in sheet.entries(node, &[]) {
                    let text = match value.json() {
                        Json::String(text) => text,
                        other => other.to_string(),
                    };
                    head.known.push((field, text));
                }
            }
            _ => head.files = source_files(sheet, node),
        }
    }
    head
}

fn source_files(sheet: &mut Sheet, node: Node) -> Vec<String> {
    let Content::List(items) = node.content else {
        sheet.note(node.line, "`sources` is a list");
        return Vec::new();
    };
    let mut files = Vec::new();
    for item in items {
        for (key, _, value) in sheet.entries(item, &["file", "type", "format"]) {
            // What a file is said to be does not matter: its content decides.
            if key == "file" {
                files.push(sheet.text(&value));
            }
        }
    }
    files
}

fn find_route(name: &str, folder: &Path) -> Result<Route, String> {
    let shipped = route::shipped().iter().find(|(file, _)| file.trim_end_matches(".yaml") == name);
    let explain = |problem: &dyn std::fmt::Debug| format!("the route `{name}` cannot be used: {problem:?}");
    if let Some((file, text)) = shipped {
        return route::load(file, text).map_err(|problem| explain(&problem));
    }
    let text = std::fs::read_to_string(folder.join(name))
        .map_err(|error| format!("`{name}` is neither a shipped route nor a file beside the case: {error}"))?;
    route::load(name, &text).map_err(|problem| explain(&problem))
}

/// The files in the order the case names them, else by name.
fn read_sources(folder: &Path, named: &[String]) -> Result<Vec<Input>, String> {
    let paths = match named.is_empty() {
        true => list(&folder.join("context"))?,
        false => named.iter().map(|file| folder.join(file)).collect(),
    };
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(Input { name, bytes, kind: None, format: None })
        })
        .collect()
}

fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    Ok(paths)
}

fn expected(sheet: &mut Sheet, root: Node, route: &Route) -> Expected {
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
