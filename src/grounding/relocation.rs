//! Where a quote stands when it is not in the message it was said to be in.
//! Built once for a conversation and only when a quote fails, so that even a
//! rejected quote in a megabyte of context costs a look-up, not a scan.

use crate::conversation::Conversation;

use super::matching::{Wanted, fits};
use super::{Tokenised, segment_around};

/// The fewest tokens with which a quote may be found elsewhere: short ones stand anywhere.
const FEWEST_TOKENS: usize = 4;

/// Every run of four tokens of every message, sorted by hash.
pub(super) struct Table {
    /// Hash of the run, message position, token position.
    runs: Vec<(u32, u32, u32)>,
}

impl Table {
    pub(super) fn new<'t>(conversation: &Conversation, tokenised: impl Fn(usize) -> &'t Tokenised) -> Self {
        let mut runs = Vec::new();
        for at in 0..conversation.messages.len() {
            let hashes = &tokenised(at).hashes;
            runs.extend(
                hashes.windows(FEWEST_TOKENS).enumerate().map(|(token, run)| (run_hash(run), at as u32, token as u32)),
            );
        }
        runs.sort_unstable();
        Table { runs }
    }

    /// The first message in time order, other than the cited one, that holds the quote where its words count.
    pub(super) fn find<'t>(
        &self,
        quote: &str,
        cited: Option<usize>,
        tokenised: impl Fn(usize) -> &'t Tokenised,
        conversation: &Conversation,
    ) -> Option<(usize, (usize, usize))> {
        let wanted = Wanted::new(quote);
        if wanted.hashes.len() < FEWEST_TOKENS {
            return None;
        }
        let hash = run_hash(&wanted.hashes[..FEWEST_TOKENS]);
        let from = self.runs.partition_point(|run| run.0 < hash);
        self.runs[from..].iter().take_while(|run| run.0 == hash).find_map(|(_, at, token)| {
            let (at, first) = (*at as usize, *token as usize);
            let source = tokenised(at);
            let last = first + wanted.hashes.len() - 1;
            if Some(at) == cited || source.hashes.get(first..=last) != Some(&wanted.hashes[..]) {
                return None;
            }
            let message = &conversation.messages[at];
            let span = (source.tokens[first].start, source.tokens[last].end);
            let counted = segment_around(message, span.0).is_none_or(|segment| segment.same_as.is_none());
            (counted && fits(message, source, &wanted, first)).then_some((at, span))
        })
    }
}

fn run_hash(run: &[u64]) -> u32 {
    let mixed = run.iter().fold(0u64, |hash, token| (hash.rotate_left(5) ^ token).wrapping_mul(0x517c_c1b7_2722_0a95));
    (mixed >> 32) as u32
}
