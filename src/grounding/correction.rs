//! Words by which people say that something is no longer as it was, so that a
//! later value may replace an earlier one.

use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::value::{Person, Value, same};

use super::support::{Grounder, Spoken};

/// A sentence full of values is a table, and none of them is set aside by the others.
const MOST_VALUES: usize = 8;

impl Grounder<'_> {
    /// The values of the same sort that the sentence denies beside the one it states.
    pub(super) fn set_aside(&self, spoken: &Spoken) -> Vec<Value> {
        let Some(line) = self.scene.line_at(spoken.position, spoken.span.0) else { return Vec::new() };
        let own = &spoken.reading.value;
        let alike = |value: &Value| std::mem::discriminant(value) == std::mem::discriminant(own) && !same(value, own);
        let denied = |start: usize, end: usize| {
            doubts(line.text, (line.start, line.end), (start, end), Reach::Outside).contains(&Doubt::Negated)
        };
        let mut aside: Vec<Value> = line
            .values
            .iter()
            .take(MOST_VALUES)
            .filter(|value| alike(&value.reading.value) && denied(value.start, value.end))
            .map(|value| value.reading.value.clone())
            .collect();
        if matches!(own, Value::Person(_))
            && gives_way(line.words())
            && let Some(name) = &line.speaker.name
        {
            let speaker = Value::Person(Person { name: name.clone(), address: line.speaker.address.clone() });
            aside.extend(Some(speaker).filter(alike));
        }
        aside
    }
}

/// `Anders runs the project instead of me`: the speaker hands their part over.
fn gives_way(words: &str) -> bool {
    let folded = words.to_lowercase();
    ["instead of me", "in my place", "takes over from me", "taking over from me", "statt mir", "anstelle von mir"]
        .iter()
        .chain(&["an meiner stelle", "à ma place", "en mi lugar"])
        .any(|phrase| folded.contains(phrase))
}

/// Words by which people say that something is no longer as it was; `now` and `sorry` alone say nothing.
pub(super) fn says_correction(sentence: &str) -> bool {
    let words: Vec<String> = tokens(sentence).iter().map(|token| fold(token.text(sentence)).into_owned()).collect();
    let cues: [&[&str]; 29] = [
        &["push"],
        &["move"],
        &["slip"],
        &["shift"],
        &["delay"],
        &["actually"],
        &["instead"],
        &["correction"],
        &["moved", "to"],
        &["moves", "to"],
        &["moves", "from"],
        &["moved", "from"],
        &["changes", "from"],
        &["changed", "to"],
        &["changed", "from"],
        &["no", "longer"],
        &["pushed"],
        &["postponed"],
        &["scratch", "that"],
        &["scrap"],
        &["i", "meant"],
        &["revised"],
        &["make", "it"],
        &["make", "that"],
        &["slipped"],
        &["brought", "forward"],
        &["rescheduled"],
        &["not"],
        &["new", "date"],
    ];
    // `… are affected, not 31`: a bare `not` corrects only where it sets a figure aside.
    let sets_aside = |at: usize| {
        let next = |ahead: usize| words.get(at + ahead).map_or("", String::as_str);
        let figure = |word: &str| word.chars().any(|c| c.is_ascii_digit()) || is_small_figure(word);
        let lead = matches!(next(1), "on" | "by" | "the" | "am" | "den" | "le" | "el" | "at");
        figure(next(1)) || lead && figure(next(2))
    };
    // `moved the launch to …`: the verb and its `to` with the thing between.
    let moves = (0..words.len()).any(|at| {
        matches!(words[at].as_str(), "moved" | "moves" | "changed" | "shifted" | "postponed")
            && words.iter().skip(at + 1).take(5).any(|word| word == "to")
    });
    // `nicht am 1.`, `no 6`, `pas le 3`: the same in other languages.
    let denied = (0..words.len())
        .any(|at| matches!(words[at].as_str(), "nicht" | "no" | "pas") && at > 0 && sets_aside(at))
        // `order no 12` numbers something.
        && [", nicht ", ", no ", ", pas "].iter().any(|aside| sentence.contains(aside));
    moves
        || denied
        || words.iter().any(|word| matches!(word.as_str(), "korrektur" | "correctif" | "corrección" | "miscounted"))
        || words.first().is_some_and(|first| first == "sorry")
        || (0..words.len()).any(|at| {
            cues.iter().any(|cue| {
                cue.iter().enumerate().all(|(i, word)| words.get(at + i).is_some_and(|own| own == word))
                    && (cue != &["not"] || sets_aside(at))
                    && (!is_noun_too(cue) || is_done(&words, at))
            })
        })
}

/// `Before the server move`, `the late shift`: things, where `we have to move it` is a change.
fn is_noun_too(cue: &[&str]) -> bool {
    matches!(cue, ["push" | "move" | "slip" | "shift" | "delay"])
}

/// Whether the word at `at` is what somebody does.
#[rustfmt::skip]
fn is_done(words: &[String], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
    matches!(
        before,
        "" | "to" | "we" | "i" | "they" | "you" | "will" | "must" | "can" | "could" | "should" | "would" | "may" | "let's" | "please" | "and" | "we'll" | "i'll" | "not" | "us" | "might" | "just"
    ) || matches!(words.get(at + 1).map(String::as_str), Some("it" | "that" | "this" | "them" | "everything"))
}

/// Figures that people write in letters.
#[rustfmt::skip]
fn is_small_figure(word: &str) -> bool {
    matches!(
        word,
        "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven" | "twelve" | "thirteen" | "fourteen" | "fifteen" | "twenty" | "thirty"
    )
}
