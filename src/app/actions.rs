//! Actions as their owners look after them: what became of each, one tried
//! again, all of them rendered without anything leaving, one sent as a test to
//! whoever tries it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::acting::{Prepared, Put, find_or_add_endpoint, post, put_down};
use super::{App, News, Refusal, is_for_trying, random_id};
use crate::acting::{Example, Occasion, Ready, in_slack, prepare};
use crate::asking::{self, Person, Purpose};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::route::{Action, Route, Way};
use crate::store::{
    self, ActionRow, ActionState, EndpointState, Fault, Handoff, Happening, NewLetter, Tx, Waiting, Workspace,
};

/// An action of a route as it would leave.
#[derive(Debug, Clone)]
pub struct Preview {
    pub name: String,
    pub kind: &'static str,
    pub what: Ready,
}

/// What a test sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestSent {
    pub kind: &'static str,
    /// Id of the delivery, of a webhook's.
    pub delivery: Option<String>,
    /// Id of the message to a person.
    pub message: Option<String>,
}

impl App {
    /// What a handoff's transfers set off, those of the last one first.
    pub async fn actions(&self, workspace: &Workspace, handoff: &HandoffId) -> Result<Vec<ActionRow>, Refusal> {
        self.glance(workspace, handoff).await?;
        let mut reader = self.store.reader().await?;
        Ok(store::list_actions(&mut reader, (workspace, handoff)).await?)
    }

