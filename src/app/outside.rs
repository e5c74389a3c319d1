//! People who are not of our side: what they have seen of the sources, and the
//! questions that are theirs. Reading the sources again for it is dear, and is
//! done for them alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::is_same;
use super::{App, Refusal};
use crate::answers::Person;
use crate::asking::{self, Request, Seen};
use crate::brief::Brief;
use crate::conversation::{Conversation, MessageId, Side};
use crate::store::{self, Handoff, LinkRow, Said, Workspace};

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
            false => asking::seen_by(&sources, std::slice::from_ref(&email)).remove(&email).unwrap_or_default(),
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
        let sources = self.sources_of(workspace, row).await?;
        Ok(asking::seen_by(&sources, &emails))
    }
}
