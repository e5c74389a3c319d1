//! Invitations: who may become a member, or choose a new password. Their
//! tokens are made from the row when they are needed and never stored.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::fault::Fault;
use super::handoffs::time;
use super::members::same_email;
use super::workspace::Workspace;
use super::writer::Tx;

/// One invitation as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationRow {
    /// `inv_…`.
    pub id: String,
    pub workspace: Workspace,
    /// Who gets a new password; none for somebody new.
    pub member: Option<String>,
    pub email: String,
    pub name: Option<String>,
    pub role: String,
    /// Name of who invites.
    pub made_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Used or withdrawn.
    pub ended_at: Option<Timestamp>,
}

impl InvitationRow {
    /// Whether it still opens anything.
    pub fn lives(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && self.expires_at > now
    }
}

const COLUMNS: &str = "id, workspace, member, email, name, role, made_by, created_at, expires_at, ended_at";

/// Stores an invitation in place of whichever that address has, and forgets those that ended long ago.
pub async fn insert_invitation(tx: &mut Tx<'_>, invitation: &InvitationRow, old: Timestamp) -> Result<(), Fault> {
    sqlx::query("DELETE FROM invitations WHERE expires_at <= $1")
        .bind(old.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    sqlx::query("UPDATE invitations SET ended_at = $3 WHERE workspace = $1 AND same_email = $2 AND ended_at IS NULL")
        .bind(invitation.workspace.as_str())
        .bind(same_email(&invitation.email))
        .bind(invitation.created_at.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    sqlx::query(
        "INSERT INTO invitations (id, workspace, member, email, same_email, name, role, made_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&invitation.id)
    .bind(invitation.workspace.as_str())
    .bind(&invitation.member)
    .bind(&invitation.email)
    .bind(same_email(&invitation.email))
    .bind(&invitation.name)
    .bind(&invitation.role)
    .bind(&invitation.made_by)
    .bind(invitation.created_at.as_millisecond())
    .bind(invitation.expires_at.as_millisecond())
    .execute(tx.reading().await?)
    .await?;
    Ok(())
}

/// The invitation of that id, dead or alive: here a workspace is found, not given.
pub async fn find_invitation(connection: &mut SqliteConnection, id: &str) -> Result<Option<InvitationRow>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM invitations WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id).fetch_optional(connection).await?;
    row.map(|row| from_row(&row)).transpose()
}

/// The invitation that an address has and has not used, for somebody new.
pub async fn find_open_invitation(
    connection: &mut SqliteConnection,
    (workspace, email): (&Workspace, &str),
    now: Timestamp,
) -> Result<Option<InvitationRow>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM invitations WHERE workspace = $1 AND same_email = $2 AND member IS NULL \
         AND ended_at IS NULL AND expires_at > $3"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(same_email(email))
        .bind(now.as_millisecond())
        .fetch_optional(connection)
        .await?;
    row.map(|row| from_row(&row)).transpose()
}

/// Invitations that wait to be used, the newest first.
pub async fn list_invitations(
    connection: &mut SqliteConnection,
    workspace: &Workspace,
    now: Timestamp,
) -> Result<Vec<InvitationRow>, Fault> {
    let statement = format!(
        "SELECT {COLUMNS} FROM invitations WHERE workspace = $1 AND ended_at IS NULL AND expires_at > $2 \
         ORDER BY created_at DESC, id"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(workspace.as_str())
        .bind(now.as_millisecond())
        .fetch_all(connection)
        .await?;
    rows.iter().map(from_row).collect()
}

/// Ends an invitation; whether it was open.
pub async fn end_invitation(
    tx: &mut Tx<'_>,
    (workspace, id): (&Workspace, &str),
    now: Timestamp,
) -> Result<bool, Fault> {
    let done =
        sqlx::query("UPDATE invitations SET ended_at = $3 WHERE workspace = $1 AND id = $2 AND ended_at IS NULL")
            .bind(workspace.as_str())
            .bind(id)
            .bind(now.as_millisecond())
            .execute(tx.reading().await?)
            .await?;
    Ok(done.rows_affected() > 0)
}

/// Ends every open link by which a member would get a new password.
pub async fn end_resets(tx: &mut Tx<'_>, (workspace, member): (&Workspace, &str), now: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE invitations SET ended_at = $3 WHERE workspace = $1 AND member = $2 AND ended_at IS NULL")
        .bind(workspace.as_str())
        .bind(member)
        .bind(now.as_millisecond())
        .execute(tx.reading().await?)
        .await?;
    Ok(())
}

fn from_row(row: &SqliteRow) -> Result<InvitationRow, Fault> {
    Ok(InvitationRow {
        id: row.try_get("id")?,
        workspace: Workspace::stored(row.try_get("workspace")?),
        member: row.try_get("member")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        role: row.try_get("role")?,
        made_by: row.try_get("made_by")?,
        created_at: time(row.try_get("created_at")?),
        expires_at: time(row.try_get("expires_at")?),
        ended_at: row.try_get::<Option<i64>, _>("ended_at")?.map(time),
    })
}
