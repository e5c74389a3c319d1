//! People who are not of our side: what they have seen of the sources, and the
//! questions that are theirs. Reading the sources for it is dear: it is done for
//! them alone, and for those who plan messages once as long as nothing more comes in.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::links::is_same;
use super::{App, Refusal};
use crate::answers::Person;
use crate::asking::{self, Addressed, Request, Seen};
use crate::brief::Brief;
use crate::conversation::{Conversation, MessageId, Side};
use crate::handoff::HandoffId;
use crate::store::{self, Handoff, LinkRow, Said, Workspace};

/// Handoffs of which it is remembered who wrote what, and how much of one at most.
const MOST_REMEMBERED: usize = 64;
const MOST_REMEMBERED_OF_ONE: usize = 20_000;

/// What somebody from outside may see and answer.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// The messages that they wrote or received.
    pub seen: BTreeSet<MessageId>,
    /// These messages, and nothing else of the sources.
    pub sources: Conversation,
    /// The keys of the questions that they may answer: what is open and asked of them, and what they answered last.
    pub asked: BTreeSet<String>,
    /// The keys of what they were asked once and others settled since.
    pub settled: BTreeSet<String>,
}

/// These messages alone, without the record, without what was not read, and without the sides people were given.
fn only(sources: Conversation, seen: &BTreeSet<MessageId>) -> Conversation {
    let mut messages: Vec<_> = sources.messages.into_iter().filter(|message| seen.contains(&message.id)).collect();
    for message in &mut messages {
        message.author.side = Side::Unknown;
        message.reply_to = message.reply_to.filter(|parent| seen.contains(parent));
    }
    let mut documents = sources.documents;
    for document in &mut documents {
        document.messages.retain(|id| seen.contains(id));
        document.title = None;
    }
    documents.retain(|document| !document.messages.is_empty());
    Conversation { documents, messages, ..Conversation::default() }
}

/// Who said last what a question asks for; nobody where the sources told it.
fn last_said<'a>(said: &'a Said, key: &str) -> Option<&'a Person> {
    let answers = said.answers.iter().filter(|answer| answer.field == key).map(|answer| (answer.at, &answer.by));
    let dismissals = said.dismissals.iter().filter(|one| asking::source_of(&one.source) == key);
    answers.chain(dismissals.map(|one| (one.at, &one.by))).max_by_key(|(at, _)| *at).map(|(_, by)| by)
}

impl App {
    /// What the person of a link may see; none where they are of our side and may see everything.
    pub async fn outside_of(
        self: &Arc<Self>,
        link: &LinkRow,
        (row, brief): (&Handoff, &Brief),
        requests: &[Request],
    ) -> Result<Option<Outside>, Refusal> {
        let person = &link.person;
        let whose = (&row.matter, self.settings.our_domains.as_slice());
        if !asking::is_outside((&person.name, person.email.as_deref()), Some(brief), whose) {
            return Ok(None);
        }
        let is_theirs = |asked: &asking::Person| asked.is(&person.name, person.email.as_deref());
        let open = brief.gaps.iter().filter(|gap| is_theirs(&asking::asked(gap, brief, whose).1));
        let mut asked: BTreeSet<String> = open.filter_map(asking::key_of).collect();
        let said = {
            let mut reader = self.store.background_reader().await?;
            store::list_said(&mut reader, (&link.workspace, &row.id)).await?
        };
        let mut settled = BTreeSet::new();
        for request in requests.iter().filter(|request| is_theirs(&request.person)) {
            for question in &request.questions {
                let is_gap = brief.gaps.iter().any(|gap| asking::key_of(gap).as_ref() == Some(&question.key));
                let may_answer = match is_gap {
                    true => request.state.is_open(),
                    false => last_said(&said, &question.key).is_some_and(|by| is_same(by, person)),
                };
                if may_answer {
                    asked.insert(question.key.clone());
                } else {
                    settled.insert(question.key.clone());
                }
            }
        }
        settled.retain(|key| !asked.contains(key));
        let email = person.email.as_deref().unwrap_or_default().to_lowercase();
        let sources = self.sources_of(&link.workspace, row).await?;
        let seen = match email.is_empty() {
            true => BTreeSet::new(),
            false => Addressed::of(&sources).seen_by(std::slice::from_ref(&email)).remove(&email).unwrap_or_default(),
        };
        Ok(Some(Outside { sources: only(sources, &seen), seen, asked, settled }))
    }

    /// The sources that the person of a link may see: all of them on our side, else the messages that they wrote or
    /// received.
    pub async fn sources_for(
        self: &Arc<Self>,
        link: &LinkRow,
        row: &Handoff,
        outside: Option<&Outside>,
    ) -> Result<Conversation, Refusal> {
        match outside {
            Some(outside) => Ok(outside.sources.clone()),
            None => self.sources_of(&link.workspace, row).await,
        }
    }

    /// The messages that these addresses wrote or received.
    pub(super) async fn seen_by(
        self: &Arc<Self>,
        workspace: &Workspace,
        row: &Handoff,
        emails: Vec<String>,
    ) -> Result<Seen, Refusal> {
        if emails.is_empty() {
            return Ok(Seen::new());
        }
        let key = (workspace.clone(), row.id.clone(), row.batches);
        if let Some(known) = self.addressed.get(&key) {
            return Ok(known.seen_by(&emails));
        }
        let known = Arc::new(Addressed::of(&self.sources_of(workspace, row).await?));
        // Raw context that went by age is not to be read, nor remembered.
        if row.context_gone_at.is_none() {
            self.addressed.keep(key, known.clone());
        }
        Ok(known.seen_by(&emails))
    }
}

/// Of which handoff, as of which batch of its context.
type Key = (Workspace, HandoffId, u32);

/// Who wrote or received what in the handoffs that were looked at last: reading all sources for it is dear, and they do
/// not change. Bounded; it holds addresses and no words.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<VecDeque<(Key, Arc<Addressed>)>>);

impl Remembered {
    fn get(&self, key: &Key) -> Option<Arc<Addressed>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = all.iter().position(|(other, _)| other == key)?;
        let found = all.remove(place)?;
        let known = found.1.clone();
        all.push_back(found);
        Some(known)
    }

    fn keep(&self, key: Key, known: Arc<Addressed>) {
        if known.count() > MOST_REMEMBERED_OF_ONE {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What was known before more came in is of no use any more.
        all.retain(|((workspace, handoff, _), _)| (workspace, handoff) != (&key.0, &key.1));
        all.push_back((key, known));
        while all.len() > MOST_REMEMBERED {
            all.pop_front();
        }
    }

    /// Nothing is remembered of what is gone.
    pub(super) fn forget(&self, workspace: &Workspace, handoff: &HandoffId) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(key, _)| (&key.0, &key.1) != (workspace, handoff));
    }
}
