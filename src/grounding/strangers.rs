//! Names of other customers: those that stand beside another order's number,
//! and companies whose addresses turn up although none of them takes part.
//! What is said of them is true and of no use here, also where the next
//! message goes on with `they`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::conversation::{Conversation, DocumentKind, Side};
use crate::extraction::Line;
use crate::language::{Phrases, fold, is_name_word_stop, references, tokens};

use super::support::Grounder;

/// How many messages of a chat a name is remembered for a later `they`.
const REMEMBERED: usize = 4;
/// Shorter words are no company's name.
const SHORTEST: usize = 4;

/// Words that name somebody this handoff is not about, and the messages that go on about them.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    names: FxHashSet<String>,
    /// Companies that write here of an order of their own.
    writers: FxHashSet<String>,
    /// The numbers that go with the company this handoff is about, where another one writes of its own.
    own_references: FxHashSet<String>,
    /// Positions of messages that begin with `they` after a message about a stranger.
    carried: FxHashSet<usize>,
}

impl Strangers {
    pub(crate) fn new(conversation: &Conversation) -> Self {
        let known = known_words(conversation);
        let mut names: FxHashSet<String> = FxHashSet::default();
        names.extend(beside_other_references(conversation));
        names.extend(strange_companies(conversation));
        names.retain(|name| name.chars().count() >= SHORTEST && !known.contains(name));
        let (writers, own_references) = other_writers(conversation);
        let mut strangers = Strangers { names, writers, own_references, carried: FxHashSet::default() };
        if !strangers.names.is_empty() {
            strangers.carried = strangers.carry(conversation, &known);
        }
        strangers
    }

    fn names_one(&self, text: &str) -> bool {
        !self.names.is_empty()
            && tokens(text).iter().any(|token| {
                let word = fold(token.text(text));
                self.names.contains(word.strip_suffix("'s").unwrap_or(&word))
            })
    }

    /// Messages of chats that say `they` of a stranger named shortly before.
    fn carry(&self, conversation: &Conversation, known: &FxHashSet<String>) -> FxHashSet<usize> {
        let mut carried = FxHashSet::default();
        let mut last: Option<(usize, &str)> = None;
        for (position, message) in conversation.messages.iter().enumerate() {
            let chat =
                conversation.document(&message.document).is_some_and(|document| document.kind == DocumentKind::Chat);
            if !chat {
                continue;
            }
            let near = last.is_some_and(|(at, document)| document == message.document && position - at <= REMEMBERED);
            if self.names_one(&message.text) {
                // With one of our own names beside it nobody knows whom the next `they` means.
                let names_own = tokens(&message.text).iter().any(|token| {
                    let word = token.text(&message.text);
                    word.starts_with(char::is_uppercase) && known.contains(fold(word).as_ref())
                });
                last = (!names_own || near).then_some((position, message.document.as_str()));
            } else if near && opens_with_they(&message.text) {
                carried.insert(position);
                last = Some((position, message.document.as_str()));
            }
        }
        carried
    }
}

impl Grounder<'_> {
    /// Whether a line speaks of another customer, order or thread.
    pub(super) fn is_foreign(&self, line: &Line) -> bool {
        let strangers = self.index.strangers();
        let of_own =
            || references(line.words()).iter().any(|(_, _, (_, whole))| strangers.own_references.contains(*whole));
        let writer = line.speaker.address.as_deref().and_then(company_label);
        writer.is_some_and(|writer| strangers.writers.contains(&writer))
            || line.foreign && !of_own()
            || strangers.carried.contains(&line.message)
            || strangers.names_one(line.words())
            || speaks_of_others(line)
    }
}

/// `our neighbours, they've got 11 pallets`, and `our other harbour people` said by us: business of other customers.
fn speaks_of_others(line: &Line) -> bool {
    const NEIGHBOURS: Phrases = Phrases::new(&["neighbour", "neighbor", "nachbar", "voisin", "vecino"]);
    const OUR_OTHER: Phrases =
        Phrases::new(&["our other ", "unser anderer", "unsere anderen", "nos autres", "nuestros otros"]);
    let others = |words: &str| {
        tokens(words).iter().any(|token| {
            let word = fold(token.text(words));
            matches!(word.as_ref(), "they" | "they've" | "they're" | "their" | "sie" | "ils" | "ellos")
        })
    };
    let words = line.words();
    const NOT_THEIRS: Phrases =
        Phrases::new(&["not his", "not hers", "not theirs", "not yours", "not ours", "isn't theirs", "aren't theirs"]);
    let disowned = NOT_THEIRS.stand_in(words) && {
        // `not his problem` disowns nothing.
        let last = words.trim_end_matches(|c: char| !c.is_alphanumeric()).rsplit(' ').next().unwrap_or_default();
        ["his", "hers", "theirs", "yours", "ours"].iter().any(|word| last.eq_ignore_ascii_case(word))
    };
    disowned
        || NEIGHBOURS.stand_in(words) && others(words)
        || line.speaker.side == Side::Ours && OUR_OTHER.stand_in(words)
}

