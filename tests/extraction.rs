//! The reader without a model, one sentence or exchange at a time: what it
//! fills, what it leaves open, and with which words. Every case runs the whole
//! pipeline, so that what is asserted is what a person would see.

use baton::brief::{Brief, FieldState};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route;
use serde_json::{Value as Json, json};

const ROUTE: &str = r#"
id: sample
fields:
  - {key: go_live, type: date, specific: true, label: Go-live date, cues: [go live, launch, live by]}
  - {key: kickoff, type: date, label: Kick-off, cues: [kick-off, kickoff]}
  - {key: price, type: money, label: Price, cues: [price, per year, comes to]}
  - {key: seats, type: number, specific: true, label: Seats, cues: [seats, users, logins]}
  - {key: term, type: duration, label: Contract term, cues: [term, contract runs]}
  - {key: lead, type: person, specific: true, label: Project lead, cues: [project lead, main contact, point of contact]}
  - {key: sponsor, type: person, specific: true, label: Sponsor, cues: [sponsor]}
  - {key: billing, type: enum, label: Billing cycle, cues: [billing, bill us, invoice], values: [{id: monthly}, {id: quarterly}, {id: yearly, aliases: [annual, annually]}]}
  - {key: sso, type: bool, label: Single sign-on, cues: [SSO, single sign-on]}
  - {key: systems, type: text, list: true, specific: true, label: Systems to connect, cues: [integrate with, connect to, integrations, connector]}
  - {key: order, type: text, label: Order number, cues: [order number, sales order]}
  - {key: mail, type: email, label: E-mail, cues: [e-mail, email]}
  - {key: phone, type: phone, label: Phone, cues: [phone, mobile]}
  - {key: goal, type: long_text, label: Success criteria, cues: [success, our goal]}
"#;

/// `Name: words` lines are a call; anything that begins with `Notes` is a note.
fn read(text: &str) -> Brief {
    let route = route::load("sample.yaml", ROUTE).unwrap();
    let call = !text.starts_with("Notes");
    let (name, bytes) = if call { ("call-2026-03-02.vtt", as_call(text)) } else { ("notes.txt", text.to_owned()) };
    let input = Input { name: name.into(), bytes: bytes.into_bytes(), kind: None, format: None };
    let conversation = intake::read(vec![input], &Options::of(&[]));
    let as_of = "2026-03-10T12:00:00Z".parse().unwrap();
    pipeline::run(Request { route: &route, conversation, known: &[], as_of }).brief
}

fn as_call(text: &str) -> String {
    let cues = text.lines().enumerate().map(|(at, line)| {
        let (speaker, words) = line.split_once(": ").unwrap();
        format!("00:00:{:02}.000 --> 00:00:{:02}.900\n<v {speaker}>{words}</v>\n\n", at * 5, at * 5 + 4)
    });
    std::iter::once("WEBVTT\n\n".to_owned()).chain(cues).collect()
}

/// The field's value, which must be found, and its first quote must stand in the text.
fn found(text: &str, key: &str, expected: Json) {
    let brief = read(text);
    let field = brief.fields.find(key).unwrap();
    assert_eq!((field.state, &field.value), (FieldState::Found, &expected), "{key} of {text:?}: {field:#?}");
    assert!(
        field.evidence.iter().any(|evidence| text.contains(&evidence.quote)),
        "{key} of {text:?}: {:?}",
        field.evidence
    );
}

fn open(text: &str, key: &str, expected: FieldState) {
    let brief = read(text);
    let field = brief.fields.find(key).unwrap();
    assert_eq!((field.state, &field.value), (expected, &Json::Null), "{key} of {text:?}: {field:#?}");
}

fn missing(text: &str, key: &str) {
    open(text, key, FieldState::Missing);
}

#[test]
fn a_cue_takes_the_value_beside_it() {
    found("Ada Ray: We go live on July 1, 2026.\nBo Kim: ok", "go_live", json!("2026-07-01"));
    found("Ada Ray: The kick-off is on March 9 and we go live on July 1.\nBo Kim: ok", "go_live", json!("2026-07-01"));
    found("Ada Ray: The kick-off is on March 9 and we go live on July 1.\nBo Kim: ok", "kickoff", json!("2026-03-09"));
    found(
        "Ada Ray: It comes to $86,400 per year, not $92,000.\nBo Kim: ok",
        "price",
        json!({"amount": "86400", "currency": "USD"}),
    );
    found("Ada Ray: We need 40 seats in Lyon, plus 3 printers.\nBo Kim: ok", "seats", json!(40));
    found("Ada Ray: The contract runs for 24 months.\nBo Kim: ok", "term", json!("P24M"));
    found(
        "Ada Ray: You can reach me on +44 7700 900655 if anything comes up.\nBo Kim: ok",
        "phone",
        json!("+447700900655"),
    );
    found("Ada Ray: Please write to me at ada@ray.example.\nBo Kim: ok", "mail", json!("ada@ray.example"));
}

