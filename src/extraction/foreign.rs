//! Lines about somebody else's business: another order, another customer, a
//! forwarded mail from a neighbour. Their values look right and are wrong, so
//! nothing in such a line is more than a guess.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::conversation::{Conversation, Side};
use crate::language::{Phrases, fold, is_name_word_stop, references, tokens};

use super::strangers::{has_another, heads_with_other, opening_name, strange_subjects};
use super::{Line, asides};

/// Marks every line that speaks of something other than this handoff.
pub(super) fn mark_foreign(conversation: &Conversation, lines: &mut [Line]) {
    let threads = other_threads(conversation);
    let own_ids = own_references(conversation, lines, &threads);
    let strangers = strange_companies(conversation);
    let familiar = familiar_words(conversation);
    let subjects = strange_subjects(conversation, lines, &familiar);
    for line in lines.iter_mut() {
        let telling = TELLING.stand_in(line.words())
            && (tells_of_other(line.words(), &familiar) || speaks_of_others(line.words(), &familiar));
        let ours = line.speaker.side != Side::Theirs;
        line.foreign = telling
            || ours && (heads_with_other(line, &familiar) || has_another(line, &familiar))
            || threads.contains(&line.message)
            || says_other(line.words())
            || line.speaker.side == Side::Ours && OUR_OTHERS.stand_in(line.words())
            || names_other_reference(line, &own_ids)
            || names_stranger(line, &strangers)
            || opening_name(line).is_some_and(|name| subjects.contains(&name));
    }
    asides::mark_asides(conversation, lines);
    // What follows in the same breath is still about the stranger when it says `they` or `their`.
    let mut began = false;
    for at in 1..lines.len() {
        let carries =
            lines[at - 1].foreign && lines[at].message == lines[at - 1].message && lines[at].kind == lines[at - 1].kind;
        // In a chat among us the next one goes on about them too.
        let ours = |at: usize| lines[at].speaker.side == Side::Ours;
        let next = lines[at - 1].foreign && ours(at - 1) && ours(at) && lines[at].opens && near(lines, at);
        // And what follows such a `they` in the same breath is still about them, unless it names somebody of ours.
        let goes_on = carries && began && !names_familiar(lines[at].words(), &familiar);
        began = (carries || next) && opens_with_they(lines[at].words()) || goes_on;
        if began {
            lines[at].foreign = true;
        }
    }
}

/// Without one of these a line tells of nobody else: one look at most lines is enough.
#[rustfmt::skip]
const TELLING: Phrases = Phrases::new(&[
    "had", "asked", "want", "needs", "called", "ordered", "signed", "went", // as `tells_of_other`
    "folks at ", "people at ", "guys at ", "over at ", "team at ", "same as at ", "like at ", // as `speaks_of_others`
]);

/// The handoff's own reference for each kind (`SO-52233`): the record's, else the one named most.
fn own_references(
    conversation: &Conversation,
    lines: &[Line],
    threads: &FxHashSet<usize>,
) -> FxHashMap<String, FxHashSet<String>> {
    let mut own: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
    for text in conversation.record.values().filter_map(|value| value.as_str()) {
        for (prefix, whole) in named_references(text) {
            own.entry(prefix).or_default().insert(whole);
        }
    }
    let mut counts: FxHashMap<(String, String), usize> = FxHashMap::default();
    for line in lines.iter().filter(|line| !threads.contains(&line.message)) {
        for reference in named_references(line.words()) {
            *counts.entry(reference).or_default() += 1;
        }
    }
    let mut most: FxHashMap<String, (usize, String)> = FxHashMap::default();
    for ((prefix, whole), count) in counts {
        let entry = most.entry(prefix).or_insert((0, String::new()));
        if (count, &whole) > (entry.0, &entry.1) {
            *entry = (count, whole);
        }
    }
    for (prefix, (_, whole)) in most {
        own.entry(prefix).or_insert_with(|| FxHashSet::from_iter([whole]));
    }
    own
}

/// Each reference of a text as its kind and itself.
fn named_references(text: &str) -> Vec<(String, String)> {
    references(text).into_iter().map(|(_, _, (prefix, whole))| (prefix.to_owned(), whole.to_owned())).collect()
}

fn names_other_reference(line: &Line, own: &FxHashMap<String, FxHashSet<String>>) -> bool {
    let named = named_references(line.words());
    // `Order number: SO-48250` says which one this is, whatever others say.
    let labelled = |hit: &super::Hit| {
        let behind = line.text[hit.end..line.end].trim_start();
        hit.start == line.start && behind.starts_with(':') && behind.split_whitespace().count() <= 3
    };
    if line.hits.iter().any(labelled) {
        return false;
    }
    let is_own = |reference: &(String, String)| own.get(&reference.0).is_none_or(|ids| ids.contains(&reference.1));
    !named.is_empty() && !named.iter().any(is_own)
}

