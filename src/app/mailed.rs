//! Mails that name messages of ours, and the message that such a mail answers:
//! told by its id, in the head of the mail or in what it quotes, and by its
//! author, who must be the one it went to.

use crate::answers::Person;
use crate::asking::Purpose;
use crate::asking::replies::Sent;
use crate::conversation::{Conversation, Message};
use crate::handoff::HandoffId;
use crate::store::{self, Fault, Letter, Tx, Workspace};

/// Messages of ours that one mail may name.
const MOST_NAMED: usize = 8;
/// Messages of a handoff that are looked through for those to one person.
const MOST_LETTERS: u32 = 200;
const ID_DIGITS: usize = 32;

/// A mail that names a message of ours.
#[derive(Debug, Clone)]
pub(super) struct Mailed {
    pub message: Message,
    /// The document that it came in.
    pub source: String,
    letters: Vec<String>,
    /// It names the thread of the handoff.
    is_in_thread: bool,
}

/// The mails that name messages of ours. What a program wrote by itself answers nothing.
pub(super) fn mailed(conversation: &Conversation, handoff: &HandoffId) -> Vec<Mailed> {
    let thread = format!("<{handoff}@");
    let found = conversation.messages.iter().filter_map(|message| {
        let envelope = conversation.envelopes.get(&message.id).filter(|envelope| !envelope.is_automatic)?;
        message.author.address.as_ref()?;
        let mut letters: Vec<String> = envelope.answers.iter().flat_map(|id| ids_in(id)).collect();
        letters.extend(ids_in(&message.text));
        letters.truncate(MOST_NAMED);
        let is_in_thread = envelope.answers.iter().any(|id| id.starts_with(&thread));
        if letters.is_empty() && !is_in_thread {
            return None;
        }
        let source = conversation.document(&message.document).map(|one| one.source.clone()).unwrap_or_default();
        Some(Mailed { message: message.clone(), source, letters, is_in_thread })
    });
    found.collect()
}

/// The ids of messages of ours in a text, the first of them.
fn ids_in(text: &str) -> Vec<String> {
    let ids = text.match_indices("ltr_").filter_map(|(at, sign)| {
        let digits = text.get(at + sign.len()..at + sign.len() + ID_DIGITS)?;
        let is_id = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        is_id.then(|| format!("{sign}{digits}"))
    });
    ids.take(MOST_NAMED).collect()
}

/// The message of ours that a mail answers, if it went to whoever wrote the mail. Where only the thread is named, all
/// messages to them must number alike.
pub(super) async fn answered_letter(
    tx: &mut Tx<'_>,
    (workspace, handoff): (&Workspace, &HandoffId),
    one: &Mailed,
) -> Result<Option<Letter>, Fault> {
    let email = one.message.author.address.as_deref().unwrap_or_default();
    let is_theirs = |letter: &Letter| {
        let to = letter.person.as_ref().and_then(|person| person.email.as_deref());
        letter.handoff == *handoff
            && to.is_some_and(|to| to.eq_ignore_ascii_case(email.trim()))
            && matches!(letter.purpose, Purpose::Ask | Purpose::Remind | Purpose::Escalate)
    };
    for id in &one.letters {
        if let Some(letter) = store::find_letter(tx.reading(), workspace, id).await?.filter(is_theirs) {
            return Ok(Some(letter));
        }
    }
    if !one.is_in_thread {
        return Ok(None);
    }
    let all = store::list_letters(tx.reading(), (workspace, Some(handoff)), (None, MOST_LETTERS)).await?;
    let mut theirs = all.into_iter().filter(is_theirs);
    let Some(newest) = theirs.next() else { return Ok(None) };
    let sent = Sent::read(&newest.words.text);
    let is_alike = theirs.all(|other| Sent::read(&other.words.text).heads().eq(sent.heads()));
    Ok(is_alike.then_some(newest))
}

pub(super) fn author_of(letter: &Letter, one: &Mailed) -> Person {
    let email = letter.person.as_ref().and_then(|person| person.email.clone());
    let name = letter.person.as_ref().and_then(|person| person.name.clone());
    let name = name.or_else(|| one.message.author.name.clone()).or_else(|| email.clone());
    Person { name: name.unwrap_or_default(), email }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let id = format!("ltr_{}", "0123456789abcdef".repeat(2));
        assert_eq!(ids_in(&format!("<{id}@acme.example>")), std::slice::from_ref(&id));
        assert_eq!(ids_in(&format!("> Reference: {id}\n")), std::slice::from_ref(&id));
        for none in ["ltr_", "ltr_0123", "ltr_é", &id[..30], &id.to_uppercase()] {
            assert!(ids_in(none).is_empty(), "{none}");
        }
        assert_eq!(ids_in(&id.repeat(100)).len(), MOST_NAMED);
    }
}
