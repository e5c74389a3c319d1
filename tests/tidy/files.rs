//! What the house rules say of files that are not code: no place on one
//! machine is named, routes and sample handoffs are whole and rightly named.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Folders that are made, not written.
const MADE: [&str; 5] = ["target", "baton-data", ".git", "corpus", "artifacts"];

/// Where machines differ, without the slash before.
const MACHINE_FOLDERS: [&str; 4] = ["work", "home", "tmp", "root"];

/// All files of the repository, from its top with `/`, in order.
pub fn all(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut waiting = vec![root.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.map(|entry| entry.expect("an entry of a folder can be read")) {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if MADE.contains(&name.as_str()) {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(inner) = path.strip_prefix(root) {
                files.push(inner.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

/// A file as text, `None` for others.
pub fn read_text(root: &Path, path: &str) -> Option<String> {
    let bytes = fs::read(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8(bytes).ok()
}

/// Places that exist on one machine only.
pub fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices('/') {
            let (before, after) = (&line[..at], &line[at + 1..]);
            let is_inner = before.ends_with(|c: char| c.is_alphanumeric() || "._-/~*}>)]".contains(c));
            let word = after.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next().unwrap_or("");
            if !is_inner && MACHINE_FOLDERS.contains(&word) {
                findings.push(format!("{path}:{}: {}", index + 1, finding(word)));
            }
        }
    }
    findings
}

/// What is said of a place, by the name of its first folder.
pub fn finding(folder: &str) -> String {
    format!("`/{folder}` is a place on one machine")
}

/// Sample handoffs in which a part is missing.
pub fn incomplete_cases(paths: &[String]) -> Vec<String> {
    let inner = |path: &String| path.strip_prefix("evals/cases/")?.split_once('/').map(|(case, _)| case.to_string());
    let cases: BTreeSet<String> = paths.iter().filter_map(inner).collect();
    let mut findings = Vec::new();
    for case in cases {
        for part in ["case.yaml", "expected.yaml", "context/"] {
            let wanted = format!("evals/cases/{case}/{part}");
            let is_there = |path: &String| *path == wanted || part.ends_with('/') && path.starts_with(&wanted);
            if !paths.iter().any(is_there) {
                findings.push(format!("evals/cases/{case}: {part} is missing"));
            }
        }
    }
    findings
}

/// A route or sample whose file or folder has another name than its id.
pub fn misnamed(path: &str, text: &str) -> Option<String> {
    let name = match path.strip_suffix("/case.yaml") {
        Some(folder) => folder.rsplit('/').next()?,
        None => path.strip_prefix("routes/")?.strip_suffix(".yaml").unwrap_or("a name that ends in .yaml"),
    };
    let id = text.lines().find_map(|line| line.strip_prefix("id:")).map_or("", str::trim);
    (id != name).then(|| format!("{path}: its id is `{id}`, its name asks for `{name}`"))
}
