//! Calls made to hurt: endless lines, a million cues, a hundred thousand
//! speakers, nothing but tags, depth, and numbers that are none. Reading answers,
//! loses nothing in silence and never panics.

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

fn read_one(name: &str, bytes: impl Into<Vec<u8>>) -> Conversation {
    let input = Input { name: name.to_owned(), bytes: bytes.into(), kind: None, format: None };
    read(vec![input], &Options::of(&["acme.example".to_owned()]))
}

fn length(conversation: &Conversation) -> usize {
    conversation.messages.iter().map(|message| message.text.len()).sum()
}

/// Everything read or named as not read.
fn check_told(name: &str, text: &str) {
    let conversation = read_one(name, text);
    assert!(!conversation.messages.is_empty() || !conversation.unread.is_empty(), "{text}");
}

#[test]
fn one_endless_line_keeps_its_letters() {
    let line = "x".repeat(2_000_000);
    let conversation = read_one("a.vtt", format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{line}"));
    let letters = conversation.messages.iter().flat_map(|message| message.text.bytes()).filter(|byte| *byte == b'x');
    assert_eq!(letters.count(), 2_000_000);
    let marks = "<".repeat(500_000);
    let conversation = read_one("a.vtt", format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{marks}"));
    let kept = conversation.messages.iter().flat_map(|message| message.text.bytes()).filter(|byte| *byte == b'<');
    assert_eq!(kept.count(), 500_000);
}

#[test]
fn many_cues_and_speakers_are_read_or_told() {
    let mut text = "WEBVTT\n\n".to_owned();
    for number in 0..100_000 {
        text.push_str(&format!("00:00:01.000 --> 00:00:02.000\n<v Speaker {number}>w\n\n"));
    }
    let conversation = read_one("a.vtt", text);
    assert!(conversation.messages.len() == 100_000 || !conversation.unread.is_empty());
    let cues = "00:00:01.000 --> 00:00:02.000\n<v Al Roe>w\n\n".repeat(200_000);
    let conversation = read_one("a.vtt", format!("WEBVTT\n\n{cues}"));
    assert_eq!((conversation.messages.len(), length(&conversation)), (1, 399_999));
}

#[test]
fn captions_of_tags_alone_hold_no_words() {
    let conversation = read_one("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b><v Al></v><i>\n");
    assert_eq!((conversation.messages.len(), conversation.unread.len()), (0, 1));
}

#[test]
fn deep_and_damaged_json_is_told() {
    let deep = "[".repeat(10_000);
    check_told("a.json", &format!("{{\"callTranscripts\":{deep}"));
    check_told("a.json", &format!("{{\"callTranscripts\":{deep}{}}}", "]".repeat(10_000)));
    check_told("a.json", "{\"segments\":[{\"start\":1e999,\"end\":2,\"text\":\"hi\"}]}");
    check_told("a.json", "{\"segments\":[{\"start\":NaN,\"end\":2,\"text\":\"hi\"}]}");
    check_told("a.json", "{\"segments\":[{\"start\":1,\"start\":2,\"end\":2,\"text\":\"hi\"}]}");
    check_told("a.json", "{\"segments\":[{\"start\":1,\"end\":2,\"text\":null}]}");
    check_told("a.json", "{\"callTranscripts\":null}");
    check_told("a.json", "{\"callTranscripts\":[]}");
    check_told("a.json", "{\"callTranscripts\":[{\"transcript\":[{}]}]}");
    check_told("a.json", "[[[[[[[[{\"callTranscripts\":[]}]]]]]]]]");
}

#[test]
fn times_that_are_none_do_not_move_words() {
    let text = "{\"segments\":[{\"start\":-5,\"end\":\"x\",\"text\":\"one\"},{\"start\":{},\"end\":[],\"text\":\"two\"},{\"start\":1e300,\"end\":0,\"text\":\"three\"}]}";
    let conversation = read_one("2026-02-24.json", text);
    let words: Vec<&str> = conversation.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(words.join(" "), "one two three");
}

#[test]
fn a_record_or_list_is_not_taken_for_a_call() {
    let conversation =
        read_one("deal.json", "{\"segments\":[\"smb\"],\"text\":\"a\",\"amount\":\"40000\",\"stage\":\"won\"}");
    assert_eq!(conversation.documents[0].format, "json");
}
