//! People who log in: who they are, what they may do, and the hashes of what
//! they prove themselves with. Nobody is ever two people of one workspace with
//! the same address.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::workspace::Workspace;
use super::writer::Tx;

/// A question about rows of members, whole.
macro_rules! select_members {
    ($which:literal) => {
        concat!(
            "SELECT id, workspace, name, email, role, password, code_secret, code_step, recovery, created_at, disabled_at, team ",
            "FROM members WHERE ",
            $which
        )
    };
}
const BY_ID: &str = select_members!("id = $1");
const BY_EMAIL: &str = select_members!("workspace = $1 AND same_email = $2");
const ALL: &str = select_members!("workspace = $1 ORDER BY created_at, id");

/// One member as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// `mbr_…`.
    pub id: String,
    pub workspace: Workspace,
    pub name: String,
    /// As it was typed.
    pub email: String,
    /// `admin`, `sender`, ….
    pub role: String,
    pub password: Option<String>,
    /// What an authenticator app and we share, sealed.
    pub code_secret: Option<String>,
    /// The newest step whose code was used.
    pub code_step: i64,
    /// Hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// The team they work in, by the name that routes have for it.
    pub team: Option<String>,
}

impl std::fmt::Debug for MemberRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("MemberRow").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

/// The same address is the same text.
pub fn same_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Stores a new member; [`Fault::Taken`] when the workspace has one with this address.
pub async fn insert_member(tx: &mut Tx<'_>, member: &MemberRow) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO members (id, workspace, name, email, same_email, role, password, code_secret, code_step, recovery, \
         created_at, disabled_at, team) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&member.id)
    .bind(member.workspace.as_str())
    .bind(&member.name)
    .bind(&member.email)
    .bind(same_email(&member.email))
    .bind(&member.role)
    .bind(&member.password)
    .bind(&member.code_secret)
    .bind(member.code_step)
    .bind(serde_json::to_string(&member.recovery)?)
    .bind(member.created_at.as_millisecond())
    .bind(member.disabled_at.map(Timestamp::as_millisecond))
    .bind(&member.team)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// Writes down everything of a member that can change.
pub async fn save_member(tx: &mut Tx<'_>, member: &MemberRow) -> Result<(), Fault> {
    sqlx::query(
        "UPDATE members SET name = $3, role = $4, password = $5, code_secret = $6, code_step = $7, recovery = $8, \
         disabled_at = $9, team = $10 WHERE workspace = $1 AND id = $2",
    )
    .bind(member.workspace.as_str())
    .bind(&member.id)
    .bind(&member.name)
    .bind(&member.role)
    .bind(&member.password)
    .bind(&member.code_secret)
    .bind(member.code_step)
    .bind(serde_json::to_string(&member.recovery)?)
    .bind(member.disabled_at.map(Timestamp::as_millisecond))
    .bind(&member.team)
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The member of that id: here a workspace is found, not given.
pub async fn find_member(connection: &mut SqliteConnection, id: &str) -> Result<Option<MemberRow>, Fault> {
    let row = sqlx::query(BY_ID).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The member with that address in the workspace of that name, as somebody who signs in types them.
pub async fn find_member_by_email(
    connection: &mut SqliteConnection,
    (workspace, email): (&str, &str),
) -> Result<Option<MemberRow>, Fault> {
    let row = sqlx::query(BY_EMAIL).bind(workspace).bind(same_email(email)).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// Everybody of a workspace, in the order in which they came.
pub async fn list_members(connection: &mut SqliteConnection, workspace: &Workspace) -> Result<Vec<MemberRow>, Fault> {
    let rows = sqlx::query(ALL).bind(workspace.as_str()).fetch_all(connection).await?;
    rows.iter().map(from_row).collect()
}

/// Whether anybody can log in at all, in whichever workspace.
pub async fn has_members(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM members LIMIT 1").fetch_optional(connection).await?;
    Ok(found.is_some())
}

/// Lets a member go with all that is theirs alone, and clears the entries of the log that are about their account or
/// name them outside a handoff. The chain of hashes holds without the words.
pub async fn erase_member(tx: &mut Tx<'_>, member: &MemberRow) -> Result<(), Fault> {
    for statement in [
        "DELETE FROM member_sessions WHERE workspace = $1 AND member = $2 AND $3 IS NOT NULL",
        "DELETE FROM member_identities WHERE workspace = $1 AND member = $2 AND $3 IS NOT NULL",
        "DELETE FROM invitations WHERE workspace = $1 AND (member = $2 OR same_email = $3)",
        "DELETE FROM slips WHERE workspace = $1 AND handoff IS NULL AND LOWER(email) = $3 AND $2 IS NOT NULL",
        "UPDATE events SET detail = NULL WHERE workspace = $1 AND handoff IS NULL AND detail IS NOT NULL \
         AND (json_extract(detail, '$.member') = $2 OR json_extract(detail, '$.actor.key') = $2) AND $3 IS NOT NULL",
        "DELETE FROM drafts WHERE workspace = $1 AND person = $2 AND $3 IS NOT NULL",
        "DELETE FROM members WHERE workspace = $1 AND id = $2 AND $3 IS NOT NULL",
    ] {
        sqlx::query(statement)
            .bind(member.workspace.as_str())
            .bind(&member.id)
            .bind(same_email(&member.email))
            .execute(tx.reading().await?)
            .await?;
    }
    Ok(())
}

fn from_row(row: &SqliteRow) -> Result<MemberRow, Fault> {
    Ok(MemberRow {
        id: row.try_get("id")?,
        workspace: Workspace::stored(row.try_get("workspace")?),
        name: row.try_get("name")?,
        email: row.try_get("email")?,
        role: row.try_get("role")?,
        password: row.try_get("password")?,
        code_secret: row.try_get("code_secret")?,
        code_step: row.try_get("code_step")?,
        recovery: serde_json::from_str(row.try_get("recovery")?)?,
        created_at: time(row.try_get("created_at")?),
        disabled_at: row.try_get::<Option<i64>, _>("disabled_at")?.map(time),
        team: row.try_get("team")?,
    })
}
