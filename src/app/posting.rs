//! Messages on their way: claimed when they are due, ended when they have left
//! or cannot, shown to whoever looks. Whatever way is missing, they wait and
//! are seen; none is lost.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::acting::follow_letter;
use super::asking::{letter as write_letter, name_of};
use super::slips::notify;
use super::{App, News, Refusal};
use crate::asking::{About, Draft, Person, Purpose, RequestState};
use crate::handoff::{Actor, EventKind, HandoffId};
use crate::store::{self, Attempted, Fault, Happening, Letter, NewLetter, SlipAbout, Ways, Workspace};

/// Waits between attempts, in seconds; the last one again and again.
const WAITS: [i64; 7] = [30, 120, 600, 1_800, 3_600, 7_200, 14_400];

/// Counts messages to people that were given up.
const UNDELIVERABLE: &str = "baton_messages_undeliverable_total";

/// Lets the counter stand among the figures before anything was counted.
pub fn describe_undeliverable() {
    metrics::describe_counter!(
        UNDELIVERABLE,
        metrics::Unit::Count,
        "Messages to people that could not be delivered and were given up"
    );
    metrics::counter!(UNDELIVERABLE).increment(0);
}

/// The wait after so many attempts.
fn wait_after(attempts: u32) -> SignedDuration {
    let place = usize::try_from(attempts).unwrap_or(WAITS.len()).clamp(1, WAITS.len());
    SignedDuration::from_secs(WAITS.get(place - 1).copied().unwrap_or(30))
}

impl App {
    /// Messages that are due and can leave, of all workspaces, one a receiver.
    pub async fn due_letters(&self, most: i64, ways: Ways) -> Result<Vec<Letter>, Fault> {
        let now = self.now();
        let mut reader = self.store.background_reader().await?;
        let mut due = Vec::new();
        // Nobody is written to because somebody tries things out: those messages are seen in the outbox.
        let all = store::list_workspaces(&mut reader).await?;
        for workspace in all.into_iter().filter(|one| !super::is_for_trying(one)) {
            due.extend(store::due_letters(&mut reader, &workspace, (now, most), ways).await?);
        }
        Ok(due)
    }

    /// Longer than any attempt may take: a mail has one deadline, Slack is asked up to four times.
    pub(super) fn letter_lease(&self) -> SignedDuration {
        let longest = self.settings.mail.timeout_seconds.max(self.settings.slack.timeout_seconds.saturating_mul(4));
        let seconds = i64::try_from(longest.saturating_mul(2)).unwrap_or(i64::MAX);
        SignedDuration::from_secs(seconds.clamp(60, 24 * 3_600))
    }

