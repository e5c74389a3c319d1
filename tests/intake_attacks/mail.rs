//! Mails that nest without end, have a million parts or headers, or lie about
//! their character set.

use super::{read_small_stack, told};

const HEAD: &str = "From: Al Roe <al@n.example>\nSubject: s\nDate: Mon, 2 Mar 2026 09:14:00 +0000\nMessage-ID: <a@n.example>\nMIME-Version: 1.0\n";

fn nested_parts(depth: usize) -> String {
    let mut mail = HEAD.to_owned();
    for level in 0..depth {
        mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    mail + "Content-Type: text/plain\n\nthe innermost words\n"
}

fn nested_mails(depth: usize) -> String {
    let mut mail = HEAD.to_owned();
    for _ in 0..depth {
        mail.push_str("Content-Type: message/rfc822\n\nFrom: Al Roe <al@n.example>\nSubject: s\n");
    }
    mail + "\nthe innermost words\n"
}

#[test]
fn nesting_is_cut_and_told() {
    for depth in [21, 101, 5_000, 200_000] {
        for mail in [nested_parts(depth), nested_mails(depth)] {
            let conversation = read_small_stack("x.eml", mail.into_bytes());
            assert!(told(&conversation, "more than 20 deep"), "{depth}: {:?}", conversation.unread);
            assert_eq!(conversation.unread.len(), 1, "{depth}");
        }
    }
}

#[test]
fn usual_nesting_is_read() {
    for mail in [nested_parts(20), nested_mails(19)] {
        let conversation = read_small_stack("x.eml", mail.into_bytes());
        assert!(conversation.messages.iter().any(|message| message.text.contains("innermost")));
        assert_eq!(conversation.unread, []);
    }
}

#[test]
fn a_million_parts_are_read_to_the_limit() {
    let mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nword\n".repeat(1_000_000));
    let conversation = read_small_stack("x.eml", mail.into_bytes());
    assert!(told(&conversation, "more than 1000 parts"), "{:?}", conversation.unread);
    assert!(conversation.messages[0].text.contains("word"));
}

#[test]
fn headers_are_read_to_the_limit() {
    let check = |extra: String, words: &str| {
        let conversation = read_small_stack("x.eml", format!("{HEAD}{extra}\nthe words\n").into_bytes());
        assert_eq!(conversation.messages.len(), 1, "{words}");
        let message = &conversation.messages[0];
        assert!(message.text.contains("the words") && message.at.is_some(), "{words}");
        assert!(told(&conversation, words), "{words}: {:?}", conversation.warnings);
    };
    check(format!("X-Long: {}\n", "a".repeat(10_000_000)), "longer than the limit");
    check(format!("X-Long: {}\n", "a\n ".repeat(3_000_000) + "b"), "longer than the limit");
    check("X-Many: a\n".repeat(100_000), "more than 1000 header lines");
    let parameters: String = (0..10_000).map(|number| format!("; name*{number}=\"part\"")).collect();
    check(format!("Content-Type: text/plain{parameters}\n"), "longer than the limit");
}

#[test]
fn boundaries_count_as_whole_lines() {
    let long = "b".repeat(2_000);
    let mail = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"{long}\"\n\n--{long}\n\none\n--{long}x\ntwo\n--{long}\n\nthree\n--{long}--\n"
    );
    let conversation = read_small_stack("x.eml", mail.into_bytes());
    let text = &conversation.messages[0].text;
    assert!(text.contains("one") && text.contains("two") && text.contains("three"), "{text}");

    let inner = "Content-Type: multipart/alternative; boundary=ab\n\n--ab\n\ninner\n--ab--\n";
    let mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=a\n\n--a\n{inner}--a\n\nouter\n--a--\n");
    let conversation = read_small_stack("x.eml", mail.into_bytes());
    assert_eq!(conversation.messages[0].text, "inner\n\nouter");
}

#[test]
fn character_sets_do_not_hide_words() {
    let seven = format!("{HEAD}Content-Type: text/plain; charset=utf-7\n\n+ADw-script+AD4- 40 seats\n");
    let conversation = read_small_stack("x.eml", seven.into_bytes());
    assert!(told(&conversation, "UTF-7") && conversation.messages[0].text.contains("+ADw-script"));

    let subject =
        "From: Al Roe <al@n.example>\nSubject: =?utf-7?Q?+ADw-b+AD4-?=\nDate: Mon, 2 Mar 2026 09:14:00 +0000\n\nhi\n";
    let conversation = read_small_stack("x.eml", subject.as_bytes().to_vec());
    assert_eq!(conversation.messages[0].subject.as_deref(), Some("+ADw-b+AD4-"));

    let mut mixed = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n\nOrléans\n--b\nContent-Type: text/plain; charset=iso-8859-1\n\nK").into_bytes();
    mixed.extend_from_slice(b"\xF6ln\n--b\nContent-Type: text/plain; charset=utf-16le\n\n");
    mixed.extend("Wien".encode_utf16().flat_map(u16::to_le_bytes));
    mixed.extend_from_slice(b"\n--b--\n");
    let conversation = read_small_stack("x.eml", mixed);
    assert_eq!(conversation.messages[0].text, "Orléans\n\nKöln\n\nWien");
}
