//! What the readers of single formats hand over: documents in draft, before
//! people are matched, messages put in order and ids given.

use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use jiff::tz::Offset;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::dates::Moment;
use super::text::Tidied;
use crate::config::Limits;
use crate::conversation::{Author, DocumentKind, Segment, SegmentKind, Side, Unread, Warning};

/// Where a piece of context came from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The full name: `mail.eml › notes.txt`.
    pub source: String,
    /// The file's or attachment's own name.
    pub name: String,
    /// The full name of what it was attached to.
    pub inside: Option<String>,
    /// How many files it was nested in.
    pub depth: usize,
}

/// Bytes that wait to be read: a given file or an attachment found on the way.
#[derive(Debug)]
pub(super) struct Work {
    pub origin: Origin,
    pub bytes: Vec<u8>,
    pub kind: Option<DocumentKind>,
    pub format: Option<String>,
}

/// A document without ids.
#[derive(Debug)]
pub(super) struct Draft {
    pub source: String,
    pub kind: DocumentKind,
    pub format: &'static str,
    pub title: Option<String>,
    pub messages: Vec<DraftMessage>,
}

#[derive(Debug, Default)]
pub(super) struct DraftMessage {
    pub author: Author,
    /// A company named beside the author (`Dana Whitfield (Northwind)`).
    pub organisation: Option<String>,
    /// Whom the head of a note names as its writer, where no label does; it counts where that is one of us.
    pub signed: Option<String>,
    /// The chat team the author belongs to.
    pub team: Option<String>,
    /// What the source says of the author's company; it counts where no domain tells.
    pub side: Side,
    pub at: Option<Timestamp>,
    pub zone: Option<Offset>,
    pub subject: Option<String>,
    pub text: String,
    pub pieces: Vec<Piece>,
    /// What other messages call this one: a Message-ID or a chat time stamp.
    pub key: Option<String>,
    /// Keys this one may answer, nearest first.
    pub parents: Vec<String>,
    pub thread: Thread,
}

/// What tells the thread of a mail whose headers do not.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// The addresses it went to, in lower case.
    pub addressed: Vec<String>,
    /// Outlook's place in the thread, in base64.
    pub index: Option<String>,
    /// A program wrote it by itself.
    pub is_automatic: bool,
    /// It came inside another mail or attached to something.
    pub is_enclosed: bool,
}

/// A segment and where its own words begin, after its attribution line.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub segment: Segment,
    pub words_from: usize,
}

impl Piece {
    pub(super) fn new(kind: SegmentKind, start: usize, end: usize) -> Self {
        let segment = Segment { kind, start, end, author: None, at: None, same_as: None };
        Piece { segment, words_from: start }
    }

    /// The whole of a text that is one body; nothing for a text without words.
    pub(super) fn whole(text: &str) -> Vec<Piece> {
        if text.trim().is_empty() { Vec::new() } else { vec![Piece::new(SegmentKind::Body, 0, text.len())] }
    }
}

/// Someone whose name and address stand together in a header or directory.
#[derive(Debug, Clone)]
pub(super) struct Acquaintance {
    pub name: String,
    pub address: String,
    pub team: Option<String>,
}

/// Someone a chat directory lists by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    pub name: Option<String>,
    pub address: Option<String>,
    pub zone: Option<Offset>,
    pub team: Option<String>,
}

/// Calls and people that recorders list apart from the words, by the recorder's own ids.
#[derive(Debug, Default)]
pub(super) struct CallPeople {
    pub calls: FxHashMap<String, KnownCall>,
    pub people: FxHashMap<String, CallPerson>,
}

/// A call's name and start.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownCall {
    pub title: Option<String>,
    pub began: Option<Moment>,
}

/// Someone in a call.
#[derive(Debug, Clone, Default)]
pub(super) struct CallPerson {
    pub name: Option<String>,
    pub address: Option<String>,
    pub side: Side,
}

/// A channel or direct conversation a chat directory lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Channel {
    pub name: Option<String>,
    /// Ids of those in a direct conversation.
    pub members: Vec<String>,
}

