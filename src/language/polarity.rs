//! What a sentence does to a part of it. "We go live on July 1" is true words
//! inside "We will **not** go live on July 1", "**If** legal signs, …" and
//! "**Do you think** …?"; this module tells which of that stands outside a
//! span. It errs on the side of doubt: a doubt costs a person one click, a
//! missed one puts a wrong value into a brief.

use std::borrow::Cow;

use super::clauses::{bounds, is_department};
use super::english::{
    is_being, is_belief, is_condition, is_contrast, is_denying_adjective, is_display, is_hearsay, is_hedge,
    is_month_or_weekday, is_narrow_negation, is_negation, is_reporting, is_subject_pronoun,
};
use super::questions::is_question;
use super::{Token, fold, tokens};

/// Why words in a sentence may not mean what they say by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Doubt {
    /// Denied: `not`, `never`, `I doubt that`.
    Negated,
    /// Depends on something: `if`, `unless`, `subject to`.
    Conditional,
    /// Asked, not stated.
    Question,
    /// Somebody else's words: `Freightly claims that`.
    Attributed,
    /// Kept open: `might`, `probably`, `TBC`.
    Hedged,
    /// Of the past, of somebody before, or called off: `last year we had`, `forget July 1`.
    Over,
    /// A comparison beside a number: `under 500`, `500 or more`.
    Compared,
}

/// The doubts that the rest of `sentence` casts on `span`, both byte ranges of `text`; each once, in order.
///
/// Words inside the span count too when `within` is true: that is the question
/// "is the value at the span stated?", as against "does the quote leave something out?".
pub fn doubts(text: &str, sentence: (usize, usize), span: (usize, usize), within: Reach) -> Vec<Doubt> {
    let Some(words) = text.get(sentence.0..sentence.1) else { return Vec::new() };
    let list: Vec<Word> = tokens(words).into_iter().map(|token| Word::new(words, token, sentence.0)).collect();
    let first = list.iter().position(|word| word.end > span.0).unwrap_or(list.len());
    let last = list.iter().rposition(|word| word.start < span.1).map_or(first, |i| i + 1).max(first);
    let scene = Scene { words: &list, first, last, within };
    let mut found = Vec::new();
    if scene.is_negated() {
        found.push(Doubt::Negated);
    }
    if scene.is_conditional() {
        found.push(Doubt::Conditional);
    }
    if within == Reach::Whole && is_question(words)
        || within == Reach::Outside && is_question(words) && !text[span.0..span.1.min(text.len())].contains('?')
    {
        found.push(Doubt::Question);
    }
    if scene.is_attributed() {
        found.push(Doubt::Attributed);
    }
    if scene.is_hedged() {
        found.push(Doubt::Hedged);
    }
    if scene.is_over() {
        found.push(Doubt::Over);
    }
    if scene.is_compared() {
        found.push(Doubt::Compared);
    }
    found
}

/// Which words of the sentence may cast doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only words that the span leaves out.
    Outside,
    /// All words around the span's own tokens, which themselves are the value.
    Whole,
}

/// One token of the sentence, folded, with what stands before it.
pub(super) struct Word<'a> {
    pub(super) folded: Cow<'a, str>,
    start: usize,
    end: usize,
    capital: bool,
    /// A comma, semicolon, colon or dash stands between this word and the one before.
    pub(super) comma: bool,
    strong: bool,
}

impl<'a> Word<'a> {
    fn new(text: &'a str, token: Token, offset: usize) -> Self {
        let raw = token.text(text);
        let gap =
            text[..token.start].trim_end_matches(['"', '\'', '(', '[', '*', '_', '“', '‘', ' ', '\n', '\r', '\t', '>']);
        let joined = gap.ends_with('-') && gap.len() == token.start;
        let mark = gap.chars().next_back().filter(|_| !joined);
        Word {
            folded: fold(raw),
            start: offset + token.start,
            end: offset + token.end,
            capital: raw.starts_with(char::is_uppercase),
            comma: matches!(mark, Some(',' | ';' | ':' | '–' | '—' | '-' | '…' | ')' | '.' | '!' | '?')),
            strong: matches!(mark, Some(';' | ':' | '–' | '—' | '.' | '!' | '?')) || gap.ends_with(" -"),
        }
    }
}

