//! What a model is shown of a conversation, and its answer in the words that
//! really were said. Where a route withholds something, calls are made of the
//! masked conversation alone; what comes back is restored before anything is
//! made of it, and what holds a mark that nobody gave is dropped.

use super::answer::{Answer, Record};
use crate::claim::{ProseKind, Told};
use crate::conversation::Conversation;
use crate::redaction::{Masked, mask};
use crate::route::Route;

/// One reading's view of a conversation.
pub(super) struct Shown<'a> {
    masked: Masked<'a>,
}

impl<'a> Shown<'a> {
    pub fn new(route: &Route, conversation: &'a Conversation) -> Self {
        Shown { masked: mask(conversation, &route.redact) }
    }

    /// What calls are made of.
    pub fn conversation(&self) -> &Conversation {
        &self.masked.conversation
    }

    /// What an answer says, in the true words.
    pub fn told(&self, mut answer: Answer) -> Told {
        answer.records.retain_mut(|record| self.restore(record));
        answer.told()
    }

    /// Puts the true words into a record; false for one that cannot be meant.
    fn restore(&self, record: &mut Record) -> bool {
        let back = |text: &str| self.masked.ledger.restore(text).map(|text| text.into_owned());
        let quoted = record.evidence.len();
        record.evidence.retain_mut(|cited| match back(&cited.quote) {
            Some(quote) => {
                cited.quote = quote;
                true
            }
            None => false,
        });
        let has_quotes = quoted == 0 || !record.evidence.is_empty();
        match (back(&record.value), back(&record.raw_value), has_quotes) {
            (Some(value), Some(raw_value), true) => {
                (record.value, record.raw_value) = (value, raw_value);
                true
            }
            // A sentence without support is counted as left out.
            _ if ProseKind::find(&record.key).is_some() => {
                record.evidence.clear();
                record.value.clear();
                true
            }
            _ => false,
        }
    }
}
