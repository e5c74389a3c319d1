//! What was given twice under different names: one call in the formats of two
//! programs, one mail without a Message-ID in two mailboxes. It counts once,
//! the fuller copy stays, and a person is told which was left away.

use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::draft::{Collected, Draft, DraftMessage, hash_of};
use super::names;
use super::repeats::{Word, hash_shingle, read_words};
use crate::conversation::DocumentKind;
use crate::language::is_filler;

/// Words in a row that are compared at once.
const SHINGLE_WORDS: usize = 4;

/// The share of either call's shingles that must stand in the other: punctuation and fillers differ, talk does not.
const MIN_SHARE_PERCENT: usize = 92;

/// With this share and the same people it may be one call as two programs heard it.
const LIKE_SHARE_PERCENT: usize = 45;

/// Two short calls may be alike by chance.
const MIN_WORDS: usize = 12;

/// Copies of one call may be dated by programs in different zones, not on different days.
const MOST_HOURS_APART: i64 = 26;

/// Words that turn what is said round: with one more of them it is another account of the call.
const TURNING: [&str; 22] = [
    "not", "no", "never", "none", "nobody", "nothing", "without", "cannot", "t", "nicht", "kein", "keine", "keinen",
    "nie", "ohne", "ne", "pas", "jamais", "sans", "nunca", "sin", "tampoco",
];

/// Words of a left-out copy that are told; more would not be read.
const MOST_TOLD: usize = 5;

/// What was given so far, as far as telling a copy needs it.
#[derive(Debug, Default)]
pub(super) struct Copies {
    calls: Vec<Call>,
    /// The first document that may be a call that is not in `calls`.
    next_draft: usize,
    /// Which call said a shingle first; copies of one call meet there, whatever else was given.
    first_said: FxHashMap<u64, usize>,
    /// For each call, the first of those that are the same.
    stands: Vec<usize>,
    /// The copy that is kept, by the first of those that are the same.
    best: FxHashMap<usize, usize>,
    /// Mails without an id, and where they stood first.
    mails: FxHashMap<u64, String>,
}

impl Copies {
    /// Empties the documents from `from` on that only repeat another. Those before came in earlier batches and stay.
    pub(super) fn drop_repeated(&mut self, collected: &mut Collected, from: usize) {
        self.drop_calls(collected, from);
        self.drop_mails(collected, from);
    }
}

/// The words of one call, as far as comparing needs them.
#[derive(Debug)]
struct Call {
    draft: usize,
    /// Words in a row, and who says them, as a place in `speakers`.
    shingles: FxHashMap<u64, usize>,
    speakers: Vec<String>,
    /// When it began, where that is known.
    began: Option<Timestamp>,
    /// Words with digits and words that deny, and how often each is said: one that differs makes it another account.
    figures: FxHashMap<u64, usize>,
    /// Whether turns have speakers at all.
    named: bool,
    /// The better copy: whose speakers are people, then whose turns have times, then the longer one.
    worth: (bool, bool, usize),
}

impl Call {
    fn of(index: usize, draft: &Draft) -> Option<Self> {
        let spoken = || draft.messages.iter().filter(|message| message.author.label().is_some());
        let named = spoken().next().is_some();
        // Above the first turn stands a heading, which each program writes in its own way.
        let turns = draft.messages.iter().filter(|message| !named || message.author.label().is_some());
        let mut words: Vec<Word> = Vec::new();
        let mut said_by: Vec<usize> = Vec::new();
        let mut speakers: Vec<String> = Vec::new();
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        for turn in turns.clone() {
            let speaker = names::fold_name(turn.author.label().filter(|label| is_somebody(label)).unwrap_or_default());
            let place = *places.entry(speaker).or_insert_with_key(|speaker| {
                speakers.push(speaker.clone());
                speakers.len() - 1
            });
            words.extend(read_words(&turn.text));
            said_by.resize(words.len(), place);
        }
        if words.len() < MIN_WORDS {
            return None;
        }
        let turning: FxHashSet<u64> = TURNING.iter().flat_map(|word| read_words(word)).map(|word| word.hash).collect();
        let mut figures = FxHashMap::default();
        for word in words.iter().filter(|word| word.has_digit || turning.contains(&word.hash)) {
            *figures.entry(word.hash).or_default() += 1;
        }
        let began = turns.clone().find_map(|message| message.at);
        let shingles = words.windows(SHINGLE_WORDS).map(hash_shingle).zip(said_by).collect();
        let people = spoken().any(|message| message.author.label().is_some_and(is_somebody));
        let worth = (people, began.is_some(), words.len());
        Some(Call { draft: index, shingles, speakers, began, figures, named, worth })
    }

