//! Bytes to a conversation. Every format has one file that turns text into
//! draft documents; this module recognises the format by content, hands the
//! bytes over, and puts all drafts together: who is on which side, in what
//! order things were said, and what is only repeated. Nothing fails here: what
//! cannot be read is named in `unread`, what had to be changed in `warnings`.

mod archive;
mod assembly;
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
mod recognition;
mod repeats;
mod sides;
mod sight;
mod text;
mod timeline;
mod zones;

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::config::Limits;
use crate::conversation::{Conversation, DocumentKind};
use calls::{captions, plain};
use chat::{irc, slack, teams, whatsapp};
use draft::{Collected, Draft, Origin, Work, hash_of};
use mail::{email, gmail, graph, invitation, mbox, threads};
use notes::{docx, note, record, table};
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
    let mut collected = Collected::within(options.limits);
    let mut waiting: VecDeque<Work> = VecDeque::with_capacity(inputs.len());
    let mut people_files = Vec::new();
    let mut call_people_files = Vec::new();
    for input in inputs {
        let origin = Origin { source: input.name.clone(), name: input.name, inside: None, depth: 0 };
        // People first: a chat given before its directory still gets their names.
        if chat::read_directory(&input.bytes, &mut collected) {
            people_files.push(origin.source);
        } else if calls::json::read_people(&input.bytes, &mut collected) {
            call_people_files.push(origin.source);
        } else {
            waiting.push_back(Work { origin, bytes: input.bytes, kind: input.kind, format: input.format });
        }
    }
    let mut read_before: FxHashMap<u64, (String, DocumentKind, &'static str)> = FxHashMap::default();
    while let Some(work) = waiting.pop_front() {
        let hash = hash_of(&work.bytes);
        let first_draft = collected.drafts.len();
        match read_before.get(&hash) {
            Some((first, kind, format)) => repeat_file(&work.origin, first, *kind, format, &mut collected),
            None => read_work(&work, &mut collected),
        }
        if let Some(draft) = collected.drafts.get(first_draft) {
            read_before.entry(hash).or_insert_with(|| (draft.source.clone(), draft.kind, draft.format));
        }
        for attachment in collected.attachments.drain(..).rev() {
            waiting.push_front(attachment);
        }
    }
    slack::warn_of_missing_answers(&mut collected);
    slack::export::join_days(&mut collected);
    if !collected.drafts.iter().any(|draft| matches!(draft.format, "slack" | "teams")) {
        for source in people_files {
            collected.warn(&source, "", "this lists the people of a chat, but no chat was given");
        }
    }
    if !collected.drafts.iter().any(|draft| matches!(draft.format, "gong" | "meet")) {
        for source in call_people_files {
            collected.warn(&source, "", "this lists the people of calls, but no transcript of theirs was given");
        }
    }
    threads::link(&mut collected);
    record::settle(&mut collected);
    assembly::assemble(collected, options.our_domains)
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
        Recognised::Page(text) => note::read(origin, &markup::html_to_text(&text, &collected.limits), collected),
        Recognised::Note(text) => note::read(origin, &text::tidy(&text, &collected.limits), collected),
    }
}
