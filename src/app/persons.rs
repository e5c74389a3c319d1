//! What is kept about one person: every place that names their address or one
//! of their names, and every message they wrote. Everything is read for it, and
//! who asked is written down; whom they asked about is not.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::erasing::Asker;
use super::naming::PersonWanted;
use super::views::to_inputs;
use super::{App, Refusal};
use crate::conversation::{Author, Conversation};
use crate::handoff::{EventKind, HandoffId};
use crate::intake;
use crate::store::{self, Fault, Filter, Handoff, Happening, Held, Workspace};

/// Handoffs read at a time.
const PAGE: u32 = 25;

/// What is kept about a person, by the handoff that holds it.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
#[schemars(rename = "PersonExport")]
pub struct Found {
    pub handoffs: Vec<HandoffId>,
    /// What callers said besides their sources: title, owners, known values.
    pub matters: Vec<MatterFound>,
    /// Sources as they came in that name the person, also where only a header does.
    pub sources: Vec<SourceFound>,
    pub messages: Vec<MessageFound>,
    /// Parts of briefs: `fields.KEY`, `gaps.N`, `summary.people.N`, …; with `reading.` before it for the machine's own reading where
    /// that differs.
    pub brief: Vec<PartFound>,
    pub answers: Vec<AnswerFound>,
    pub events: Vec<EventFound>,
    /// Everything else that names the person: what they were asked, messages to them, their links with sessions and codes,
    /// messages to the outside, kept answers, holds; and, of no handoff, settings and their log.
    pub records: Vec<RecordFound>,
}

