//! An imported case as files: the head, the gold and the sources, written into
//! a folder that was not there before. All of it is plain YAML whose scalars
//! are JSON, so that no value can be taken for another.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use serde::Serialize;
use serde_json::Value as Json;

use crate::eval::cases::{Case, Expectation, Gold};

/// How the case names its route.
pub enum RouteName {
    /// One that comes with Baton.
    Shipped(String),
    /// A file of its own, with its text.
    File(String),
}

/// Writes a case into a folder that must not be there yet. `checks` stand at the head of the gold as comments.
pub fn write(folder: &Path, case: &Case, route: &RouteName, checks: &[String]) -> io::Result<()> {
    fs::create_dir(folder)?;
    let context = folder.join("context");
    fs::create_dir(&context)?;
    for source in &case.sources {
        fs::write(context.join(&source.name), &source.bytes)?;
    }
    if let RouteName::File(text) = route {
        fs::write(folder.join("route.yaml"), text)?;
    }
    fs::write(folder.join("case.yaml"), head(case, route))?;
    fs::write(folder.join("expected.yaml"), gold(case, checks))
}

/// `case.yaml`.
pub fn head(case: &Case, route: &RouteName) -> String {
    let route = match route {
        RouteName::Shipped(id) => id.as_str(),
        RouteName::File(_) => "route.yaml",
    };
    let mut out = String::new();
    let _ = writeln!(out, "id: {}", scalar(&case.id));
    let _ = writeln!(out, "route: {}", scalar(route));
    let _ = writeln!(out, "as_of: {}", case.as_of);
    let _ = writeln!(out, "our_domains: {}", inline(&case.our_domains));
    if !case.known.is_empty() {
        let entries: Vec<String> =
            case.known.iter().map(|(key, value)| format!("{}: {}", scalar(key), scalar(value))).collect();
        let _ = writeln!(out, "known: {{{}}}", entries.join(", "));
    }
    let _ = writeln!(out, "tags: {}", inline(&case.tags));
    // The order in which they were given decides nothing but the names of documents; it is kept all the same.
    let _ = writeln!(out, "sources:");
    for source in &case.sources {
        let _ = writeln!(out, "  - {{file: {}}}", scalar(&format!("context/{}", source.name)));
    }
    out
}

/// `expected.yaml`.
fn gold(case: &Case, checks: &[String]) -> String {
    let mut out = String::new();
    if !checks.is_empty() {
        let _ = writeln!(out, "# Still to be checked by a person:");
    }
    for check in checks {
        let _ = writeln!(out, "# - {}", one_line(check));
    }
    let _ = writeln!(out, "verdict: {}", word(&case.expected.verdict));
    let _ = writeln!(out, "fields:{}", if case.expected.fields.is_empty() { " {}" } else { "" });
    for (key, gold) in &case.expected.fields {
        let _ = writeln!(out, "  {}: {}", scalar(key), field(gold));
    }
    let _ = writeln!(out, "gaps:{}", if case.expected.gaps.is_empty() { " []" } else { "" });
    for gap in &case.expected.gaps {
        let subject = if case.route.field(&gap.subject).is_some() { "field" } else { "source" };
        let _ = writeln!(out, "  - {{{subject}: {}, kind: {}}}", scalar(&gap.subject), word(&gap.kind));
    }
    out
}

fn field(gold: &Gold) -> String {
    let told = match &gold.expectation {
        Expectation::Absent => return "absent".to_owned(),
        Expectation::Found(values) => match values.as_slice() {
            [Json::Array(items)] => format!("values: {}", inline(items)),
            [one] => format!("value: {}", flow(one)),
            many => format!("any_of: {}", inline(many)),
        },
        Expectation::Other(state, values) => format!("{}: {}", word(state), inline(values)),
    };
    let mut parts = vec![told];
    if !gold.evidence.is_empty() {
        parts.push(format!("evidence: {}", inline(&gold.evidence)));
    }
    if !gold.superseded.is_empty() {
        parts.push(format!("superseded: {}", inline(&gold.superseded)));
    }
    format!("{{{}}}", parts.join(", "))
}

fn inline<T: Serialize>(items: &[T]) -> String {
    let items: Vec<String> =
        items.iter().map(|item| serde_json::to_value(item).map(|json| flow(&json)).unwrap_or_default()).collect();
    format!("[{}]", items.join(", "))
}

/// JSON, which is YAML too once there is a space behind each colon.
fn flow(value: &Json) -> String {
    match value {
        Json::Array(items) => inline(items),
        Json::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {}", scalar(key), flow(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Json::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// Words as they are where nothing else could be meant, else as a JSON string.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | '/'))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&text);
    match is_plain {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// Characters that YAML does not take bare in quotes are escaped as its readers know them.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') { ' ' } else { c };
    text.chars().map(visible).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

    /// Whatever is written is read as the same text.
    #[test]
    fn texts_come_back_as_they_were() {
        for text in [
            "plain",
            "no",
            "2026-07-01",
            "12",
            "1e3",
            "~",
            "null",
            "",
            " a ",
            "a: b",
            "# x",
            "- x",
            "it's",
            "\"q\"",
            "a\\b",
            "two\nlines\r\n",
            "tab\there",
            "umlaut ü, sign €, face 🙂",
            "\u{7}\u{85}\u{2028}\u{feff}",
            "{a}",
            "[b]",
            "!t",
            "&a",
            "*a",
            "%",
            "@",
            "`",
        ] {
            let yaml = format!("x: {}", scalar(text));
            let read = MarkedYaml::load_from_str(&yaml).unwrap();
            let YamlData::Mapping(entries) = &read[0].data else { panic!("{yaml}") };
            let value = entries.values().next().unwrap();
            assert!(matches!(&value.data, YamlData::Value(Scalar::String(back)) if back == text), "{yaml} {value:?}");
        }
    }
}
