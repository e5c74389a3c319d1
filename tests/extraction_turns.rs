//! What is told across turns, sentences and files: days by their number, sums,
//! answers that are nothing but a name, problems in two sentences, lists of who
//! sits at the table, and what belongs to somebody else. Every sentence here is
//! made up for it and stands in no sample.

use baton::brief::{Brief, FieldState};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route;
use serde_json::{Value as Json, json};

const SALES: &str = "sales-to-onboarding";
const LEADS: &str = "marketing-to-sales";
const ORDERS: &str = "ops-to-fulfillment";
const TICKETS: &str = "success-to-support";

/// A mail by the customer, which tells whose house is whose.
const HELLO: (&str, &str) = (
    "01.eml",
    "From: Ida Renn <ida.renn@moorfield-tools.example>\r\nTo: max.ott@acme.example\r\nSubject: words\r\nMessage-ID: <1@x.example>\r\nDate: Mon, 2 Mar 2026 08:00:00 +0000\r\n\r\nHello Max, we shall talk.\r\n",
);
const REPLY: (&str, &str) = (
    "02.eml",
    "From: Max Ott <max.ott@acme.example>\r\nTo: ida.renn@moorfield-tools.example\r\nSubject: words\r\nMessage-ID: <2@x.example>\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n\r\nGladly, Ida.\r\n",
);

fn read(route_id: &str, files: &[(&str, &str)]) -> Brief {
    let (file, text) = route::shipped().iter().find(|(file, _)| file.starts_with(route_id)).unwrap();
    let route = route::load(file, text).unwrap();
    let given = [HELLO, REPLY].into_iter().chain(files.iter().copied());
    let inputs = given.map(|(name, text)| Input {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
        kind: None,
        format: None,
    });
    let conversation = intake::read(inputs.collect(), &Options::of(&["acme.example".to_owned()]));
    let as_of = "2026-03-04T12:00:00Z".parse().unwrap();
    pipeline::run(Request { route: &route, conversation, known: &[], as_of }).brief
}

fn says(route: &str, file: (&str, &str), key: &str, expected: Json) {
    let brief = read(route, &[file]);
    let field = brief.fields.find(key).unwrap();
    assert_eq!((field.state, &field.value), (FieldState::Found, &expected), "{key} of {file:?}: {field:#?}");
}

fn call(turns: &str) -> String {
    format!(
        "Call, 3 March 2026, 10:00\nMax Ott (Acme), Ida Renn (Moorfield Tools)\n\nMax Ott: Good morning, Ida.\nIda Renn: Good morning to you.\n{turns}\n"
    )
}

/// A call of 3 March between both sides.
fn in_call(route: &str, turns: &str, key: &str, expected: Json) {
    let text = call(turns);
    says(route, ("call.txt", &text), key, expected);
}

fn open(route: &str, file: (&str, &str), key: &str) {
    let brief = read(route, &[file]);
    let field = brief.fields.find(key).unwrap();
    assert_ne!(field.state, FieldState::Found, "{key} of {file:?}: {field:#?}");
}

#[test]
fn days_are_told_by_their_number() {
    in_call(
        TICKETS,
        "Ida Renn: We need this working by Friday the 13th, please.\nMax Ott: Understood.",
        "needed_by",
        json!("2026-03-13"),
    );
    in_call(
        ORDERS,
        "Max Ott: It leaves our dock on Thursday the 12th.\nIda Renn: Fine.",
        "ship_date",
        json!("2026-03-12"),
    );
    in_call(
        ORDERS,
        "Ida Renn: We need it here by Monday week, please.",
        "requested_delivery_date",
        json!("2026-03-16"),
    );
    in_call(
        ORDERS,
        "Ida Renn: We need it here by Monday week, so the 16th of March.",
        "requested_delivery_date",
        json!("2026-03-16"),
    );
}

#[test]
fn an_answer_to_how_many_may_lead_up_to_its_figure() {
    in_call(
        TICKETS,
        "Max Ott: How many people are affected?\nIda Renn: Thirteen graders at the moment, the others notice nothing.",
        "users_affected",
        json!(13),
    );
    in_call(
        SALES,
        "Max Ott: How many people need a login?\nIda Renn: Logins for 7 of us upstairs and 4 in the mill, so 11.",
        "user_count",
        json!(11),
    );
}

#[test]
fn whoever_answers_me_means_themselves() {
    in_call(
        TICKETS,
        "Max Ott: Who will be the technical contact?\nIda Renn: That'll be me.",
        "technical_contact",
        json!("Ida Renn"),
    );
}