/// A row of the database that names a person, or belongs to a link of theirs.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordFound {
    /// None for settings such as keys, routes and endpoints, which do not go when a handoff is erased.
    pub handoff: Option<HandoffId>,
    /// `requests`, `letters`, `links`, `sessions`, `codes`, `slips`, `outbox`, …: the table.
    pub kind: String,
    /// What of the row is about the person or tells what it is; of messages that hold others too, no more than when.
    pub content: Json,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatterFound {
    pub handoff: HandoffId,
    pub external_id: Option<String>,
    pub content: Json,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SourceFound {
    pub handoff: HandoffId,
    pub name: String,
    /// Which of the handoff's batches of context, from 1.
    pub batch: u32,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MessageFound {
    pub handoff: HandoffId,
    /// `m1`, …
    pub id: String,
    pub source: String,
    pub author: Author,
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub at: Option<Timestamp>,
    pub subject: Option<String>,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PartFound {
    pub handoff: HandoffId,
    pub part: String,
    pub content: Json,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AnswerFound {
    pub handoff: HandoffId,
    /// From 1, in the order in which people spoke.
    pub id: i64,
    /// `answer`, `dismissal` or `return`.
    pub kind: String,
    pub content: Json,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EventFound {
    pub handoff: HandoffId,
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: EventKind,
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    pub content: Json,
}

impl Found {
    /// Whether each of these handoffs, and at least one, holds the person: whoever erases a person names the handoffs,
    /// since other people's words stand in them too. Else what is wrong.
    pub fn holds_all(&self, named: &[HandoffId]) -> Result<(), &'static str> {
        if named.is_empty() {
            return Err("these handoffs hold the person; name in `handoffs` those that are to be erased");
        }
        match named.iter().all(|id| self.handoffs.contains(id)) {
            true => Ok(()),
            false => Err("not every handoff that is named holds the person; these do"),
        }
    }
}

impl App {
    /// The handoffs that hold a person, with what they hold; the log tells that somebody looked.
    pub async fn find_person(self: &Arc<Self>, asker: Asker, wanted: PersonWanted) -> Result<Found, Refusal> {
        self.look_for(asker, wanted, EventKind::PersonSearched).await
    }

    /// The same to be given to the person.
    pub async fn export_person(self: &Arc<Self>, asker: Asker, wanted: PersonWanted) -> Result<Found, Refusal> {
        self.look_for(asker, wanted, EventKind::PersonExported).await
    }

    async fn look_for(self: &Arc<Self>, asker: Asker, wanted: PersonWanted, kind: EventKind) -> Result<Found, Refusal> {
        let mut found = Found::default();
        let wanted = Arc::new(wanted);
        let mut before = None;
        loop {
            let mut reader = self.store.background_reader().await?;
            let page = store::list_whole(&mut reader, &asker.workspace, &Filter::default(), (before, PAGE)).await?;
            drop(reader);
            for row in &page.handoffs {
                before = Some(row.place);
                self.look_into(&asker.workspace, row, &wanted, &mut found).await?;
            }
            if !page.has_more {
                break;
            }
        }
        let mut reader = self.store.background_reader().await?;
        found.records.extend(records((None, &wanted), store::list_held(&mut reader, (&asker.workspace, None)).await?));
        drop(reader);
        let (count, now) = (found.handoffs.len(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let detail = json!({"actor": asker.actor, "handoffs": count});
                let happening = Happening { kind, handoff: None, version: None, detail };
                store::append(tx, &asker.workspace, &happening, now).await?;
                Ok::<_, Fault>(())
            })
        });
        write.await?;
        Ok(found)
    }

    async fn look_into(
        self: &Arc<Self>,
        workspace: &Workspace,
        row: &Handoff,
        wanted: &Arc<PersonWanted>,
        found: &mut Found,
    ) -> Result<(), Refusal> {
        let owner = (workspace, &row.id);
        let mut reader = self.store.background_reader().await?;
        let batches = store::find_batches(&mut reader, owner, row.batches).await?;
        let answers = store::list_bodies(&mut reader, owner).await?;
        let held = store::list_held(&mut reader, (workspace, Some(&row.id))).await?;
        let mut events = Vec::new();
        let mut after = 0;
        loop {
            let part = store::list_events(&mut reader, (workspace, Some(&row.id)), (after, 500)).await?;
            let Some(last) = part.last() else { break };
            after = last.place;
            events.extend(part);
        }
        drop(reader);
        let mut own = Found { records: records((Some(&row.id), wanted), held), ..Found::default() };
        let handoff = || row.id.clone();
        let matter = serde_json::to_value(&row.matter).map_err(Fault::from)?;
        if wanted.is_named_within(&matter) || row.external_id.as_ref().is_some_and(|id| wanted.is_named_in(id)) {
            let external_id = row.external_id.clone();
            own.matters.push(MatterFound { handoff: handoff(), external_id, content: matter });
        }
        for (batch, source) in batches.iter().flat_map(|batch| batch.sources.iter().map(move |source| (batch, source)))
        {
            let is_named = intake::text_of(&source.bytes).is_some_and(|text| wanted.is_named_in(&text));
            if is_named || wanted.is_named_in(&source.name) {
                own.sources.push(SourceFound { handoff: handoff(), name: source.name.clone(), batch: batch.number });
            }
        }
        let (app, person) = (self.clone(), wanted.clone());
        let reading = tokio::task::spawn_blocking(move || {
            let conversation = app.read_sources(to_inputs(batches));
            let wrote = wrote(&conversation, &person);
            (messages(&conversation, &person), wrote)
        });
        let (messages, wrote) = reading.await.map_err(|error| Fault::Unusable(error.to_string()))?;
        own.messages.extend(messages.into_iter().map(|message| MessageFound { handoff: handoff(), ..message }));
        own.brief = parts(row, wanted, &wrote)?;
        for (id, kind, content) in answers {
            if wanted.is_named_within(&content) {
                own.answers.push(AnswerFound { handoff: handoff(), id, kind, content });
            }
        }
        for event in events {
            let content = event.detail.unwrap_or_default();
            if wanted.is_named_within(&content) {
                own.events.push(EventFound {
                    handoff: handoff(),
                    id: event.place,
                    kind: event.kind,
                    at: event.at,
                    content,
                });
            }
        }
        found.take(row.id.clone(), own);
        Ok(())
    }
}

impl Found {
    /// What one handoff holds, if it holds anything.
    fn take(&mut self, handoff: HandoffId, own: Found) {
        let lengths = [own.matters.len(), own.sources.len(), own.messages.len(), own.brief.len()];
        if lengths.iter().sum::<usize>() + own.answers.len() + own.events.len() + own.records.len() == 0 {
            return;
        }
        self.handoffs.push(handoff);
        self.matters.extend(own.matters);
        self.sources.extend(own.sources);
        self.messages.extend(own.messages);
        self.brief.extend(own.brief);
        self.answers.extend(own.answers);
        self.events.extend(own.events);
        self.records.extend(own.records);
    }
}

/// The rows that name the person.
fn records((handoff, wanted): (Option<&HandoffId>, &PersonWanted), held: Vec<Held>) -> Vec<RecordFound> {
    let is_theirs = |held: &Held| held.words.iter().any(|words| wanted.is_named_within(words));
    let found = held.into_iter().filter(is_theirs);
    found
        .map(|held| RecordFound { handoff: handoff.cloned(), kind: held.table.to_owned(), content: held.content })
        .collect()
}

/// Ids of the messages that the person wrote.
fn wrote(conversation: &Conversation, wanted: &PersonWanted) -> BTreeSet<String> {
    let written = conversation.messages.iter().filter(|message| wanted.wrote(message));
    written.map(|message| message.id.to_string()).collect()
}

fn messages(conversation: &Conversation, wanted: &PersonWanted) -> Vec<MessageFound> {
    let of_person = conversation.messages.iter().filter(|message| wanted.wrote_or_is_named(message));
    of_person
        .map(|message| MessageFound {
            handoff: HandoffId(String::new()),
            id: message.id.to_string(),
            source: conversation.document(&message.document).map(|one| one.source.clone()).unwrap_or_default(),
            author: message.author.clone(),
            at: message.at,
            subject: message.subject.clone(),
            text: message.text.clone(),
        })
        .collect()
}

/// Parts of the brief in force that name the person or quote them, and those of the machine's reading that differ.
fn parts(row: &Handoff, wanted: &PersonWanted, wrote: &BTreeSet<String>) -> Result<Vec<PartFound>, Fault> {
    let mut all: Vec<(String, Json)> = Vec::new();
    for (prefix, brief) in [("", &row.brief), ("reading.", &row.base)] {
        let Some(brief) = brief else { continue };
        let brief = serde_json::to_value(brief)?;
        for (part, content) in split(&brief) {
            let is_new = !all.iter().any(|(other, same)| *other == part && *same == content);
            let is_quoted = quotes(&content, wrote);
            if is_new && (is_quoted || wanted.is_named_within(&content)) {
                all.push((format!("{prefix}{part}"), content));
            }
        }
    }
    Ok(all.into_iter().map(|(part, content)| PartFound { handoff: row.id.clone(), part, content }).collect())
}

fn split(brief: &Json) -> Vec<(String, Json)> {
    let fields = brief.get("fields").and_then(Json::as_object).into_iter().flatten();
    let gaps = brief.get("gaps").and_then(Json::as_array).into_iter().flatten().enumerate();
    let summary = brief.get("summary").and_then(Json::as_object).into_iter().flatten().flat_map(|(key, part)| {
        // One statement, one person at a time: the next one is about somebody else.
        let items = part.as_array().map(|items| items.iter().enumerate());
        let each =
            items.into_iter().flatten().map(move |(number, item)| (format!("summary.{key}.{number}"), item.clone()));
        let whole = part.is_object().then(|| (format!("summary.{key}"), part.clone()));
        each.chain(whole)
    });
    fields
        .map(|(key, field)| (format!("fields.{key}"), field.clone()))
        .chain(gaps.map(|(number, gap)| (format!("gaps.{number}"), gap.clone())))
        .chain(summary)
        .collect()
}

/// Whether a part stands on one of these messages.
fn quotes(content: &Json, messages: &BTreeSet<String>) -> bool {
    let mut open = vec![content];
    while let Some(value) = open.pop() {
        match value {
            Json::Array(items) => open.extend(items),
            Json::Object(object) => {
                let message = object.get("message").and_then(Json::as_str);
                if message.is_some_and(|message| messages.contains(message)) {
                    return true;
                }
                open.extend(object.values());
            }
            _ => {}
        }
    }
    false
}
