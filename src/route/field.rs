//! Reads one entry of `fields:`, and reports each mistake in it with its place
//! and mend.

use std::collections::HashMap;

use super::expression::{Expression, is_reserved};
use super::kinds::{TYPE_NAMES, default_question, kind_named, spell_out};
use super::reader::{Reader, Section};
use super::yaml::{Content, Node, Place};
use super::{Allow, Asked, Field, Requirement, Rule, SaidBy};
use crate::value::{Choice, Kind};

const FIELD_KEYS: [&str; 17] = [
    "key",
    "label",
    "description",
    "question",
    "type",
    "values",
    "list",
    "required",
    "required_when",
    "rules",
    "specific",
    "said_by",
    "stale_after",
    "allow",
    "ask",
    "cues",
    "map",
];

/// A field with the places that later checks speak of.
pub(super) struct Drafted {
    pub field: Field,
    /// Of the key `key`'s value, or of the entry.
    pub place: Place,
    /// The path of the field in messages, `fields.go_live_date`.
    pub path: String,
    /// The type is as written; otherwise `field.kind` only stands in and expressions are not judged by it.
    pub has_kind: bool,
    pub condition: Option<Placed>,
    /// As many as `field.rules`.
    pub rules: Vec<Placed>,
    /// As many as `field.cues`.
    pub cues: Vec<Place>,
}

/// Where an expression stands.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub place: Place,
    pub path: String,
    /// The column of the expression's first character, when it is written on one line without escapes.
    pub text_column: Option<usize>,
}

impl Placed {
    /// The place of a character of the expression, as far as it can be told.
    pub(super) fn at(&self, offset: Option<usize>) -> Place {
        match (self.text_column, offset) {
            (Some(column), Some(offset)) => Place { column: column + offset, ..self.place },
            _ => self.place,
        }
    }
}

/// Reads a field; `None` without a usable key.
pub(super) fn read_field(reader: &mut Reader<'_>, node: &Node, index: usize) -> Option<Drafted> {
    let path = path_of_field(node, index);
    let section = reader.section(node, &path, &FIELD_KEYS)?;
    let key = read_key(reader, &section);
    let label = reader.text_at(&section, "label").unwrap_or_else(|| spell_out(key.as_deref().unwrap_or("")));
    let kind = read_kind(reader, &section);
    let has_kind = kind.is_some();
    let kind = kind.unwrap_or(Kind::Text);
    let list = reader.flag_at(&section, "list").unwrap_or(false);
    let (required, condition) = read_requirement(reader, &section);
    let rules = read_rules(reader, &section);
    let cues = reader.texts_at(&section, "cues");
    let question = reader.text_at(&section, "question");
    let specific = reader.flag_at(&section, "specific").unwrap_or(false);
    if question.is_none() && section.find("question").is_none() && !matches!(required, Requirement::Optional) {
        let mend = format!(
            "write the question a person can answer, for example \"{}\"",
            default_question(&label, &kind, list)
        );
        reader.hint(section.place, format!("{path}: a field that may be required has no question"), mend);
    }
    if specific && has_kind && kind == Kind::Bool {
        let place = section.key_place("specific").unwrap_or(section.place);
        reader.hint(place, format!("{path}.specific: yes or no is never vague"), "leave `specific` out");
    }
    let field = Field {
        question: question.unwrap_or_else(|| default_question(&label, &kind, list)),
        description: reader.text_at(&section, "description").unwrap_or_default(),
        said_by: read_said_by(reader, &section),
        stale_after: reader.duration_at(&section, "stale_after"),
        allow: read_allow(reader, &section),
        ask: read_asked(reader, &section, "ask", &["sender", "receiver", "owner"]).unwrap_or_default(),
        map: read_map(reader, &section),
        rules: rules.iter().map(|(rule, _)| rule.clone()).collect(),
        cues: cues.iter().map(|(cue, _)| cue.clone()).collect(),
        key: key?,
        label,
        kind,
        list,
        required,
        specific,
    };
    let place = section.find("key").map_or(section.place, |node| node.place);
    let rules = rules.into_iter().map(|(_, placed)| placed).collect();
    let cues = cues.into_iter().map(|(_, place)| place).collect();
    Some(Drafted { field, place, path, has_kind, condition, rules, cues })
}

/// `fields.go_live_date`, or `fields[3]` while the key is not known.
fn path_of_field(node: &Node, index: usize) -> String {
    let key = match &node.content {
        Content::Mapping(entries) => entries.iter().find_map(|(key, value)| match (&key.content, &value.content) {
            (Content::Text(key), Content::Text(value)) if key == "key" && !value.trim().is_empty() => {
                Some(value.trim())
            }
            _ => None,
        }),
        _ => None,
    };
    key.map_or_else(|| format!("fields[{index}]"), |key| format!("fields.{key}"))
}

