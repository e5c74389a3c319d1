//! How an attempt to send a message to a person ended, the same for every way
//! by which messages leave.

use std::time::Duration;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// It was taken. A note says what is odd about it.
    Sent { note: Option<String> },
    /// It may work later; not before `after` if the other side said so.
    Again { after: Option<Duration>, problem: String, is_unclear: bool },
    /// It will never work as it is.
    Never { problem: String },
}
