//! Passes after they were given: what one is worth now, and what a repeated
//! transfer is told about the one it got.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{App, Refusal};
use crate::access::passes::{Claims, PassFault};
use crate::store::{self, Handoff, Workspace};

/// What the answer to a transfer says of its pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    Issued(Token),
    /// The same transfer got one before, which is not in force any more: `expired` or `superseded`.
    Ended(&'static str),
}

/// Permission to move, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: String,
    pub text: String,
    pub expires_at: Timestamp,
}

/// Which pass an answer gave, kept beside the answer for its repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub(super) id: String,
    pub(super) expires_at: Timestamp,
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

impl Given {
    /// Why the pass is not in force any more, if so.
    pub(super) fn ended(&self, row: &Handoff, now: Timestamp) -> Option<&'static str> {
        if self.expires_at <= now {
            return Some("expired");
        }
        (!is_in_force(row, &self.id)).then_some("superseded")
    }
}

/// Whether a pass that has not run out still stands for the handoff as it is now.
fn is_in_force(row: &Handoff, pass: &str) -> bool {
    row.pass.as_deref() == Some(pass)
        && row.status.has_moved()
        && row.changed.is_empty()
        && row.read_batches == row.batches
}

impl App {
    /// What a pass is worth at this moment, for whoever holds it.
    pub async fn verify_pass(&self, workspace: &Workspace, token: &str) -> Result<PassState, Refusal> {
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
        let is_in_force = row.is_some_and(|row| is_in_force(&row, &claims.jti));
        Ok(if is_in_force { PassState::Valid { claims } } else { PassState::Invalid("superseded") })
    }
}
