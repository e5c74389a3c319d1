//! Sentences that say something else than they seem to, read by rule from mail
//! to brief: a field may stay open, but it must not be filled with this.

use baton::brief::FieldState;
use serde_json::{Value as Json, json};

use crate::talk::{field, fields, input, mail, read, run};

/// None of the mails, one a day and all by the customer, may settle `key` as `wrong`.
fn check_not(key: &str, wrong: Json, mails: &[(&str, &str)]) {
    let inputs = mails
        .iter()
        .enumerate()
        .map(|(at, (who, text))| mail(&format!("{at}.eml"), who, 3 + at as u32, text))
        .collect();
    let outcome = run(&fields(), read(inputs));
    let got = field(&outcome, key);
    assert!(got.state != FieldState::Found || got.value != wrong, "{mails:?}: {got:?}");
}

#[test]
fn one_of_two_days_is_not_the_day() {
    let text = "We go live on June 1, 2026 or July 15, 2026.";
    check_not("go_live_date", json!("2026-06-01"), &[("dana", text)]);
    check_not("go_live_date", json!("2026-07-15"), &[("dana", text)]);
}

#[test]
fn as_you_know_corrects_nobody() {
    let mails = [("dana", "We go live on June 1, 2026."), ("tom", "As you know we go live on July 15, 2026.")];
    check_not("go_live_date", json!("2026-07-15"), &mails);
}

#[test]
fn a_bound_is_not_a_count() {
    check_not("user_count", json!(500), &[("dana", "We have fewer than 500 users.")]);
}

#[test]
fn a_bound_is_not_an_amount() {
    let wrong = json!({"amount": "86400", "currency": "USD"});
    check_not("contract_value", wrong, &[("dana", "The contract value stays under $86,400.")]);
}

#[test]
fn nothing_decided_is_not_a_no() {
    let route_cue = |line: &str| check_sso(line, json!(false));
    route_cue("No decision on SSO yet.");
    route_cue("Nobody told me about SSO.");
    route_cue("We have not decided on SSO.");
}

#[test]
fn the_need_of_somebody_else_is_not_a_yes() {
    check_sso("Freightly says they need SSO.", json!(true));
}

fn check_sso(line: &str, wrong: Json) {
    check_not("sso", wrong, &[("dana", line)]);
}

#[test]
fn the_choice_that_is_left_is_not_the_choice() {
    check_not("billing_cycle", json!("monthly"), &[("dana", "We move billing from monthly to quarterly.")]);
}

#[test]
fn what_was_cancelled_is_not_planned() {
    let text = "We planned to go live on July 15, 2026, but that was cancelled.";
    check_not("go_live_date", json!("2026-07-15"), &[("dana", text)]);
}

#[test]
fn according_to_somebody_is_not_a_statement() {
    let text = "According to the reseller, we go live on July 15, 2026.";
    check_not("go_live_date", json!("2026-07-15"), &[("dana", text)]);
}

#[test]
fn what_is_scratched_in_the_next_sentence_is_gone() {
    let text = "We go live on July 15, 2026. No, scratch that.";
    check_not("go_live_date", json!("2026-07-15"), &[("dana", text)]);
}

#[test]
fn two_places_are_not_one() {
    let mails = [("dana", "Our data must stay in Frankfurt."), ("tom", "Our data must stay in Frankfurt or Dublin.")];
    check_not("residency", json!("Frankfurt or Dublin"), &mails);
    check_not("residency", json!("Frankfurt"), &mails);
}

#[test]
fn the_record_does_not_win_against_a_day_with_two_meanings() {
    let record = input("deal.json", r#"{"go_live_date": "2026-07-15", "dealname": "Northwind"}"#);
    let outcome = run(&fields(), read(vec![mail("one.eml", "dana", 3, "We go live on 03/04/2026."), record]));
    let got = field(&outcome, "go_live_date");
    assert_ne!(got.state, FieldState::Found, "{got:?}");
}
