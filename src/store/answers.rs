//! What people said about a handoff, in the order they said it: answers,
//! sources they dismissed, what the receiver gave back. Only added to.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteConnection;

use super::fault::Fault;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::answers::{self, Answer, Dismissal, Given, Return};
use crate::brief::Brief;
use crate::gaps::People;
use crate::handoff::HandoffId;
use crate::route::Route;

/// Everything people said of one handoff.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub answers: Vec<Answer>,
    pub dismissals: Vec<Dismissal>,
    pub returns: Vec<Return>,
}

impl Said {
    /// How often anybody said anything; it only grows.
    pub fn count(&self) -> usize {
        self.answers.len() + self.dismissals.len() + self.returns.len()
    }

    /// When somebody last said something.
    pub fn newest(&self) -> Option<Timestamp> {
        let answers = self.answers.iter().map(|answer| answer.at);
        let dismissals = self.dismissals.iter().map(|dismissal| dismissal.at);
        answers.chain(dismissals).chain(self.returns.iter().map(|given_back| given_back.at)).max()
    }

    /// The return of the whole that still stands: since then nobody said anything, and no batch of context has come.
    pub fn given_back(&self, batches: u32) -> Option<&Return> {
        let newest = self.returns.iter().max_by_key(|back| back.at)?;
        let is_later = |at: Timestamp| at > newest.at;
        let is_answered = self.answers.iter().any(|answer| is_later(answer.at))
            || self.dismissals.iter().any(|dismissal| is_later(dismissal.at));
        (newest.fields.is_empty() && newest.batches >= batches && !is_answered).then_some(newest)
    }

    /// The brief in force: the machine's reading with what people said laid over it.
    pub fn apply(&self, base: &Brief, route: &Route, people: &People, now: Timestamp) -> Brief {
        let given = Given { answers: &self.answers, dismissals: &self.dismissals, returns: &self.returns };
        answers::apply(base, route, &given, people, now)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Answer,
    Dismissal,
    Return,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Answer => "answer",
            Kind::Dismissal => "dismissal",
            Kind::Return => "return",
        }
    }
}

pub async fn add_said(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    said: &Said,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut rows = Vec::new();
    for answer in &said.answers {
        rows.push((Kind::Answer, serde_json::to_string(answer)?));
    }
    for dismissal in &said.dismissals {
        rows.push((Kind::Dismissal, serde_json::to_string(dismissal)?));
    }
    for given_back in &said.returns {
        rows.push((Kind::Return, serde_json::to_string(given_back)?));
    }
    for (kind, body) in rows {
        sqlx::query(
            "INSERT INTO answers (workspace, handoff, place, kind, body, created_at) \
             SELECT $1, $2, COALESCE(MAX(place), 0) + 1, $3, $4, $5 FROM answers WHERE workspace = $1 AND handoff = $2",
        )
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .bind(kind.name())
        .bind(body)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    }
    Ok(())
}

pub async fn list_said(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Said, Fault> {
    let rows = sqlx::query("SELECT kind, body FROM answers WHERE workspace = $1 AND handoff = $2 ORDER BY place")
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .fetch_all(connection)
        .await?;
    let mut said = Said::default();
    for row in rows {
        let (kind, body): (String, String) = (row.try_get("kind")?, row.try_get("body")?);
        match kind.as_str() {
            "answer" => said.answers.push(read(&body)?),
            "dismissal" => said.dismissals.push(read(&body)?),
            "return" => said.returns.push(read(&body)?),
            other => return Err(Fault::Damaged(format!("no such kind of answer: {other}"))),
        }
    }
    Ok(said)
}

/// The same as it is stored: place, kind, content.
pub async fn list_bodies(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
) -> Result<Vec<(i64, String, serde_json::Value)>, Fault> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT place, kind, body FROM answers WHERE workspace = $1 AND handoff = $2 ORDER BY place")
            .bind(workspace.as_str())
            .bind(&handoff.0)
            .fetch_all(connection)
            .await?;
    rows.into_iter().map(|(place, kind, body)| Ok((place, kind, read(&body)?))).collect()
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Fault> {
    Ok(serde_json::from_str(body)?)
}
