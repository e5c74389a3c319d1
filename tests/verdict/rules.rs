//! Each rule of the verdict by itself: what a found value must show, what a
//! person may answer instead, and what makes a field needed.

use baton::brief::{FieldBrief, FieldState, Origin, Tier, Verdict};
use baton::conversation::Unread;
use baton::route::{Allow, Field, Requirement};
use baton::value::Kind;
use baton::verdict::{Need, requirements, settle, verdict};
use jiff::SignedDuration;
use serde_json::json;

use crate::generator::now;
use crate::samples::*;

/// The state and reason of the one field after its rules.
fn settled(field: &Field, brief: FieldBrief) -> FieldBrief {
    let key = field.key.clone();
    let fields = settle(&route(vec![field.clone()]), fields(vec![(&key, brief)]), now());
    fields.find(&key).expect("the field").clone()
}

fn check(field: &Field, brief: FieldBrief, expected: FieldState) {
    let after = settled(field, brief.clone());
    assert_eq!(after.state, expected, "{brief:?} became {after:?}");
}

#[test]
fn fields_are_the_routes_in_its_order() {
    let route = route(vec![contract_type(), residency()]);
    let given = fields(vec![("unheard_of", found(text())), ("data_residency", found(text()))]);
    let keys: Vec<String> = settle(&route, given, now()).0.into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["contract_type", "data_residency"]);
}

#[test]
fn a_found_value_needs_support() {
    let field = field("region", "Region", Kind::Text);
    check(&field, found(text()), FieldState::Found);
    check(&field, FieldBrief { evidence: vec![], ..found(text()) }, FieldState::Unconfirmed);
    let near = |tier| FieldBrief {
        evidence: vec![baton::brief::Evidence { tier, ..quote("in Frankfurt", "") }],
        ..found(text())
    };
    check(&field, near(Tier::Near), FieldState::Unconfirmed);
    check(&field, near(Tier::Author), FieldState::Found);
    check(&field, FieldBrief { evidence: vec![quote(" ", "")], ..found(text()) }, FieldState::Unconfirmed);
    check(&field, FieldBrief { origin: None, ..found(text()) }, FieldState::Unconfirmed);
    check(&field, from_crm(text(), "Frankfurt"), FieldState::Found);
    check(&field, FieldBrief { record: None, ..from_crm(text(), "") }, FieldState::Unconfirmed);
    check(&field, from_person(text()), FieldState::Found);
    check(&field, FieldBrief { by: Some(" ".into()), ..from_person(text()) }, FieldState::Unconfirmed);
}

#[test]
fn a_value_must_be_there_and_of_its_type() {
    let region = field("region", "Region", Kind::Text);
    check(&region, found(json!(null)), FieldState::Missing);
    check(&region, found(json!("  ")), FieldState::Missing);
    check(&region, found(json!([])), FieldState::Missing);
    check(&region, found(json!(["Frankfurt"])), FieldState::Invalid);
    check(&region, found(json!({"a": 1})), FieldState::Invalid);
    check(&go_live(), found(json!("2026-07-01")), FieldState::Found);
    check(&go_live(), found(json!("2026-02-30")), FieldState::Invalid);
    check(&contract_type(), found(json!("enterprise")), FieldState::Found);
    check(&contract_type(), found(json!("gigantic")), FieldState::Invalid);
    let regions = Field { list: true, ..region };
    check(&regions, found(json!(["Frankfurt", "Dublin"])), FieldState::Found);
    check(&regions, found(json!([])), FieldState::Missing);
    check(&regions, found(json!("Frankfurt")), FieldState::Invalid);
    check(&regions, found(json!(["Frankfurt", {"a": 1}])), FieldState::Invalid);
}

#[test]
fn junk_is_no_answer_whoever_gave_it() {
    let region = field("region", "Region", Kind::Text);
    for junk in ["TBD", "n/a", "-", "?", "unknown", "Region", "What is the region?"] {
        check(&region, found(json!(junk)), FieldState::Missing);
        check(&region, from_person(json!(junk)), FieldState::Missing);
        check(&region, from_crm(json!(junk), junk), FieldState::Missing);
    }
    check(&region, from_crm(text(), "TBD"), FieldState::Missing);
    check(&contract_type(), from_crm(json!("none"), "n/a"), FieldState::Found);
    check(&field("sponsor", "Sponsor", Kind::Person), found(json!({"name": "TBD"})), FieldState::Missing);
    check(&go_live(), from_crm(json!("TBD"), "TBD"), FieldState::Missing);
    let regions = Field { list: true, ..region };
    check(&regions, found(json!(["TBD", "n/a"])), FieldState::Missing);
    check(&regions, found(json!(["Frankfurt", "TBD"])), FieldState::Vague);
    assert!(settled(&regions, found(json!(["TBD"]))).candidates.is_empty(), "junk is never offered");
}

