//! How messages are shared out over calls: all in one where they fit, else in
//! windows of whole messages. Only what stands from a start on is shared out,
//! so that a later batch changes no call of an earlier one.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Reader;
use super::budget::{Window, estimate, windows};
use super::layout::{Block, blocks_from};
use super::prompt::{PromptError, most_output, schema};
use crate::config::AnswerForm;
use crate::conversation::{Conversation, Message};
use crate::route::Route;

/// Tokens of sources that a call must have room for.
const LEAST_ROOM: usize = 512;
/// What is neither known of a prompt's tokens nor worth counting is taken this much larger.
pub(super) const CAREFUL: f64 = 1.3;

/// How a conversation is shared out.
pub(super) struct Plan {
    pub blocks: Vec<Block>,
    pub windows: Vec<Window>,
    pub context_tokens: usize,
}

/// What is sent with every call of a route.
pub(super) struct Fixed {
    pub system: Arc<str>,
    /// Tokens of it.
    pub tokens: usize,
    pub schema: Arc<Json>,
    /// The schema of a second look's answer.
    pub schema_again: Arc<Json>,
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
    /// What every call of a route begins with, made once for a route.
    pub(super) fn fixed(&self, route: &Route) -> Result<Arc<Fixed>, PromptError> {
        route.kept.of(self.number, || {
            let system: Arc<str> = self.prompts.system(route, self.form)?.into();
            let schema = Arc::new(schema(self.form, route));
            let schema_again = match self.form {
                AnswerForm::Records => schema.clone(),
                AnswerForm::Fields => Arc::new(super::prompt::schema(AnswerForm::Records, route)),
            };
            Ok(Fixed { tokens: estimate(&system), system, schema, schema_again })
        })
    }

    /// Shares out what stands from `start` on.
    pub(super) fn plan(
        &self,
        (route, fixed): (&Route, &Fixed),
        conversation: &Conversation,
        start: Start,
    ) -> Result<Plan, PromptError> {
        let most_output = self.max_output_tokens.unwrap_or_else(|| most_output(self.form, route.fields.len())) as usize;
        let reserve = (fixed.tokens as f64 * CAREFUL) as usize + most_output;
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
            return Ok(Plan { blocks, windows, context_tokens });
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
        Ok(Plan { windows: windows(&sizes, room), blocks, context_tokens })
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