    /// Has an action of the last transfer that failed tried again: the same message where there is one, else one made
    /// of the handoff as it stands now.
    pub async fn retry_action(
        self: &Arc<Self>,
        (workspace, actor): (&Workspace, &Actor),
        handoff: &HandoffId,
        name: &str,
    ) -> Result<ActionRow, Refusal> {
        self.glance(workspace, handoff).await?;
        let route = self.route_of(workspace, handoff).await?;
        let (app, now) = (self.clone(), self.now());
        let (owner, actor, name) = ((workspace.clone(), handoff.clone()), actor.clone(), name.to_owned());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move { app.try_again(tx, (&owner.0, &owner.1, &route), (&actor, &name), now).await })
        });
        let row = done.await?;
        self.tell(workspace, handoff, News::Changed(EventKind::ActionRetried));
        self.look_for_post();
        Ok(row)
    }

    async fn try_again(
        &self,
        tx: &mut Tx<'_>,
        (workspace, handoff, route): (&Workspace, &HandoffId, &Route),
        (actor, name): (&Actor, &str),
        now: Timestamp,
    ) -> Result<ActionRow, Refusal> {
        let owner = (workspace, handoff);
        let failed = find_action(tx, owner, name).await?;
        if failed.state != ActionState::Failed {
            return Err(Refusal::ActionNotFailed { state: failed.state.name() });
        }
        let detail = json!({"actor": actor, "what": {"action": name, "kind": failed.kind}});
        let kind = EventKind::ActionRetried;
        let happening = Happening { kind, handoff: Some(handoff), version: None, detail };
        let event = store::append(tx, workspace, &happening, now).await?;
        let message = match send_again(tx, workspace, &failed, now).await? {
            Some(message) => message,
            None => {
                let row =
                    store::find(tx.reading().await?, workspace, handoff).await?.ok_or(Refusal::NotFound("handoff"))?;
                let prepared = self.prepare_again((workspace, &row, route), &failed, now)?;
                match put_down(tx, (workspace, &row), (&prepared, event), now).await? {
                    Put::Message(message) => message,
                    Put::Impossible(problem) => return Err(Refusal::ActionImpossible { problem }),
                }
            }
        };
        store::reopen_action(tx, owner, (failed.version, name), &message).await?;
        // Whoever was told of the failure need not look after it for now.
        store::watch(tx, owner).await?;
        find_action(tx, owner, name).await
    }

    /// The action anew, from the handoff as it stands.
    fn prepare_again(
        &self,
        (workspace, row, route): (&Workspace, &Handoff, &Route),
        failed: &ActionRow,
        now: Timestamp,
    ) -> Result<Prepared, Refusal> {
        let pass = row.pass.clone().unwrap_or_default();
        let all = self.prepare_all((workspace, row, route), (&pass, failed.version + 1), now)?;
        all.into_iter().find(|one| one.name == failed.name).ok_or(Refusal::NotFound("action"))
    }

    /// All actions of the newest version of a route, for a handoff of it or for an example. Nothing leaves, and no
    /// personal link is in them.
    pub async fn preview_actions(
        &self,
        workspace: &Workspace,
        route: &str,
        handoff: Option<&HandoffId>,
    ) -> Result<Vec<Preview>, Refusal> {
        let route = self.find_route(workspace, (route, None)).await?;
        let Some(handoff) = handoff else {
            let example = Example::of(&route);
            return Ok(previews(&route, &self.example_occasion(&route, &example, is_for_trying(workspace))));
        };
        let row = self.find(workspace, handoff).await?;
        if row.route.id != route.id {
            let detail = format!("the handoff is one of the route {}", row.route.id);
            return Err(Refusal::invalid("/handoff", "other_route", detail));
        }
        if row.brief.is_none() {
            return Err(Refusal::Reading);
        }
        let pass = row.pass.clone().unwrap_or_else(|| format!("pass_{}", "0".repeat(32)));
        let all = self.prepare_all((workspace, &row, &route), (&pass, row.version), self.now())?;
        Ok(all.into_iter().map(|one| Preview { name: one.name, kind: one.kind, what: one.what }).collect())
    }

    fn example_occasion<'a>(&self, route: &'a Route, example: &'a Example, is_test: bool) -> Occasion<'a> {
        Occasion {
            handoff: &example.handoff,
            external_id: Some(example.external_id),
            name: example.name,
            version: 5,
            route,
            matter: &example.matter,
            fields: &example.fields,
            pass: &example.pass,
            at: self.now(),
            is_forced: false,
            debts: &[],
            is_test,
            needed_by: None,
        }
    }

    /// Sends the example of one action, marked as a test: a webhook to its address, a message to `to` and never to
    /// whoever the route names.
    pub async fn test_action(
        self: &Arc<Self>,
        (workspace, actor): (&Workspace, &Actor),
        (route, name): (&str, &str),
        to: Option<&str>,
    ) -> Result<TestSent, Refusal> {
        let route = self.find_route(workspace, (route, None)).await?;
        let action = route.on_transfer.iter().find(|action| action.name == name).ok_or(Refusal::NotFound("action"))?;
        let to = check_to(&action.way, to)?;
        let example = Example::of(&route);
        let what = prepare(action, &self.example_occasion(&route, &example, true), to);
        let prepared = self.prepare_one(workspace, action, what, &route.id)?;
        let detail = json!({"actor": actor, "what": {"route": route.id, "action": name, "kind": prepared.kind}});
        let (workspace, now) = (workspace.clone(), self.now());
        let done = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let kind = EventKind::ActionTested;
                let happening = Happening { kind, handoff: None, version: None, detail };
                let event = store::append(tx, &workspace, &happening, now).await?;
                put_test_down(tx, &workspace, (prepared, example.handoff, event), now).await
            })
        });
        let sent = done.await?;
        self.look_for_post();
        Ok(sent)
    }
}

fn previews(route: &Route, occasion: &Occasion) -> Vec<Preview> {
    let preview = |action: &Action| Preview {
        name: action.name.clone(),
        kind: action.way.name(),
        what: prepare(action, occasion, None),
    };
    route.on_transfer.iter().map(preview).collect()
}

/// The action of that name that the last transfer set off.
async fn find_action(tx: &mut Tx<'_>, owner: (&Workspace, &HandoffId), name: &str) -> Result<ActionRow, Refusal> {
    let all = store::list_actions(tx.reading().await?, owner).await?;
    let newest = all.iter().map(|action| action.version).max();
    let found = all.into_iter().find(|action| action.name == name && Some(action.version) == newest);
    found.ok_or(Refusal::NotFound("action"))
}

/// The same message once more; none when there is none that could go again.
async fn send_again(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    failed: &ActionRow,
    now: Timestamp,
) -> Result<Option<String>, Refusal> {
    let Some(message) = failed.message.clone() else { return Ok(None) };
    if store::send_letter_again(tx, workspace, &message, now).await? {
        return Ok(Some(message));
    }
    let Some(delivery) = store::find_delivery(tx.reading().await?, workspace, &message).await? else { return Ok(None) };
    let endpoint = store::find_endpoint(tx.reading().await?, workspace, &delivery.endpoint).await?;
    match endpoint.map(|endpoint| endpoint.state) {
        // It was taken away: the route may name the address anew.
        None => Ok(None),
        Some(EndpointState::Enabled) => {
            store::send_again(tx, workspace, &message, now).await?;
            Ok(Some(message))
        }
        Some(_) => Err(Refusal::NotEnabled),
    }
}

