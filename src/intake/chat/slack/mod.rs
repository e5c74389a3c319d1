//! Slack: answers of `conversations.history` and `conversations.replies`, what
//! the Events API sends, the day files of an export, whole exports, and the
//! lists of users and channels beside them.

mod blocks;
pub(in crate::intake) mod export;
mod file;
mod message;
mod notation;
pub(in crate::intake) mod people;

use rustc_hash::FxHashMap;

use super::reactions;
use crate::conversation::{Author, DocumentKind, SegmentKind, Unread};
use crate::intake::draft::{Acquainted, Collected, Draft, DraftMessage, Member, Origin, Work, sort_by_time};
use crate::intake::mail::quoted::{self, Setting};
use crate::intake::{dates, names, text};
pub(in crate::intake) use file::Chat;
use message::{Content, Message, Shared, read_stamp};

/// Makes the chat a document.
pub(in crate::intake) fn read(origin: &Origin, chat: Chat, collected: &mut Collected) {
    let source = origin.source.clone();
    // Profiles inside messages name people whom the list of users does not.
    for message in &chat.messages {
        if let (Some(id), Some(profile)) = (&message.user, &message.profile)
            && !collected.members.contains_key(id)
        {
            people::learn(id, profile.clone(), collected);
        }
    }
    let said = chat.messages.iter().filter(|message| !message.stamp.is_empty());
    let edited = said.clone().filter(|message| message.edited.is_some()).count();
    let differing = said.clone().filter(|message| message.differs).count();
    let previews: usize = said.clone().map(|message| message.previews).sum();
    let unknown: usize = said.map(|message| message.unknown_blocks).sum();
    let mut reader = Reader { origin, collected, repeated: 0, otherwise: 0, crowd: 0 };
    let mut messages: Vec<DraftMessage> = Vec::with_capacity(chat.messages.len());
    for message in &chat.messages {
        reader.read_message(message, &mut messages);
    }
    let (repeated, otherwise, crowd) = (reader.repeated, reader.otherwise, reader.crowd);
    let counts = [
        (chat.notices, "notices (joined, left, pinned) were left out"),
        (chat.deleted, "messages were deleted: their words are not read"),
        (edited, "messages were edited: their last words are read, under their first time"),
        (repeated, "messages were given before: counted once"),
        (otherwise, "messages were given before with other words: both are kept"),
        (
            differing,
            "messages carry a text for notifications that says what their blocks do not: the blocks are read, since people see those",
        ),
        (previews, "previews of linked pages were left out: they are not their sender's words"),
        (unknown, "blocks are of an unknown kind and were not read"),
        (crowd, "people's reactions were left out, since so many reacted to the same message"),
        (chat.strange, "entries hold no message and were left out"),
        (chat.doubled, "keys stand twice in one object: the last of them counts"),
    ];
    super::warn_of_counts(&source, &counts, collected);
    if chat.has_more {
        collected.warn(&source, "", "the channel has more messages than this file holds");
    }
    if chat.is_empty() && chat.messages.is_empty() {
        collected.warn(&source, "", "it holds no messages");
    }
    sort_by_time(&mut messages);
    let folder = folder_of_day(&origin.name);
    let known = chat.channel.as_deref().into_iter().chain(folder).find_map(|name| people::title_of(name, collected));
    let title = chat.title.or(known).or_else(|| folder.map(|folder| format!("#{folder}")));
    collected.add(origin, Draft { source, kind: DocumentKind::Chat, format: "slack", title, messages });
}

/// Tells of threads whose answers were given in no file.
pub(in crate::intake) fn warn_of_missing_answers(collected: &mut Collected) {
    let mut answers: FxHashMap<&str, usize> = FxHashMap::default();
    for message in collected.drafts.iter().flat_map(|draft| &draft.messages).filter(|message| message.key.is_some()) {
        for parent in message.parents.iter().filter(|parent| Some(*parent) != message.key.as_ref()) {
            *answers.entry(parent).or_default() += 1;
        }
    }
    let mut missing: Vec<(&str, usize)> = Vec::new();
    for (source, key, replies) in &collected.threads {
        let count = replies.saturating_sub(answers.get(key.as_str()).copied().unwrap_or(0));
        match missing.last_mut().filter(|(last, _)| last == source) {
            Some((_, sum)) => *sum += count,
            None => missing.push((source, count)),
        }
    }
    let told = missing.into_iter().filter(|(_, count)| *count > 0);
    let told: Vec<(String, usize)> = told.map(|(source, count)| (source.to_owned(), count)).collect();
    for (source, count) in told {
        collected.warn(&source, "", format!("{count} answers in its threads were not given"));
    }
}

/// In an export, `deal-northwind/2026-03-02.json` is a day of the channel `deal-northwind`.
fn folder_of_day(name: &str) -> Option<&str> {
    let mut parts = name.rsplit(['/', '\\']);
    dates::read_file_name(parts.next()?)?;
    parts.next().filter(|folder| !folder.is_empty() && *folder != "." && *folder != "..")
}

struct Reader<'a> {
    origin: &'a Origin,
    collected: &'a mut Collected,
    repeated: usize,
    otherwise: usize,
    crowd: usize,
}

