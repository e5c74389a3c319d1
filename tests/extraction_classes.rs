//! Ways of saying things, class by class, read with the shipped routes: the
//! words of a field in four languages, corrections, people and how they are
//! reached, shapes of short texts, builds of sentences, and other customers.
//! Every sentence here is made up for it and stands in no sample.

use baton::brief::{Brief, FieldState};
use baton::intake::{self, Input, Options};
use baton::pipeline::{self, Request};
use baton::route;
use serde_json::{Value as Json, json};

const SALES: &str = "sales-to-onboarding";
const LEADS: &str = "marketing-to-sales";
const ORDERS: &str = "ops-to-fulfillment";
const TICKETS: &str = "success-to-support";

const THEM: &str = "Ida Renn <ida.renn@moorfield-tools.example>";
const US: &str = "Max Ott <max.ott@acme.example>";

/// Mails one after the other, each by somebody, an hour apart.
fn read(route_id: &str, mails: &[(&str, &str)]) -> Brief {
    let (file, text) = route::shipped().iter().find(|(file, _)| file.starts_with(route_id)).unwrap();
    let route = route::load(file, text).unwrap();
    let inputs = mails.iter().enumerate().map(|(at, (from, body))| {
        let reply = if at == 0 { String::new() } else { format!("In-Reply-To: <{}@x.example>\r\n", at - 1) };
        let text = format!(
            "From: {from}\r\nTo: somebody@x.example\r\nSubject: words\r\nMessage-ID: <{at}@x.example>\r\n{reply}Date: Mon, 2 Mar 2026 {:02}:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n",
            8 + at
        );
        Input { name: format!("{at:02}.eml"), bytes: text.into_bytes(), kind: None, format: None }
    });
    let conversation = intake::read(inputs.collect(), &Options::of(&["acme.example".to_owned()]));
    let as_of = "2026-03-03T12:00:00Z".parse().unwrap();
    pipeline::run(Request { route: &route, conversation, known: &[], as_of }).brief
}

fn says(route: &str, mails: &[(&str, &str)], key: &str, expected: Json) {
    let brief = read(route, mails);
    let field = brief.fields.find(key).unwrap();
    assert_eq!((field.state, &field.value), (FieldState::Found, &expected), "{key} of {mails:?}: {field:#?}");
}

fn they_say(route: &str, words: &str, key: &str, expected: Json) {
    says(route, &[(THEM, words)], key, expected);
}

fn we_say(route: &str, words: &str, key: &str, expected: Json) {
    says(route, &[(US, words)], key, expected);
}

/// Nothing stands; what was seen may be offered.
fn open(route: &str, mails: &[(&str, &str)], key: &str) {
    let brief = read(route, mails);
    let field = brief.fields.find(key).unwrap();
    assert_ne!(field.state, FieldState::Found, "{key} of {mails:?}: {field:#?}");
}

#[test]
fn fields_are_spoken_of_in_many_words() {
    they_say(SALES, "The first site has to be up and running on 4 May 2026.", "go_live_date", json!("2026-05-04"));
    they_say(SALES, "Our planners must be working in it by 11 May 2026.", "go_live_date", json!("2026-05-11"));
    they_say(
        SALES,
        "We settled on 31,500 EUR for year one.",
        "contract_value",
        json!({"amount": "31500", "currency": "EUR"}),
    );
    they_say(SALES, "The bills should come every three months.", "billing_cycle", json!("quarterly"));
    they_say(SALES, "We commit ourselves for 36 months.", "contract_term", json!("P36M"));
    they_say(SALES, "It should be plugged into Larch Ledger.", "integrations", json!(["Larch Ledger"]));
    they_say(LEADS, "We have earmarked 9,000 GBP a year.", "budget", json!({"amount": "9000", "currency": "GBP"}));
    they_say(
        LEADS,
        "The choice made by 12 June 2026 will stand, we pick a vendor then.",
        "decision_date",
        json!("2026-06-12"),
    );
    they_say(
        ORDERS,
        "Everything has to be on our doorstep on 9 April 2026.",
        "requested_delivery_date",
        json!("2026-04-09"),
    );
    we_say(ORDERS, "It leaves our building on 7 April 2026.", "ship_date", json!("2026-04-07"));
    they_say(TICKETS, "It has to be put right by 20 March 2026.", "needed_by", json!("2026-03-20"));
}

