//! A YAML file, or a line of JSON, as a tree whose nodes know their lines, so
//! that a mistake in a sample can be named with its place. The shapes of
//! samples are read out of it by key, and an unknown key is a mistake.

use std::fmt;
use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value as Json};

/// Samples nest three or four deep; what is deeper is no sample.
const DEEPEST: usize = 16;

/// What is wrong with a sample, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub file: PathBuf,
    /// From 1; 0 where the whole file is meant.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file.display(), self.line, self.message)
    }
}

/// A value and the line it stands on.
#[derive(Debug)]
pub(super) struct Node {
    pub line: usize,
    pub content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar(Json),
    List(Vec<Node>),
    /// Key, the key's line, value.
    Map(Vec<(String, usize, Node)>),
}

/// One file being read: every mistake found on the way is kept.
pub(super) struct Sheet {
    file: PathBuf,
    pub mistakes: Vec<Mistake>,
}

impl Sheet {
    /// Without anything in it yet.
    pub fn new(path: &Path) -> Self {
        Sheet { file: path.to_owned(), mistakes: Vec::new() }
    }

    /// The tree of one line of JSON Lines; `None` when it is no JSON, with the mistake noted.
    pub fn line(&mut self, line: usize, text: &str) -> Option<Node> {
        match serde_json::from_str::<Json>(text) {
            Ok(json) => Some(self.convert_json(json, line, 0)),
            Err(error) => {
                // The parser counts lines of its own; there is only one.
                self.note(line, format!("is no JSON: {}", error.to_string().replace("line 1 ", "")));
                None
            }
        }
    }

    fn convert_json(&mut self, json: Json, line: usize, depth: usize) -> Node {
        let content = match json {
            Json::Array(_) | Json::Object(_) if depth > DEEPEST => {
                self.note(line, "is nested too deep");
                Content::Scalar(Json::Null)
            }
            Json::Array(items) => {
                Content::List(items.into_iter().map(|item| self.convert_json(item, line, depth + 1)).collect())
            }
            Json::Object(entries) => Content::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, line, self.convert_json(value, line, depth + 1)))
                    .collect(),
            ),
            scalar => Content::Scalar(scalar),
        };
        Node { line, content }
    }

    /// The tree of a file; `None` when there is none, with the mistake noted.
    pub fn open(path: &Path) -> (Self, Option<Node>) {
        let mut sheet = Sheet::new(path);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                sheet.note(0, format!("cannot be read: {error}"));
                return (sheet, None);
            }
        };
        match MarkedYaml::load_from_str(&text) {
            Ok(documents) => {
                let root = documents.first().map(|root| sheet.convert(root, 0));
                if root.is_none() {
                    sheet.note(0, "is empty");
                }
                (sheet, root)
            }
            Err(error) => {
                sheet.note(error.marker().line(), format!("is no YAML: {}", error.info()));
                (sheet, None)
            }
        }
    }

    pub fn note(&mut self, line: usize, message: impl Into<String>) {
        self.mistakes.push(Mistake { file: self.file.clone(), line, message: message.into() });
    }

    fn convert(&mut self, yaml: &MarkedYaml, depth: usize) -> Node {
        let line = yaml.span.start.line();
        let content = match &yaml.data {
            _ if depth > DEEPEST => {
                self.note(line, "is nested too deep");
                Content::Scalar(Json::Null)
            }
            YamlData::Value(scalar) => Content::Scalar(plain(scalar)),
            YamlData::Sequence(items) => {
                Content::List(items.iter().map(|item| self.convert(item, depth + 1)).collect())
            }
            YamlData::Mapping(entries) => {
                let mut all = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let at = key.span.start.line();
                    match &key.data {
                        YamlData::Value(Scalar::String(name)) => {
                            all.push((name.to_string(), at, self.convert(value, depth + 1)));
                        }
                        _ => self.note(at, "a key must be a word"),
                    }
                }
                Content::Map(all)
            }
            _ => {
                self.note(line, "only plain YAML is read: no anchors, no tags");
                Content::Scalar(Json::Null)
            }
        };
        Node { line, content }
    }

    /// The entries of a mapping; a key outside `allowed` is a mistake.
    pub fn entries(&mut self, node: Node, allowed: &[&str]) -> Vec<(String, usize, Node)> {
        let line = node.line;
        let Content::Map(entries) = node.content else {
            self.note(line, "a mapping is expected here");
            return Vec::new();
        };
        let (known, unknown): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|(key, ..)| allowed.is_empty() || allowed.contains(&key.as_str()));
        for (key, line, _) in unknown {
            self.note(line, format!("`{key}` is no key here; known are {}", allowed.join(", ")));
        }
        known
    }

    pub fn text(&mut self, node: &Node) -> String {
        match &node.content {
            Content::Scalar(Json::String(text)) => text.clone(),
            Content::Scalar(Json::Null) => {
                self.note(node.line, "a value is expected here");
                String::new()
            }
            Content::Scalar(other) => other.to_string(),
            Content::List(_) | Content::Map(_) => {
                self.note(node.line, "one value is expected here");
                String::new()
            }
        }
    }

    pub fn texts(&mut self, node: &Node) -> Vec<String> {
        match &node.content {
            Content::List(items) => items.iter().map(|item| self.text(item)).collect(),
            _ => {
                self.note(node.line, "a list is expected here");
                Vec::new()
            }
        }
    }
}

impl Node {
    /// The value without its lines.
    pub fn json(&self) -> Json {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => Json::Array(items.iter().map(Node::json).collect()),
            Content::Map(entries) => {
                Json::Object(entries.iter().map(|(key, _, value)| (key.clone(), value.json())).collect::<Map<_, _>>())
            }
        }
    }
}

fn plain(scalar: &Scalar) -> Json {
    match scalar {
        Scalar::Null => Json::Null,
        Scalar::Boolean(value) => Json::Bool(*value),
        Scalar::Integer(value) => Json::from(*value),
        Scalar::FloatingPoint(value) => Json::from(value.into_inner()),
        Scalar::String(text) => Json::String(text.to_string()),
    }
}