    fn is_same(&self, other: &Call, shared: usize) -> bool {
        let most = self.shingles.len().max(other.shingles.len());
        shared * 100 >= most * MIN_SHARE_PERCENT
            && self.figures == other.figures
            && self.may_be_when(other)
            && self.is_said_by_the_same(other)
    }

    fn is_like(&self, other: &Call, shared: usize) -> bool {
        let least = self.shingles.len().min(other.shingles.len());
        shared * 100 >= least * LIKE_SHARE_PERCENT && self.may_be_when(other)
    }

    fn may_be_when(&self, other: &Call) -> bool {
        let (Some(own), Some(others)) = (self.began, other.began) else { return true };
        (own.as_second() - others.as_second()).abs() <= MOST_HOURS_APART * 3600
    }

    /// Programs may call a person differently, but not by the name of another who spoke.
    fn is_said_by_the_same(&self, other: &Call) -> bool {
        let mut said: FxHashMap<(usize, usize), usize> = FxHashMap::default();
        let mut totals = vec![0usize; self.speakers.len()];
        for (shingle, speaker) in &self.shingles {
            if let Some(others) = other.shingles.get(shingle) {
                *said.entry((*speaker, *others)).or_default() += 1;
                totals[*speaker] += 1;
            }
        }
        let knows = |speakers: &[String], name: &String| !name.is_empty() && speakers.contains(name);
        said.into_iter().all(|((own, others), count)| {
            let (own_name, others_name) = (&self.speakers[own], &other.speakers[others]);
            let is_most = count * 2 > totals[own];
            !(is_most
                && own_name != others_name
                && knows(&other.speakers, own_name)
                && knows(&self.speakers, others_name))
        })
    }
}

/// `Speaker 2`, `spk_0`: a label that programs give to whom they cannot name.
fn is_somebody(label: &str) -> bool {
    let counted = label.bytes().any(|byte| byte.is_ascii_digit()) && !label.contains('@');
    !counted && !label.starts_with("Speaker ")
}

impl Copies {
    fn drop_calls(&mut self, collected: &mut Collected, from: usize) {
        let is_call = |(_, draft): &(usize, &Draft)| draft.kind == DocumentKind::Transcript;
        let unknown = || collected.drafts.iter().enumerate().skip(self.next_draft).filter(is_call);
        if self.calls.len() + unknown().take(2).count() < 2 {
            return;
        }
        let fresh = self.calls.len();
        let found: Vec<Call> = unknown().filter_map(|(index, draft)| Call::of(index, draft)).collect();
        self.calls.extend(found);
        self.next_draft = collected.drafts.len();
        for (index, other) in self.group(fresh) {
            let source = collected.drafts[self.calls[index].draft].source.clone();
            let known = &collected.drafts[self.calls[other].draft].source;
            let message = format!("it may be the same call as {known} as another program heard it; both are read");
            collected.warn(&source, "", message);
        }
        for index in fresh..self.calls.len() {
            let best = self.best.entry(self.stands[index]).or_insert(index);
            // What an earlier batch gave stands, however good the later copy is.
            if self.calls[*best].draft >= from && self.calls[index].worth > self.calls[*best].worth {
                *best = index;
            }
        }
        for index in fresh..self.calls.len() {
            let best = self.best.get(&self.stands[index]).copied().unwrap_or(index);
            if best != index {
                empty_copy(&self.calls[index], self.calls[best].draft, collected);
            }
        }
    }

    /// Puts the calls from `fresh` on to those that they repeat; answers with those that are only alike.
    fn group(&mut self, fresh: usize) -> Vec<(usize, usize)> {
        let calls = &self.calls;
        let mut alike: Vec<(usize, usize)> = Vec::new();
        for (index, call) in calls.iter().enumerate().skip(fresh) {
            self.stands.push(index);
            let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
            for shingle in call.shingles.keys() {
                *shared.entry(*self.first_said.entry(*shingle).or_insert(index)).or_default() += 1;
            }
            let same =
                shared.iter().filter(|(other, count)| **other != index && call.is_same(&calls[**other], **count));
            if let Some((other, _)) = same.max_by_key(|(other, count)| (**count, std::cmp::Reverse(**other))) {
                self.stands[index] = *other;
            } else if let Some((other, count)) = shared
                .iter()
                .filter(|(other, _)| **other != index)
                .max_by_key(|(other, count)| (**count, std::cmp::Reverse(**other)))
                && call.is_like(&calls[*other], *count)
            {
                alike.push((index, *other));
            }
        }
        alike
    }
}