#[test]
fn fields_are_spoken_of_in_other_languages() {
    they_say(SALES, "Wir gehen am 15. April 2026 live.", "go_live_date", json!("2026-04-15"));
    they_say(SALES, "Rechnungen bitte vierteljährlich.", "billing_cycle", json!("quarterly"));
    they_say(SALES, "Zum Start sind es 48 Nutzer.", "user_count", json!(48));
    they_say(SALES, "La mise en service est prévue le 20 avril 2026.", "go_live_date", json!("2026-04-20"));
    they_say(SALES, "Queremos una factura al año.", "billing_cycle", json!("yearly"));
    they_say(ORDERS, "Son 9 palés.", "pallet_count", json!(9));
    they_say(ORDERS, "La lotería no, pero hace falta trampilla: no tenemos carretilla.", "tail_lift", json!(true));
    they_say(ORDERS, "Bitte alles zusammen, keine Teillieferungen.", "partial_shipment", json!(false));
    we_say(ORDERS, "No hay nada de mercancía peligrosa.", "hazardous", json!(false));
    we_say(ORDERS, "Le paiement est arrivé hier.", "payment_cleared", json!(true));
}

#[test]
fn faint_words_alone_state_nothing() {
    open(SALES, &[(THEM, "We had 14 accounts of the accident, and 3 of us laughed.")], "user_count");
    open(TICKETS, &[(THEM, "For now it is raining here.")], "has_workaround");
    open(ORDERS, &[(THEM, "Put the kettle on, it leaves a nice smell.")], "shipping_method");
    open(LEADS, &[(THEM, "Please rather think of the whales.")], "preferred_channel");
}

#[test]
fn numbers_count_the_subject_of_what_is_said() {
    they_say(TICKETS, "31 packers can't print a single label.", "users_affected", json!(31));
    they_say(TICKETS, "Four dispatchers are locked out.", "users_affected", json!(4));
    they_say(SALES, "* 26 users on day one: 20 planners and 6 clerks", "user_count", json!(26));
    open(ORDERS, &[(US, "Más de 5 palés no caben en esta furgoneta.")], "pallet_count");
}

#[test]
fn corrections_replace_what_they_set_aside() {
    they_say(SALES, "We go live on 12 May 2026 and not on 5 May 2026.", "go_live_date", json!("2026-05-12"));
    let first = (THEM, "We would be 19 users.");
    says(SALES, &[first, (THEM, "I counted again: it's 21 of us, not 19.")], "user_count", json!(21));
    says(SALES, &[first, (THEM, "Scrap the 19 I gave you, make it 23.")], "user_count", json!(23));
    let date = (THEM, "We go live on 12 May 2026.");
    open(SALES, &[date, (THEM, "Bad news: we go live two weeks later.")], "go_live_date");
    says(SALES, &[date, (THEM, "The cake comes two weeks later.")], "go_live_date", json!("2026-05-12"));
}

#[test]
fn yes_and_no_are_said_in_words_of_their_own() {
    we_say(ORDERS, "The funds have cleared this morning.", "payment_cleared", json!(true));
    we_say(ORDERS, "All wool and paper, so nothing is classed as dangerous.", "hazardous", json!(false));
    they_say(ORDERS, "Everything on one truck, please.", "partial_shipment", json!(false));
    they_say(
        ORDERS,
        "If the lids are late that is a pity, partial shipments are fine.",
        "partial_shipment",
        json!(true),
    );
    open(ORDERS, &[(THEM, "If the lids are late, partial shipments are fine.")], "partial_shipment");
    open(
        ORDERS,
        &[(THEM, "If the truck that is a pity to miss comes, partial shipments are fine.")],
        "partial_shipment",
    );
    they_say(LEADS, "May somebody from sales get in touch: yes, any time", "consent_to_contact", json!(true));
    they_say(LEADS, "I do not want to be contacted by anybody yet.", "consent_to_contact", json!(false));
    open(ORDERS, &[(THEM, "No dock there, I remember from last time.")], "tail_lift");
    open(ORDERS, &[(US, "The payment is in, but hold it all the same.")], "payment_cleared");
    let asked = [(US, "Is there a forklift on site?"), (THEM, "Yes.")];
    says(ORDERS, &asked, "tail_lift", json!(false));
}

