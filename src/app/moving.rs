//! The moves of a handoff: over to the receiving team through the gate, taken
//! by them or given back, called off, tried again. The gate is asked inside
//! the write that moves it, with the clock of that moment, whoever calls.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::changing::{Desk, Pass, Step, Told, immediate, stand};
use super::saying::refused;
use super::{Answered, App, Asked, Problem, Refusal, random_id};
use crate::access::passes::{Claims, Subject};
use crate::answers::{self, Person};
use crate::gate::{self, Approval};
use crate::handoff::{EventKind, HandoffId, Move, Status};
use crate::store::{self, Cleared, Workspace};

/// A transfer that a person with that right forces.
#[derive(Debug, Clone)]
pub struct BreakGlass {
    pub approver: Person,
    pub reason: String,
    pub expires_at: Timestamp,
}

/// Why the receiving team gives a handoff back.
#[derive(Debug, Clone)]
pub struct GivenBack {
    pub by: Person,
    /// `incomplete`, `wrong`, `not_ours` or `other`.
    pub kind: String,
    pub reason: String,
    pub fields: Vec<String>,
}

/// What a pass is worth now.
#[derive(Debug)]
pub enum PassState {
    Valid {
        claims: Claims,
    },
    /// `expired`, `bad_signature`, `superseded` or `unknown`.
    Invalid(&'static str),
}

impl App {
    /// Lets the handoff move if the gate lets it, and issues a pass.
    pub async fn transfer(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        break_glass: Option<BreakGlass>,
    ) -> Result<Answered, Refusal> {
        if let Some(problem) = break_glass.as_ref().and_then(|forced| fault_of(forced, self.now())) {
            return Err(Refusal::Invalid(vec![problem]));
        }
        let app = self.clone();
        let workspace = asked.workspace.clone();
        let step: Step =
            Box::new(move |desk, tx| Box::pin(async move { app.pass_gate(desk, (tx, &workspace), break_glass).await }));
        let answered = self.change(asked, id, Some(Move::Transfer), step).await;
        fail::fail_point!("gate.after_commit");
        answered
    }

    async fn pass_gate(
        &self,
        desk: &mut Desk,
        (tx, workspace): (&mut store::Tx<'_>, &Workspace),
        break_glass: Option<BreakGlass>,
    ) -> Result<Told, Refusal> {
        if desk.row.status == Status::Failed {
            // Nothing will read it by itself, so nobody should be told to wait.
            return Err(Refusal::NotNow { status: Status::Failed, wanted: Move::Transfer });
        }
        if desk.row.read_batches < desk.row.batches || desk.row.brief.is_none() {
            return Err(Refusal::Reading);
        }
        // Days have passed since the brief was judged; what has grown old or fallen due counts from now.
        desk.judge_again();
        let Some(brief) = &desk.row.brief else { return Err(Refusal::Reading) };
        let cleared = match break_glass {
            None => Cleared::Complete(gate::judge(brief, &desk.route, desk.now).map_err(Refusal::Incomplete)?),
            Some(forced) => {
                let approval = Approval {
                    approver: forced.approver.label(),
                    reason: forced.reason,
                    expires_at: forced.expires_at,
                };
                match gate::make_exception(brief, &desk.route, approval, desk.now) {
                    Ok(exception) => Cleared::Exception(exception),
                    Err(clearance) => Cleared::Complete(clearance),
                }
            }
        };
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
        let life = jiff::SignedDuration::from_secs(self.settings.service.pass_seconds);
        let claims =
            Claims::issue(subject, desk.now, life).map_err(|fault| store::Fault::Unusable(fault.to_string()))?;
        let expires_at = claims.expires().unwrap_or(desk.now);
        store::add_clearance(tx, (workspace, &desk.row), &cleared, (&claims.jti, expires_at), desk.now).await?;
        let debts = match &cleared {
            Cleared::Complete(_) => Vec::new(),
            Cleared::Exception(exception) => debts_of(exception),
        };
        desk.pass = Some(Pass { token: self.signing().sign(&claims), expires_at });
        desk.row.status = Status::Transferred;
        desk.row.matter.duties.moved_at = Some(desk.now);
        desk.row.reason = claims.bg.then(|| "break_glass".to_owned());
        desk.row.pass = Some(claims.jti.clone());
        let detail = json!({"pass": claims.jti, "digest": claims.dig, "break_glass": match &cleared {
            Cleared::Complete(_) => None,
            Cleared::Exception(exception) => Some(exception.approval()),
        }, "debts": debts.len()});
        desk.row.debts = debts;
        desk.row.changed.clear();
        fail::fail_point!("gate.before_commit");
        Ok(Told { kind: EventKind::Transferred, detail })
    }

    /// The receiving team takes it, and says in its own words what it takes.
    pub async fn receive(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        (by, read_back): (Person, Option<String>),
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Accepted;
            desk.row.reason = None;
            Ok(Told { kind: EventKind::Accepted, detail: json!({"by": by, "read_back": read_back}) })
        });
        self.change(asked, id, Some(Move::Accept), step).await
    }

