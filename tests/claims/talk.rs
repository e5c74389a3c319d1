//! Small conversations out of inline sources, and the fields that claims are
//! made about. Dana and Tom are the customer's, Marcus and Priya ours.

use baton::brief::{Evidence, FieldBrief, Tier};
use baton::claim::{Certainty, Citation, Claim};
use baton::conversation::{Conversation, MessageId};
use baton::extraction::Scene;
use baton::grounding::{Grounded, Grounder, Index};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route::{self, Route};
use serde_json::{Value as Json, json};

/// Monday 2 March 2026, 09:00 UTC: the first line of every chat. One minute lies between two lines.
const FIRST_LINE: i64 = 1_772_442_000;

pub fn input(name: &str, text: &str) -> Input {
    Input { name: name.to_owned(), bytes: text.as_bytes().to_vec(), kind: None, format: None }
}

pub fn read(inputs: Vec<Input>) -> Conversation {
    intake::read(inputs, &Options::of(&["acme.example".to_owned()]))
}

/// A chat of `(who, text)`; who is `dana`, `tom`, `marcus`, `priya`, or anybody unknown.
pub fn chat(lines: &[(&str, &str)]) -> Conversation {
    read(chat_inputs(lines))
}

pub fn chat_inputs(lines: &[(&str, &str)]) -> Vec<Input> {
    let messages: Vec<Json> = lines
        .iter()
        .enumerate()
        .map(|(at, (who, text))| {
            let seconds = FIRST_LINE + 60 * at as i64;
            json!({"type": "message", "user": user(who), "text": text, "ts": format!("{seconds}.000100")})
        })
        .collect();
    let people = [
        ("dana", "Dana Whitfield", "dana@northwind.example", "T9"),
        ("tom", "Tom Reed", "tom@northwind.example", "T9"),
        ("marcus", "Marcus Lee", "marcus@acme.example", "T1"),
        ("priya", "Priya Raman", "priya@acme.example", "T1"),
    ];
    let members: Vec<Json> = people
        .iter()
        .map(|(who, name, email, team)| {
            json!({"id": user(who), "team_id": team, "name": who, "tz_offset": 0,
                   "profile": {"real_name": name, "email": email}})
        })
        .collect();
    let thread = json!({"ok": true, "has_more": false, "messages": messages});
    vec![input("thread.json", &thread.to_string()), input("users.json", &Json::Array(members).to_string())]
}

fn user(who: &str) -> &'static str {
    match who {
        "dana" => "U1",
        "tom" => "U2",
        "marcus" => "U3",
        "priya" => "U4",
        _ => "U9",
    }
}

/// A mail from one of the four; `day` is a day of March 2026.
pub fn mail(name: &str, who: &str, day: u32, body: &str) -> Input {
    let from = match who {
        "dana" => "Dana Whitfield <dana@northwind.example>",
        "tom" => "Tom Reed <tom@northwind.example>",
        "marcus" => "Marcus Lee <marcus@acme.example>",
        _ => "Priya Raman <priya@acme.example>",
    };
    let text = format!(
        "From: {from}\r\nTo: Somebody Else <else@acme.example>\r\nDate: {day} Mar 2026 09:00:00 +0000\r\n\
         Message-ID: <{name}@mail.example>\r\nSubject: Northwind\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        body.replace('\n', "\r\n")
    );
    input(name, &text)
}

