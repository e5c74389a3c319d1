//! What a mail answers where its headers name no mail that was given: Outlook's
//! Thread-Index tells exactly; else the subject does, if one single earlier
//! mail fits. A wrong parent is worse than none.

use rustc_hash::{FxHashMap, FxHashSet};

use mail_parser::decoders::base64::base64_decode;

use crate::conversation::DocumentKind;
use crate::intake::draft::{Collected, DraftMessage};

/// Before a colon: this answers. In any case, also with a number (`Re[2]:`).
const ANSWERS: [&str; 14] =
    ["re", "aw", "antw", "sv", "ref", "rif", "res", "odp", "vá", "ynt", "atb", "r", "回复", "返信"];
const FORWARDS: [&str; 12] = ["fwd", "fw", "wg", "tr", "rv", "i", "enc", "doorst", "vl", "pd", "vs", "转发"];

/// More mails than this with one subject and without references are no thread.
const MAX_SAME_SUBJECT: usize = 100;

/// Each answer in an Outlook thread adds this many bytes to the index of what it answers.
const INDEX_STEP: usize = 5;
const FIRST_INDEX: usize = 22;

type Position = (usize, usize);

/// The mails known so far, by what an answer may say of them.
#[derive(Debug, Default)]
pub(in crate::intake) struct Threads {
    keys: FxHashSet<String>,
    by_index: FxHashMap<Vec<u8>, Position>,
    by_subject: FxHashMap<String, Vec<Position>>,
}

impl Threads {
    /// Names the parents that the headers of mails from the document `from` on leave open.
    pub(in crate::intake) fn link(&mut self, collected: &mut Collected, from: usize) {
        for (position, message) in mails(collected, from) {
            self.keys.extend(message.key.clone());
            if let Some(index) = index_of(message) {
                self.by_index.entry(index).or_insert(position);
            }
            if let Some(subject) = &message.subject {
                self.by_subject.entry(base(subject).0).or_default().push(position);
            }
        }
        let mut found: Vec<(Position, Position)> = Vec::new();
        for (child, message) in mails(collected, from) {
            if message.parents.iter().any(|parent| self.keys.contains(parent)) {
                continue;
            }
            let exact = index_of(message).filter(|index| index.len() >= FIRST_INDEX + INDEX_STEP);
            let exact = exact.and_then(|index| self.by_index.get(&index[..index.len() - INDEX_STEP])).copied();
            let parent = exact.filter(|parent| *parent != child);
            found.extend(parent.or_else(|| self.by_words(collected, message)).map(|parent| (child, parent)));
        }
        for (child, at) in found {
            let parent = &mut collected.drafts[at.0].messages[at.1];
            let key = parent.key.get_or_insert_with(|| format!("mail without an id {} {}", at.0, at.1)).clone();
            collected.drafts[child.0].messages[child.1].parents.push(key);
        }
    }

    /// The only earlier mail of this subject that went to the author of the answer.
    fn by_words(&self, collected: &Collected, message: &DraftMessage) -> Option<Position> {
        let (subject, answers) = base(message.subject.as_ref()?);
        // A mail that is named but was not given is the parent; no other one is.
        if !answers || subject.is_empty() || !message.parents.is_empty() {
            return None;
        }
        let (at, author) = (message.at?, message.author.address.as_ref()?.to_lowercase());
        let same = self.by_subject.get(&subject).filter(|same| same.len() <= MAX_SAME_SUBJECT)?;
        let mut fitting = same.iter().filter(|position| {
            let other = &collected.drafts[position.0].messages[position.1];
            let theirs = other.author.address.as_ref().is_some_and(|address| !address.eq_ignore_ascii_case(&author));
            theirs && other.at.is_some_and(|earlier| earlier < at) && other.thread.addressed.contains(&author)
        });
        let only = fitting.next()?;
        fitting.next().is_none().then_some(*only)
    }
}

fn mails(collected: &Collected, from: usize) -> impl Iterator<Item = (Position, &DraftMessage)> {
    let documents = collected.drafts.iter().enumerate().skip(from);
    let mails = documents.filter(|(_, draft)| draft.kind == DocumentKind::Email && draft.format != "ics");
    mails.flat_map(|(draft, mails)| mails.messages.iter().enumerate().map(move |(at, message)| ((draft, at), message)))
}

fn index_of(message: &DraftMessage) -> Option<Vec<u8>> {
    base64_decode(message.thread.index.as_ref()?.as_bytes()).filter(|index| index.len() >= FIRST_INDEX)
}

/// A subject without what mail programs put before it, in lower case, and whether that says it answers.
fn base(subject: &str) -> (String, bool) {
    let mut rest = subject.trim();
    let mut answers = false;
    while let Some((mark, behind)) = rest.split_once([':', '：']) {
        let mark = mark.split(['[', '(']).next().unwrap_or_default().trim().to_lowercase();
        let answer = ANSWERS.contains(&mark.as_str());
        if !answer && !FORWARDS.contains(&mark.as_str()) {
            break;
        }
        answers |= answer;
        rest = behind.trim_start();
    }
    (rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(), answers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_lose_their_marks() {
        let check = |subject: &str, expected: &str, answers: bool| {
            assert_eq!(base(subject), (expected.to_owned(), answers), "{subject}");
        };
        check("Rollout  dates", "rollout dates", false);
        check("Re: Rollout dates", "rollout dates", true);
        check("AW: WG: Rollout dates", "rollout dates", true);
        check("Re[2]: SV: Rollout", "rollout", true);
        check("Fwd: Rollout", "rollout", false);
        check("Note: Rollout", "note: rollout", false);
    }
}
