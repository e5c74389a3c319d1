//! What a model is told: the templates of `prompts/`, inside the program or
//! from a folder that replaces them, filled with a route's fields and a
//! conversation's words. The part that all calls of a route share comes first,
//! byte for byte the same, so that endpoints can keep it.

use std::path::Path;

use minijinja::{Environment, Value, context};
use serde_json::{Value as Json, json};

use crate::claim::ProseKind;
use crate::config::AnswerForm;
use crate::conversation::{Conversation, DocumentKind};
use crate::route::{Field, Route, SaidBy, Withheld};
use crate::value::Kind;

use super::layout::{Block, one_line, side};

/// The templates inside the program: file name and text.
const EMBEDDED: [(&str, &str); 4] = [
    ("records.jinja", include_str!("../../prompts/records.jinja")),
    ("fields.jinja", include_str!("../../prompts/fields.jinja")),
    ("sources.jinja", include_str!("../../prompts/sources.jinja")),
    ("again.jinja", include_str!("../../prompts/again.jinja")),
];

/// People named before the sources.
const MOST_PEOPLE: usize = 20;

/// Prompts ready to be filled.
#[derive(Debug)]
pub struct Prompts {
    environment: Environment<'static>,
    records: String,
    fields: String,
}

/// A template that cannot be used, with its file and its mend.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct PromptError {
    pub file: String,
    pub problem: String,
}

/// The words of one call besides the shared part.
#[derive(Debug)]
pub struct Sources<'a> {
    pub conversation: &'a Conversation,
    pub blocks: &'a [Block],
    /// Number of this part, counted from one, and of all parts; `None` when there is one.
    pub part: Option<(usize, usize)>,
}

struct DocumentShown {
    kind: String,
    text: String,
}

impl Prompts {
    /// The embedded prompts, each replaced by the file of its name in `folder` where there is one.
    pub fn load(folder: Option<&Path>) -> Result<Self, PromptError> {
        let mut environment = Environment::new();
        let mut versions = Vec::new();
        for (name, embedded) in EMBEDDED {
            let replaced = folder.map(|folder| folder.join(name)).filter(|path| path.exists());
            let text = match &replaced {
                Some(path) => std::fs::read_to_string(path)
                    .map_err(|error| PromptError { file: path.display().to_string(), problem: error.to_string() })?,
                None => embedded.to_owned(),
            };
            let file = replaced.map_or_else(|| name.to_owned(), |path| path.display().to_string());
            versions.push(version(&text).ok_or_else(|| PromptError {
                file: file.clone(),
                problem: "it must begin with its name and version, like {#- brief-records@1: … -#}".to_owned(),
            })?);
            environment
                .add_template_owned(name, text)
                .map_err(|error| PromptError { file, problem: error.to_string() })?;
        }
        let [records, fields, sources, _] = versions.try_into().unwrap_or_default();
        let prompts =
            Prompts { environment, records: format!("{records}+{sources}"), fields: format!("{fields}+{sources}") };
        prompts.try_out()?;
        Ok(prompts)
    }

    /// Name and version of what a form is asked with, as it stands in the brief.
    pub fn version(&self, form: AnswerForm) -> &str {
        match form {
            AnswerForm::Records => &self.records,
            AnswerForm::Fields => &self.fields,
        }
    }

    /// The shared part of every call of a route.
    pub fn system(&self, route: &Route, form: AnswerForm) -> Result<String, PromptError> {
        let name = match form {
            AnswerForm::Records => "records.jinja",
            AnswerForm::Fields => "fields.jinja",
        };
        self.render_system(name, route, &route.fields.iter().collect::<Vec<_>>())
    }

    /// The shared part of a second look at some fields.
    pub fn system_again(&self, route: &Route, fields: &[&Field]) -> Result<String, PromptError> {
        self.render_system("again.jinja", route, fields)
    }

    /// The part that differs: the sources, and the keys asked for.
    pub fn user(&self, sources: &Sources, keys: Option<&[&str]>) -> Result<String, PromptError> {
        let documents = documents(sources);
        let nonce = nonce(&documents);
        let people = people(sources);
        let shown: Vec<Value> =
            documents.into_iter().map(|one| context! { kind => one.kind, text => defuse(&one.text) }).collect();
        let values = context! {
            nonce,
            documents => shown,
            people,
            part => sources.part.map(|(number, _)| number),
            parts => sources.part.map(|(_, count)| count),
            keys => keys.map(|keys| keys.join(", ")),
        };
        self.render("sources.jinja", values)
    }