#[test]
fn requests_in_the_form_of_a_question_are_requests() {
    they_say(LEADS, "Could you walk us through the planning board?", "request_type", json!("demo"));
    they_say(LEADS, "Pourriez-vous nous envoyer un devis ?", "request_type", json!("pricing"));
    open(LEADS, &[(US, "Would you like a demo?")], "request_type");
}

#[test]
fn whoever_writes_is_known_by_address_and_signature() {
    let mail = "Hello,\n\nwe throw away two crates a week. You can call me on +44 7700 900611.\n\nBest regards\nIda Renn\nHead of Dispatch\nMoorfield Tools Ltd";
    they_say(LEADS, mail, "contact_name", json!("Ida Renn"));
    they_say(LEADS, mail, "contact_email", json!("ida.renn@moorfield-tools.example"));
    they_say(LEADS, mail, "contact_role", json!("Head of Dispatch"));
    they_say(LEADS, mail, "company_name", json!("Moorfield Tools Ltd"));
}

#[test]
fn people_are_named_by_what_they_do() {
    let named = |name: &str| json!(name);
    they_say(SALES, "Olga Finch looks after the project at our end.", "primary_contact", named("Olga Finch"));
    they_say(
        TICKETS,
        "Take it up with Piet Maas. He can test it and send you logs.",
        "technical_contact",
        named("Piet Maas"),
    );
    they_say(
        ORDERS,
        "Rosa Lind will be at the gate to take it in, and she's on +44 7700 900622.",
        "delivery_contact",
        named("Rosa Lind"),
    );
    they_say(
        ORDERS,
        "Rosa Lind will be at the gate to take it in, and she's on +44 7700 900622.",
        "delivery_phone",
        json!("+447700900622"),
    );
    let own = json!("Ida Renn");
    they_say(SALES, "I'm your day to day person, Piet only signs the cheques.", "primary_contact", own.clone());
    they_say(SALES, "Das Projekt leite ich selbst.", "primary_contact", own);
}

#[test]
fn short_texts_are_told_by_their_shape() {
    they_say(
        ORDERS,
        "The crew unloads Tuesday to Friday, 7:30 to 14:00.",
        "receiving_hours",
        json!("Tuesday to Friday, 7:30 to 14:00"),
    );
    they_say(
        ORDERS,
        "Please bring it to 8 Tannery Row, Eastholm EH4 7RT, not to the office.",
        "ship_to_address",
        json!("8 Tannery Row, Eastholm EH4 7RT"),
    );
    they_say(
        TICKETS,
        "There is a problem with the Slot Planner since Monday.",
        "affected_product",
        json!("Slot Planner"),
    );
    they_say(
        TICKETS,
        "The screen says \"SLT-220 slot already taken\" every time.",
        "error_message",
        json!("SLT-220 slot already taken"),
    );
    they_say(LEADS, "All our drivers are based in Graz, in Austria.", "country", json!("Austria"));
    open(SALES, &[(THEM, "The company is 300, if you count the cats.")], "customer_name");
}

#[test]
fn sentences_are_told_by_their_build() {
    let problem = "When we close a shift the hours should go to payroll, but they stay where they are.";
    they_say(TICKETS, problem, "problem_summary", json!(problem));
    let goal = "If missed calls go from 30 a week to under 10 by the end of August, I am buying lunch.";
    they_say(SALES, goal, "success_criteria", json!(goal));
    open(TICKETS, &[(THEM, problem)], "steps_to_reproduce");
    let steps = "Steps to reproduce: open any shift, choose Close, then look at payroll.";
    they_say(TICKETS, steps, "steps_to_reproduce", json!("open any shift, choose Close, then look at payroll"));
}

