//! Putting words into a handoff that nobody said there: a later mail of a
//! colleague, an aside about another customer, another customer's thread that
//! somebody forwarded. They stand as intake would have read them.

use jiff::{SignedDuration, Timestamp};

use super::phrases::{NEWCOMERS, STRANGERS};
use crate::conversation::{
    Author, Conversation, Document, DocumentKind, Message, MessageId, Segment, SegmentKind, Side,
};

/// A mail to be added behind everything else.
pub(super) struct Mail {
    pub from: Author,
    /// `None` for an answer in the thread that was written last.
    pub subject: Option<String>,
    pub body: String,
    /// Another customer's words below it.
    pub forward: Option<Forward>,
}

pub(super) struct Forward {
    pub from: Author,
    pub company: &'static str,
    pub words: String,
}

/// Adds the mail an hour after the last message, but not in the future.
pub(super) fn add_mail(conversation: &mut Conversation, mail: Mail, now: Timestamp) {
    let hour = SignedDuration::from_hours(1);
    let last = conversation.messages.iter().filter_map(|message| message.at).max();
    let at = match last {
        Some(last) => last.checked_add(hour).unwrap_or(last).min(now.max(last)),
        None => now.checked_sub(hour).unwrap_or(now),
    };
    let number = conversation.messages.iter().map(|message| message.id.0).max().unwrap_or_default() + 1;
    let document = format!("d{}", conversation.documents.len() + 1);
    let (text, segments) = lay_out(&mail, at);
    let thread = conversation.messages.iter().rev().find(|message| message.subject.is_some());
    let (subject, reply_to) = match (&mail.subject, thread) {
        (Some(subject), _) => (subject.clone(), None),
        (None, Some(thread)) => {
            let subject = thread.subject.clone().unwrap_or_default();
            let signs = ["Re: ", "RE: ", "AW: "];
            let bare = signs.iter().fold(subject.as_str(), |rest, sign| rest.trim_start_matches(sign));
            (format!("Re: {bare}"), Some(thread.id))
        }
        (None, None) => ("For your file".to_owned(), None),
    };
    conversation.documents.push(Document {
        id: document.clone(),
        source: "later-mail.eml".to_owned(),
        kind: DocumentKind::Email,
        format: "eml".to_owned(),
        title: Some(subject.clone()),
        messages: vec![MessageId(number)],
    });
    conversation.messages.push(Message {
        id: MessageId(number),
        document,
        author: mail.from,
        at: Some(at),
        zone: None,
        subject: Some(subject),
        reply_to,
        text,
        segments,
    });
}

fn lay_out(mail: &Mail, at: Timestamp) -> (String, Vec<Segment>) {
    let name = mail.from.name.as_deref().unwrap_or("A colleague");
    let mut text = String::new();
    let mut segments = Vec::new();
    let mut add = |kind: SegmentKind, words: &str, author: Option<Author>, at: Option<Timestamp>| {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(words);
        segments.push(Segment { kind, start, end: text.len(), author, at, same_as: None });
    };
    add(SegmentKind::Body, &mail.body, None, None);
    add(SegmentKind::Signature, &format!("Regards\n{name}"), None, None);
    if let Some(forward) = &mail.forward {
        let said = at.checked_sub(SignedDuration::from_hours(30)).unwrap_or(at);
        let from = &forward.from;
        let head = format!(
            "---------- Forwarded message ---------\nFrom: {} <{}>\nSubject: {}",
            from.name.as_deref().unwrap_or_default(),
            from.address.as_deref().unwrap_or_default(),
            forward.company
        );
        let words = format!("{head}\n\nHello,\n\n{}\n\n{}", forward.words, from.name.as_deref().unwrap_or_default());
        add(SegmentKind::Forward, &words, Some(from.clone()), Some(said));
    }
    (text, segments)
}

/// Someone of a side who has not turned up yet: their name is in no text.
pub(super) fn newcomer(conversation: &Conversation, side: Side, domain: Option<&str>, skip: usize) -> Author {
    let fresh = NEWCOMERS.iter().filter(|name| !is_mentioned(conversation, name)).nth(skip);
    let name = fresh.copied().unwrap_or(NEWCOMERS[0]);
    let address = domain.map(|domain| format!("{}@{domain}", name.to_lowercase().replace(' ', ".")));
    Author { name: Some(name.to_owned()), address, side }
}

/// The one of us who speaks most, if anybody does.
pub(super) fn speaker_of(conversation: &Conversation, side: Side) -> Option<Author> {
    let mut counts: Vec<(&Author, usize)> = Vec::new();
    for author in conversation.messages.iter().map(|message| &message.author) {
        if author.side != side || author.name.is_none() {
            continue;
        }
        match counts.iter_mut().find(|(known, _)| *known == author) {
            Some((_, count)) => *count += 1,
            None => counts.push((author, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(author, _)| author.clone())
}

/// The domain most people of a side write from.
pub(super) fn domain_of(conversation: &Conversation, side: Side) -> Option<String> {
    let authors = conversation.messages.iter().map(|message| &message.author).filter(|author| author.side == side);
    let mut domains = authors.filter_map(|author| author.address.as_deref()?.rsplit_once('@').map(|(_, host)| host));
    domains.next().map(str::to_owned)
}

/// A company that the handoff does not speak of, by name and domain.
pub(super) fn stranger(conversation: &Conversation, skip: usize) -> (&'static str, &'static str) {
    let first = |name: &str| name.split(' ').next().unwrap_or_default().to_owned();
    let fresh: Vec<&(&str, &str)> =
        STRANGERS.iter().filter(|(name, _)| !is_mentioned(conversation, &first(name))).collect();
    fresh.get(skip % fresh.len().max(1)).copied().copied().unwrap_or(STRANGERS[0])
}

fn is_mentioned(conversation: &Conversation, name: &str) -> bool {
    let words: Vec<String> = name.to_lowercase().split(' ').map(str::to_owned).collect();
    let holds = |text: &str| {
        let lower = text.to_lowercase();
        words.iter().any(|word| lower.contains(word.as_str()))
    };
    conversation
        .messages
        .iter()
        .any(|message| holds(&message.text) || message.author.name.as_deref().is_some_and(holds))
}
