//! Drafts to messages: order, ids, references and repeats, in that order,
//! because ids follow time and repeats follow ids. Batch by batch, so that a
//! later one changes no id and no reference of an earlier one.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::draft::{Draft, DraftMessage};
use super::{own, repeats, timeline};
use crate::conversation::{Document, DocumentKind, Envelope, Message, MessageId, Warning};
use crate::language::count_unseen;

/// The ids given so far.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    /// By document and place in it, as the parents are.
    ids: Vec<Vec<MessageId>>,
    parents: Vec<Vec<Option<MessageId>>>,
    by_key: FxHashMap<String, MessageId>,
    count: u32,
}

/// What stands in the conversation.
pub(super) struct Placed {
    pub documents: Vec<Document>,
    pub messages: Vec<Message>,
    pub envelopes: BTreeMap<MessageId, Envelope>,
    /// What is told of characters that no screen shows.
    pub unseen: Vec<Warning>,
}

impl Assembly {
    pub(super) fn next_id(&self) -> MessageId {
        MessageId(self.count + 1)
    }

    /// The id of the message at a place: its document's number and its own there.
    pub(super) fn id(&self, (document, message): (usize, usize)) -> Option<MessageId> {
        self.ids.get(document)?.get(message).copied()
    }

    /// Gives ids to the messages of the documents from `from` on, and finds what they answer. What an earlier batch
    /// answers was told when it came.
    pub(super) fn place(&mut self, drafts: &[Draft], from: usize) {
        let fresh = drafts.get(from..).unwrap_or_default();
        self.ids.extend(fresh.iter().map(|draft| vec![MessageId(0); draft.messages.len()]));
        for (document, message) in timeline::order(fresh) {
            self.count += 1;
            self.ids[from + document][message] = MessageId(self.count);
        }
        for (draft, ids) in fresh.iter().zip(&self.ids[from..]) {
            for (message, id) in draft.messages.iter().zip(ids) {
                if let Some(key) = &message.key {
                    self.by_key.entry(key.clone()).or_insert(*id);
                }
            }
        }
        let parents = |draft: &Draft| draft.messages.iter().map(|message| find_parent(message, &self.by_key)).collect();
        self.parents.extend(fresh.iter().map(parents));
    }

    /// The messages of all batches in the order of their ids, under their documents.
    pub(super) fn into_messages(mut self, drafts: Vec<Draft>) -> Placed {
        let mut documents = Vec::with_capacity(drafts.len());
        let mut placed: Vec<(Message, Vec<usize>)> = Vec::with_capacity(self.count as usize);
        let mut envelopes = BTreeMap::new();
        for (index, draft) in drafts.into_iter().enumerate() {
            let id = format!("d{}", index + 1);
            let ids = self.ids[index].iter().zip(&self.parents[index]);
            let is_mail = draft.kind == DocumentKind::Email;
            for (mut message, (own, parent)) in draft.messages.into_iter().zip(ids) {
                if is_mail {
                    envelopes.insert(*own, envelope_of(&mut message));
                }
                placed.push(place(message, &id, *own, *parent));
            }
            documents.push(Document {
                id,
                source: draft.source,
                kind: draft.kind,
                format: draft.format.to_owned(),
                title: draft.title,
                messages: std::mem::take(&mut self.ids[index]),
            });
        }
        placed.sort_by_key(|(message, _)| message.id);
        let (mut messages, words_from): (Vec<Message>, Vec<Vec<usize>>) = placed.into_iter().unzip();
        repeats::mark_repeats(&mut messages, &words_from);
        own::mark_own(&mut messages, &envelopes);
        let unseen = unseen_warnings(&documents, &messages);
        Placed { documents, messages, envelopes, unseen }
    }
}

/// Characters that no screen shows stay where they are, and a person is told of them.
fn unseen_warnings(documents: &[Document], messages: &[Message]) -> Vec<Warning> {
    let by_id: FxHashMap<&str, &Document> = documents.iter().map(|document| (document.id.as_str(), document)).collect();
    let tell = |message: &Message| {
        let count = count_unseen(&message.text);
        let document = by_id.get(message.document.as_str()).filter(|_| count > 0)?;
        Some(Warning {
            source: document.source.clone(),
            place: message.id.to_string(),
            message: format!("it holds {count} characters that no screen shows; a machine may read words in them"),
        })
    };
    messages.iter().filter_map(tell).collect()
}

fn envelope_of(message: &mut DraftMessage) -> Envelope {
    Envelope {
        to: std::mem::take(&mut message.thread.addressed),
        id: message.key.take(),
        answers: std::mem::take(&mut message.parents),
        is_enclosed: message.thread.is_enclosed,
        is_automatic: message.thread.is_automatic,
    }
}

fn find_parent(message: &DraftMessage, by_key: &FxHashMap<String, MessageId>) -> Option<MessageId> {
    let own = message.key.as_deref();
    let parents = message.parents.iter().filter(|parent| Some(parent.as_str()) != own);
    parents.filter_map(|parent| by_key.get(parent)).next().copied()
}

fn place(draft: DraftMessage, document: &str, id: MessageId, reply_to: Option<MessageId>) -> (Message, Vec<usize>) {
    let (segments, words_from) = draft.pieces.into_iter().map(|piece| (piece.segment, piece.words_from)).unzip();
    let message = Message {
        id,
        document: document.to_owned(),
        author: draft.author,
        at: draft.at,
        zone: draft.zone,
        subject: draft.subject,
        reply_to,
        text: draft.text,
        segments,
    };
    (message, words_from)
}
