//! Questions and offers, who says yes to them, and what such a yes may settle.

use baton::conversation::Side;
use baton::grounding::Standing;
use serde_json::json;

use crate::sheet::Sheet;
use crate::talk::{chat, claim, fields, ground, mail, read};

const ASKED: &str = "Is the customer start July 15, 2026?";
const DAY: (&str, &str, &str) = ("customer_go_live", "July 15, 2026", "2026-07-15");

#[test]
fn an_offer_of_ours_is_not_the_customers_choice() {
    let talk = chat(&[
        ("marcus", "We can do the premium plan for you."),
        ("dana", "Let me think about it."),
        ("marcus", "The customer start is July 15, 2026."),
        ("marcus", "Your data stays in Frankfurt."),
        ("marcus", "You want our login service."),
    ]);
    let mut sheet = Sheet::default();
    sheet.waits(
        &talk,
        ("payment_plan", "premium", "premium"),
        &[(1, "We can do the premium plan for you.")],
        json!("premium"),
    );
    sheet.waits(&talk, DAY, &[(3, "The customer start is July 15, 2026.")], json!("2026-07-15"));
    sheet.waits(
        &talk,
        ("residency", "Frankfurt", "Frankfurt"),
        &[(4, "Your data stays in Frankfurt.")],
        json!("Frankfurt"),
    );
    sheet.waits(&talk, ("customer_sso", "", "true"), &[(5, "You want our login service.")], json!(true));
    sheet.done();
}

#[test]
fn a_yes_by_the_other_side_makes_the_question_theirs() {
    let talk = chat(&[("marcus", ASKED), ("dana", "Yes, exactly.")]);
    let grounded = ground(&talk, &fields(), &[claim(DAY.0, &[(1, ASKED), (2, "Yes, exactly.")], DAY.1, DAY.2)]);
    assert_eq!(grounded[0].standing, Standing::Supported, "{grounded:?}");
    assert_eq!(grounded[0].side, Side::Theirs);
    assert_eq!(grounded[0].speaker.as_deref(), Some("Dana Whitfield"));
    assert_eq!(grounded[0].evidence.len(), 2);
    let other_order = ground(&talk, &fields(), &[claim(DAY.0, &[(2, "Yes, exactly."), (1, ASKED)], DAY.1, DAY.2)]);
    assert_eq!(other_order[0].standing, Standing::Supported, "{other_order:?}");
}

#[test]
fn a_question_without_a_yes_of_somebody_else_never_stands() {
    let mut sheet = Sheet::default();
    let mut falls = |answer: (&str, &str), quote: &str| {
        let talk = chat(&[("marcus", ASKED), answer]);
        sheet.falls(&talk, DAY, &[(1, ASKED), (2, quote)]);
        sheet.falls(&talk, DAY, &[(2, quote), (1, ASKED)]);
        sheet.falls(&talk, DAY, &[(1, ASKED)]);
        sheet.falls(&talk, DAY, &[(1, "customer start July 15, 2026")]);
    };
    falls(("dana", "No, later."), "No, later.");
    falls(("dana", "I will ask."), "I will ask.");
    falls(("dana", "Yes, but only if legal signs."), "Yes, but only if legal signs.");
    falls(("dana", "Maybe yes."), "Maybe yes.");
    falls(("dana", "Yes?"), "Yes?");
    falls(("marcus", "Yes, exactly."), "Yes, exactly.");
    falls(("priya", "Yes, exactly."), "Yes, exactly.");
    falls(("stranger", "Yes, exactly."), "Yes, exactly.");
    sheet.done();
}

#[test]
fn a_cut_yes_is_judged_by_its_whole_sentence() {
    let mut sheet = Sheet::default();
    let mut falls = |answer: &str| {
        let talk = chat(&[("marcus", ASKED), ("dana", answer)]);
        sheet.falls(&talk, DAY, &[(1, ASKED), (2, "Yes")]);
    };
    falls("Yes, but only if legal signs.");
    falls("Yes and no.");
    falls("I can't say Yes to that.");
    sheet.done();
}

#[test]
fn a_yes_to_something_else_confirms_nothing() {
    let mut sheet = Sheet::default();
    let later = chat(&[
        ("marcus", ASKED),
        ("dana", "I will ask my boss."),
        ("marcus", "Did you see the match yesterday?"),
        ("dana", "Yes, exactly."),
    ]);
    sheet.falls(&later, DAY, &[(1, ASKED), (4, "Yes, exactly.")]);
    sheet.falls(&later, DAY, &[(4, "Yes, exactly."), (1, ASKED)]);
    let before =
        chat(&[("priya", "Can you hear me?"), ("dana", "Yes, exactly."), ("marcus", ASKED), ("dana", "No, not yet.")]);
    sheet.falls(&before, DAY, &[(3, ASKED), (2, "Yes, exactly.")]);
    let offer = chat(&[
        ("marcus", "We can do the premium plan for you."),
        ("dana", "Too much for us, I fear."),
        ("priya", "Shall we meet on Monday?"),
        ("dana", "Yes, exactly."),
    ]);
    sheet.falls(
        &offer,
        ("payment_plan", "premium", "premium"),
        &[(1, "We can do the premium plan for you."), (4, "Yes, exactly.")],
    );
    sheet.done();
}

