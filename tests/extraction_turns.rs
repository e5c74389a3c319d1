//! What is told across turns, sentences and files: days by their number, sums,
//! answers that are nothing but a name, problems in two sentences, and what
//! belongs to somebody else. Every sentence here is
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

/// None of these turns of the call fills the field.
fn never(route: &str, key: &str, all: &[&str]) {
    let filled: Vec<&&str> = all
        .iter()
        .filter(|turns| {
            let call = call(turns);
            read(route, &[("call.txt", &call)]).fields.find(key).unwrap().state == FieldState::Found
        })
        .collect();
    assert!(filled.is_empty(), "{key} is filled by {filled:#?}");
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
    // How many are stuck tells nobody what goes wrong.
    let call_of_figures = call(
        "Max Ott: How many people are stuck with the problem?\nIda Renn: All the graders who dispense, that's 53 people over six mills.",
    );
    open(TICKETS, ("call.txt", &call_of_figures), "problem_summary");
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
fn what_one_of_us_keeps_of_others_is_not_this_handoffs() {
    for words in ["Larkmoor Stone: 40 pallets, ready", "for Larkmoor Stone (A-60431): 40 pallets"] {
        let chat = format!(
            r#"[{{"type":"message","user":"U1","ts":"1772530000.000100","text":"{words}","user_profile":{{"real_name":"Max Ott"}}}}]"#
        );
        open(ORDERS, ("chat.json", &chat), "pallet_count");
    }
}

#[test]
fn an_address_that_nothing_speaks_of_is_offered() {
    let call = call("Ida Renn: The new hall is at Unit 4, Kiln Road, Moorfield ST4 9QJ, behind the mill.");
    let brief = read(ORDERS, &[("call.txt", &call)]);
    let field = brief.fields.find("ship_to_address").unwrap();
    assert_eq!((field.state, field.candidates.len()), (FieldState::Missing, 1), "{field:#?}");
}

#[test]
fn a_day_by_its_number_is_doubted_like_every_other() {
    never(
        TICKETS,
        "needed_by",
        &[
            "Ida Renn: We do not need this working by Friday the 13th.",
            "Ida Renn: If the audit comes, we need this working by Friday the 13th.",
            "Ida Renn: Do we need this working by Friday the 13th?",
            "Ida Renn: Maybe we need this working by Friday the 13th.",
            "Max Ott: You need this working by Friday the 13th.",
            "Ida Renn: We need this working by the 13th gate.",
            "Ida Renn: Our neighbours said they need theirs working by Friday the 13th.",
        ],
    );
    // Weekday and number that never meet name no day.
    never(TICKETS, "needed_by", &["Ida Renn: We need this working by Friday the 14th, please."]);
    never(
        ORDERS,
        "ship_date",
        &["Ida Renn: It leaves your dock on Thursday the 12th, right?\nMax Ott: I have to look."],
    );
}

#[test]
fn an_answer_to_how_many_is_doubted_like_every_other() {
    never(
        TICKETS,
        "users_affected",
        &[
            "Max Ott: How many people are affected?\nIda Renn: Not thirteen, that is for sure.",
            "Max Ott: How many people are affected?\nIda Renn: If it spreads, thirteen graders.",
            "Max Ott: How many people are affected?\nIda Renn: Maybe thirteen graders.",
            "Max Ott: How many people are affected?\nIda Renn: Thirteen graders?",
            "Max Ott: How many people are affected?\nMax Ott: Thirteen graders, I saw.",
            "Max Ott: How many people are affected?\nIda Renn: At Larkmoor Stone it was thirteen graders.",
            "Max Ott: How many people are affected?\nIda Renn: Thirteen crates stand there.",
            "Max Ott: How many crates stand there?\nIda Renn: Thirteen of them.",
        ],
    );
    never(
        SALES,
        "user_count",
        &[
            "Max Ott: How many people need a login?\nIda Renn: 7 of us upstairs and 4 in the mill, so 11 if the mill joins.",
        ],
    );
}

#[test]
fn who_answers_me_may_mean_no() {
    never(
        TICKETS,
        "technical_contact",
        &[
            "Max Ott: Who will be the technical contact?\nIda Renn: Not me.",
            "Max Ott: Who will be the technical contact?\nIda Renn: Me?",
            "Max Ott: Who will be the technical contact?\nIda Renn: That'll be me if nobody else does it.",
            "Max Ott: Who will be the technical contact?\nIda Renn: Probably me.",
        ],
    );
}

#[test]
fn names_that_open_an_answer_may_be_refused() {
    let asked = |answer: &str| format!("Max Ott: Which systems must be connected?\nIda Renn: {answer}");
    let all =
        ["Not Larchbook.", "Larchbook?", "Larchbook, if finance pays for it.", "Maybe Larchbook.", "Larchbook, no."];
    let all: Vec<String> = all.iter().map(|answer| asked(answer)).collect();
    never(SALES, "integrations", &all.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn what_people_are_not_on_now_is_not_what_they_use() {
    never(
        LEADS,
        "current_solution",
        &[
            "Ida Renn: We're not on CrateKeeper now.",
            "Ida Renn: If we were on CrateKeeper now, we would not talk.",
            "Ida Renn: Are we on CrateKeeper now?",
            "Max Ott: We're on CrateKeeper now.",
            "Ida Renn: They're on CrateKeeper now, our neighbours.",
            "Ida Renn: We're on Monday now.",
        ],
    );
}

#[test]
fn an_address_that_is_denied_or_open_is_none() {
    let at = "Unit 4, Kiln Road, Moorfield ST4 9QJ";
    let all = [
        format!("Ida Renn: The hall is not at {at}."),
        format!("Ida Renn: If we move, the hall is at {at}."),
        format!("Ida Renn: Is the hall at {at}?"),
        format!("Max Ott: The hall is at {at}."),
        format!("Ida Renn: Our old hall was at {at}."),
        format!("Ida Renn: Our neighbours sit at {at}."),
    ];
    never(ORDERS, "ship_to_address", &all.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_wish_is_a_request_and_what_it_hangs_on_is_not() {
    in_call(LEADS, "Ida Renn: We would like a quote for the crates, please.", "request_type", json!("pricing"));
    never(
        LEADS,
        "request_type",
        &[
            "Ida Renn: We would not like a quote.",
            "Ida Renn: We would like a quote if the board agrees.",
            "Max Ott: Would you like a quote?",
            "Max Ott: I would like to send you a quote.",
            "Ida Renn: Would we like a quote?",
        ],
    );
}

#[test]
fn leave_that_hangs_on_something_is_none() {
    in_call(TICKETS, "Ida Renn: We consent to you logging in to our account.", "access_granted", json!(true));
    never(
        TICKETS,
        "access_granted",
        &[
            "Ida Renn: If legal signs, we consent to you logging in to our account.",
            "Ida Renn: Our graders log in with their own names.",
            "Ida Renn: The program says please log in again.",
            "Ida Renn: When I go into our account I see nothing.",
            "Max Ott: You have consent to log in, I think.",
            "Ida Renn: Nobody can access our account.",
        ],
    );
}

#[test]
fn that_goods_may_move_is_no_payment() {
    never(
        ORDERS,
        "payment_cleared",
        &[
            "Max Ott: The crates can ship on Thursday.",
            "Max Ott: The lorry may leave at noon.",
            "Max Ott: I have released the drawing.",
            "Max Ott: The drawing is released.",
            "Max Ott: Has finance released the order?",
            "Max Ott: If the money is in, finance has released it.",
        ],
    );
}

#[test]
fn a_longer_way_to_name_a_choice_is_no_other_way_to_settle_it() {
    in_call(SALES, "Ida Renn: Please send us a quarterly invoice.", "billing_cycle", json!("quarterly"));
    never(
        SALES,
        "billing_cycle",
        &[
            "Ida Renn: We do not want a quarterly invoice.",
            "Ida Renn: A quarterly invoice would be fine if finance agrees.",
            "Max Ott: Would a quarterly invoice suit you?",
            "Ida Renn: Rather a call than a quarterly invoice.",
        ],
    );
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
fn a_note_is_its_writers() {
    let note = |head: &str| format!("{head}\n\nThey are on the business plan.\n");
    says(TICKETS, ("note.txt", &note("Note for support, Max Ott, 3 March 2026")), "support_plan", json!("business"));
    open(TICKETS, ("note.txt", &note("Note for support, Ida Renn, 3 March 2026")), "support_plan");
}

#[test]
fn whom_one_of_us_calls_is_none_of_us() {
    let call = |first: &str| {
        format!(
            "Call, 3 March 2026\n\nMax Ott: {first}\nNoor Vale: Good morning.\nNoor Vale: We need this fixed by 20 March 2026.\nMax Ott: I noted it.\n"
        )
    };
    says(TICKETS, ("call.txt", &call("Hello, Max from Acme here.")), "needed_by", json!("2026-03-20"));
    // Two who talk of our house may both be of it.
    open(TICKETS, ("call.txt", &call("Hello, did you hear what they say at Acme?")), "needed_by");
    open(TICKETS, ("call.txt", &call("Hello, Noor, how was the fair?")), "needed_by");
}
