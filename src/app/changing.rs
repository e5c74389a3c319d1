//! One change of a stored handoff, whatever it is: the same request again gets
//! the same answer, a stale one is refused, and the row, its entry in the log,
//! its message to the outside and the answer kept for repeats are one write.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::acting::{Prepared, begin};
use super::erasing::living;
use super::passes::Given;
use super::{App, News, Pass, Refusal, Token, random_id};
use crate::asking::next_owner;
use crate::brief::Verdict;
use crate::gaps::{Contact, People};
use crate::handoff::{Actor, EventKind, HandoffId, MODEL_UNAVAILABLE, Member, Move, Status, allows};
use crate::route::Route;
use crate::store::{self, Fault, Handoff, Happening, Kept, Said, Tx, Workspace};

/// How long the answer to a request is kept for its repeats: longer than any CRM goes on trying (HubSpot: three days).
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Without a key only the same bytes again, and soon, are taken for a repeat.
const KEPT_WITHOUT_KEY: SignedDuration = SignedDuration::from_hours(24);

/// Who asks for a change, and how.
#[derive(Debug, Clone)]
pub struct Asked {
    pub workspace: Workspace,
    pub actor: Actor,
    pub once: Option<Once>,
    /// The same by the request's signature, for callers that sign: a copy under another key is still the same request.
    pub signed: Option<Once>,
    /// The version that the caller saw; refused when it is not the newest.
    pub if_version: Option<i64>,
    pub render: Render,
}

/// What makes a request the same as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    pub key: String,
    /// Of method, path and body: another one under the same key is refused.
    pub fingerprint: String,
    /// The caller gave no key and the body stands for it.
    pub is_derived: bool,
}

/// How the caller wants to be answered: the handoff as it is now, and what became of the pass if one was issued.
pub type Render = fn(&Handoff, Option<&Pass>) -> Json;

/// What a caller is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    pub id: HandoffId,
    pub version: i64,
    pub body: Json,
    /// The pass that the answer gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<Given>,
    /// The request was answered before, and nothing was done this time.
    #[serde(skip)]
    pub is_replay: bool,
}

/// A handoff on the table: what is stored, what people said, and what the change adds.
pub(super) struct Desk {
    pub row: Handoff,
    pub said: Said,
    pub route: Arc<Route>,
    pub now: Timestamp,
    /// What people said with this change.
    pub adds: Said,
    pub pass: Option<Token>,
    /// What the move sets off.
    pub actions: Vec<Prepared>,
}

/// What a change tells.
pub(super) struct Told {
    pub kind: EventKind,
    pub detail: Json,
}

impl Desk {
    /// The brief in force from the machine's reading and everything people said.
    pub fn judge_again(&mut self) {
        let Some(base) = &self.row.base else { return };
        let mut said = self.said.clone();
        said.answers.extend(self.adds.answers.iter().cloned());
        said.dismissals.extend(self.adds.dismissals.iter().cloned());
        said.returns.extend(self.adds.returns.iter().cloned());
        self.row.brief = Some(said.apply(base, &self.route, &people_of(&self.row), self.now));
    }
}

/// Whom to ask, as the caller named them; the sources may name more.
pub(super) fn people_of(row: &Handoff) -> People {
    let named = |member: &Option<Member>| {
        let member = member.as_ref().filter(|member| member.name.is_some() || member.email.is_some())?;
        Some(Contact { name: member.name.clone(), email: member.email.clone() })
    };
    People { sender: named(&row.matter.from.owner), receiver: named(&row.matter.to.owner), owner: None }
}

/// The change itself: looks at the desk, alters it, and tells what happened.
pub(super) type Step =
    Box<dyn for<'a> FnOnce(&'a mut Desk, &'a mut Tx<'_>) -> BoxFuture<'a, Result<Told, Refusal>> + Send>;

/// A step that needs nothing but what lies on the desk.
pub(super) fn immediate(step: impl FnOnce(&mut Desk) -> Result<Told, Refusal> + Send + 'static) -> Step {
    Box::new(move |desk, _| {
        let told = step(desk);
        Box::pin(async move { told }) as BoxFuture<'_, _>
    })
}

/// Why a handoff stands where it stands: what the settings allow for its model was used up before everything was read.
pub(super) const OVER_BUDGET: &str = "over_budget";

/// Where a handoff stands by its brief, as long as it has not moved and nothing waits to be read.
pub(super) fn stand(row: &mut Handoff) {
    if row.status.has_moved() || row.read_batches < row.batches {
        return;
    }
    let Some(brief) = &row.brief else { return };
    row.status = if brief.verdict == Verdict::Complete { Status::Ready } else { Status::NeedsInput };
    let is_over_budget = row.reason.as_deref() == Some(OVER_BUDGET);
    row.reason = match (brief.verdict, brief.engine.degraded) {
        (Verdict::Complete, _) => None,
        (_, true) | (Verdict::IncompleteRun, false) if is_over_budget => Some(OVER_BUDGET.to_owned()),
        (_, true) => Some(MODEL_UNAVAILABLE.to_owned()),
        (Verdict::IncompleteRun, false) => Some("not_all_read".to_owned()),
        (Verdict::Incomplete, false) => Some("gaps".to_owned()),
    };
}

