//! People who are not of our side: what they have seen of the sources, and the
//! questions that are theirs. Reading the sources again for it is dear, and is
//! done for them alone.

use std::collections::BTreeSet;

use super::views::to_input;
use super::{App, Refusal};
use crate::asking::{self, Request, Seen};
use crate::brief::Brief;
use crate::conversation::MessageId;
use crate::intake;
use crate::store::{self, Fault, Handoff, LinkRow, Workspace};

/// What somebody from outside may see and answer.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// The messages that they wrote or received.
    pub seen: BTreeSet<MessageId>,
    /// The keys of all questions that they are or were asked.
    pub asked: BTreeSet<String>,
}

impl App {
    /// What the person of a link may see; none where they are of our side and may see everything.
    pub async fn outside_of(
        &self,
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
        let open = open.filter_map(asking::key_of);
        let before = requests.iter().filter(|request| is_theirs(&request.person)).flat_map(|one| &one.questions);
        let asked = open.chain(before.map(|question| question.key.clone())).collect();
        let email = person.email.as_deref().unwrap_or_default().to_lowercase();
        let mut seen = self.seen_by(&link.workspace, row, vec![email.clone()]).await?;
        Ok(Some(Outside { seen: seen.remove(&email).unwrap_or_default(), asked }))
    }

    /// The messages that these addresses wrote or received.
    pub(super) async fn seen_by(
        &self,
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
        let (our_domains, limits) = (self.settings.our_domains.clone(), self.settings.limits);
        let reading = tokio::task::spawn_blocking(move || {
            let batches = stored.into_iter().map(|batch| batch.sources.into_iter().map(to_input).collect()).collect();
            let conversation = intake::read_batches(batches, &intake::Options { our_domains: &our_domains, limits });
            asking::seen_by(&conversation, &emails)
        });
        Ok(reading.await.map_err(|error| Fault::Unusable(error.to_string()))?)
    }
}