fn read_key(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<String> {
    let Some(node) = section.find("key") else {
        reader.error(
            section.place,
            format!("{}: the field has no key", section.path),
            "write `key: name_of_the_field` first",
        );
        return None;
    };
    let key = reader.text(node, &section.path_of("key"))?;
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !key.starts_with(|c: char| c.is_ascii_lowercase()) || !key.chars().all(is_word) {
        let mend = match as_key(&key) {
            fixed if fixed.is_empty() => "write small letters, digits and _, a letter first".to_string(),
            fixed => format!("write `key: {fixed}` (small letters, digits and _, a letter first)"),
        };
        reader.error(node.place, format!("{}: '{key}' cannot be a key", section.path_of("key")), mend);
        return None;
    }
    if is_reserved(&key) {
        let message = format!("{}: '{key}' has its own meaning in conditions and rules", section.path_of("key"));
        reader.error(node.place, message, format!("write for example `key: {key}_of_customer`"));
        return None;
    }
    Some(key)
}

/// What a key should look like if somebody wrote a label.
fn as_key(text: &str) -> String {
    let mut key = String::new();
    for (index, c) in text.trim().chars().enumerate() {
        match c {
            c if c.is_ascii_uppercase()
                && index > 0
                && !key.ends_with('_')
                && text.chars().any(|c| c.is_ascii_lowercase()) =>
            {
                key.push('_');
                key.push(c.to_ascii_lowercase());
            }
            c if c.is_ascii_alphanumeric() => key.push(c.to_ascii_lowercase()),
            _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
            _ => {}
        }
    }
    key.trim_end_matches('_').trim_start_matches(|c: char| !c.is_ascii_lowercase()).to_string()
}

fn read_kind(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Kind> {
    let Some(node) = section.find("type") else {
        let message = format!("{}: the field has no type", section.path);
        reader.error(section.place, message, format!("write `type: ` and one of {}", TYPE_NAMES.join(", ")));
        return None;
    };
    let name = reader.text(node, &section.path_of("type"))?;
    if !TYPE_NAMES.contains(&name.as_str()) {
        let mend = reader.suggest(&name, TYPE_NAMES, &format!("types are {}", TYPE_NAMES.join(", ")));
        reader.error(node.place, format!("{}: unknown type '{name}'", section.path_of("type")), mend);
        return None;
    }
    let written = section.find("values").is_some();
    match (name.as_str(), written) {
        ("enum", false) => {
            let mend = "write `values: [{id: first}, {id: second}]`";
            reader.error(node.place, format!("{}: an enum needs values", section.path_of("type")), mend);
            None
        }
        ("enum", true) => {
            let choices = read_choices(reader, section);
            (!choices.is_empty()).then_some(Kind::Enum(choices))
        }
        (_, true) => {
            let place = section.key_place("values").unwrap_or(section.place);
            let message = format!("{}: only an enum has values, this is {name}", section.path_of("values"));
            reader.error(place, message, "write `type: enum`, or leave the values out");
            kind_named(&name, Vec::new())
        }
        (_, false) => kind_named(&name, Vec::new()),
    }
}

fn read_choices(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<Choice> {
    let path = section.path_of("values");
    let items = reader.items_at(section, "values");
    if items.is_empty() && matches!(section.find("values"), Some(Node { content: Content::Sequence(_), .. })) {
        let place = section.key_place("values").unwrap_or(section.place);
        reader.error(place, format!("{path}: the list is empty"), "write `values: [{id: first}, {id: second}]`");
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut taken: HashMap<String, String> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Content::Text(word) | Content::Number(_, word) = &item.content {
            reader.error(item.place, format!("{path}: this is only a word"), format!("write {{id: {}}}", word.trim()));
            continue;
        }
        let Some(choice) = reader.section(item, &path, &["id", "aliases"]) else { continue };
        let Some(id_node) = choice.find("id") else {
            reader.error(choice.place, format!("{path}: the value has no id"), "write `{id: word}`");
            continue;
        };
        let Some(id) = reader.text(id_node, &choice.path_of("id")) else { continue };
        let aliases = reader.texts_at(&choice, "aliases");
        let words = std::iter::once((&id, id_node.place)).chain(aliases.iter().map(|(alias, place)| (alias, *place)));
        for (word, place) in words {
            match taken.insert(word.to_lowercase(), id.clone()) {
                Some(other) if other != id || place == id_node.place => {
                    let mend = "each word may stand for one value only";
                    reader.error(place, format!("{path}: '{word}' already stands for '{other}'"), mend);
                }
                _ => {}
            }
        }
        choices.push(Choice { id, aliases: aliases.into_iter().map(|(alias, _)| alias).collect() });
    }
    choices
}

fn read_requirement(reader: &mut Reader<'_>, section: &Section<'_>) -> (Requirement, Option<Placed>) {
    let always = reader.flag_at(section, "required");
    let Some(node) = section.find("required_when") else {
        let requirement = if always == Some(true) { Requirement::Always } else { Requirement::Optional };
        return (requirement, None);
    };
    if section.find("required").is_some() {
        let place = section.key_place("required_when").unwrap_or(section.place);
        let message =
            format!("{}: `required` and `required_when` exclude each other", section.path_of("required_when"));
        reader.error(place, message, "keep `required_when` for a condition, `required: true` for always");
    }
    let path = section.path_of("required_when");
    if let Content::Bool(flag) = node.content {
        let message = format!("{path}: this is true or false, not a condition");
        reader.error(node.place, message, format!("write `required: {flag}`"));
        return (Requirement::Optional, None);
    }
    match read_expression(reader, node, path) {
        Some((expression, placed)) => (Requirement::When(expression), Some(placed)),
        None => (Requirement::Optional, None),
    }
}

fn read_expression(reader: &mut Reader<'_>, node: &Node, path: String) -> Option<(Expression, Placed)> {
    let text = reader.text(node, &path)?;
    let placed = Placed { place: node.place, path, text_column: node.text_column };
    match Expression::read(&text) {
        Ok(expression) => Some((expression, placed)),
        Err(error) => {
            let mend = if text.contains(" = ") {
                "compare with `==`"
            } else if text.contains(" and ") || text.contains(" or ") {
                "join conditions with `&&` and `||`"
            } else {
                "write a CEL condition, for example contract_type == 'enterprise'"
            };
            reader.error(placed.at(error.offset), format!("{}: {}", placed.path, error.message), mend);
            None
        }
    }
}

fn read_rules(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<(Rule, Placed)> {
    let mut rules = Vec::new();
    for (index, item) in reader.items_at(section, "rules").iter().enumerate() {
        let path = format!("{}[{index}]", section.path_of("rules"));
        let Some(rule) = reader.section(item, &path, &["assert", "message"]) else { continue };
        let message = reader.text_at(&rule, "message");
        if rule.find("message").is_none() {
            let mend = "write `message: ` and what a person should read when the rule is broken";
            reader.error(rule.place, format!("{path}: the rule has no message"), mend);
        }
        let Some(node) = rule.find("assert") else {
            let mend = "write `assert: ` and what must hold, for example \"value >= today\"";
            reader.error(rule.place, format!("{path}: the rule has no assert"), mend);
            continue;
        };
        if let Some((assert, placed)) = read_expression(reader, node, rule.path_of("assert")) {
            rules.push((Rule { assert, message: message.unwrap_or_default() }, placed));
        }
    }
    rules
}

fn read_said_by(reader: &mut Reader<'_>, section: &Section<'_>) -> SaidBy {
    let Some(text) = reader.text_at(section, "said_by") else { return SaidBy::Any };
    match text.as_str() {
        "any" => SaidBy::Any,
        "theirs" => SaidBy::Theirs,
        "ours" => SaidBy::Ours,
        _ => {
            let place = section.find("said_by").map_or(section.place, |node| node.place);
            let mend = reader.suggest(&text, ["any", "theirs", "ours"], "write any, theirs (the other side) or ours");
            reader.error(place, format!("{}: nobody is called '{text}'", section.path_of("said_by")), mend);
            SaidBy::Any
        }
    }
}

fn read_allow(reader: &mut Reader<'_>, section: &Section<'_>) -> Allow {
    let mut allow = Allow::default();
    for (index, (word, place)) in reader.texts_at(section, "allow").into_iter().enumerate() {
        match word.as_str() {
            "not_applicable" => allow.not_applicable = true,
            "unknown" => allow.unknown = true,
            _ => {
                let mend =
                    reader.suggest(&word, ["not_applicable", "unknown"], "write not_applicable, unknown or both");
                reader.error(place, format!("{}[{index}]: '{word}' cannot be allowed", section.path_of("allow")), mend);
            }
        }
    }
    allow
}

/// A role among `roles`, or an e-mail address.
pub(super) fn read_asked(reader: &mut Reader<'_>, section: &Section<'_>, key: &str, roles: &[&str]) -> Option<Asked> {
    let text = reader.text_at(section, key)?;
    if roles.contains(&text.as_str()) {
        return Some(match text.as_str() {
            "sender" => Asked::Sender,
            "receiver" => Asked::Receiver,
            _ => Asked::Owner,
        });
    }
    if is_address(&text) {
        return Some(Asked::Address(text));
    }
    let place = section.find(key).map_or(section.place, |node| node.place);
    let mend =
        reader.suggest(&text, roles.iter().copied(), &format!("write {} or an e-mail address", roles.join(", ")));
    reader.error(place, format!("{}: '{text}' is nobody who can be asked", section.path_of(key)), mend);
    None
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;\"".contains(c));
    is_plain(local) && is_plain(domain) && domain.split('.').all(|label| !label.is_empty()) && domain.contains('.')
}

fn read_map(reader: &mut Reader<'_>, section: &Section<'_>) -> Vec<(String, String)> {
    let Some(node) = section.find("map") else { return Vec::new() };
    let path = section.path_of("map");
    let Some(map) = reader.section(node, &path, &[]) else { return Vec::new() };
    let mut properties = Vec::new();
    for (system, _, value) in map.entries() {
        if let Some(property) = reader.text(value, &format!("{path}.{system}")) {
            properties.push((system.to_string(), property));
        }
    }
    properties
}
