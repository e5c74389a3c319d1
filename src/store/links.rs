//! Personal links and the sessions opened with them. A link's token is made
//! from its row when it is needed and never stored; of a session only the hash
//! of its cookie's secret is.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;
use crate::answers::Person;
use crate::handoff::{HandoffId, LinkId, LinkPurpose};

/// A question about rows of links, whole.
macro_rules! select_links {
    ($which:literal) => {
        concat!(
            "SELECT id, workspace, handoff, name, email, purpose, created_at, expires_at, revoked_at, opened_at ",
            "FROM links WHERE ",
            $which
        )
    };
}
const BY_ID: &str = select_links!("id = $1");
const OF_IDS: &str = select_links!("workspace = $1 AND id IN (SELECT value FROM json_each($2)) ORDER BY id");
const NEAREST: &str = select_links!("id >= $1 ORDER BY id LIMIT 1");
const LIVING: &str = select_links!(
    "workspace = $1 AND handoff = $2 AND person = $3 AND purpose = $4 AND revoked_at IS NULL AND expires_at > $5 \
     ORDER BY expires_at DESC LIMIT 1"
);

/// One link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    pub id: LinkId,
    pub workspace: Workspace,
    pub handoff: HandoffId,
    pub person: Person,
    pub purpose: LinkPurpose,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub opened_at: Option<Timestamp>,
}

impl LinkRow {
    /// Whether it still opens anything.
    pub fn lives(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at > now
    }
}

/// A session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Of the cookie's secret.
    pub hash: String,
    pub link: LinkId,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

pub async fn insert_link(tx: &mut Tx<'_>, link: &LinkRow) -> Result<(), Fault> {
    tx.later(
        "INSERT INTO links (id, workspace, handoff, name, email, person, purpose, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&link.id.0)
    .bind(link.workspace.as_str())
    .bind(&link.handoff.0)
    .bind(&link.person.name)
    .bind(&link.person.email)
    .bind(same_person(&link.person))
    .bind(link.purpose.name())
    .bind(link.created_at.as_millisecond())
    .bind(link.expires_at.as_millisecond());
    Ok(())
}

/// The link of that id, dead or alive: here a workspace is found, not given.
pub async fn find_link(connection: &mut SqliteConnection, id: &str) -> Result<Option<LinkRow>, Fault> {
    let row = sqlx::query(BY_ID).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The links of these ids, dead or alive, by one question.
pub async fn find_links(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    ids: &[&str],
) -> Result<Vec<LinkRow>, Fault> {
    let ids = serde_json::Value::from(ids).to_string();
    let rows = sqlx::query(OF_IDS).bind(workspace.as_str()).bind(ids).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// The link of that id, else the next one there is: whoever holds a token against it does the same work for an id that
/// nobody has, and sees that it is another.
pub async fn find_nearest_link(connection: &mut SqliteConnection, id: &str) -> Result<Option<LinkRow>, Fault> {
    let row = sqlx::query(NEAREST).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The link that a person has already for this handoff and purpose.
pub async fn find_living_link(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    (person, purpose): (&Person, LinkPurpose),
    now: Timestamp,
) -> Result<Option<LinkRow>, Fault> {
    let row = sqlx::query(LIVING)
        .bind(workspace.as_str())
        .bind(&handoff.0)
        .bind(same_person(person))
        .bind(purpose.name())
        .bind(now.as_millisecond())
        .fetch_optional(connection)
        .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// Gives the person of a link the name they go by; who it is stays told by the address.
pub async fn name_link(tx: &mut Tx<'_>, link: &LinkRow, name: &str) -> Result<(), Fault> {
    sqlx::query("UPDATE links SET name = $3 WHERE workspace = $1 AND id = $2 AND email IS NOT NULL")
        .bind(link.workspace.as_str())
        .bind(&link.id.0)
        .bind(name)
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// Ends a link. One that has ended stays as it is.
pub async fn revoke_link(tx: &mut Tx<'_>, workspace: &Workspace, id: &LinkId, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE links SET revoked_at = COALESCE(revoked_at, $3) WHERE workspace = $1 AND id = $2")
        .bind(workspace.as_str())
        .bind(&id.0)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// Notes when a link was first used.
pub async fn note_opened(tx: &mut Tx<'_>, link: &LinkRow, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE links SET opened_at = COALESCE(opened_at, $3) WHERE workspace = $1 AND id = $2")
        .bind(link.workspace.as_str())
        .bind(&link.id.0)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

pub async fn insert_session(tx: &mut Tx<'_>, session: &SessionRow) -> Result<(), Fault> {
    sqlx::query("INSERT INTO sessions (hash, link, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(&session.hash)
        .bind(&session.link.0)
        .bind(session.created_at.as_millisecond())
        .bind(session.seen_at.as_millisecond())
        .bind(session.expires_at.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// The session whose cookie's secret has this hash.
pub async fn find_session(connection: &mut SqliteConnection, hash: &str) -> Result<Option<SessionRow>, Fault> {
    let row = sqlx::query("SELECT hash, link, created_at, seen_at, expires_at FROM sessions WHERE hash = $1")
        .bind(hash)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(SessionRow {
        hash: row.try_get("hash")?,
        link: LinkId(row.try_get("link")?),
        created_at: time(row.try_get("created_at")?),
        seen_at: time(row.try_get("seen_at")?),
        expires_at: time(row.try_get("expires_at")?),
    }))
}

/// Notes that somebody is still there.
pub async fn touch_session(tx: &mut Tx<'_>, hash: &str, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE sessions SET seen_at = $2 WHERE hash = $1")
        .bind(hash)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx<'_>, hash: &str) -> Result<(), Fault> {
    sqlx::query("DELETE FROM sessions WHERE hash = $1").bind(hash).execute(tx.reading().await?).await?;
    Ok(())
}

/// Lets sessions go that have ended by themselves.
pub async fn forget_sessions(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Fault> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

/// The address tells who it is; a name does where there is none.
fn same_person(person: &Person) -> String {
    let known = person.email.as_deref().unwrap_or(&person.name);
    known.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn from_row(row: &SqliteRow) -> Result<LinkRow, Fault> {
    let purpose: String = row.try_get("purpose")?;
    let moment =
        |column: &str| -> Result<Option<Timestamp>, Fault> { Ok(row.try_get::<Option<i64>, _>(column)?.map(time)) };
    Ok(LinkRow {
        id: LinkId(row.try_get("id")?),
        workspace: Workspace::stored(row.try_get("workspace")?),
        handoff: HandoffId(row.try_get("handoff")?),
        person: Person { name: row.try_get("name")?, email: row.try_get("email")? },
        purpose: LinkPurpose::parse(&purpose)
            .ok_or_else(|| Fault::Damaged(format!("no such purpose of a link: {purpose}")))?,
        created_at: time(row.try_get("created_at")?),
        expires_at: time(row.try_get("expires_at")?),
        revoked_at: moment("revoked_at")?,
        opened_at: moment("opened_at")?,
    })
}
