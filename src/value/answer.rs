//! Yes and no: a reply to a question, and the words of a yes/no field.

use super::{Precision, Reading, Unreadable, Value, fold};

/// What a reply to a yes/no question says; `None` when it does not decide.
pub fn read_answer(text: &str) -> Option<bool> {
    if text.trim_end().ends_with('?') {
        return None;
    }
    let words = fold::words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = without_openers(&words);
    if words.is_empty() || hesitates(words) {
        return None;
    }
    let (answer, rest) = lead(words)?;
    (!takes_back(answer, rest)).then_some(answer)
}

const OPENERS: &[&str] = &[
    "oh", "well", "um", "uh", "so", "ah", "hmm", "hm", "hi", "hey", "hello", "thanks", "thank", "you", "ok", "okay",
    "and", "i", "mean",
];

fn without_openers<'a, 'b>(words: &'a [&'b str]) -> &'a [&'b str] {
    // "OK" alone is an answer; "OK, so yes" begins with one.
    let skip = words.iter().take_while(|word| OPENERS.contains(word)).count();
    let rest = words.get(skip..).unwrap_or(&[]);
    let own_start = words.get(skip.saturating_sub(1)..).unwrap_or(&[]);
    match rest.first() {
        None if words.iter().any(|word| matches!(*word, "ok" | "okay")) => words.get(..1).map_or(words, |_| &["ok"]),
        Some(&"do" | &"am" | &"have" | &"dont" | &"think" | &"guess" | &"agree" | &"confirm") => own_start,
        _ => rest,
    }
}

fn hesitates(words: &[&str]) -> bool {
    let first = words.iter().take(8).copied().collect::<Vec<_>>();
    let hedge =
        ["maybe", "perhaps", "possibly", "probably", "depends", "unsure", "might", "partly", "somewhat", "unclear"];
    let phrases: &[&[&str]] = &[
        &["not", "sure"],
        &["dont", "know"],
        &["no", "idea"],
        &["yes", "and", "no"],
        &["i", "think"],
        &["i", "guess"],
        &["i", "believe"],
        &["not", "certain"],
        &["let", "me", "check"],
        &["no", "clue"],
        &["kind", "of"],
        &["sort", "of"],
        &["im", "not"],
    ];
    first.iter().any(|word| hedge.contains(word))
        || phrases.iter().any(|phrase| first.windows(phrase.len()).any(|window| window == *phrase))
}

/// Words that begin a yes.
#[rustfmt::skip]
const YES: &[&str] = &[
    "of course", "sounds good", "sounds right", "that works", "works for", "thats right", "thats correct",
    "that is right", "that is correct", "thats fine", "no problem", "no objection", "for sure", "i confirm",
    "i agree", "go ahead", "be my guest", "by all means", "you bet", "yes", "yeah", "yep", "yup", "sure", "correct", "exactly", "absolutely",
    "definitely", "confirmed", "affirmative", "indeed", "agreed", "true", "right", "ok", "okay", "certainly",
    "ja", "oui", "si", "genau", "we do", "we are", "it is", "it does", "they do", "i do", "he does",
    "she does",
];

/// Words that begin a no.
#[rustfmt::skip]
const NO: &[&str] = &[
    "thats not right", "thats not correct", "that is not right", "that is not correct", "not yet",
    "not really", "not at all", "thats wrong", "that is wrong", "thats not", "that is not", "we dont",
    "we do not", "it is not", "it isnt", "it doesnt", "they dont", "they do not", "i dont", "we arent",
    "we are not", "of course not", "definitely not", "absolutely not", "certainly not", "no", "nope", "nah",
    "negative", "incorrect", "wrong", "false", "never", "nein", "non",
];

