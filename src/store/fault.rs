//! What can go wrong with the database, told apart by what a caller can do:
//! wait and try again, or have somebody look.

/// A change or a question that the database did not take.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The disk is full, a sync failed, or the writer is gone: nothing was promised, and it may work later.
    #[error("the database cannot write at the moment: {0}")]
    Unavailable(String),
    /// A row is not as the program wrote it.
    #[error("a stored row cannot be read: {0}")]
    Damaged(String),
    /// The folder or file cannot be used as it is.
    #[error("{0}")]
    Unusable(String),
    /// Another row stands in the way of this one.
    #[error("a row of this kind is there already")]
    Taken,
    /// A statement was refused.
    #[error("the database refused a statement: {0}")]
    Refused(String),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) => {
                // SQLite's primary result code is the low byte of the extended one.
                let code = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default() & 0xff;
                const BUSY: u32 = 5;
                const READ_ONLY: u32 = 8;
                const IO: u32 = 10;
                const FULL: u32 = 13;
                const CANNOT_OPEN: u32 = 14;
                if database.is_unique_violation() {
                    Fault::Taken
                } else if matches!(code, BUSY | READ_ONLY | IO | FULL | CANNOT_OPEN) {
                    Fault::Unavailable(database.message().to_owned())
                } else {
                    Fault::Refused(database.message().to_owned())
                }
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Fault::Unavailable(error.to_string())
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Fault::Damaged(error.to_string()),
            _ => Fault::Refused(error.to_string()),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Fault::Damaged(format!("{:?} at line {}", error.classify(), error.line()))
    }
}
