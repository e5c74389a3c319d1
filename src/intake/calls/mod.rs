//! Calls: captions and transcripts of every kind as turns, each with its speaker
//! and the time it began.

pub(super) mod call;
pub(super) mod cues;
pub(super) mod plain;
pub(super) mod srt;
pub(super) mod vtt;
