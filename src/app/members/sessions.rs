//! Sessions of people who logged in: whose one is, which there are, and how
//! they end. A session dies with its member's right to be here.

use serde_json::json;

use super::signing_in::{SESSION_IDLE, tell};
use super::{Member, Visitor};
use crate::access::links::hash_of;
use crate::app::{App, Refusal};
use crate::handoff::EventKind;
use crate::store::{self, Fault, MemberSession};

/// A session's last sign of life is written down this often, not at every look.
const TOUCH_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);

impl App {
    /// Who is behind a cookie's secret, while the session lives and they may log in.
    pub async fn visitor(&self, secret: &str) -> Result<Option<Visitor>, Fault> {
        let (hash, now) = (hash_of(secret), self.now());
        let mut reader = self.store.reader().await?;
        let Some(session) = store::find_member_session(&mut reader, &hash).await? else { return Ok(None) };
        let row = store::find_member(&mut reader, &session.member).await?;
        drop(reader);
        let is_over = session.expires_at <= now || session.seen_at + SESSION_IDLE <= now;
        let Some(row) = row.filter(|row| !is_over && row.disabled_at.is_none()) else { return Ok(None) };
        if session.seen_at + TOUCH_EVERY <= now {
            let hash = hash.clone();
            let touch = self
                .store
                .writer()
                .write(move |tx| Box::pin(async move { store::touch_member_session(tx, &hash, now).await }));
            touch.await?;
        }
        Ok(Some(Visitor { member: Member::of(&row)?, session: session.id, hash }))
    }

    /// A visitor's sessions that live, the one that was used last first.
    pub async fn member_sessions(&self, visitor: &Visitor) -> Result<Vec<MemberSession>, Fault> {
        let now = self.now();
        let owner = (&visitor.member.workspace, visitor.member.id.as_str());
        let all = store::list_member_sessions(&mut *self.store.reader().await?, owner).await?;
        let lives = |session: &MemberSession| session.expires_at > now && session.seen_at + SESSION_IDLE > now;
        Ok(all.into_iter().filter(lives).collect())
    }

    /// Ends one of a visitor's sessions.
    pub async fn end_session(&self, visitor: &Visitor, id: &str) -> Result<(), Refusal> {
        let (member, id, now) = (visitor.member.clone(), id.to_owned(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let owner = (&member.workspace, member.id.as_str());
                if !store::end_member_session_by_id(tx, owner, &id).await? {
                    return Err(Refusal::NotFound("session"));
                }
                let Some(row) = store::find_member(tx.reading().await?, &member.id).await? else { return Ok(()) };
                tell(tx, &row, EventKind::MemberSignedOut, json!({"session": id}), now).await?;
                Ok::<_, Refusal>(())
            })
        });
        write.await
    }

    /// Ends all of a visitor's sessions but this one; how many.
    pub async fn end_other_sessions(&self, visitor: &Visitor) -> Result<u64, Refusal> {
        let (visitor, now) = (visitor.clone(), self.now());
        let write = self.store.writer().write(move |tx| {
            Box::pin(async move {
                let owner = (&visitor.member.workspace, visitor.member.id.as_str());
                let ended = store::end_member_sessions(tx, owner, Some(&visitor.hash)).await?;
                let Some(row) = store::find_member(tx.reading().await?, &visitor.member.id).await? else {
                    return Ok(ended);
                };
                if ended > 0 {
                    tell(tx, &row, EventKind::MemberSignedOut, json!({"sessions": ended}), now).await?;
                }
                Ok::<_, Refusal>(ended)
            })
        });
        write.await
    }
}
