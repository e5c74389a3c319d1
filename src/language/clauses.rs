//! Parts of a sentence that have nothing to do with a span: biddings, clauses
//! with a subject of their own, politeness, and conditions that something else
//! answers. `polarity` asks here before it lets a word cast doubt.

use super::english::{
    is_being, is_bidding, is_condition, is_month_or_weekday, is_negation, is_sharp_word, is_subject_pronoun,
};
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
                        && third.is_none_or(|word| {
                            let helped = matches!(&*word.folded, "you" | "her" | "him" | "them" | "us" | "me");
                            word.comma || matches!(&*word.folded, "anybody" | "anyone" | "at") || helped && self.words.len() == at + 4
                        })
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
        !adverb && !is_being(first) && (being.is_some() || self.has_own_denial(at) || self.is_about_own(at))
    }

    /// `…, accounts don't want one big bill`: a noun of its own that does not do something.
    fn has_own_denial(&self, at: usize) -> bool {
        let small =
            |word: &str| matches!(word, "it" | "this" | "that" | "which" | "and" | "or" | "so" | "" | "we" | "i");
        let verb = (at + 1..at + 4).take_while(|i| self.words.get(*i).is_some_and(|word| !word.comma)).find(|i| {
            matches!(
                self.word(*i),
                "don't" | "doesn't" | "won't" | "can't" | "cannot" | "didn't" | "wouldn't" | "haven't" | "hasn't"
            )
        });
        !small(self.word(at)) && verb.is_some()
    }

    /// `…, unsere Buchhaltung möchte nicht …`, `…, our driver never …`: somebody of theirs, and what they do not do.
    fn is_about_own(&self, at: usize) -> bool {
        let whose = matches!(
            self.word(at),
            "our"
                | "my"
                | "unser"
                | "unsere"
                | "mein"
                | "meine"
                | "notre"
                | "nos"
                | "mon"
                | "ma"
                | "nuestro"
                | "nuestra"
                | "mi"
        );
        // `July 1, our go-live, is not feasible` goes on with the first subject.
        whose && !(at + 1..at + 5).any(|i| self.words.get(i).is_some_and(|word| word.comma))
    }

    /// `If the poles aren't ready, …`: what a condition denies is its own affair.
    pub(super) fn is_in_condition(&self, at: usize) -> bool {
        let opens = (0..at).rev().take_while(|i| !self.words[i + 1].comma).find(|i| is_condition(self.word(*i)));
        let closed = (at + 1..=self.first.min(self.words.len().saturating_sub(1))).any(|i| self.words[i].comma);
        opens.is_some() && closed
    }

    /// `…, otherwise I'll be cross` threatens, `…, all day if he has to` insists, `…, unless you tell me it's worse` lets
    /// the other object: none sets a condition.
    pub(super) fn insists(&self, at: usize) -> bool {
        let previous = at.checked_sub(1).map_or("", |before| self.word(before));
        let (next, second) = (self.word(at + 1), self.word(at + 2));
        at >= self.last
            && match self.word(at) {
                "otherwise" => self.words[at].comma || next.is_empty(),
                // `…, once the discount is off`: how the figure was come to.
                "once" => next == "the" && matches!(second, "discount" | "reduction" | "rebate"),
                "si" => matches!(previous, "moi" | "mir" | "dígame" | "dime" | "avisa" | "avise"),
                "unless" => {
                    matches!(next, "you" | "i" | "we" | "somebody" | "someone" | "anybody" | "anyone")
                        && matches!(
                            second,
                            "tell" | "say" | "hear" | "object" | "objects" | "disagree" | "shout" | "think" | "prefer"
                        )
                }
                "if" => {
                    next == "need" && second == "be"
                        || next == "necessary"
                        || matches!((second, self.word(at + 3)), ("has" | "have", "to")) && self.word(at + 4).is_empty()
                }
                _ => false,
            }
    }

    /// Whether the span is a number whose bearers cannot do something, as `at` tells.
    pub(super) fn counts_those_who_cannot(&self, at: usize) -> bool {
        let number = self.words.get(self.first).is_some_and(|word| {
            word.folded.starts_with(|c: char| c.is_ascii_digit())
                || is_sharp_word(&word.folded) && !is_negation(&word.folded) && !is_month_or_weekday(&word.folded)
        });
        let near = at > self.last && at <= self.last + 4 && !self.words[self.last..=at].iter().any(|word| word.comma);
        number
            && self.last == self.first + 1
            && near
            && matches!(self.word(at), "can't" | "cannot" | "couldn't" | "unable")
            && !matches!(self.word(at + 1), "be" | "use" | "need" | "go" | "come" | "start")
    }

    /// `in … view`, `in … opinion` within a stretch of words.
    pub(super) fn in_view(&self, from: usize, to: usize) -> bool {
        self.word(from) == "in"
            && (from + 1..to).any(|at| matches!(self.word(at), "view" | "opinion" | "eyes" | "telling"))
    }
}

/// A part of a house that knows what it says.
pub(super) fn is_department(word: &str) -> bool {
    matches!(
        word,
        "warehouse"
            | "finance"
            | "accounts"
            | "accounting"
            | "dispatch"
            | "production"
            | "planning"
            | "stores"
            | "legal"
            | "logistics"
            | "procurement"
            | "purchasing"
            | "engineering"
            | "operations"
            | "treasury"
            | "bookkeeping"
    )
}

/// Words before a number that make it a bound.
#[rustfmt::skip]
pub(super) fn bounds(two: &str, one: &str) -> bool {
    matches!(
        one,
        "under" | "over" | "below" | "above" | "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "minus" | "minimum" | "maximum"
            | "exceeding" | "exceeds" | "<" | ">" | "~" | "±" | "≤" | "≥" | "≈" | "circa" | "ca"
    ) || matches!(
        (two, one),
        ("más" | "mas" | "menos" | "pasa" | "plus" | "moins" | "hasta", "de")
            | ("mehr" | "weniger", "als")
            | ("au", "moins")
            | ("at", "least" | "most") | ("up" | "close", "to") | ("more" | "less" | "fewer", "than") | ("not", "before") | ("north", "of")
    )
}
