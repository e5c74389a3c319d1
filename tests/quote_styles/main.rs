//! Every style in which mail programs introduce quoted and forwarded words, in
//! ten languages, as real mails have them: who is quoted, from when, and which
//! words are whose.

mod html;
mod languages;
mod posting;
mod programs;

use baton::conversation::{Conversation, SegmentKind};
use baton::intake::{Input, Options, read};

pub use SegmentKind::{Body, Forward, Quote, Signature};

/// Kind, author, time (to the minute, in UTC), and how the segment's text begins.
pub type Expected = (SegmentKind, &'static str, &'static str, &'static str);

pub fn read_mail(subject: &str, kind: &str, body: &str) -> Conversation {
    let mail = format!(
        "From: Marcus Lee <marcus.lee@acme.example>\nDate: Tue, 3 Mar 2026 10:00:00 +0000\nSubject: {subject}\n\
         MIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n\n{body}\n"
    );
    let input = Input { name: "answer.eml".to_owned(), bytes: mail.into_bytes(), kind: None, format: None };
    read(vec![input], &Options::of(&["acme.example".to_owned()]))
}

pub fn check(subject: &str, kind: &str, body: &str, expected: &[Expected]) {
    let conversation = read_mail(subject, kind, body);
    let message = &conversation.messages[0];
    let got: Vec<_> = message
        .segments
        .iter()
        .map(|segment| {
            let author = segment.author.as_ref().and_then(|author| author.label()).unwrap_or_default();
            let at = segment.at.map(|at| at.to_string()[..16].to_owned()).unwrap_or_default();
            (segment.kind, author, at, &message.text[segment.start..segment.end])
        })
        .collect();
    let same = got.len() == expected.len()
        && got.iter().zip(expected).all(|((kind, author, at, words), (ekind, eauthor, eat, ewords))| {
            kind == ekind && author == eauthor && at == eat && words.trim_start().starts_with(ewords)
        });
    assert!(same, "{body}\n\ngot {got:#?}\nexpected {expected:#?}");
}

/// An answer above a quote that this line introduces.
pub fn check_answer(line: &str, author: &'static str, at: &'static str) {
    let marked = line.lines().all(|line| !line.starts_with("From:"));
    let quote = if marked { "> Is June 1 still right?" } else { "Is June 1 still right?" };
    let body = format!("Yes, it is.\n\n{line}\n{quote}");
    check("Re: Dates", "plain", &body, &[(Body, "", "", "Yes"), (Quote, author, at, "")]);
}
