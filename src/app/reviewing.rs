//! What the page of a handoff shows: the brief, what people said of it, who is
//! asked, and what happened; and its sources, which are read again for a page
//! that shows them and for nothing else.

use std::sync::Arc;

use super::views::to_inputs;
use super::{App, Audience, Refusal};
use crate::answers::Answer;
use crate::asking::{self, Request};
use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::handoff::HandoffId;
use crate::route::Route;
use crate::store::{self, Entry, Handoff, Workspace};

/// Entries of the log that are read at a time.
const EVENTS_AT_A_TIME: i64 = 1_000;

/// A handoff with all that belongs to it.
#[derive(Debug)]
pub struct Review {
    pub row: Handoff,
    pub route: Arc<Route>,
    /// None while nothing was read yet.
    pub brief: Option<Brief>,
    /// What came in after the work had moved, where it says otherwise.
    pub latest: Option<Brief>,
    /// Who is asked about each gap, in their order.
    pub asked: Vec<asking::Person>,
    pub requests: Vec<Request>,
    /// What people answered, oldest first.
    pub answers: Vec<Answer>,
    /// What happened, oldest first.
    pub events: Vec<Entry>,
}

impl App {
    /// A handoff as its page shows it.
    pub async fn review(&self, workspace: &Workspace, id: &HandoffId) -> Result<Review, Refusal> {
        let (row, brief) = match self.brief(workspace, id, Audience::HandedOver).await {
            Ok((row, brief)) => (row, Some(brief)),
            Err(Refusal::Reading) => (self.find(workspace, id).await?, None),
            Err(refusal) => return Err(refusal),
        };
        let route = self.route_version(workspace, &row.route).await?;
        let latest = match row.changed.is_empty() {
            true => None,
            false => Some(self.brief(workspace, id, Audience::Latest).await?.1),
        };
        let whose = (&row.matter, self.settings.our_domains.as_slice());
        let gaps = brief.iter().flat_map(|brief| brief.gaps.iter().map(move |gap| (gap, brief)));
        let asked = gaps.map(|(gap, brief)| asking::asked(gap, brief, whose).1).collect();
        let mut reader = self.store.reader().await?;
        let requests = store::list_requests(&mut reader, (workspace, id)).await?;
        let answers = store::list_said(&mut reader, (workspace, id)).await?.answers;
        let mut events: Vec<Entry> = Vec::new();
        loop {
            let after = events.last().map_or(0, |entry| entry.place);
            let more = store::list_events(&mut reader, (workspace, Some(id)), (after, EVENTS_AT_A_TIME)).await?;
            let is_all = more.len() < EVENTS_AT_A_TIME as usize;
            events.extend(more);
            if is_all {
                break;
            }
        }
        drop(reader);
        Ok(Review { row, route, brief, latest, asked, requests, answers, events })
    }

    /// The sources of a handoff, read again from what was stored: work for a thread that may take its time.
    pub async fn sources_of(self: &Arc<Self>, workspace: &Workspace, row: &Handoff) -> Result<Conversation, Refusal> {
        let mut reader = self.store.background_reader().await?;
        let stored = store::find_batches(&mut reader, (workspace, &row.id), row.batches).await?;
        drop(reader);
        Ok(self.read_apart(to_inputs(stored)).await?.0)
    }
}
