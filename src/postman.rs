//! Asks people: looks at every handoff that is due, and sends the messages
//! that are due by mail or Slack, as far as these are set up. Keeps to Slack's
//! pace, sends one message to a receiver at a time, and stops in order. Tests
//! go one round at a time with [`go_round`].

mod slips;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::app::{App, Refusal};
use crate::config::Settings;
use crate::outbound::{Mail, Mailer, Posted, Slack, SlackMessage};
use crate::store::{Attempted, Letter, Ways};

/// Without news it is looked this often whether something is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A round asks the database a dozen questions, so what happens within this time shares one.
const ROUND_EVERY: Duration = Duration::from_millis(10);
/// Messages on their way at the same time.
const MOST_AT_ONCE: usize = 16;
/// Messages looked at for those that may leave now.
const MOST_LOOKED_AT: i64 = 256;
/// Slack takes one message a second in one channel; the rest is for clocks and lines that are not even.
const PACE: SignedDuration = SignedDuration::from_millis(1_100);
/// Stands in the log beside a mail that may have come before.
const MAY_BE_TWICE: &str = "it may be there twice, under one Message-ID";

/// The ways by which messages leave.
#[derive(Debug, Default)]
pub struct Roads {
    mail: Option<Mailer>,
    slack: Option<Slack>,
    /// When the next message may go to a receiver in Slack, and to anybody there.
    pace: Mutex<Pace>,
}

#[derive(Debug, Default)]
struct Pace {
    next: HashMap<String, Timestamp>,
    /// Slack wants to be left alone until then.
    all: Option<Timestamp>,
}

impl Roads {
    /// The ways that the settings name; an error says which setting cannot be used.
    pub fn open(settings: &Settings) -> Result<Roads, String> {
        Ok(Roads { mail: Mailer::open(&settings.mail)?, slack: Slack::open(&settings.slack)?, pace: Mutex::default() })
    }

    fn ways(&self) -> Ways {
        Ways { mail: self.mail.is_some(), slack: self.slack.is_some() }
    }

    /// By which way a message goes: Slack where the person can be reached there, else mail.
    fn by_slack(&self, letter: &Letter) -> bool {
        let person = letter.person.as_ref();
        self.slack.is_some() && letter.words.has_slack() && person.is_some_and(|person| person.slack.is_some())
    }

    fn may_go(&self, letter: &Letter, now: Timestamp) -> bool {
        if !self.by_slack(letter) {
            return true;
        }
        let pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let next = pace.next.get(&self.receiver(letter));
        pace.all.is_none_or(|all| now >= all) && next.is_none_or(|next| now >= *next)
    }

    fn note_pace(&self, letter: &Letter, now: Timestamp, after: Option<Duration>) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.next.retain(|_, next| *next > now);
        pace.next.insert(self.receiver(letter), now + PACE);
        if let Some(after) = after.and_then(|after| SignedDuration::try_from(after).ok()) {
            pace.all = Some(now + after);
        }
    }

    /// What Slack counts by.
    fn receiver(&self, letter: &Letter) -> String {
        let has_one = self.slack.as_ref().is_some_and(Slack::has_one_channel);
        let person = letter.person.as_ref().filter(|_| !has_one);
        person.and_then(|person| person.slack.clone()).unwrap_or_default()
    }

    async fn send(&self, letter: &Letter, (url, now): (&str, Timestamp)) -> (&'static str, Posted) {
        let filled = |text: &str| text.replace(crate::asking::LINK, url);
        let Some(person) = &letter.person else {
            return ("none", Posted::Never { problem: "nobody is known".to_owned() });
        };
        if let (Some(slack), Some(id), true) = (&self.slack, &person.slack, letter.words.has_slack()) {
            let blocks = letter.words.blocks.to_string();
            // The address stands in JSON text: its quotes, if it had any, would end the string.
            let blocks = blocks.replace(crate::asking::LINK, &url.replace(['"', '\\'], ""));
            let blocks = serde_json::from_str(&blocks).unwrap_or_default();
            let text = filled(&letter.words.subject);
            let message = SlackMessage {
                id: &letter.id,
                person: id,
                text: &text,
                blocks: &blocks,
                is_unclear: letter.is_unclear,
            };
            return ("slack", slack.send(&message).await);
        }
        let (Some(mail), Some(email), true) = (&self.mail, &person.email, letter.words.has_mail()) else {
            return ("none", Posted::Again { after: None, problem: "no way is set up".to_owned(), is_unclear: false });
        };
        let (text, html) = (filled(&letter.words.text), filled(&letter.words.html));
        let is_unclear = letter.is_unclear;
        let letter = Mail {
            id: &letter.id,
            thread: &letter.handoff.0,
            name: person.name.as_deref(),
            email,
            subject: &letter.words.subject,
            text: &text,
            html: &html,
            at: now.as_millisecond(),
        };
        let posted = match mail.send(&letter).await {
            // A mail server cannot be asked what it has.
            Posted::Sent { note: None } if is_unclear => Posted::Sent { note: Some(MAY_BE_TWICE.to_owned()) },
            posted => posted,
        };
        ("email", posted)
    }
}