/// Takes the turns out of a copy and tells a person where the kept one has other words.
fn empty_copy(copy: &Call, kept: usize, collected: &mut Collected) {
    let differing = words_alone(&collected.drafts[copy.draft], &collected.drafts[kept]);
    let kept = collected.drafts[kept].source.clone();
    let draft = &mut collected.drafts[copy.draft];
    // What a program writes above the turns is its own and stays.
    draft.messages.retain(|message| copy.named && message.author.label().is_none());
    let source = draft.source.clone();
    let told = match differing.is_empty() {
        true => format!("the same call as {kept}: counted once"),
        false => format!(
            "the same call as {kept}, where other words stand for {}: counted once, as {kept} has it",
            differing.join(", ")
        ),
    };
    collected.warn(&source, "", told);
}

/// The first words of the turns of a copy that the kept one has nowhere.
fn words_alone(copy: &Draft, kept: &Draft) -> Vec<String> {
    let words = |draft: &Draft| -> Vec<String> {
        let turns = draft.messages.iter().filter(|message| message.author.label().is_some());
        let words = turns.flat_map(|turn| turn.text.split(|c: char| !c.is_alphanumeric()));
        words.filter(|word| word.chars().count() > 2).map(str::to_lowercase).collect()
    };
    let known: FxHashSet<String> = words(kept).into_iter().collect();
    let mut told: Vec<String> = Vec::new();
    for word in words(copy).into_iter().filter(|word| !known.contains(word) && !is_filler(word)) {
        if !told.contains(&word) {
            told.push(word);
        }
        if told.len() == MOST_TOLD {
            break;
        }
    }
    told
}

impl Copies {
    /// A mail without a Message-ID is the same when its sender, time, subject and words are.
    fn drop_mails(&mut self, collected: &mut Collected, from: usize) {
        let mut repeated = Vec::new();
        let mails = collected.drafts.iter_mut().skip(from).filter(|draft| draft.kind == DocumentKind::Email);
        for draft in mails {
            let source = &draft.source;
            draft.messages.retain(|message| {
                let Some(print) = fingerprint(message) else { return true };
                match self.mails.get(&print) {
                    Some(first) => repeated.push((source.clone(), first.clone())),
                    None => {
                        self.mails.insert(print, source.clone());
                        return true;
                    }
                }
                false
            });
        }
        for (source, first) in repeated {
            collected.warn(&source, "", format!("a mail in it was given before ({first}): counted once"));
        }
    }
}

fn fingerprint(message: &DraftMessage) -> Option<u64> {
    let at = message.at.filter(|_| message.key.is_none())?;
    let address = message.author.address.as_ref()?.to_lowercase();
    let words: Vec<u64> = read_words(&message.text).iter().map(|word| word.hash).collect();
    Some(hash_of(&(address, at.as_second(), &message.subject, words)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Limits;
    use crate::conversation::Author;
    use crate::intake::draft::Origin;

    fn given(calls: &[(&str, &str)]) -> Vec<usize> {
        let mut collected = Collected::within(Limits::default());
        for (speaker, text) in calls {
            let name = (!speaker.is_empty()).then(|| (*speaker).to_owned());
            let author = Author { name, ..Author::default() };
            let messages = text.split('|').map(|words| DraftMessage {
                author: author.clone(),
                text: words.to_owned(),
                ..Default::default()
            });
            let origin = Origin { source: "x".to_owned(), name: "x".to_owned(), inside: None, depth: 0 };
            let messages = messages.collect();
            let kind = DocumentKind::Transcript;
            collected.add(&origin, Draft { source: "x".to_owned(), kind, format: "vtt", title: None, messages });
        }
        Copies::default().drop_repeated(&mut collected, 0);
        collected.drafts.iter().map(|draft| draft.messages.len()).collect()
    }

    #[test]
    fn one_call_in_two_formats_counts_once() {
        let call = "We go live on June 1 with forty seats in Oslo|and then the rest of the country follows in autumn";
        let dressed =
            "we go live on June 1, with forty seats in Oslo.|And then the rest of the country follows in autumn!";
        assert_eq!(given(&[("Dana", call), ("Dana", dressed)]), [2, 0]);
        assert_eq!(given(&[("", call), ("Dana", dressed)]), [0, 2]);
        assert_eq!(given(&[("Speaker 5001", call), ("Dana", dressed)]), [0, 2]);
        assert_eq!(given(&[("Speaker A", call), ("Dana", dressed)]), [0, 2]);
        assert_eq!(given(&[("Dana", call), ("Dana", &call.replace("June 1", "June 2"))]), [2, 2]);
        assert_eq!(given(&[("Dana", "June 1 works"), ("Dana", "June 1 works")]), [1, 1]);
    }
}