#[test]
fn labels_and_headings_name_their_values() {
    let note = "Notes\n\nGo-live date: 1 July 2026\nSeats: 40\nBilling cycle: annual\nSingle sign-on: yes\n\nIntegrations:\n- Oak ERP\n- Pine Ledger\n";
    found(note, "go_live", json!("2026-07-01"));
    found(note, "seats", json!(40));
    found(note, "billing", json!("yearly"));
    found(note, "sso", json!(true));
    found(note, "systems", json!(["Oak ERP", "Pine Ledger"]));
}

#[test]
fn answers_belong_to_their_questions() {
    found("Bo Kim: When do you want to go live?\nAda Ray: July 1.", "go_live", json!("2026-07-01"));
    found("Bo Kim: Is July 1 still the launch?\nAda Ray: Yes, exactly.", "go_live", json!("2026-07-01"));
    missing("Bo Kim: Is July 1 still the launch?\nAda Ray: No, that's off.", "go_live");
    missing("Bo Kim: Is July 1 still the launch?\nAda Ray: Let me check with the team.", "go_live");
    found("Bo Kim: Who is the main contact?\nAda Ray: That would be Cleo Marsh.", "lead", json!("Cleo Marsh"));
    found("Bo Kim: Do you need SSO?\nAda Ray: Yes, we do.", "sso", json!(true));
    found("Bo Kim: Do you need SSO?\nAda Ray: No.", "sso", json!(false));
    found("Bo Kim: Monthly or quarterly invoices?\nAda Ray: Quarterly, please.", "billing", json!("quarterly"));
    found(
        "Bo Kim: Which systems do we connect to?\nAda Ray: Oak ERP and Pine Ledger.",
        "systems",
        json!(["Oak ERP", "Pine Ledger"]),
    );
}

#[test]
fn a_change_keeps_what_it_replaced() {
    let text = "Ada Ray: We go live on June 1.\nBo Kim: Noted.\nAda Ray: Actually we go live on July 1 now.";
    found(text, "go_live", json!("2026-07-01"));
    let brief = read(text);
    assert_eq!(brief.fields.find("go_live").unwrap().superseded[0].value, json!("2026-06-01"));
    found("Ada Ray: The launch moves from June 1 to July 1.\nBo Kim: ok", "go_live", json!("2026-07-01"));
    open("Ada Ray: We go live on June 1.\nBo Kim: We go live on July 1.", "go_live", FieldState::Conflicting);
}

#[test]
fn what_is_not_stated_is_not_filled() {
    missing("Ada Ray: If legal signs, we go live on July 1.\nBo Kim: ok", "go_live");
    missing("Ada Ray: We will not go live on July 1.\nBo Kim: ok", "go_live");
    missing("Ada Ray: We might go live on July 1.\nBo Kim: ok", "go_live");
    missing("Bo Kim: Could you go live on July 1?\nAda Ray: Good question.", "go_live");
    missing("Ada Ray: My birthday is on July 1.\nBo Kim: ok", "go_live");
    missing("Ada Ray: The other customer has 300 seats.\nBo Kim: ok", "seats");
    missing("Ada Ray: I read about SSO on the train.\nBo Kim: ok", "billing");
    missing("Bo Kim: TODO ask them about SSO.\nAda Ray: ok", "sso");
    open("Ada Ray: We want to go live as soon as possible, ASAP really.\nBo Kim: ok", "go_live", FieldState::Vague);
    open("Ada Ray: Our sponsor is someone from finance.\nBo Kim: ok", "sponsor", FieldState::Vague);
}

#[test]
fn people_name_themselves_and_others() {
    found("Ada Ray: I'll be your main contact.\nBo Kim: Great.", "lead", json!("Ada Ray"));
    found(
        "Ada Ray: Cleo Marsh is our project lead, and the sponsor is Dan Ito.\nBo Kim: ok",
        "lead",
        json!("Cleo Marsh"),
    );
    found(
        "Ada Ray: Cleo Marsh is our project lead, and the sponsor is Dan Ito.\nBo Kim: ok",
        "sponsor",
        json!("Dan Ito"),
    );
    missing("Bo Kim: Hi Ada Ray, who is the project lead?\nAda Ray: I'll get back to you.", "lead");
}

#[test]
fn texts_end_where_their_phrase_ends() {
    found(
        "Ada Ray: We have to connect to Oak ERP, that's where orders come from.\nBo Kim: ok",
        "systems",
        json!(["Oak ERP"]),
    );
    found("Ada Ray: It is booked as sales order SO-52233.\nBo Kim: ok", "order", json!("SO-52233"));
    open("Ada Ray: It has to integrate with our ERP.\nBo Kim: ok", "systems", FieldState::Vague);
    found(
        "Ada Ray: Success for us is 20 % fewer late trucks by autumn.\nBo Kim: ok",
        "goal",
        json!("Success for us is 20 % fewer late trucks by autumn."),
    );
}

