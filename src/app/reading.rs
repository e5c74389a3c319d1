//! Reading what waits: a job is claimed, its handoff read as far as it came
//! in, and the result kept only if the claim is still held. When the model is
//! away the handoff waits for it as long as its route allows; after that the
//! rules' own reading is shown, marked as such.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::changing::{OVER_BUDGET, Told, people_of, stand, write_down};
use super::debts::pay;
use super::journal::Replies;
use super::mailed::{Found, Mailed, find_answering, mailed, silence_ours};
use super::moving::returned_for;
use super::replies::{self, Reread, Taken};
use super::unread::wait_after;
use super::views::to_inputs;
use super::{App, FIRST_WORKSPACE, News, Refusal, TEST_ENDING};
use crate::answers::{changed_fields, contradicted_fields};
use crate::brief::{Brief, Verdict};
use crate::conversation::Conversation;
use crate::gaps::People;
use crate::handoff::{Actor, EventKind, HandoffId, LinkId, Status};
use crate::intake::Input;
use crate::pipeline::{self, Means, Outcome, Request, Rules};
use crate::route::Route;
use crate::store::{self, Fault, Handoff, Job, Said, Tx, Workspace};

/// A job that was claimed so often without an orderly end takes the process down with it.
const MOST_CRASHES: u32 = 3;
/// How long a model may be away where the route says nothing.
const USUAL_LIMIT: SignedDuration = SignedDuration::from_mins(15);

/// A handoff on its way through the pipeline, as it was when the job was claimed.
#[derive(Debug)]
pub struct Draft {
    row: Handoff,
    route: Arc<Route>,
    batches: Vec<Vec<Input>>,
    replies: HashMap<String, String>,
    /// Mails that may answer messages of ours; known once the sources are read.
    mailed: Vec<Mailed>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The brief is stored.
    Read,
    /// Somebody else held the job by then; nothing was stored.
    Lost,
    /// It waits for the model.
    Postponed,
    /// It was set aside for a person.
    SetAside,
}

/// What a reading came to.
struct Made {
    base: Brief,
    conversation: Conversation,
    /// The model could not be reached, and not because of what it was asked.
    is_without_model: bool,
    /// What the settings allow was used up, so that the model did not read everything.
    is_over_budget: bool,
    /// Links whose tokens stood in what was read.
    spilled: Vec<LinkId>,
}

