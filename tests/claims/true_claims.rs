//! What was said and claimed as it was said stands, in every type.

use baton::conversation::Conversation;
use serde_json::json;

use crate::sheet::Sheet;
use crate::talk::{chat, fields, ground, mail, read};

/// One true sentence for each type of field.
fn one_of_each() -> Conversation {
    chat(&[
        ("dana", "Our company name is Northwind Logistics."),
        ("dana", "The goal is to ship every order on the same day."),
        ("dana", "We go live on July 15, 2026."),
        ("dana", "The training is on April 7, 2026 at 2 pm."),
        ("dana", "The contract runs 24 months."),
        ("dana", "The contract value is $86,400."),
        ("dana", "We need 120 users on the first day."),
        ("dana", "The technical contact is kim.lund@northwind.example."),
        ("dana", "Call me at +44 20 7946 0958 in the morning."),
        ("dana", "Our portal is https://portal.northwind.example/start today."),
        ("dana", "The billing contact is Tom Reed."),
        ("dana", "Billing is quarterly for us."),
        ("dana", "We need single sign-on from the start."),
        ("dana", "Please connect Ledgerly and Shipfox."),
        ("dana", "The regions are Europe and Asia."),
        ("dana", "Our data must stay in Frankfurt."),
    ])
}

#[test]
fn true_claims_of_every_type_stand() {
    let talk = one_of_each();
    let mut sheet = Sheet::default();
    let mut check = |field, raw, value, message, quote, expected| {
        sheet.stands(&talk, (field, raw, value), &[(message, quote)], expected)
    };
    check(
        "customer_name",
        "Northwind Logistics",
        "Northwind Logistics",
        1,
        "Our company name is Northwind Logistics",
        json!("Northwind Logistics"),
    );
    check(
        "goals",
        "",
        "same-day shipping",
        2,
        "The goal is to ship every order on the same day.",
        json!("The goal is to ship every order on the same day."),
    );
    check("go_live_date", "July 15, 2026", "2026-07-15", 3, "We go live on July 15, 2026.", json!("2026-07-15"));
    check("go_live_date", "", "2026-07-15", 3, "go live on July 15, 2026", json!("2026-07-15"));
    check(
        "training_at",
        "April 7, 2026 at 2 pm",
        "2026-04-07T14:00",
        4,
        "The training is on April 7, 2026 at 2 pm.",
        json!("2026-04-07T14:00:00Z"),
    );
    check("term", "24 months", "P24M", 5, "The contract runs 24 months.", json!("P24M"));
    check(
        "contract_value",
        "$86,400",
        "86400 USD",
        6,
        "The contract value is $86,400.",
        json!({"amount": "86400", "currency": "USD"}),
    );
    check("user_count", "120", "120", 7, "We need 120 users", json!(120));
    check(
        "technical_email",
        "kim.lund@northwind.example",
        "kim.lund@northwind.example",
        8,
        "The technical contact is kim.lund@northwind.example.",
        json!("kim.lund@northwind.example"),
    );
    check("phone", "+44 20 7946 0958", "+442079460958", 9, "Call me at +44 20 7946 0958", json!("+442079460958"));
    check(
        "portal",
        "https://portal.northwind.example/start",
        "https://portal.northwind.example/start",
        10,
        "Our portal is https://portal.northwind.example/start",
        json!("https://portal.northwind.example/start"),
    );
    check("billing_contact", "Tom Reed", "Tom Reed", 11, "The billing contact is Tom Reed.", json!("Tom Reed"));
    check("billing_cycle", "quarterly", "quarterly", 12, "Billing is quarterly for us.", json!("quarterly"));
    check("sso", "", "true", 13, "We need single sign-on from the start.", json!(true));
    check("systems", "Ledgerly", "Ledgerly", 14, "Please connect Ledgerly and Shipfox.", json!("Ledgerly"));
    check("regions", "Asia", "asia", 15, "The regions are Europe and Asia.", json!("asia"));
    check("residency", "Frankfurt", "Frankfurt", 16, "Our data must stay in Frankfurt.", json!("Frankfurt"));
    sheet.done();
}

