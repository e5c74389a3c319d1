//! What a transfer sets off, carried out: put down in the write that moves the
//! work, so that neither is there without the other, and sent by the two roads
//! that there are. A webhook is a delivery, mail and Slack are letters; how
//! their messages end is how the actions end.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::changing::{Desk, tell_outside};
use super::endpoints::secret_of;
use super::{App, Refusal, is_for_trying, random_id};
use crate::acting::{Occasion, Ready, prepare};
use crate::asking::{self, About, Person, Purpose, Request, needed_by};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::route::{Action, Route};
use crate::store::{
    self, EndedMessage, EndpointKind, EndpointState, Fault, Handoff, Happening, NewAction, NewEndpoint, NewLetter, Tx,
    Waiting, Workspace,
};

/// An action of a route with all that is needed to put it down.
pub(super) struct Prepared {
    pub name: String,
    pub kind: &'static str,
    pub is_to_receiver: bool,
    pub what: Ready,
    /// Of a webhook: the endpoint it gets when it has none yet.
    pub endpoint: Option<NewEndpoint>,
    /// By the clock. A transfer's own time is later where people spoke before the clock was set back.
    pub due_at: Timestamp,
}

/// What becomes of an action's message when it is put down.
pub(super) enum Put {
    Message(String),
    Impossible(String),
}

/// The name under which the endpoint of an action is kept.
pub(super) fn endpoint_name(route: &str, action: &str) -> String {
    format!("{route}/{action}")
}

impl App {
    /// All actions of a transfer that the gate has just let through.
    pub(super) fn prepare_actions(&self, desk: &Desk, workspace: &Workspace) -> Result<Vec<Prepared>, Refusal> {
        let Some(pass) = &desk.row.pass else { return Ok(Vec::new()) };
        self.prepare_all((workspace, &desk.row, &desk.route), (pass, desk.row.version + 1), desk.now)
    }

    /// All actions of a route for one handoff, as it stands with this pass and version.
    pub(super) fn prepare_all(
        &self,
        (workspace, row, route): (&Workspace, &Handoff, &Route),
        (pass, version): (&str, i64),
        now: Timestamp,
    ) -> Result<Vec<Prepared>, Refusal> {
        let Some(brief) = row.brief.as_ref().filter(|_| !route.on_transfer.is_empty()) else { return Ok(Vec::new()) };
        let name = super::asking::name_of(row);
        let occasion = Occasion {
            handoff: &row.id,
            external_id: row.external_id.as_deref(),
            name: &name,
            version,
            route,
            matter: &row.matter,
            fields: &brief.fields,
            pass,
            at: now,
            is_forced: row.reason.as_deref() == Some("break_glass"),
            debts: &row.debts,
            is_test: is_for_trying(workspace),
            needed_by: self.to_be_taken_by(route.limits.accept, now),
        };
        let prepared =
            |action: &Action| self.prepare_one(workspace, action, prepare(action, &occasion, None), &route.id);
        route.on_transfer.iter().map(prepared).collect()
    }

    pub(super) fn prepare_one(
        &self,
        workspace: &Workspace,
        action: &Action,
        what: Ready,
        route: &str,
    ) -> Result<Prepared, Refusal> {
        let endpoint = match &what {
            Ready::Post { url, .. } => Some(self.new_action_endpoint(workspace, (route, &action.name), url)?),
            _ => None,
        };
        Ok(Prepared {
            name: action.name.clone(),
            kind: action.way.name(),
            is_to_receiver: action.way.is_to_receiver(),
            what,
            endpoint,
            due_at: self.now(),
        })
    }

    pub(super) fn new_action_endpoint(
        &self,
        workspace: &Workspace,
        (route, action): (&str, &str),
        url: &str,
    ) -> Result<NewEndpoint, Refusal> {
        let new = self.new_endpoint(workspace, (EndpointKind::Action, url.to_owned()), &secret_of(None)?)?;
        let description = Some(format!("The action `{action}` of the route {route}"));
        Ok(NewEndpoint { action: Some(endpoint_name(route, action)), description, ..new })
    }

