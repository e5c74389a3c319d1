//! How people are mentioned: names nobody has met yet, somebody spoken to and
//! not of, a name that the next line goes on about, the name under a mail from a
//! house's own address.

use crate::conversation::{SegmentKind, Side};
use crate::language::{fold, is_name_word_stop, is_role_word, tokens};
use crate::route::Field;
use crate::value::{Person, Precision, Reading, Sort, Spotted, Value};

use super::people::Place;
use super::{Hit, Line, Scene};

/// Names of people nobody has met yet: two or three capitalised words in a row, in a line about a person.
pub(super) fn unknown_names(line: &Line, place: Place) -> Vec<Spotted> {
    let own_cue = place == Place::BesideCue;
    let text = line.words();
    let words = tokens(text);
    let is_name = |at: &usize| {
        let word = words[*at].text(text);
        word.chars().next().is_some_and(char::is_uppercase)
            && word.chars().nth(1).is_some_and(char::is_lowercase)
            && !is_name_word_stop(&fold(word))
            && !is_title(&fold(word))
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let together = |next: &usize| {
            *next == at || text[words[*next - 1].end..words[*next].start].trim_matches([' ', '-']).is_empty()
        };
        let count = (at..words.len()).take_while(|next| is_name(next) && together(next)).count();
        let (start, end) = (line.start + words[at].start, line.start + words[(at + count.max(1)) - 1].end);
        let known = line.values.iter().any(|value| value.start < end && start < value.end)
            || line.hits.iter().any(|hit| hit.start < end && start < hit.end);
        let led = own_cue || words[..at].iter().all(|word| leads_to_name(&fold(word.text(text))));
        if (2..=3).contains(&count) && !known && led {
            let person = Person { name: line.text[start..end].to_owned(), address: None };
            found.push(Spotted {
                sort: Sort::Person,
                start,
                end,
                reading: Reading { value: Value::Person(person), precision: Precision::Exact },
            });
        }
        at += count.max(1);
    }
    found
}

/// A title before a name, or a bidding whose first letter is large at the head of a sentence: `Take Ann Lee`.
fn is_title(word: &str) -> bool {
    matches!(
        word,
        "frau"
            | "herr"
            | "herrn"
            | "dr"
            | "prof"
            | "mr"
            | "mrs"
            | "ms"
            | "madame"
            | "monsieur"
            | "mme"
            | "señor"
            | "señora"
            | "don"
            | "doña"
            | "take"
            | "ask"
            | "try"
            | "call"
            | "ring"
            | "use"
    )
}

/// Words before the name in an answer that is nothing but the name: `That would be our colleague …`.
#[rustfmt::skip]
fn leads_to_name(word: &str) -> bool {
    matches!(
        word,
        "that" | "would" | "be" | "is" | "it's" | "that's" | "it" | "um" | "uh" | "er" | "oh" | "so" | "well" | "yes" | "yeah" | "sure" | "hm" | "our" | "my" | "the" | "a"
            | "colleague" | "boss" | "will" | "talk" | "speak" | "to" | "best" | "ask" | "for" | "you" | "want" | "here" | "then" | "from" | "side" | "on" | "s" | "i" | "guess" | "think"
    )
}

/// The name that opens a signature of the message a line stands in.
pub(super) fn signed_name(scene: &Scene, line: &Line) -> Option<(usize, usize, usize)> {
    let from = scene.lines.partition_point(|other| other.message < line.message);
    let own = (from..scene.lines.len()).take_while(|at| scene.lines[*at].message == line.message);
    own.filter(|at| scene.lines[*at].kind == SegmentKind::Signature).find_map(|at| {
        let signature = &scene.lines[at];
        let mut start = signature.start;
        signature.words().lines().find_map(|row| {
            let begin = start + row.len() - row.trim_start().len();
            start += row.len() + 1;
            let words: Vec<&str> = row.split_whitespace().collect();
            let named = (2..=3).contains(&words.len())
                && words.iter().all(|word| {
                    word.starts_with(char::is_uppercase)
                        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
                })
                && !words.iter().any(|word| is_role_word(&fold(word)) || is_name_word_stop(&fold(word)));
            let courteous = words.first().is_some_and(|word| {
                matches!(
                    fold(word).as_ref(),
                    "kind" | "best" | "many" | "warm" | "with" | "mit" | "viele" | "beste" | "bien" | "un"
                )
            });
            (named && !courteous).then_some((at, begin, begin + row.trim().len()))
        })
    })
}

