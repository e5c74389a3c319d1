//! Choices in front of a thing. `The pilot line in Hamar` names a line, not
//! the contract `pilot`: a choice of one word that only says which one of
//! something is meant chooses nothing, unless that something is the field's.

use crate::extraction::Line;
use crate::language::{fold, tokens};
use crate::route::Field;
use crate::value::Kind;

use super::support::{Grounder, Setting, Spoken};

/// Letters that two forms of a word share: `invoice`, `invoicing`.
const STEM: usize = 5;

impl Grounder<'_> {
    /// Whether a choice only tells which thing is meant, and nothing else in what was cited speaks of the field.
    pub(super) fn is_of_a_thing(&self, at: usize, setting: &Setting, spoken: &Spoken) -> bool {
        let message = &self.index.conversation().messages[spoken.position];
        if !names_a_thing(setting.field, &message.text, spoken.span) {
            return false;
        }
        let (start, end) = spoken.span;
        let own = self.scene.line_index(spoken.position, start);
        let is_own = |line: &Line| own.is_some_and(|own| std::ptr::eq(&self.scene.lines[own], line));
        // `In the test team`: words that hold the choice itself say no more than the choice.
        let speaks = |line: &Line| {
            line.hits_of(at).any(|hit| hit.tells() && !(is_own(line) && hit.start < end && start < hit.end))
        };
        let asked = own.is_some_and(|own| {
            self.scene.replies.questions_of(own).iter().any(|question| speaks(&self.scene.lines[*question]))
        });
        let said = own.is_some_and(|own| speaks(&self.scene.lines[own]));
        !asked && !said && !setting.found.iter().any(|(_, found)| self.lines_of(found).any(speaks))
    }
}

/// Whether a choice only tells which thing is meant: an article, the choice, a noun that is none of the field's own
/// words, and the end of the phrase.
fn names_a_thing(field: &Field, text: &str, (start, end): (usize, usize)) -> bool {
    let (Some(name), Some(before), Some(behind)) = (text.get(start..end), text.get(..start), text.get(end..)) else {
        return false;
    };
    if name.contains(char::is_whitespace) || !behind.starts_with(' ') {
        return false;
    }
    let sentence = before.rsplit(['.', '!', '?', '\n', ',', ';', ':', '(']).next().unwrap_or_default();
    let led = tokens(sentence).last().is_some_and(|last| is_article(&fold(last.text(sentence))));
    let clause = behind.split(['.', '!', '?', ',', ';', ':', ')']).next().unwrap_or_default();
    let following: Vec<String> =
        tokens(clause).iter().take(2).map(|token| fold(token.text(clause)).into_owned()).collect();
    let Some(noun) = following.first() else { return false };
    let plain = noun.chars().count() > 2 && noun.chars().all(char::is_alphabetic);
    let ends = following.get(1).is_none_or(|next| ends_phrase(next));
    led && plain && !is_small(noun) && !is_verb(noun) && ends && !is_own(field, noun)
}

/// A word by which the field, its choices or its cues are called.
fn is_own(field: &Field, noun: &str) -> bool {
    let stem = |word: &str| fold(word).chars().take(STEM).collect::<String>();
    let noun = stem(noun);
    let Kind::Enum(choices) = &field.kind else { return false };
    let names = choices.iter().flat_map(|choice| std::iter::once(&choice.id).chain(&choice.aliases));
    let told = [&field.label, &field.question, &field.description];
    let mut words = told.into_iter().chain(names).chain(&field.cues);
    words.any(|words| words.split(|c: char| !c.is_alphanumeric()).any(|word| stem(word) == noun))
}

fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an" | "our" | "your" | "their" | "this" | "that" | "its" | "his" | "her")
}

/// What may stand behind a whole noun phrase.
fn ends_phrase(word: &str) -> bool {
    matches!(
        word,
        "in" | "at"
            | "on"
            | "of"
            | "for"
            | "from"
            | "with"
            | "and"
            | "or"
            | "is"
            | "are"
            | "was"
            | "were"
            | "will"
            | "has"
            | "have"
            | "had"
            | "near"
            | "by"
            | "to"
            | "that"
            | "which"
            | "who"
            | "where"
            | "we"
            | "i"
            | "you"
            | "they"
            | "he"
            | "she"
    )
}

/// Words behind a choice that leave it the thing itself: `the pilot is …`, `the standard one`.
#[rustfmt::skip]
fn is_small(word: &str) -> bool {
    matches!(
        word,
        "one" | "ones" | "then" | "now" | "only" | "too" | "please" | "first" | "for" | "and" | "with" | "but" | "are" | "was" | "were" | "will" | "has" | "had" | "can" | "could" | "would" | "should" | "may" | "must" | "not"
            | "from" | "until" | "till" | "because" | "since" | "before" | "after" | "that" | "which" | "who" | "when" | "where" | "while" | "instead" | "rather" | "option" | "choice" | "version" | "variant" | "term" | "terms" | "rhythm" | "basis" | "kind" | "way" | "sort"
            | "today" | "tomorrow" | "again" | "anyway" | "though" | "also" | "here" | "there" | "into" | "over" | "under" | "without" | "within" | "during" | "the" | "you" | "they" | "she" | "did" | "does" | "have" | "been"
    )
}

/// A form that may be a verb: `the pilot runs in May`, `the pilot started in May`.
fn is_verb(word: &str) -> bool {
    word.ends_with("ed") || word.ends_with("ing") || word.ends_with('s') && !word.ends_with("ss")
}
