//! How a command ends: the exit status, and the two ways it can fail.

use std::process::ExitCode;

/// The exit statuses of every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Complete, or done.
    Done,
    /// Something could not be read or written, or a check found mistakes.
    Failed,
    /// An argument or a setting is wrong.
    BadUsage,
    /// The brief has gaps, or not everything was read.
    NotComplete,
    /// A figure of an eval is beyond its limit.
    GateBroken,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Done => 0,
            Status::Failed => 1,
            Status::BadUsage => 2,
            Status::NotComplete => 3,
            Status::GateBroken => 4,
        })
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The person can mend it by calling differently.
    Usage(String),
    /// The world is not as it should be.
    Broken(anyhow::Error),
}

impl Failure {
    pub fn status(&self) -> Status {
        match self {
            Failure::Usage(_) => Status::BadUsage,
            Failure::Broken(_) => Status::Failed,
        }
    }

    /// The whole message with its causes, without `error:` before it.
    pub fn message(&self) -> String {
        match self {
            Failure::Usage(message) => message.clone(),
            Failure::Broken(error) => format!("{error:#}"),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Failure::Broken(error)
    }
}
