//! Whether words ask something: by mark, by how they begin, as a request in
//! the form of a question, or as a note to find something out.

use super::english::opens_question;
use super::{Phrases, first_token, fold};

/// Whether words ask something: by mark, or, where none was written, by how they begin.
pub fn starts_question(sentence: &str) -> bool {
    if is_question(sentence) || is_reminder(sentence) {
        return true;
    }
    // `What you are after: a demo` is a label with its answer.
    let labels = sentence.split_once(": ").is_some_and(|(label, answer)| label.len() < 70 && !answer.trim().is_empty());
    let closed = labels || sentence.trim_end().ends_with(['.', '!', ':', ';']);
    !closed && first_token(sentence).is_some_and(|token| opens_question(&fold(token.text(sentence))))
}

/// `We'd like a quote.`, `nous aimerions …`: a wish, said and not asked.
pub fn wishes(sentence: &str) -> bool {
    const WISHES: Phrases = Phrases::new(&[
        "would like",
        "we'd like",
        "i'd like",
        "we’d like",
        "i’d like",
        "would love",
        "me gustaría",
        "nos gustaría",
        "quisiera",
        "je voudrais",
        "nous voudrions",
        "nous aimerions",
        "j'aimerais",
        "hätte gern",
        "hätten gern",
    ]);
    !starts_question(sentence) && WISHES.stand_in(sentence)
}

/// `Could you send …?`, `pourriez-vous …`: a request in the form of a question.
pub fn asks_politely(sentence: &str) -> bool {
    const POLITE: Phrases = Phrases::new(&[
        "could you",
        "can you",
        "would you",
        "could we",
        "can we",
        "may we",
        "could i",
        "can i",
        "may i",
        "is it possible to",
        "pourriez-vous",
        "pouvez-vous",
        "serait-il possible",
        "könnten sie",
        "können sie",
        "würden sie",
        "können wir",
        "könnten wir",
        "könnt ihr",
        "podrían",
        "podría",
        "podríais",
        "could somebody",
        "could someone",
        "could anybody",
        "could anyone",
        "could one of",
        "can somebody",
        "can someone",
        "can anybody",
        "can anyone",
        "can one of",
        "would somebody",
        "would someone",
        "would one of",
        "would it be possible",
        "könnte jemand",
        "könnte uns jemand",
        "könnte mir jemand",
        "kann uns jemand",
        "kann jemand",
        "wäre es möglich",
        "pourrait-on",
        "peut-on",
        "pourrions-nous",
        "pouvons-nous",
        "quelqu'un pourrait",
        "quelqu'un peut",
        "est-ce que vous pourriez",
        "est-il possible",
        "alguien podría",
        "alguien puede",
        "podría alguien",
        "puede alguien",
        "sería posible",
        "podríamos",
        "nos pueden",
        "nos podéis",
        "any chance",
        "kindly ",
        "podéis",
        "pueden enviar",
        "puede enviar",
        "podemos",
    ]);
    POLITE.stand_in(sentence)
}

/// In small letters it is a word of Spanish: `todo junto`.
const LISTED: Phrases = Phrases::new(&["to-do: ", "todo: "]);

/// `TODO: ask when they start`: a note to find something out states nothing.
pub fn is_reminder(sentence: &str) -> bool {
    let words = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opens = [
        "todo",
        "to do:",
        "ask when",
        "ask if",
        "ask whether",
        "ask about",
        "ask who",
        "ask how",
        "ask what",
        "ask them",
        "check ",
        "find out",
        "clarify",
        "need to ask",
        "need to check",
        "remember to ask",
        "still to ask",
    ];
    opens
        .iter()
        .any(|word| words.as_bytes().get(..word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes())))
        || words.match_indices("TODO").any(|(at, _)| words[at + 4..].starts_with([' ', ':']))
        || LISTED.stand_in(words)
}

pub(super) fn is_question(sentence: &str) -> bool {
    sentence.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '?').ends_with('?')
}
