//! Mails that belong to no question, on their way: codes for links, invitations, notices
//! about endpoints and people who cannot be reached. What they say is made at the moment in which
//! they leave; whatever is good for nothing by then does not leave.

use jiff::{SignedDuration, Timestamp};

use super::asking::name_of;
use super::proving::CODE_LIVES;
use super::{App, Refusal, is_for_trying, random_id};
use crate::asking::{self, Words};
use crate::store::{self, Fault, NewSlip, Slip, SlipAbout, SlipEnd, Tx, Workspace};

/// Slips that ended are kept for this long, for whoever wonders why nothing came.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);
/// A receiver gets at most one notice of one kind about one endpoint in this time.
const NOTICE_EVERY: SignedDuration = SignedDuration::from_hours(1);
/// A code is waited for: it is tried again soon, and not for long.
const CODE_AGAIN: SignedDuration = SignedDuration::from_secs(10);
const NOTICE_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// Attempts to send a notice: a day and a bit.
const MOST_ATTEMPTS: u32 = 150;

impl App {
    /// Takes slips that are due, of all workspaces, to send them.
    pub async fn claim_slips(&self, most: i64) -> Result<Vec<Slip>, Fault> {
        let now = self.now();
        let mut due = Vec::new();
        let mut reader = self.store.background_reader().await?;
        for workspace in store::list_workspaces(&mut reader).await? {
            due.extend(store::due_slips(&mut reader, &workspace, (now, most)).await?);
        }
        drop(reader);
        if due.is_empty() {
            return Ok(due);
        }
        due.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let (worker, until) = (random_id(&format!("{}:", self.worker_name())), now + self.letter_lease());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let mut claimed = Vec::with_capacity(due.len());
                for slip in &due {
                    claimed.extend(store::claim_slip(tx, slip, (&worker, until), now).await?);
                }
                Ok::<_, Fault>(claimed)
            })
        });
        write.await
    }

    /// What a slip says now; none when it is good for nothing any more.
    pub async fn words_of(&self, slip: &Slip) -> Result<Option<Words>, Refusal> {
        let host_or = |host: &Option<String>| host.clone().unwrap_or_else(|| "an endpoint".to_owned());
        Ok(match &slip.about {
            SlipAbout::Code { code } => {
                let (Some(digits), Some(handoff)) = (self.digits_of(code).await?, &slip.handoff) else {
                    return Ok(None);
                };
                let row = self.glance(&slip.workspace, handoff).await?;
                Some(asking::write_code(&name_of(&row), &digits, CODE_LIVES.as_mins()))
            }
            SlipAbout::Invitation { invitation } => self.words_of_invitation(invitation).await?,
            SlipAbout::EndpointDisabled { endpoint, host, reason } => {
                Some(asking::write_disabled((&host_or(host), endpoint), reason.as_deref().unwrap_or_default()))
            }
            SlipAbout::DeliveryExhausted { endpoint, host, count } => {
                Some(asking::write_exhausted((&host_or(host), endpoint), *count))
            }
            SlipAbout::MessageUndeliverable { count } => Some(asking::write_undeliverable(*count)),
        })
    }

    /// When a slip that could not be sent is tried again; none when it was tried often enough.
    pub fn next_slip_try(&self, slip: &Slip) -> Option<Timestamp> {
        let now = self.now();
        match slip.about {
            SlipAbout::Code { .. } => Some(now + CODE_AGAIN).filter(|at| *at < slip.created_at + CODE_LIVES),
            _ => (slip.attempts < MOST_ATTEMPTS).then(|| now + NOTICE_AGAIN),
        }
    }

    /// Writes down how an attempt ended.
    pub async fn end_slip(&self, slip: Slip, end: SlipEnd) -> Result<(), Fault> {
        let now = self.now();
        let write =
            self.store.writer().write(move |tx| Box::pin(async move { store::end_slip(tx, &slip, &end, now).await }));
        write.await
    }
}

/// Has everybody told who is to know, once an hour at most; what happens meanwhile is told together.
pub(super) async fn notify(
    tx: &mut Tx<'_>,
    workspace: &Workspace,
    (receivers, about): (&[String], &SlipAbout),
    now: Timestamp,
) -> Result<(), Fault> {
    if is_for_trying(workspace) {
        return Ok(());
    }
    let topic = match about {
        SlipAbout::EndpointDisabled { endpoint, .. } => format!("disabled:{endpoint}"),
        SlipAbout::DeliveryExhausted { endpoint, .. } => format!("exhausted:{endpoint}"),
        SlipAbout::MessageUndeliverable { .. } => "undeliverable".to_owned(),
        SlipAbout::Code { .. } | SlipAbout::Invitation { .. } => return Ok(()),
    };
    store::forget_slips(tx, workspace, now - KEPT).await?;
    for email in receivers {
        let last = store::find_slip(tx.reading().await?, workspace, (&topic, email)).await?;
        let mut next_at = now;
        if let Some((mut slip, at, is_waiting)) = last {
            if is_waiting {
                use SlipAbout::{DeliveryExhausted, MessageUndeliverable};
                if let DeliveryExhausted { count, .. } | MessageUndeliverable { count } = &mut slip.about {
                    *count = count.saturating_add(1);
                    store::save_about(tx, workspace, &slip).await?;
                }
                continue;
            }
            next_at = next_at.max(at + NOTICE_EVERY);
        }
        let new = NewSlip {
            id: random_id("slp_"),
            handoff: None,
            about: about.clone(),
            topic: topic.clone(),
            email: email.clone(),
            name: None,
            next_at,
        };
        store::add_slip(tx, workspace, &new, now).await?;
    }
    Ok(())
}
