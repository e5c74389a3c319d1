//! What is taken from a person and what is refused, with the place, the code
//! and a sentence that tells the mend.

use baton::answers::{AnswerKind, Code, Patch, Person, check, returned};
use baton::brief::{FieldState, candidate_id};
use baton::conversation::Unread;
use baton::route;
use baton::wording::good_answer;
use serde_json::{Value as Json, json};

use crate::samples::*;

fn sample() -> Desk {
    let route = test_route();
    let unread = Unread { source: "offer.pdf".into(), inside: Some("a.eml".into()), reason: "no text in it".into() };
    let conflict = seen("contract_type", FieldState::Conflicting, &values("contract_type")[..2]);
    let fields = with(full(&route), "contract_type", conflict);
    let fields = with(fields, "sponsor", seen("sponsor", FieldState::Vague, &[json!("Helen")]));
    let base = reading(&route, fields, &[unread], 1.0);
    Desk::new(route, base)
}

fn refused(body: Json, by: &Person) -> Vec<(String, Code, String)> {
    let desk = sample();
    let patch = match Patch::read(&body) {
        Ok(patch) => patch,
        Err(refusals) => return refusals.into_iter().map(|one| (one.pointer, one.code, one.detail)).collect(),
    };
    match check(&patch, &desk.brief(read_at()), &desk.route, by, read_at()) {
        Ok(taken) => panic!("taken: {taken:?}"),
        Err(refusals) => refusals.into_iter().map(|one| (one.pointer, one.code, one.detail)).collect(),
    }
}

#[test]
fn a_refusal_names_place_code_and_mend() {
    let check = |fields: Json, pointer: &str, code: Code, mend: &str| {
        let found = refused(json!({"fields": fields}), &marcus());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1), (pointer, code), "{found:?}");
        assert!(found[0].2.contains(mend), "{found:?}");
    };
    let value = |key: &str, value: Json| json!({key: {"value": value}});
    check(value("go_live", json!("1 July 2026")), "/fields/go_live", Code::UnknownField, "go_live_date");
    let date = "/fields/go_live_date/value";
    check(value("go_live_date", json!("purple")), date, Code::UnreadableValue, "2027-07-01");
    check(value("go_live_date", json!(null)), date, Code::EmptyValue, "2027-07-01");
    check(value("go_live_date", json!("  ")), date, Code::EmptyValue, "2027-07-01");
    check(value("go_live_date", json!("TBD")), date, Code::JunkValue, "no answer");
    check(value("go_live_date", json!("ASAP")), date, Code::UnreadableValue, "2027-07-01");
    check(value("go_live_date", json!("July 2026")), date, Code::VagueValue, "not exact");
    check(value("go_live_date", json!("around 1 July 2026")), date, Code::VagueValue, "not exact");
    check(value("go_live_date", json!("03/04/2026")), date, Code::AmbiguousValue, "3 April 2026");
    check(value("go_live_date", json!("2026-01-01")), date, Code::BreaksRule, "in the past");
    check(value("go_live_date", json!(true)), date, Code::UnreadableValue, "2027-07-01");
    check(value("go_live_date", json!(["2026-07-01", "2026-08-01"])), date, Code::UnreadableValue, "not a list");
    let price = "/fields/contract_value/value";
    check(value("contract_value", json!("86,400")), price, Code::VagueValue, "86,400 USD");
    check(value("contract_value", json!("around 80k USD")), price, Code::VagueValue, "not exact");
    check(
        value("contract_value", json!({"amount": "0", "currency": "USD"})),
        price,
        Code::BreaksRule,
        "More than zero",
    );
    let key = "/fields/contract_value/value/curency";
    check(value("contract_value", json!({"amount": "5", "curency": "USD"})), key, Code::UnknownKey, "curency");
    let sponsor = "/fields/sponsor/value";
    check(value("sponsor", json!("Helen")), sponsor, Code::VagueValue, "last name");
    check(value("sponsor", json!("someone from IT")), sponsor, Code::VagueValue, "last name");
    check(value("sponsor", json!("Sponsor")), sponsor, Code::JunkValue, "no answer");
    check(value("contract_type", json!("gold")), "/fields/contract_type/value", Code::UnreadableValue, "“enterprise”");
    check(value("sso", json!("perhaps")), "/fields/sso/value", Code::UnreadableValue, "“yes”");
    check(value("systems", json!([])), "/fields/systems/value", Code::EmptyValue, "No value");
    check(value("systems", json!(["SAP TM", "tbd"])), "/fields/systems/value/1", Code::JunkValue, "tbd");
    check(value("systems", json!(["SAP TM", null])), "/fields/systems/value/1", Code::EmptyValue, "No value");
    let pick = |id: &str| json!({"contract_type": {"candidate": id}});
    check(pick("c_000000000000"), "/fields/contract_type/candidate", Code::UnknownCandidate, "candidates");
    let half = candidate_id("sponsor", &json!("Helen"));
    check(json!({"sponsor": {"candidate": half}}), "/fields/sponsor/candidate", Code::VagueValue, "last name");
    let not_applicable = |key: &str, reason: &str| json!({key: {"not_applicable": reason}});
    let path = "/fields/systems/not_applicable";
    check(not_applicable("systems", "n/a"), path, Code::EmptyReason, "why");
    check(not_applicable("systems", " "), path, Code::EmptyReason, "why");
    let path = "/fields/go_live_date/not_applicable";
    check(not_applicable("go_live_date", "They are live"), path, Code::NotAllowed, "needs a value");
    let unknown = |key: &str, owner: &str, due: &str| json!({key: {"unknown": {"owner": owner, "due": due}}});
    check(unknown("systems", "Tom", "2026-03-10"), "/fields/systems/unknown", Code::NotAllowed, "not applicable");
    check(unknown("sponsor", " ", "2026-03-10"), "/fields/sponsor/unknown/owner", Code::EmptyOwner, "Name who");
    check(unknown("sponsor", "Tom Reed", "soon"), "/fields/sponsor/unknown/due", Code::UnreadableValue, "2026-03-10");
    check(unknown("sponsor", "Tom Reed", "2026-03-02"), "/fields/sponsor/unknown/due", Code::PastDueDate, "3 March");
}

