//! Whom to ask and when, carried out: what is due is looked at, the plan made
//! from what stands, and everything it says written at once, unless something
//! changed meanwhile. Then it is made anew.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::changing::{Told, immediate, people_of, stand};
use super::{App, Asked, News, Refusal, random_id};
use crate::asking::{self, Draft, Hours, Plan, Request, RequestState, Rules, Scene, Unsent};
use crate::brief::Verdict;
use crate::handoff::{Actor, EventKind, HandoffId, Status};
use crate::route::Route;
use crate::store::{self, Fault, Handoff, Happening, NewLetter, Said, Tx, Watch, Workspace};

/// Handoffs looked at in one go.
const MOST_AT_ONCE: i64 = 32;
/// Whoever is left in peace for longer is not asked at all.
const LONGEST_SNOOZE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// What could not be looked at is looked at again after this time.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(10);

/// A handoff that is ready is looked at this often for what time has changed.
const LOOK_DAILY: SignedDuration = SignedDuration::from_hours(24);

/// A handoff as it is looked at.
pub(super) struct Looked {
    pub row: Handoff,
    pub route: Arc<Route>,
    requests: Vec<Request>,
    unsent: Vec<Unsent>,
    undone: Vec<asking::Undone>,
    settled: Vec<(String, String)>,
    /// What those from outside who are asked have seen of the sources.
    seen: asking::Seen,
    /// It counts as ready, and by now something in it has grown old or fallen due.
    is_due: bool,
}

impl App {
    /// Waits until something happened to a handoff.
    pub async fn asks_arrive(&self) {
        self.asks.notified().await;
    }

    /// Looks at what is due in every workspace; how many handoffs were looked at. Those whose plan could not be written
    /// down stay due and do not count: whoever asks again at once would only ask a disk that refuses.
    pub async fn look_at_due(self: &Arc<Self>) -> Result<usize, Refusal> {
        let now = self.now();
        let mut due = Vec::new();
        {
            let mut reader = self.store.background_reader().await?;
            for workspace in store::list_workspaces(&mut reader).await? {
                due.extend(store::list_watches(&mut reader, &workspace, (now, MOST_AT_ONCE)).await?);
            }
        }
        // Each is a change of its own: one that cannot be looked at does not keep the others waiting.
        let looked = futures_util::future::join_all(due.into_iter().map(|watch| self.look_at(watch, now))).await;
        Ok(looked.into_iter().filter(|is_done| *is_done).count())
    }

    /// Whether it is done with, for now.
    async fn look_at(self: &Arc<Self>, watch: Watch, now: Timestamp) -> bool {
        let done = async {
            let looked = self.look(&watch.workspace, &watch.handoff).await?;
            if looked.as_ref().is_some_and(|looked| looked.is_due) {
                // The change is a new reason to look.
                return self.fall_due(&watch).await;
            }
            let planned = looked.map(|looked| self.plan(&looked, now)).unwrap_or_default();
            self.write_plan(watch.clone(), planned, now).await
        };
        let Err(refusal) = done.await else { return true };
        tracing::warn!(handoff = %watch.handoff, why = refusal.code(), "it could not be seen whom to ask");
        let later = Plan { look_at: Some(now + LOOK_AGAIN), ..Plan::default() };
        let put_off = self.write_plan(watch, (later, Vec::new()), now).await;
        if let Err(refusal) = &put_off {
            tracing::warn!(why = refusal.code(), "nor could it be put off");
        }
        put_off.is_ok()
    }

