//! Fields said in other words than the route's, in other languages, by people
//! who mean themselves or somebody else: what is meant stands, and what only
//! sounds like it does not.

use serde_json::{Value as Json, json};

use crate::talk::{chat, claim, ground, input, load, read};
use baton::grounding::Standing;
use baton::value::to_json;

const FIELDS: &str = "
id: other-words
version: 1
title: Other words
from: {team: a}
to: {team: b}
fields:
  - {key: company_name, label: Company, type: text, cues: [we are]}
  - {key: contact_role, type: text, cues: [I run, I lead]}
  - {key: main_contact, label: Main contact, description: The person at the customer., type: person, cues: [day to day, run the project, running the project]}
  - {key: users, label: Users, question: How many people need a login?, type: number, cues: [logins]}
  - {key: users_affected, label: People affected, type: number, cues: [people can't]}
  - {key: go_live_date, type: date, cues: [go live]}
  - {key: fee, type: money, cues: [first year, a year]}
  - {key: partial_shipment, label: Partial shipment allowed, type: bool, said_by: theirs, cues: [split the order, all in one go]}
  - {key: hazardous, label: Dangerous goods, type: bool, cues: [hazmat]}
  - {key: access, label: Access granted, question: May support log in?, type: bool, cues: [log in to your account]}
  - {key: request_type, label: What they asked for, type: enum, cues: [asked for], values: [{id: demo, aliases: [walk us through]}, {id: pricing, aliases: [quote]}]}
  - {key: shipping_method, type: enum, cues: [ships by], values: [{id: air, aliases: [by plane]}, {id: freight, aliases: [by truck]}]}
  - {key: data_residency, type: enum, cues: [data stays], values: [{id: us, aliases: [US, USA]}, {id: eu, aliases: [EU]}]}
  - {key: identity_provider, type: enum, cues: [SSO], values: [{id: entra_id, aliases: [Entra ID, Entra]}]}
  - {key: un_number, type: text, cues: [UN number]}
  - {key: need, type: long_text, specific: true, description: 'The problem. \"Looking to optimise our processes\" does not count.', cues: [problem]}
  - {key: success, label: Success, type: long_text, cues: [success]}
  - {key: support_plan, type: enum, cues: [plan], values: [{id: premium, aliases: [premium plan]}]}
  - {key: error_message, type: text, cues: [error]}
";

/// Messages of a chat, then the claim: field, words of the value, value, message and quote; and what stands.
type Row<'a> = (&'a [(&'a str, &'a str)], (&'a str, &'a str, &'a str), (u32, &'a str), Option<Json>);

fn check_all(rows: &[Row]) {
    let route = load(FIELDS);
    let mut failures = Vec::new();
    for (lines, (field, raw, value), cited, expected) in rows {
        let grounded = ground(&chat(lines), &route, &[claim(field, &[*cited], raw, value)]);
        let stands = grounded.iter().find(|one| one.standing == Standing::Supported).map(|one| to_json(&one.value));
        if stands != *expected {
            let standing: Vec<_> = grounded.iter().map(|one| (&one.standing, to_json(&one.value))).collect();
            failures.push(format!("{field} = {value} by {cited:?}: expected {expected:?}, got {standing:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// One line by Dana of the customer, quoted whole.
fn line<'a>(text: &'a str, (field, raw, value): (&'a str, &'a str, &'a str), expected: Option<Json>) -> OwnedRow<'a> {
    OwnedRow { lines: vec![("dana", text)], claim: (field, raw, value), cited: (1, text), expected }
}

struct OwnedRow<'a> {
    lines: Vec<(&'a str, &'a str)>,
    claim: (&'a str, &'a str, &'a str),
    cited: (u32, &'a str),
    expected: Option<Json>,
}

fn check(rows: &[OwnedRow]) {
    let rows: Vec<Row> =
        rows.iter().map(|row| (row.lines.as_slice(), row.claim, row.cited, row.expected.clone())).collect();
    check_all(&rows);
}

#[test]
fn flags_are_read_in_other_words_and_by_their_opposites() {
    let yes = || Some(json!(true));
    let no = || Some(json!(false));
    let partial = |value| ("partial_shipment", "", value);
    check(&[
        line("two deliveries are okay with us.", partial("true"), yes()),
        line("two deliveries are okay with us.", partial("false"), None),
        line("Send it all in one go please.", partial("false"), no()),
        line("Send it all in one go please.", partial("true"), None),
        line("Don't send it all in one go.", partial("false"), None),
        line("Lo queremos todo junto, en una sola entrega.", partial("false"), no()),
        line("Keine Teillieferung bitte.", partial("false"), no()),
        line("Keine Teillieferung bitte.", partial("true"), None),
        line("Is it fine if you send it all in one go?", partial("false"), None),
        line("If the truck is late we split the order.", partial("true"), None),
        line("If the poles are late send the lanterns first, two deliveries are okay.", partial("true"), yes()),
        line("Part deliveries are no bother to us.", partial("true"), yes()),
        line("Part deliveries are no bother to us.", partial("false"), None),
        line("no hay nada de mercancía peligrosa", ("hazardous", "", "false"), no()),
        line("no hay nada de mercancía peligrosa", ("hazardous", "", "true"), None),
        line("Gefahrgut ist keines dabei.", ("hazardous", "", "false"), no()),
        line("Gefahrgut ist dabei.", ("hazardous", "", "false"), None),
        line("Yes, they may log in to our account.", ("access", "", "true"), yes()),
        line("They may not log in to our account.", ("access", "", "true"), None),
        line("They might log in to our account.", ("access", "", "true"), None),
    ]);
}

#[test]
fn choices_are_read_in_other_words() {
    let is = |id: &str| Some(json!(id));
    check(&[
        line("Va en camión, como siempre.", ("shipping_method", "", "freight"), is("freight")),
        line("Va en camión, como siempre.", ("shipping_method", "", "air"), None),
        line("No va en camión.", ("shipping_method", "", "freight"), None),
        line("I've put it on the plane.", ("shipping_method", "", "air"), is("air")),
        line("Could you walk us through the board?", ("request_type", "walk us through", "demo"), is("demo")),
        line("Pourriez-vous m'envoyer un devis ?", ("request_type", "", "pricing"), is("pricing")),
        line("Did you send us a quote?", ("request_type", "quote", "pricing"), None),
        line("The sheet had it in US dollars.", ("data_residency", "US", "us"), None),
        line("El dinero entra por campañas.", ("identity_provider", "entra", "entra_id"), None),
        line("We use Entra for SSO.", ("identity_provider", "Entra", "entra_id"), is("entra_id")),
        line("They are on the premium plan since last year.", ("support_plan", "", "premium"), is("premium")),
        line("They were on the premium plan last year.", ("support_plan", "", "premium"), None),
    ]);
}

#[test]
fn speakers_take_parts_and_companies_are_known_by_their_addresses() {
    let dana = || Some(json!("Dana Whitfield"));
    let who = |value| ("main_contact", "", value);
    check(&[
        line("I'm running the project on our side.", who("Dana Whitfield"), dana()),
        line("Das Projekt leite ich selbst.", who("Dana Whitfield"), dana()),
        line("I'm running the project on our side.", who("Tom Reed"), None),
        line("I'm not running the project.", who("Dana Whitfield"), None),
        line("If I get the time I'll be running the project.", who("Dana Whitfield"), None),
        line("I asked who is running the project.", who("Dana Whitfield"), None),
        line("I'm your day to day person, Tom signs the cheques.", ("main_contact", "Tom", "Tom"), None),
        line("I run operations at Northwind.", ("company_name", "Northwind", "Northwind"), Some(json!("Northwind"))),
        line("I run Northwind.", ("contact_role", "Northwind", "Northwind"), None),
    ]);
    // One of ours does not run the customer's project.
    let ours = [("dana", "Who runs it?"), ("marcus", "I'm running the project.")];
    check_all(&[(&ours, who("Marcus Lee"), (2, "I'm running the project."), None)]);
}

#[test]
fn doubts_that_are_none_are_told_from_those_that_are() {
    let day = || Some(json!("2026-07-01"));
    let words = |text: &str| Some(json!(text));
    check(&[
        line("34 people can't work.", ("users_affected", "34", "34"), Some(json!(34))),
        line("It is not true that 34 people can't work.", ("users_affected", "34", "34"), None),
        line("12 people don't need logins.", ("users", "12", "12"), None),
        line("Eleven of us would use it.", ("users", "Eleven", "11"), Some(json!(11))),
        line("Eleven calls are too many.", ("users", "Eleven", "11"), None),
        line("We go live on July 1, 2026, don't laugh.", ("go_live_date", "July 1, 2026", "2026-07-01"), day()),
        line("We go live on July 1, 2026 and not on June 1.", ("go_live_date", "July 1, 2026", "2026-07-01"), day()),
        line("We go live not on July 1, 2026 and not on June 1.", ("go_live_date", "July 1, 2026", "2026-07-01"), None),
        line(
            "We go live on July 1, 2026 if that helps you decide.",
            ("go_live_date", "July 1, 2026", "2026-07-01"),
            None,
        ),
        line("So we pay USD 4,200 a year, right?", ("fee", "USD 4,200", "4200 USD"), None),
        line("We pay C$4,200 a year.", ("fee", "4,200", "4200 USD"), None),
        line(
            "The screen says LOCK-409 held.",
            ("error_message", "LOCK-409 held", "LOCK-409 held"),
            words("LOCK-409 held"),
        ),
        line("Bob says LOCK-409 held.", ("error_message", "LOCK-409 held", "LOCK-409 held"), None),
        line(
            "We'll call it a success if waste drops to 4%.",
            ("success", "waste drops to 4%", ""),
            words("waste drops to 4%"),
        ),
        line("It runs from May if waste drops to 4%.", ("success", "waste drops to 4%", ""), None),
        line("We're looking to optimise our processes a bit.", ("need", "", "looking to optimise our processes"), None),
        line("Our neighbours, they've got 11 logins.", ("users", "11", "11"), None),
        line("The UN number is on the sheet.", ("un_number", "on the sheet", "on the sheet"), None),
    ]);
}

/// Two customers write of an order each: the one whose people write most is this handoff's.
#[test]
fn another_customers_own_mail_fills_nothing() {
    let mail = |name: &str, from: &str, subject: &str, body: &str| {
        let text = format!(
            "From: {from}\r\nTo: desk@acme.example\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\nSubject: {subject}\r\n\
             Message-ID: <{name}@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
        );
        input(name, &text)
    };
    let dana = "Dana Whitfield <dana@northwind.example>";
    let talk = read(vec![
        mail("a.eml", dana, "AC-58820", "We go live on July 1, 2026."),
        mail("b.eml", dana, "AC-58820", "It is 12 logins for us."),
        mail("c.eml", "Anto Ryan <anto@tolka.example>", "AC-58831", "Part deliveries are no bother to us."),
    ]);
    let route = load(FIELDS);
    let stands = |field, value, message, quote| {
        let grounded = ground(&talk, &route, &[claim(field, &[(message, quote)], "", value)]);
        grounded.iter().any(|one| one.standing == Standing::Supported)
    };
    assert!(stands("go_live_date", "2026-07-01", 1, "We go live on July 1, 2026."));
    assert!(stands("users", "12", 2, "It is 12 logins for us."));
    assert!(!stands("partial_shipment", "true", 3, "Part deliveries are no bother to us."));
}
