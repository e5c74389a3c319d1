//! Bytes to a conversation. Every format has one file that turns text into
//! draft documents; this module recognises the format by content, hands the
//! bytes over, and puts all drafts together: who is on which side, in what
//! order things were said, and what is only repeated. Nothing fails here: what
//! cannot be read is named in `unread`, what had to be changed in `warnings`.

mod archive;
mod assembly;
mod attendees;
mod batches;
mod calls;
mod chat;
mod dates;
mod draft;
mod duplicates;
mod json;
mod mail;
mod markup;
mod names;
mod notes;
mod own;
mod recognition;
mod repeats;
mod sides;
mod sight;
mod text;
mod timeline;
mod zones;

use crate::config::Limits;
use crate::conversation::{Conversation, DocumentKind};
use batches::Batches;
use calls::{captions, plain};
use chat::{irc, slack, teams, whatsapp};
use draft::{Collected, Draft, Origin, Work};
use mail::{email, gmail, graph, invitation, mbox};
use notes::{docx, note, record, table};
pub(crate) use own::SENT_BY;
use recognition::Recognised;
pub use sides::participants;

/// One file or payload, and what its giver says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The name a person knows it by, usually a file name.
    pub name: String,
    pub bytes: Vec<u8>,
    /// What the giver says it is; the content decides.
    pub kind: Option<DocumentKind>,
    /// `eml`, `vtt`, …: what the giver says; the content decides.
    pub format: Option<String>,
}

/// What reading depends on besides the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The mail domains of Baton's user (`acme.example`); sub-domains are meant too.
    pub our_domains: &'a [String],
    pub limits: Limits,
}

impl<'a> Options<'a> {
    /// With the usual limits.
    pub fn of(our_domains: &'a [String]) -> Self {
        Options { our_domains, limits: Limits::default() }
    }
}

/// The characters of bytes in any encoding that is read; `None` when they are no text.
pub fn text_of(bytes: &[u8]) -> Option<String> {
    text::decode(bytes).map(|(text, _)| text.into_owned())
}

/// The words of an HTML page, one line a block, as a reader of mails gets them.
pub fn page_text(html: &str) -> String {
    markup::html_to_text(html, &Limits::default()).text
}

/// A text with its HTML entities as characters.
pub fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    markup::push_decoded(&mut out, text);
    out
}

/// Reads everything given into one conversation.
pub fn read(inputs: Vec<Input>, options: &Options) -> Conversation {
    read_batches(vec![inputs], options)
}

/// Reads context that came in several batches, the first batch first. What a batch alone makes stays as it is whatever
/// comes after it: ids, words, authors and what points where. Later messages continue the count, however early they are
/// dated; what was given before is not counted again. Only an author's side may be told later, and properties of the
/// record are those of the last batch that names them.
pub fn read_batches(batches: Vec<Vec<Input>>, options: &Options) -> Conversation {
    let mut all = Batches::new(options);
    for inputs in batches {
        all.read(inputs);
    }
    all.into_conversation()
}

/// The same bytes under a second name count once.
fn repeat_file(origin: &Origin, first: &str, kind: DocumentKind, format: &'static str, collected: &mut Collected) {
    collected.warn(&origin.source, "", format!("the same content as {first}: counted once"));
    collected.add(origin, Draft { source: origin.source.clone(), kind, format, title: None, messages: Vec::new() });
}

fn read_work(work: &Work, collected: &mut Collected) {
    let origin = &work.origin;
    let deepest = collected.limits.nested_files;
    if origin.depth > deepest {
        collected.leave_unread(origin, format!("it lies more than {deepest} files deep"));
        return;
    }
    let recognised = match recognition::recognise(work, collected) {
        Ok(recognised) => recognised,
        Err(reason) => {
            collected.leave_unread(origin, reason);
            return;
        }
    };
    recognition::warn_of_claims(work, &recognised, collected);
    match recognised {
        Recognised::Email(bytes) => email::read(origin, &bytes, collected),
        Recognised::Mailbox(bytes) => mbox::read(origin, &bytes, collected),
        Recognised::Gmail(mails) => gmail::read(origin, mails, collected),
        Recognised::Graph(mails) => graph::read(origin, mails, collected),
        Recognised::Calendar(text) => invitation::read(origin, &text, collected),
        Recognised::Vtt(text) => captions::read(origin, &text, "vtt", collected),
        Recognised::Srt(text) => captions::read(origin, &text, "srt", collected),
        Recognised::Plain(text) => plain::read(origin, &text, work.kind, collected),
        Recognised::Call(found, text) => calls::json::read(origin, &text, &found, collected),
        Recognised::Slack(chat) => slack::read(origin, *chat, collected),
        Recognised::SlackExport(bytes) => slack::export::read(origin, bytes, collected),
        Recognised::Teams(chat) => teams::read(origin, *chat, collected),
        Recognised::WhatsApp(text) => whatsapp::read(origin, &text, collected),
        Recognised::WhatsAppArchive(bytes) => whatsapp::read_archive(origin, bytes, collected),
        Recognised::Irc(text) => irc::read(origin, &text, collected),
        Recognised::Record(record) => record::read(origin, record, collected),
        Recognised::Table(text) => table::read(origin, &text, collected),
        Recognised::Docx(document) => docx::read(origin, &document, collected),
        Recognised::Own => own::read(origin, collected),
        Recognised::Page(text) => note::read(origin, &markup::html_to_text(&text, &collected.limits), collected),
        Recognised::Note(text) => note::read(origin, &text::tidy(&text, &collected.limits), collected),
    }
}
