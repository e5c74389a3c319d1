//! Mails that name messages of ours, and the message that such a mail answers:
//! told by its id, in the head of the mail or in what it quotes, and by its
//! author, who must be the one it went to.

use sqlx::sqlite::SqliteConnection;

use crate::answers::Person;
use crate::asking::replies::{Cut, Ours, Sent, cut, silence};
use crate::asking::{Purpose, Request};
use crate::conversation::{Conversation, Message};
use crate::handoff::HandoffId;
use crate::store::{self, Fault, Letter, Workspace};

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
    /// Its Message-ID, if it has one.
    mail: Option<String>,
    letters: Vec<String>,
    /// It names the thread of the handoff.
    is_in_thread: bool,
}

/// A mail with the message of ours that it answers, taken apart.
pub(super) struct Found {
    pub mailed: Mailed,
    pub letter: Letter,
    pub sent: Sent,
    pub cut: Cut,
}

impl Found {
    /// What is remembered of it: the same mail may come again in another form.
    pub(super) fn marks(&self) -> impl Iterator<Item = String> {
        [self.mailed.message.id.to_string()].into_iter().chain(self.mailed.mail.clone())
    }

    /// Whether a request of the handoff has had it already.
    pub(super) fn is_taken(&self, requests: &[Request]) -> bool {
        is_taken(&self.mailed, requests)
    }
}

fn is_taken(one: &Mailed, requests: &[Request]) -> bool {
    let id = one.message.id.to_string();
    let mut all = requests.iter().flat_map(|request| &request.replies);
    all.any(|taken| *taken == id || Some(taken) == one.mail.as_ref())
}

/// The mails that name messages of ours. What a program wrote by itself answers nothing, and nor does a mail inside
/// another one: its author is whoever the outer one's author says.
pub(super) fn mailed(conversation: &Conversation, handoff: &HandoffId) -> Vec<Mailed> {
    let thread = format!("<{handoff}@");
    let found = conversation.messages.iter().filter_map(|message| {
        let envelope = conversation.envelopes.get(&message.id).filter(|one| !one.is_automatic && !one.is_enclosed)?;
        message.author.address.as_ref()?;
        let mut letters: Vec<String> = envelope.answers.iter().flat_map(|id| ids_in(id)).collect();
        letters.extend(ids_in(&message.text));
        letters.truncate(MOST_NAMED);
        let is_in_thread = envelope.answers.iter().any(|id| id.starts_with(&thread));
        if letters.is_empty() && !is_in_thread {
            return None;
        }
        let source = conversation.document(&message.document).map(|one| one.source.clone()).unwrap_or_default();
        Some(Mailed { message: message.clone(), source, mail: envelope.id.clone(), letters, is_in_thread })
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

/// The mails that answer messages of ours and were not taken before. This is looked up and cut before anything is
/// written: how much there is of it is up to whoever sends mails, and everybody waits for the one writer.
pub(super) async fn find_answering(
    connection: &mut SqliteConnection,
    owner: (&Workspace, &HandoffId),
    mailed: Vec<Mailed>,
) -> Result<Vec<Found>, Fault> {
    let mut found: Vec<Found> = Vec::new();
    if mailed.is_empty() {
        return Ok(found);
    }
    let requests = store::list_requests(&mut *connection, owner).await?;
    let letters = store::list_letters(&mut *connection, (owner.0, Some(owner.1)), (None, MOST_LETTERS)).await?;
    for mailed in mailed.into_iter().filter(|one| !is_taken(one, &requests)) {
        let Some(letter) = answered_letter(&mut *connection, owner, (&mailed, &letters)).await? else { continue };
        let sent = Sent::read(&letter.words.text);
        let cut = cut(&sent, &mailed.message.text, &mailed.message.segments);
        found.push(Found { mailed, letter, sent, cut });
    }
    Ok(found)
}

/// Marks what these mails only repeat of our messages: it is nobody's word.
pub(super) async fn silence_ours(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    (conversation, mailed): (&mut Conversation, &[Mailed]),
) -> Result<(), Fault> {
    if mailed.is_empty() {
        return Ok(());
    }
    let letters = store::list_letters(&mut *connection, (workspace, Some(handoff)), (None, MOST_LETTERS)).await?;
    let ours = Ours::of(letters.iter().map(|letter| letter.words.text.as_str()));
    for one in mailed {
        if let Some(message) = conversation.messages.iter_mut().find(|message| message.id == one.message.id) {
            silence(message, &ours);
        }
    }
    Ok(())
}

/// The message of ours that a mail answers, if it went to whoever wrote the mail. Where only the thread is named, all
/// messages to them that the author can have known must number alike.
async fn answered_letter(
    connection: &mut SqliteConnection,
    (workspace, handoff): (&Workspace, &HandoffId),
    (one, letters): (&Mailed, &[Letter]),
) -> Result<Option<Letter>, Fault> {
    let email = one.message.author.address.as_deref().unwrap_or_default();
    let is_theirs = |letter: &Letter| {
        let to = letter.person.as_ref().and_then(|person| person.email.as_deref());
        letter.handoff == *handoff
            && to.is_some_and(|to| to.eq_ignore_ascii_case(email.trim()))
            && matches!(letter.purpose, Purpose::Ask | Purpose::Remind | Purpose::Escalate)
    };
    for id in &one.letters {
        let known = letters.iter().find(|letter| letter.id == *id).cloned();
        let letter = match known {
            Some(letter) => Some(letter),
            None => store::find_letter(&mut *connection, workspace, id).await?,
        };
        if let Some(letter) = letter.filter(is_theirs) {
            return Ok(Some(letter));
        }
    }
    let Some(at) = one.message.at.filter(|_| one.is_in_thread) else { return Ok(None) };
    let mut theirs = letters.iter().filter(|letter| is_theirs(letter) && letter.created_at <= at);
    let Some(newest) = theirs.next() else { return Ok(None) };
    let sent = Sent::read(&newest.words.text);
    let is_alike = theirs.all(|other| Sent::read(&other.words.text).heads().eq(sent.heads()));
    Ok(is_alike.then(|| newest.clone()))
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