pub const FIELDS: &str = "
id: test-route
version: 1
title: Sales to onboarding
from: {team: sales}
to: {team: onboarding}
fields:
  - {key: customer_name, type: text, cues: [company name]}
  - {key: residency, type: text, said_by: theirs, cues: [data stays, data must stay]}
  - {key: goals, type: long_text, cues: [goal]}
  - {key: go_live_date, type: date, cues: [go live, launch]}
  - {key: customer_go_live, type: date, said_by: theirs, cues: [customer start]}
  - {key: kickoff_date, type: date, cues: [kickoff, kick off]}
  - {key: training_at, type: datetime, cues: [training]}
  - {key: term, type: duration, cues: [contract runs, term]}
  - {key: contract_value, type: money, cues: [contract value, yearly fee]}
  - {key: setup_fee, type: money, cues: [setup fee]}
  - {key: user_count, type: number, cues: [users, seats]}
  - {key: site_count, type: number, cues: [sites]}
  - {key: technical_email, type: email, cues: [technical contact]}
  - {key: billing_email, type: email, cues: [billing contact, invoices]}
  - {key: phone, type: phone, cues: [phone, call me]}
  - {key: portal, type: url, cues: [portal]}
  - {key: technical_contact, type: person, cues: [technical contact]}
  - {key: billing_contact, type: person, cues: [billing contact]}
  - key: billing_cycle
    type: enum
    cues: [billing, invoice]
    values: [{id: monthly, aliases: [per month]}, {id: quarterly, aliases: [per quarter]}, {id: yearly, aliases: [annual, annually]}]
  - key: payment_plan
    type: enum
    said_by: theirs
    cues: [plan]
    values: [{id: standard}, {id: premium}]
  - {key: sso, type: bool, cues: [single sign-on, SSO]}
  - {key: customer_sso, type: bool, said_by: theirs, cues: [login service]}
  - {key: systems, type: text, list: true, cues: [connect]}
  - key: regions
    type: enum
    list: true
    cues: [regions]
    values: [{id: europe}, {id: america}, {id: asia}]
";

pub fn fields() -> Route {
    load(FIELDS)
}

pub fn load(yaml: &str) -> Route {
    route::load("route.yaml", yaml).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// What a reader may say: field, quotes with the number of their message, words of the value, value. Empty words are none.
pub fn claim(field: &str, cited: &[(u32, &str)], raw: &str, value: &str) -> Claim {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Claim {
        field: field.to_owned(),
        cited: cited
            .iter()
            .map(|(message, quote)| Citation { message: MessageId(*message), quote: (*quote).to_owned(), at: None })
            .collect(),
        raw_value: some(raw),
        value: some(value),
        certainty: Certainty::Stated,
    }
}

/// Grounds claims together; what stands nowhere is left out.
pub fn ground(conversation: &Conversation, route: &Route, claims: &[Claim]) -> Vec<Grounded> {
    let participants = intake::participants(conversation);
    let scene = Scene::new(conversation, route, &participants);
    let index = Index::new(conversation);
    let grounded = Grounder { index: &index, scene: &scene }.ground_all(claims);
    for one in &grounded {
        check_evidence(conversation, &one.evidence);
        assert!(!one.evidence.is_empty(), "a value without evidence: {one:?}");
    }
    grounded
}

/// Every quote is cut from its message, or is exactly an author's name or address.
pub fn check_evidence(conversation: &Conversation, all: &[Evidence]) {
    for evidence in all {
        let message = conversation.message(evidence.message).unwrap_or_else(|| panic!("no such message: {evidence:?}"));
        if evidence.tier == Tier::Author {
            assert_eq!((evidence.start, evidence.end), (None, None), "{evidence:?}");
            let own = [&message.author.name, &message.author.address];
            assert!(own.into_iter().flatten().any(|own| *own == evidence.quote), "not the author line: {evidence:?}");
        } else {
            let (start, end) = (evidence.start.unwrap(), evidence.end.unwrap());
            assert_eq!(message.text.get(start..end), Some(evidence.quote.as_str()), "{evidence:?}");
            assert!(!evidence.quote.trim().is_empty(), "{evidence:?}");
        }
        let document = conversation.document(&message.document).unwrap();
        assert_eq!(document.source, evidence.source);
    }
}

/// The whole run without anything known before.
pub fn run(route: &Route, conversation: Conversation) -> pipeline::Outcome {
    run_with(route, conversation, &[])
}

pub fn run_with(route: &Route, conversation: Conversation, known: &[(&str, &str)]) -> pipeline::Outcome {
    let known: Vec<(String, String)> =
        known.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let as_of = "2026-03-20T09:00:00Z".parse().unwrap();
    pipeline::run(Request { route, conversation, known: &known, as_of })
}

pub fn field<'o>(outcome: &'o pipeline::Outcome, key: &str) -> &'o FieldBrief {
    outcome.brief.fields.find(key).unwrap_or_else(|| panic!("no field {key}"))
}
