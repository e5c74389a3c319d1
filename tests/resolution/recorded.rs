//! What the CRM record says, alone and against what people said.

use baton::brief::{FieldBrief, FieldState, Origin};
use serde_json::{Value as Json, json};

use crate::settle_beside;
use crate::talk::chat;

const JULY: &str = "We go live on July 15, 2026.";

fn record_alone(key: &str, record: Json) -> FieldBrief {
    settle_beside(&chat(&[("dana", "Hello.")]), key, &[], &record, &[])
}

fn against(record: Json) -> FieldBrief {
    settle_beside(&chat(&[("dana", JULY)]), "go_live_date", &[(1, JULY, "July 15, 2026")], &record, &[])
}

fn check_alone(key: &str, record: Json, expected: Json) {
    let brief = record_alone(key, record);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &expected), "{key}: {brief:?}");
    assert_eq!(brief.origin, Some(Origin::Crm));
    assert!(brief.evidence.is_empty());
    let property = brief.record.expect("the property is named");
    assert_eq!((property.source.as_str(), property.property.as_str()), ("deal.json", key));
}

#[test]
fn a_record_alone_is_found_and_named() {
    check_alone("go_live_date", json!({"go_live_date": "2026-07-15"}), json!("2026-07-15"));
    check_alone("customer_name", json!({"customer_name": "Northwind"}), json!("Northwind"));
    check_alone("user_count", json!({"user_count": 120}), json!(120));
    check_alone("user_count", json!({"user_count": "120"}), json!(120));
    check_alone("sso", json!({"sso": true}), json!(true));
    check_alone("sso", json!({"sso": "false"}), json!(false));
    check_alone("billing_cycle", json!({"billing_cycle": "Annual"}), json!("yearly"));
    check_alone("technical_email", json!({"technical_email": "kim@northwind.example"}), json!("kim@northwind.example"));
}

#[test]
fn a_record_that_a_source_confirms_stands_beside_it() {
    let brief = against(json!({"go_live_date": "2026-07-15"}));
    assert_eq!((brief.state, brief.origin), (FieldState::Found, Some(Origin::Source)));
    assert_eq!(brief.evidence.len(), 1);
    assert!(brief.record.is_some());
}

#[test]
fn a_record_that_a_source_contradicts_is_a_conflict() {
    let brief = against(json!({"go_live_date": "2026-06-01"}));
    assert_eq!((brief.state, &brief.value, brief.origin), (FieldState::Conflicting, &Json::Null, None), "{brief:?}");
    let all: Vec<&Json> = brief.candidates.iter().map(|candidate| &candidate.value).collect();
    assert_eq!(all, [&json!("2026-07-15"), &json!("2026-06-01")]);
}

#[test]
fn a_record_is_contradicted_by_words_with_two_meanings_too() {
    let line = "We go live on 03/04/2026.";
    let talk = chat(&[("dana", line)]);
    let settled = |day: &str| {
        settle_beside(&talk, "go_live_date", &[(1, line, "03/04/2026")], &json!({"go_live_date": day}), &[])
    };
    // Neither meaning is what the record says.
    let brief = settled("2026-07-15");
    assert_ne!(brief.state, FieldState::Found, "{brief:?}");
    assert!(brief.candidates.iter().any(|candidate| candidate.value == json!("2026-04-03")), "{brief:?}");
}

#[test]
fn a_record_is_contradicted_by_what_our_side_heard() {
    let line = "The customer start is July 15, 2026.";
    let talk = chat(&[("marcus", line)]);
    let record = json!({"customer_go_live": "2026-06-01"});
    let brief = settle_beside(&talk, "customer_go_live", &[(1, line, "July 15, 2026")], &record, &[]);
    assert_ne!(brief.state, FieldState::Found, "{brief:?}");
}

#[test]
fn junk_in_the_record_says_nothing() {
    for junk in ["TBD", "n/a", "-", "unknown", "--None--", "???", "Go live date"] {
        let brief = against(json!({"go_live_date": junk}));
        assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{junk}: {brief:?}");
        let brief = record_alone("go_live_date", json!({"go_live_date": junk}));
        assert_eq!((brief.state, &brief.value), (FieldState::Missing, &Json::Null), "{junk}: {brief:?}");
        let brief = record_alone("customer_name", json!({"customer_name": junk}));
        assert!(brief.state == FieldState::Missing || junk == "Go live date", "{junk}: {brief:?}");
    }
}

#[test]
fn an_empty_property_is_no_property() {
    for empty in [json!(""), json!("   "), Json::Null] {
        let brief = record_alone("go_live_date", json!({"go_live_date": empty}));
        assert_eq!((brief.state, brief.record.is_some()), (FieldState::Missing, false), "{brief:?}");
    }
}

#[test]
fn what_cannot_be_read_is_invalid_unless_a_source_knows() {
    let check = |key: &str, value: Json| {
        let brief = record_alone(key, json!({key: value}));
        assert_eq!((brief.state, &brief.value), (FieldState::Invalid, &Json::Null), "{key}: {brief:?}");
        assert!(brief.reason.is_some() && brief.record.is_some());
    };
    check("go_live_date", json!("when the moon is full"));
    check("go_live_date", json!("2026-02-31"));
    check("user_count", json!("a lot"));
    check("billing_cycle", json!("fortnightly"));
    check("technical_email", json!("kim at northwind"));
    check("sso", json!("perhaps"));
    check("go_live_date", json!({"nested": "2026-07-15"}));
    let brief = against(json!({"go_live_date": "2026-02-31"}));
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{brief:?}");
}

