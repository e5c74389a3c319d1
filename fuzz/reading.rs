//! What must hold for whatever bytes intake is given. Both the fuzzers and the
//! test that runs their seeds use this file.

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

/// The families of formats, each with the name its bytes are given under.
pub const FAMILIES: [&str; 5] = ["mail", "quotes", "calls", "chat", "records"];

/// Reads bytes as one of a family's files and checks what came out.
pub fn check(family: &str, bytes: &[u8]) -> Conversation {
    let ours = ["acme.example".to_owned()];
    let conversation = read(inputs(family, bytes), &Options::of(&ours));
    for (expected, message) in (1..).zip(&conversation.messages) {
        assert_eq!(message.id.0, expected, "ids are dense");
        let document = conversation.document(&message.document).expect("its document is listed");
        assert!(document.messages.contains(&message.id), "its document lists it");
        let mut covered = 0;
        for segment in &message.segments {
            assert!(segment.start >= covered && segment.start <= segment.end, "segments stand in order");
            let between = message.text.get(covered..segment.start).expect("segments end between characters");
            assert!(between.trim().is_empty(), "no words stand between segments");
            assert!(message.text.get(segment.start..segment.end).is_some(), "segments end between characters");
            covered = segment.end;
            let first = segment.same_as.map(|id| id.0);
            assert!(first.is_none_or(|first| first <= message.id.0), "what is repeated was said before");
        }
        assert!(message.text[covered..].trim().is_empty(), "no words stand behind the segments");
        assert!(message.reply_to.is_none_or(|parent| conversation.message(parent).is_some()), "its parent is there");
    }
    let nothing = conversation.messages.is_empty() && conversation.record.is_empty();
    let said = !conversation.unread.is_empty() || !conversation.warnings.is_empty();
    let empty_documents = conversation.documents.iter().all(|document| document.messages.is_empty());
    assert!(!nothing || said || (!conversation.documents.is_empty() && empty_documents), "nothing is lost in silence");
    conversation
}

fn inputs(family: &str, bytes: &[u8]) -> Vec<Input> {
    let input = |name: &str, bytes: Vec<u8>| Input { name: name.to_owned(), bytes, kind: None, format: None };
    match family {
        // A mail around the words, so that every byte is spent on them.
        "quotes" => {
            let head = b"From: Dana <dana@northwind.example>\nTo: marcus@acme.example\nSubject: Re: dates\n\
                Date: Mon, 2 Mar 2026 09:14:00 +0100\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n";
            let first = b"From: Marcus <marcus@acme.example>\nTo: dana@northwind.example\nSubject: dates\n\
                Date: Sun, 1 Mar 2026 09:14:00 +0100\n\nWhen do you want to go live, and with how many seats?\n";
            vec![input("first.eml", first.to_vec()), input("reply.eml", [head.as_slice(), bytes].concat())]
        }
        "mail" => vec![input("x.eml", bytes.to_vec())],
        "calls" => vec![input("x.vtt", bytes.to_vec())],
        "chat" => vec![input("general/2026-03-02.json", bytes.to_vec())],
        _ => vec![input("x", bytes.to_vec())],
    }
}