/// The field may be in any state but found.
fn not_found(text: &str, key: &str) {
    let brief = read(text);
    let field = brief.fields.find(key).unwrap();
    assert_ne!(field.state, FieldState::Found, "{key} of {text:?}: {field:#?}");
}

#[test]
fn what_is_taken_back_does_not_stand() {
    let said = "Ada Ray: We go live on July 1.\nBo Kim: Noted.\n";
    not_found(&format!("{said}Ada Ray: Bad news: we cannot go live on July 1 any more."), "go_live");
    not_found(&format!("{said}Ada Ray: We may have to push the go-live to September 9."), "go_live");
    not_found("Ada Ray: The July 1, 2026 go-live is not possible.\nBo Kim: ok", "go_live");
    not_found("Ada Ray: July 1 is no longer possible for our go-live, sorry.\nBo Kim: ok", "go_live");
    not_found("Ada Ray: Forget July 1 for the launch.\nBo Kim: ok", "go_live");
    not_found("Ada Ray: Last year we had 500 users on the old tool.\nBo Kim: ok", "seats");
}

#[test]
fn a_mention_is_no_need() {
    for words in [
        "SSO is optional.",
        "SSO is out of scope.",
        "We are dropping SSO.",
        "We can skip SSO.",
        "SSO can wait.",
        "Our IT is against SSO.",
    ] {
        not_found(&format!("Ada Ray: {words}\nBo Kim: ok"), "sso");
    }
    not_found("Bo Kim: Can we leave SSO out for the launch?\nAda Ray: Yes.", "sso");
    not_found("Bo Kim: Is SSO optional for you?\nAda Ray: Yes.", "sso");
    not_found("Bo Kim: Do you need SSO?\nAda Ray: Yes, once legal has signed.", "sso");
    not_found("Bo Kim: Do you need SSO?\nAda Ray: Yes, in phase two, not at launch.", "sso");
}

#[test]
fn an_okay_confirms_nothing() {
    let text = "Bo Kim: The launch is July 1.\nCleo Marsh: I need to drop off in five minutes.\nAda Ray: Okay.";
    let brief = read(text);
    let field = brief.fields.find("go_live").unwrap();
    assert!(field.evidence.iter().all(|evidence| evidence.author.as_deref() != Some("Ada Ray")), "{field:#?}");
}

#[test]
fn talk_after_a_question_is_no_answer() {
    not_found("Bo Kim: What is the order number?\nAda Ray: Thanks for the call, see you Monday.", "order");
    not_found("Bo Kim: Which systems do we connect to?\nAda Ray: Happy new year to all of you.", "systems");
    not_found("Bo Kim: When do you want to go live?\nAda Ray: I am on holiday until July 1, 2026.", "go_live");
    not_found("Bo Kim: How many users do you have?\nAda Ray: We have two forklifts here.", "seats");
}

#[test]
fn two_values_for_one_place_are_none() {
    not_found("Ada Ray: We go live on July 1, 2026 in Oslo and on August 1, 2026 in Bergen.\nBo Kim: ok", "go_live");
    not_found("Bo Kim: Is the launch July 1 or July 8, 2026?\nAda Ray: Yes.", "go_live");
}

#[test]
fn others_corrections_need_to_be_corrections() {
    let text =
        "Ada Ray: We go live on July 1, 2026.\nCleo Marsh: I could not open the deck, but our go-live is June 1, 2026.";
    open(text, "go_live", FieldState::Conflicting);
}

#[test]
fn a_name_that_begins_like_a_number_stays_whole() {
    found(
        "Ada Ray: We integrate with SAP, SAP Concur and Workday.\nBo Kim: ok",
        "systems",
        json!(["SAP", "SAP Concur", "Workday"]),
    );
}

#[test]
fn a_value_belongs_to_what_is_said_of_it() {
    not_found("Ada Ray: The training is on 10 April 2026, we go live the week after.\nBo Kim: ok", "go_live");
    not_found("Ada Ray: The audit is on 2 April 2026 and the launch follows later.\nBo Kim: ok", "go_live");
    not_found("Ada Ray: Our old price was USD 30,000 per year.\nBo Kim: ok", "price");
    not_found("Ada Ray: Your competitor bills us an invoice monthly.\nBo Kim: ok", "billing");
    not_found("Ada Ray: We integrate with Oak ERP at our sister company, not here.\nBo Kim: ok", "systems");
    not_found("Ada Ray: The order number is 31 May 2026.\nBo Kim: ok", "order");
    not_found("Ada Ray: We need 4\u{0}5 seats.\nBo Kim: ok", "seats");
    found(
        "Ada Ray: My assistant Mia Stone is our main contact until Ada is back.\nBo Kim: ok",
        "lead",
        json!("Mia Stone"),
    );
    not_found("Ada Ray: The sponsor meets in Lisbon with Paulo Neves as a guest.\nBo Kim: ok", "sponsor");
}
