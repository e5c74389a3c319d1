//! Parts of a sentence that have nothing to do with a span: biddings, clauses
//! with a subject of their own, politeness, and conditions that something else
//! answers. `polarity` asks here before it lets a word cast doubt.

use super::english::{is_being, is_bidding, is_condition, is_subject_pronoun};
use super::polarity::Scene;

impl Scene<'_> {
    /// `…, don't laugh`, `…, please don't call`: a bidding behind a comma is a statement of its own.
    pub(super) fn bids(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at).filter(|word| word.comma) else { return false };
        let first = if &*word.folded == "please" { at + 1 } else { at };
        matches!(self.word(first), "don't" | "dont") || self.word(first) == "do" && self.word(first + 1) == "not"
    }

    /// `…, if that helps anybody`, `if you like`: politeness that sets no condition.
    pub(super) fn is_courtesy(&self, at: usize) -> bool {
        at >= self.last
            && match (self.word(at + 1), self.word(at + 2)) {
                ("that" | "this" | "it", next) => {
                    let third = self.words.get(at + 3);
                    matches!(next, "helps" | "matters" | "interests" | "counts")
                        // `if that helps you decide` makes it depend on something.
                        && third.is_none_or(|word| word.comma || matches!(&*word.folded, "anybody" | "anyone" | "at"))
                }
                ("you", next) => {
                    matches!(next, "like" | "want" | "wish" | "prefer" | "wonder" | "ask") && {
                        // `if you want it sooner` wants something.
                        self.word(at + 3).is_empty() || self.word(at + 3) == "me" || self.words[at + 3].comma
                    }
                }
                ("that's" | "that’s", next) => {
                    matches!(next, "ok" | "okay" | "fine" | "alright")
                        || next == "all" && matches!(self.word(at + 3), "right" | "the")
                }
                ("anybody" | "anyone", next) => matches!(next, "asks" | "wonders" | "cares"),
                _ => false,
            }
    }

    /// `If the poles aren't ready send the lanterns first, two deliveries are okay`: a condition that a bidding answers
    /// is used up where the bidding ends.
    pub(super) fn is_used_up(&self, at: usize) -> bool {
        if at >= self.first || !matches!(self.word(at), "if" | "when") {
            return false;
        }
        let bidding = (at + 1..self.first).find(|i| is_bidding(self.word(*i)) && !is_subject_pronoun(self.word(i - 1)));
        let Some(bidding) = bidding.filter(|i| !matches!(self.word(i - 1), "to" | "will" | "can" | "must" | "should"))
        else {
            return false;
        };
        (bidding + 1..=self.first).any(|i| self.words.get(i).is_some_and(|word| word.comma))
    }

    /// `…, I hope this is the same as yours`: a hope that what was said suits the other, not that it is so.
    pub(super) fn hopes_to_suit(&self, at: usize) -> bool {
        let first = at + 2 + usize::from(matches!(self.word(at + 2), "is" | "are"));
        self.word(at) == "hope"
            && matches!(self.word(at + 1), "this" | "that" | "it" | "that's")
            && (first..first + 2).any(|i| {
                matches!(
                    self.word(i),
                    "same" | "fine" | "ok" | "okay" | "alright" | "helps" | "suits" | "clear" | "enough"
                )
            })
    }

    /// `…, typing is not my thing`: what begins at a comma speaks of something else.
    pub(super) fn has_own_subject(&self, at: usize) -> bool {
        let first = self.word(at);
        let adverb =
            first.ends_with("ly") || matches!(first, "however" | "alas" | "not" | "never" | "no" | "which" | "that");
        let being = (at + 1..at + 4).take_while(|i| self.words.get(*i).is_some_and(|word| !word.comma)).find(|i| {
            matches!(self.word(*i), "is" | "are" | "was" | "were" | "ist" | "sind" | "est" | "sont" | "es" | "son")
        });
        !adverb && !is_being(first) && being.is_some()
    }

    /// `If the poles aren't ready, …`: what a condition denies is its own affair.
    pub(super) fn is_in_condition(&self, at: usize) -> bool {
        let opens = (0..at).rev().take_while(|i| !self.words[i + 1].comma).find(|i| is_condition(self.word(*i)));
        let closed = (at + 1..=self.first.min(self.words.len().saturating_sub(1))).any(|i| self.words[i].comma);
        opens.is_some() && closed
    }
}
