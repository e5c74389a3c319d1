//! Chats made to hurt: confusing JSON, many messages, endless mentions, and
//! archives that grow or climb.

use baton::conversation::Conversation;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{read_all, read_one};

const USERS: &str =
    r#"[{"id":"U1","profile":{"real_name":"Dana Whitfield","email":"dana.whitfield@northwind.example"}}]"#;

fn warned(conversation: &Conversation, words: &str) -> bool {
    conversation.warnings.iter().any(|warning| warning.message.contains(words))
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn messages(count: usize, thread: impl Fn(usize) -> usize) -> String {
    let one = |at: usize| {
        let words = "we go live on June 1 with forty seats in two towns";
        format!(
            r#"{{"type":"message","user":"U1","ts":"{at}.000100","thread_ts":"{}.000100","text":"{at} {words} <@U1>"}}"#,
            thread(at)
        )
    };
    format!("[{}]", (1..=count).map(one).collect::<Vec<_>>().join(","))
}

#[test]
fn confusing_json_is_read_or_named() {
    let conversation = read_one("a.json", r#"[{"ts":"1.0","user":"U1","text":"yes \ud83d no"}]"#);
    assert_eq!(conversation.messages[0].text, "yes \u{fffd} no");
    assert!(warned(&conversation, "halves of characters"));

    let conversation = read_one("a.json", r#"[{"ts":"1.0","text":"June 1","text":"July 1"}]"#);
    assert_eq!(conversation.messages[0].text, "July 1");
    assert!(warned(&conversation, "1 key stands twice"));

    for text in [r#"[{"ts":1e999,"text":"a"}]"#, r#"[{"ts":"1.0","text":"a"}"#, r#"[{"ts":"1.0","text":"\u12"}]"#] {
        let conversation = read_one("a.json", text);
        assert_eq!((conversation.messages.len(), conversation.unread.len()), (0, 1), "{text}");
    }
    for stamp in ["\"1e9\"", "\"-1.0\"", "\"99999999999999999999.0\"", "\"é.é\"", "1e300", "[]", "{}", "null"] {
        let conversation = read_one("a.json", format!(r#"[{{"ts":"1.0","text":"a"}},{{"ts":{stamp},"text":"b"}}]"#));
        assert!(conversation.messages.iter().any(|message| message.text == "a"), "{stamp}");
        assert!(conversation.messages.len() == 2 || warned(&conversation, "no message"), "{stamp}");
    }
    let deep = format!(r#"[{{"ts":"1.0","text":"a","blocks":{}1{}}}]"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read_one("a.json", deep).unread.len(), 1);
}

#[test]
fn many_messages_and_threads_are_all_read() {
    for thread in [|_: usize| 1, |at: usize| at / 5 + 1, |at: usize| at] {
        let text = messages(50_000, thread);
        let conversation = read_all(vec![("users.json", USERS.into()), ("day.json", text.into_bytes())]);
        assert_eq!(conversation.messages.len(), 50_000);
    }
}

#[test]
fn mentions_and_brackets_are_all_read() {
    for piece in ["<@U1>", "<", "<@", "&lt;", "<!date^", "<@<@U1>>", "|", "<http://x|"] {
        let text = serde_json::json!([{"ts": "1.0", "user": "U1", "text": piece.repeat(200_000)}]).to_string();
        let conversation = read_all(vec![("users.json", USERS.into()), ("day.json", text.into_bytes())]);
        assert_eq!(conversation.messages.len(), 1, "{piece}");
    }
    // People whose names mention each other are names, no further mentions.
    let users = r#"[{"id":"U1","profile":{"real_name":"<@U2>"}},{"id":"U2","profile":{"real_name":"<@U1>"}}]"#;
    let conversation =
        read_all(vec![("users.json", users.into()), ("day.json", br#"[{"ts":"1.0","text":"<@U1>"}]"#.to_vec())]);
    assert_eq!(conversation.messages[0].text, "@<@U2>");
}

#[test]
fn archives_neither_grow_nor_climb() {
    let day = messages(2, |_| 1);
    let climbing = archive(&[
        ("users.json", USERS.as_bytes()),
        ("../../../escape/2026-03-02.json", day.as_bytes()),
        ("/etc/2026-03-02.json", day.as_bytes()),
        ("general/2026-03-02.json", b"[{]"),
    ]);
    let conversation = read_one("export.zip", climbing);
    assert_eq!(conversation.messages.len(), 2, "the second copy counts once");
    assert!(conversation.documents.iter().all(|document| !document.source.contains("..")));
    assert_eq!(conversation.unread.len(), 1, "{:?}", conversation.unread);

    let mut zeros = vec![b' '; 130 * 1024 * 1024];
    zeros[0] = b'[';
    let bombs =
        archive(&[("users.json", USERS.as_bytes()), ("a/2026-03-02.json", &zeros), ("b/2026-03-02.json", &zeros)]);
    drop(zeros);
    let conversation = read_one("export.zip", bombs);
    assert!(conversation.messages.is_empty() && conversation.unread.len() == 2, "{:?}", conversation.unread);

    let cut = archive(&[("users.json", USERS.as_bytes()), ("a/2026-03-02.json", day.as_bytes())]);
    for end in (0..cut.len()).step_by(7) {
        let conversation = read_one("export.zip", &cut[..end]);
        assert!(!conversation.unread.is_empty() || !conversation.documents.is_empty(), "{end}");
    }
}

#[test]
fn logs_and_exports_take_linear_time() {
    let lines = [
        "02/03/2026, 09:14 - Dana: hi\n",
        "[02.03.26, 09:14:05] Dana: \u{200e}image omitted\n",
        "02/03/2026, 09:14 - Dana: hi\n\n\n\n\n",
        "09:14 <dana> hi\n",
        "2026-03-02 09:14:05\tdana\thi\n",
        "--- Log opened Mon Mar 02 09:00:12 2026\n09:14 <dana> hi\nmore\n",
    ];
    for line in lines {
        let conversation = read_one("log.txt", line.repeat(40_000));
        assert!(conversation.documents[0].format == "whatsapp" || conversation.documents[0].format == "irc", "{line}");
    }
    let one = format!("02/03/2026, 09:14 - Dana: hi\n02/03/2026, 09:15 - Dana: {}", "x".repeat(10 * 1024 * 1024));
    assert_eq!(read_one("log.txt", one).messages.len(), 2);
}