#[test]
fn the_business_of_others_fills_nothing() {
    let own = (THEM, "We need it by 9 April 2026. Our dock is open Monday to Friday, 8:00 to 15:00.");
    let more = (THEM, "And thanks for the calendar!");
    let other = ("Lars Holt <lars@pellworth.example>", "We need it by 1 April 2026, 4 pallets.");
    says(ORDERS, &[own, more, other], "requested_delivery_date", json!("2026-04-09"));
    open(ORDERS, &[own, more, other], "pallet_count");
    open(ORDERS, &[own, (US, "Pellworth is 14 pallets, by the way.")], "pallet_count");
    open(
        ORDERS,
        &[(THEM, "Ça, c'est une autre commande, elle part en colis la semaine prochaine.")],
        "shipping_method",
    );
    open(TICKETS, &[(THEM, "In the test team we are six people who cannot finish.")], "environment");
    they_say(TICKETS, "In the test system it shows an empty list.", "environment", json!("test"));
    open(ORDERS, &[(THEM, "Das ist eine andere Bestellung, die geht per Paket.")], "shipping_method");
    they_say(ORDERS, "La commande part en colis.", "shipping_method", json!("parcel"));
}

#[test]
fn what_people_work_with_is_told_by_the_sentence() {
    they_say(
        LEADS,
        "At present everything is in a notebook that lives behind the counter.",
        "current_solution",
        json!("a notebook"),
    );
    they_say(LEADS, "Bislang planen wir alles mit Excel.", "current_solution", json!("Excel"));
    they_say(LEADS, "Nous travaillons encore avec GestoPro 3.", "current_solution", json!("GestoPro 3"));
    they_say(LEADS, "Actualmente lo llevamos todo en una libreta.", "current_solution", json!("una libreta"));
    says(
        LEADS,
        &[(US, "What are you working with today?"), (THEM, "TeamPlan, and it is on its last legs.")],
        "current_solution",
        json!("TeamPlan"),
    );
    says(LEADS, &[(THEM, "What do we use? It's TeamPlan, and hope.")], "current_solution", json!("TeamPlan"));
    open(LEADS, &[(THEM, "Do it on Teams please, we use the phone too much.")], "current_solution");
    open(LEADS, &[(THEM, "We are out on paper rounds all day.")], "current_solution");
}

#[test]
fn people_say_what_they_are_at_work() {
    they_say(
        LEADS,
        "I'm the catering manager at Moorfield Tools. Please call me.",
        "contact_role",
        json!("catering manager"),
    );
    they_say(
        LEADS,
        "Ich bin Leiterin Logistik bei Moorfield. Bitte rufen Sie mich an.",
        "contact_role",
        json!("Leiterin Logistik"),
    );
    they_say(
        LEADS,
        "I look after the night fleet. You can contact me any time.",
        "contact_role",
        json!("the night fleet"),
    );
    they_say(LEADS, "You can contact me.\n\nIda Renn\nYard Supervisor", "contact_role", json!("Yard Supervisor"));
    open(LEADS, &[(THEM, "I run the project. You can contact me.")], "contact_role");
}

#[test]
fn terms_stand_among_other_terms() {
    they_say(SALES, "45,000 EUR for year one, 24 months, billed monthly.", "contract_term", json!("P24M"));
    they_say(SALES, "It's a 24-month agreement.", "contract_term", json!("P24M"));
    they_say(SALES, "We took the paid pilot, six months, and signed on Friday.", "contract_term", json!("P6M"));
    open(SALES, &[(THEM, "The standard contract has three months, notice that is.")], "contract_term");
    they_say(
        LEADS,
        "Budget-wise, 12,000 GBP is what we have.",
        "budget",
        json!({"amount": "12000", "currency": "GBP"}),
    );
    they_say(
        LEADS,
        "The committee sits on 12 June 2026 and will have chosen by then.",
        "decision_date",
        json!("2026-06-12"),
    );
    they_say(LEADS, "We meet on 12 June 2026, that's when we decide.", "decision_date", json!("2026-06-12"));
    open(LEADS, &[(THEM, "We meet on 12 June 2026, then somebody will decide.")], "decision_date");
}

