//! Messages to people that ought to have left and have not: how many by which
//! way, and since when. A mail server that is away for hours is told in the
//! program's log, among the figures and to whoever asks whether all is well.

use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};
use sqlx::SqliteConnection;

use super::App;
use crate::config::Settings;
use crate::store::{self, Fault, Store, Stuck, Workspace};

/// What has waited for longer is told.
const LONG: SignedDuration = SignedDuration::from_mins(10);
/// How often it is told again while it goes on.
const TELL_EVERY: SignedDuration = SignedDuration::from_mins(30);

/// Messages that wait for one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsent {
    /// `email`, `slack`, or `none` where no way is set up for them.
    pub channel: &'static str,
    pub count: u64,
    pub oldest: SignedDuration,
}

/// What is due and has not left, by its way; each way that is set up stands in it, if only with none.
pub async fn count_unsent(store: &Store, settings: &Settings, now: Timestamp) -> Result<Vec<Unsent>, Fault> {
    let mut reader = store.background_reader().await?;
    let workspaces = store::list_workspaces(&mut reader).await?;
    count_unsent_in(&mut reader, (settings, &workspaces), now).await
}

/// The same of these workspaces.
pub(super) async fn count_unsent_in(
    reader: &mut SqliteConnection,
    (settings, workspaces): (&Settings, &[Workspace]),
    now: Timestamp,
) -> Result<Vec<Unsent>, Fault> {
    let (has_mail, has_slack) = (settings.mail.url.is_some(), settings.slack.is_set());
    let ways = [("email", has_mail), ("slack", has_slack), ("none", true)].into_iter().filter(|(_, is_set)| *is_set);
    let mut all: Vec<Unsent> =
        ways.map(|(channel, _)| Unsent { channel, count: 0, oldest: SignedDuration::ZERO }).collect();
    // What is only tried out never leaves.
    for workspace in workspaces.iter().filter(|one| !super::is_for_trying(one)) {
        for Stuck { by_mail, by_slack, count, since } in store::list_stuck(&mut *reader, workspace, now).await? {
            let channel = match (by_slack && has_slack, by_mail && has_mail) {
                (true, _) => "slack",
                (false, true) => "email",
                (false, false) => "none",
            };
            let Some(one) = all.iter_mut().find(|one| one.channel == channel) else { continue };
            one.count += count;
            one.oldest = one.oldest.max(now.duration_since(since));
        }
    }
    Ok(all)
}

impl Unsent {
    /// Whether its way is set up and does not work.
    pub fn is_overdue(&self) -> bool {
        self.channel != "none" && self.count > 0 && self.oldest >= LONG
    }
}

impl App {
    /// What is due and has not left, by its way.
    pub async fn unsent(&self) -> Result<Vec<Unsent>, Fault> {
        count_unsent(&self.store, &self.settings, self.now()).await
    }

    /// Those of a way that is set up and does not work: something waits for too long.
    pub async fn overdue(&self) -> Result<Vec<Unsent>, Fault> {
        Ok(self.unsent().await?.into_iter().filter(Unsent::is_overdue).collect())
    }

    /// Says in the log what does not leave, now and then; whether it did.
    pub async fn warn_of_unsent(&self) -> bool {
        let now = self.now().as_millisecond();
        let last = self.warned_at.load(Ordering::Relaxed);
        let is_soon = last != 0 && now.abs_diff(last) < TELL_EVERY.as_millis().unsigned_abs() as u64;
        if is_soon {
            return false;
        }
        let overdue = match self.overdue().await {
            Ok(overdue) => overdue,
            Err(fault) => {
                tracing::warn!(%fault, "the messages that wait could not be counted");
                return false;
            }
        };
        for one in &overdue {
            let (channel, oldest_minutes) = (one.channel, one.oldest.as_mins());
            tracing::warn!(channel, waiting = one.count, oldest_minutes, "messages to people do not leave");
        }
        if !overdue.is_empty() {
            self.warned_at.store(now, Ordering::Relaxed);
        }
        !overdue.is_empty()
    }
}
