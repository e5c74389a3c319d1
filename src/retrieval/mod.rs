//! The index that finds passages by words: what is asked of it, and what it
//! answers. Embedded by default; each kind of index holds to the same rules,
//! which its tests are written for once. No question can be put without the
//! workspace whose passages are meant.

mod embedded;

use crate::handoff::HandoffId;
use crate::passages::{Match, Snippet, Words};
use crate::store::{Fault, PassageFilter, PassageFound, Store, Workspace};

/// Passages looked at for one question: the newest of those that fit.
pub const MOST_CANDIDATES: u32 = 1_000;
/// Of one handoff so many are shown, unless that handoff alone is asked for.
const MOST_OF_ONE: usize = 3;

/// Where passages are found.
#[derive(Debug, Clone)]
pub struct Index {
    kind: IndexKind,
}

#[derive(Debug, Clone)]
enum IndexKind {
    Embedded(Store),
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
        Index { kind: IndexKind::Embedded(store) }
    }

    /// The passages that fit best.
    pub async fn find(&self, wanted: &Wanted<'_>) -> Result<Found, Fault> {
        match &self.kind {
            IndexKind::Embedded(store) => embedded::find(store, wanted).await,
        }
    }

    /// The handoffs that hold all words, in whichever of their passages; those with the newest passages first.
    pub async fn find_handoffs(&self, wanted: &Wanted<'_>) -> Result<Vec<HandoffId>, Fault> {
        match &self.kind {
            IndexKind::Embedded(store) => embedded::find_handoffs(store, wanted).await,
        }
    }
}