#[test]
fn systems_are_read_with_the_names_beside_them() {
    they_say(
        SALES,
        "Oakbook and MarlowPay, those two have to be connected.",
        "integrations",
        json!(["Oakbook", "MarlowPay"]),
    );
    they_say(
        SALES,
        "It's Larch Pay 50, the hours have to go across every week.",
        "integrations",
        json!(["Larch Pay 50"]),
    );
    they_say(SALES, "Does it talk to Larch Pay? We need that from the start.", "integrations", json!(["Larch Pay"]));
    says(
        SALES,
        &[(US, "Which systems do we connect?"), (THEM, "Two of them: Larch 200 and MarlowPay.")],
        "integrations",
        json!(["Larch 200", "MarlowPay"]),
    );
    open(SALES, &[(US, "Which systems do we connect?"), (THEM, "Two.")], "integrations");
    open(SALES, &[(US, "Which systems do we connect?"), (THEM, "Our ERP.")], "integrations");
}

#[test]
fn whose_number_it_is_depends_on_who_says_it() {
    they_say(ORDERS, "Our order number is IB-619, please print it on the label.", "customer_po", json!("IB-619"));
    they_say(ORDERS, "Nuestro número de pedido es IB-619.", "customer_po", json!("IB-619"));
    they_say(ORDERS, "Go ahead as quoted, PO 4471-B.", "customer_po", json!("4471-B"));
    we_say(ORDERS, "Es nuestro pedido AC-55812.", "order_number", json!("AC-55812"));
    open(ORDERS, &[(US, "Es nuestro pedido AC-55812.")], "customer_po");
    open(ORDERS, &[(THEM, "Our order number is IB-619.")], "order_number");
    we_say(ORDERS, "The data sheet says UN 2735.", "un_number", json!("UN 2735"));
}

#[test]
fn nobody_in_particular_is_nobody() {
    open(ORDERS, &[(THEM, "Whoever is on shift can sign for it.")], "delivery_contact");
    open(ORDERS, &[(THEM, "I'll find out who is on goods-in that week.")], "delivery_contact");
    they_say(LEADS, "I talked to Nadia Lund at your stand.", "contact_name", json!("Ida Renn"));
    says(
        LEADS,
        &[("Moorfield Tools <info@moorfield-tools.example>", "Best to ring me.\n\nRegards\nHazel Pick\nYard Manager")],
        "contact_name",
        json!("Hazel Pick"),
    );
    they_say(SALES, "Mette Oduya, who runs the project, will write to you.", "primary_contact", json!("Mette Oduya"));
}

#[test]
fn doubts_about_something_else_are_none() {
    they_say(
        SALES,
        "Please invoice us every quarter, accounts don't want one big bill.",
        "billing_cycle",
        json!("quarterly"),
    );
    they_say(
        SALES,
        "Die Rechnung bitte jährlich, unsere Buchhaltung möchte da nicht jeden Monat dran.",
        "billing_cycle",
        json!("yearly"),
    );
    we_say(ORDERS, "The warehouse says it will be 9 pallets.", "pallet_count", json!(9));
    we_say(TICKETS, "I'll log it as normal priority unless you tell me it's worse.", "severity", json!("normal"));
    we_say(TICKETS, "You get the next update within 2 hours, if need be from me.", "next_update_within", json!("PT2H"));
    they_say(ORDERS, "We've no ramp and no forklift, so the lorry needs a tail lift.", "tail_lift", json!(true));
    they_say(TICKETS, "It's production. Staging works fine.", "environment", json!("production"));
    they_say(TICKETS, "For now we write it all down, but that won't hold long.", "has_workaround", json!(true));
    open(
        SALES,
        &[
            (THEM, "We go live on 4 May 2026.\n\nRegards\nIda"),
            (
                "Tom Lund <tom@moorfield-tools.example>",
                "Before the server move is done nobody is free, so we go live on 1 June 2026.",
            ),
        ],
        "go_live_date",
    );
    open(LEADS, &[(US, "How many of you would use it?"), (THEM, "On the other two I have to ask.")], "team_size");
    they_say(LEADS, "6 users. The two planners, me, and three supervisors.", "team_size", json!(6));
    they_say(
        TICKETS,
        "Whenever a nurse saves a chart, the screen goes blank and the entry is lost.",
        "problem_summary",
        json!("Whenever a nurse saves a chart, the screen goes blank and the entry is lost."),
    );
}
