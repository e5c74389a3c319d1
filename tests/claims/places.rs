//! Whose words they are: other messages, quoted history, signatures.

use baton::brief::Tier;
use baton::conversation::{SegmentKind, Side};
use baton::grounding::Standing;
use serde_json::json;

use crate::sheet::Sheet;
use crate::talk::{chat, claim, fields, ground, mail, read};

const LINE: &str = "The customer start is July 15, 2026.";
const DAY: (&str, &str, &str) = ("customer_go_live", "July 15, 2026", "2026-07-15");

#[test]
fn a_quote_from_another_message_gets_its_own_author_and_date() {
    let talk = read(vec![mail("one.eml", "marcus", 2, "Hello."), mail("two.eml", "dana", 3, LINE)]);
    let grounded = ground(&talk, &fields(), &[claim(DAY.0, &[(1, LINE)], DAY.1, DAY.2)]);
    let evidence = &grounded[0].evidence[0];
    assert_eq!((evidence.tier, evidence.message.0), (Tier::Relocated, 2));
    assert_eq!(evidence.author.as_deref(), Some("Dana Whitfield"));
    assert_eq!(evidence.at.unwrap().to_string(), "2026-03-03T09:00:00Z");
    assert_eq!((grounded[0].side, grounded[0].at), (Side::Theirs, evidence.at));
    assert_eq!(grounded[0].standing, Standing::Supported);
}

#[test]
fn a_quote_put_into_the_customers_mouth_stays_ours() {
    let talk = read(vec![mail("one.eml", "marcus", 2, LINE), mail("two.eml", "dana", 3, "Hello, all good here.")]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, DAY, &[(2, LINE)]);
    sheet.done();
}

#[test]
fn quoted_history_counts_under_its_first_author() {
    check_history("headed");
}

#[test]
fn quoted_history_without_a_header_counts_under_its_first_author() {
    check_history("bare");
}

fn check_history(name: &str) {
    let headed = format!("Thanks!\n\nOn Mon, 2 Mar 2026 at 09:00, Marcus Lee <marcus@acme.example> wrote:\n> {LINE}\n");
    let bare = format!("Thanks, I read this again:\n\n> {LINE}\n\nI will come back to you.\n");
    let body = if name == "headed" { headed } else { bare };
    let talk = read(vec![mail("one.eml", "marcus", 2, LINE), mail("two.eml", "dana", 3, &body)]);
    let quoted = talk.messages[1].segments.iter().find(|segment| segment.kind == SegmentKind::Quote);
    assert!(quoted.is_some(), "{name}: {:?}", talk.messages[1]);
    let grounded = ground(&talk, &fields(), &[claim(DAY.0, &[(2, LINE)], DAY.1, DAY.2)]);
    let one = grounded.first().unwrap_or_else(|| panic!("{name}: nothing"));
    assert_ne!(one.standing, Standing::Supported, "{name}: an offer of ours as the customer's word: {one:?}");
    assert_eq!(one.side, Side::Ours, "{name}: {one:?}");
    assert_eq!(one.evidence[0].author.as_deref(), Some("Marcus Lee"), "{name}");
    assert_eq!(one.at.map(|at| at.to_string()).as_deref(), Some("2026-03-02T09:00:00Z"), "{name}");
}

#[test]
fn quoted_words_of_nobody_known_are_nobodys_word() {
    // The mail that is quoted was not given: who wrote it is not known.
    let body = format!("Thanks, I read this again:\n\n> {LINE}\n\nI will come back to you.\n");
    let talk = read(vec![mail("two.eml", "dana", 3, &body)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, DAY, &[(1, LINE)]);
    sheet.falls(&talk, DAY, &[(1, "customer start is July 15, 2026")]);
    sheet.done();
}

#[test]
fn a_yes_in_quoted_history_is_its_first_authors() {
    let asked = "Is the customer start July 15, 2026?";
    let body = "See below.\n\nOn Mon, 2 Mar 2026 at 09:00, Marcus Lee <marcus@acme.example> wrote:\n> Yes, exactly.\n";
    let talk = read(vec![mail("one.eml", "priya", 1, asked), mail("two.eml", "dana", 3, body)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, DAY, &[(1, asked), (2, "Yes, exactly.")]);
    sheet.done();
}

#[test]
fn a_repeated_line_is_dated_when_it_was_first_said() {
    let again = format!(
        "Dear all,\n\nnews below.\n\nOn Mon, 2 Mar 2026 at 09:00, Dana Whitfield <dana@northwind.example> wrote:\n> {LINE}\n"
    );
    let talk = read(vec![mail("one.eml", "dana", 2, LINE), mail("two.eml", "dana", 9, &again)]);
    let grounded = ground(&talk, &fields(), &[claim(DAY.0, &[(2, LINE)], DAY.1, DAY.2)]);
    assert_eq!(grounded[0].at.unwrap().to_string(), "2026-03-02T09:00:00Z", "{grounded:?}");
}

#[test]
fn quotes_do_not_run_over_a_border() {
    let body = "We want to go live on\n\nOn Mon, 2 Mar 2026 at 09:00, Marcus Lee <marcus@acme.example> wrote:\n> July 15, 2026 is the day.\n";
    let talk = read(vec![mail("one.eml", "dana", 3, body)]);
    let pair = chat(&[("dana", "We want to go live on"), ("marcus", "July 15, 2026 is the day.")]);
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    sheet.falls(&talk, value, &[(1, "We want to go live on July 15, 2026")]);
    sheet.falls(&pair, value, &[(1, "We want to go live on July 15, 2026")]);
    sheet.falls(&pair, value, &[(1, "We want to go live on\nJuly 15, 2026 is the day.")]);
    sheet.falls(&pair, value, &[(1, "We want to go live on ... July 15, 2026 is the day.")]);
    sheet.done();
}

#[test]
fn a_signature_tells_how_to_reach_its_owner_and_nothing_else() {
    let body = "We go live on July 15, 2026.\n\n-- \nDana Whitfield\nHead of Operations, Northwind Logistics\nPhone: +44 20 7946 0958\n\
                Visit us at the fair on May 4, 2026!\n";
    let talk = read(vec![mail("one.eml", "dana", 3, body)]);
    assert!(talk.messages[0].segments.iter().any(|segment| segment.kind == SegmentKind::Signature));
    let mut sheet = Sheet::default();
    sheet.stands(
        &talk,
        ("phone", "+44 20 7946 0958", "+442079460958"),
        &[(1, "Phone: +44 20 7946 0958")],
        json!("+442079460958"),
    );
    sheet.falls(
        &talk,
        ("go_live_date", "May 4, 2026", "2026-05-04"),
        &[(1, "We go live on July 15, 2026. Visit us at the fair on May 4, 2026!")],
    );
    sheet.done();
}

#[test]
fn an_advertisement_in_a_signature_fills_no_field() {
    let body = "We go live on July 15, 2026.\n\n-- \nDana Whitfield\nNorthwind Logistics\nVisit us at the fair on May 4, 2026!\n";
    let talk = read(vec![mail("one.eml", "dana", 3, body)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("go_live_date", "May 4, 2026", "2026-05-04"), &[(1, "Visit us at the fair on May 4, 2026!")]);
    sheet.done();
}
