//! A Qdrant server that holds a copy of the index. It is asked first, within a
//! deadline; what it answers are places to look at, and nothing is shown that
//! the database does not confirm. Whatever is wrong with it has a name here, so
//! that a search can go on without it and say so.

mod carrying;
mod walls;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use qdrant_client::qdrant::value::Kind;
use qdrant_client::{Qdrant as Client, QdrantError};
use secrecy::ExposeSecret;

use self::walls::Walled;
use super::Wanted;
use crate::config::SearchSettings;
use crate::passages::Tokens;
use crate::store::{Fault, Mirror, Workspace};

pub use carrying::NotCarried;

/// A copy of the index at a server.
pub struct Qdrant {
    client: Client,
    settings: SearchSettings,
    mirror: Mirror,
    tokens: Tokens,
    /// The collection was seen to be there and to be made as it should be.
    is_open: AtomicBool,
    /// Why it was not, the last time it was tried.
    shut: Mutex<Why>,
    /// Whether this is the owner of the data folder, who makes the collection; others only ask.
    is_owner: bool,
    /// Whoever writes there holds this, so that nothing is put in after it was taken out.
    writing: tokio::sync::Mutex<()>,
}

/// Why the server was of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Down,
    Slow,
    /// More than a little is still to be put into it.
    Behind,
    /// It does not hold what it was given.
    Stale,
    /// It takes nothing more.
    Full,
    /// The collection is not there, or was not looked at yet.
    Missing,
    /// It does not understand us, or does not let us in.
    Refused,
}

impl Why {
    pub const ALL: [Why; 7] = [Why::Down, Why::Slow, Why::Behind, Why::Stale, Why::Full, Why::Missing, Why::Refused];

    pub fn name(self) -> &'static str {
        match self {
            Why::Down => "down",
            Why::Slow => "slow",
            Why::Behind => "behind",
            Why::Stale => "stale",
            Why::Full => "full",
            Why::Missing => "missing",
            Why::Refused => "refused",
        }
    }

    /// By the codes of gRPC.
    fn of(error: &QdrantError) -> Why {
        let status = match error {
            QdrantError::ResponseError { status } => status,
            QdrantError::ResourceExhaustedError { .. } => return Why::Full,
            QdrantError::Io(_) => return Why::Down,
            _ => return Why::Refused,
        };
        let is_full =
            ["no space", "disk", "exhausted"].iter().any(|word| status.message().to_lowercase().contains(word));
        match i32::from(status.code()) {
            1 | 4 => Why::Slow,
            5 => Why::Missing,
            8 => Why::Full,
            13 if is_full => Why::Full,
            2 | 13 | 14 => Why::Down,
            _ => Why::Refused,
        }
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::fmt::Debug for Qdrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Qdrant").field("mirror", &self.mirror).finish_non_exhaustive()
    }
}

impl Qdrant {
    /// Reaches for nothing yet; `None` when no server is set up.
    pub(super) fn new(settings: &SearchSettings, (mirror, is_owner): (Mirror, bool)) -> Result<Option<Qdrant>, Fault> {
        let Some(url) = &settings.qdrant_url else { return Ok(None) };
        let longest = Duration::from_secs(settings.qdrant_write_seconds);
        let mut builder = Client::from_url(url).timeout(longest).connect_timeout(longest).skip_compatibility_check();
        if let Some(key) = &settings.qdrant_key {
            builder.set_api_key(key.expose_secret());
        }
        let client = builder.build().map_err(|error| Fault::Unusable(format!("search.qdrant_url: {error}")))?;
        Ok(Some(Qdrant {
            client,
            settings: settings.clone(),
            tokens: Tokens::new(&mirror.secret),
            mirror,
            is_open: AtomicBool::new(false),
            shut: Mutex::new(Why::Missing),
            is_owner,
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Places of passages that share something with the words, the likeliest first.
    pub(super) async fn find_places(&self, wanted: &Wanted<'_>, most: u32) -> Result<Vec<i64>, Why> {
        // What is only half made answers half.
        if self.is_owner && !self.is_open.load(Ordering::Relaxed) {
            return Err(*self.shut.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let question =
            self.walled(wanted.workspace()).query((wanted.words(), &self.tokens), &wanted.filter, u64::from(most));
        let deadline = Duration::from_millis(self.settings.qdrant_deadline_milliseconds);
        let answer = tokio::time::timeout(deadline, self.client.query(question)).await.map_err(|_| Why::Slow)?;
        let answer = answer.map_err(|error| self.note(&error))?;
        let place = |point: qdrant_client::qdrant::ScoredPoint| match point.payload.get(walls::PLACE)?.kind {
            Some(Kind::IntegerValue(place)) => Some(place),
            _ => None,
        };
        Ok(answer.result.into_iter().filter_map(place).collect())
    }

    fn walled(&self, workspace: &Workspace) -> Walled {
        Walled::within(&self.settings.qdrant_collection, &self.mirror, workspace)
    }

    /// A collection that is gone is to be made again before the next write.
    fn note(&self, error: &QdrantError) -> Why {
        let why = Why::of(error);
        if why == Why::Missing {
            self.is_open.store(false, Ordering::Relaxed);
            *self.shut.lock().unwrap_or_else(PoisonError::into_inner) = why;
        }
        why
    }
}