/// What a change came to: the handoff as it is stored now, a pass if one was issued, and what happened.
pub(super) struct Done {
    pub row: Handoff,
    pub pass: Option<Token>,
    pub kind: EventKind,
}

/// Everything that one request writes.
pub(super) type Work =
    Box<dyn for<'a> FnOnce(&'a mut Tx<'_>, &'a Asked, Timestamp) -> BoxFuture<'a, Result<Done, Refusal>> + Send>;

impl App {
    /// Does what a request asks for, unless the same request did it before: one write with the answer kept for repeats.
    /// Whoever listens is told once it is on the disk.
    pub(super) async fn once(self: &Arc<Self>, asked: Asked, work: Work) -> Result<Answered, Refusal> {
        let app = self.clone();
        let workspace = asked.workspace.clone();
        let (answered, kind) = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let now = app.now();
                    if let Some(answered) = recall_either(tx, &asked, now).await? {
                        return Ok((answered, None));
                    }
                    let done = work(tx, &asked, now).await?;
                    let kind = done.kind;
                    let answered = answer(tx, &asked, done, now).await?;
                    keep_by_signature(tx, &asked, &answered, now).await?;
                    Ok::<_, Refusal>((answered, Some(kind)))
                })
            })
            .await?;
        if let Some(kind) = kind {
            self.tell(&workspace, &answered.id, News::Changed(kind));
        }
        Ok(answered)
    }

    /// Carries out one move on a stored handoff.
    pub(super) async fn change(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        wanted: Option<Move>,
        step: Step,
    ) -> Result<Answered, Refusal> {
        let route = self.route_of(&asked.workspace, &id).await?;
        let work: Work = Box::new(move |tx, asked, now| {
            Box::pin(async move {
                let desk = lay_out(tx, asked, (&id, route), wanted, now).await?;
                carry_out(tx, asked, desk, step).await
            })
        });
        self.once(asked, work).await
    }
}

/// The handoff that a request is about, if it is still the one that the caller saw.
pub(super) async fn find_asked(tx: &mut Tx<'_>, asked: &Asked, id: &HandoffId) -> Result<Handoff, Refusal> {
    let row = store::find(tx.reading().await?, &asked.workspace, id).await?.ok_or(Refusal::NotFound("handoff"))?;
    let row = living(row)?;
    match asked.if_version {
        Some(seen) if seen != row.version => Err(Refusal::Stale { current: row.version }),
        _ => Ok(row),
    }
}

async fn lay_out(
    tx: &mut Tx<'_>,
    asked: &Asked,
    (id, route): (&HandoffId, Arc<Route>),
    wanted: Option<Move>,
    now: Timestamp,
) -> Result<Desk, Refusal> {
    let row = find_asked(tx, asked, id).await?;
    if let Some(wanted) = wanted.filter(|wanted| !allows(row.status, *wanted)) {
        return Err(Refusal::NotNow { status: row.status, wanted });
    }
    let said = store::list_said(tx.reading().await?, (&asked.workspace, id)).await?;
    // What is said later counts later, even within a millisecond or after the clock was set back.
    let now = said.newest().map_or(now, |newest| now.max(newest + SignedDuration::from_millis(1)));
    Ok(Desk { row, said, route, now, adds: Said::default(), pass: None, actions: Vec::new() })
}

async fn carry_out(tx: &mut Tx<'_>, asked: &Asked, mut desk: Desk, step: Step) -> Result<Done, Refusal> {
    let before = desk.row.status;
    let told = step(&mut desk, tx).await?;
    store::add_said(tx, (&asked.workspace, &desk.row.id), &desk.adds, desk.now).await?;
    if !store::save(tx, &asked.workspace, &mut desk.row, desk.now).await? {
        return Err(Refusal::Stale { current: desk.row.version });
    }
    let kind = told.kind;
    write_down(tx, (&asked.workspace, &desk.row), (&asked.actor, told), desk.now).await?;
    if before != Status::Ready && desk.row.status == Status::Ready {
        // Whoever waits for it to be ready hears so, whatever made it that.
        let told = Told { kind: EventKind::Ready, detail: json!({"because": kind}) };
        write_down(tx, (&asked.workspace, &desk.row), (&asked.actor, told), desk.now).await?;
    }
    begin(tx, (&asked.workspace, &desk.row), desk.actions, desk.now).await?;
    Ok(Done { row: desk.row, pass: desk.pass, kind })
}

