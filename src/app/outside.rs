//! People who are not of our side: what they have seen of the sources, and the
//! questions that are theirs. Reading the sources again for it is dear, and is
//! done for them alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::is_same;
use super::views::to_inputs;
use super::{App, Refusal};
use crate::answers::Person;
use crate::asking::{self, Request, Seen};
use crate::brief::Brief;
use crate::conversation::MessageId;
use crate::store::{self, Fault, Handoff, LinkRow, Said, Workspace};

/// What somebody from outside may see and answer.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// The messages that they wrote or received.
    pub seen: BTreeSet<MessageId>,
    /// The keys of the questions that they may answer: what is open and asked of them, and what they answered last.
    pub asked: BTreeSet<String>,
    /// The keys of what they were asked once and others settled since.
    pub settled: BTreeSet<String>,
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
        let mut seen = self.seen_by(&link.workspace, row, vec![email.clone()]).await?;
        Ok(Some(Outside { seen: seen.remove(&email).unwrap_or_default(), asked, settled }))
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
        let mut reader = self.store.background_reader().await?;
        let stored = store::find_batches(&mut reader, (workspace, &row.id), row.batches).await?;
        drop(reader);
        let app = self.clone();
        let reading =
            tokio::task::spawn_blocking(move || asking::seen_by(&app.read_sources(to_inputs(stored)), &emails));
        Ok(reading.await.map_err(|error| Fault::Unusable(error.to_string()))?)
    }
}