/// A cue that says nothing of who plays the part: somebody was talked to, or one of us speaks of a colleague of ours.
pub(super) fn is_idle(line: &Line, hit: &Hit, field: &Field) -> bool {
    let cue = line.text[hit.start..hit.end].to_lowercase();
    let past = ["talked to", "spoke to", "spoke with", "talked with", "met ", "reached out"]
        .iter()
        .any(|words| cue.starts_with(words));
    let before = line.text[line.start..hit.start].trim_end().to_lowercase();
    let pleased = cue.starts_with("talking")
        && ["nice", "good", "great", "enjoyed", "lovely"].iter().any(|word| before.ends_with(word));
    let ours = cue.contains("my colleague") && line.speaker.side == Side::Ours && speaks_of_customer(field);
    past || pleased || ours
}

/// `Tuuli Kask. She's there from six.`: the one person of the line before, when a line goes on with `he` or `she`.
pub(super) fn name_before(scene: &Scene, at: usize) -> Option<(usize, (usize, usize))> {
    let line = &scene.lines[at];
    let first = tokens(line.words()).first().map(|token| fold(token.text(line.words())).into_owned())?;
    let pronoun = matches!(
        first.as_str(),
        "he" | "she" | "he's" | "she's" | "he'll" | "she'll" | "er" | "elle" | "il" | "ella" | "él"
    );
    let before = at.checked_sub(1).filter(|_| pronoun)?;
    let line_before = &scene.lines[before];
    if line_before.message != line.message || line_before.asks {
        return None;
    }
    let strangers = unknown_names(line_before, Place::BesideCue);
    let mut named = line_before.values.iter().filter(|value| value.sort == Sort::Person).chain(&strangers);
    let (only, None) = (named.next()?, named.next()) else { return None };
    Some((before, (only.start, only.end)))
}

/// `Hi Dana,`, `Dana, could you …`, `Thanks Dana`: spoken to, not about.
pub(super) fn is_addressed(line: &Line, name: &Spotted) -> bool {
    let before = line.text[line.start..name.start].trim_end().to_ascii_lowercase();
    let after = &line.text[name.end..line.end];
    let greets = [
        "hi",
        "hello",
        "hey",
        "dear",
        "thanks",
        "thank you",
        "morning",
        "afternoon",
        "@",
        "thx",
        "cheers",
        "bonjour",
        "salut",
        "bonsoir",
        "cher",
        "chère",
        "hallo",
        "liebe",
        "lieber",
        "moin",
        "servus",
        "hola",
        "buenas",
        "buenos días",
        "querido",
        "querida",
        "estimado",
        "estimada",
        "guten tag",
        "guten morgen",
        "merci",
        "danke",
        "gracias",
    ]
    .iter()
    .any(|word| before.ends_with(word));
    let vocative = (before.is_empty() || before.ends_with(','))
        && (after.starts_with(',') || after.trim().is_empty() || after.starts_with(" -") || after.starts_with(" –"))
        && !after.starts_with(", our")
        && !after.starts_with(", the")
        && !after.starts_with(", who")
        && !after.starts_with(", my");
    greets
        || vocative && line.values.iter().filter(|value| value.sort == Sort::Person).count() > 1
        || before.is_empty() && after.starts_with(',') && line.asks
}

/// `Ada Lind, she is your contact`, `…, sie ist Ihre …`, `…, who runs …`: what follows the name's comma is said of it.
pub(super) fn goes_on_of(between: &str) -> bool {
    let words: Vec<String> =
        tokens(between).iter().take(2).map(|token| fold(token.text(between)).into_owned()).collect();
    let pronoun = words.first().is_some_and(|word| {
        matches!(
            word.as_str(),
            "she"
                | "he"
                | "who"
                | "she's"
                | "he's"
                | "who's"
                | "she'll"
                | "he'll"
                | "sie"
                | "er"
                | "die"
                | "der"
                | "elle"
                | "il"
                | "qui"
                | "ella"
                | "él"
                | "que"
                | "es"
        )
    });
    let rest = between.trim_start().strip_prefix(',').unwrap_or_default();
    pronoun && between.starts_with(',') && !rest.contains([',', ';', '.']) && tokens(between).len() <= 6
}

/// Whether the route means a person at the customer.
pub(super) fn speaks_of_customer(field: &Field) -> bool {
    let words = format!("{} {} {}", field.label, field.description, field.question).to_lowercase();
    ["customer", "lead", "client", "prospect", "buyer"].iter().any(|word| words.contains(word))
}
