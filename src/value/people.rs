//! People named in running text: participants by their full name, or by the
//! one name that only one of them has; and strangers whose capitalised name
//! stands beside a role, a title or an introduction.

use rustc_hash::{FxHashMap, FxHashSet};

use super::lexicon::Meaning;
use super::scan::{Sort, Spotted, spot};
use super::tokens::{Page, Shape};
use super::{Context, Participant, Person, Precision, Reading, Value, fold, person};

/// Participants by the folded words of their names; built once for a conversation.
pub struct Names<'a> {
    by_word: FxHashMap<String, Vec<(&'a Participant, Vec<String>)>>,
}

/// The people named in `text`, in order and apart.
pub fn find_people(text: &str, context: &Context) -> Vec<Spotted> {
    find_on(&Page::new(text, context), &Names::new(context.participants))
}

pub(super) fn find_on(page: &Page, names: &Names) -> Vec<Spotted> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < page.tokens.len() {
        let starts =
            page.shape(at) == Some(Shape::Word) && page.capital(at) && page.clean_start(at) && !in_address(page, at);
        let named = starts.then(|| known(page, at, names).or_else(|| stranger(page, at))).flatten();
        match named {
            Some((to, reading)) => {
                found.push(spot(page, Sort::Person, at, to, reading));
                at = to.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// `Dana@…` is an address or a handle, not the name itself.
fn in_address(page: &Page, at: usize) -> bool {
    page.glued(at + 1) && matches!(page.sign(at + 1), Some('@' | '_'))
        || (page.glued(at) && page.sign(at.wrapping_sub(1)) == Some('@') && page.glued(at.wrapping_sub(1)))
}

impl<'a> Names<'a> {
    pub fn new(participants: &'a [Participant]) -> Self {
        let mut by_word: FxHashMap<String, Vec<(&'a Participant, Vec<String>)>> = FxHashMap::default();
        let mut seen: FxHashSet<(Vec<String>, &Option<String>)> = FxHashSet::default();
        for participant in participants {
            let words = super::equality::name_words(&participant.name);
            if words.is_empty() || participant.name.contains('@') || !seen.insert((words.clone(), &participant.address))
            {
                continue;
            }
            let mut keys = words.clone();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                by_word.entry(key).or_default().push((participant, words.clone()));
            }
        }
        Names { by_word }
    }
}

/// A participant's name at token `at`.
fn known(page: &Page, at: usize, names: &Names) -> Option<(usize, Reading)> {
    let word = fold::word(page.words(at));
    let candidates = names.by_word.get(&word)?;
    let whole = candidates
        .iter()
        .filter_map(|(participant, words)| Some((follow(page, at, words)?, *participant, words.len())));
    if let Some((to, participant, length)) = whole.max_by_key(|(to, ..)| *to)
        && (length > 1 || !continues_name(page, to))
    {
        let same: Vec<&Participant> = candidates
            .iter()
            .filter(|(other, _)| {
                fold::words(&other.name) == fold::words(&participant.name) && other.address != participant.address
            })
            .map(|(other, _)| *other)
            .filter(|other| other.address.is_some() && participant.address.is_some())
            .collect();
        let mut all = vec![participant];
        all.extend(same);
        return Some((to, reading_of(&all)));
    }
    let another = continues_name(page, at + 1) || before_is_name(page, at) || page.is_before(at, 1, &["-"]);
    let verb = everyday(&word) && opens_sentence(page, at);
    if another || verb || !page.clean_end(at + 1) {
        return None;
    }
    let ends: Vec<&Participant> = candidates
        .iter()
        .filter(|(_, words)| words.first() == Some(&word) || words.last() == Some(&word))
        .map(|(participant, _)| *participant)
        .collect();
    (!ends.is_empty()).then(|| (at + 1, reading_of(&ends)))
}

/// The token after the words of a name that stand from token `at` on.
fn follow(page: &Page, at: usize, words: &[String]) -> Option<usize> {
    let mut next = at;
    for (nth, word) in words.iter().enumerate() {
        if nth > 0 {
            while matches!(page.sign(next), Some('.' | '-' | '\'' | '’')) && page.glued(next) {
                next += 1;
            }
        }
        let mut own = fold::word(page.words(next));
        next += 1;
        // `O'Neil` is one word of a name in two tokens.
        while own.len() < word.len()
            && word.starts_with(&own)
            && page.glued(next)
            && matches!(page.sign(next), Some('\'' | '’'))
        {
            own.push_str(&fold::word(page.words(next + 1)));
            next += 2;
        }
        if own != *word {
            return None;
        }
    }
    page.clean_end(next).then_some(next)
}

fn reading_of(people: &[&Participant]) -> Reading {
    let values: Vec<Value> = people
        .iter()
        .map(|known| Value::Person(Person { name: known.name.clone(), address: known.address.clone() }))
        .collect();
    let value = values.first().cloned().unwrap_or_else(|| Value::Text(String::new()));
    let precision = if values.len() > 1 { Precision::Ambiguous(values) } else { Precision::Exact };
    Reading { value, precision }
}

/// First names that are everyday words where a sentence begins.
fn everyday(word: &str) -> bool {
    matches!(
        word,
        "will"
            | "mark"
            | "may"
            | "grace"
            | "hope"
            | "bill"
            | "rob"
            | "pat"
            | "art"
            | "frank"
            | "june"
            | "april"
            | "august"
            | "jack"
            | "drew"
            | "sue"
            | "chase"
            | "faith"
            | "joy"
            | "rich"
            | "guy"
            | "grant"
            | "max"
            | "dean"
            | "page"
            | "young"
            | "long"
            | "price"
            | "case"
    )
}

fn opens_sentence(page: &Page, at: usize) -> bool {
    page.opens_line(at)
        || at.checked_sub(1).is_some_and(|before| matches!(page.sign(before), Some('.' | '!' | '?' | '"' | ':')))
}

/// Whether the word before makes this the last name of someone else.
fn before_is_name(page: &Page, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        plausible(page, before) && !opens_sentence(page, before) && !page.meanings(before).contains(&Meaning::Title)
    })
}

/// Whether a name goes on at token `at`, so that it is someone else's.
fn continues_name(page: &Page, at: usize) -> bool {
    (plausible(page, at) && !page.glued(at))
        || (page.sign(at) == Some('-') && page.glued(at) && page.glued(at + 1) && page.capital(at + 1))
}

/// A capitalised word that can be part of a name.
fn plausible(page: &Page, at: usize) -> bool {
    #[rustfmt::skip]
    const NEVER: &[&str] = &[
        "the", "our", "their", "hi", "hello", "hey", "dear", "thanks", "thank", "best", "regards", "kind", "i",
        "we", "you", "he", "she", "it", "they", "this", "that", "and", "but", "so", "if", "when", "what",
        "who", "how", "can", "could", "would", "will", "yes", "no", "please", "for", "from", "with", "at",
        "in", "on", "to", "a", "an", "as", "is", "are", "re", "fw", "fwd", "cc", "subject", "date", "sent",
        "inc", "ltd", "llc", "gmbh", "corp", "company", "team", "group", "logistics", "also", "great", "good",
        "ok", "okay", "just", "let", "has", "have", "do", "did", "was", "after", "before", "then", "here",
        "there", "now", "not", "any", "all", "your", "my", "her", "his", "its", "systems", "services",
        "solutions", "software",
    ];
    let word = page.words(at);
    if page.shape(at) != Some(Shape::Word) || !page.capital(at) || word.len() < 2 {
        return false;
    }
    let shouting = word.chars().all(char::is_uppercase);
    let calendar = page.meanings(at).iter().any(|meaning| {
        matches!(
            meaning,
            Meaning::Month(..)
                | Meaning::Weekday(..)
                | Meaning::Currency(_)
                | Meaning::Role
                | Meaning::Title
                | Meaning::Day(_)
        )
    });
    !shouting && !calendar && !page.is_any(at, NEVER) && !person::surrounds_role(word)
}

/// A name of someone who is no participant: two or three words beside a role, title or introduction.
fn stranger(page: &Page, at: usize) -> Option<(usize, Reading)> {
    if !plausible(page, at) || (plausible(page, at.wrapping_sub(1)) && !page.glued(at) && !opens_sentence(page, at)) {
        return None;
    }
    let mut to = at + 1;
    let mut count = 1;
    while count < 3 {
        if page.sign(to) == Some('-') && page.glued(to) && page.glued(to + 1) && plausible(page, to + 1) {
            to += 2;
            continue;
        }
        if plausible(page, to) && !page.glued(to) {
            to += 1;
            count += 1;
        } else {
            break;
        }
    }
    if plausible(page, to) && !page.glued(to) {
        return None;
    }
    let name = page.span(at, to);
    let person =
        |precision| Reading { value: Value::Person(Person { name: name.to_owned(), address: None }), precision };
    if count > 1 {
        let introduced = role_before(page, at) || role_after(page, to) || introduction(page, at);
        return introduced.then(|| (to, person(Precision::Exact)));
    }
    let placed = page.sign(at.wrapping_sub(1)) == Some(',') && role_before(page, at) && !page.capital(to);
    let something = page.is_any(to, &["something", "somebody", "someone"]);
    let title = at.checked_sub(1).is_some_and(|before| titled(page, before));
    if title {
        return Some((to, person(Precision::Vague("no first name".to_owned()))));
    }
    (placed || something).then(|| {
        let to = to + usize::from(something);
        let value = Value::Person(Person { name: page.span(at, to).to_owned(), address: None });
        (to, Reading { value, precision: Precision::Vague("no last name".to_owned()) })
    })
}

fn titled(page: &Page, before: usize) -> bool {
    let title = |at: usize| page.meanings(at).contains(&Meaning::Title);
    title(before) || (page.sign(before) == Some('.') && before.checked_sub(1).is_some_and(title))
}

/// A role in the few words before a name: `our VP Ops, Helen Ortiz`.
fn role_before(page: &Page, at: usize) -> bool {
    let mut before = at;
    for _ in 0..5 {
        let Some(next) = before.checked_sub(1) else { return false };
        before = next;
        let meanings = page.meanings(before);
        if meanings.contains(&Meaning::Role) || meanings.contains(&Meaning::Title) {
            return true;
        }
        let passes = matches!(page.sign(before), Some(',' | ':' | '(' | '-' | '–' | '.'))
            || person::surrounds_role(page.words(before))
            || page.is_any(before, &["is", "named", "called", "be"]);
        if !passes || page.shape(before) == Some(Shape::Break) {
            return false;
        }
    }
    false
}

/// A role in the few words after a name: `Helen Ortiz, VP Operations`, `Helen Ortiz (CFO)`, `Helen Ortiz is our CFO`.
fn role_after(page: &Page, to: usize) -> bool {
    let opens = matches!(page.sign(to), Some(',' | '(' | '-' | '–' | ':' | '/'))
        || page.is_any(to, &["is", "as", "our", "the", "their"]);
    opens
        && (to + 1..to + 6)
            .take_while(|at| {
                person::surrounds_role(page.words(*at))
                    || page.meanings(*at).contains(&Meaning::Role)
                    || page.is_any(*at, &["a", "an", "as", "("])
            })
            .any(|at| page.meanings(at).contains(&Meaning::Role))
}

/// `I'm …`, `this is …`, `my name is …`, `meet …`, `introduce …`.
fn introduction(page: &Page, at: usize) -> bool {
    let i_am = (page.is_before(at, 1, &["m"]) && page.is_before(at, 3, &["i"]))
        || (page.is_before(at, 1, &["am"]) && page.is_before(at, 2, &["i"]));
    let this_is =
        page.is_before(at, 1, &["is"]) && page.is_before(at, 2, &["this", "name", "contact", "here", "sponsor"]);
    i_am || this_is
        || page.is_before(
            at,
            1,
            &["meet", "introduce", "introducing", "contact", "cc'ing", "copying", "adding", "looping"],
        )
}