/// Names of companies whose addresses turn up although most of the other side writes from elsewhere.
fn strange_companies(conversation: &Conversation) -> FxHashSet<String> {
    let mut speakers: FxHashMap<String, usize> = FxHashMap::default();
    let mut own: FxHashSet<String> = FxHashSet::default();
    for message in &conversation.messages {
        let Some(company) = message.author.address.as_deref().and_then(company) else { continue };
        match message.author.side {
            Side::Ours => {
                own.insert(company);
            }
            Side::Theirs | Side::Unknown => *speakers.entry(company).or_default() += 1,
        }
    }
    if speakers.is_empty() {
        return FxHashSet::default();
    }
    let mentioned = conversation.messages.iter().flat_map(|message| {
        let quoted =
            message.segments.iter().filter_map(|segment| segment.author.as_ref()?.address.as_deref().and_then(company));
        quoted
            .chain(message.text.split_whitespace().filter(|word| word.contains('@')).filter_map(company))
            .collect::<Vec<_>>()
    });
    let whole: FxHashSet<String> =
        mentioned.filter(|name| !own.contains(name) && !speakers.contains_key(name) && name.len() > 3).collect();
    // `penhallow-freight` is called Penhallow; what the own houses are called too is no stranger's name.
    let known = |word: &str| speakers.keys().chain(&own).any(|name| name.contains(word));
    let firsts: Vec<String> = whole
        .iter()
        .filter_map(|name| name.split('-').next())
        .filter(|word| word.len() > 5 && !known(word))
        .map(str::to_owned)
        .collect();
    // The people who write from there are no less strangers.
    let people: Vec<String> = conversation
        .messages
        .iter()
        .flat_map(|message| message.segments.iter().filter_map(|segment| segment.author.as_ref()))
        .filter(|author| author.address.as_deref().and_then(company).is_some_and(|name| whole.contains(&name)))
        .flat_map(|author| author.name.iter().flat_map(|name| name.split_whitespace()))
        .map(|part| fold(part).into_owned())
        .filter(|part| part.len() > 4)
        .collect();
    let spoken = |part: &String| {
        let named = |name: &String| name.split_whitespace().any(|own| fold(own) == part.as_str());
        conversation.messages.iter().any(|message| message.author.name.as_ref().is_some_and(named))
    };
    let people: Vec<String> = people.into_iter().filter(|part| !spoken(part)).collect();
    whole.into_iter().chain(firsts).chain(people).collect()
}

/// Whether a line begins the very next message after the one of the line before.
fn near(lines: &[Line], at: usize) -> bool {
    lines[at].message == lines[at - 1].message + 1
}

fn names_familiar(words: &str, familiar: &FxHashSet<String>) -> bool {
    tokens(words).iter().any(|token| {
        let word = token.text(words);
        word.starts_with(char::is_uppercase) && word.len() > 3 && familiar.contains(fold(word).as_ref())
    })
}