#[test]
fn a_problem_may_take_two_sentences() {
    in_call(
        TICKETS,
        "Ida Renn: Each crate should be weighed once at the gate. Instead it is weighed at both gates.",
        "problem_summary",
        json!("Each crate should be weighed once at the gate. Instead it is weighed at both gates."),
    );
    // That there is one tells nobody what it is.
    let call = call("Ida Renn: We have a problem with the Crate Weigher.");
    open(TICKETS, ("call.txt", &call), "problem_summary");
}

#[test]
fn names_that_open_an_answer_are_names() {
    in_call(
        SALES,
        "Max Ott: Which systems must be connected?\nIda Renn: Two things. Larchbook for the money, and Tidemark, which has the crates.",
        "integrations",
        json!(["Larchbook", "Tidemark"]),
    );
    // Small talk under the same question is none.
    let call = call("Max Ott: Which systems must be connected?\nIda Renn: Cheers, Max.");
    open(SALES, ("call.txt", &call), "integrations");
}

#[test]
fn what_people_are_on_now_is_what_they_use() {
    in_call(LEADS, "Ida Renn: We're on CrateKeeper now, sadly.", "current_solution", json!("CrateKeeper"));
    in_call(LEADS, "Ida Renn: At present it's all in CrateKeeper.", "current_solution", json!("CrateKeeper"));
}

#[test]
fn a_head_tells_whose_people_speak() {
    let call = |head: &str| {
        format!(
            "Review, 3 March 2026\n{head}\n\nMax Ott: Hello.\nNoor Vale: Good morning.\nMax Ott: What brings you here?\nNoor Vale: We need this fixed by 20 March 2026.\nMax Ott: I noted it.\n"
        )
    };
    says(TICKETS, ("call.txt", &call("Max Ott (Acme), Noor Vale (Moorfield Tools)")), "needed_by", json!("2026-03-20"));
    says(
        TICKETS,
        ("call.txt", &call("Present: Noor Vale (grader, Moorfield Tools), Max Ott (Acme)")),
        "needed_by",
        json!("2026-03-20"),
    );
    open(TICKETS, ("call.txt", &call("Max Ott, Noor Vale")), "needed_by");
    // A house that nobody writes from is nobody's.
    open(TICKETS, ("call.txt", &call("Max Ott (Acme), Noor Vale (Third House)")), "needed_by");
}

#[test]
fn colleagues_in_a_chat_of_ours_speak_for_us() {
    let chat = |second: &str| {
        format!(
            r#"[{{"type":"message","user":"U1","ts":"1772530000.000100","text":"is Moorfield ok?","user_profile":{{"real_name":"Max Ott"}}}},
            {{"type":"message","user":"U2","ts":"1772530060.000100","text":"The payment is in, finance has released it.","user_profile":{{"real_name":"{second}"}}}}]"#
        )
    };
    says(ORDERS, ("chat.json", &chat("Gus Lind")), "payment_cleared", json!(true));
    // Where one of theirs speaks as well, nobody is taken for a colleague.
    open(ORDERS, ("chat.json", &chat("Ida Renn")), "payment_cleared");
}

#[test]
fn a_note_is_its_writers() {
    let note = |head: &str| format!("{head}\n\nThey are on the business plan.\n");
    says(TICKETS, ("note.txt", &note("Note for support, Max Ott, 3 March 2026")), "support_plan", json!("business"));
    open(TICKETS, ("note.txt", &note("Note for support, Ida Renn, 3 March 2026")), "support_plan");
}

#[test]
fn what_one_of_us_keeps_of_others_is_not_this_handoffs() {
    for words in ["Larkmoor Stone: 40 pallets, ready", "for Larkmoor Stone (A-60431): 40 pallets"] {
        let chat = format!(
            r#"[{{"type":"message","user":"U1","ts":"1772530000.000100","text":"{words}","user_profile":{{"real_name":"Max Ott"}}}}]"#
        );
        open(ORDERS, ("chat.json", &chat), "pallet_count");
    }
}

#[test]
fn an_address_needs_no_words_about_it() {
    in_call(
        ORDERS,
        "Ida Renn: The new hall is at Unit 4, Kiln Road, Moorfield ST4 9QJ, behind the mill.",
        "ship_to_address",
        json!("Unit 4, Kiln Road, Moorfield ST4 9QJ, behind the mill"),
    );
    let call = call("Ida Renn: Invoices go to Unit 4, Kiln Road, Moorfield ST4 9QJ.");
    open(ORDERS, ("call.txt", &call), "ship_to_address");
}
