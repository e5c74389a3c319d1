//! What is kept for how long, for whoever looks: by route, what will go next
//! and when, what may not go, and what was erased.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::members::Visitor;
use super::{App, Refusal};
use crate::route::Retention;
use crate::store::{self, Erasure, HeldHandoff, Oldest};

/// What goes within this time is told.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Handoffs on hold, and erasures, that are shown.
const MOST_SHOWN: u32 = 50;

/// What a workspace keeps.
#[derive(Debug, Clone)]
pub struct Kept {
    pub routes: Vec<RouteKept>,
    pub held: Vec<HeldHandoff>,
    /// The newest first.
    pub erasures: Vec<Erasure>,
}

/// What is kept of one route, by its newest version.
#[derive(Debug, Clone)]
pub struct RouteKept {
    pub id: String,
    pub title: String,
    pub retention: Retention,
    /// Handoffs with raw context, and handoffs; those on hold are left out.
    pub contexts: Going,
    pub handoffs: Going,
}

/// What of something goes by age.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Going {
    pub all: u64,
    /// When the oldest goes; none where nothing is there or no age is set.
    pub next: Option<Timestamp>,
    /// How many go within a week from now.
    pub soon: u64,
}

impl App {
    /// What the visitor's workspace keeps, and what goes of it.
    pub async fn kept(self: &Arc<Self>, visitor: &Visitor) -> Result<Kept, Refusal> {
        let (workspace, now) = (&visitor.member.workspace, self.now());
        let mut routes = Vec::new();
        for route in self.newest_routes(workspace).await? {
            let soon = |age: Option<SignedDuration>| age.and_then(|age| (now + SOON).checked_sub(age).ok());
            let retention = route.retention.clone();
            let mut reader = self.store.reader().await?;
            let owner = (workspace, route.id.as_str());
            let contexts = store::oldest_context(&mut reader, owner, soon(retention.sources)).await?;
            let handoffs = store::oldest_handoff(&mut reader, owner, soon(retention.briefs)).await?;
            routes.push(RouteKept {
                id: route.id.clone(),
                title: route.title.clone(),
                contexts: going(contexts, retention.sources),
                handoffs: going(handoffs, retention.briefs),
                retention,
            });
        }
        let mut reader = self.store.reader().await?;
        let held = store::list_on_hold(&mut reader, workspace, MOST_SHOWN).await?;
        let erasures = store::list_erasures(&mut reader, workspace, MOST_SHOWN).await?;
        Ok(Kept { routes, held, erasures })
    }
}

fn going(oldest: Oldest, age: Option<SignedDuration>) -> Going {
    let next = oldest.at.zip(age).and_then(|(at, age)| at.checked_add(age).ok());
    Going { all: oldest.all, next, soon: if age.is_some() { oldest.before } else { 0 } }
}