impl App {
    /// Makes the workspaces a server needs.
    pub(super) async fn open_workspaces(self: &Arc<Self>) -> Result<(), Fault> {
        let now = self.now();
        self.store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    for id in [FIRST_WORKSPACE.to_owned(), format!("{FIRST_WORKSPACE}{TEST_ENDING}")] {
                        store::open_workspace(tx, &id, now).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await?;
        self.publish_everywhere().await
    }

    /// Puts work that an earlier process held back into the queue: it is gone, since this one owns the folder.
    pub(super) async fn take_over(self: &Arc<Self>) -> Result<(), Fault> {
        let now = self.now();
        let worker = self.worker_name();
        let waiting = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let mut waiting = 0;
                    for workspace in store::list_workspaces(tx.reading().await?).await? {
                        store::release_all(tx, &workspace, (now, Some(&worker))).await?;
                        waiting += store::count_jobs(tx.reading().await?, &workspace).await?;
                    }
                    Ok::<_, Fault>(waiting)
                })
            })
            .await?;
        self.waiting.store(waiting, Ordering::Relaxed);
        Ok(())
    }

    /// Gives back what this process still holds when it ends.
    pub async fn let_go(self: &Arc<Self>) {
        let worker = self.worker_name();
        let done = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    for workspace in store::list_workspaces(tx.reading().await?).await? {
                        store::give_back(tx, &workspace, &worker).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await;
        if let Err(fault) = done {
            tracing::warn!(%fault, "work could not be given back; the next process takes it over");
        }
    }

    /// Waits until there may be work: something came in, or a while has passed.
    pub async fn work_arrives(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.work.notified()).await;
    }

    /// Takes back work whose holder let its lease run out.
    pub async fn release_expired(self: &Arc<Self>) -> Result<(), Fault> {
        let now = self.now();
        self.store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    for workspace in store::list_workspaces(tx.reading().await?).await? {
                        store::release_all(tx, &workspace, (now, None)).await?;
                    }
                    Ok::<_, Fault>(())
                })
            })
            .await
    }

    /// Holds a job for longer; `false` when it is lost.
    pub async fn renew(self: &Arc<Self>, job: &Job) -> Result<bool, Fault> {
        let (job, until) = (job.clone(), self.now() + self.lease());
        self.store.writer().write(move |tx| Box::pin(async move { store::renew(tx, &job, until).await })).await
    }

    pub fn lease(&self) -> SignedDuration {
        SignedDuration::from_secs(self.settings.service.lease_seconds)
    }

    /// Reads one claimed job to its end.
    pub async fn work(self: &Arc<Self>, job: &Job) -> Result<Ended, Refusal> {
        if job.attempts > MOST_CRASHES {
            return self.set_aside(job, "its reading ended the process again and again").await;
        }
        let mut draft = self.draft(job).await?;
        fail::fail_point!("job.after_claim");
        fail::fail_point!("job.poison", draft.row.matter.title.as_deref() == Some("poison"), |_| std::process::abort());
        fail::fail_point!("job.panic", draft.row.matter.title.as_deref() == Some("panic"), |_| Err(Refusal::Busy));
        let now = self.now();
        let waits_until = match &self.reader {
            Some(_) => self.breaker.admit(now).err(),
            None => None,
        };
        let limit = job.first_at + draft.route.limits.model.unwrap_or(USUAL_LIMIT);
        if let Some(until) = waits_until.filter(|_| now < limit) {
            return self.postpone(job, until.min(limit)).await;
        }
        let made = self.make(job, &mut draft, waits_until.is_none()).await?;
        if made.is_without_model && now < limit {
            return self.postpone(job, (now + wait_after(job.tries)).min(limit)).await;
        }
        fail::fail_point!("brief.before_commit");
        self.keep(job, draft, made).await
    }

    /// The handoff as it is stored now.
    async fn draft(&self, job: &Job) -> Result<Draft, Refusal> {
        let owner = (&job.workspace, &job.handoff);
        let mut reader = self.store.background_reader().await?;
        let row = store::find(&mut reader, owner.0, owner.1).await?.ok_or(Refusal::NotFound("handoff"))?;
        let stored = store::find_batches(&mut reader, owner, row.batches).await?;
        let replies = match self.reader {
            Some(_) => store::find_replies(&mut reader, owner).await?,
            None => HashMap::new(),
        };
        drop(reader);
        let route = self.route_version(&job.workspace, &row.route).await?;
        Ok(Draft { row, route, batches: to_inputs(stored), replies, mailed: Vec::new() })
    }

    async fn make(self: &Arc<Self>, job: &Job, draft: &mut Draft, with_model: bool) -> Result<Made, Refusal> {
        let (mut conversation, spilled) = self.read_apart(std::mem::take(&mut draft.batches)).await?;
        let spilled = self.links_of(&job.workspace, &spilled).await?;
        draft.mailed = mailed(&conversation, &draft.row.id);
        let owner = (&job.workspace, &job.handoff);
        silence_ours(&mut *self.store.background_reader().await?, owner, (&mut conversation, &draft.mailed)).await?;
        let known = super::accepting::known_words(&draft.row.matter);
        let request = Request { route: &draft.route, conversation, known: &known, as_of: self.now() };
        let Some(reader) = self.reader.as_ref() else {
            let Outcome { brief: base, conversation } = pipeline::run(request);
            return Ok(Made { base, conversation, is_without_model: false, is_over_budget: false, spilled });
        };
        if !with_model {
            let Outcome { brief: mut base, conversation } = pipeline::run(request);
            base.engine.degraded = true;
            base.engine.model = Some(reader.name().to_owned());
            // Whoever asks for a model does not want to move work that only rules have read.
            base.coverage = 0.0;
            base.verdict = Verdict::IncompleteRun;
            return Ok(Made { base, conversation, is_without_model: true, is_over_budget: false, spilled });
        }
        let till = self.till(&job.workspace, Some(&job.handoff));
        let journal = Replies {
            app: self.clone(),
            workspace: job.workspace.clone(),
            handoff: job.handoff.clone(),
            stored: std::mem::take(&mut draft.replies),
            till: till.clone(),
        };
        let means = Means { reader, rules: Rules::Beside, journal: &journal };
        let read = pipeline::read_kept(request, means).await;
        let Outcome { brief: base, conversation } = match read {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(handoff = %job.handoff, %error, "a reading was cut short");
                return Err(Refusal::Store(Fault::Unavailable(error.to_string())));
            }
        };
        // Nobody waits for money to come back: people go on with what the rules read.
        let is_over_budget = till.is_some_and(|till| till.is_over());
        let is_without_model = base.engine.degraded && !is_over_budget;
        if is_without_model {
            self.breaker.failed(self.now());
        } else if !base.engine.degraded {
            self.breaker.succeeded();
        }
        Ok(Made { base, conversation, is_without_model, is_over_budget, spilled })
    }

    /// Stores what was read, if the job is still held: the brief, what people said laid over it, and what that means.
    async fn keep(self: &Arc<Self>, job: &Job, mut draft: Draft, made: Made) -> Result<Ended, Refusal> {
        let Made { base, conversation, is_over_budget, spilled, .. } = made;
        let (app, held) = (self.clone(), job.clone());
        // Judged here as far as is known by now: while the one writer works, everybody waits.
        let mailed = std::mem::take(&mut draft.mailed);
        // Before the write: once it is told of, the librarian may be here. What repeats messages of ours was changed.
        if mailed.is_empty() {
            self.read_ahead.keep((&job.workspace, &job.handoff), draft.row.batches, conversation);
        }
        let (known, found) = {
            let mut reader = self.store.background_reader().await?;
            let owner = (&job.workspace, &job.handoff);
            (store::list_said(&mut reader, owner).await?, find_answering(&mut reader, owner, mailed).await?)
        };
        let people = people_of(&draft.row);
        let judged = known.apply(&base, &draft.route, &people, self.now());
        let judged = Judged { brief: judged, said: known.count(), people };
        let finished = Finished { draft, base, judged, found, is_over_budget };
        let kept = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    if !store::finish(tx, &held).await? {
                        return Ok(None);
                    }
                    let now = app.now();
                    let kept = keep_reading(tx, (&held.workspace, &held.handoff), finished, now).await?;
                    if kept.is_some() {
                        super::links::end_spilled(tx, &held.workspace, &spilled, now).await?;
                    }
                    Ok::<_, Refusal>(Some(kept))
                })
            })
            .await;
        if !matches!(kept, Ok(Some(Some(_)))) {
            self.read_ahead.forget((&job.workspace, &job.handoff));
        }
        let Some(told) = kept? else { return Ok(Ended::Lost) };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        if let Some(kind) = told {
            self.tell(&job.workspace, &job.handoff, News::Changed(kind));
        }
        Ok(Ended::Read)
    }
}

