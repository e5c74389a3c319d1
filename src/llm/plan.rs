//! How messages are shared out over calls: all in one where they fit, else in
//! windows of whole messages. Only what stands from a start on is shared out,
//! so that a later batch changes no call of an earlier one.

use super::Reader;
use super::budget::{Window, estimate, windows};
use super::layout::{Block, blocks_from};
use super::prompt::{PromptError, most_output};
use crate::conversation::{Conversation, Message};
use crate::route::Route;

/// Tokens of sources that a call must have room for.
const LEAST_ROOM: usize = 512;
/// What is neither known of a prompt's tokens nor worth counting is taken this much larger.
pub(super) const CAREFUL: f64 = 1.3;

/// How a conversation is shared out.
pub(super) struct Plan {
    /// The part that all calls share.
    pub system: String,
    pub blocks: Vec<Block>,
    pub windows: Vec<Window>,
    pub context_tokens: usize,
    pub fixed_tokens: usize,
}

/// The first document and message that are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Start {
    pub document: usize,
    pub message: usize,
}

impl Start {
    /// Where the newest batch of a conversation begins.
    pub(super) fn of_newest(conversation: &Conversation) -> Start {
        conversation.batches.last().map_or(Start::default(), |batch| Start {
            document: batch.documents,
            message: batch.first.0.saturating_sub(1) as usize,
        })
    }
}

impl Reader {
    /// Shares out what stands from `start` on.
    pub(super) fn plan(&self, route: &Route, conversation: &Conversation, start: Start) -> Result<Plan, PromptError> {
        let system = self.prompts.system(route, self.form)?;
        let fixed_tokens = estimate(&system);
        let most_output = self.max_output_tokens.unwrap_or_else(|| most_output(self.form, route.fields.len())) as usize;
        let reserve = (fixed_tokens as f64 * CAREFUL) as usize + most_output;
        if reserve + LEAST_ROOM > self.context_tokens {
            let problem = format!(
                "{} tokens are too few: the rules and fields of `{}` and the answer need {reserve}, sources at least {LEAST_ROOM}",
                self.context_tokens, route.id
            );
            return Err(PromptError { file: "model.context_tokens".to_owned(), problem });
        }
        let room = (self.context_tokens - reserve).min(self.window_tokens);
        // Messages stay whole where their tokens fit; a token of usual text has three bytes and more.
        let blocks = self.blocks(conversation, start, room);
        let fresh = conversation.messages.get(start.message..).unwrap_or_default();
        let bytes: usize = blocks.iter().map(|block| block.text.len()).sum();
        if bytes <= room {
            let texts = fresh.iter().map(|message| estimate(&message.text)).sum::<usize>();
            let context_tokens = texts + beside_texts(fresh);
            let whole = Window { from: 0, own: 0, end: blocks.len() };
            // Without messages, as with a CRM record alone, there is nothing to ask about.
            let windows = if blocks.is_empty() { Vec::new() } else { vec![whole] };
            return Ok(Plan { system, blocks, windows, context_tokens, fixed_tokens });
        }
        // Each text is counted once, for the context and for its block.
        let texts: Vec<usize> = fresh.iter().map(|message| self.counter.count(&message.text)).collect();
        let size = |block: &Block| {
            let message = &conversation.messages[block.position];
            match block.bytes == message.text.len() {
                // What the block adds to the words, its head above all, has two bytes a token at least.
                true => {
                    let added = block.text.len().saturating_sub(message.text.len()) / 2;
                    self.counter.safely(texts[block.position - start.message] + added + 4)
                }
                false => self.counter.count_safely(&block.text) + 1,
            }
        };
        let sizes: Vec<usize> = blocks.iter().map(size).collect();
        let context_tokens = texts.iter().sum::<usize>() + beside_texts(fresh);
        Ok(Plan { system, windows: windows(&sizes, room), blocks, context_tokens, fixed_tokens })
    }

    /// Whole messages, but for those whose own tokens are more than fit.
    fn blocks(&self, conversation: &Conversation, start: Start, room: usize) -> Vec<Block> {
        let whole = blocks_from(conversation, start.document, room.saturating_mul(3));
        let fits = |block: &Block| block.text.len() <= room || self.counter.count_safely(&block.text) < room;
        // No token is shorter than a byte, so a block of `room` bytes fits whatever the vocabulary.
        if whole.iter().all(fits) { whole } else { blocks_from(conversation, start.document, room) }
    }
}

/// Tokens of author and time of each message, which with its text are the context.
fn beside_texts(messages: &[Message]) -> usize {
    let one = |message: &Message| {
        let author = &message.author;
        let who =
            [author.name.as_deref(), author.address.as_deref()].into_iter().flatten().map(estimate).sum::<usize>();
        who + message.at.map_or(0, |at| estimate(&at.to_string()))
    };
    messages.iter().map(one).sum()
}