    fn to_be_taken_by(&self, limit: Option<SignedDuration>, now: Timestamp) -> Option<String> {
        Some(needed_by(&self.rules(), limit?, now))
    }
}

/// Puts down what a transfer sets off. `row` is as it is stored now; it was cleared at the version before.
pub(super) async fn begin(
    tx: &mut Tx<'_>,
    (workspace, row): (&Workspace, &Handoff),
    actions: Vec<Prepared>,
    now: Timestamp,
) -> Result<(), Fault> {
    for (place, action) in (1..).zip(actions) {
        let owner = (workspace, &row.id);
        let what = json!({"action": action.name, "kind": action.kind});
        let event = note(tx, owner, (EventKind::ActionBegun, what), now).await?;
        let put = put_down(tx, (workspace, row), (&action, event), now).await?;
        let (message, problem) = match &put {
            Put::Message(id) => (Some(id.as_str()), None),
            Put::Impossible(problem) => (None, Some(problem.as_str())),
        };
        let version = row.version - 1;
        let new = NewAction { version, place, name: &action.name, kind: action.kind, message, problem };
        store::add_action(tx, owner, &new, now).await?;
        if let Some(problem) = problem {
            tell_failed(tx, owner, (&action.name, action.kind, problem), now).await?;
        }
        fail::fail_point!("action.after_row");
    }
    Ok(())
}

/// Writes the message of an action; `event` tells of it in the log.
pub(super) async fn put_down(
    tx: &mut Tx<'_>,
    (workspace, row): (&Workspace, &Handoff),
    (action, event): (&Prepared, i64),
    now: Timestamp,
) -> Result<Put, Fault> {
    match &action.what {
        Ready::Nobody { problem } => Ok(Put::Impossible(problem.clone())),
        Ready::Post { body, .. } => {
            let Some(new) = action.endpoint.clone() else { return Ok(Put::Impossible("no endpoint".to_owned())) };
            let endpoint = find_or_add_endpoint(tx, workspace, new, now).await?;
            if endpoint.state == EndpointState::Disabled {
                let why = endpoint.reason.unwrap_or_default();
                return Ok(Put::Impossible(format!("the endpoint {} is disabled: {why}", endpoint.id)));
            }
            let message = Waiting {
                id: random_id("msg_"),
                kind: EventKind::ActionBegun,
                handoff: Some(row.id.clone()),
                payload: body.clone(),
                created_at: now,
            };
            post(tx, workspace, (event, &message, &endpoint.id), action.due_at).await.map(Put::Message)
        }
        Ready::Message { person, words } => {
            let request = match action.is_to_receiver {
                true => Some(ask_to_accept(tx, (workspace, &row.id), person, now).await?),
                false => None,
            };
            let letter = NewLetter {
                id: random_id("ltr_"),
                request,
                purpose: Purpose::Action,
                person: Some(person.clone()),
                words: (**words).clone(),
                asks: None,
                next_at: action.due_at,
            };
            super::links::add_letter(tx, (workspace, &row.id), &letter, now).await?;
            Ok(Put::Message(letter.id))
        }
    }
}

/// One message for one endpoint alone; the id of its delivery.
pub(super) async fn post(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (event, message, endpoint): (i64, &Waiting, &str),
    now: Timestamp,
) -> Result<String, Fault> {
    store::add_to_outbox(tx, workspace, (event, message)).await?;
    store::mark_passed_on(tx, workspace, &[&message.id], now).await?;
    let delivery = random_id("dlv_");
    store::add_delivery(tx, workspace, (&delivery, endpoint, &message.id), now).await?;
    Ok(delivery)
}

pub(super) async fn find_or_add_endpoint(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    new: NewEndpoint,
    now: Timestamp,
) -> Result<store::Endpoint, Fault> {
    let action = new.action.clone().unwrap_or_default();
    match store::find_action_endpoint(tx.reading().await?, workspace, (&action, &new.url)).await? {
        Some(endpoint) => Ok(endpoint),
        None => store::insert_endpoint(tx, workspace, (new, None), now).await,
    }
}

