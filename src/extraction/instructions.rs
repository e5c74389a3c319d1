//! Words that speak to a machine that reads along, instead of to people. What
//! such a message says may be true, but somebody wants it believed, so a
//! person has the last word on it.

use crate::conversation::{Conversation, MessageId};

/// Phrases that no one writes to a colleague, in small letters.
const PHRASES: [&str; 12] = [
    "ignore all previous instructions",
    "ignore previous instructions",
    "ignore the above instructions",
    "disregard previous instructions",
    "disregard all previous",
    "system prompt",
    "you are an ai",
    "as an ai",
    "language model",
    "<|im_start|>",
    "[inst]",
    "respond only with json",
];

/// The messages that hold such words, in order.
pub(super) fn find_instructions(conversation: &Conversation) -> Vec<MessageId> {
    let holds = |text: &str| {
        let folded = text.to_lowercase();
        PHRASES.iter().any(|phrase| folded.contains(phrase))
    };
    conversation.messages.iter().filter(|message| holds(&message.text)).map(|message| message.id).collect()
}