    fn render_system(&self, name: &str, route: &Route, fields: &[&Field]) -> Result<String, PromptError> {
        let team = |name: &str, otherwise: &str| if name.is_empty() { otherwise.to_owned() } else { one_line(name) };
        let fields: Vec<Value> = fields.iter().map(|field| show(field)).collect();
        let redact = &route.redact;
        let route = context! {
            from => team(&route.from_team, "one team"),
            to => team(&route.to_team, "another"),
            title => route.title.clone(),
        };
        let mut text = self.render(name, context! { route, fields, prose => true })?;
        // Beside the templates, which may be replaced: without it models mistake the marks for words to be mended.
        text.push_str(&about_marks(redact));
        Ok(text)
    }

    fn render(&self, name: &str, values: Value) -> Result<String, PromptError> {
        let rendered = self.environment.get_template(name).and_then(|template| template.render(values));
        rendered.map_err(|error| PromptError { file: name.to_owned(), problem: error.to_string() })
    }

    /// A template that cannot be filled is told when it is loaded, not in the middle of a handoff.
    fn try_out(&self) -> Result<(), PromptError> {
        for (name, _) in EMBEDDED {
            self.render(name, context! { route => context! {from => "a", to => "b"}, fields => Vec::<Value>::new() })?;
        }
        Ok(())
    }
}

/// `brief-records@1` out of the first comment.
fn version(text: &str) -> Option<String> {
    let comment = text.trim_start().strip_prefix("{#")?.trim_start_matches('-').split("#}").next()?;
    let version = comment.split([':', '\n']).next()?.trim().trim_end_matches('-').trim();
    let (name, number) = version.split_once('@')?;
    (!name.is_empty() && !number.is_empty() && !version.contains(char::is_whitespace)).then(|| version.to_owned())
}

fn show(field: &Field) -> Value {
    let list = if field.list { ", list" } else { "" };
    let mut text = one_line(&field.label);
    if !field.description.is_empty() {
        text.push_str(": ");
        text.push_str(&one_line(&field.description));
    }
    if let Kind::Enum(choices) = &field.kind {
        let choices: Vec<String> = choices
            .iter()
            .map(|choice| match choice.aliases.is_empty() {
                true => choice.id.clone(),
                false => format!("{} ({})", choice.id, choice.aliases.join(", ")),
            })
            .collect();
        text.push_str(&format!(" One of: {}.", choices.join(" | ")));
    }
    match field.said_by {
        SaidBy::Any => {}
        SaidBy::Theirs => text.push_str(" Counts when their side says it."),
        SaidBy::Ours => text.push_str(" Counts when our side says it."),
    }
    if !field.cues.is_empty() {
        text.push_str(&format!(
            " Also: {}.",
            field.cues.iter().take(4).map(|cue| one_line(cue)).collect::<Vec<_>>().join(", ")
        ));
    }
    context! { key => field.key.clone(), type => format!("{}{list}", field.type_name()), text }
}

/// What the marks in the sources are; nothing where there are none. It names no mark that could be copied from here.
fn about_marks(redact: &[Withheld]) -> String {
    if redact.is_empty() {
        return String::new();
    }
    let words: Vec<String> = redact.iter().map(|kind| kind.name().to_uppercase()).collect();
    format!(
        "\n\nMarks: some words of the sources are replaced by {} and a number in square brackets. The same number is the \
         same thing; a letter behind it is another spelling of it. A mark is the value: where it stands in a quote or is a \
         value, copy it letter for letter with its brackets. Never make one up.",
        words.join(", ")
    )
}

