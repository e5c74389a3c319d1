//! Drafts to the conversation: sides, order, ids, references and repeats, in
//! that order, because ids follow time and repeats follow ids.

use rustc_hash::FxHashMap;

use super::draft::{Collected, DraftMessage};
use super::{duplicates, repeats, sides, timeline};
use crate::conversation::{Conversation, Document, DocumentKind, Message, MessageId, Warning};
use crate::language::count_unseen;

pub(super) fn assemble(mut collected: Collected, our_domains: &[String]) -> Conversation {
    duplicates::drop_repeated(&mut collected);
    sides::tell_sides(&mut collected, our_domains);
    let order = timeline::order(&collected.drafts);
    let mut ids: Vec<Vec<MessageId>> =
        collected.drafts.iter().map(|draft| vec![MessageId(0); draft.messages.len()]).collect();
    for (index, (document, message)) in order.iter().enumerate() {
        ids[*document][*message] = MessageId(index as u32 + 1);
    }
    let mut by_key: FxHashMap<&str, MessageId> = FxHashMap::default();
    for (draft, ids) in collected.drafts.iter().zip(&ids) {
        for (message, id) in draft.messages.iter().zip(ids) {
            if let Some(key) = &message.key {
                by_key.entry(key).or_insert(*id);
            }
        }
    }
    let parents: Vec<Vec<Option<MessageId>>> = collected
        .drafts
        .iter()
        .map(|draft| draft.messages.iter().map(|message| find_parent(message, &by_key)).collect())
        .collect();

    let mut documents = Vec::with_capacity(collected.drafts.len());
    let mut placed: Vec<(Message, Vec<usize>)> = Vec::with_capacity(order.len());
    for (index, draft) in collected.drafts.into_iter().enumerate() {
        let id = format!("d{}", index + 1);
        for (message, (own, parent)) in draft.messages.into_iter().zip(ids[index].iter().zip(&parents[index])) {
            placed.push(place(message, &id, *own, *parent));
        }
        documents.push(Document {
            id,
            source: draft.source,
            kind: draft.kind,
            format: draft.format.to_owned(),
            title: draft.title,
            messages: std::mem::take(&mut ids[index]),
        });
    }
    placed.sort_by_key(|(message, _)| message.id);
    let (mut messages, words_from): (Vec<Message>, Vec<Vec<usize>>) = placed.into_iter().unzip();
    repeats::mark_repeats(&mut messages, &words_from);
    let unseen = unseen_warnings(&documents, &messages);
    collected.warnings.extend(unseen);
    let first = documents.iter().find(|document| document.kind == DocumentKind::Record);
    collected.record_sources.retain(|_, source| first.is_none_or(|first| first.source != *source));
    Conversation {
        documents,
        messages,
        record: collected.record,
        record_sources: collected.record_sources,
        warnings: collected.warnings,
        unread: collected.unread,
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

fn find_parent(message: &DraftMessage, by_key: &FxHashMap<&str, MessageId>) -> Option<MessageId> {
    let own = message.key.as_deref();
    let parents = message.parents.iter().filter(|parent| Some(parent.as_str()) != own);
    parents.filter_map(|parent| by_key.get(parent.as_str())).next().copied()
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