    /// The receiving team gives it back; the fields it names are asked again.
    pub async fn give_back(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        given: GivenBack,
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Returned;
            desk.row.reason = Some(format!("returned: {}", given.kind));
            desk.row.pass = None;
            desk.row.debts.clear();
            desk.row.changed.clear();
            if let Some(brief) = desk.row.brief.as_ref().filter(|_| !given.fields.is_empty()) {
                let returned = answers::returned(&given.fields, &given.reason, brief, &given.by, desk.now);
                desk.adds.returns.push(returned.map_err(refused)?);
            }
            desk.judge_again();
            if !given.fields.is_empty() {
                let reason = desk.row.reason.take();
                stand(&mut desk.row);
                desk.row.reason = reason;
            }
            let detail = json!({"by": given.by, "kind": given.kind, "why": given.reason, "fields": given.fields});
            Ok(Told { kind: EventKind::Returned, detail })
        });
        self.change(asked, id, Some(Move::Return), step).await
    }

    /// Calls it off before it moved.
    pub async fn cancel(
        self: &Arc<Self>,
        asked: Asked,
        id: HandoffId,
        why: Option<String>,
    ) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| {
            desk.row.status = Status::Cancelled;
            desk.row.reason.clone_from(&why);
            Ok(Told { kind: EventKind::Cancelled, detail: json!({"why": why}) })
        });
        self.change(asked, id, Some(Move::Cancel), step).await
    }

    /// Reads everything once more: after a failure, or when the model is back.
    pub async fn retry(self: &Arc<Self>, asked: Asked, id: HandoffId) -> Result<Answered, Refusal> {
        let workspace = asked.workspace.clone();
        let handoff = id.clone();
        let app = self.clone();
        let step: Step = Box::new(move |desk, tx| {
            Box::pin(async move {
                let owner = (&workspace, &handoff);
                store::forget_failures(tx, owner).await?;
                // Work is due by the clock. The desk's time is later where people spoke before the clock was set back.
                let now = app.now();
                let again = store::requeue(tx, owner, now).await?;
                if again == 0 {
                    // A read batch is read again under a key of its own.
                    let unique = format!("read:{handoff}:{}:{}", desk.row.batches, desk.row.version);
                    store::enqueue(tx, owner, (&random_id("job_"), &unique), now).await?;
                }
                desk.row.read_batches = 0;
                desk.row.status = Status::Drafting;
                desk.row.reason = None;
                Ok(Told { kind: EventKind::Retried, detail: json!({}) })
            })
        });
        let answered = self.change(asked, id, Some(Move::Retry), step).await?;
        self.accepted(&answered);
        Ok(answered)
    }

    /// What a pass is worth at this moment, for whoever holds it.
    pub async fn verify_pass(&self, workspace: &Workspace, token: &str) -> Result<PassState, Refusal> {
        use crate::access::passes::PassFault;
        let claims = match self.signing().verify(token, self.now()) {
            Ok(claims) => claims,
            Err(PassFault::Expired) => return Ok(PassState::Invalid("expired")),
            Err(PassFault::BadSignature | PassFault::Malformed) => return Ok(PassState::Invalid("bad_signature")),
        };
        let mut reader = self.store.reader().await?;
        let Some(handoff) = store::find_pass(&mut reader, workspace, &claims.jti).await? else {
            return Ok(PassState::Invalid("unknown"));
        };
        let row = store::find(&mut reader, workspace, &handoff).await?;
        let is_in_force = row.is_some_and(|row| {
            row.pass.as_deref() == Some(&claims.jti)
                && row.status.has_moved()
                && row.changed.is_empty()
                && row.read_batches == row.batches
        });
        Ok(if is_in_force { PassState::Valid { claims } } else { PassState::Invalid("superseded") })
    }
}

fn fault_of(forced: &BreakGlass, now: Timestamp) -> Option<Problem> {
    let problem = |name: &str, code, detail: &str| Some(Problem::new(format!("/break_glass/{name}"), code, detail));
    if forced.approver.name.trim().is_empty() {
        return problem("approver", "empty", "name the person who takes the responsibility");
    }
    if forced.reason.trim().chars().count() < 10 {
        return problem("reason", "too_short", "say in a sentence why the work cannot wait");
    }
    if forced.expires_at <= now {
        return problem("expires_at", "in_the_past", "give the moment by which what is owed will be there");
    }
    None
}

/// What is still owed: which field, who owes it, until when.
fn debts_of(exception: &gate::Exception) -> Vec<serde_json::Value> {
    let due = exception.approval().expires_at;
    let debt = |gap: &crate::brief::Gap| json!({"field": gap.field, "source": gap.source, "kind": gap.kind, "question": gap.question, "owner": gap.ask, "due": due});
    exception.debts().iter().map(debt).collect()
}