fn opens_with_they(text: &str) -> bool {
    let first = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    ["they", "their", "them", "sie", "ihre", "ils", "elles", "leur", "ellos", "ellas"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// Companies that write of another order than the one whose people write most, and the numbers that go with the latter.
fn other_writers(conversation: &Conversation) -> (FxHashSet<String>, FxHashSet<String>) {
    let mut written: FxHashMap<String, usize> = FxHashMap::default();
    for author in conversation.messages.iter().map(|message| &message.author) {
        if let Some(label) = author.address.as_deref().and_then(company_label).filter(|_| author.side == Side::Theirs) {
            *written.entry(label).or_default() += 1;
        }
    }
    let most = written.iter().max_by_key(|(_, count)| **count);
    let Some((own, most)) = most.filter(|_| written.len() > 1) else { return Default::default() };
    if written.values().filter(|count| *count == most).count() > 1 {
        return Default::default();
    }
    // What goes with a company: what its people write, and what names it by the first part of its address.
    let of = |label: &str| -> FxHashSet<String> {
        let name = label.split('-').next().unwrap_or_default();
        let about = conversation.messages.iter().filter(|message| {
            message.author.address.as_deref().and_then(company_label).as_deref() == Some(label)
                || name.chars().count() >= SHORTEST && says_word(&message.text, name)
        });
        about
            .flat_map(|message| message.subject.iter().chain([&message.text]))
            .flat_map(|text| whole_of(text))
            .collect()
    };
    let own_numbers = of(own);
    let mut writers = FxHashSet::default();
    for label in written.keys().filter(|label| *label != own) {
        let numbers = of(label);
        let own_only = own_numbers.difference(&numbers).next().is_some();
        if own_only && numbers.difference(&own_numbers).next().is_some() {
            writers.insert(label.clone());
        }
    }
    // A number in the other company's own words is theirs, whoever else is named beside it.
    let theirs = conversation.messages.iter().filter(|message| {
        message.author.address.as_deref().and_then(company_label).is_some_and(|label| writers.contains(&label))
    });
    let others: FxHashSet<String> = theirs
        .flat_map(|message| message.subject.iter().chain([&message.text]))
        .flat_map(|text| whole_of(text))
        .collect();
    let clear = own_numbers.difference(&others).cloned().collect();
    match writers.is_empty() {
        true => Default::default(),
        false => (writers, clear),
    }
}

fn whole_of(text: &str) -> Vec<String> {
    references(text).into_iter().map(|(_, _, (_, whole))| whole.to_owned()).collect()
}

fn says_word(text: &str, word: &str) -> bool {
    tokens(text).iter().any(|token| fold(token.text(text)) == word)
}

/// `SO-31880 Larkmoor Schools`: the names right behind a number of the same kind as this handoff's, which is another one.
fn beside_other_references(conversation: &Conversation) -> FxHashSet<String> {
    let mut counts: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for message in &conversation.messages {
        for (_, _, reference) in references(&message.text) {
            *counts.entry(reference).or_default() += 1;
        }
    }
    let recorded: Vec<&str> = conversation.record.values().filter_map(|value| value.as_str()).collect();
    let mut own: FxHashMap<&str, (bool, usize, &str)> = FxHashMap::default();
    for ((prefix, whole), count) in counts {
        let candidate = (recorded.iter().any(|text| text.contains(whole)), count, whole);
        let best = own.entry(prefix).or_insert(candidate);
        if candidate > *best {
            *best = candidate;
        }
    }
    let mut names = FxHashSet::default();
    for message in &conversation.messages {
        for (_, end, (prefix, whole)) in references(&message.text) {
            if own.get(prefix).is_some_and(|(_, _, best)| *best == whole) {
                continue;
            }
            let behind: Vec<&str> = message.text[end..]
                .split(' ')
                .skip(1)
                .take_while(|word| word.starts_with(char::is_uppercase))
                .take(3)
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
                .collect();
            names
                .extend(behind.into_iter().map(|word| fold(word).into_owned()).filter(|word| !is_name_word_stop(word)));
        }
    }
    names
}

/// The names of companies whose addresses turn up although nobody of theirs writes here: `penhallow` of
/// `x@penhallow-freight.example`.
fn strange_companies(conversation: &Conversation) -> FxHashSet<String> {
    let mut speakers: FxHashSet<String> = FxHashSet::default();
    for message in &conversation.messages {
        speakers.extend(message.author.address.as_deref().and_then(company_label));
    }
    let someone = conversation
        .messages
        .iter()
        .any(|message| message.author.side != Side::Ours && message.author.address.is_some());
    if !someone {
        return FxHashSet::default();
    }
    let mentioned = conversation.messages.iter().flat_map(|message| {
        let quoted = message.segments.iter().filter_map(|segment| segment.author.as_ref()?.address.as_deref());
        quoted.chain(message.text.split_whitespace().filter(|word| word.contains('@'))).filter_map(company_label)
    });
    mentioned
        .filter(|label| !speakers.contains(label))
        .filter_map(|label| label.split('-').next().map(str::to_owned))
        .collect()
}

/// `penhallow-freight` of `ann@mail.penhallow-freight.example`.
fn company_label(address: &str) -> Option<String> {
    let host = address.rsplit_once('@')?.1.trim_matches(|c: char| !c.is_alphanumeric());
    let mut labels = host.rsplit('.');
    labels.next()?;
    labels.next().map(str::to_lowercase)
}

/// Words of this handoff's own people, companies, record and subjects.
fn known_words(conversation: &Conversation) -> FxHashSet<String> {
    let mut known = FxHashSet::default();
    let mut learn = |text: &str| {
        known.extend(tokens(text).iter().map(|token| fold(token.text(text)).into_owned()));
    };
    for message in &conversation.messages {
        let author = &message.author;
        author.name.iter().for_each(|name| learn(name));
        if let Some(label) = author.address.as_deref().and_then(company_label) {
            learn(&label);
        }
        message.subject.iter().for_each(|subject| learn(subject));
    }
    let recorded = conversation.record.values().filter_map(|value| value.as_str());
    recorded.filter(|text| text.len() < 80).for_each(learn);
    known
}