/// A reading with everything that was known when it ended.
struct Finished {
    draft: Draft,
    base: Brief,
    judged: Judged,
    /// The replies in it that were not taken before.
    found: Vec<Found>,
    is_over_budget: bool,
}

/// The brief in force as far as was known before the write, and what was known.
struct Judged {
    brief: Brief,
    /// How often anybody had said anything.
    said: usize,
    people: People,
}

/// Writes a reading down, with what it holds of replies to our messages; what it means, unless a later one was quicker.
async fn keep_reading(
    tx: &mut Tx<'_>,
    owner: (&Workspace, &HandoffId),
    finished: Finished,
    now: Timestamp,
) -> Result<Option<EventKind>, Refusal> {
    let Finished { draft, base, judged, found, is_over_budget } = finished;
    let mut row = store::find(tx.reading().await?, owner.0, owner.1).await?.ok_or(Refusal::NotFound("handoff"))?;
    // A later batch may have been read by a job that was quicker; what is older is worth nothing then.
    if row.read_batches >= draft.row.batches || row.status.is_closed() {
        return Ok(None);
    }
    let mut said = store::list_said(tx.reading().await?, owner).await?;
    // What is said later counts later, as with every answer.
    let spoken = said.newest().map_or(now, |newest| now.max(newest + SignedDuration::from_millis(1)));
    let reread = Reread { row: &row, route: &draft.route, base: &base, said: &said, found: &found };
    let taken = match row.status.has_moved() {
        true => Taken::default(),
        false => replies::take(tx, owner, reread, spoken).await?,
    };
    store::add_said(tx, owner, &taken.adds, now).await?;
    let now = taken.adds.newest().map_or(now, |newest| now.max(newest));
    said.answers.extend(taken.adds.answers);
    said.dismissals.extend(taken.adds.dismissals);
    let is_news = said.count() != judged.said || people_of(&row) != judged.people;
    let brief = match is_news {
        true => said.apply(&base, &draft.route, &people_of(&row), now),
        false => judged.brief,
    };
    let kind = settle(&mut row, &draft, (base, brief), (&said, is_over_budget));
    if !store::save(tx, owner.0, &mut row, now).await? {
        return Err(Refusal::Stale { current: row.version });
    }
    replies::tell(tx, (owner.0, &row), taken.told, now).await?;
    let detail = json!({"batches": row.read_batches, "verdict": row.verdict(), "changed": row.changed});
    write_down(tx, (owner.0, &row), (&Actor::Baton, Told { kind, detail }), now).await?;
    Ok(Some(kind))
}

/// What a new reading means for a handoff: where it stands, or what the receiver has to look at again.
fn settle(
    row: &mut Handoff,
    draft: &Draft,
    (base, brief): (Brief, Brief),
    (said, is_over_budget): (&Said, bool),
) -> EventKind {
    row.read_batches = draft.row.batches;
    pay(&mut row.debts, &brief);
    if row.status.has_moved() {
        // What was handed over stays as it was; the receiver is told where later context differs.
        let differs = |before: &Brief| {
            let mut all = changed_fields(before, &brief);
            all.extend(
                contradicted_fields(&draft.route, before, &base)
                    .into_iter()
                    .filter(|key| !all.contains(key))
                    .collect::<Vec<_>>(),
            );
            all
        };
        row.changed = row.brief.as_ref().map(differs).unwrap_or_default();
        row.base = Some(base);
        return EventKind::Changed;
    }
    row.base = Some(base);
    row.brief = Some(brief);
    if row.read_batches < row.batches {
        row.status = Status::Drafting;
        return EventKind::Changed;
    }
    row.reason = is_over_budget.then(|| OVER_BUDGET.to_owned());
    stand(row);
    if let Some(back) = said.given_back(row.batches) {
        // Read once more, but nothing new was said: it stands where the receiving team left it.
        row.status = Status::Returned;
        row.reason = back.kind.map(returned_for);
        return EventKind::Changed;
    }
    if row.status == Status::Ready { EventKind::Ready } else { EventKind::NeedsInput }
}