#[test]
fn a_field_that_must_be_specific_is() {
    let exact = |field: Field| Field { specific: true, ..field };
    let person = field("sponsor", "Sponsor", Kind::Person);
    let tool = field("tool", "Tool", Kind::Text);
    check(&go_live(), found(json!("2026-07")), FieldState::Found);
    check(&exact(go_live()), found(json!("2026-07")), FieldState::Vague);
    check(&person, found(json!({"name": "Dana"})), FieldState::Found);
    check(&exact(person.clone()), found(json!({"name": "Dana"})), FieldState::Vague);
    check(&exact(person.clone()), found(json!("Dana")), FieldState::Vague);
    check(&exact(field("price", "Price", Kind::Money)), found(json!("around 80k USD")), FieldState::Vague);
    check(&exact(person), found(json!({"name": "Dana Whitfield"})), FieldState::Found);
    check(&tool, found(json!("ASAP")), FieldState::Found);
    check(&exact(tool.clone()), from_person(json!("ASAP")), FieldState::Vague);
    check(&exact(tool), found(json!("Zendesk Suite")), FieldState::Found);
}

#[test]
fn values_grow_old() {
    let field =
        Field { stale_after: Some(SignedDuration::from_hours(24 * 5)), ..field("region", "Region", Kind::Text) };
    let said = |at: &str| vec![quote("in Frankfurt", at)];
    let (fresh, old) = ("2026-03-09T12:00:00Z", "2026-03-01T12:00:00Z");
    check(&field, FieldBrief { evidence: said(fresh), ..found(text()) }, FieldState::Found);
    check(&field, FieldBrief { evidence: said(old), ..found(text()) }, FieldState::Stale);
    check(&field, FieldBrief { evidence: said(""), ..found(text()) }, FieldState::Found);
    check(&field, FieldBrief { evidence: [said(old), said(fresh)].concat(), ..found(text()) }, FieldState::Found);
    check(&field, from_crm(text(), "Frankfurt"), FieldState::Found);
    check(&field, FieldBrief { at: old.parse().ok(), ..from_crm(text(), "Frankfurt") }, FieldState::Stale);
    check(&field, FieldBrief { evidence: said(old), ..from_person(text()) }, FieldState::Stale);
    check(&field, FieldBrief { evidence: said(old), at: fresh.parse().ok(), ..from_person(text()) }, FieldState::Found);
}

#[test]
fn only_found_keeps_its_value_and_the_rest_offer_it() {
    let after = settled(&field("region", "Region", Kind::Text), FieldBrief { evidence: vec![], ..found(text()) });
    assert!(after.value.is_null() && after.origin.is_none() && after.reason.is_some());
    assert_eq!(after.candidates.len(), 1);
    assert_eq!(after.candidates[0].value, text());
    let given = FieldBrief { state: FieldState::Conflicting, ..found(text()) };
    assert_eq!(settled(&field("region", "Region", Kind::Text), given).candidates.len(), 1);
}

#[test]
fn rules_pass_only_when_true() {
    let ruled = |text: &str| Field { rules: rule(text, "The go-live date is in the past"), ..go_live() };
    let future = ruled("value >= today");
    check(&future, found(json!("2026-07-01")), FieldState::Found);
    check(&future, from_person(json!("2026-01-01")), FieldState::Invalid);
    let after = settled(&future, found(json!("2026-01-01")));
    assert_eq!(after.reason.as_deref(), Some("The go-live date is in the past"));
    let broken = settled(&ruled("1 / 0 == 1"), found(json!("2026-07-01")));
    assert_eq!(broken.state, FieldState::Invalid);
    assert!(broken.reason.is_some_and(|reason| reason.contains("could not be evaluated")));
}

#[test]
fn a_rule_waits_for_the_field_it_names() {
    let end =
        Field { rules: rule("value > go_live_date", "It ends before it starts"), ..field("end", "End", Kind::Date) };
    let go_live = Field { required: Requirement::Optional, ..go_live() };
    let route = route(vec![end, go_live]);
    let given = fields(vec![("end", found(json!("2026-12-31")))]);
    let after = settle(&route, given, now());
    let end = after.find("end").expect("end");
    assert_eq!((end.state, end.waits_for.as_slice()), (FieldState::Invalid, ["go_live_date".to_string()].as_slice()));
    assert!(end.reason.as_deref().is_some_and(|reason| reason.contains("Go-live date")));
    let needs = requirements(&route, &after, now());
    assert!(needs.decider("go_live_date").is_some() && needs.is_needed("go_live_date"));
}

