//! A run that stops goes on where it was: every finished piece of work is one
//! line of a file, written whole, under the fingerprint of everything that
//! decides its result. A piece that changed is not found and done again.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::result::CaseResult;

/// A file of finished pieces, and what stood in it when it was opened.
pub struct Journal {
    known: FxHashMap<String, CaseResult>,
    file: Mutex<File>,
}

#[derive(Serialize, Deserialize)]
struct Line<R> {
    key: String,
    result: R,
}

impl Journal {
    /// Opens or makes the file. A line that was cut off by a stop, or that another version wrote, counts for nothing.
    pub fn open(path: &Path) -> io::Result<Journal> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        if bytes.last().is_some_and(|last| *last != b'\n') {
            file.write_all(b"\n")?;
        }
        let lines = bytes.split(|byte| *byte == b'\n');
        let known = lines
            .filter_map(|line| serde_json::from_slice::<Line<CaseResult>>(line).ok())
            .map(|line| (line.key, line.result))
            .collect();
        Ok(Journal { known, file: Mutex::new(file) })
    }

    pub fn find(&self, key: &str) -> Option<CaseResult> {
        self.known.get(key).cloned()
    }

    /// Writes one line in one go, so that a stop leaves at most one cut line.
    pub fn keep(&self, key: &str, result: &CaseResult) -> io::Result<()> {
        let mut text = serde_json::to_vec(&Line { key: key.to_owned(), result })?;
        text.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.write_all(&text)?;
        file.flush()
    }

    /// Finished pieces that stood in the file.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}
