//! Attacks by quoting: endless marks, addresses, lines, threads and depths.

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

fn read_body(body: &str) -> Conversation {
    let mail = format!("From: a@n.example\nDate: Tue, 3 Mar 2026 10:00:00 +0000\nSubject: s\n\n{body}");
    let input = Input { name: "x.eml".to_owned(), bytes: mail.into_bytes(), kind: None, format: None };
    read(vec![input], &Options::of(&["acme.example".to_owned()]))
}

fn check(name: &str, body: &str) {
    let conversation = read_body(body);
    let message = &conversation.messages[0];
    let mut covered = 0;
    for segment in &message.segments {
        let gap = message.text.get(covered..segment.start);
        assert!(gap.is_some_and(|gap| gap.trim().is_empty()), "{name}: something is in no segment");
        assert!(segment.start < segment.end, "{name}");
        covered = segment.end;
    }
    assert!(message.text[covered..].trim().is_empty(), "{name}: the end is in no segment");
}

#[test]
fn marks_addresses_and_lines_without_end() {
    check("marks", &format!("{} x", ">".repeat(1_000_000)));
    check("marks with blanks", &format!("{} x", "> ".repeat(500_000)));
    check("bars", &format!(">{} x", "|".repeat(1_000_000)));
    check("addresses", &"@".repeat(1_000_000));
    check("one line", &"word ".repeat(200_000));
    check("one line on … wrote:", &format!("On 2 Mar 2026 {} wrote:", "x ".repeat(400_000)));
    check("colons", &"a:\n".repeat(200_000));
    check("years", &"2026年1月1日".repeat(50_000));
}

#[test]
fn threads_of_many_lines_and_growing_depth() {
    check("thread", &"> On 2 Mar 2026 at 09:14, Al Roe <al@n.example> wrote:\n>> yes\n".repeat(25_000));
    check("openings", &"On 2 Mar 2026 we\n".repeat(50_000));
    check("verbs", &"2026 Al Roe wrote:\n".repeat(40_000));
    check("blocks", &"From: Al\nSent: 2 March 2026\nTo: x\n\n".repeat(15_000));
    check("labels", &"To: x\n".repeat(100_000));
    check("marks of forwards", &"---------- Forwarded message ---------\n".repeat(20_000));
    check("rules", &"________________________________\n".repeat(20_000));
    check("notices", &"This e-mail is confidential to the intended recipient\n".repeat(15_000));
    check("closings", &"Thanks,\n\n".repeat(50_000));
    let deepening: String = (0..1_000).map(|depth| format!("{} x\n", ">".repeat(depth))).collect();
    check("deepening", &deepening);
}
