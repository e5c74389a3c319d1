//! The gaps as people meet them: what is asked first, in which words, whom.

use std::collections::BTreeMap;

use baton::brief::{FieldBrief, FieldMap, FieldState, Gap, GapKind, candidate_id};
use baton::conversation::Unread;
use baton::gaps::{self, Contact, People, Subject};
use baton::route::{Asked, Field, Requirement, Route};
use baton::value::Kind;
use baton::verdict::settle;
use jiff::SignedDuration;
use serde_json::json;

use crate::generator::now;
use crate::samples::*;

fn people() -> People {
    let contact = |name: &str, email: &str| Some(Contact { name: Some(name.into()), email: Some(email.into()) });
    People {
        sender: contact("Marcus Lee", "marcus@acme.example"),
        receiver: contact("Ida Berg", "ida@acme.example"),
        owner: None,
    }
}

fn list(route: &Route, given: FieldMap, unread: &[Unread]) -> Vec<Gap> {
    let fields = settle(route, given, now());
    let nearest = BTreeMap::from([("data_residency".to_string(), quote("data stays with us", "2026-03-03T09:20:00Z"))]);
    gaps::list(&Subject { route, fields: &fields, unread, people: &people(), nearest: &nearest, now: now() })
}

/// The one gap of one field.
fn gap(field: Field, brief: FieldBrief) -> Gap {
    let key = field.key.clone();
    let mut gaps = list(&route(vec![field]), fields(vec![(&key, brief)]), &[]);
    assert_eq!(gaps.len(), 1, "{gaps:#?}");
    gaps.remove(0)
}

fn check(field: Field, brief: FieldBrief, question: &str) {
    assert_eq!(gap(field, brief).question, question);
}

#[test]
fn asks_what_decides_first_then_what_blocks_then_the_rest() {
    let optional = Field { required: Requirement::Optional, ..field("notes", "Notes", Kind::Text) };
    let silent = Field { required: Requirement::Optional, ..field("extras", "Extras", Kind::Text) };
    let route = route(vec![optional, silent, go_live(), residency(), contract_type()]);
    let unread = [Unread { source: "offer.pdf".into(), inside: None, reason: "it is encrypted".into() }];
    let given = fields(vec![("notes", FieldBrief { evidence: vec![], ..found(text()) })]);
    let gaps = list(&route, given, &[unread.clone(), unread].concat());
    let order: Vec<&str> =
        gaps.iter().map(|gap| gap.field.as_deref().or(gap.source.as_deref()).unwrap_or("")).collect();
    assert_eq!(order, ["contract_type", "go_live_date", "data_residency", "offer.pdf", "notes"]);
    let blocking: Vec<bool> = gaps.iter().map(|gap| gap.blocking).collect();
    assert_eq!(blocking, [true, true, true, true, false]);
    assert_eq!(gaps[0].why, "Decides about Data residency.");
    assert_eq!(gaps[2].why, "Needed unless Contract type rules it out.");
    assert_eq!(gaps[2].nearest.as_ref().map(|near| near.quote.as_str()), Some("data stays with us"));
    assert_eq!(gaps[3].question, "Can you send “offer.pdf” as text, or say why it does not matter?");
}

#[test]
fn asks_for_what_is_missing_in_the_routes_words() {
    let missing = gap(go_live(), FieldBrief::default());
    assert_eq!(missing.question, "By which day must the customer be live?");
    assert_eq!(missing.why, "The onboarding team needs it before the work moves.");
    assert_eq!(missing.kind, GapKind::Missing);
}

#[test]
fn quotes_what_was_too_vague() {
    let vague = FieldBrief {
        state: FieldState::Vague,
        evidence: vec![quote("as soon as possible", "")],
        ..FieldBrief::default()
    };
    check(
        go_live(),
        vague,
        "Dana Whitfield said “as soon as possible”, which is not exact enough. By which day must the customer be live?",
    );
}

#[test]
fn names_the_sides_of_a_conflict() {
    let sides = vec![
        candidate("go_live_date", json!("2026-07-01"), vec![quote("live on July 1", "2026-03-03T09:20:00Z")]),
        candidate("go_live_date", json!("2026-06-01"), vec![]),
    ];
    let brief = FieldBrief { state: FieldState::Conflicting, candidates: sides, ..FieldBrief::default() };
    let gap = gap(go_live(), brief);
    assert!(gap.question.starts_with("Go-live date: Dana Whitfield said "), "{}", gap.question);
    assert!(gap.question.contains("on 3 March 2026 but the CRM says "), "{}", gap.question);
    assert!(gap.question.ends_with(". Which holds?"), "{}", gap.question);
    assert_eq!(gap.candidates.len(), 2);
}

