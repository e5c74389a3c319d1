//! Chats: messages, threads and edits as the programs export them, with the
//! names behind their ids.

pub(super) mod slack;
pub(super) mod slack_text;
