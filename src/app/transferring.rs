//! The transfer: the gate is asked inside the write that moves the handoff,
//! with the clock of that moment, whoever calls. A pass that ran out before the
//! work was taken is had anew the same way.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::changing::{Desk, Step, Told};
use super::debts::{cover, debts_of};
use super::links::{ONE_ADDRESS, is_email};
use super::{Answered, App, Asked, Problem, Refusal, Token};
use crate::access::passes::{Claims, Subject};
use crate::answers::Person;
use crate::brief::Brief;
use crate::gate::{self, Approval};
use crate::handoff::{EventKind, HandoffId, Move, Status};
use crate::store::{self, Cleared, Fault, Tx, Workspace};

/// A reason has at least so many letters.
const LEAST_REASON: usize = 10;

/// A transfer that a person with that right forces.
#[derive(Debug, Clone)]
pub struct BreakGlass {
    pub approver: Person,
    pub reason: String,
    pub expires_at: Timestamp,
}

/// What lets a transfer pass besides completeness.
enum Force {
    None,
    /// Somebody takes the responsibility now.
    Asked(Approval),
    /// Somebody took it for this handoff, and it still runs: for what was open then and nothing else.
    Running(Approval),
}

impl App {
    /// Lets the handoff move if the gate lets it, and issues a pass. What has moved and was not taken yet gets a new
    /// pass when the old one has run out.
    pub async fn transfer(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        break_glass: Option<BreakGlass>,
    ) -> Result<Answered, Refusal> {
        let break_glass = break_glass.map(|forced| approval_of(forced, self.now())).transpose()?;
        let app = self.clone();
        let workspace = asked.workspace.clone();
        let (handoff, owner) = (id.clone(), asked.workspace.clone());
        let step: Step =
            Box::new(move |desk, tx| Box::pin(async move { app.pass_gate(desk, (tx, &workspace), break_glass).await }));
        let answered = self.change(asked, id, Some(Move::Transfer), step).await;
        fail::fail_point!("gate.after_commit");
        if let Err(Refusal::Incomplete(_) | Refusal::Reading | Refusal::GivenBack(_) | Refusal::Changed(_)) = &answered
        {
            self.count_refusal(owner, handoff).await;
        }
        answered
    }

    /// For the figures alone: a refusal stays one when it cannot be counted.
    async fn count_refusal(self: &Arc<Self>, workspace: Workspace, id: HandoffId) {
        let counted = self.store.writer().write(move |tx| {
            Box::pin(async move {
                store::count_refusal(tx, &workspace, &id).await?;
                // What kept it from moving may have come by time alone, and nobody was asked yet.
                store::watch(tx, (&workspace, &id)).await
            })
        });
        if let Err(fault) = counted.await {
            tracing::warn!(%fault, "a refused transfer could not be counted");
        }
    }