#[test]
fn says_which_rule_a_value_breaks() {
    let field = Field { rules: rule("value >= today", "The go-live date is in the past."), ..go_live() };
    let gap = gap(field, found(json!("2026-01-01")));
    assert!(gap.question.starts_with("The go-live date is in the past (“"), "{}", gap.question);
    assert!(gap.question.ends_with("By which day must the customer be live?"), "{}", gap.question);
    assert!(gap.candidates.is_empty(), "a value that breaks the rule is not offered: {:?}", gap.candidates);
}

#[test]
fn asks_whether_an_old_value_still_holds() {
    let field = Field { stale_after: Some(SignedDuration::from_hours(48)), ..field("region", "Region", Kind::Text) };
    check(
        field,
        found(text()),
        "Is Region still “Frankfurt”? Last stated on 3 March 2026, 7 days ago; it may be 2 days old.",
    );
}

#[test]
fn asks_to_confirm_what_nobody_settled() {
    let unsupported = FieldBrief {
        state: FieldState::Unconfirmed,
        candidates: vec![candidate("region", text(), vec![quote("maybe Frankfurt", "")])],
        reason: Some("Only our side said so".into()),
        ..FieldBrief::default()
    };
    let gap = gap(field("region", "Region", Kind::Text), unsupported);
    assert_eq!(gap.question, "Dana Whitfield said “maybe Frankfurt”. Is “Frankfurt” right for Region?");
    assert_eq!(gap.why, "The onboarding team needs it before the work moves. Only our side said so.");
    assert_eq!(gap.candidates[0].id, candidate_id("region", &text()));
}

#[test]
fn a_value_that_waits_for_another_is_not_asked_for_again() {
    let end = Field { rules: rule("value > go_live_date", "It ends first"), ..field("end", "End", Kind::Date) };
    let route = route(vec![end, Field { required: Requirement::Optional, ..go_live() }]);
    let gaps = list(&route, fields(vec![("end", found(json!("2026-12-31")))]), &[]);
    let keys: Vec<_> = gaps.iter().filter_map(|gap| gap.field.as_deref()).collect();
    assert_eq!(keys, ["go_live_date"]);
    assert!(gaps[0].blocking);
}

#[test]
fn asks_the_person_the_route_names() {
    let check = |asked: Asked, expected: (&str, Option<&str>, Option<&str>)| {
        let ask = gap(Field { ask: asked, ..go_live() }, FieldBrief::default()).ask;
        assert_eq!((ask.role.as_str(), ask.name.as_deref(), ask.email.as_deref()), expected);
    };
    check(Asked::Sender, ("sender", Some("Marcus Lee"), Some("marcus@acme.example")));
    check(Asked::Receiver, ("receiver", Some("Ida Berg"), Some("ida@acme.example")));
    check(Asked::Owner, ("owner", None, None));
    check(Asked::Address("legal@acme.example".into()), ("address", None, Some("legal@acme.example")));
    check(Asked::Address("Ida@acme.example".into()), ("address", Some("Ida Berg"), Some("Ida@acme.example")));
}

#[test]
fn tells_two_alike_questions_apart() {
    let ask = |key: &str, label: &str| Field { question: "Who is it?".into(), ..field(key, label, Kind::Text) };
    let gaps = list(&route(vec![ask("sponsor", "Sponsor"), ask("lead", "Lead")]), fields(vec![]), &[]);
    let questions: Vec<&str> = gaps.iter().map(|gap| gap.question.as_str()).collect();
    assert_eq!(questions, ["Sponsor: Who is it?", "Lead: Who is it?"]);
}

#[test]
fn conditions_are_told_in_labels() {
    let check = |text: &str, expected: &str| {
        let route = route(vec![contract_type(), go_live()]);
        assert_eq!(baton::wording::condition(&route, &expression(text)), expected);
    };
    check("contract_type == 'enterprise'", "Contract type is enterprise");
    check("contract_type != \"enterprise\"", "Contract type is not enterprise");
    check("contract_type == 'a' || contract_type == 'b'", "Contract type is a or Contract type is b");
    check(
        "contract_type == 'a' || size(contract_type) > 3",
        "this holds: contract_type == 'a' || size(contract_type) > 3",
    );
}
