//! The whole way from files to a brief: what blocks, what must not matter, and
//! that every quote of every sample stands where it is said to stand.

mod samples;
#[allow(dead_code)]
#[path = "../claims/talk.rs"]
mod talk;
mod traps;

use baton::brief::{FieldState, GapKind, Verdict};
use baton::intake::Input;
use serde_json::json;

use talk::{chat, chat_inputs, field, fields, input, load, mail, read, run, run_with};

const ROUTE: &str = "
id: test-route
version: 1
title: Sales to onboarding
from: {team: sales}
to: {team: onboarding}
fields:
  - {key: go_live_date, type: date, required: true, cues: [go live]}
  - {key: contract_type, type: enum, values: [{id: standard}, {id: enterprise}], cues: [contract]}
  - {key: security_review, type: text, required_when: \"contract_type == 'enterprise'\", cues: [security review]}
";

const JULY: &str = "We go live on July 15, 2026.";

#[test]
fn an_attachment_that_was_not_read_blocks() {
    let mail = "From: Dana Whitfield <dana@northwind.example>\r\nTo: marcus@acme.example\r\nDate: 3 Mar 2026 09:00:00 +0000\r\n\
        Subject: Plan\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n\
        Content-Type: text/plain\r\n\r\nWe go live on July 15, 2026. The contract is standard.\r\n--b1\r\n\
        Content-Type: application/pdf; name=order.pdf\r\nContent-Disposition: attachment; filename=order.pdf\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQKJcOkw7zDtsOfCg==\r\n--b1--\r\n";
    let outcome = run(&load(ROUTE), read(vec![input("plan.eml", mail)]));
    let brief = &outcome.brief;
    let unread: Vec<_> = brief.gaps.iter().filter(|gap| gap.kind == GapKind::UnreadSource).collect();
    assert_eq!(unread.len(), 1, "{:?}", brief.gaps);
    assert!(unread[0].blocking && unread[0].field.is_none());
    assert!(unread[0].source.as_deref().is_some_and(|source| source.contains("order.pdf")), "{unread:?}");
    assert_ne!(brief.verdict, Verdict::Complete);
    assert!(baton::gate::judge(brief, &load(ROUTE), "2026-03-20T09:00:00Z".parse().unwrap()).is_err());
    // Without the file the same words are complete.
    let plain =
        run(&load(ROUTE), read(vec![talk::mail("plan.eml", "dana", 3, &format!("{JULY} The contract is standard."))]));
    assert_eq!(plain.brief.verdict, Verdict::Complete, "{:?}", plain.brief.gaps);
}

#[test]
fn a_file_that_is_no_text_blocks() {
    let pdf =
        Input { name: "order.pdf".into(), bytes: b"%PDF-1.4\n%\xc3\xa4\n1 0 obj".to_vec(), kind: None, format: None };
    let outcome =
        run(&load(ROUTE), read(vec![mail("one.eml", "dana", 3, &format!("{JULY} The contract is standard.")), pdf]));
    assert!(outcome.brief.gaps.iter().any(|gap| gap.kind == GapKind::UnreadSource && gap.blocking));
    assert_ne!(outcome.brief.verdict, Verdict::Complete);
}

#[test]
fn a_condition_that_is_unknown_blocks_on_both_sides() {
    let outcome = run(&load(ROUTE), chat(&[("dana", JULY)]));
    let blocking: Vec<&str> =
        outcome.brief.gaps.iter().filter(|gap| gap.blocking).filter_map(|gap| gap.field.as_deref()).collect();
    assert_eq!(blocking, ["contract_type", "security_review"], "the deciding field is asked first");
    assert_eq!(outcome.brief.verdict, Verdict::Incomplete);
    let known = |value: &str| run_with(&load(ROUTE), chat(&[("dana", JULY)]), &[("contract_type", value)]).brief;
    assert_eq!(known("standard").verdict, Verdict::Complete, "{:?}", known("standard").gaps);
    let enterprise = known("enterprise");
    let blocking: Vec<_> = enterprise.gaps.iter().filter(|gap| gap.blocking).map(|gap| gap.field.as_deref()).collect();
    assert_eq!(blocking, [Some("security_review")]);
    // A value that cannot be read decides nothing.
    assert_eq!(known("gold").verdict, Verdict::Incomplete);
    assert_eq!(known("TBD").verdict, Verdict::Incomplete);
}

fn lines() -> Vec<(&'static str, &'static str)> {
    vec![
        ("marcus", "When do you go live?"),
        ("dana", "We go live on July 15, 2026."),
        ("dana", "We need 120 users on the first day."),
        ("tom", "Billing is quarterly for us."),
        ("marcus", "Do you need SSO?"),
        ("dana", "Yes, please."),
        ("dana", "Our company name is Northwind Logistics."),
    ]
}

#[test]
fn an_irrelevant_message_changes_no_field() {
    let before = run(&fields(), chat(&lines()));
    let chatter = ["The weather is lovely today.", "Thanks a lot!", "Have a good weekend.", "Yes.", "No.", "ok", "👍"];
    for words in chatter {
        for who in ["dana", "priya"] {
            let mut more = lines();
            more.push((who, words));
            let after = run(&fields(), chat(&more));
            for (key, old) in &before.brief.fields.0 {
                let new = field(&after, key);
                assert_eq!((&old.state, &old.value), (&new.state, &new.value), "{key} after {words:?} by {who}");
            }
        }
    }
    assert_eq!(field(&before, "go_live_date").state, FieldState::Found);
    assert_eq!(field(&before, "user_count").value, json!(120));
    assert_eq!(field(&before, "sso").value, json!(true));
}

#[test]
fn an_offer_of_ours_changes_nothing_that_the_customer_must_say() {
    let mut more = lines();
    more.push(("marcus", "We could host your data so that your data stays in Frankfurt."));
    more.push(("marcus", "The premium plan would suit you."));
    more.push(("marcus", "The customer start is July 15, 2026, I would say."));
    let outcome = run(&fields(), chat(&more));
    for key in ["residency", "payment_plan", "customer_go_live"] {
        assert_ne!(field(&outcome, key).state, FieldState::Found, "{key}: {:?}", field(&outcome, key));
    }
}

#[test]
fn history_quoted_without_a_header_is_not_the_customers_word() {
    let body = "Hi Marcus,\n\n> The customer start is July 15, 2026.\n\nI have to ask my boss about this.\n\nDana";
    let given =
        vec![mail("one.eml", "marcus", 2, "The customer start is July 15, 2026."), mail("two.eml", "dana", 3, body)];
    let alone = vec![mail("two.eml", "dana", 3, body)];
    for inputs in [given, alone] {
        let outcome = run(&fields(), read(inputs));
        let got = field(&outcome, "customer_go_live");
        assert_ne!(got.state, FieldState::Found, "{got:?}");
    }
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let inputs = || {
        let mut all = chat_inputs(&lines());
        all.push(mail("one.eml", "dana", 1, "We go live on June 1, 2026."));
        all.push(mail("two.eml", "tom", 9, "The contract value is $86,400."));
        all.push(input(
            "call.txt",
            "Marcus Lee: How many sites do you have?\nDana Whitfield: We have 14 sites.\nMarcus Lee: Fine.\n",
        ));
        all
    };
    let first = run(&fields(), read(inputs()));
    assert_eq!(field(&first, "go_live_date").value, json!("2026-07-15"));
    for turn in 1..5 {
        let mut turned = inputs();
        turned.rotate_left(turn);
        samples::check_same_fields(&first.brief, &run(&fields(), read(turned)).brief, &format!("rotated by {turn}"));
    }
    let mut reversed = inputs();
    reversed.reverse();
    samples::check_same_fields(&first.brief, &run(&fields(), read(reversed)).brief, "reversed");
}

#[test]
fn the_same_file_twice_counts_once() {
    let once = run(&fields(), read(vec![mail("one.eml", "dana", 3, JULY)]));
    let twice = run(
        &fields(),
        read(vec![mail("one.eml", "dana", 3, JULY), {
            let mut copy = mail("one.eml", "dana", 3, JULY);
            copy.name = "copy.eml".into();
            copy
        }]),
    );
    samples::check_same_fields(&once.brief, &twice.brief, "the same file twice");
    assert_eq!(field(&twice, "go_live_date").evidence.len(), 1);
}

#[test]
fn candidates_keep_their_ids_when_context_is_added() {
    let conflict = || {
        let mut all = lines();
        all.push(("tom", "We go live on June 1, 2026."));
        all
    };
    let ids = |lines: &[(&str, &str)]| {
        let outcome = run(&fields(), chat(lines));
        let brief = field(&outcome, "go_live_date").clone();
        assert_eq!(brief.state, FieldState::Conflicting, "{brief:?}");
        let mut ids: Vec<String> = brief.candidates.into_iter().map(|candidate| candidate.id).collect();
        ids.sort();
        ids
    };
    let before = ids(&conflict());
    let mut more = conflict();
    more.push(("marcus", "Thanks to both of you."));
    assert_eq!(before.len(), 2);
    assert_eq!(before, ids(&more));
}
