//! Keys as somebody looks after them who is logged in: those of their own
//! workspace and of the one beside it for trying. Made and revoked as the
//! command line does it, and the log names the person.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::SecretString;

use super::keyring::{KeyRequest, add_key_of, check_signing_secret, cut_key_of};
use super::members::Visitor;
use super::{App, Problem, Refusal, TEST_ENDING};
use crate::store::{self, Fault, KeyRow, Workspace};

/// Letters of what people call a key.
const MOST_LETTERS: usize = 80;

/// A key as it is shown: never its text.
#[derive(Debug, Clone)]
pub struct KeyShown {
    pub row: KeyRow,
    pub state: KeyState,
    pub used_at: Option<Timestamp>,
}

/// Whether a key opens anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Living,
    Ended(Timestamp),
    Revoked(Timestamp),
}

impl App {
    /// The keys of the visitor's workspace, the newest first.
    pub async fn keys_of(&self, visitor: &Visitor) -> Result<Vec<KeyShown>, Fault> {
        let mut all = Vec::new();
        let mut reader = self.store.reader().await?;
        for workspace in both(&store::list_workspaces(&mut reader).await?, visitor) {
            all.extend(store::list_keys(&mut reader, &workspace).await?);
        }
        drop(reader);
        all.sort_by(|one, other| (other.created_at, &other.id).cmp(&(one.created_at, &one.id)));
        Ok(all.into_iter().map(|row| self.shown_key(row)).collect())
    }

    /// One of them.
    pub async fn key_of(&self, visitor: &Visitor, id: &str) -> Result<KeyShown, Refusal> {
        let mut reader = self.store.reader().await?;
        let workspaces = both(&store::list_workspaces(&mut reader).await?, visitor);
        let row = store::find_key(&mut reader, id).await?.filter(|row| workspaces.contains(&row.workspace));
        Ok(self.shown_key(row.ok_or(Refusal::NotFound("key"))?))
    }

    /// Makes a key that can do no more than the visitor; its text is told here alone.
    pub async fn make_key(
        self: &Arc<Self>,
        visitor: &Visitor,
        request: KeyRequest,
    ) -> Result<(String, SecretString), Refusal> {
        let problems = self.problems_of(visitor, &request);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let workspace = visitor.member.workspace.as_str().to_owned();
        let request = KeyRequest { workspace, ..request };
        let made = add_key_of((&self.store, &self.sealer), request, Some(visitor.actor()), self.now()).await?;
        self.publish_everywhere().await?;
        Ok(made)
    }

    /// Revokes a key of the visitor's workspace for good.
    pub async fn revoke_key(&self, visitor: &Visitor, id: &str) -> Result<(), Refusal> {
        let workspaces = {
            let mut reader = self.store.reader().await?;
            both(&store::list_workspaces(&mut reader).await?, visitor)
        };
        let whose = Some((workspaces, visitor.actor()));
        match cut_key_of(&self.store, id.to_owned(), whose, self.now()).await? {
            true => Ok(()),
            false => Err(Refusal::NotFound("key")),
        }
    }

    fn shown_key(&self, row: KeyRow) -> KeyShown {
        let now = self.now();
        let state = match (row.revoked_at, row.expires_at) {
            (Some(at), _) => KeyState::Revoked(at),
            (None, Some(end)) if end <= now => KeyState::Ended(end),
            _ => KeyState::Living,
        };
        KeyShown { state, used_at: row.used_at.max(self.used.of(&row.id)), row }
    }

    fn problems_of(&self, visitor: &Visitor, request: &KeyRequest) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut wrong = |part: &str, code: &str, detail: String| {
            problems.push(Problem::new(format!("/{part}"), code, detail));
        };
        let name = request.name.trim();
        if name.is_empty() {
            wrong("name", "empty", "say what it is for, such as the program that calls with it".to_owned());
        } else if name.chars().count() > MOST_LETTERS {
            wrong("name", "too_long", format!("at most {MOST_LETTERS} letters"));
        } else if name.chars().any(char::is_control) {
            wrong("name", "invalid", "write it on one line, without control letters".to_owned());
        }
        if request.scopes.iter().next().is_none() {
            wrong("scopes", "empty", "choose what it may do".to_owned());
        } else if !request.scopes.is_within(&visitor.member.role.scopes()) {
            wrong("scopes", "not_allowed", "a key can do no more than whoever makes it".to_owned());
        }
        if request.expires_at.is_some_and(|end| end <= self.now()) {
            wrong("expires", "past", "this is in the past".to_owned());
        }
        if request.key_pointer.as_ref().is_some_and(|pointer| !pointer.starts_with('/')) {
            wrong("key_pointer", "invalid", "begin with `/`, as in /event/id".to_owned());
        }
        if let Some(secret) = &request.signing_secret
            && let Err(fault) = check_signing_secret(request.preset, secret)
        {
            wrong("signing_secret", "invalid", fault.to_string());
        }
        problems
    }
}

/// The visitor's workspace and the one for trying beside it, as far as they are there.
fn both(all: &[Workspace], visitor: &Visitor) -> Vec<Workspace> {
    let own = visitor.member.workspace.as_str();
    let is_own = |one: &&Workspace| {
        one.as_str() == own || one.as_str().strip_suffix(TEST_ENDING).is_some_and(|beside| beside == own)
    };
    all.iter().filter(is_own).cloned().collect()
}