    /// Takes messages to send them; those that somebody else took, or that are not needed any more, are left out.
    pub async fn claim_letters(self: &Arc<Self>, letters: Vec<Letter>) -> Result<Vec<Letter>, Fault> {
        let until = self.now() + self.letter_lease();
        let worker = super::random_id(&format!("{}:", self.worker_name()));
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let mut claimed = Vec::with_capacity(letters.len());
                for letter in &letters {
                    claimed.extend(store::claim_letter(tx, letter, (&worker, until)).await?);
                }
                Ok::<_, Fault>(claimed)
            })
        });
        write.await
    }

    /// Puts messages back whose sender is gone: all of earlier processes at the start, else those that took too long.
    pub async fn release_letters(self: &Arc<Self>, is_start: bool) -> Result<(), Fault> {
        let (now, worker) = (self.now(), is_start.then(|| self.worker_name()));
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                for workspace in store::list_workspaces(tx.reading().await?).await? {
                    store::release_letters(tx, &workspace, (now, worker.as_deref())).await?;
                }
                Ok::<_, Fault>(())
            })
        });
        write.await
    }

    /// When a message that could not be sent is tried again; none when it was tried often enough.
    pub fn next_try(&self, letter: &Letter, not_before: Option<SignedDuration>) -> Option<Timestamp> {
        if let Some(wait) = not_before {
            // Being asked to come again is no failure.
            return Some(self.now() + wait);
        }
        let wait = wait_after(letter.attempts);
        (letter.attempts < self.settings.asking.most_attempts).then(|| self.now() + wait)
    }

    /// Writes down how an attempt ended; what cannot be sent is told to the failure owner.
    pub async fn end_attempt(self: &Arc<Self>, letter: Letter, ended: Attempted) -> Result<(), Refusal> {
        let notice = match &ended {
            // Whoever answers for failures is told of an action by what stands, not by this.
            Attempted::Failed { .. } if letter.purpose != Purpose::Action => self.undelivered(&letter).await?,
            _ => None,
        };
        let (now, held, receivers) = (self.now(), letter.clone(), self.settings.outbound.notify.clone());
        let kind = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    if !store::end_attempt(tx, &held, &ended, now).await? {
                        return Ok(None);
                    }
                    let owner = (&held.workspace, &held.handoff);
                    let kind = match &ended {
                        Attempted::Again { .. } if held.purpose == Purpose::Test => return Ok(None),
                        Attempted::Again { .. } => {
                            // Nobody may need it any more by now.
                            store::watch(tx, owner).await?;
                            return Ok(None);
                        }
                        Attempted::Sent { .. } => EventKind::MessageSent,
                        Attempted::Failed { .. } => EventKind::MessageFailed,
                    };
                    if kind == EventKind::MessageSent {
                        note_sent(tx, &held, now).await?;
                    } else if held.purpose != Purpose::Test {
                        note_undeliverable(tx, &held).await?;
                        // The one who answers for the handoff may be the one who cannot be reached.
                        notify(tx, owner.0, (&receivers, &SlipAbout::MessageUndeliverable { count: 1 }), now).await?;
                    }
                    if let Some(notice) = notice {
                        super::links::add_letter(tx, owner, &notice, now).await?;
                    }
                    let (channel, problem) = match &ended {
                        Attempted::Sent { channel, problem } => (Some(*channel), problem.as_deref()),
                        Attempted::Failed { problem } | Attempted::Again { problem, .. } => (None, Some(problem.as_str())),
                    };
                    let what = json!({"message": held.id, "request": held.request, "purpose": held.purpose, "to": held.person,
                                      "channel": channel, "attempts": held.attempts, "problem": problem});
                    let detail = json!({"actor": Actor::Baton, "what": what});
                    // A test is of no handoff.
                    let handoff = Some(owner.1).filter(|_| held.purpose != Purpose::Test);
                    store::append(tx, owner.0, &Happening { kind, handoff, version: None, detail }, now).await?;
                    match held.purpose {
                        Purpose::Test => return Ok(None),
                        Purpose::Action => {
                            let problem = problem.filter(|_| kind == EventKind::MessageFailed);
                            follow_letter(tx, &held, problem, now).await?;
                        }
                        _ => {}
                    }
                    // What was planned before it left is planned anew.
                    store::watch(tx, owner).await?;
                    Ok::<_, Fault>(Some(kind))
                })
            })
            .await?;
        if let Some(kind) = kind {
            if kind == EventKind::MessageFailed {
                metrics::counter!(UNDELIVERABLE).increment(1);
                // Why stands in the log of events; what a mail server says may name somebody.
                tracing::warn!(message = letter.id, handoff = %letter.handoff, "a message could not be delivered and is given up");
            }
            self.tell(&letter.workspace, &letter.handoff, News::Changed(kind));
        }
        Ok(())
    }

    /// The notice to the failure owner, unless it was they who could not be reached.
    async fn undelivered(self: &Arc<Self>, letter: &Letter) -> Result<Option<NewLetter>, Refusal> {
        let Some(request) = letter.request.clone() else { return Ok(None) };
        let Some(looked) = self.look(&letter.workspace, &letter.handoff).await? else { return Ok(None) };
        let asked = letter.person.clone().unwrap_or_default();
        let failure = looked.row.matter.duties.failure.clone();
        let owner = failure.and_then(|word| crate::asking::resolve(&word, &looked.row.matter));
        let Some(owner) = owner.filter(|owner| owner.key() != asked.key()) else { return Ok(None) };
        let draft = Draft {
            request: request.clone(),
            about: About::Failure,
            purpose: Purpose::Undelivered,
            to: Some(Person { role: "failure".to_owned(), ..owner }),
            asked,
            questions: looked.questions_of(&request),
            is_addition: false,
            next_at: self.now(),
        };
        let rules = self.rules();
        let scene = looked.scene((&rules, self.settings.our_domains.as_slice()), self.now());
        Ok(Some(write_letter(&scene, &draft, &name_of(&looked.row))))
    }

    /// By which way a message left, or would leave as things are set up; `none` while nobody is known.
    pub fn channel_of(&self, letter: &Letter) -> String {
        let person = letter.person.clone().unwrap_or_default();
        let planned = match (
            letter.words.has_mail() && person.email.is_some(),
            letter.words.has_slack() && person.slack.is_some(),
        ) {
            (_, true) if self.settings.slack.is_set() => "slack",
            (true, _) => "email",
            (false, true) => "slack",
            (false, false) => "none",
        };
        letter.channel.clone().unwrap_or_else(|| planned.to_owned())
    }

    /// Messages to people, newest first, of one handoff or of all; one more than `limit` shows that there are more.
    pub async fn outbox(
        &self,
        whose: (&Workspace, Option<&HandoffId>),
        page: (Option<i64>, u32),
    ) -> Result<Vec<Letter>, Refusal> {
        let mut reader = self.store.reader().await?;
        Ok(store::list_letters(&mut reader, whose, page).await?)
    }
}

/// The request's first message, or one of its later ones, has left.
async fn note_sent(tx: &mut store::Tx<'_>, letter: &Letter, now: Timestamp) -> Result<(), Fault> {
    let Some(request) = &letter.request else { return Ok(()) };
    let found = store::find_request(tx.reading().await?, &letter.workspace, request).await?;
    let Some((handoff, mut request)) = found else { return Ok(()) };
    if !matches!(letter.purpose, Purpose::Ask | Purpose::Remind | Purpose::Action) {
        return Ok(());
    }
    request.sent_at.get_or_insert(now);
    if matches!(request.state, RequestState::Waiting | RequestState::Undeliverable) {
        request.state = RequestState::Sent;
    }
    store::save_request(tx, (&letter.workspace, &handoff), &request).await
}

/// A message of the request was given up: where none before it arrived, the person does not know that they are asked.
async fn note_undeliverable(tx: &mut store::Tx<'_>, letter: &Letter) -> Result<(), Fault> {
    let Some(request) = &letter.request else { return Ok(()) };
    let found = store::find_request(tx.reading().await?, &letter.workspace, request).await?;
    let Some((handoff, mut request)) = found else { return Ok(()) };
    let is_asking = matches!(letter.purpose, Purpose::Ask | Purpose::Remind | Purpose::Action);
    if !is_asking || request.sent_at.is_some() || request.state != RequestState::Waiting {
        return Ok(());
    }
    request.state = RequestState::Undeliverable;
    store::save_request(tx, (&letter.workspace, &handoff), &request).await
}