#[test]
fn differences_of_writing_do_not_matter() {
    let talk = chat(&[
        ("dana", "Well, um, we go live on July 15, 2026 with “forty” seats."),
        ("dana", "Our company name is Northwind Logistics, and the portal opens soon."),
    ]);
    let mut sheet = Sheet::default();
    let mut check = |quote, value| {
        sheet.stands(&talk, ("go_live_date", "July 15, 2026", value), &[(1, quote)], json!("2026-07-15"))
    };
    check("WE GO LIVE ON JULY 15, 2026", "2026-07-15");
    check("“we go live on July 15, 2026”", "2026-07-15");
    check("  we go live on July 15, 2026  ", "2026-07-15");
    check("> we go live on July 15, 2026", "2026-07-15");
    check("Well, we go live on July 15, 2026 with \"forty\" seats", "2026-07-15");
    check("we go live on July 15, 2026", "15 July 2026");
    sheet.done();
}

#[test]
fn the_evidence_carries_author_time_and_place() {
    let talk = read(vec![mail("one.eml", "dana", 3, "Hello,\n\nWe go live on July 15, 2026.\n\nDana")]);
    let claims =
        [crate::talk::claim("go_live_date", &[(1, "go live on July 15, 2026")], "July 15, 2026", "2026-07-15")];
    let grounded = ground(&talk, &fields(), &claims);
    let evidence = &grounded[0].evidence[0];
    assert_eq!(evidence.source, "one.eml");
    assert_eq!(evidence.author.as_deref(), Some("Dana Whitfield"));
    assert_eq!(evidence.at.unwrap().to_string(), "2026-03-03T09:00:00Z");
    assert_eq!(&talk.messages[0].text[evidence.start.unwrap()..evidence.end.unwrap()], "go live on July 15, 2026");
}

#[test]
fn a_call_can_be_quoted_like_a_mail() {
    let call = "Date: March 4, 2026\n\nMarcus Lee: When do you want to go live?\nDana Whitfield: We go live on July 15, 2026.\n\
                Marcus Lee: Great.\n";
    let talk = read(vec![crate::talk::input("call.txt", call), mail("one.eml", "dana", 3, "Hello Marcus.")]);
    let at = talk.messages.iter().find(|message| message.text.contains("July 15")).unwrap().id.0;
    let mut sheet = Sheet::default();
    let quote = [(at, "We go live on July 15, 2026.")];
    sheet.stands(&talk, ("go_live_date", "July 15, 2026", "2026-07-15"), &quote, json!("2026-07-15"));
    // The words are another field's; this one is not named in the call.
    sheet.falls(&talk, ("customer_go_live", "July 15, 2026", "2026-07-15"), &quote);
    sheet.done();
}

#[test]
fn the_author_line_is_evidence() {
    let talk = read(vec![mail("one.eml", "dana", 3, "I am the technical contact on our side.")]);
    let mut sheet = Sheet::default();
    let mut check = |field, value, quote, expected| sheet.stands(&talk, (field, value, value), &[(1, quote)], expected);
    check("technical_contact", "Dana Whitfield", "Dana Whitfield", json!("Dana Whitfield"));
    check("technical_email", "dana@northwind.example", "dana@northwind.example", json!("dana@northwind.example"));
    sheet.done();
}

#[test]
fn marks_around_an_author_line_are_the_readers() {
    let talk = read(vec![mail("one.eml", "dana", 3, "I am the technical contact on our side.")]);
    let mut sheet = Sheet::default();
    let mut check = |field, value, quote, expected| sheet.stands(&talk, (field, value, value), &[(1, quote)], expected);
    check("technical_contact", "Dana Whitfield", "\"Dana Whitfield\"", json!("Dana Whitfield"));
    check("technical_contact", "Dana Whitfield", "- Dana Whitfield", json!("Dana Whitfield"));
    sheet.done();
}
