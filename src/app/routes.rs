//! Routes of a workspace: those that come with Baton and those that were
//! published, every version kept, and what a changed one would have blocked.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::changing::people_of;
use super::{App, Problem, Refusal};
use crate::brief::RouteVersion;
use crate::gate;
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::route::{self, Route};
use crate::store::{self, Fault, Filter, Happening, Tx, Workspace};

/// A route that was put.
#[derive(Debug, Clone)]
pub struct Published {
    pub route: Arc<Route>,
    /// The same text was there already.
    pub is_known: bool,
}

/// What a changed route would have done to one handoff.
#[derive(Debug, Clone, PartialEq)]
pub struct DryRun {
    pub handoff: HandoffId,
    pub external_id: Option<String>,
    /// Keys of the fields that would have blocked, and those that blocked as it was.
    pub would_block: Vec<String>,
    pub blocked: Vec<String>,
}

/// A record that was moved in another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub external_id: String,
    pub route: Option<String>,
}

/// Handoffs that one page of a walk holds.
const PAGE: u32 = 100;

impl App {
    /// Gives every workspace the routes that come with Baton, where it has not got them.
    pub(super) async fn publish_everywhere(self: &Arc<Self>) -> Result<(), Fault> {
        let app = self.clone();
        self.store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    for workspace in store::list_workspaces(tx.reading().await?).await? {
                        app.publish_shipped(tx, &workspace).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await
    }

    async fn publish_shipped(&self, tx: &mut Tx<'_>, workspace: &Workspace) -> Result<(), Fault> {
        for (name, text) in route::shipped() {
            let route = load(name, text).map_err(|_| Fault::Damaged(format!("the route {name}")))?;
            store::publish(tx, workspace, (&route.id, route.version, text), self.now()).await?;
        }
        Ok(())
    }

    /// The route a stored handoff came in under.
    pub(super) async fn route_of(&self, workspace: &Workspace, id: &HandoffId) -> Result<Arc<Route>, Refusal> {
        let mut reader = self.store.reader().await?;
        let version = store::find_route_of(&mut reader, workspace, id).await?.ok_or(Refusal::NotFound("handoff"))?;
        drop(reader);
        self.route_version(workspace, &version).await
    }

    pub async fn route_version(&self, workspace: &Workspace, version: &RouteVersion) -> Result<Arc<Route>, Refusal> {
        let key = (workspace.clone(), version.id.clone(), version.version);
        if let Some(route) = self.cache().get(&key) {
            return Ok(route.clone());
        }
        self.find_route(workspace, (&version.id, Some(version.version))).await
    }

    /// One version of a route, or its newest.
    pub async fn find_route(
        &self,
        workspace: &Workspace,
        (id, version): (&str, Option<u32>),
    ) -> Result<Arc<Route>, Refusal> {
        let mut reader = self.store.reader().await?;
        let found = match version {
            Some(_) => store::find_route(&mut reader, workspace, (id, version)).await?,
            // The newest version is asked for by every request that comes in.
            None => match store::newest_version(&mut reader, workspace, id).await? {
                Some(newest) => {
                    let key = (workspace.clone(), id.to_owned(), newest);
                    if let Some(route) = self.cache().get(&key) {
                        return Ok(route.clone());
                    }
                    store::find_route(&mut reader, workspace, (id, Some(newest))).await?
                }
                None => None,
            },
        };
        let Some((version, text)) = found else {
            if version.is_some() {
                return Err(Refusal::NotFound("route"));
            }
            let mut known: Vec<String> =
                store::list_routes(&mut reader, workspace).await?.into_iter().map(|(id, _, _)| id).collect();
            known.dedup();
            return Err(Refusal::UnknownRoute { wanted: id.to_owned(), known });
        };
        let route = load(id, &text).map_err(|_| Fault::Damaged(format!("route {id}, version {version}")))?;
        let route = Arc::new(route);
        self.cache().insert((workspace.clone(), id.to_owned(), version), route.clone());
        Ok(route)
    }

    /// The newest version of every route.
    pub async fn newest_routes(&self, workspace: &Workspace) -> Result<Vec<Arc<Route>>, Refusal> {
        let mut newest: BTreeMap<String, u32> = BTreeMap::new();
        let mut reader = self.store.reader().await?;
        for (id, version, _) in store::list_routes(&mut reader, workspace).await? {
            newest.insert(id, version);
        }
        drop(reader);
        let mut routes = Vec::with_capacity(newest.len());
        for (id, version) in newest {
            routes.push(self.route_version(workspace, &RouteVersion { id, version }).await?);
        }
        Ok(routes)
    }

    /// Every version of a route: its number and when it was published.
    pub async fn versions(&self, workspace: &Workspace, id: &str) -> Result<Vec<(u32, jiff::Timestamp)>, Refusal> {
        let mut reader = self.store.reader().await?;
        let all = store::list_routes(&mut reader, workspace).await?;
        Ok(all.into_iter().filter(|(other, _, _)| other == id).map(|(_, version, at)| (version, at)).collect())
    }

    /// Publishes a version of a route. A version that is there cannot be changed: handoffs were judged by it.
    pub async fn publish(
        self: &Arc<Self>,
        (workspace, actor): (&Workspace, &Actor),
        (id, text): (&str, String),
    ) -> Result<Published, Refusal> {
        let route = load_as(id, &text)?;
        let newest = {
            let mut reader = self.store.reader().await?;
            store::newest_version(&mut reader, workspace, id).await?
        };
        if let Some(newest) = newest.filter(|newest| route.version < *newest) {
            let detail = format!("version {newest} is published; a change is version {} or later", newest + 1);
            return Err(Refusal::invalid("/version", "old_version", detail));
        }
        let is_known = newest == Some(route.version);
        let endpoints = self.check_actions(workspace, &route).await?;
        let (app, workspace, actor) = (self.clone(), workspace.clone(), actor.clone());
        let route = Arc::new(route);
        let given = route.clone();
        self.store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let now = app.now();
                    let named = (given.id.as_str(), given.version, text.as_str());
                    if !store::publish(tx, &workspace, named, now).await? {
                        let detail = format!(
                            "version {} is published with another text; give the changed route the version {}",
                            given.version,
                            given.version + 1
                        );
                        return Err(Refusal::invalid("/version", "version_taken", detail));
                    }
                    super::actions::add_endpoints(tx, &workspace, endpoints, now).await?;
                    if !is_known {
                        let detail = json!({"actor": actor, "route": given.id, "version": given.version});
                        let happening =
                            Happening { kind: EventKind::RoutePublished, handoff: None, version: None, detail };
                        store::append(tx, &workspace, &happening, now).await?;
                    }
                    Ok::<_, Refusal>(())
                })
            })
            .await?;
        Ok(Published { route, is_known })
    }

    /// What a changed route would have blocked among the last `last` handoffs of that route: judged with their readings
    /// and answers as they are, so a field that nobody read for is missing in all of them.
    pub async fn dry_run(
        &self,
        workspace: &Workspace,
        (id, text): (&str, &str),
        last: u32,
    ) -> Result<Vec<DryRun>, Refusal> {
        if store::newest_version(&mut *self.store.reader().await?, workspace, id).await?.is_none() {
            return Err(Refusal::NotFound("route"));
        }
        let changed = load_as(id, text)?;
        let filter = Filter { route: Some(id.to_owned()), ..Filter::default() };
        let mut runs = Vec::new();
        let mut before = None;
        while runs.len() < last as usize {
            let mut reader = self.store.reader().await?;
            let page = store::list_whole(&mut reader, workspace, &filter, (before, PAGE.min(last - runs.len() as u32)))
                .await?;
            for row in &page.handoffs {
                before = Some(row.place);
                let Some(base) = &row.base else { continue };
                let said = store::list_said(&mut reader, (workspace, &row.id)).await?;
                let mut anew = base.clone();
                anew.route = RouteVersion { id: changed.id.clone(), version: changed.version };
                let brief = said.apply(&anew, &changed, &people_of(row), self.now());
                let would_block = match gate::judge(&brief, &changed, self.now()) {
                    Ok(_) => Vec::new(),
                    Err(gaps) => keys(&gaps),
                };
                runs.push(DryRun {
                    handoff: row.id.clone(),
                    external_id: row.external_id.clone(),
                    would_block,
                    blocked: keys(row.gaps()),
                });
            }
            if !page.has_more {
                break;
            }
        }
        Ok(runs)
    }

    /// Which of the records that were moved elsewhere never passed the gate.
    pub async fn reconcile(&self, workspace: &Workspace, moved: Vec<Moved>) -> Result<Vec<(Moved, bool)>, Refusal> {
        let mut reader = self.store.reader().await?;
        let mut checked = Vec::with_capacity(moved.len());
        for record in moved {
            let passed =
                store::has_pass(&mut reader, workspace, (&record.external_id, record.route.as_deref())).await?;
            checked.push((record, passed));
        }
        Ok(checked)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, std::collections::HashMap<(Workspace, String, u32), Arc<Route>>> {
        let mut cache = self.routes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if cache.len() > 10_000 {
            cache.clear();
        }
        cache
    }
}

fn keys(gaps: &[crate::brief::Gap]) -> Vec<String> {
    let named = |gap: &crate::brief::Gap| gap.field.clone().or_else(|| gap.source.clone()).unwrap_or_default();
    gaps.iter().filter(|gap| gap.blocking).map(named).collect()
}

/// The route of that id.
fn load_as(id: &str, text: &str) -> Result<Route, Refusal> {
    let route = load(id, text)?;
    if route.id == id {
        return Ok(route);
    }
    Err(Refusal::invalid("/id", "other_id", format!("the file says `{}`, the address says `{id}`", route.id)))
}

fn load(name: &str, text: &str) -> Result<Route, Refusal> {
    route::load(name, text).map_err(|mistakes| {
        Refusal::Invalid(mistakes.iter().map(|mistake| Problem::new("", "route", mistake.to_string())).collect())
    })
}
