//! Readers made by code out of what a case expects: the perfect one, which
//! tells every stated value with its words and nothing else, and in `lies` the
//! lying ones. What the perfect one says must pass, or the checks behind it
//! throw true values away; what the lying ones say must not.

mod lies;
mod plausible;
mod values;

use std::sync::OnceLock;

use crate::brief::FieldState;
use crate::conversation::{Conversation, Message};
use crate::extraction::{Line, Scene, Sign};
use crate::llm::{Answer, Cited, Record};
use crate::route::Field;
use crate::value::Participant;

use super::cases::{Case, Expectation, Gold};
pub use lies::{Lie, LieKind};
use values::{Told, told};

/// A case laid out for the readers.
pub struct Stage<'a> {
    pub(super) case: &'a Case,
    pub(super) conversation: &'a Conversation,
    scene: Scene<'a>,
    /// Made once: every lie is told beside it.
    perfect: OnceLock<Perfect>,
}

/// What a perfect reader answers.
#[derive(Debug, Clone, Default)]
pub struct Perfect {
    pub answer: Answer,
    /// Keys of fields whose words stand in no message: the record alone has them, or the gold's evidence is wrong.
    pub unplaced: Vec<String>,
}

impl<'a> Stage<'a> {
    pub fn new(case: &'a Case, conversation: &'a Conversation, participants: &'a [Participant]) -> Self {
        Stage {
            case,
            conversation,
            scene: Scene::new(conversation, &case.route, participants),
            perfect: OnceLock::new(),
        }
    }

    /// Every value somebody stated, with its words, and `absent` for what nobody did.
    pub fn perfect(&self) -> &Perfect {
        self.perfect.get_or_init(|| self.make_perfect())
    }

    fn make_perfect(&self) -> Perfect {
        let mut perfect = Perfect::default();
        for (key, gold) in &self.case.expected.fields {
            let Some(at) = self.case.route.fields.iter().position(|field| field.key == *key) else { continue };
            let records = self.records(at, gold);
            if records.is_empty() {
                perfect.unplaced.push(key.clone());
            }
            perfect.answer.records.extend(records);
        }
        perfect
    }

    fn records(&self, at: usize, gold: &Gold) -> Vec<Record> {
        let field = &self.case.route.fields[at];
        let mut records = match &gold.expectation {
            Expectation::Absent => return vec![absent(field)],
            Expectation::Found(accepted) => self.stated(at, accepted, &gold.evidence),
            // Nobody says that something does not apply but a person who is asked.
            Expectation::Other(FieldState::NotApplicable | FieldState::UnknownByDesign, _) => {
                return vec![absent(field)];
            }
            Expectation::Other(_, values) => {
                let status = if values.len() > 1 { "conflicting" } else { "found" };
                let each = values
                    .iter()
                    .filter_map(|value| self.one(at, (std::slice::from_ref(value), status), &gold.evidence));
                each.collect()
            }
        };
        let earlier =
            gold.superseded.iter().filter_map(|value| self.one(at, (std::slice::from_ref(value), "conflicting"), &[]));
        records.extend(earlier);
        records
    }

    /// One record, or one for each item of a list.
    fn stated(&self, at: usize, accepted: &[serde_json::Value], evidence: &[String]) -> Vec<Record> {
        let items: Vec<&serde_json::Value> = match accepted {
            [serde_json::Value::Array(items)] => items.iter().collect(),
            _ => return self.one(at, (accepted, "found"), evidence).into_iter().collect(),
        };
        items.into_iter().filter_map(|item| self.one(at, (std::slice::from_ref(item), "found"), evidence)).collect()
    }

    /// The record of one value: out of the gold's words, else out of words that hold it.
    fn one(&self, at: usize, (accepted, status): (&[serde_json::Value], &str), evidence: &[String]) -> Option<Record> {
        let field = &self.case.route.fields[at];
        let mut cited: Vec<(&Message, &str)> = evidence.iter().filter_map(|quote| self.find(quote)).collect();
        // The words that hold the value come first, whatever order the gold has them in.
        let holder = cited.iter().position(|(message, quote)| self.told(field, accepted, message, quote).raw.is_some());
        if let Some(holder) = holder {
            cited.swap(0, holder);
        }
        if cited.is_empty() {
            let line = self.line_with(at, accepted)?;
            cited.push((&self.conversation.messages[line.message], line.words()));
        }
        let (message, quote) = *cited.first()?;
        let told = self.told(field, accepted, message, quote);
        Some(Record {
            key: field.key.clone(),
            evidence: cited.iter().map(|(message, quote)| cite(message, quote)).collect(),
            raw_value: told.raw.unwrap_or_default(),
            value: told.value,
            status: status.to_owned(),
            note: String::new(),
        })
    }

    fn told(&self, field: &Field, accepted: &[serde_json::Value], message: &Message, quote: &str) -> Told {
        told(field, accepted, quote, &values::context(&self.scene, message))
    }

    /// The line that says the value: one that speaks of the field, else any.
    fn line_with(&self, at: usize, accepted: &[serde_json::Value]) -> Option<&Line<'a>> {
        let field = &self.case.route.fields[at];
        let holds = |line: &&Line| {
            let message = &self.conversation.messages[line.message];
            line.counts && self.told(field, accepted, message, line.words()).raw.is_some()
        };
        let speaks = |line: &&Line| line.hits_of(at).any(|hit| hit.sign == Sign::Cue);
        let own = self.scene.lines.iter().filter(speaks).find(holds);
        own.or_else(|| self.scene.lines.iter().find(holds))
    }

    /// The message that holds a quote, and the quote as it stands there: line breaks may differ.
    fn find<'q>(&self, quote: &'q str) -> Option<(&'a Message, &'q str)>
    where
        'a: 'q,
    {
        let messages = &self.conversation.messages;
        let exact = messages.iter().find(|message| message.text.contains(quote)).map(|message| (message, quote));
        let author = || {
            let named = |message: &&Message| {
                message.author.name.as_deref() == Some(quote) || message.author.address.as_deref() == Some(quote)
            };
            messages.iter().find(named).map(|message| (message, quote))
        };
        exact
            .or_else(|| messages.iter().find_map(|message| Some((message, wrapped(&message.text, quote)?))))
            .or_else(author)
    }
}

/// Where the words of a quote stand in a text whatever white space parts them.
fn wrapped<'t>(text: &'t str, quote: &str) -> Option<&'t str> {
    let first = quote.split_whitespace().next()?;
    memchr::memmem::find_iter(text.as_bytes(), first.as_bytes()).find_map(|start| {
        let mut end = start;
        for word in quote.split_whitespace() {
            let rest = text.get(end..)?;
            let skipped = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '>').len();
            end += skipped;
            end += text.get(end..)?.strip_prefix(word).map(|_| word.len())?;
        }
        text.get(start..end)
    })
}

fn cite(message: &Message, quote: &str) -> Cited {
    Cited { msg: message.id.to_string(), quote: quote.to_owned() }
}

fn absent(field: &Field) -> Record {
    Record { key: field.key.clone(), status: "absent".to_owned(), ..Record::default() }
}