/// The messages of another customer's thread: where people of two houses write to us, those of the house that wrote less,
/// and our replies to them. Nothing is told where both wrote as much.
fn other_threads(conversation: &Conversation) -> FxHashSet<usize> {
    let house = |at: usize| {
        let author = &conversation.messages[at].author;
        (author.side == Side::Theirs).then(|| author.address.as_deref().and_then(company)).flatten()
    };
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for house in (0..conversation.messages.len()).filter_map(house) {
        *counts.entry(house).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    let leads = counts.values().filter(|count| **count == most).count();
    let mut found = FxHashSet::default();
    if counts.len() < 2 || leads != 1 {
        return found;
    }
    let mut ids: FxHashSet<crate::conversation::MessageId> = FxHashSet::default();
    for (at, message) in conversation.messages.iter().enumerate() {
        let other = house(at).is_some_and(|house| counts[&house] < most);
        let reply = message.author.side == Side::Ours && message.reply_to.is_some_and(|id| ids.contains(&id));
        if other || reply {
            found.insert(at);
            ids.insert(message.id);
        }
    }
    found
}

/// The words of the companies that the people of this handoff write from.
pub(super) fn writing_companies(conversation: &Conversation) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for name in conversation.messages.iter().filter_map(|message| message.author.address.as_deref().and_then(company)) {
        for word in name.split('-').filter(|word| word.len() > 3) {
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    words
}

/// `silverbirch` of `ann@mail.silverbirch.example`.
pub(super) fn company(address: &str) -> Option<String> {
    let host = address.rsplit_once('@')?.1.trim_matches(|c: char| !c.is_alphanumeric());
    let mut labels: Vec<&str> = host.split('.').collect();
    labels.pop()?;
    let name = labels.pop()?;
    (name.chars().all(|c| c.is_alphanumeric() || c == '-')).then(|| name.to_lowercase())
}

fn names_stranger(line: &Line, strangers: &FxHashSet<String>) -> bool {
    if strangers.is_empty() {
        return false;
    }
    let from_stranger =
        line.speaker.address.as_deref().and_then(company).is_some_and(|company| strangers.contains(&company));
    let words = line.words();
    from_stranger || tokens(words).iter().any(|token| strangers.contains(fold(token.text(words)).as_ref()))
}

#[rustfmt::skip]
const OTHERS: Phrases = Phrases::new(&[
            "competitor",
        "sister company",
        "our customers",
        "our clients",
        "other customer",
            "another customer",
            "different customer",
            "other account",
            "another account",
            "different account",
            "other client",
            "another client",
            "other deal",
            "other order",
            "another order",
            "different order",
            "other ticket",
            "another ticket",
            "other project",
            "another project",
            "other thing",
            "other thread",
            "wrong thread",
            "wrong channel",
            "the one with",
            "the ones with",
            "mix them up",
            "mix it up",
            "mixed up with",
            "not to be confused",
            "unlike you",
            "not hers",
            "not theirs",
            "they had",
            "busy w/",
            "busy with",
            "autre commande",
            "autre client",
            "autre dossier",
            "andere bestellung",
            "anderer auftrag",
            "anderen auftrag",
            "anderer kunde",
            "anderen kunden",
            "otro pedido",
            "otro cliente",
        ]);
/// In our own mouth other customers, in the customer's their other sites.
const OUR_OTHERS: Phrases = Phrases::new(&[
    "our other ",
    "other customer",
    "different customer",
    "my other ",
    "another one of ours",
    "not his",
    "not theirs",
]);
const ANOTHER: Phrases = Phrases::new(&["another "]);
const THEY: Phrases = Phrases::new(&[" they ", " their "]);

/// Words by which people say that they mean somebody else.
fn says_other(words: &str) -> bool {
    OTHERS.stand_in(words) || ANOTHER.stand_in(words) && THEY.stand_in(words)
}

/// `Harbour Theatre had a thing in August`, `Oak Mills (Ghent) asked for prices`: a name that nobody here bears, with
/// business of its own.
fn tells_of_other(words: &str, familiar: &FxHashSet<String>) -> bool {
    let bare = words.trim_start_matches(|c: char| !c.is_alphanumeric());
    if !bare.starts_with(char::is_uppercase) {
        return false;
    }
    let list = tokens(bare);
    let capital = |at: &usize| list.get(*at).is_some_and(|token| token.text(bare).starts_with(char::is_uppercase));
    let named = (0..list.len().min(5)).take_while(capital).count();
    let known = (0..named).any(|at| {
        let word = fold(list[at].text(bare));
        familiar.contains(word.as_ref()) || is_name_word_stop(&word)
    });
    let verb = list.get(named).map(|token| fold(token.text(bare)).into_owned()).unwrap_or_default();
    named > 0
        && !known
        && matches!(
            verb.as_str(),
            "had" | "asked" | "wants" | "wanted" | "needs" | "called" | "ordered" | "signed" | "went"
        )
        && (named > 1 || verb == "had")
}

const AT_OTHERS: &[&str] = &["folks at ", "people at ", "guys at ", "over at ", "team at ", "same as at ", "like at "];

/// `the folks at Oak Mills`: somebody else's people, where the name is not one of this handoff's.
fn speaks_of_others(words: &str, familiar: &FxHashSet<String>) -> bool {
    let folded = words.to_ascii_lowercase();
    AT_OTHERS.iter().any(|phrase| {
        let Some(at) = folded.find(phrase) else { return false };
        let rest = words.get(at + phrase.len()..).unwrap_or_default();
        let list = tokens(rest);
        let named = list.first().is_some_and(|token| token.text(rest).starts_with(char::is_uppercase));
        named && !list.iter().take(2).any(|token| familiar.contains(fold(token.text(rest)).as_ref()))
    })
}

/// Words that belong to this handoff: the names of its people and companies, and what its record says.
fn familiar_words(conversation: &Conversation) -> FxHashSet<String> {
    let authors = conversation.messages.iter().flat_map(|message| {
        std::iter::once(&message.author).chain(message.segments.iter().filter_map(|segment| segment.author.as_ref()))
    });
    let names =
        authors.flat_map(|author| author.name.iter().cloned().chain(author.address.as_deref().and_then(company)));
    let recorded = conversation
        .record
        .values()
        .filter_map(|value| value.as_str())
        .filter(|text| text.len() < 80)
        .map(str::to_owned);
    let subjects = conversation.messages.iter().filter_map(|message| message.subject.clone());
    let texts: Vec<String> = names.chain(recorded).chain(subjects).collect();
    texts
        .iter()
        .flat_map(|text| tokens(text).into_iter().map(|token| fold(token.text(text)).into_owned()).collect::<Vec<_>>())
        .collect()
}

fn opens_with_they(words: &str) -> bool {
    let first = words
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_ascii_lowercase();
    matches!(first.as_str(), "they" | "their" | "theirs" | "them" | "he" | "she")
}