    async fn pass_gate(
        &self,
        desk: &mut Desk,
        (tx, workspace): (&mut Tx<'_>, &Workspace),
        asked: Option<Approval>,
    ) -> Result<Told, Refusal> {
        may_ask(desk)?;
        let replaced = desk.row.pass.clone().filter(|_| desk.row.status == Status::Transferred);
        let running = match &replaced {
            // What was handed over is judged as it was handed over.
            Some(pass) => ended_pass(desk, (tx, workspace), pass).await?,
            // Days have passed since the brief was judged; what has grown old or fallen due counts from now.
            None => {
                desk.judge_again();
                None
            }
        };
        let force = match (asked, running) {
            (Some(approval), _) => Force::Asked(approval),
            (None, Some(approval)) => Force::Running(approval),
            (None, None) => Force::None,
        };
        let Some(brief) = &desk.row.brief else { return Err(Refusal::Reading) };
        let cleared = clear(desk, brief, force)?;
        let claims = self.claims(desk, workspace, &cleared)?;
        let expires_at = claims.expires().unwrap_or(desk.now);
        store::add_clearance(tx, (workspace, &desk.row), &cleared, (&claims.jti, expires_at), desk.now).await?;
        let approval = match &cleared {
            Cleared::Complete(_) => None,
            Cleared::Exception(exception) => Some(exception.approval()),
        };
        desk.row.debts = match &cleared {
            Cleared::Complete(_) => Vec::new(),
            Cleared::Exception(exception) => debts_of(exception),
        };
        let detail = json!({"pass": claims.jti, "replaces": replaced, "digest": claims.dig, "break_glass": approval,
                            "debts": desk.row.debts.len()});
        let text = self.signing().sign(&claims);
        desk.row.status = Status::Transferred;
        if replaced.is_none() {
            desk.row.matter.duties.moved_at = Some(desk.now);
        }
        desk.row.reason = claims.bg.then(|| "break_glass".to_owned());
        desk.row.pass = Some(claims.jti.clone());
        desk.row.changed.clear();
        if replaced.is_none() {
            // A new pass for what has moved sets nothing off: the work does not move twice.
            desk.actions = self.prepare_actions(desk, workspace)?;
        }
        desk.pass = Some(Token { id: claims.jti, text, expires_at });
        fail::fail_point!("gate.before_commit");
        let kind = if replaced.is_some() { EventKind::PassRenewed } else { EventKind::Transferred };
        Ok(Told { kind, detail })
    }

    fn claims(&self, desk: &Desk, workspace: &Workspace, cleared: &Cleared) -> Result<Claims, Refusal> {
        let subject = Subject {
            issuer: self.settings.base_url.clone().unwrap_or_else(|| "baton".to_owned()),
            handoff: desk.row.id.0.clone(),
            external_id: desk.row.external_id.clone(),
            workspace: workspace.as_str().to_owned(),
            route: desk.row.route.id.clone(),
            route_version: desk.row.route.version,
            version: u64::try_from(desk.row.version + 1).unwrap_or_default(),
            digest: cleared.digest().to_owned(),
            is_break_glass: matches!(cleared, Cleared::Exception(_)),
        };
        let life = SignedDuration::from_secs(self.settings.service.pass_seconds);
        Claims::issue(subject, desk.now, life).map_err(|fault| Fault::Unusable(fault.to_string()).into())
    }
}

/// What keeps a handoff from the gate before its brief is looked at.
fn may_ask(desk: &Desk) -> Result<(), Refusal> {
    let row = &desk.row;
    if row.status == Status::Failed {
        // Nothing will read it by itself, so nobody should be told to wait.
        return Err(Refusal::NotNow { status: Status::Failed, wanted: Move::Transfer });
    }
    if row.read_batches < row.batches || row.brief.is_none() {
        return Err(Refusal::Reading);
    }
    if let Some(back) = desk.said.given_back(row.batches) {
        return Err(Refusal::GivenBack(Box::new(back.clone())));
    }
    if row.status == Status::Transferred && !row.changed.is_empty() {
        return Err(Refusal::Changed(row.changed.clone()));
    }
    Ok(())
}

/// Only a pass that has run out can be had anew: with two in force the work could move twice. What it was forced by, if
/// that still runs.
async fn ended_pass(
    desk: &Desk,
    (tx, workspace): (&mut Tx<'_>, &Workspace),
    pass: &str,
) -> Result<Option<Approval>, Refusal> {
    let Some(earlier) = store::find_clearance(tx.reading().await?, workspace, pass).await? else { return Ok(None) };
    if earlier.expires_at > desk.now {
        return Err(Refusal::PassInForce { until: earlier.expires_at });
    }
    Ok(earlier.approval.filter(|approval| approval.expires_at > desk.now))
}

/// The gate's own proof that this brief may move.
fn clear(desk: &Desk, brief: &Brief, force: Force) -> Result<Cleared, Refusal> {
    let exception = |approval| match gate::make_exception(brief, &desk.route, approval, desk.now) {
        Ok(exception) => Cleared::Exception(exception),
        Err(clearance) => Cleared::Complete(clearance),
    };
    match force {
        Force::None => Ok(Cleared::Complete(gate::judge(brief, &desk.route, desk.now).map_err(Refusal::Incomplete)?)),
        Force::Asked(approval) => Ok(exception(approval)),
        Force::Running(approval) => match gate::judge(brief, &desk.route, desk.now) {
            Err(gaps) if !cover(&desk.row.debts, &gaps) => Err(Refusal::Incomplete(gaps)),
            _ => Ok(exception(approval)),
        },
    }
}

/// Somebody's responsibility for a forced transfer, or everything that is wrong with it.
fn approval_of(forced: BreakGlass, now: Timestamp) -> Result<Approval, Refusal> {
    let wrong = Forced {
        name: Some(&forced.approver.name),
        email: forced.approver.email.as_deref(),
        reason: Some(&forced.reason),
        expires_at: Some(forced.expires_at),
    }
    .problems(now);
    if !wrong.is_empty() {
        return Err(Refusal::Invalid(wrong));
    }
    Ok(Approval { approver: forced.approver.label(), reason: forced.reason, expires_at: forced.expires_at })
}

/// The parts of a forced transfer, as far as they could be read.
#[derive(Debug, Clone, Default)]
pub struct Forced<'a> {
    pub name: Option<&'a str>,
    pub email: Option<&'a str>,
    pub reason: Option<&'a str>,
    pub expires_at: Option<Timestamp>,
}

impl Forced<'_> {
    /// Everything that is wrong with them.
    pub fn problems(&self, now: Timestamp) -> Vec<Problem> {
        let mut wrong = Vec::new();
        let mut add = |part: &str, code: &str, detail: &str| {
            wrong.push(Problem::new(format!("/break_glass/{part}"), code, detail));
        };
        if self.name.is_some_and(|name| name.trim().is_empty()) {
            add("approver/name", "empty", "name the person who takes the responsibility");
        }
        if self.email.is_some_and(|email| !is_email(email)) {
            add("approver/email", "invalid", ONE_ADDRESS);
        }
        if self.reason.is_some_and(|reason| reason.trim().chars().count() < LEAST_REASON) {
            add("reason", "too_short", "say in a sentence why the work cannot wait");
        }
        if self.expires_at.is_some_and(|by| by <= now) {
            add("expires_at", "in_the_past", "give the moment by which what is owed will be there");
        }
        wrong
    }
}