#[test]
fn taking_one_value_away_takes_the_ground_of_another() {
    let start = Field { rules: rule("value >= today", "Past"), ..go_live() };
    let end = Field { rules: rule("value > go_live_date", "Before"), ..field("end", "End", Kind::Date) };
    let given = fields(vec![("end", found(json!("2026-12-31"))), ("go_live_date", found(json!("2026-01-01")))]);
    let after = settle(&route(vec![end, start]), given, now());
    assert!(after.iter().all(|(_, brief)| brief.state == FieldState::Invalid), "{after:?}");
}

#[test]
fn answers_without_a_value_stand_only_as_allowed() {
    let allowed = Allow { not_applicable: true, unknown: true };
    let open = Field { allow: allowed, ..field("region", "Region", Kind::Text) };
    let closed = Field { allow: Allow::default(), ..open.clone() };
    let by = |state| FieldBrief {
        state,
        by: Some("Marcus Lee".into()),
        reason: Some("They host it themselves".into()),
        ..FieldBrief::default()
    };
    let not_applicable = by(FieldState::NotApplicable);
    check(&open, not_applicable.clone(), FieldState::NotApplicable);
    check(&closed, not_applicable.clone(), FieldState::Missing);
    check(&open, FieldBrief { by: None, ..not_applicable.clone() }, FieldState::Missing);
    check(&open, FieldBrief { reason: None, ..not_applicable }, FieldState::Missing);
    let until = |due: &str| FieldBrief {
        due: Some(due.into()),
        owner: Some("marcus@acme.example".into()),
        ..by(FieldState::UnknownByDesign)
    };
    check(&open, until("2026-03-10"), FieldState::UnknownByDesign);
    check(&open, until("2026-03-09"), FieldState::Missing);
    check(&open, until("soon"), FieldState::Missing);
    check(&closed, until("2026-03-10"), FieldState::Missing);
    check(&open, FieldBrief { owner: None, ..until("2026-03-10") }, FieldState::Missing);
}

#[test]
fn conditions_decide_what_is_needed() {
    let check = |contract: FieldBrief, expected: Need| {
        let contract_type = Field { allow: Allow { not_applicable: true, unknown: true }, ..contract_type() };
        let route = route(vec![residency(), contract_type]);
        let after = settle(&route, fields(vec![("contract_type", contract)]), now());
        assert_eq!(requirements(&route, &after, now()).need("data_residency"), Some(&expected));
    };
    let unknown = Need::RequiredBecauseUnknown(vec!["contract_type".to_string()]);
    check(found(json!("enterprise")), Need::Required);
    check(found(json!("standard")), Need::Optional);
    check(state(FieldState::Missing), unknown.clone());
    check(FieldBrief { evidence: vec![], ..found(json!("standard")) }, unknown.clone());
    let by = |state| FieldBrief {
        state,
        by: Some("Marcus Lee".into()),
        reason: Some("No contract".into()),
        ..FieldBrief::default()
    };
    check(by(FieldState::NotApplicable), Need::Optional);
    let unknown_by_design = FieldBrief {
        due: Some("2026-04-01".into()),
        owner: Some("Marcus Lee".into()),
        ..by(FieldState::UnknownByDesign)
    };
    check(unknown_by_design, unknown);
}

#[test]
fn an_error_in_a_condition_makes_the_field_needed() {
    let broken = Field { required: when("1 / 0 == 1"), ..field("region", "Region", Kind::Text) };
    let route = route(vec![broken]);
    let after = settle(&route, fields(vec![]), now());
    assert_eq!(requirements(&route, &after, now()).need("region"), Some(&Need::Required));
}

#[test]
fn the_verdict_follows_from_gaps_and_reading() {
    let route = route(vec![residency(), contract_type()]);
    let unread = [Unread { source: "offer.pdf".into(), inside: None, reason: "no text in it".into() }];
    let check = |contract: FieldBrief, coverage, unread: &[Unread], expected| {
        let after = settle(&route, fields(vec![("contract_type", contract)]), now());
        assert_eq!(verdict(&route, &after, coverage, unread, now()), expected);
    };
    check(found(json!("standard")), 1.0, &[], Verdict::Complete);
    check(found(json!("standard")), 1.0, &unread, Verdict::Incomplete);
    check(found(json!("enterprise")), 1.0, &[], Verdict::Incomplete);
    check(state(FieldState::Missing), 1.0, &[], Verdict::Incomplete);
    check(found(json!("standard")), 0.99, &[], Verdict::IncompleteRun);
    check(found(json!("standard")), f64::NAN, &[], Verdict::IncompleteRun);
}

#[test]
fn origin_needs_a_value() {
    let crm = FieldBrief { state: FieldState::Missing, origin: Some(Origin::Crm), ..FieldBrief::default() };
    assert_eq!(settled(&field("region", "Region", Kind::Text), crm).origin, None);
}