/// The entry in the log and the message to the outside.
pub(super) async fn write_down(
    tx: &mut Tx<'_>,
    (workspace, row): (&Workspace, &Handoff),
    (actor, told): (&Actor, Told),
    now: Timestamp,
) -> Result<(), Refusal> {
    let (next_action, failure_owner) = next_owner((row.status, &row.matter), row.brief.as_ref(), row.created_at);
    let detail = json!({"actor": actor, "what": told.detail, "status": row.status, "reason": row.reason,
                        "next_action": next_action, "failure_owner": failure_owner});
    let happening = Happening { kind: told.kind, handoff: Some(&row.id), version: Some(row.version), detail };
    let event = store::append(tx, workspace, &happening, now).await?;
    // While context waits to be read there is nothing to ask; the end of the reading comes by here too.
    if row.status != Status::Drafting {
        store::watch(tx, (workspace, &row.id)).await?;
    }
    let data = json!({"id": row.id, "external_id": row.external_id, "status": row.status, "version": row.version,
                      "route": row.route, "verdict": row.verdict(),
                      "next_action": next_action, "failure_owner": failure_owner});
    tell_outside(tx, workspace, (event, told.kind, Some(&row.id), data), now).await?;
    Ok(())
}

/// The message to the outside that belongs to an entry in the log; its id.
pub(super) async fn tell_outside(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (event, kind, handoff, data): (i64, EventKind, Option<&HandoffId>, Json),
    now: Timestamp,
) -> Result<String, Fault> {
    let payload = json!({"type": kind, "timestamp": now, "data": data});
    let message = store::Waiting { id: random_id("msg_"), kind, handoff: handoff.cloned(), payload, created_at: now };
    store::add_to_outbox(tx, workspace, (event, &message)).await?;
    Ok(message.id)
}

/// What was answered before to the same request. A pass that is not in force any more is not given out again: whoever
/// repeats the transfer learns why, and where the handoff stands.
async fn recall(tx: &mut Tx<'_>, asked: &Asked, now: Timestamp) -> Result<Option<Answered>, Refusal> {
    let Some(once) = &asked.once else { return Ok(None) };
    let kept_for = if once.is_derived { KEPT_WITHOUT_KEY } else { KEPT };
    let Some(kept) = store::recall(tx, &asked.workspace, &once.key, now - kept_for).await? else { return Ok(None) };
    if kept.fingerprint != once.fingerprint {
        return Err(Refusal::KeyReused);
    }
    let answered: Answered = serde_json::from_str(&kept.outcome).map_err(store::Fault::from)?;
    let Some(row) = store::find(tx.reading().await?, &asked.workspace, &answered.id).await? else { return Ok(None) };
    let row = living(row)?;
    if once.is_derived && row.status.is_closed() {
        // Nobody named the event: what was called off meanwhile is begun anew.
        return Ok(None);
    }
    let ended = answered.pass.as_ref().and_then(|pass| pass.ended(&row, now));
    let answered = match ended {
        None => answered,
        Some(why) => Answered { version: row.version, body: (asked.render)(&row, Some(&Pass::Ended(why))), ..answered },
    };
    Ok(Some(Answered { is_replay: true, ..answered }))
}

/// The answer, kept for repeats of the request.
async fn answer(tx: &mut Tx<'_>, asked: &Asked, done: Done, now: Timestamp) -> Result<Answered, Refusal> {
    let given = done.pass.as_ref().map(|token| Given { id: token.id.clone(), expires_at: token.expires_at });
    let pass = done.pass.map(Pass::Issued);
    let body = (asked.render)(&done.row, pass.as_ref());
    let answered = Answered { id: done.row.id, version: done.row.version, body, pass: given, is_replay: false };
    if let Some(once) = &asked.once {
        let outcome = serde_json::to_string(&answered).map_err(store::Fault::from)?;
        let kept = Kept { fingerprint: once.fingerprint.clone(), outcome };
        store::keep(tx, &asked.workspace, (&once.key, &kept), now).await?;
    }
    Ok(answered)
}

/// What was answered before to the same request by its key or, for callers that sign, by its signature: a copy under
/// another key is no other request.
async fn recall_either(tx: &mut Tx<'_>, asked: &Asked, now: Timestamp) -> Result<Option<Answered>, Refusal> {
    if let Some(answered) = recall(tx, asked, now).await? {
        return Ok(Some(answered));
    }
    let Some(signed) = &asked.signed else { return Ok(None) };
    recall(tx, &Asked { once: Some(signed.clone()), ..asked.clone() }, now).await
}

/// The answer kept for copies of a signed request too.
async fn keep_by_signature(tx: &mut Tx<'_>, asked: &Asked, answered: &Answered, now: Timestamp) -> Result<(), Refusal> {
    let Some(signed) = &asked.signed else { return Ok(()) };
    let outcome = serde_json::to_string(answered).map_err(store::Fault::from)?;
    let kept = Kept { fingerprint: signed.fingerprint.clone(), outcome };
    Ok(store::keep(tx, &asked.workspace, (&signed.key, &kept), now).await?)
}
