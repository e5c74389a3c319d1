//! Inputs made to hurt: deep, endless, cut off, mutated. Reading must answer
//! in time, lose no file and keep every offset true.

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

const SAMPLES: [&str; 12] = [
    "01-first.eml",
    "02-reply.eml",
    "03-forward.eml",
    "box.mbox",
    "kickoff.vtt",
    "2026-02-25 sync.srt",
    "call.txt",
    "thread.json",
    "users.json",
    "deal.json",
    "note.md",
    "pasted.txt",
];

fn sample(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/samples/intake/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn given(name: &str, bytes: Vec<u8>) -> Input {
    Input { name: name.to_owned(), bytes, kind: None, format: None }
}

fn read_one(bytes: Vec<u8>) -> Conversation {
    read(vec![given("x", bytes)], &Options::of(&["acme.example".to_owned()]))
}

fn check(conversation: &Conversation, names: &[&str], context: &str) {
    for name in names {
        let read = conversation.documents.iter().any(|document| document.source == *name);
        let unread = conversation.unread.iter().any(|unread| unread.source == *name);
        assert!(read || unread || *name == "users.json", "{name} is lost: {context}");
    }
    for message in &conversation.messages {
        let mut covered = 0;
        for segment in &message.segments {
            assert!(covered <= segment.start && segment.start < segment.end, "{context}: {message:?}");
            let gap = message.text.get(covered..segment.start);
            assert!(gap.is_some_and(|gap| gap.trim().is_empty()), "{context}: {message:?}");
            assert!(message.text.get(segment.start..segment.end).is_some(), "{context}: {message:?}");
            covered = segment.end;
        }
        assert!(message.text[covered..].trim().is_empty(), "{context}: {message:?}");
    }
}

/// A small generator of our own, so that a failure is the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// Pieces that formats are made of, to land where they do not belong.
const PIECES: [&[u8]; 24] = [
    b"\n",
    b"\r\n\r\n",
    b">",
    b"> > ",
    b"-- \n",
    b"From ",
    b"From: ",
    b"\nSent: ",
    b"wrote:",
    b"On ",
    b"<",
    b">",
    b"<v ",
    b"-->",
    b"00:00:01.000 --> 9",
    b"&#",
    b"=?utf-8?Q?",
    b"--outer",
    b"\xF0\x9F",
    b"\xEF\xBB\xBF",
    b"\0",
    b"\"",
    b"[",
    "é日\u{3000}".as_bytes(),
];

fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(6) {
            0 => bytes.truncate(at),
            1 => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            2 if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            3 => {
                let end = (at + dice.below(80)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let end = (at + dice.below(200)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            _ => {
                bytes.drain(..at.min(bytes.len()) / 4);
            }
        }
    }
}

#[test]
fn mutated_inputs_never_panic_and_are_never_lost() {
    let mut dice = Dice(20_260_302);
    for round in 0..2_400 {
        let name = SAMPLES[round % SAMPLES.len()];
        let mut bytes = sample(name);
        mutate(&mut bytes, &mut dice);
        let other = SAMPLES[dice.below(SAMPLES.len())];
        let mut inputs = vec![given(name, bytes)];
        if other != name {
            inputs.push(given(other, sample(other)));
        }
        let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
        let conversation = read(inputs, &Options::of(&["acme.example".to_owned()]));
        check(&conversation, &names.iter().map(String::as_str).collect::<Vec<_>>(), &format!("round {round}"));
    }
}

#[test]
fn random_bytes_are_told_apart() {
    let mut dice = Dice(7);
    for round in 0..400 {
        let length = dice.below(300);
        let textual = round % 2 == 0;
        let bytes =
            (0..length).map(|_| if textual { b" \n:<>-[]{}\"0a@."[dice.below(15)] } else { dice.below(256) as u8 });
        check(&read_one(bytes.collect()), &["x"], &format!("round {round}"));
    }
}

#[test]
fn hostile_shapes_come_back() {
    let nested = |count: usize| {
        let mut mail = String::from("From: a@b.example\nSubject: s\nMIME-Version: 1.0\n");
        for depth in 0..count {
            mail.push_str(&format!("Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n"));
        }
        mail + "Content-Type: text/plain\n\nhello\n"
    };
    let attached = |count: usize| {
        let one = "Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: s\n";
        format!("From: a@b.example\nSubject: s\nMIME-Version: 1.0\n{}\n\nend", one.repeat(count))
    };
    let html = |body: String| format!("From: a@b.example\nSubject: s\nContent-Type: text/html\n\n{body}");
    let mail = |body: String| format!("From: a@b.example\nSubject: s\nMessage-ID: <x@y>\n\n{body}");
    let shapes: Vec<(&str, String)> = vec![
        ("multiparts", nested(5_000)),
        ("attached mails", attached(5_000)),
        ("divs", html("<div>".repeat(100_000))),
        ("blockquotes", html("<blockquote>a".repeat(50_000))),
        ("open tags", html("<a ".repeat(100_000))),
        ("quote marks", mail(">".repeat(500_000))),
        ("quote lines", mail("> a\n".repeat(100_000))),
        ("attributions", mail("On 2 Mar 2026, Al Roe wrote:\n> x\n".repeat(20_000))),
        ("header blocks", mail("From: Al\nSent: 2 March 2026\nTo: x\n\n".repeat(20_000))),
        ("froms", mail("From: Al\n".repeat(50_000))),
        ("closings", mail("Thanks,\n\n".repeat(50_000))),
        ("rules", mail("________________\n".repeat(50_000))),
        ("openings", mail("On and on\n".repeat(50_000))),
        ("cues", format!("WEBVTT\n\n{}", "00:01.000 --> 00:02.000\n<v A B>x\n\n".repeat(20_000))),
        ("tags", format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{}", "<v ".repeat(100_000))),
        ("mailbox", "From a@b Mon Mar  2 09:14:00 2026\nSubject: x\n\nhi\n\n".repeat(5_000)),
        ("turns", "Dana Roe: hi\nAl Roe: ho\n".repeat(30_000)),
        ("json", "[{".repeat(100_000)),
        ("long word", "a".repeat(2_000_000)),
    ];
    for (name, text) in shapes {
        // Work that grows with the square of the input would not come back here; how fast it is, benches tell.
        check(&read_one(text.into_bytes()), &["x"], name);
    }
}

#[test]
fn encoded_attached_mails_are_read_to_a_bound() {
    let mut inner = b"From: Al Roe <al@n.example>\nSubject: deep\n\nThe vault code is on file.".to_vec();
    for _ in 0..20 {
        let coded = base64(&inner);
        inner = format!(
            "From: a@b.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
             Content-Type: message/rfc822; name=\"in.eml\"\nContent-Transfer-Encoding: base64\n\n{coded}\n--b--\n"
        )
        .into_bytes();
    }
    let conversation = read_one(inner);
    assert!(
        conversation.unread.iter().any(|unread| unread.reason.contains("files deep")),
        "{:?} {:?}",
        conversation.warnings,
        conversation.messages.iter().map(|m| m.text.get(..80)).collect::<Vec<_>>()
    );
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let joined = chunk.iter().chain([0, 0].iter()).take(3).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        for place in 0..4 {
            let letter = LETTERS[(joined >> (18 - 6 * place)) as usize & 63] as char;
            out.push(if place > chunk.len() { '=' } else { letter });
        }
    }
    out
}

#[test]
fn long_runs_are_broken_and_nothing_is_dropped() {
    let word = "a".repeat(4096 * 2 + 100);
    let conversation = read_one(format!("Note of the day\n\n{word} end").into_bytes());
    let text = &conversation.messages[0].text;
    assert_eq!(text.replace('\n', ""), format!("Note of the day{word} end"));
    assert!(conversation.warnings.iter().any(|warning| warning.message.contains("2 breaks")));
}
