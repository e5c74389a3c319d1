//! A copy of the whole database while it is in use: made by SQLite in one
//! reading transaction, checked, synced, and only then given its name.

use std::path::Path;

use super::fault::Fault;
use super::{FILE, Store, create_private, pragma};

/// Copies the database into this folder, as a database of its own; its size in bytes. Everything that was answered
/// before the call is in it. A copy that is there already stays as it is. The keys are not in it.
pub async fn back_up(store: &Store, folder: &Path) -> Result<u64, Fault> {
    let unusable = |error: std::io::Error| Fault::Unusable(format!("{}: {error}", folder.display()));
    create_private(folder).map_err(unusable)?;
    let (whole, part) = (folder.join(FILE), folder.join(format!("{FILE}.part")));
    if whole.exists() {
        return Err(Fault::Unusable(format!("{}: is there already; name another folder", whole.display())));
    }
    // An earlier copy that did not come to its end.
    if part.exists() {
        std::fs::remove_file(&part).map_err(unusable)?;
    }
    // It holds customers' words: for its owner alone, whatever the folder allows.
    create_private_file(&part).map_err(unusable)?;
    let name = part.to_str().ok_or_else(|| Fault::Unusable(format!("{}: is no text", part.display())))?;
    let mut reader = store.background_reader().await?;
    sqlx::query("VACUUM INTO $1").bind(name).execute(&mut *reader).await?;
    drop(reader);
    check(name).await?;
    let file = std::fs::File::open(&part).map_err(unusable)?;
    file.sync_all().map_err(unusable)?;
    let bytes = file.metadata().map_err(unusable)?.len();
    std::fs::rename(&part, &whole).map_err(unusable)?;
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)?;
    Ok(bytes)
}

fn create_private_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Every page of the copy is read and holds together.
async fn check(file: &str) -> Result<(), Fault> {
    use sqlx::Connection;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
    let mut copy = sqlx::SqliteConnection::connect_with(&options).await?;
    let found = pragma(&mut copy, "PRAGMA integrity_check").await?;
    copy.close().await?;
    if found == "ok" { Ok(()) } else { Err(Fault::Unusable(format!("{file}: the copy is damaged: {found}"))) }
}
