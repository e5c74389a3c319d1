//! A named person answers gaps: checked against the brief as it stands,
//! written down for good, and the brief in force made anew from the machine's
//! reading and everything people said. Nothing is read again.

use std::sync::Arc;

use serde_json::json;

use super::changing::{Desk, Told, immediate, stand};
use super::debts::pay;
use super::{Answered, App, Asked, Problem, Refusal};
use crate::answers::{self, Patch, Person};
use crate::handoff::{EventKind, HandoffId, Move};

impl App {
    /// Takes a person's answers, all of them or none.
    pub async fn answer(self: &Arc<Self>, asked: Asked, id: HandoffId, patch: Patch) -> Result<Answered, Refusal> {
        let step = immediate(move |desk| take_answers(desk, &patch));
        self.change(asked, id, Some(Move::Answer), step).await
    }
}

fn take_answers(desk: &mut Desk, patch: &Patch) -> Result<Told, Refusal> {
    let by = patch.by.clone().unwrap_or_else(|| Person { name: String::new(), email: None });
    let Some(brief) = &desk.row.brief else { return Err(Refusal::Reading) };
    let (given, dismissed) = answers::check(patch, brief, &desk.route, &by, desk.now).map_err(refused)?;
    let fields: Vec<String> = given.iter().map(|answer| answer.field.clone()).collect();
    let sources: Vec<String> = dismissed.iter().map(|dismissal| dismissal.source.clone()).collect();
    desk.adds.answers = given;
    desk.adds.dismissals = dismissed;
    desk.judge_again();
    if let Some(brief) = &desk.row.brief {
        pay(&mut desk.row.debts, brief);
    }
    stand(&mut desk.row);
    fail::fail_point!("form.before_commit");
    Ok(Told { kind: EventKind::Answered, detail: json!({"by": by, "fields": fields, "sources": sources}) })
}

/// What is wrong with answers, in the product's own form.
pub(super) fn refused(refusals: Vec<answers::Refusal>) -> Refusal {
    let problem = |one: answers::Refusal| Problem::new(one.pointer, one.code.name(), one.detail);
    Refusal::Invalid(refusals.into_iter().map(problem).collect())
}
