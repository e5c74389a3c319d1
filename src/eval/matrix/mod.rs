//! Several readers over the same cases: prompts, models and engines as the
//! rows of one file, and what each of them gave, with the difference to the
//! first row handoff by handoff. A row that could not be run says why and
//! keeps the others from nothing.

mod table;

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Format, Toml};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::compare::compare;
use super::result::{BadCase, Results};
use super::sheet::Sheet;
use crate::config::{AnswerForm, LeftOut};

pub use table::table;

/// A file of rows, with paths as they are meant from where the program runs.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// Cases for when the call names none: folders or files, from the folder of this file.
    #[serde(default)]
    pub cases: Vec<PathBuf>,
    pub rows: Vec<Row>,
}

/// One reader.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// How it is called in the table; each row's own.
    pub name: String,
    pub engine: RowEngine,
    /// The model's name; else that of the settings.
    pub model: Option<String>,
    pub answer_form: Option<AnswerForm>,
    pub left_out: Option<LeftOut>,
    /// A folder of prompts that replace those inside the program.
    pub prompts: Option<PathBuf>,
    /// A settings file of its own, for a model at another endpoint.
    pub settings: Option<PathBuf>,
    /// A folder of recorded replies.
    pub replay: Option<PathBuf>,
    /// A folder into which replies are written.
    pub record: Option<PathBuf>,
}

/// Who reads in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowEngine {
    Extractive,
    Llm,
    Both,
}

/// What all rows gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixResults {
    pub commit: Option<String>,
    pub baton: String,
    /// Ids of the cases that every row was run over.
    pub cases: Vec<String>,
    pub rows: Vec<RowResults>,
    /// Cases that could not be read: they are in no figure.
    pub mistakes: Vec<BadCase>,
}

/// What one row gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RowResults {
    pub name: String,
    pub answer_form: Option<AnswerForm>,
    /// True when recorded replies were read: then times are without the model's own.
    pub replayed: bool,
    /// Why there are no results; null where there are.
    pub problem: Option<String>,
    /// The run; its `comparison` is against the first row, null in that one and where the first row gave nothing.
    pub results: Option<Results>,
}

impl Matrix {
    /// Reads the file: TOML, or YAML when its name ends so.
    pub fn load(file: &Path) -> Result<Matrix, String> {
        let place = file.display();
        if !file.is_file() {
            return Err(format!("{place}: there is no such file"));
        }
        let is_yaml = file.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        let mut matrix: Matrix = match is_yaml {
            true => from_yaml(file)?,
            false => Figment::from(Toml::file_exact(file)).extract().map_err(|error| format!("{place}: {error}"))?,
        };
        matrix.check().map_err(|problem| format!("{place}: {problem}"))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for path in matrix.paths() {
            *path = folder.join(&path);
        }
        Ok(matrix)
    }

    fn paths(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let rows = self.rows.iter_mut().flat_map(|row| {
            [&mut row.prompts, &mut row.settings, &mut row.replay, &mut row.record].into_iter().flatten()
        });
        self.cases.iter_mut().chain(rows)
    }

    fn check(&self) -> Result<(), String> {
        if self.rows.is_empty() {
            return Err("there is no row; write one with `[[rows]]`".to_owned());
        }
        for (at, row) in self.rows.iter().enumerate() {
            let name = &row.name;
            if name.trim().is_empty() {
                return Err(format!("row {} has no name", at + 1));
            }
            if self.rows.iter().take(at).any(|other| other.name == *name) {
                return Err(format!("`{name}` is the name of two rows"));
            }
            let asks = row.model.is_some()
                || row.answer_form.is_some()
                || row.left_out.is_some()
                || [&row.prompts, &row.settings, &row.replay, &row.record].into_iter().any(Option::is_some);
            if row.engine == RowEngine::Extractive && asks {
                return Err(format!("`{name}`: rules alone ask no model; leave out what is about one"));
            }
            if row.record.is_some() && row.replay.is_some() {
                return Err(format!("`{name}`: replies are either recorded or replayed, not both"));
            }
        }
        Ok(())
    }
}

/// YAML as the trees of samples are read, so that a broken line is named.
fn from_yaml(file: &Path) -> Result<Matrix, String> {
    let (sheet, root) = Sheet::open(file);
    match (root, sheet.mistakes.as_slice()) {
        (Some(root), []) => serde_json::from_value(root.json()).map_err(|error| format!("{}: {error}", file.display())),
        (_, mistakes) => Err(mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

impl MatrixResults {
    /// Compares every row with the first, when that one gave something.
    pub fn compare_with_first(&mut self) {
        let Some((first, others)) = self.rows.split_first_mut() else { return };
        let Some(first) = &first.results else { return };
        for results in others.iter_mut().filter_map(|row| row.results.as_mut()) {
            results.comparison = Some(compare(first, results));
        }
    }

    /// As JSON with each row on a line of its own.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let rows = self.rows.iter().map(serde_json::to_string).collect::<serde_json::Result<Vec<_>>>()?;
        let mut parts = Vec::new();
        if let Json::Object(entries) = serde_json::to_value(MatrixResults { rows: Vec::new(), ..self.clone() })? {
            for (key, value) in entries {
                let shown = match key.as_str() {
                    "rows" => format!("[\n  {}\n]", rows.join(",\n  ")),
                    _ => value.to_string(),
                };
                parts.push(format!("{}: {shown}", Json::String(key)));
            }
        }
        Ok(format!("{{\n{}\n}}\n", parts.join(",\n")))
    }
}