#[test]
fn a_flag_is_answered_by_the_answer_to_its_own_question() {
    let talk = chat(&[
        ("marcus", "Do you need single sign-on?"),
        ("dana", "Yes, please."),
        ("marcus", "Do you use our login service?"),
        ("dana", "No, thanks."),
        ("marcus", "Is it raining over there?"),
        ("dana", "Yes, a lot."),
    ]);
    let mut sheet = Sheet::default();
    sheet.stands(&talk, ("sso", "", "true"), &[(2, "Yes, please."), (1, "Do you need single sign-on?")], json!(true));
    sheet.stands(
        &talk,
        ("customer_sso", "", "false"),
        &[(4, "No, thanks."), (3, "Do you use our login service?")],
        json!(false),
    );
    sheet.falls(&talk, ("sso", "", "false"), &[(2, "Yes, please."), (1, "Do you need single sign-on?")]);
    sheet.falls(&talk, ("customer_sso", "", "true"), &[(4, "No, thanks."), (3, "Do you use our login service?")]);
    sheet.done();
}

#[test]
fn a_flag_is_not_answered_by_any_yes() {
    let talk = chat(&[
        ("marcus", "Do you use our login service?"),
        ("dana", "I have to ask."),
        ("marcus", "Is it raining over there?"),
        ("dana", "Yes, a lot."),
        ("dana", "Thanks for the call."),
    ]);
    let mut sheet = Sheet::default();
    let flag = ("customer_sso", "", "true");
    sheet.falls(&talk, flag, &[(4, "Yes, a lot."), (3, "Is it raining over there?")]);
    sheet.falls(&talk, flag, &[(4, "Yes, a lot."), (1, "Do you use our login service?")]);
    sheet.falls(&talk, flag, &[(4, "Yes, a lot."), (4, "Yes, a lot.")]);
    sheet.falls(&talk, flag, &[(4, "Yes, a lot."), (5, "Thanks for the call.")]);
    sheet.falls(&talk, flag, &[(4, "Yes, a lot.")]);
    sheet.done();
}

#[test]
fn nobody_answers_their_own_question() {
    let talk = chat(&[
        ("marcus", "Do you need single sign-on?"),
        ("marcus", "Yes, I guess you do."),
        ("marcus", "Yes, sure."),
    ]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("sso", "", "true"), &[(2, "Yes, I guess you do."), (1, "Do you need single sign-on?")]);
    sheet.falls(&talk, ("sso", "", "true"), &[(3, "Yes, sure."), (1, "Do you need single sign-on?")]);
    sheet.done();
}

#[test]
fn a_yes_to_a_negative_question_is_not_a_yes() {
    let mut sheet = Sheet::default();
    let mut falls = |question: &str, answer: &str, value: &str| {
        let talk = chat(&[("marcus", question), ("dana", answer)]);
        sheet.falls(&talk, ("sso", "", value), &[(2, answer), (1, question)]);
    };
    falls("So you don't need single sign-on, right?", "Right.", "true");
    falls("So you do not need single sign-on?", "Correct.", "true");
    falls("You can live without single sign-on?", "Yes.", "true");
    falls("Single sign-on is not needed, is it?", "No.", "true");
    falls("Single sign-on is not needed, is it?", "No.", "false");
    falls("You don't want single sign-on, do you?", "No.", "true");
    falls("No single sign-on then?", "No.", "true");
    falls("Could you go without single sign-on?", "No.", "false");
    sheet.done();
}

#[test]
fn the_answer_of_a_mail_stands_under_the_quoted_question() {
    let body = "Hi Marcus,\n\nOn Mon, 2 Mar 2026 at 09:00, Marcus Lee <marcus@acme.example> wrote:\n> Is the customer start July 15, 2026?\n\nYes, exactly.\n\nDana";
    let talk = read(vec![mail("one.eml", "marcus", 2, ASKED), mail("two.eml", "dana", 3, body)]);
    let mut sheet = Sheet::default();
    sheet.stands(&talk, DAY, &[(1, ASKED), (2, "Yes, exactly.")], json!("2026-07-15"));
    // The question alone, in the customer's mail, is still a question of ours.
    sheet.falls(&talk, DAY, &[(2, ASKED)]);
    sheet.falls(&talk, DAY, &[(2, "customer start July 15, 2026")]);
    sheet.done();
}
