//! Reads the parts of a route file out of its tree and notes every mistake
//! with its place. Nothing here stops at a mistake: what could not be read is
//! `None`, and reading goes on.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::mistake::{Mistake, Severity};
use super::nearest::suggest;
use super::yaml::{Content, Node, Place};

/// Suggestions are for people; a file with more mistakes than this is not a file with slips.
const MOST_SUGGESTIONS: usize = 200;

/// Collects the mistakes of one file.
pub(super) struct Reader<'a> {
    file: &'a str,
    pub(super) mistakes: Vec<Mistake>,
}

/// A mapping of the file whose keys have been checked.
pub(super) struct Section<'n> {
    pub path: String,
    pub place: Place,
    entries: Vec<(&'n str, &'n Node, &'n Node)>,
}

impl<'n> Section<'n> {
    /// The value under a key; an empty one (`label:`) counts as not given.
    pub(super) fn find(&self, key: &str) -> Option<&'n Node> {
        let (_, _, value) = self.entries.iter().find(|(name, ..)| *name == key)?;
        Some(*value).filter(|value| !matches!(value.content, Content::Null))
    }

    /// Where the key itself stands.
    pub(super) fn key_place(&self, key: &str) -> Option<Place> {
        self.entries.iter().find(|(name, ..)| *name == key).map(|(_, key, _)| key.place)
    }

    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn entries(&self) -> &[(&'n str, &'n Node, &'n Node)] {
        &self.entries
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str) -> Self {
        Self { file, mistakes: Vec::new() }
    }

    pub(super) fn error(&mut self, place: Place, message: impl Into<String>, mend: impl Into<String>) {
        self.note(place, Severity::Error, message.into(), mend.into());
    }

    pub(super) fn hint(&mut self, place: Place, message: impl Into<String>, mend: impl Into<String>) {
        self.note(place, Severity::Hint, message.into(), mend.into());
    }

    fn note(&mut self, place: Place, severity: Severity, message: String, mend: String) {
        let file = self.file.to_string();
        self.mistakes.push(Mistake { file, line: place.line, column: place.column, severity, message, mend });
    }

    /// As [`suggest`], while the file still looks like one with slips.
    pub(super) fn suggest<'k>(&self, word: &str, known: impl IntoIterator<Item = &'k str>, otherwise: &str) -> String {
        if self.mistakes.len() > MOST_SUGGESTIONS { otherwise.to_string() } else { suggest(word, known, otherwise) }
    }

    fn wrong_kind(&mut self, node: &Node, path: &str, wanted: &str, mend: &str) {
        self.error(node.place, format!("{path}: this is {}, not {wanted}", node.describe()), mend);
    }

    /// A mapping with these keys and no others; `known` empty allows any.
    pub(super) fn section<'n>(&mut self, node: &'n Node, path: &str, known: &[&str]) -> Option<Section<'n>> {
        let label = if path.is_empty() { "the file" } else { path };
        let Content::Mapping(entries) = &node.content else {
            let example = known.first().map_or("key: value".to_string(), |key| format!("{key}: …"));
            self.wrong_kind(node, label, "a mapping", &format!("write `{example}`"));
            return None;
        };
        let mut kept = Vec::new();
        for (key, value) in entries {
            let name = match &key.content {
                Content::Text(name) => name.as_str(),
                Content::Number(_, spelled) => spelled.as_str(),
                _ => {
                    let message = format!("{label}: a key must be a word, this is {}", key.describe());
                    self.error(key.place, message, "write a word before the colon");
                    continue;
                }
            };
            if known.is_empty() || known.contains(&name) {
                kept.push((name, key, value));
            } else {
                let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
                let mend = self.suggest(name, known.iter().copied(), &format!("known keys: {}", known.join(", ")));
                self.error(key.place, format!("{path}: unknown key"), mend);
            }
        }
        Some(Section { path: path.to_string(), place: node.place, entries: kept })
    }

    /// Text under a key, trimmed; numbers count as the text they are spelled as.
    pub(super) fn text_at(&mut self, section: &Section<'_>, key: &str) -> Option<String> {
        section.find(key).and_then(|node| self.text(node, &section.path_of(key)))
    }

    pub(super) fn text(&mut self, node: &Node, path: &str) -> Option<String> {
        match &node.content {
            Content::Text(text) if text.trim().is_empty() => {
                self.error(node.place, format!("{path}: the text is empty"), "write the text, or leave the key out");
                None
            }
            Content::Text(text) => Some(text.trim().to_string()),
            Content::Number(_, spelled) => Some(spelled.clone()),
            Content::Bool(flag) => {
                self.wrong_kind(node, path, "text", &format!("put it in quotes: \"{flag}\""));
                None
            }
            _ => {
                self.wrong_kind(node, path, "text", "write words, in quotes if they hold `: ` or ` #`");
                None
            }
        }
    }

    pub(super) fn flag_at(&mut self, section: &Section<'_>, key: &str) -> Option<bool> {
        let node = section.find(key)?;
        if let Content::Bool(flag) = node.content {
            return Some(flag);
        }
        let meant = match &node.content {
            Content::Text(text) => match text.trim().to_lowercase().as_str() {
                "no" | "off" | "false" | "n" => "false",
                _ => "true",
            },
            _ => "true",
        };
        self.wrong_kind(
            node,
            &section.path_of(key),
            "true or false",
            &format!("write `{key}: {meant}` without quotes"),
        );
        None
    }

    /// The nodes of a list under a key; empty when the key is not given.
    pub(super) fn items_at<'n>(&mut self, section: &Section<'n>, key: &str) -> &'n [Node] {
        match section.find(key) {
            None => &[],
            Some(Node { content: Content::Sequence(items), .. }) => items,
            Some(node) => {
                let mend = match &node.content {
                    Content::Text(text) => format!("write `{key}: [{}]`", text.trim()),
                    _ => format!("write `{key}: [ … ]`, or one `- ` line each"),
                };
                self.wrong_kind(node, &section.path_of(key), "a list", &mend);
                &[]
            }
        }
    }

    /// A list of texts with their places; one that stands twice is reported and kept once.
    pub(super) fn texts_at(&mut self, section: &Section<'_>, key: &str) -> Vec<(String, Place)> {
        let mut seen = HashSet::new();
        let mut texts = Vec::new();
        for (index, node) in self.items_at(section, key).iter().enumerate() {
            let path = format!("{}[{index}]", section.path_of(key));
            let Some(text) = self.text(node, &path) else { continue };
            if seen.insert(text.to_lowercase()) {
                texts.push((text, node.place));
            } else {
                self.hint(node.place, format!("{path}: '{text}' stands twice"), "keep one of the two");
            }
        }
        texts
    }

    /// A length of time under a key: a whole number and `s`, `m`, `h`, `d` or `w`.
    pub(super) fn duration_at(&mut self, section: &Section<'_>, key: &str) -> Option<SignedDuration> {
        let node = section.find(key)?;
        let path = section.path_of(key);
        let mend = "write a whole number and a unit (s, m, h, d or w), for example 24h";
        match &node.content {
            Content::Text(text) => {
                let read = read_duration(text.trim());
                if read.is_none() {
                    self.error(node.place, format!("{path}: '{}' is no length of time", text.trim()), mend);
                }
                read
            }
            Content::Number(_, spelled) => {
                self.error(node.place, format!("{path}: {spelled} has no unit"), mend);
                None
            }
            _ => {
                self.wrong_kind(node, &path, "a length of time", mend);
                None
            }
        }
    }
}

/// `24h`, `30d`, `2w`: more than nothing, at most about a hundred years.
fn read_duration(text: &str) -> Option<SignedDuration> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let seconds_each = match &text[digits.len()..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.parse::<i64>().ok()?.checked_mul(seconds_each)?;
    (1..=36_525 * 86_400).contains(&seconds).then(|| SignedDuration::from_secs(seconds))
}

/// As a route file spells it, in the largest unit that loses nothing; a single day is said in hours.
pub(super) fn spell_duration(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        s if s % 86_400 == 0 && s > 86_400 => format!("{}d", s / 86_400),
        s if s % 3_600 == 0 => format!("{}h", s / 3_600),
        s if s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}