/// The answer the first words give, and the words after them.
fn lead<'a, 'b>(words: &'a [&'b str]) -> Option<(bool, &'a [&'b str])> {
    let starts = |forms: &[&str]| {
        let fits = |form: &&&str| form.split(' ').eq(words.iter().take(form.split(' ').count()).copied());
        forms.iter().filter(fits).map(|form| form.split(' ').count()).max()
    };
    let (yes, no) = (starts(YES), starts(NO));
    let (answer, length) = match (yes, no) {
        (Some(yes), Some(no)) => (yes > no, yes.max(no)),
        (Some(yes), None) => (true, yes),
        (None, Some(no)) => (false, no),
        (None, None) => return None,
    };
    let rest = words.get(length..).unwrap_or(&[]);
    // "Right now …", "Sure thing" apart, a lead that runs on into a sentence is no answer.
    let runs_on = matches!(words.first(), Some(&"right" | &"true" | &"correct"))
        && matches!(rest.first(), Some(&"now" | &"me" | &"after" | &"before" | &"to" | &"the" | &"this" | &"if"));
    let no_noun = words.first() == Some(&"no")
        && answer == (yes > no)
        && matches!(rest.first(), Some(&"worries" | &"one" | &"doubt" | &"need" | &"matter"));
    let short = matches!(words.first(), Some(&"we" | &"it" | &"they" | &"i" | &"he" | &"she"))
        && answer
        && rest.len() > 1
        && words.first() != Some(&"i");
    (!runs_on && !no_noun && !short).then_some((answer, rest))
}

/// Whether the words after a yes or no make it conditional or turn it round.
fn takes_back(answer: bool, rest: &[&str]) -> bool {
    let near = rest.iter().take(12).copied().collect::<Vec<_>>();
    let condition =
        near.iter().any(|word| matches!(*word, "but" | "if" | "unless" | "except" | "however" | "although" | "though"));
    let other = |words: &[&str]| near.first().is_some_and(|first| words.contains(first));
    let turned = if answer {
        other(&["no", "nope", "not", "never"]) && near.get(1) != Some(&"problem")
    } else {
        other(&["yes", "yeah", "thats", "correct", "right", "sure"])
            || (near.starts_with(&["that", "is"]) && near.get(2) != Some(&"not"))
    };
    condition || turned
}

/// The value of a yes/no field.
pub(super) fn read_bool(text: &str) -> Result<Reading, Unreadable> {
    let folded = fold::folded(text);
    let plain = match folded.as_str() {
        "y" | "1" | "true" | "on" | "required" | "is required" | "needed" | "included" | "enabled" | "x"
        | "checked" => Some(true),
        "n" | "0" | "false" | "off" | "not required" | "is not required" | "not needed" | "not included"
        | "none required" | "disabled" | "optional" | "unchecked" => Some(false),
        _ => read_answer(text),
    };
    match plain {
        Some(value) if !text.trim_end().ends_with('?') => {
            Ok(Reading { value: Value::Bool(value), precision: Precision::Exact })
        }
        _ => Err(Unreadable::because("neither yes nor no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies() {
        let check = |text: &str, expected: Option<bool>| assert_eq!(read_answer(text), expected, "{text}");
        for yes in [
            "Yes, that works",
            "Correct",
            "yep",
            "Sure thing",
            "OK",
            "Of course.",
            "That's right",
            "Oh yes!",
            "No problem",
            "Ja, genau",
            "we do",
            "Sí",
            "Exactly, all three sites",
            "Confirmed by Dana",
            "Ok, yes",
            "I confirm",
        ] {
            check(yes, Some(true));
        }
        for no in [
            "No",
            "nope",
            "not yet",
            "No, we use Okta",
            "We don't.",
            "that's not right",
            "Nein",
            "Definitely not",
            "of course not",
        ] {
            check(no, Some(false));
        }
        for open in [
            "yes and no",
            "maybe",
            "Yes?",
            "Yes, but only in the EU",
            "no, that's correct",
            "I think so",
            "Right now we use Okta",
            "Correct me if I'm wrong",
            "no idea",
            "it depends",
            "",
            "Dana will check",
            "yes if legal signs",
            "No worries",
            "not sure",
            "we do have a question about it",
        ] {
            check(open, None);
        }
    }

    #[test]
    fn yes_no_fields() {
        let check = |text: &str, expected: Option<bool>| {
            let found = read_bool(text).ok().map(|reading| reading.value);
            assert_eq!(found, expected.map(Value::Bool), "{text}");
        };
        check("Y", Some(true));
        check("0", Some(false));
        check("not required", Some(false));
        check("Required", Some(true));
        check("needs SSO?", None);
        check("true", Some(true));
        check("enterprise", None);
    }
}