#[test]
fn sources_and_people_are_checked_too() {
    let check = |body: Json, by: &Person, expected: &[(&str, Code)]| {
        let found = refused(body, by);
        let found: Vec<(&str, Code)> = found.iter().map(|one| (one.0.as_str(), one.1)).collect();
        assert_eq!(found, expected);
    };
    let nobody = Person { name: " ".into(), email: Some("x@acme.example".into()) };
    check(json!({}), &marcus(), &[("", Code::NothingAnswered)]);
    check(
        json!({"sources": {"a.pdf": {"dismissed": "A logo"}}}),
        &marcus(),
        &[("/sources/a.pdf", Code::UnknownSource)],
    );
    let blank = json!({"sources": {"offer.pdf": {"dismissed": "-"}}});
    check(blank, &marcus(), &[("/sources/offer.pdf/dismissed", Code::EmptyReason)]);
    // All at once.
    check(
        json!({"fields": {"x": {"value": 1}, "sso": {"value": "yes"}, "notes": {"value": "tbd"}}, "sources": {"b": {"dismissed": "A logo"}}}),
        &nobody,
        &[
            ("/by/name", Code::NobodyNamed),
            ("/fields/x", Code::UnknownField),
            ("/fields/notes/value", Code::JunkValue),
            ("/sources/b", Code::UnknownSource),
        ],
    );
}

