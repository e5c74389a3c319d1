//! Sample handoffs: what goes in, as raw files, and what a careful person says
//! must come out. They stand in folders or as lines of JSON. A mistake in one
//! sample is named with file and line and does not keep the others from being
//! read.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::brief::{FieldState, GapKind, Verdict};
use crate::conversation::Conversation;
use crate::intake::{self, Input, Options};
use crate::pipeline::Request;
use crate::route::{self, Route};

pub use super::folder::load_case;
use super::lines;
pub use super::sheet::Mistake;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// What it is resampled with: the id without the number at its end, `northwind` for `northwind-01`.
    pub fn family(&self) -> &str {
        family(&self.id)
    }

    /// SHA-256 in hex over everything that decides how it is read and scored.
    pub fn fingerprint(&self) -> String {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        let route = route::to_json(&self.route).to_string();
        let gold = format!("{:?}", self.expected);
        let told = format!("{:?}", (&self.id, self.as_of, &self.our_domains, &self.known, &self.tags));
        for part in [route.as_bytes(), gold.as_bytes(), told.as_bytes()] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        for source in &self.sources {
            for part in [source.name.as_bytes(), source.bytes.as_slice()] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
            hasher.update(format!("{:?}", (source.kind, &source.format)));
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// An id without the number at its end.
pub fn family(id: &str) -> &str {
    match id.rsplit_once('-') {
        Some((family, number)) if !family.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => family,
        _ => id,
    }
}

/// Every case at a path in name order, and every mistake in the others: a folder of cases, one case's folder, or a file
/// with one case a line. In a folder of cases `.jsonl` files are read too.
pub fn load(path: &Path) -> (Vec<Case>, Vec<Mistake>) {
    let mut found = Found::default();
    if is_lines(path) || path.is_file() {
        found.add_lines(path);
    } else if path.join("case.yaml").is_file() {
        found.add_folder(path);
    } else {
        match list(path) {
            Err(message) => found.mistakes.push(Mistake { file: path.to_owned(), line: 0, message }),
            Ok(paths) => {
                for path in paths {
                    match path {
                        path if path.is_dir() => found.add_folder(&path),
                        path if is_lines(&path) => found.add_lines(&path),
                        _ => {}
                    }
                }
            }
        }
    }
    found.refuse_doubles();
    (found.cases.into_iter().map(|(_, case)| case).collect(), found.mistakes)
}

#[derive(Default)]
struct Found {
    /// Each with where it stands.
    cases: Vec<((PathBuf, usize), Case)>,
    mistakes: Vec<Mistake>,
}

impl Found {
    fn add_folder(&mut self, folder: &Path) {
        match load_case(folder) {
            Ok(case) => self.cases.push(((folder.join("case.yaml"), 0), case)),
            Err(mistakes) => self.mistakes.extend(mistakes),
        }
    }

    fn add_lines(&mut self, file: &Path) {
        let (cases, mistakes) = lines::load(file);
        self.cases.extend(cases.into_iter().map(|(line, case)| ((file.to_owned(), line), case)));
        self.mistakes.extend(mistakes);
    }

    /// Two cases of one id could not be told apart in any result: the first stays.
    fn refuse_doubles(&mut self) {
        let mut seen = std::collections::HashSet::new();
        let (first, again): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.cases).into_iter().partition(|(_, case)| seen.insert(case.id.clone()));
        self.cases = first;
        self.mistakes.extend(again.into_iter().map(|((file, line), case)| Mistake {
            file,
            line,
            message: format!("`{}` is the id of another case too", case.id),
        }));
    }
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl")
}

/// What lies in a folder, in name order.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.sort();
    Ok(paths)
}
