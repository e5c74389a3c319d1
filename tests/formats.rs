//! Every format that intake reads, as samples in the shape its maker gives it:
//! `tests/samples/formats/NAME` beside `NAME.expected.txt`, which says who said
//! what, when, on which side, and what was warned of. With
//! `BATON_WRITE_EXPECTED=1` the expected files are written anew, for review.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use baton::conversation::{Author, Conversation, Message, Segment, Side};
use baton::intake::{Input, Options, read};

const EXPECTED: &str = ".expected.txt";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/formats")
}

/// A sample is a file, or a folder whose files are given together.
fn inputs(path: &Path) -> Vec<Input> {
    let mut files = Vec::new();
    let mut waiting = vec![path.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).expect("a folder").map(|entry| entry.expect("an entry").path()));
        } else {
            files.push(path);
        }
    }
    files.sort();
    let top = if path.is_dir() { path } else { path.parent().expect("a folder") };
    let input = |file: PathBuf| Input {
        name: file.strip_prefix(top).expect("inside").to_string_lossy().into_owned(),
        bytes: fs::read(&file).expect("a sample"),
        kind: None,
        format: None,
    };
    files.into_iter().map(input).collect()
}

fn person(author: &Author) -> String {
    let side = match author.side {
        Side::Ours => "ours",
        Side::Theirs => "theirs",
        Side::Unknown => "unknown",
    };
    let name = author.name.as_deref().unwrap_or("nobody named");
    let address = author.address.as_ref().map(|address| format!(" <{address}>")).unwrap_or_default();
    format!("{name}{address} ({side})")
}

fn show_segment(message: &Message, segment: &Segment, out: &mut String) {
    let kind = format!("{:?}", segment.kind).to_lowercase();
    let author = segment.author.as_ref().map(|author| format!(" by {}", person(author))).unwrap_or_default();
    let at = segment.at.map(|at| format!(" at {at}")).unwrap_or_default();
    let same = segment.same_as.map(|id| format!(" same as {id}")).unwrap_or_default();
    let _ = writeln!(out, "  [{kind}{author}{at}{same}]");
    for line in message.text[segment.start..segment.end].trim_matches('\n').lines() {
        let _ = writeln!(out, "  | {line}");
    }
}

fn show(conversation: &Conversation) -> String {
    let mut out = String::new();
    for document in &conversation.documents {
        let kind = format!("{:?}", document.kind).to_lowercase();
        let title = document.title.as_ref().map(|title| format!(", \"{title}\"")).unwrap_or_default();
        let count = document.messages.len();
        let _ =
            writeln!(out, "{} {}: {kind}, {}{title}, {count} messages", document.id, document.source, document.format);
    }
    for message in &conversation.messages {
        let at = message.at.map_or("time unknown".to_owned(), |at| at.to_string());
        let zone = message.zone.map(|zone| format!(" zone {zone}")).unwrap_or_default();
        let subject = message.subject.as_ref().map(|subject| format!(", \"{subject}\"")).unwrap_or_default();
        let parent = message.reply_to.map(|id| format!(", answers {id}")).unwrap_or_default();
        let _ = writeln!(
            out,
            "\n{} {} {}, {at}{zone}{subject}{parent}",
            message.id,
            message.document,
            person(&message.author)
        );
        for segment in &message.segments {
            show_segment(message, segment, &mut out);
        }
    }
    if !conversation.record.is_empty() {
        out.push_str("\nrecord\n");
        for (key, value) in &conversation.record {
            let _ = writeln!(out, "  {key} = {value}");
        }
    }
    for warning in &conversation.warnings {
        let _ = writeln!(out, "\nwarning {} [{}]: {}", warning.source, warning.place, warning.message);
    }
    for unread in &conversation.unread {
        let inside = unread.inside.as_ref().map(|inside| format!(" in {inside}")).unwrap_or_default();
        let _ = writeln!(out, "\nunread {}{inside}: {}", unread.source, unread.reason);
    }
    out
}

#[test]
fn every_format_reads_as_reviewed() {
    let write = std::env::var_os("BATON_WRITE_EXPECTED").is_some();
    let ours = ["acme.example".to_owned()];
    let mut samples: Vec<PathBuf> =
        fs::read_dir(folder()).expect("the samples").map(|entry| entry.expect("an entry").path()).collect();
    samples.retain(|path| !path.to_string_lossy().ends_with(EXPECTED));
    samples.sort();
    assert!(samples.len() >= 2, "the samples are gone");
    let mut wrong = Vec::new();
    for sample in &samples {
        let shown = show(&read(inputs(sample), &Options::of(&ours)));
        let expected = PathBuf::from(format!("{}{EXPECTED}", sample.display()));
        if write {
            fs::write(&expected, &shown).expect("the expected file");
        } else if fs::read_to_string(&expected).unwrap_or_default() != shown {
            wrong.push(format!("{}\n{shown}", sample.file_name().unwrap_or_default().display()));
        }
    }
    assert!(wrong.is_empty(), "{} samples read otherwise than expected:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
