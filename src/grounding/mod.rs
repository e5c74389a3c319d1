//! Stub.

use crate::brief::Tier;
use crate::claim::Citation;
use crate::conversation::{Conversation, MessageId};

/// Stub.
pub struct Index<'a>(#[allow(dead_code)] &'a Conversation);

/// Stub.
pub struct Match {
    pub message: MessageId,
    pub start: usize,
    pub end: usize,
    pub tier: Tier,
    pub doubts: Vec<()>,
}

impl<'a> Index<'a> {
    /// Stub.
    pub fn new(conversation: &'a Conversation) -> Index<'a> {
        Index(conversation)
    }

    /// Stub.
    pub fn check(&self, _citation: &Citation) -> Option<Match> {
        None
    }
}

impl Match {
    /// Stub.
    pub fn verified(&self) -> bool {
        self.tier != Tier::Near && self.doubts.is_empty()
    }
}
