//! How many bytes of each format are read in a second, from raw bytes to the
//! conversation, and whether that stays so as files grow; and how long the
//! attacks on the mail reader last.

use baton::intake::{Input, Options, read};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

const MIB: usize = 1024 * 1024;

const SENTENCES: [&str; 8] = [
    "We want to go live on June 1 with forty seats in Oslo and Bergen.",
    "The warehouse team needs the mobile app before the end of May.",
    "Billing is yearly, and the invoice goes to our finance team.",
    "Single sign-on is a must for us, everything else can wait.",
    "Could you send the data processing agreement by Friday?",
    "Ife will be the contact for the technical part of the rollout.",
    "The old system is switched off on July 15, so there is no slack.",
    "Thanks for the call today, it answered most of our questions.",
];

/// A mail of about four kilobytes, plain or as a page with its plain text.
fn mail(number: usize, html: bool) -> String {
    let mut words = String::from("Hi Marcus,\n\n");
    let most = if html { 1_500 } else { 3_500 };
    let mut next = number;
    while words.len() < most {
        words.push_str(SENTENCES[next % SENTENCES.len()]);
        words.push_str(if next.is_multiple_of(3) { "\n\n" } else { "\n" });
        next = next.wrapping_mul(31).wrapping_add(7) % 10_007;
    }
    words.push_str(&format!("\nThis is mail {number}.\n\nBest regards,\nDana Whitfield\n"));
    let (minute, hour, day) = (number % 60, number / 60 % 24, number / 1_440 % 28 + 1);
    let head = format!(
        "From: Dana Whitfield <dana.whitfield@northwind.example>\nTo: Marcus Lee <marcus.lee@acme.example>\nSubject: Rollout {number}\n\
         Date: Mon, {day} Mar 2026 {hour:02}:{minute:02}:00 +0100\nMessage-ID: <{number}@northwind.example>\nMIME-Version: 1.0\n"
    );
    if !html {
        return format!("{head}Content-Type: text/plain; charset=utf-8\n\n{words}");
    }
    let page = words.replace("\n\n", "</p>\n<p>").replace('\n', "<br>\n");
    format!(
        "{head}Content-Type: multipart/alternative; boundary=b{number}\n\n--b{number}\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\
         --b{number}\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>{page}</p></body></html>\n--b{number}--\n"
    )
}

fn mailbox(bytes: usize, html: bool) -> Vec<u8> {
    let mut out = String::with_capacity(bytes + 8_192);
    let mut number = 0;
    while out.len() < bytes {
        out.push_str("From dana.whitfield@northwind.example Mon Mar  2 09:14:00 2026\n");
        out.push_str(&mail(number, html));
        out.push_str("\n\n");
        number += 1;
    }
    out.into_bytes()
}

fn bench_read(bencher: Bencher<'_, '_>, name: &str, bytes: Vec<u8>) {
    let ours = ["acme.example".to_owned()];
    bencher
        .counter(BytesCount::new(bytes.len()))
        .with_inputs(|| vec![Input { name: name.to_owned(), bytes: bytes.clone(), kind: None, format: None }])
        .bench_values(|inputs| read(inputs, &Options::of(&ours)));
}

#[divan::bench(args = [1, 10, 100], sample_count = 3, sample_size = 1)]
fn mbox_of_text_mails(bencher: Bencher<'_, '_>, mebibytes: usize) {
    bench_read(bencher, "a.mbox", mailbox(mebibytes * MIB, false));
}

#[divan::bench(args = [1, 10, 100], sample_count = 3, sample_size = 1)]
fn mbox_of_html_mails(bencher: Bencher<'_, '_>, mebibytes: usize) {
    bench_read(bencher, "a.mbox", mailbox(mebibytes * MIB, true));
}

const ATTACK_HEAD: &str = "From: Al Roe <al@n.example>\nSubject: s\nMIME-Version: 1.0\n";

#[divan::bench(args = [21, 101, 5_000, 200_000], sample_count = 5, sample_size = 1)]
fn attack_nested_parts(bencher: Bencher<'_, '_>, depth: usize) {
    let level = |level| format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
    let nested: String = (0..depth).map(level).collect();
    bench_read(bencher, "a.eml", format!("{ATTACK_HEAD}{nested}\n\nend\n").into_bytes());
}

#[divan::bench(args = [21, 101, 5_000, 200_000], sample_count = 5, sample_size = 1)]
fn attack_nested_mails(bencher: Bencher<'_, '_>, depth: usize) {
    let nested = "Content-Type: message/rfc822\n\nFrom: Al Roe <al@n.example>\n".repeat(depth);
    bench_read(bencher, "a.eml", format!("{ATTACK_HEAD}{nested}\n\nend\n").into_bytes());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn attack_million_parts(bencher: Bencher<'_, '_>) {
    let parts = "--b\n\nword\n".repeat(1_000_000);
    let mail = format!("{ATTACK_HEAD}Content-Type: multipart/mixed; boundary=b\n\n{parts}");
    bench_read(bencher, "a.eml", mail.into_bytes());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn attack_long_header(bencher: Bencher<'_, '_>) {
    bench_read(bencher, "a.eml", format!("{ATTACK_HEAD}X-Long: {}\n\nhi\n", "a\n ".repeat(3_333_333)).into_bytes());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn attack_many_headers(bencher: Bencher<'_, '_>) {
    bench_read(bencher, "a.eml", format!("{ATTACK_HEAD}{}\nhi\n", "X-Many: a\n".repeat(100_000)).into_bytes());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn attack_many_parameters(bencher: Bencher<'_, '_>) {
    let parameters: String = (0..10_000).map(|number| format!("; name*{number}=\"part\"")).collect();
    bench_read(bencher, "a.eml", format!("{ATTACK_HEAD}Content-Type: text/plain{parameters}\n\nhi\n").into_bytes());
}

mod calls {
    //! Captions of about the size and rhythm of real ones.

    use std::fmt::Write as _;

    use baton::intake::{Input, Options, read};
    use divan::Bencher;
    use divan::counter::BytesCount;

    const MEGABYTES: [usize; 2] = [1, 10];

    fn captions(bytes: usize) -> String {
        let mut text = "WEBVTT\n\n".to_owned();
        let mut cue = 0usize;
        while text.len() < bytes {
            let (minute, second) = (cue / 15 % 60, cue % 15 * 4);
            let speaker = if (cue / 3).is_multiple_of(2) { "Dana Whitfield" } else { "Marcus Lee" };
            let hour = cue / 900;
            let _ = writeln!(
                text,
                "{hour:02}:{minute:02}:{second:02}.000 --> {hour:02}:{minute:02}:{:02}.500\n<v {speaker}>We would like to start with forty seats in the first week.</v>\n",
                second + 3
            );
            cue += 1;
        }
        text
    }

    #[divan::bench(args = MEGABYTES, sample_count = 10)]
    fn webvtt(bencher: Bencher<'_, '_>, megabytes: usize) {
        let text = captions(megabytes * 1_000_000);
        let ours = ["acme.example".to_owned()];
        bencher
            .counter(BytesCount::of_str(&text))
            .with_inputs(|| {
                vec![Input {
                    name: "2026-02-24.vtt".to_owned(),
                    bytes: text.clone().into_bytes(),
                    kind: None,
                    format: None,
                }]
            })
            .bench_values(|inputs| read(inputs, &Options::of(&ours)));
    }
}