impl Reader<'_> {
    /// Puts the message and the answers by reaction to it behind the others.
    fn read_message(&mut self, message: &Message, messages: &mut Vec<DraftMessage>) {
        // What an edit or a deletion took away left an empty place.
        if message.stamp.is_empty() {
            return;
        }
        let user = message.user.as_deref().unwrap_or_default();
        let member = self.collected.members.get(user).cloned().unwrap_or_default();
        let tidied = text::tidy(&notation::render(&message.words, self.collected), &self.collected.limits);
        self.collected.warn_of_cuts(&self.origin.source, &message.stamp, &tidied);
        let key = format!("slack {}", message.stamp);
        match self.collected.meet(&key, &format!("{} {user}", tidied.text)) {
            Acquainted::SameWords => {
                self.repeated += 1;
                return;
            }
            Acquainted::OtherWords => self.otherwise += 1,
            Acquainted::New => {}
        }
        self.note_files(message);
        if message.replies > 0 {
            self.collected.threads.push((self.origin.source.clone(), key.clone(), message.replies));
        }
        let mut draft = DraftMessage {
            author: author_of(message, &member),
            team: message.team.clone().or(member.team),
            at: read_stamp(&message.stamp),
            zone: member.zone,
            pieces: quoted::split_quotes(&tidied.text, &Setting::default()),
            text: tidied.text,
            key: Some(key.clone()),
            parents: message.thread.iter().map(|parent| format!("slack {parent}")).collect(),
            ..DraftMessage::default()
        };
        for shared in &message.shared {
            let words = text::tidy(&notation::render(&shared.words, self.collected), &self.collected.limits);
            let author = self.author_of_shared(shared);
            super::append(&mut draft, SegmentKind::Forward, author, shared.at, &words);
        }
        messages.push(draft);
        self.read_reactions(message, &key, messages);
    }

    fn author_of_shared(&self, shared: &Shared) -> Option<Author> {
        let member = shared.user.as_ref().and_then(|id| self.collected.members.get(id));
        let Some(name) = member.and_then(|member| member.name.clone()).or_else(|| shared.name.clone()) else {
            return Some(Author::default());
        };
        let address = member.and_then(|member| member.address.clone());
        Some(Author { name: Some(name), address, ..Author::default() })
    }

    /// Slack gives reactions no time: they stand behind the message they answer. Nobody answers themselves.
    fn read_reactions(&mut self, message: &Message, key: &str, messages: &mut Vec<DraftMessage>) {
        let signed = message.reactions.iter().filter_map(|(name, users)| Some((reactions::sign_of(name)?, users)));
        let people = signed.flat_map(|(sign, users)| users.iter().map(move |user| (sign, user)));
        for (count, (sign, user)) in people.filter(|(_, user)| Some(*user) != message.user.as_ref()).enumerate() {
            if count >= reactions::MAX_PEOPLE {
                self.crowd += 1;
                continue;
            }
            let member = self.collected.members.get(user).cloned().unwrap_or_default();
            let author = named(member.name.as_deref(), member.address.as_deref(), Some(user));
            messages
                .push(DraftMessage { zone: member.zone, ..reactions::answer(author, member.team, None, key, sign) });
        }
    }

    /// Files are named, seldom contained: documents are missing, pictures are mentioned, text is read as a file of its own.
    fn note_files(&mut self, message: &Message) {
        let source = &self.origin.source;
        for file in &message.files {
            let name = &file.name;
            let reason = match &file.content {
                Content::Deleted => {
                    self.collected.warn(source, &message.stamp, format!("{name} was deleted"));
                    continue;
                }
                Content::Picture => {
                    self.collected.warn(source, &message.stamp, format!("{name} is a picture and was not read"));
                    continue;
                }
                Content::Text { words, cut } => {
                    let origin = Origin {
                        source: format!("{source} › {name}"),
                        name: name.clone(),
                        inside: Some(source.clone()),
                        depth: self.origin.depth + 1,
                    };
                    let bytes = words.clone().into_bytes();
                    self.collected.attachments.push(Work { origin, bytes, kind: None, format: None });
                    if !cut {
                        continue;
                    }
                    "Slack's answer contains only its beginning"
                }
                Content::Hidden => "it is too old for the plan of the Slack workspace",
                Content::Absent => "Slack's answer names the file but does not contain it",
            };
            self.collected.warn(source, &message.stamp, format!("{name} not read: {reason}"));
            let unread = Unread { source: name.clone(), inside: Some(source.clone()), reason: reason.to_owned() };
            self.collected.note_unread(unread);
        }
    }
}

fn author_of(message: &Message, member: &Member) -> Author {
    let name = member.name.as_deref().or(message.username.as_deref()).or(message.bot.as_deref());
    named(name, member.address.as_deref(), message.user.as_deref().or(message.bot_id.as_deref()))
}

/// An id is better than nobody; where a name is known it only confuses.
fn named(name: Option<&str>, address: Option<&str>, id: Option<&str>) -> Author {
    let name = name.map(names::tidy_name);
    let id = id.filter(|_| name.is_none());
    Author { name, address: address.or(id).map(str::to_owned), side: Default::default() }
}