/// Looks at what is due and sends what is due, once; how much there was to do. Waits for what it sends.
pub async fn go_round(app: &Arc<App>, ways: &Arc<Roads>) -> Result<usize, Refusal> {
    let looked = app.look_at_due().await?;
    let mut running = JoinSet::new();
    let sent = start_due(app, ways, &mut running).await? + slips::start_due(app, ways, &mut running).await?;
    while running.join_next().await.is_some() {}
    Ok(looked + sent)
}

/// Takes the messages that may leave now and begins to send them; how many.
async fn start_due(app: &Arc<App>, ways: &Arc<Roads>, running: &mut JoinSet<()>) -> Result<usize, Refusal> {
    let room = MOST_AT_ONCE.saturating_sub(running.len());
    if room == 0 || ways.ways() == (Ways { mail: false, slack: false }) {
        return Ok(0);
    }
    let now = app.now();
    let mut due = app.due_letters(MOST_LOOKED_AT, ways.ways()).await?;
    let mut taken = HashSet::new();
    due.retain(|letter| ways.may_go(letter, now) && (!ways.by_slack(letter) || taken.insert(ways.receiver(letter))));
    due.truncate(room);
    if due.is_empty() {
        return Ok(0);
    }
    let claimed = app.claim_letters(due).await?;
    let count = claimed.len();
    for letter in claimed {
        if ways.by_slack(&letter) {
            ways.note_pace(&letter, app.now(), None);
        }
        let (app, ways) = (app.clone(), ways.clone());
        running.spawn(async move { send_one(&app, &ways, letter).await });
    }
    Ok(count)
}

async fn send_one(app: &Arc<App>, ways: &Roads, letter: Letter) {
    fail::fail_point!("letter.before_send");
    let url = match app.url_to_send(&letter).await {
        Ok(url) => url,
        Err(fault) => {
            tracing::warn!(%fault, message = letter.id, "a message waits: its link could not be made");
            return;
        }
    };
    let (channel, posted) = ways.send(&letter, (&url, app.now())).await;
    fail::fail_point!("letter.after_send");
    let after = match &posted {
        Posted::Again { after, .. } => *after,
        _ => None,
    };
    if channel == "slack" {
        ways.note_pace(&letter, app.now(), after);
    }
    let ended = match posted {
        Posted::Sent { note } => Attempted::Sent { channel, problem: note },
        Posted::Never { problem } => Attempted::Failed { problem },
        Posted::Again { after, problem, is_unclear } => {
            match app.next_try(&letter, after.and_then(|after| SignedDuration::try_from(after).ok())) {
                Some(at) => Attempted::Again { at, problem, is_unclear },
                None => Attempted::Failed { problem },
            }
        }
    };
    let id = letter.id.clone();
    if let Err(refusal) = app.end_attempt(letter, ended).await {
        // Its lease runs out, and then it is looked for before it is sent again.
        tracing::warn!(message = id, why = refusal.code(), "the end of a message could not be written down");
    }
}

/// Works until the service stops; then finishes what was begun.
pub async fn run(app: Arc<App>, ways: Arc<Roads>) {
    fail::fail_point!("postman.idle", |_| ());
    if let Err(fault) = app.release_letters(true).await {
        tracing::warn!(%fault, "messages of an earlier process could not be looked at");
    }
    let mut running: JoinSet<()> = JoinSet::new();
    let mut look = tokio::time::interval(LOOK_EVERY);
    let mut rounds = tokio::time::interval(ROUND_EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next_release = tokio::time::Instant::now();
    while !app.is_stopping() {
        rounds.tick().await;
        while running.try_join_next().is_some() {}
        if tokio::time::Instant::now() >= next_release {
            next_release = tokio::time::Instant::now() + LOOK_EVERY * 20;
            let _ = app.release_letters(false).await;
            app.warn_of_unsent().await;
        }
        let looked = match app.look_at_due().await {
            Ok(looked) => looked,
            Err(refusal) => {
                tracing::warn!(why = refusal.code(), "what is due could not be looked at");
                0
            }
        };
        let started = start_due(&app, &ways, &mut running).await.unwrap_or_else(|refusal| {
            tracing::warn!(why = refusal.code(), "messages that are due could not be taken");
            0
        });
        let slips = slips::start_due(&app, &ways, &mut running).await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "codes and notices that are due could not be taken");
            0
        });
        if looked + started + slips == 0 {
            // Whatever happens to a handoff may be a reason to ask; and a message that has left makes room.
            tokio::select! {
                () = app.asks_arrive() => {}
                Some(_) = running.join_next() => {}
                _ = look.tick() => {}
            }
        }
    }
    let drain = Duration::from_secs(app.settings.service.drain_seconds);
    let _ = tokio::time::timeout(drain, async { while running.join_next().await.is_some() {} }).await;
    running.shutdown().await;
}
