//! Paths to bytes: files, folders and standard input, in a fixed order. What
//! is left out on purpose is said; what cannot be read ends the command, since
//! a file that was not read may hold what is missing.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::failure::Failure;
use super::output::{Output, say_note};
use crate::intake::Input;
use crate::rendering::clean;

/// The name of what comes from standard input.
const STANDARD_INPUT: &str = "standard input";

/// One thing to read, and the name it gets in the brief.
#[derive(Debug)]
struct Found {
    name: String,
    /// `None` for standard input.
    path: Option<PathBuf>,
}

/// What is collected while folders are walked.
#[derive(Debug, Default)]
struct Walk {
    found: Vec<Found>,
    hidden: Vec<String>,
    special: Vec<String>,
    repeated: Vec<String>,
    /// Files and folders already seen, by their true path: nothing is read twice, links cannot lead in circles.
    seen: HashSet<PathBuf>,
}

/// Reads everything the paths stand for.
pub(super) fn read_inputs(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let walk = find_all(paths)?;
    let listed = |names: &[String]| names.join(", ");
    if !walk.hidden.is_empty() {
        say_note(&format!("hidden, not read: {} (name a file to have it read)", listed(&walk.hidden)));
    }
    if !walk.special.is_empty() {
        say_note(&format!("not a file, not read: {}", listed(&walk.special)));
    }
    if !walk.repeated.is_empty() {
        say_note(&format!("given more than once, read once: {}", listed(&walk.repeated)));
    }
    let progress = progress_bar(walk.found.len());
    let mut inputs = Vec::with_capacity(walk.found.len());
    for found in walk.found {
        progress.set_message(clean(&found.name));
        inputs.push(read_one(found)?);
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(inputs)
}

/// Refuses a result that would be written over something the command reads: `paths` with everything in them, and `more`.
pub(super) fn check_spared(output: &Output, paths: &[PathBuf], more: &[&Path]) -> Result<(), Failure> {
    let Some(replaced) = output.replaced() else { return Ok(()) };
    let is_read = find_all(paths)?.seen.contains(&replaced) || more.iter().any(|path| true_path(path) == replaced);
    match is_read {
        true => Err(Failure::Usage(format!(
            "{} is read by this command and would be written over; name another file",
            replaced.display()
        ))),
        false => Ok(()),
    }
}

fn find_all(paths: &[PathBuf]) -> Result<Walk, Failure> {
    let is_missing = |path: &&PathBuf| path.as_os_str() != "-" && fs::symlink_metadata(path).is_err_and(is_absent);
    let missing: Vec<String> = paths.iter().filter(is_missing).map(|path| path.display().to_string()).collect();
    if !missing.is_empty() {
        return Err(Failure::Usage(format!("no such file or folder: {}", missing.join(", "))));
    }
    let mut walk = Walk::default();
    for path in paths {
        if path.as_os_str() == "-" {
            if walk.found.iter().any(|found| found.path.is_none()) {
                return Err(Failure::Usage("`-` (standard input) is given more than once".to_owned()));
            }
            walk.found.push(Found { name: STANDARD_INPUT.to_owned(), path: None });
            continue;
        }
        let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_dir() {
            let before = (walk.found.len(), walk.repeated.len());
            walk_folder(path, &mut walk)?;
            if before == (walk.found.len(), walk.repeated.len()) {
                return Err(Failure::Usage(format!("folder {} holds no files to read", path.display())));
            }
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            add_file(path.clone(), name, &mut walk);
        }
    }
    make_names_unique(&mut walk.found);
    Ok(walk)
}

/// Depth first in name order, with a list instead of recursion: no depth of folders can exhaust the stack.
fn walk_folder(top: &Path, walk: &mut Walk) -> Result<(), Failure> {
    let mut waiting = vec![top.to_owned()];
    while let Some(path) = waiting.pop() {
        let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().into_owned();
        let metadata = fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_file() {
            add_file(path, name, walk);
        } else if !metadata.is_dir() {
            walk.special.push(name);
        } else if walk.seen.insert(true_path(&path)) {
            let mut entries = Vec::new();
            let listed = fs::read_dir(&path).with_context(|| format!("cannot read folder {}", path.display()))?;
            for entry in listed {
                let entry = entry.with_context(|| format!("cannot read folder {}", path.display()))?;
                if entry.file_name().to_string_lossy().starts_with('.') {
                    walk.hidden.push(entry.path().strip_prefix(top).unwrap_or(&entry.path()).display().to_string());
                } else {
                    entries.push(entry.path());
                }
            }
            entries.sort();
            waiting.extend(entries.into_iter().rev());
        }
    }
    walk.hidden.sort();
    Ok(())
}

fn add_file(path: PathBuf, name: String, walk: &mut Walk) {
    if walk.seen.insert(true_path(&path)) {
        walk.found.push(Found { name, path: Some(path) });
    } else {
        walk.repeated.push(name);
    }
}

/// Files of the same name from different folders are told apart by their whole path.
fn make_names_unique(found: &mut [Found]) {
    let mut counts = std::collections::HashMap::new();
    for one in found.iter() {
        *counts.entry(one.name.clone()).or_insert(0) += 1;
    }
    for one in found.iter_mut() {
        if let (Some(path), Some(2..)) = (&one.path, counts.get(&one.name)) {
            one.name = path.display().to_string();
        }
    }
}

fn read_one(found: Found) -> Result<Input, Failure> {
    let bytes = match &found.path {
        Some(path) => fs::read(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).context("cannot read standard input")?;
            if bytes.is_empty() {
                return Err(anyhow!("standard input is empty").into());
            }
            bytes
        }
    };
    Ok(Input { name: found.name, bytes, kind: None, format: None })
}

/// Shown on a terminal only: indicatif draws nothing elsewhere.
fn progress_bar(count: usize) -> ProgressBar {
    let progress = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("reading {pos} of {len}: {wide_msg}") {
        progress.set_style(style);
    }
    progress
}

fn true_path(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn is_absent(error: std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}
