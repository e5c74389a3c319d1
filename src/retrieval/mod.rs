//! The index that finds passages by words: what is asked of it, and what it
//! answers. Embedded by default; each kind of index holds to the same rules,
//! which its tests are written for once. No question can be put without the
//! workspace whose passages are meant. An outer index is a copy: while it is of
//! no use, the embedded one answers.

mod embedded;
mod finding;
mod qdrant;

use std::sync::Arc;

use jiff::Timestamp;

use crate::config::SearchSettings;
use crate::handoff::HandoffId;
use crate::passages::{Match, Snippet, Words};
use crate::store::{self, Fault, Mirror, PassageFilter, PassageFound, Store, Workspace};

pub use qdrant::{NotCarried, Qdrant, Why};

/// Passages looked at for one question: the newest of those that fit.
pub const MOST_CANDIDATES: u32 = 1_000;
/// Of one handoff so many are shown, unless that handoff alone is asked for.
const MOST_OF_ONE: usize = 3;

/// Where passages are found.
#[derive(Debug, Clone)]
pub struct Index {
    store: Store,
    kind: IndexKind,
}

#[derive(Debug, Clone)]
enum IndexKind {
    Embedded,
    /// The embedded one beside it is always there.
    Qdrant(Arc<Qdrant>),
}

/// A question.
#[derive(Debug, Clone)]
pub struct Wanted<'w> {
    workspace: &'w Workspace,
    words: &'w Words,
    pub filter: PassageFilter,
    pub from: From,
    pub limit: usize,
}

/// Where a page begins: after so many, among the passages that were there when the first page was asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct From {
    pub up_to: Option<i64>,
    pub skip: usize,
}

/// A page of what was found, the best first.
#[derive(Debug, Clone)]
pub struct Found {
    pub hits: Vec<Hit>,
    pub next: Option<From>,
    /// All words, or where no passage holds all of them, any.
    pub how: Match,
    /// There were more that fit than were looked at.
    pub is_cut: bool,
    /// Why the outer index was done without.
    pub degraded: Option<Why>,
}

#[derive(Debug, Clone)]
pub struct Hit {
    pub found: PassageFound,
    pub snippet: Snippet,
}

impl<'w> Wanted<'w> {
    pub fn within(workspace: &'w Workspace, words: &'w Words, limit: usize) -> Wanted<'w> {
        Wanted { workspace, words, filter: PassageFilter::default(), from: From::default(), limit }
    }

    pub fn workspace(&self) -> &'w Workspace {
        self.workspace
    }

    pub fn words(&self) -> &'w Words {
        self.words
    }
}

impl Index {
    /// The index beside the rows.
    pub fn embedded(store: Store) -> Index {
        Index { store, kind: IndexKind::Embedded }
    }

    /// The index that is set up, for the owner of the data folder: an outer one is to be filled from now on. `fresh` is
    /// the name and the secret it gets when there was none before.
    pub async fn take_up(
        store: &Store,
        settings: &SearchSettings,
        fresh: (String, String),
        now: Timestamp,
    ) -> Result<Index, Fault> {
        let known = store::find_mirror(&mut *store.reader().await?).await?;
        let Some(address) = settings.qdrant_address() else {
            if let Some(mirror) = known {
                tracing::warn!(
                    address = mirror.address,
                    "a copy of the index lies there and no Qdrant server is set up"
                );
            }
            return Ok(Index::embedded(store.clone()));
        };
        if let Some(mirror) = known.filter(|mirror| mirror.address != address) {
            tracing::warn!(
                before = mirror.address,
                now = address,
                "the copy of the index moves; the old one is left as it is"
            );
        }
        let wanted = Mirror { owner: fresh.0, secret: fresh.1, address };
        let begun =
            store.writer().write(move |tx| Box::pin(async move { store::begin_mirror(tx, &wanted, now).await }));
        Index::with(store, settings, (begun.await?, true))
    }

    /// The same for whoever only asks, beside the owner or without one.
    pub async fn beside(store: &Store, settings: &SearchSettings) -> Result<Index, Fault> {
        let known = store::find_mirror(&mut *store.reader().await?).await?;
        match known.filter(|mirror| Some(&mirror.address) == settings.qdrant_address().as_ref()) {
            Some(mirror) => Index::with(store, settings, (mirror, false)),
            None => Ok(Index::embedded(store.clone())),
        }
    }

    fn with(store: &Store, settings: &SearchSettings, mirror: (Mirror, bool)) -> Result<Index, Fault> {
        let kind = match Qdrant::new(settings, mirror)? {
            Some(qdrant) => IndexKind::Qdrant(Arc::new(qdrant)),
            None => IndexKind::Embedded,
        };
        Ok(Index { store: store.clone(), kind })
    }

    /// The outer index, when there is one.
    pub fn outside(&self) -> Option<&Arc<Qdrant>> {
        match &self.kind {
            IndexKind::Embedded => None,
            IndexKind::Qdrant(qdrant) => Some(qdrant),
        }
    }

    /// The passages that fit best.
    pub async fn find(&self, wanted: &Wanted<'_>) -> Result<Found, Fault> {
        let why = match &self.kind {
            IndexKind::Embedded => None,
            IndexKind::Qdrant(qdrant) => match finding::find_outside(&self.store, qdrant, wanted).await? {
                Ok(found) => return Ok(found),
                Err(why) => Some(why),
            },
        };
        let candidates = embedded::candidates(&self.store, wanted).await?;
        Ok(Found { degraded: why, ..finding::page(candidates, wanted).await? })
    }

    /// The handoffs that hold all words, in whichever of their passages; those with the newest passages first. A list is
    /// narrowed by the rows it is made of, so this is always asked of the index beside them.
    pub async fn find_handoffs(&self, wanted: &Wanted<'_>) -> Result<Vec<HandoffId>, Fault> {
        embedded::find_handoffs(&self.store, wanted).await
    }
}