    /// A handoff that was ready and is not any more, by time alone: it says so, and people are asked.
    async fn fall_due(self: &Arc<Self>, watch: &Watch) -> Result<(), Refusal> {
        let asked = Asked {
            workspace: watch.workspace.clone(),
            actor: Actor::Baton,
            once: None,
            signed: None,
            if_version: None,
            render: |_, _| json!(null),
        };
        let step = immediate(|desk| {
            desk.judge_again();
            stand(&mut desk.row);
            match desk.row.status {
                Status::NeedsInput => {
                    Ok(Told { kind: EventKind::NeedsInput, detail: json!({"because": "time_passed"}) })
                }
                // Somebody was quicker.
                _ => Err(Refusal::Reading),
            }
        });
        match self.change(asked, watch.handoff.clone(), None, step).await {
            Err(Refusal::Reading) | Ok(_) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }

    /// Everything that a plan is made from.
    pub(super) async fn look(
        self: &Arc<Self>,
        workspace: &Workspace,
        handoff: &HandoffId,
    ) -> Result<Option<Looked>, Refusal> {
        let mut reader = self.store.background_reader().await?;
        let owner = (workspace, handoff);
        let Some(row) = store::find(&mut reader, workspace, handoff).await? else { return Ok(None) };
        let requests = store::list_requests(&mut reader, owner).await?;
        let unsent = store::list_unsent(&mut reader, owner).await?;
        let said = store::list_said(&mut reader, owner).await?;
        let undone = match row.status.has_moved() {
            true => super::acting::undone(&store::list_actions(&mut reader, owner).await?),
            // It was given back: what it should have set off is set off anew, or not at all.
            false => Vec::new(),
        };
        drop(reader);
        let route = self.route_version(workspace, &row.route).await?;
        let settled = settled(&row, &said);
        let judged = row.base.as_ref().filter(|_| row.status == Status::Ready && row.read_batches >= row.batches);
        let judged = judged.map(|base| said.apply(base, &route, &people_of(&row), self.now()));
        let is_due = judged.is_some_and(|brief| brief.verdict != Verdict::Complete);
        let whose = (&row.matter, self.settings.our_domains.as_slice());
        let asked = row.brief.as_ref().filter(|_| row.status == Status::NeedsInput);
        let outside = asked.map(|brief| asking::asked_outside(brief, whose)).unwrap_or_default();
        let seen = self.seen_by(workspace, &row, outside).await?;
        Ok(Some(Looked { row, route, requests, unsent, undone, settled, seen, is_due }))
    }

    fn plan(&self, looked: &Looked, now: Timestamp) -> (Plan, Vec<NewLetter>) {
        let rules = self.rules();
        let scene = looked.scene((&rules, self.settings.our_domains.as_slice()), now);
        let mut plan = asking::plan(&scene, &mut || random_id("req_"));
        if looked.row.status == Status::Ready {
            // It is not ready for ever: what is due on a day, or grows old, is seen within one.
            let tomorrow = now + LOOK_DAILY;
            plan.look_at = Some(plan.look_at.map_or(tomorrow, |at| at.min(tomorrow)));
        }
        let name = name_of(&looked.row);
        let letters = plan.drafts.iter().map(|draft| letter(&scene, draft, &name)).collect();
        (plan, letters)
    }

    pub(super) fn rules(&self) -> Rules {
        let asking = &self.settings.asking;
        let usual = || (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
        let (from, to) = asking.hours().unwrap_or_else(usual);
        Rules {
            wait: SignedDuration::from_secs(asking.wait_seconds),
            most_reminders: asking.most_reminders,
            usual_limit: SignedDuration::from_hours(asking.usual_hours),
            hours: Hours {
                days: asking.workdays(),
                from,
                to,
                zone: asking.time_zone().unwrap_or(jiff::tz::TimeZone::UTC),
            },
            takes_replies: self.settings.mail.reply_to.is_some(),
        }
    }

    /// Writes everything a plan says, unless there is a newer reason to look.
    async fn write_plan(
        self: &Arc<Self>,
        watch: Watch,
        (plan, letters): (Plan, Vec<NewLetter>),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let kinds: Vec<EventKind> = plan.told.iter().map(|(kind, _)| *kind).collect();
        let held = watch.clone();
        let is_written = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let is_newest = store::looked(tx, &held, plan.look_at).await?;
                    if is_newest {
                        write_plan(tx, &held, plan, (letters, now)).await?;
                    }
                    Ok::<_, Fault>(is_newest)
                })
            })
            .await?;
        for kind in kinds.into_iter().filter(|_| is_written) {
            self.tell(&watch.workspace, &watch.handoff, News::Changed(kind));
        }
        Ok(())
    }

    /// What people were asked about a handoff, oldest first.
    pub async fn requests(&self, workspace: &Workspace, handoff: &HandoffId) -> Result<Vec<Request>, Refusal> {
        self.find(workspace, handoff).await?;
        let mut reader = self.store.reader().await?;
        Ok(store::list_requests(&mut reader, (workspace, handoff)).await?)
    }

    /// Leaves a person in peace until then.
    pub async fn snooze(
        self: &Arc<Self>,
        (workspace, actor): (Workspace, Actor),
        id: String,
        until: Timestamp,
    ) -> Result<Request, Refusal> {
        let now = self.now();
        let latest = now + LONGEST_SNOOZE;
        if until <= now {
            return Err(Refusal::invalid("/until", "in_the_past", format!("{until} has passed; name a later moment")));
        }
        if until > latest {
            let detail =
                format!("{until} is more than 90 days away; name {latest} at the latest, or take the request back");
            return Err(Refusal::invalid("/until", "too_late", detail));
        }
        self.alter_request((workspace, actor), id, move |request, _| {
            request.snoozed_until = Some(until);
            Some((EventKind::RequestSnoozed, json!({"until": until})))
        })
        .await
    }

    /// Has a person reminded at once.
    pub async fn remind(self: &Arc<Self>, whose: (Workspace, Actor), id: String) -> Result<Request, Refusal> {
        self.alter_request(whose, id, |request, _| {
            request.nudged = true;
            None
        })
        .await
    }

    /// Takes a request back; the same is not asked of the same person again.
    pub async fn withdraw_request(self: &Arc<Self>, whose: (Workspace, Actor), id: String) -> Result<Request, Refusal> {
        self.alter_request(whose, id, |request, now| {
            request.state = RequestState::Withdrawn;
            request.by_hand = true;
            request.closed_at = Some(now);
            Some((EventKind::RequestWithdrawn, json!({"by_hand": true})))
        })
        .await
    }

    /// One change of an open request, by a caller.
    async fn alter_request(
        self: &Arc<Self>,
        (workspace, actor): (Workspace, Actor),
        id: String,
        change: impl FnOnce(&mut Request, Timestamp) -> Option<(EventKind, serde_json::Value)> + Send + 'static,
    ) -> Result<Request, Refusal> {
        let (now, whose) = (self.now(), workspace.clone());
        let (handoff, request, kind) = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let found = store::find_request(tx.reading().await?, &workspace, &id).await?;
                    let (handoff, mut request) = found.ok_or(Refusal::NotFound("request"))?;
                    if !request.state.is_open() {
                        return Err(Refusal::RequestClosed { state: request.state });
                    }
                    let told = change(&mut request, now);
                    let owner = (&workspace, &handoff);
                    store::save_request(tx, owner, &request).await?;
                    if !request.state.is_open() {
                        for letter in store::list_unsent(tx.reading().await?, owner).await? {
                            if letter.request == request.id {
                                store::withdraw_letter(tx, &workspace, &letter.id).await?;
                            }
                        }
                    }
                    let kind = told.as_ref().map(|(kind, _)| *kind);
                    if let Some((kind, what)) = told {
                        let detail =
                            json!({"actor": actor, "request": request.id, "person": request.person, "what": what});
                        let happening = Happening { kind, handoff: Some(&handoff), version: None, detail };
                        store::append(tx, &workspace, &happening, now).await?;
                    }
                    store::watch(tx, owner).await?;
                    Ok::<_, Refusal>((handoff, request, kind))
                })
            })
            .await?;
        // Whoever asks people is woken by any news.
        self.tell(&whose, &handoff, News::Changed(kind.unwrap_or(EventKind::RequestChanged)));
        Ok(request)
    }
}

