//! Whether anything of the old names still stands in what was written. This
//! looks at the files, not at how they were made: as they are, decoded, read
//! as mails and chats, unescaped; and it knows nothing of the rules by which
//! names were replaced.

use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use serde_json::Value as Json;

use super::ordinary::is_everyday;
use super::replacement::{LONG_WORD, Pseudonyms};
use crate::intake::{self, Input, Options, text_of, without_entities};

/// An old name that still stands somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leak {
    pub file: String,
    pub what: String,
}

/// Searches every file of a folder, its name included.
pub fn search(folder: &Path, names: &Pseudonyms) -> Result<Vec<Leak>, String> {
    let mut leaks = Vec::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let shown = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        let unreadable = |error: std::io::Error| format!("{shown} cannot be read back: {error}");
        if path.is_dir() {
            for entry in fs::read_dir(&path).map_err(unreadable)? {
                waiting.push(entry.map_err(unreadable)?.path());
            }
            continue;
        }
        let bytes = fs::read(&path).map_err(unreadable)?;
        for form in forms(&shown, &bytes) {
            for what in found(&form, names) {
                let leak = Leak { file: shown.clone(), what };
                if !leaks.contains(&leak) {
                    leaks.push(leak);
                }
            }
        }
    }
    leaks.sort_by(|one, other| (&one.file, &one.what).cmp(&(&other.file, &other.what)));
    Ok(leaks)
}

/// A file's words in every form in which somebody could read them.
fn forms(name: &str, bytes: &[u8]) -> Vec<String> {
    let raw = text_of(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
    let mut forms = vec![name.to_owned(), raw.clone(), without_entities(&raw), percent_decoded(&raw)];
    if raw.contains('=') {
        forms.extend(quoted_printable_decode(raw.as_bytes()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
    }
    for run in raw.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-\r\n".contains(c))) {
        let run: String = run.split_whitespace().collect();
        if run.len() >= 12 {
            forms.extend(unpacked(&run));
        }
    }
    if let Ok(value) = serde_json::from_str::<Json>(&raw) {
        let mut waiting = vec![&value];
        while let Some(value) = waiting.pop() {
            match value {
                Json::String(text) => forms.extend([text.clone(), without_entities(text)]),
                Json::Array(items) => waiting.extend(items),
                Json::Object(entries) => {
                    forms.extend(entries.keys().cloned());
                    waiting.extend(entries.values());
                }
                _ => {}
            }
        }
    }
    let input = Input { name: name.to_owned(), bytes: bytes.to_vec(), kind: None, format: None };
    let read = intake::read(vec![input], &Options::of(&[]));
    for message in &read.messages {
        forms.push(message.text.clone());
        let segments = message.segments.iter().filter_map(|segment| segment.author.as_ref());
        for author in std::iter::once(&message.author).chain(segments) {
            forms.extend(author.name.iter().chain(&author.address).cloned());
        }
        forms.extend(message.subject.clone());
    }
    forms.extend(read.record.values().map(|value| value.to_string()));
    forms
}

fn unpacked(run: &str) -> Option<String> {
    let standard = run.replace('-', "+").replace('_', "/");
    let bytes = base64_decode(standard.as_bytes())?;
    String::from_utf8(bytes).ok()
}

/// Whether a run of base64 decodes to words.
pub(super) fn hides_words(run: &str) -> bool {
    unpacked(run).is_some_and(|text| {
        let words =
            text.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || ".,:;@<>/-".contains(*c)).count();
        text.chars().count() >= 12 && words * 10 >= text.chars().count() * 9
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        match (first, code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn found(form: &str, names: &Pseudonyms) -> Vec<String> {
    let text = form.to_lowercase();
    let flat: String = text
        .split(|c: char| c.is_whitespace() || c == '>')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let mut leaks = Vec::new();
    let all = [&names.addresses, &names.domains];
    for (old, new) in all.into_iter().flatten().filter(|(old, new)| old != new) {
        if holds(&text, old, true) {
            leaks.push(format!("`{old}`, which is now `{new}`"));
        }
    }
    for (old, new) in names.words.iter().filter(|(old, new)| old.chars().count() >= 3 && **old != new.to_lowercase()) {
        if !is_everyday(old) && holds(&text, old, old.len() < LONG_WORD) {
            leaks.push(format!("`{old}`, which is now `{new}`"));
        }
    }
    for (old, new) in &names.phrases {
        let (old, new) = (old.join(" "), new.join(" "));
        if old != new.to_lowercase() && holds(&flat, &old, true) {
            leaks.push(format!("`{old}`, which is now `{}`", new.trim()));
        }
    }
    let joined: String = text.chars().filter(|c| !" -./()".contains(*c)).collect();
    for (old, new) in names.numbers.iter().filter(|(old, new)| old.len() >= 7 && old != new) {
        if joined.contains(old.as_str()) {
            leaks.push(format!("`{old}`, which is now `{new}`"));
        }
    }
    for (old, new) in &names.ids {
        if form.contains(old.as_str()) {
            leaks.push(format!("`{old}`, which is now `{new}`"));
        }
    }
    leaks
}

/// Whether words stand in a text, as a word of their own where `whole`.
fn holds(text: &str, words: &str, whole: bool) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !whole || !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
