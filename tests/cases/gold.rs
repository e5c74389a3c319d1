//! Sample handoffs as they stand in `evals/cases`: what goes in and what a
//! careful person says must come out. Unknown keys are errors.

use std::path::{Path, PathBuf};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub route: String,
    pub as_of: jiff::Timestamp,
    #[serde(default)]
    pub our_domains: Vec<String>,
    #[serde(default)]
    pub known: Map<String, Json>,
    #[serde(default)]
    #[allow(dead_code)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub sources: Vec<Source>,
    #[serde(skip)]
    pub folder: PathBuf,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub file: String,
    #[serde(rename = "type")]
    #[allow(dead_code)]
    pub kind: Option<String>,
    #[allow(dead_code)]
    pub format: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    pub verdict: String,
    pub fields: Map<String, Json>,
    #[serde(default)]
    pub gaps: Vec<ExpectedGap>,
    #[serde(default)]
    #[allow(dead_code)]
    pub facts: Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedGap {
    pub field: Option<String>,
    pub source: Option<String>,
    pub kind: String,
}

/// Every case of a folder with its gold, in name order.
pub fn load(folder: &Path) -> Vec<(Case, Expected)> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
        .into_iter()
        .map(|path| {
            let mut case: Case = read(&path.join("case.yaml"));
            case.folder = path.clone();
            (case, read(&path.join("expected.yaml")))
        })
        .collect()
}

/// The case's files in the order it names them, else by name.
pub fn files(case: &Case) -> Vec<PathBuf> {
    if !case.sources.is_empty() {
        return case.sources.iter().map(|source| case.folder.join(&source.file)).collect();
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(case.folder.join("context")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let yaml = Yaml::load_from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_value(json(&yaml[0])).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(yaml: &Yaml) -> Json {
    match yaml {
        Yaml::Value(Scalar::Null) => Json::Null,
        Yaml::Value(Scalar::Boolean(value)) => Json::Bool(*value),
        Yaml::Value(Scalar::Integer(value)) => Json::from(*value),
        Yaml::Value(Scalar::FloatingPoint(value)) => Json::from(value.into_inner()),
        Yaml::Value(Scalar::String(text)) => Json::String(text.to_string()),
        Yaml::Sequence(items) => Json::Array(items.iter().map(json).collect()),
        Yaml::Mapping(entries) => Json::Object(
            entries.iter().map(|(key, value)| (key.as_str().unwrap_or_default().to_owned(), json(value))).collect(),
        ),
        other => panic!("not plain YAML: {other:?}"),
    }
}