#[test]
fn what_was_handed_over_comes_before_the_record() {
    let talk = chat(&[("dana", "Hello.")]);
    let record = json!({"go_live_date": "2026-06-01"});
    let brief = settle_beside(&talk, "go_live_date", &[], &record, &[("go_live_date", "2026-07-15")]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")));
    assert_eq!(brief.record.unwrap().source, "known");
}

#[test]
fn nothing_handed_over_does_not_hide_the_record() {
    let talk = chat(&[("dana", "Hello.")]);
    let record = json!({"go_live_date": "2026-06-01"});
    for junk in ["", "  "] {
        let brief = settle_beside(&talk, "go_live_date", &[], &record, &[("go_live_date", junk)]);
        assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-06-01")), "{junk:?}: {brief:?}");
    }
}

#[test]
fn the_currency_of_a_record_stands_in_its_own_property() {
    let money = |amount: &str, currency: Json| json!({"amount": amount, "currency": currency});
    let code = |code: &str| json!({"contract_value": "86400", "deal_currency_code": code});
    check_alone("contract_value", code("USD"), money("86400", json!("USD")));
    check_alone("contract_value", code("eur"), money("86400", json!("EUR")));
    check_alone("contract_value", code("dollars"), money("86400", Json::Null));
    check_alone(
        "contract_value",
        json!({"contract_value": "€500", "deal_currency_code": "USD"}),
        money("500", json!("EUR")),
    );
    let line = "The contract value is €86,400.";
    let talk = chat(&[("dana", line)]);
    let brief = settle_beside(&talk, "contract_value", &[(1, line, "€86,400")], &code("USD"), &[]);
    assert_eq!(brief.state, FieldState::Conflicting, "{brief:?}");
    let brief = settle_beside(&talk, "contract_value", &[(1, line, "€86,400")], &code("EUR"), &[]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &money("86400", json!("EUR"))));
}

#[test]
fn an_amount_without_currency_takes_the_one_that_the_record_names() {
    let line = "The contract value is 86,400.";
    let talk = chat(&[("dana", line)]);
    let record = json!({"contract_value": "86400", "deal_currency_code": "USD"});
    let brief = settle_beside(&talk, "contract_value", &[(1, line, "86,400")], &record, &[]);
    assert_eq!(brief.state, FieldState::Found);
    assert_eq!(brief.value, json!({"amount": "86400", "currency": "USD"}), "{brief:?}");
}

#[test]
fn days_in_milliseconds_are_days() {
    check_alone("go_live_date", json!({"go_live_date": "1784073600000"}), json!("2026-07-15"));
    check_alone("go_live_date", json!({"go_live_date": 1_784_073_600_000_i64}), json!("2026-07-15"));
    let brief = record_alone("go_live_date", json!({"go_live_date": "9999999999999999"}));
    assert_eq!(brief.state, FieldState::Invalid, "{brief:?}");
    // For a number it is a number.
    check_alone("user_count", json!({"user_count": "1784073600000"}), json!(1_784_073_600_000_i64));
}

#[test]
fn choices_of_many_are_a_list() {
    check_alone("regions", json!({"regions": "europe;asia"}), json!(["europe", "asia"]));
    let brief = record_alone("regions", json!({"regions": "europe;atlantis"}));
    assert_ne!(brief.state, FieldState::Found, "{brief:?}");
    let line = "The regions are Asia and America.";
    let talk = chat(&[("dana", line)]);
    let claims = [(1, line, "asia"), (1, line, "america")];
    let brief = settle_beside(&talk, "regions", &claims, &json!({"regions": "europe;asia"}), &[]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!(["asia", "america"])), "{brief:?}");
}

#[test]
fn a_list_in_json_is_no_junk() {
    check_alone("regions", json!({"regions": ["Europe", "Asia"]}), json!(["europe", "asia"]));
    check_alone("systems", json!({"systems": ["Ledgerly", "Shipfox"]}), json!(["Ledgerly", "Shipfox"]));
}

#[test]
fn an_exact_record_beside_words_too_vague_for_the_field_stands() {
    let yaml =
        crate::talk::FIELDS.replace("key: go_live_date, type: date,", "key: go_live_date, type: date, specific: true,");
    let route = crate::talk::load(&yaml);
    for (line, raw) in [("We go live in July 2026.", "July 2026"), ("We go live soon.", "soon")] {
        let talk = chat(&[("dana", line)]);
        let claims = [crate::talk::claim("go_live_date", &[(1, line)], raw, raw)];
        let grounded = crate::talk::ground(&talk, &route, &claims);
        let own: Vec<_> = grounded.iter().collect();
        let field = route.field("go_live_date").unwrap();
        let alone = baton::resolution::resolve(field, &own, None);
        assert_eq!((alone.state, &alone.value), (FieldState::Vague, &Json::Null), "{line}: {alone:?}");
    }
}

#[test]
fn a_day_inside_a_month_contradicts_nothing() {
    let line = "We go live in July 2026.";
    let talk = chat(&[("dana", line)]);
    let record = json!({"go_live_date": "2026-07-15"});
    let brief = settle_beside(&talk, "go_live_date", &[(1, line, "July 2026")], &record, &[]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{brief:?}");
    // An exact day said later than a month is the month's day.
    let talk = chat(&[("dana", line), ("tom", JULY)]);
    let brief =
        settle_beside(&talk, "go_live_date", &[(1, line, "July 2026"), (2, JULY, "July 15, 2026")], &json!({}), &[]);
    assert_eq!((brief.state, &brief.value), (FieldState::Found, &json!("2026-07-15")), "{brief:?}");
}