async fn put_test_down(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (prepared, nobody, event): (Prepared, HandoffId, i64),
    now: Timestamp,
) -> Result<TestSent, Refusal> {
    let kind = prepared.kind;
    match prepared.what {
        Ready::Nobody { problem } => Err(Refusal::ActionImpossible { problem }),
        Ready::Post { body, .. } => {
            let new = prepared.endpoint.ok_or(Refusal::NotFound("endpoint"))?;
            let endpoint = find_or_add_endpoint(tx, workspace, new, now).await?;
            if endpoint.state != EndpointState::Enabled {
                return Err(Refusal::NotEnabled);
            }
            // Sent once, and no word about the endpoint follows from how it ends.
            let kind_of_message = EventKind::EndpointTested;
            let message =
                Waiting { id: random_id("msg_"), kind: kind_of_message, handoff: None, payload: body, created_at: now };
            let delivery = post(tx, workspace, (event, &message, &endpoint.id), now).await?;
            Ok(TestSent { kind, delivery: Some(delivery), message: None })
        }
        Ready::Message { person, words } => {
            let letter = NewLetter {
                id: random_id("ltr_"),
                request: None,
                purpose: Purpose::Test,
                person: Some(person),
                words: *words,
                asks: None,
                next_at: now,
            };
            store::add_letter(tx, (workspace, &nobody), &letter, now).await?;
            Ok(TestSent { kind, delivery: None, message: Some(letter.id) })
        }
    }
}

/// Whoever tries a message out gets it themselves.
fn check_to(way: &Way, to: Option<&str>) -> Result<Option<Person>, Refusal> {
    let missing = |detail: &str| Err(Refusal::invalid("/to", "needed", detail));
    match (way, to) {
        (Way::Webhook { .. }, None) => Ok(None),
        (Way::Webhook { .. }, Some(_)) => {
            Err(Refusal::invalid("/to", "not_allowed", "a webhook is tried at its own address; leave this out"))
        }
        (Way::Email { .. }, None) => missing("name the address that gets the test"),
        (Way::Email { .. }, Some(to)) if asking::is_address(to) => {
            Ok(Some(Person { role: "address".to_owned(), email: Some(to.to_owned()), ..Person::default() }))
        }
        (Way::Email { .. }, Some(_)) => Err(Refusal::invalid("/to", "invalid", "write one address")),
        (Way::Slack { .. }, None) => missing("name the id in Slack, of a person or a channel, that gets the test"),
        (Way::Slack { .. }, Some(to)) if asking::is_slack_id(to) => Ok(Some(in_slack("member", to))),
        (Way::Slack { .. }, Some(_)) => {
            Err(Refusal::invalid("/to", "invalid", "write an id of Slack's, such as U024BE7LH"))
        }
    }
}

impl App {
    /// Publishing a route looks at the addresses that its actions write to, and gives each its endpoint, so that its
    /// secret can be had before the first transfer.
    pub(super) async fn check_actions(
        &self,
        workspace: &Workspace,
        route: &Route,
    ) -> Result<Vec<store::NewEndpoint>, Refusal> {
        let mut endpoints = Vec::new();
        for (place, action) in route.on_transfer.iter().enumerate() {
            let Way::Webhook { url, .. } = &action.way else { continue };
            self.check_address(&format!("/on_transfer/{place}/webhook/url"), url).await?;
            endpoints.push(self.new_action_endpoint(workspace, (&route.id, &action.name), url)?);
        }
        Ok(endpoints)
    }
}

/// Gives the actions of a route their endpoints, where they have none.
pub(super) async fn add_endpoints(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    endpoints: Vec<store::NewEndpoint>,
    now: Timestamp,
) -> Result<(), Fault> {
    for new in endpoints {
        find_or_add_endpoint(tx, workspace, new, now).await?;
    }
    Ok(())
}