/// The request that the receiver take it, which a message to the receiver is the first message of: nobody is told the
/// same twice, and whoever does not answer is reminded.
async fn ask_to_accept(
    tx: &mut Tx<'_>,
    owner: (&Workspace, &HandoffId),
    person: &Person,
    now: Timestamp,
) -> Result<String, Fault> {
    let open = store::list_requests(tx.reading().await?, owner).await?.into_iter().find(|request| {
        request.about == About::Accept && request.state.is_open() && request.person.key() == person.key()
    });
    if let Some(request) = open {
        return Ok(request.id);
    }
    let request = Request::new((random_id("req_"), About::Accept), person.clone(), Vec::new(), (now, now));
    store::save_request(tx, owner, &request).await?;
    let what = json!({"request": request.id, "about": request.about, "person": request.person, "questions": []});
    note(tx, owner, (EventKind::RequestMade, what), now).await?;
    Ok(request.id)
}

/// The end of a letter that is an action's.
pub(super) async fn follow_letter(
    tx: &mut Tx<'_>,
    letter: &store::Letter,
    problem: Option<&str>,
    now: Timestamp,
) -> Result<(), Fault> {
    let is_done = problem.is_none();
    let ended = EndedMessage { message: letter.id.clone(), is_done, problem: problem.map(str::to_owned) };
    follow(tx, &letter.workspace, &ended, now).await
}

/// The ends of deliveries to an endpoint that are actions'.
pub(super) async fn follow_deliveries(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    endpoint: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    for ended in store::list_ended_deliveries(tx.reading().await?, (workspace, endpoint)).await? {
        follow(tx, workspace, &ended, now).await?;
    }
    Ok(())
}

async fn follow(tx: &mut Tx<'_>, workspace: &Workspace, ended: &EndedMessage, now: Timestamp) -> Result<(), Fault> {
    let Some(action) = store::end_action(tx, workspace, ended, now).await? else { return Ok(()) };
    fail::fail_point!("action.after_end");
    let owner = (workspace, &action.handoff);
    if ended.is_done {
        let what = json!({"action": action.name, "kind": action.kind, "message": ended.message});
        note(tx, owner, (EventKind::ActionDone, what), now).await?;
        // Whoever was told that it failed need not look any more.
        return store::watch(tx, owner).await;
    }
    let problem = ended.problem.as_deref().unwrap_or("it was given up");
    tell_failed(tx, owner, (&action.name, &action.kind, problem), now).await
}

/// The entry in the log, the message to the outside, and a reason to look whom to tell.
async fn tell_failed(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (name, kind, problem): (&str, &str, &str),
    now: Timestamp,
) -> Result<(), Fault> {
    let told = EventKind::ActionFailed;
    let what = json!({"action": name, "kind": kind, "problem": problem});
    let event = note(tx, (workspace, handoff), (told, what), now).await?;
    let data = json!({"id": handoff, "action": name, "kind": kind, "problem": problem});
    tell_outside(tx, workspace, (event, told, Some(handoff), data), now).await?;
    store::watch(tx, (workspace, handoff)).await
}

/// An entry in the log; its place.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    (kind, what): (EventKind, Json),
    now: Timestamp,
) -> Result<i64, Fault> {
    let detail = json!({"actor": Actor::Baton, "what": what});
    // The handoff itself stays as it is.
    store::append(tx, workspace, &Happening { kind, handoff: Some(handoff), version: None, detail }, now).await
}

/// What of the last transfer was not done, for whoever looks after it.
pub(super) fn undone(actions: &[store::ActionRow]) -> Vec<asking::Undone> {
    let newest = actions.iter().map(|action| action.version).max();
    let failed = actions.iter().filter(|one| Some(one.version) == newest && one.state == store::ActionState::Failed);
    failed
        .map(|action| asking::Undone {
            name: action.name.clone(),
            kind: action.kind.clone(),
            problem: action.problem.clone().unwrap_or_else(|| "it was given up".to_owned()),
        })
        .collect()
}