pub(super) struct Scene<'a> {
    pub(super) words: &'a [Word<'a>],
    /// Index of the span's first word.
    pub(super) first: usize,
    /// Index one past the span's last word.
    pub(super) last: usize,
    within: Reach,
}

impl Scene<'_> {
    pub(super) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.folded)
    }

    fn before(&self) -> impl Iterator<Item = usize> {
        (0..self.first).rev()
    }

    /// Whether a new statement begins at word `at`, so that a denial on one side does not reach the other.
    fn breaks(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let next = self.word(at + 1);
        is_contrast(&word.folded)
            || word.strong
            || word.comma
                && (matches!(
                    word.folded.as_ref(),
                    "and" | "so" | "or" | "then" | "which" | "und" | "et" | "y" | "oder" | "ou" | "así" | "donc" | "also" | "daher" | "dann" | "puis"
                )
                    // `scrap the 23, make it 26`
                    || &*word.folded == "make" && matches!(next, "it" | "that")
                    || matches!(word.folded.as_ref(), "this" | "these")
                    || is_subject_pronoun(&word.folded))
            || matches!(word.folded.as_ref(), "and" | "so") && is_subject_pronoun(next)
            || self.bids(at)
    }

    fn is_denied_before(&self) -> bool {
        // To the left: up to the start of the statement the span stands in. A belief that is denied reaches over commas.
        let mut crossed = false;
        for at in self.before() {
            if self.denies(at) && !self.is_in_condition(at) {
                let belief = (at + 1..(at + 4).min(self.first)).any(|i| is_belief(self.word(i)));
                if !crossed || belief && !self.word(at).eq("no") {
                    return true;
                }
            }
            crossed |= self.breaks(at + 1);
            if is_contrast(self.word(at + 1)) || self.words.get(at + 1).is_some_and(|word| word.strong) {
                break;
            }
        }
        false
    }

    fn is_negated(&self) -> bool {
        if self.is_denied_before() {
            return true;
        }
        // To the right: a denial in the same statement, unless it sets a contrast (`July 1, not June 1`) or only describes (`with no fee`).
        let mut aside = false;
        for at in self.last..self.words.len() {
            // `27 people who can't log in` are 27 people all the same.
            if self.breaks(at) && (at > self.last || at > 0)
                || matches!(self.word(at), "who" | "because" | "weil" | "porque" | "denn")
                || self.word(at) == "parce"
            {
                break;
            }
            let Some(word) = self.words.get(at) else { break };
            // `We are in Portugal, the plant in Tunis is not ours`: something else is spoken of.
            let turns = word.comma && matches!(word.folded.as_ref(), "the" | "our" | "their" | "my" | "its");
            if turns && at == self.last && !self.words[at + 1..].iter().any(|word| word.comma) {
                break;
            }
            if word.comma && self.has_own_subject(at) {
                break;
            }
            if word.comma && at > self.last {
                // `July 1, sadly, is not feasible` goes on; `18,900 a year, tax not included` does not.
                let resumes = is_being(&word.folded)
                    || matches!(
                        word.folded.as_ref(),
                        "will"
                            | "won't"
                            | "can't"
                            | "cannot"
                            | "isn't"
                            | "doesn't"
                            | "didn't"
                            | "wasn't"
                            | "which"
                            | "that"
                            | "would"
                            | "wouldn't"
                    );
                let short_aside = (at + 1..at + 4).any(|next| self.words.get(next).is_some_and(|word| word.comma));
                aside = !resumes && !short_aside;
            }
            if aside && !(word.comma && matches!(word.folded.as_ref(), "not" | "never" | "nicht" | "pas")) {
                continue;
            }
            if !self.denies(at) {
                continue;
            }
            // `34 people can't work`: what they cannot do does not make them fewer.
            if self.counts_those_who_cannot(at) {
                continue;
            }
            // `October 12 and not on September 28`
            let joined = matches!(self.word(at.saturating_sub(1)), "and" | "und" | "et" | "y") && at > self.last;
            let contrast =
                (word.comma || joined) && matches!(word.folded.as_ref(), "not" | "never" | "nicht" | "pas" | "no");
            let clause_ends = self.words.get(at + 1).is_none_or(|next| next.comma || &*next.folded == "dabei");
            let wide = word.folded.starts_with("kein") && clause_ends
                || &*word.folded == "no"
                    && matches!(self.word(at + 1), "longer" | "chance" | "way" | "more" | "option");
            if !contrast && (wide || !is_narrow_negation(&word.folded)) {
                return true;
            }
            if contrast {
                break;
            }
        }
        // `instead of July 1`, `rather than July 1`.
        let near = self.first.saturating_sub(6)..self.first;
        near.clone().any(|at| {
            matches!(
                (self.word(at), self.word(at + 1)),
                ("instead", "of") | ("rather", "than") | ("other", "than") | ("far", "from") | ("too", _)
            ) && !(at + 1..self.first).any(|i| self.words[i].comma && (i > at + 1 || self.word(at) == "too"))
        })
    }

    /// Whether the word at `at` denies, rather than being part of `not only`, `whether or not`, `no problem`.
    fn denies(&self, at: usize) -> bool {
        let word = self.word(at);
        let out_of_question = word == "out" && self.word(at + 1) == "of" && self.word(at + 3) == "question";
        let denied = is_denying_adjective(word) && at > 0 && is_being(self.word(at - 1));
        if !is_negation(word) {
            return out_of_question || denied;
        }
        let next = self.word(at + 1);
        let previous = if at == 0 { "" } else { self.word(at - 1) };
        let idiom = word == "not" && (matches!(next, "only" | "just" | "least") || previous == "or")
            || word == "no" && matches!(
                    next,
                    "problem" | "worries" | "doubt" | "matter" | "later" | "sooner" | "bother" | "trouble" | "issue" | "objection" | "objections" | "fuss"
                )
            || word == "no" && next == "hay" && matches!(self.word(at + 2), "problema" | "inconveniente" | "pega")
            || word == "no" && next == "pasa" && self.word(at + 2) == "nada"
            || matches!(word, "aucun" | "ningún" | "keinerlei") && matches!(next, "problème" | "souci" | "problema" | "inconveniente" | "problem")
            || word == "nada" && previous == "de"
            || matches!(word, "kein" | "sin") && matches!(next, "problem" | "problema")
            || word == "pas" && next == "de" && matches!(self.word(at + 2), "problème" | "souci")
            || matches!(word, "don't" | "dont") && matches!(next, "forget" | "worry" | "hesitate")
            || previous == "why" && word == "not"
            // What may not leave a place stays there.
            || matches!(word, "not" | "never" | "can't" | "cannot" | "mustn't")
                && (matches!(next, "leave" | "leaves")
                    || matches!(next, "to" | "ever" | "allowed") && (at + 2..at + 4).any(|i| self.word(i) == "leave"))
            || word == "no" && next == "no"
            || word == "no" && self.words.get(at + 1).is_some_and(|w| w.comma);
        !idiom
    }

    fn is_conditional(&self) -> bool {
        let all = self.words.len();
        let outside = |at: usize| at < self.first || at >= self.last;
        for at in (0..all).filter(|at| outside(*at)) {
            let word = self.word(at);
            let previous = if at == 0 { "" } else { self.word(at - 1) };
            let before_that = if at < 2 { "" } else { self.word(at - 2) };
            let next = self.word(at + 1);
            let condition = is_condition(word)
                || word == "subject" && next == "to"
                || word == "long" && previous == "as" && next == "as"
                || word == "soon" && previous == "as" && next == "as"
                || word == "condition" && previous == "on"
                || word == "case" && previous == "in"
                || word == "once"
                    && !matches!(next, "a" | "per" | "every" | "more" | "again" | "")
                    && (at == 0 || !self.words[at].comma || at >= self.last)
                || at == 0 && matches!(word, "should" | "had" | "were") && !matches!(next, "be" | "")
                || word == "given" && next == "that"
                || word == "long" && previous == "so" && next == "as"
                || word == "event" && previous == "the" && before_that == "in"
                || word == "but" && next == "for" && at == 0
                || word == "only" && matches!(next, "when" | "if" | "after" | "once")
                || word == "until" && at < self.first && self.words[at..self.first].iter().any(|w| w.comma);
            if !condition || word == "if" && matches!(previous, "also" | "even" | "what") {
                continue;
            }
            // `…, if that's all right with you`, `…, if I may`: courtesy.
            let courteous = at >= self.last
                && word == "if"
                && (matches!(next, "that's" | "it's" | "that" | "you" | "i" | "possible")
                    && (at + 1..at + 6).any(|i| {
                        matches!(
                            self.word(i),
                            "right" | "ok" | "okay" | "fine" | "alright" | "mind" | "may" | "possible" | "suits"
                        )
                    }));
            if courteous {
                continue;
            }
            // `a demo, with our own data on it if that can be done`: the condition hangs on what comes with it.
            let beside = at > self.last
                && (self.last..at)
                    .any(|i| self.words[i].comma && matches!(self.word(i), "with" | "including" | "plus"));
            if self.insists(at) || beside || word == "if" && self.is_courtesy(at) || self.is_used_up(at) {
                continue;
            }
            // `let me know if …`, `not sure whether …` after the span ask for an answer; they set no condition.
            let asks = matches!(word, "if" | "whether")
                && at > self.first
                && (previous == "know"
                    || previous == "see"
                    || previous == "me"
                    || before_that == "know"
                    || previous == "questions");
            // `We are on premium, so the crew can start once you agree`: the condition is on what follows from it.
            let follows = |i: usize| {
                self.words[i].comma
                    && (self.word(i) == "so" && self.word(i + 1) != "long" || self.word(i) == "then")
                    && i + 1 < at
            };
            let separate = (self.last..at).any(|i| is_contrast(self.word(i)) || self.words[i].strong || follows(i))
                || (at + 1..self.first).any(|i| is_contrast(self.word(i)));
            if !asks && !separate {
                return true;
            }
        }
        false
    }

    fn is_attributed(&self) -> bool {
        let reports = |at: usize| {
            let word = self.word(at);
            let subject = if at == 0 { "" } else { self.word(at - 1) };
            let own = matches!(subject, "i" | "we" | "we've" | "i've" | "as" | "you" | "" | "be" | "being")
                // What a screen says is there to be read.
                || matches!(word, "says" | "said" | "reports" | "reported" | "states" | "tells" | "claims" | "complains")
                    && matches!(
                        subject,
                        "screen" | "error" | "log" | "logs" | "message" | "display" | "box" | "popup" | "pop-up"
                            | "page" | "console" | "window" | "dialog" | "dialogue" | "banner" | "app" | "it" | "line"
                            | "label" | "scanner" | "terminal" | "printer" | "code"
                    );
            // The warehouse, finance, planning: whoever speaks of their own house passes on what it says.
            let own =
                own || matches!(word, "says" | "say" | "said" | "confirms" | "confirmed") && is_department(subject);
            // `She built the reports`: a thing, not a verb.
            let noun = matches!(word, "reports" | "notes" | "claims" | "estimates" | "states" | "promises")
                && matches!(
                    subject,
                    "the"
                        | "these"
                        | "those"
                        | "our"
                        | "your"
                        | "my"
                        | "their"
                        | "his"
                        | "her"
                        | "some"
                        | "all"
                        | "of"
                        | "and"
                        | "for"
                        | "two"
                );
            let own = own || noun;
            let told = matches!(word, "say" | "tell") && matches!(subject, "they" | "people" | "some");
            let phrase = word == "it" && subject == "has" && at > 1 && is_hearsay(self.word(at - 2))
                || word == "is" && subject == "word" && self.word(at + 1) == "that";
            is_hearsay(word) || is_reporting(word) && !own && !is_display(subject) || told || phrase
        };
        let left =
            self.before().take_while(|at| !self.breaks(at + 1) || self.words[*at + 1].folded == "that").any(reports);
        // `Per the old page, …`, `To quote them: …`, `In Ravi's view, …`.
        let opens = self.first > 0
            && (is_hearsay(self.word(0))
                || self.word(0) == "per"
                || self.word(0) == "to" && self.word(1) == "quote"
                || self.in_view(0, self.first));
        // `…, the provider says`, `…, claims the provider`, `…, in the architect's opinion`.
        let tail = (self.last..self.words.len()).find(|at| self.words[*at].comma);
        let closes = tail.is_some_and(|tail| {
            let end = self.words.len().min(tail + 7);
            let foreign_subject = !matches!(self.word(tail), "i" | "we" | "as" | "you");
            // The verb closes the sentence or opens the tail; in `…, my boss wants it soon` it does neither.
            let at_end =
                self.words.len() <= tail + 7 && is_reporting(self.word(self.words.len() - 1)) && foreign_subject;
            at_end
                || is_reporting(self.word(tail))
                || (tail..end).any(|at| is_hearsay(self.word(at)))
                || self.in_view(tail, end)
        });
        left || opens || closes
    }

    fn is_hedged(&self) -> bool {
        let hedges = |at: usize| {
            let word = self.word(at);
            let next = self.word(at + 1);
            is_hedge(word) && !(word == "likely" && at > 0 && matches!(self.word(at - 1), "most"))
                || word == "not" && next == "sure"
                || matches!(word, "i" | "we")
                    && matches!(next, "think" | "hope" | "suppose" | "guess")
                    && at < self.first
                || word == "could" && at < self.first
                || word == "may"
                    && next != "not"
                    && at > 0
                    && !self.words[at].capital
                    && !self.word(at + 1).starts_with(|c: char| c.is_ascii_digit())
        };
        let phrases: [&[&str]; 21] = [
            &["trying", "to"],
            &["hoping", "to"],
            &["look", "at"],
            &["looking", "at"],
            &["thinking", "about"],
            &["thinking", "of"],
            &["toying", "with"],
            &["not", "sure"],
            &["i", "believe"],
            &["i'd", "say"],
            &["i", "would", "say"],
            &["a", "feeling"],
            &["could", "be", "that"],
            &["a", "chance"],
            &["far", "as", "i", "know"],
            &["for", "all", "i", "know"],
            &["in", "theory"],
            &["with", "luck"],
            &["not", "confirmed"],
            &["fairly", "sure"],
            &["pretty", "sure"],
        ];
        let phrase = |at: usize| {
            phrases.iter().any(|phrase| phrase.iter().enumerate().all(|(i, word)| self.word(at + i) == *word))
        };
        let said_before = self.before().any(phrase);
        // `…, I think`, `…, or maybe later`.
        let comma = |from: usize| (from..self.words.len()).find(|at| self.words[*at].comma);
        let first = comma(self.last);
        let second = first.and_then(|at| comma(at + 1)).filter(|at| first.is_some_and(|first| at - first <= 3));
        let said_after = first.into_iter().chain(second).any(|at| {
            self.words[at].comma
                && (matches!(self.word(at), "i" | "we")
                    && matches!(self.word(at + 1), "think" | "guess" | "suppose" | "believe" | "hope" | "assume")
                    && !self.hopes_to_suit(at + 1)
                    || self.word(at) == "or" && is_hedge(self.word(at + 1))
                    || phrase(at)
                    || is_hedge(self.word(at)))
        });
        let left = self.before().take_while(|at| !self.breaks(at + 1)).any(hedges);
        let right = (self.last..self.words.len()).take_while(|at| !self.breaks(*at)).any(hedges);
        left || right || said_before || said_after
    }

    fn is_over(&self) -> bool {
        let pairs = [
            ("last", "year"),
            ("our", "old"),
            ("our", "former"),
            ("your", "old"),
            ("used", "to"),
            ("years", "ago"),
            ("last", "vendor"),
            ("previous", "vendor"),
            ("old", "vendor"),
            ("last", "provider"),
            ("previous", "provider"),
            ("until", "last"),
            ("has", "left"),
            ("have", "left"),
            ("is", "off"),
            ("fell", "through"),
            ("called", "off"),
            ("left", "us"),
            ("before", "that"),
            ("back", "then"),
        ];
        let single = |at: usize| {
            let word = self.word(at);
            // `another password to forget`
            let idle = word == "forget" && at > 0 && self.word(at - 1) == "to";
            !idle
                && matches!(
                    word,
                    "previously"
                        | "formerly"
                        | "forget"
                        | "scrap"
                        | "scrapped"
                        | "dropped"
                        | "cancelled"
                        | "canceled"
                        | "abandoned"
                        | "ex"
                )
                && !(matches!(word, "forget") && at > 0 && matches!(self.word(at - 1), "don't" | "dont" | "not"))
        };
        // `premium since last year` still holds.
        let since = |at: usize| at > 0 && matches!(self.word(at - 1), "since" | "from" | "depuis" | "seit" | "desde");
        let tells = |at: usize| {
            !since(at)
                && (single(at) || pairs.iter().any(|(one, two)| self.word(at) == *one && self.word(at + 1) == *two))
        };
        let left = self.before().take_while(|at| !self.breaks(at + 1)).any(tells);
        let right = (self.last..self.words.len()).take_while(|at| !self.breaks(*at)).any(tells);
        // `…, but that was cancelled`, `…, but we can't`.
        let undone = (self.last..self.words.len()).any(|at| {
            self.word(at) == "but"
                && (at + 1..at + 6).any(|next| {
                    matches!(
                        self.word(next),
                        "cancelled"
                            | "canceled"
                            | "open"
                            | "off"
                            | "wrong"
                            | "dead"
                            | "gone"
                            | "postponed"
                            | "undecided"
                    )
                })
                && matches!(self.word(at + 1), "that" | "it" | "this" | "that's" | "it's")
                || self.word(at) == "but"
                    && matches!(self.word(at + 1), "we" | "i" | "they")
                    && matches!(self.word(at + 2), "can't" | "cannot" | "won't" | "couldn't")
                    && self.word(at + 3).is_empty()
        });
        left || right || undone
    }

    /// A comparison that touches the span and that the span does not hold.
    fn is_compared(&self) -> bool {
        let first = self.words.get(self.first).map_or("", |word| word.folded.as_ref());
        let number = first.contains(|c: char| c.is_ascii_digit());
        let month = is_month_or_weekday(first) || first == "may";
        if self.within == Reach::Whole || !number && !month {
            return self.ends_compared();
        }
        let word = |back: usize| if self.first >= back { self.word(self.first - back) } else { "" };
        let (one, two) = (word(1), word(2));
        let touching = !self.words[self.first].strong;
        // `on or before 19 June` names the day itself.
        let up_to = one == "before" && two == "or" && word(3) == "on";
        touching && !up_to && (matches!(one, "before" | "after" | "until" | "till") || number && bounds(two, one))
            || self.ends_compared()
    }

    fn ends_compared(&self) -> bool {
        if self.within == Reach::Whole
            || self.last == 0
            || !self.words.get(self.last - 1).is_some_and(|word| word.folded.contains(|c: char| c.is_ascii_digit()))
        {
            return false;
        }
        let next = self.words.get(self.last);
        next.is_some_and(|word| !word.comma)
            && matches!(
                (self.word(self.last), self.word(self.last + 1)),
                ("or", "more" | "less" | "fewer" | "so" | "later" | "earlier" | "above" | "below")
                    | ("and", "up")
                    | ("plus", _)
                    | ("max" | "maximum" | "minimum" | "min", _)
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The span is marked by square brackets in the sentence.
    fn check(marked: &str, expected: &[Doubt]) {
        let start = marked.find('[').unwrap();
        let end = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        assert_eq!(doubts(&text, (0, text.len()), (start, end), Reach::Outside), expected, "{marked}");
    }

    #[test]
    fn denials_are_seen_wherever_they_stand() {
        use Doubt::Negated;
        check("We will not [go live on July 1].", &[Negated]);
        check("[July 1] is not feasible.", &[Negated]);
        check("There is no way [we go live on July 1].", &[Negated]);
        check("I don't think [we go live on July 1].", &[Negated]);
        check("I don't believe, honestly, [we go live on July 1].", &[Negated]);
        check("We are far from [going live on July 1].", &[Negated]);
        check("Neither Dana nor [Marcus will sign on Friday].", &[Negated]);
        check("The fee isn't [48,000 a year].", &[Negated]);
        check("instead of [June 1] we take July 1", &[Negated]);
        check("[July 1], sadly, is not feasible.", &[Negated]);
        check("The [July 1, 2026] go-live is not possible.", &[Negated]);
        check("[15 June] is no longer possible for our go-live, sorry.", &[Negated]);
        check("[July 1] has no chance.", &[Negated]);
        check("It's wrong to say that [we go live on July 1].", &[Negated]);
    }

    #[test]
    fn what_is_said_beside_the_value_leaves_it_alone() {
        use Doubt::{Compared, Conditional, Negated, Over};
        check("I have [27] assistants who can't check anything in.", &[]);
        check("It has to work on or before [19 June].", &[]);
        check("It has to work before [19 June].", &[Compared]);
        check("[Jens Okoro] looks after this, all day if he has to.", &[]);
        check("[Jens Okoro] looks after this if he gets the time.", &[Conditional]);
        check("I want that at [four hours], otherwise I'll be cross.", &[]);
        check("[A walkthrough], with our own data on it if that can be done.", &[]);
        check("We are on [premium], so the crew can start once you agree.", &[]);
        check("They may not leave [the EU].", &[]);
        check("They may not see [the EU].", &[Negated]);
        check("scrap the [23] I gave Bea, make it 26.", &[Over]);
        check("scrap the 23 I gave Bea, make it [26].", &[]);
        check("We are all based in [Portugal], the sewing in Tunisia is not ours.", &[]);
    }

    #[test]
    fn denials_of_something_else_do_not_count() {
        check("We don't need SSO, but [we go live on July 1].", &[]);
        check("We don't need SSO and [we go live on July 1].", &[]);
        check("[We go live on July 1], not June 1.", &[]);
        check("It is not June 1 but [July 1].", &[]);
        check("No, [we go live on July 1].", &[]);
        check("[We pay 48,000 a year] with no setup fee.", &[]);
        check("Not only SAP: [we go live on July 1].", &[]);
        check("- [CA$18,900] for the first year, tax not included.", &[]);
        check("Please write to [dana@x.example] and put nobody else in copy.", &[]);
        check("[first noticed it yesterday], the API returns the wrong coach", &[]);
    }

    #[test]
    fn conditions_questions_and_hearsay() {
        check("If legal signs, [we go live on July 1].", &[Doubt::Conditional]);
        check("[We go live on July 1] unless legal objects.", &[Doubt::Conditional]);
        check("[We go live on July 1] subject to approval.", &[Doubt::Conditional]);
        check("[We go live on July 1], let me know if that helps.", &[]);
        check("Do you think [we go live on July 1]?", &[Doubt::Question]);
        check("Freightly claims [they go live on July 1].", &[Doubt::Attributed]);
        check("We said [we go live on July 1].", &[]);
        check("[We go live on July 1], probably.", &[Doubt::Hedged]);
        check("Last year we had [500 users] on the old tool.", &[Doubt::Over]);
        check("Forget [July 1].", &[Doubt::Over]);
        check("Don't forget: [July 1].", &[]);
        check("Maybe [we go live on July 1].", &[Doubt::Hedged]);
    }

    #[test]
    fn comparisons_beside_a_number() {
        check("We have under [500 users].", &[Doubt::Compared]);
        check("We have < [500] users.", &[Doubt::Compared]);
        check("We have at least [500 users].", &[Doubt::Compared]);
        check("We have [500] or more.", &[Doubt::Compared]);
        check("We have [500 users] in Lyon.", &[]);
    }
}