#[test]
fn a_value_is_taken_as_text_or_typed() {
    let check = |key: &str, given: Json, expected: Json| {
        let mut desk = sample();
        desk.answer(json!({"fields": {key: {"value": given.clone()}}}), read_at());
        let AnswerKind::Value { value, .. } = &desk.answers[0].kind else { panic!("{given}") };
        assert_eq!(*value, expected, "{given}");
        assert_eq!(desk.field(key, read_at()).value, expected, "{given} stands");
    };
    check("go_live_date", json!("1 July 2026"), json!("2026-07-01"));
    check("go_live_date", json!("2026-07-01"), json!("2026-07-01"));
    check("contract_value", json!("USD 86,400"), json!({"amount": "86400", "currency": "USD"}));
    check(
        "contract_value",
        json!({"amount": 86400.5, "currency": "usd"}),
        json!({"amount": "86400.5", "currency": "USD"}),
    );
    check("contract_type", json!("Enterprise"), json!("enterprise"));
    check("contract_type", json!("n/a"), json!("none"));
    check("systems", json!(["SAP TM", "Jira"]), json!(["SAP TM", "Jira"]));
    check("systems", json!("SAP TM, Jira"), json!(["SAP TM", "Jira"]));
    check("user_count", json!(45), json!(45));
    check("user_count", json!("45"), json!(45));
    check("sso", json!("no"), json!(false));
    check("sso", json!(false), json!(false));
    check("sponsor", json!({"name": "Helen Ortiz"}), json!("Helen Ortiz"));
    // A rule over another field is judged with the brief: the other may be answered next.
    let mut desk = sample();
    desk.answer(json!({"fields": {"training_date": {"value": "2026-12-01"}}}), read_at());
    assert_eq!(desk.field("training_date", read_at()).state, FieldState::Invalid);
}

#[test]
fn what_a_value_should_look_like_is_taken() {
    let kinds = ["date", "datetime", "duration", "money", "number", "email", "phone", "url", "person", "bool"];
    for kind in kinds {
        let text = format!(
            "id: r\nversion: 1\ntitle: T\nfrom: {{team: a}}\nto: {{team: b}}\nfields:\n  - {{key: f, type: {kind}, specific: {}}}\n",
            kind != "bool"
        );
        let route = route::load("r.yaml", &text).expect("a sound route");
        let shown = good_answer(&route.fields[0], read_at()).expect("an example");
        let examples: Vec<&str> = shown.split('“').skip(1).filter_map(|part| part.split('”').next()).collect();
        assert!(!examples.is_empty(), "{shown}");
        for example in examples {
            let base = reading(&route, vec![], &[], 1.0);
            Desk::new(route.clone(), base).answer(json!({"fields": {"f": {"value": example}}}), read_at());
        }
    }
}

#[test]
fn a_picked_candidate_keeps_its_words() {
    let mut desk = sample();
    let id = candidate_id("contract_type", &json!("enterprise"));
    desk.answer(json!({"fields": {"contract_type": {"candidate": id}}}), read_at());
    let field = desk.field("contract_type", read_at());
    assert_eq!((field.state, &field.value), (FieldState::Found, &json!("enterprise")));
    assert_eq!(field.evidence[0].quote, "perhaps \"enterprise\"");
    assert_eq!(field.by.as_deref(), Some("Marcus Lee <marcus@acme.example>"));
    assert_eq!(field.superseded[0].value, json!("standard"), "the other side is kept");
    // Typing what is offered says the same as picking it.
    let mut typed = sample();
    typed.answer(json!({"fields": {"contract_type": {"value": "enterprise"}}}), read_at());
    assert_eq!(typed.answers, desk.answers);
}

#[test]
fn a_return_is_checked() {
    let desk = sample();
    let keys = ["sponsor".to_owned(), "sponsor".to_owned(), "nothing".to_owned()];
    let refusals = returned(&keys, "n/a", &desk.base, &marcus(), read_at()).expect_err("a mistake");
    let found: Vec<(&str, Code)> = refusals.iter().map(|one| (one.pointer.as_str(), one.code)).collect();
    assert_eq!(found, [("/reason", Code::EmptyReason), ("/fields/2", Code::UnknownField)]);
    let taken = returned(&keys[..2], "She left the company", &desk.base, &marcus(), read_at()).expect("sound");
    assert_eq!(taken.fields, ["sponsor"]);
    assert_eq!(taken.seen["sponsor"], [json!("Helen")]);
}
