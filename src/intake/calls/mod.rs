//! Calls: captions and transcripts of every kind as turns, each with its speaker
//! and the time it began.

pub(super) mod call;
pub(super) mod captions;
pub(super) mod cues;
pub(super) mod json;
pub(super) mod plain;
mod voices;
