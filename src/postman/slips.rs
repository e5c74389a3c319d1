//! Sends the mails that belong to no question: codes for links, which somebody
//! waits for, and notices to whoever looks after Baton. By mail alone.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{MOST_AT_ONCE, Roads};
use crate::app::App;
use crate::asking::Words;
use crate::outbound::{Mail, Mailer, Posted};
use crate::store::{Fault, Slip, SlipEnd};

/// Takes the slips that are due and begins to send them; how many.
pub(super) async fn start_due(app: &Arc<App>, ways: &Arc<Roads>, running: &mut JoinSet<()>) -> Result<usize, Fault> {
    let room = MOST_AT_ONCE.saturating_sub(running.len());
    if ways.mail.is_none() || room == 0 {
        return Ok(0);
    }
    let claimed = app.claim_slips(i64::try_from(room).unwrap_or(1)).await?;
    let count = claimed.len();
    for slip in claimed {
        let (app, ways) = (app.clone(), ways.clone());
        running.spawn(async move { send_one(&app, &ways, slip).await });
    }
    Ok(count)
}

async fn send_one(app: &Arc<App>, ways: &Roads, slip: Slip) {
    let Some(mail) = &ways.mail else { return };
    let end = match app.words_of(&slip).await {
        Ok(Some(words)) => ended(app, &slip, send(mail, (&slip, &words), app.now()).await),
        Ok(None) => SlipEnd::Failed { problem: "it was good for nothing any more".to_owned() },
        Err(refusal) => again(app, &slip, format!("its words could not be made: {}", refusal.code())),
    };
    if let SlipEnd::Failed { problem } = &end {
        tracing::warn!(slip = slip.id, problem, "a code or notice did not leave");
    }
    let id = slip.id.clone();
    if let Err(fault) = app.end_slip(slip, end).await {
        // Its lease runs out, and then it is sent once more under the same id.
        tracing::warn!(slip = id, %fault, "the end of a code or notice could not be written down");
    }
}

async fn send(mailer: &Mailer, (slip, words): (&Slip, &Words), now: jiff::Timestamp) -> Posted {
    let mail = Mail {
        id: &slip.id,
        // Codes stand with the other mails of their handoff, notices each for themselves.
        thread: slip.handoff.as_ref().map_or(&slip.id, |handoff| &handoff.0),
        name: slip.name.as_deref(),
        email: &slip.email,
        subject: &words.subject,
        text: &words.text,
        html: &words.html,
        at: now.as_millisecond(),
    };
    mailer.send(&mail).await
}

fn ended(app: &App, slip: &Slip, posted: Posted) -> SlipEnd {
    match posted {
        Posted::Sent { .. } => SlipEnd::Sent,
        Posted::Never { problem } => SlipEnd::Failed { problem },
        Posted::Again { problem, .. } => again(app, slip, problem),
    }
}

fn again(app: &App, slip: &Slip, problem: String) -> SlipEnd {
    match app.next_slip_try(slip) {
        Some(at) => SlipEnd::Again { at, problem },
        None => SlipEnd::Failed { problem },
    }
}
