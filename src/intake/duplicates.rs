//! What was given twice under different names: one call in the formats of two
//! programs, one mail without a Message-ID in two mailboxes. It counts once,
//! the fuller copy stays, and a person is told which was left away.

use rustc_hash::{FxHashMap, FxHashSet};

use super::draft::{Collected, Draft, DraftMessage, hash_of};
use super::repeats::{Word, hash_shingle, read_words};
use crate::conversation::DocumentKind;

/// Words in a row that are compared at once.
const SHINGLE_WORDS: usize = 4;

/// The share of either call's shingles that must stand in the other: punctuation and fillers differ, talk does not.
const MIN_SHARE_PERCENT: usize = 92;

/// Two short calls may be alike by chance.
const MIN_WORDS: usize = 12;

/// Empties the documents that only repeat another.
pub(super) fn drop_repeated(collected: &mut Collected) {
    drop_calls(collected);
    drop_mails(collected);
}

/// The words of one call, as far as comparing needs them.
struct Call {
    draft: usize,
    shingles: FxHashSet<u64>,
    /// Words with digits and how often each is said: an amount that differs makes it another account of the call.
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
        let words: Vec<Word> = turns.clone().flat_map(|message| read_words(&message.text)).collect();
        if words.len() < MIN_WORDS {
            return None;
        }
        let mut figures = FxHashMap::default();
        for word in words.iter().filter(|word| word.has_digit) {
            *figures.entry(word.hash).or_default() += 1;
        }
        let timed = turns.clone().any(|message| message.at.is_some());
        let shingles = words.windows(SHINGLE_WORDS).map(hash_shingle).collect();
        let people = spoken().any(|message| message.author.label().is_some_and(is_somebody));
        Some(Call { draft: index, shingles, figures, named, worth: (people, timed, words.len()) })
    }

    fn is_same(&self, other: &Call, shared: usize) -> bool {
        let most = self.shingles.len().max(other.shingles.len());
        shared * 100 >= most * MIN_SHARE_PERCENT && self.figures == other.figures
    }
}

/// `Speaker 2`, `spk_0`: a label that programs give to whom they cannot name.
fn is_somebody(label: &str) -> bool {
    let counted = label.bytes().any(|byte| byte.is_ascii_digit()) && !label.contains('@');
    !counted && !label.starts_with("Speaker ")
}

fn drop_calls(collected: &mut Collected) {
    let is_call = |(_, draft): &(usize, &Draft)| draft.kind == DocumentKind::Transcript;
    if collected.drafts.iter().enumerate().filter(is_call).nth(1).is_none() {
        return;
    }
    let calls: Vec<Call> = collected
        .drafts
        .iter()
        .enumerate()
        .filter(is_call)
        .filter_map(|(index, draft)| Call::of(index, draft))
        .collect();
    // Which call said a shingle first; copies of one call meet there, whatever else was given.
    let mut first_said: FxHashMap<u64, usize> = FxHashMap::default();
    let mut stands: Vec<usize> = (0..calls.len()).collect();
    for (index, call) in calls.iter().enumerate() {
        let mut shared: FxHashMap<usize, usize> = FxHashMap::default();
        for shingle in &call.shingles {
            *shared.entry(*first_said.entry(*shingle).or_insert(index)).or_default() += 1;
        }
        let same = shared.iter().filter(|(other, count)| **other != index && call.is_same(&calls[**other], **count));
        if let Some((other, _)) = same.max_by_key(|(other, count)| (**count, std::cmp::Reverse(**other))) {
            stands[index] = *other;
        }
    }
    let mut best_copies: FxHashMap<usize, usize> = FxHashMap::default();
    for (index, group) in stands.iter().enumerate() {
        let best = best_copies.entry(*group).or_insert(index);
        if calls[index].worth > calls[*best].worth {
            *best = index;
        }
    }
    for index in 0..calls.len() {
        let best = best_copies.get(&stands[index]).copied().unwrap_or(index);
        if best != index {
            let kept = collected.drafts[calls[best].draft].source.clone();
            let draft = &mut collected.drafts[calls[index].draft];
            // What a program writes above the turns is its own and stays.
            let named = calls[index].named;
            draft.messages.retain(|message| named && message.author.label().is_none());
            let source = draft.source.clone();
            collected.warn(&source, "", format!("the same call as {kept}: counted once"));
        }
    }
}

/// A mail without a Message-ID is the same when its sender, time, subject and words are.
fn drop_mails(collected: &mut Collected) {
    let mut seen: FxHashMap<u64, String> = FxHashMap::default();
    let mut repeated = Vec::new();
    for draft in collected.drafts.iter_mut().filter(|draft| draft.kind == DocumentKind::Email) {
        let source = &draft.source;
        draft.messages.retain(|message| {
            let Some(print) = fingerprint(message) else { return true };
            match seen.get(&print) {
                Some(first) => repeated.push((source.clone(), first.clone())),
                None => {
                    seen.insert(print, source.clone());
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
        drop_repeated(&mut collected);
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
