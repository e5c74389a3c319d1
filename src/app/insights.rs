//! Figures for whoever looks after handoffs: facts of the store, worked out
//! beside the threads that answer callers.

use std::collections::HashMap;

use jiff::Timestamp;

use super::App;
use crate::insights::{By, Range, Report, report};
use crate::route;
use crate::store::{self, Fault, Row, Store, Workspace};

/// Handoffs that one report is made of at most.
pub const MOST_HANDOFFS: u32 = 200_000;

/// Which figures are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub range: Range,
    pub route: Option<String>,
    pub by: Option<By>,
}

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum NoReport {
    #[error("there is no route `{0}`")]
    UnknownRoute(String),
    #[error("more than {MOST_HANDOFFS} handoffs were received in these days: name fewer days, or a route")]
    TooMany,
    #[error(transparent)]
    Store(#[from] Fault),
}

impl App {
    pub async fn insights(&self, workspace: &Workspace, wanted: Wanted) -> Result<Report, NoReport> {
        insights(&self.store, workspace, wanted, self.now()).await
    }

    /// Whether figures can be cut to this route, beside what else may be wrong.
    pub async fn knows_route(&self, workspace: &Workspace, route: Option<&str>) -> Result<Result<(), NoReport>, Fault> {
        known(&mut *self.store.background_reader().await?, workspace, route).await
    }
}

/// Whether figures can be cut to this route.
async fn known(
    reader: &mut sqlx::SqliteConnection,
    workspace: &Workspace,
    route: Option<&str>,
) -> Result<Result<(), NoReport>, Fault> {
    let Some(route) = route else { return Ok(Ok(())) };
    let newest = store::newest_version(reader, workspace, route).await?;
    Ok(newest.map(drop).ok_or_else(|| NoReport::UnknownRoute(route.to_owned())))
}

/// The figures of a workspace at `now`.
pub async fn insights(
    store: &Store,
    workspace: &Workspace,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Report, NoReport> {
    let mut reader = store.background_reader().await?;
    known(&mut reader, workspace, wanted.route.as_deref()).await??;
    let asked =
        store::Asked { received: wanted.range.milliseconds(), route: wanted.route.clone(), limit: MOST_HANDOFFS + 1 };
    let mut rows = store::read_facts(&mut reader, workspace, &asked).await?;
    if rows.len() > MOST_HANDOFFS as usize {
        return Err(NoReport::TooMany);
    }
    name_teams(&mut reader, workspace, &mut rows).await?;
    drop(reader);
    let work = move || {
        let facts: Vec<_> = rows.into_iter().map(|row| row.fact).collect();
        report(&facts, wanted.range, (wanted.route.as_deref(), wanted.by), now)
    };
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Fault::Unavailable(error.to_string()))?)
}

/// A handoff that names no sending team comes from its route's.
async fn name_teams(reader: &mut sqlx::SqliteConnection, workspace: &Workspace, rows: &mut [Row]) -> Result<(), Fault> {
    let mut teams: HashMap<(String, u32), Option<String>> = HashMap::new();
    for row in rows.iter_mut().filter(|row| row.fact.team.is_none()) {
        let key = (row.version.id.clone(), row.version.version);
        if !teams.contains_key(&key) {
            let found = store::find_route(reader, workspace, (&key.0, Some(key.1))).await?;
            let route = found.and_then(|(_, text)| route::load(&key.0, &text).ok());
            let team = route.map(|route| route.from_team).filter(|team| !team.is_empty());
            teams.insert(key.clone(), team);
        }
        row.fact.team = teams.get(&key).cloned().flatten();
    }
    Ok(())
}