/// Everything read so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub limits: Limits,
    pub drafts: Vec<Draft>,
    pub acquaintances: Vec<Acquaintance>,
    /// The sources that list people by name alone, and those names.
    pub listed: Vec<(String, String)>,
    /// Full names that a head lists, and the house in brackets behind them.
    pub housed: Vec<(String, String)>,
    pub members: FxHashMap<String, Member>,
    /// What other files say of calls and the people in them.
    pub call_people: CallPeople,
    /// Channels of chats by id and by folder name.
    pub channels: FxHashMap<String, Channel>,
    /// Where threads of a chat began: the file, the key of the first message, and how many answers it says it has.
    pub threads: Vec<(String, String, usize)>,
    /// Objects of CRMs; which of them is the record is told when a batch is read whole.
    pub records: super::notes::record::Pending,
    pub warnings: Vec<Warning>,
    pub unread: Vec<Unread>,
    /// Attachments of the piece being read, in order.
    pub attachments: Vec<Work>,
    /// What stands in `unread`, for looking it up.
    noted: FxHashSet<Unread>,
    /// Keys of messages taken in, with a hash of their words.
    known: FxHashMap<u64, u64>,
    messages: usize,
}

/// Whether a message with this key was taken in before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Acquainted {
    New,
    SameWords,
    OtherWords,
}

impl Collected {
    /// Nothing yet, with these limits.
    pub(super) fn within(limits: Limits) -> Self {
        Collected { limits, ..Collected::default() }
    }

    pub(super) fn warn(&mut self, source: &str, place: impl Into<String>, message: impl Into<String>) {
        self.warnings.push(Warning { source: source.to_owned(), place: place.into(), message: message.into() });
    }

    /// Notes that a piece could not be read, for people (warning) and for the verdict (gap).
    pub(super) fn leave_unread(&mut self, origin: &Origin, reason: impl Into<String>) {
        let reason = reason.into();
        self.warn(&origin.source, "", format!("not read: {reason}"));
        let unread = Unread { source: origin.name.clone(), inside: origin.inside.clone(), reason };
        self.noted.insert(unread.clone());
        self.unread.push(unread);
    }

    /// The same for a file that a chat may name many times: once is enough.
    pub(super) fn note_unread(&mut self, unread: Unread) {
        if self.noted.insert(unread.clone()) {
            self.unread.push(unread);
        }
    }

    /// Reports what had to be changed in a text.
    pub(super) fn warn_of_cuts(&mut self, source: &str, place: &str, tidied: &Tidied) {
        if tidied.breaks > 0 {
            let message = format!("{} breaks put into text without spaces; no character was dropped", tidied.breaks);
            self.warn(source, place, message);
        }
        if tidied.unseen > 0 {
            let message =
                format!("{} letters that the page shows to nobody were left out; look at the original", tidied.unseen);
            self.warn(source, place, message);
        }
    }

    /// Takes a document in, up to the most messages a conversation may have.
    pub(super) fn add(&mut self, origin: &Origin, mut draft: Draft) {
        let room = self.limits.messages.saturating_sub(self.messages);
        if draft.messages.len() > room {
            let reason = format!(
                "the last {} messages are beyond the limit of {}",
                draft.messages.len() - room,
                self.limits.messages
            );
            draft.messages.truncate(room);
            self.leave_unread(origin, reason);
        }
        self.messages += draft.messages.len();
        self.drafts.push(draft);
    }

    /// Remembers a message by key; the same mail lies in several mailboxes.
    pub(super) fn meet(&mut self, key: &str, text: &str) -> Acquainted {
        let mut hasher = FxHasher::default();
        text.split_whitespace().for_each(|word| word.hash(&mut hasher));
        let words = hasher.finish();
        match self.known.entry(hash_of(&key)) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(words);
                Acquainted::New
            }
            std::collections::hash_map::Entry::Occupied(place) if *place.get() == words => Acquainted::SameWords,
            std::collections::hash_map::Entry::Occupied(_) => Acquainted::OtherWords,
        }
    }

    pub(super) fn acquaint(&mut self, author: &Author) {
        if let (Some(name), Some(address)) = (&author.name, &author.address) {
            self.acquaintances.push(Acquaintance { name: name.clone(), address: address.clone(), team: None });
        }
    }
}

pub(super) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Sorts messages by time; one without a time stays behind its predecessor.
pub(super) fn sort_by_time(messages: &mut Vec<DraftMessage>) {
    let mut last = messages.iter().find_map(|message| message.at);
    let mut keyed: Vec<(Option<Timestamp>, DraftMessage)> = messages
        .drain(..)
        .map(|message| {
            last = message.at.or(last);
            (last, message)
        })
        .collect();
    keyed.sort_by_key(|(at, _)| *at);
    messages.extend(keyed.into_iter().map(|(_, message)| message));
}