impl Looked {
    pub fn questions_of(&self, request: &str) -> Vec<asking::Question> {
        let found = self.requests.iter().find(|one| one.id == request);
        found.map(|request| request.questions.clone()).unwrap_or_default()
    }

    pub fn scene<'a>(&'a self, (rules, our_domains): (&'a Rules, &'a [String]), now: Timestamp) -> Scene<'a> {
        Scene {
            status: self.row.status,
            reason: self.row.reason.as_deref(),
            debts: &self.row.debts,
            matter: &self.row.matter,
            brief: self.row.brief.as_ref(),
            route: &self.route,
            our_domains,
            seen: &self.seen,
            requests: &self.requests,
            unsent: &self.unsent,
            undone: &self.undone,
            settled: &self.settled,
            rules,
            now,
        }
    }
}

/// What a handoff is called in messages.
pub(super) fn name_of(row: &Handoff) -> String {
    let title = row.matter.title.as_ref().or(row.external_id.as_ref()).filter(|title| !title.trim().is_empty());
    title.cloned().unwrap_or_else(|| format!("Handoff {}", row.id.0.get(..12).unwrap_or(&row.id.0)))
}

pub(super) fn letter(scene: &Scene, draft: &Draft, name: &str) -> NewLetter {
    let id = random_id("ltr_");
    NewLetter {
        request: Some(draft.request.clone()),
        purpose: draft.purpose,
        person: draft.to.clone(),
        words: asking::write(scene, draft, name).referring_to(&id),
        asks: Some(draft.points()),
        id,
        next_at: draft.next_at,
    }
}

/// Whose word settled which field: people's answers, and the authors of what was read.
fn settled(row: &Handoff, said: &Said) -> Vec<(String, String)> {
    let mut settled = Vec::new();
    for answer in &said.answers {
        let names = [Some(answer.by.name.clone()), answer.by.email.clone()];
        settled.extend(names.into_iter().flatten().map(|name| (answer.field.clone(), name)));
    }
    for dismissal in &said.dismissals {
        let names = [Some(dismissal.by.name.clone()), dismissal.by.email.clone()];
        settled.extend(names.into_iter().flatten().map(|name| (format!("source:{}", dismissal.source), name)));
    }
    for (key, field) in
        row.brief.iter().flat_map(|brief| brief.fields.iter()).filter(|(_, field)| field.state.is_settled())
    {
        let authors = field.evidence.iter().filter_map(|evidence| evidence.author.clone());
        settled.extend(authors.map(|author| (key.to_owned(), author)));
    }
    settled
}

async fn write_plan(
    tx: &mut Tx<'_>,
    watch: &Watch,
    plan: Plan,
    (letters, now): (Vec<NewLetter>, Timestamp),
) -> Result<(), Fault> {
    let owner = (&watch.workspace, &watch.handoff);
    for request in &plan.requests {
        store::save_request(tx, owner, request).await?;
    }
    for id in &plan.withdrawn {
        store::withdraw_letter(tx, owner.0, id).await?;
    }
    for letter in &letters {
        super::links::add_letter(tx, owner, letter, now).await?;
    }
    for (kind, detail) in plan.told {
        let detail = json!({"actor": Actor::Baton, "what": detail});
        // The handoff itself stays as it is.
        let happening = Happening { kind, handoff: Some(owner.1), version: None, detail };
        store::append(tx, owner.0, &happening, now).await?;
    }
    Ok(())
}
