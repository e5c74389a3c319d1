//! Whether anything of the old names still stands in what was written. This
//! looks at the files, not at how they were made: as they are, decoded, read
//! as mails and chats, unescaped; and it knows nothing of the rules by which
//! names were replaced.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use rustc_hash::FxHashSet;
use serde_json::Value as Json;

use super::naming::{LONG_WORD, Pseudonyms};
use super::ordinary::is_everyday;
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
        let forms = forms(&shown, &bytes);
        leaks.extend(found(&forms, names).into_iter().map(|what| Leak { file: shown.clone(), what }));
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

/// The old names that stand in any of a file's forms. All forms are one text: each look is taken once.
fn found(forms: &[String], names: &Pseudonyms) -> Vec<String> {
    let all = forms.join("\n\u{0}\n");
    let text = all.to_lowercase();
    let mut leaks = Leaks::default();
    let is_sign = |c: char| c.is_alphanumeric() || "._%+'$=-@".contains(c);
    for token in text.split(|c: char| !is_sign(c)).filter(|token| token.contains(['@', '.'])) {
        leaks.take_token(token, names);
    }
    let long = |old: &str| old.len() >= LONG_WORD;
    let own_words: FxHashSet<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    for (old, new) in names.words.iter().filter(|(old, new)| old.chars().count() >= 3 && **old != new.to_lowercase()) {
        if !is_everyday(old) && (own_words.contains(old.as_str()) || long(old) && text.contains(old.as_str())) {
            leaks.add(old, new);
        }
    }
    let flat = text.split(|c: char| c.is_whitespace() || c == '>').filter(|word| !word.is_empty());
    let flat: String = flat.collect::<Vec<_>>().join(" ");
    for (old, new) in &names.phrases {
        let (old, new) = (old.join(" "), new.join(" "));
        if old != new.to_lowercase() && holds(&flat, &old) {
            leaks.add(&old, new.trim());
        }
    }
    let joined: String = text.chars().filter(|c| !" -./()".contains(*c)).collect();
    let lengths: BTreeSet<usize> = names.numbers.keys().map(String::len).filter(|length| *length >= 7).collect();
    for run in joined.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 7) {
        for length in lengths.iter().copied().filter(|length| *length <= run.len()) {
            for start in 0..=run.len() - length {
                let old = &run[start..start + length];
                if let Some(new) = names.numbers.get(old).filter(|new| *new != old) {
                    leaks.add(old, new);
                }
            }
        }
    }
    for word in all.split(|c: char| !c.is_ascii_alphanumeric()) {
        if let Some(new) = names.ids.get(word) {
            leaks.add(word, new);
        }
    }
    leaks.0
}

#[derive(Default)]
struct Leaks(Vec<String>);

impl Leaks {
    fn add(&mut self, old: &str, new: &str) {
        let told = format!("`{old}`, which is now `{new}`");
        if !self.0.contains(&told) {
            self.0.push(told);
        }
    }

    /// What may be an address or a host, with every end that it has.
    fn take_token(&mut self, token: &str, names: &Pseudonyms) {
        let trimmed = token.trim_matches(|c: char| !c.is_alphanumeric());
        if let Some(new) = names.addresses.get(trimmed).filter(|new| *new != trimmed) {
            self.add(trimmed, new);
        }
        let ends = trimmed.match_indices(['@', '.', '=', '\'', '%']).map(|(at, _)| &trimmed[at + 1..]);
        for end in std::iter::once(trimmed).chain(ends) {
            if let Some(new) = names.domains.get(end).filter(|new| *new != end) {
                self.add(end, new);
            }
        }
    }
}

/// Whether words stand in a text as words of their own.
fn holds(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + words.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> rustc_hash::FxHashMap<String, String> {
        pairs.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
    }

    #[test]
    fn a_name_is_seen_in_every_form() {
        let names = Pseudonyms {
            words: map(&[("müller", "Ashbeck"), ("kestrelmoor", "Umbra"), ("ada", "Robin"), ("will", "Kim")]),
            phrases: vec![(vec!["will".into(), "grant".into()], vec!["Kim".into(), "Selbeck".into()])],
            addresses: map(&[("ap@kestrelmoor.example", "ap@umbra.example")]),
            domains: map(&[("ksm.example", "umbra.example"), ("acme.example", "acme.example")]),
            numbers: map(&[("4500123456", "3951372927")]),
            ids: map(&[("U024BE7LH", "U259MC4KV")]),
            ..Pseudonyms::default()
        };
        let check = |text: &str, expected: &str| {
            let got = found(&forms("context/a.txt", text.as_bytes()), &names);
            let got: Vec<&str> = got.iter().filter_map(|leak| leak.split('`').nth(1)).collect();
            assert_eq!(got.join(" "), expected, "{text}");
        };
        check("nobody here, will it work, adapt, acme.example", "");
        check("Herr Müller", "müller");
        check("KESTRELMOORs Vertrag", "kestrelmoor");
        check("ask ADA.", "ada");
        check("M&uuml;ller", "müller");
        check("M=C3=BCller", "müller");
        check("M%C3%BCller", "müller");
        check("{\"name\": \"M\\u00fcller\"}", "müller");
        check("a file: SGVyciBNw7xsbGVyIHNhZ3QgamE=", "müller");
        check("said Will\n> Grant", "will grant");
        check("mail to ap@kestrelmoor.example", "ap@kestrelmoor.example kestrelmoor");
        check("https://www.ksm.example/x", "ksm.example");
        check("PO 4500-123-456", "4500123456");
        check("x0U024BE7LH and <@U024BE7LH>", "U024BE7LH");
    }
}