/// Blocks under the documents they stand in.
fn documents(sources: &Sources) -> Vec<DocumentShown> {
    let mut shown: Vec<(usize, DocumentShown)> = Vec::new();
    for block in sources.blocks {
        match shown.last_mut().filter(|(document, _)| *document == block.document) {
            Some((_, document)) => {
                document.text.push('\n');
                document.text.push_str(&block.text);
            }
            None => {
                let Some(document) = sources.conversation.documents.get(block.document) else { continue };
                let kind = match document.kind {
                    DocumentKind::Email => "email",
                    DocumentKind::Transcript => "call",
                    DocumentKind::Chat => "chat",
                    DocumentKind::Note | DocumentKind::Record => "note",
                };
                // The messages of a call carry no time of their own in the prompt.
                let first = document.messages.first().and_then(|id| sources.conversation.message(*id)?.at);
                let day = first.filter(|_| document.kind == DocumentKind::Transcript);
                let day = day.map(|at| at.strftime(" %Y-%m-%d").to_string()).unwrap_or_default();
                shown.push((block.document, DocumentShown { kind: format!("{kind}{day}"), text: block.text.clone() }));
            }
        }
    }
    shown.into_iter().map(|(_, document)| document).collect()
}

/// Six hex digits that stand nowhere in the sources, the same for the same sources.
fn nonce(documents: &[DocumentShown]) -> String {
    use sha2::Digest;
    let mut hasher = sha2::Sha256::new();
    for document in documents {
        hasher.update(document.text.as_bytes());
    }
    let mut digest = hasher.finalize();
    loop {
        let nonce: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
        if !documents.iter().any(|document| document.text.contains(&nonce)) {
            return nonce;
        }
        digest = sha2::Sha256::digest(digest);
    }
}

/// Words that look like a fence lose their bracket; a quote of them no longer matches, all others do.
fn defuse(text: &str) -> String {
    if !text.contains("<source") && !text.contains("</source") {
        return text.to_owned();
    }
    text.replace("</source", "‹/source").replace("<source", "‹source")
}

/// Who speaks in these blocks, and for which side: told once, not with every message.
fn people(sources: &Sources) -> String {
    let mut told: Vec<String> = Vec::new();
    for block in sources.blocks {
        let Some(author) = sources.conversation.messages.get(block.position).map(|message| &message.author) else {
            continue;
        };
        let Some(name) = author.label() else { continue };
        let line = format!("{}{}", one_line(name), side(author.side));
        if told.len() < MOST_PEOPLE && !told.contains(&line) {
            told.push(line);
        }
    }
    told.join(", ")
}

/// The schema of an answer. For records it is the same for every call of a route; it has no unions and no references,
/// which many servers do not take.
pub fn schema(form: AnswerForm, route: &Route) -> Json {
    match form {
        AnswerForm::Records => records_schema(route),
        AnswerForm::Fields => fields_schema(route),
    }
}

fn records_schema(route: &Route) -> Json {
    let text = || json!({"type": "string"});
    let keys: Vec<&str> =
        route.fields.iter().map(|field| field.key.as_str()).chain(ProseKind::ALL.map(ProseKind::key)).collect();
    let cited = object(vec![("msg", text()), ("quote", text())]);
    let record = object(vec![
        ("key", json!({"type": "string", "enum": keys})),
        ("evidence", json!({"type": "array", "items": cited})),
        ("raw_value", text()),
        ("value", text()),
        ("status", json!({"type": "string", "enum": ["found", "absent", "conflicting"]})),
        ("note", text()),
    ]);
    object(vec![
        ("records", json!({"type": "array", "items": record})),
        ("instructions_seen", json!({"type": "array", "items": text()})),
    ])
}

fn fields_schema(route: &Route) -> Json {
    let fields = route.fields.iter().map(|field| (field.key.as_str(), json!({"type": ["string", "null"]}))).collect();
    let keys: Vec<&str> =
        ProseKind::ALL.into_iter().filter(|kind| *kind != ProseKind::Person).map(ProseKind::key).collect();
    let text = || json!({"type": "string"});
    let item = object(vec![("key", json!({"type": "string", "enum": keys})), ("quote", text()), ("value", text())]);
    object(vec![("fields", object(fields)), ("prose", json!({"type": "array", "items": item, "maxItems": 8}))])
}

/// Strict servers want every property required and no others allowed.
fn object(properties: Vec<(&str, Json)>) -> Json {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Json> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// Room for the answer: every field and a dozen sentences.
pub fn most_output(form: AnswerForm, fields: usize) -> u32 {
    let fields = fields as u32;
    match form {
        AnswerForm::Records => 1_200 + 160 * fields,
        AnswerForm::Fields => 700 + 50 * fields,
    }
}
