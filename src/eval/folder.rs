//! A sample handoff in a folder of its own: `case.yaml` with its head, the raw
//! files in `context/`, and `expected.yaml` with the gold.

use std::path::Path;

use super::cases::{Case, list};
use super::gold;
use super::head::{Head, KEYS};
use super::sheet::{Content, Mistake, Node, Sheet};
use crate::intake::Input;

/// One case, or everything that is wrong with it.
pub fn load_case(folder: &Path) -> Result<Case, Vec<Mistake>> {
    let (mut sheet, root) = Sheet::open(&folder.join("case.yaml"));
    let (mut head, mut files) = (Head::default(), Vec::new());
    if let Some(root) = root {
        for (key, line, node) in sheet.entries(root, &[&KEYS[..], &["sources"]].concat()) {
            match key.as_str() {
                "sources" => files = source_files(&mut sheet, node),
                key => head.take(&mut sheet, (key, line, node), folder),
            }
        }
        head.check(&mut sheet, 0);
    }
    let sources = read_sources(folder, &files).unwrap_or_else(|problem| {
        sheet.note(0, problem);
        Vec::new()
    });
    let (Some(route), Some(_)) = (&head.route, &head.as_of) else { return Err(sheet.mistakes) };
    let (mut wanted, root) = Sheet::open(&folder.join("expected.yaml"));
    let expected = root.map(|root| gold::expected(&mut wanted, root, route));
    let mistakes = [sheet.mistakes, wanted.mistakes].concat();
    match expected.and_then(|expected| head.into_case(sources, expected)) {
        Some(case) if mistakes.is_empty() => Ok(case),
        _ => Err(mistakes),
    }
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
