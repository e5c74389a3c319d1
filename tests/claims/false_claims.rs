//! Lies of a reader: what was not said, or not in this way, never stands as a value.

use serde_json::json;

use crate::sheet::Sheet;
use crate::talk::chat;

#[test]
fn a_true_quote_does_not_carry_another_value() {
    let talk = chat(&[
        ("dana", "Our company name is Northwind Logistics."),
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
        ("dana", "The flight goes to London on May 4, 2026."),
    ]);
    let mut sheet = Sheet::default();
    let mut check = |field, raw, value, message, quote| sheet.falls(&talk, (field, raw, value), &[(message, quote)]);
    check("customer_name", "Southwind", "Southwind", 1, "Our company name is Northwind Logistics.");
    check("customer_name", "Northwind Log", "Northwind Log", 1, "Our company name is Northwind Logistics.");
    check("go_live_date", "July 1", "2026-07-01", 2, "We go live on July 15, 2026.");
    check("go_live_date", "", "2026-07-01", 2, "We go live on July 15, 2026.");
    check("go_live_date", "July 1", "2026-07-01", 2, "We go live on July 1");
    check("term", "", "2 months", 4, "The contract runs 24 months.");
    check("term", "24 weeks", "24 weeks", 4, "The contract runs 24 months.");
    check("contract_value", "", "86,000", 5, "The contract value is $86,400.");
    check("contract_value", "", "86,400 EUR", 5, "The contract value is $86,400.");
    check("contract_value", "$86", "86 USD", 5, "The contract value is $86");
    check("user_count", "", "12", 6, "We need 120 users on the first day.");
    check("user_count", "20", "20", 6, "We need 120 users on the first day.");
    check("technical_email", "", "kim.lund@northwind.com", 7, "The technical contact is kim.lund@northwind.example.");
    check(
        "technical_email",
        "lund@northwind.example",
        "lund@northwind.example",
        7,
        "The technical contact is kim.lund@northwind.example.",
    );
    check("phone", "", "+44 20 7946 0999", 8, "Call me at +44 20 7946 0958");
    check("portal", "", "https://northwind.example", 9, "Our portal is https://portal.northwind.example/start");
    check("billing_contact", "Tom Weller", "Tom Weller", 10, "The billing contact is Tom Reed.");
    check("billing_contact", "Kim Lund", "Kim Lund", 10, "The billing contact is Tom Reed.");
    check("billing_cycle", "quarterly", "monthly", 11, "Our portal is https://portal.northwind.example/start");
    check("billing_cycle", "", "yearly", 11, "Billing is quarterly for us.");
    check("payment_plan", "premium", "premium", 11, "Billing is quarterly for us.");
    check("sso", "", "false", 12, "We need single sign-on from the start.");
    check("sso", "", "maybe", 12, "We need single sign-on from the start.");
    check("sso", "", "true", 11, "Billing is quarterly for us.");
    check("customer_name", "London Heathrow", "LHR", 13, "The flight goes to London on May 4, 2026.");
    check("customer_name", "", "LHR", 13, "The flight goes to London on May 4, 2026.");
    sheet.done();
}

#[test]
fn a_time_that_was_rounded_by_the_reader_does_not_stand() {
    let line = "The training is on April 7, 2026 at 2 pm.";
    let talk = chat(&[("dana", line)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("training_at", "14:30", "2026-04-07T14:30"), &[(1, line)]);
    sheet.falls(&talk, ("training_at", "", "2026-04-07T14:30:00Z"), &[(1, line)]);
    sheet.done();
}

#[test]
fn the_value_is_what_code_reads_not_what_the_reader_says() {
    let talk = chat(&[("dana", "We go live on July 15, 2026."), ("dana", "The contract value is $86,400.")]);
    let mut sheet = Sheet::default();
    sheet.stands(
        &talk,
        ("go_live_date", "July 15, 2026", "2026-07-01"),
        &[(1, "We go live on July 15, 2026.")],
        json!("2026-07-15"),
    );
    sheet.stands(
        &talk,
        ("contract_value", "$86,400", "84600"),
        &[(2, "The contract value is $86,400.")],
        json!({"amount": "86400", "currency": "USD"}),
    );
    sheet.done();
}

#[test]
fn invented_quotes_are_rescued_only_beside_the_fields_cue() {
    let talk = chat(&[
        ("dana", "The board meets on May 4, 2026."),
        ("dana", "We go live on July 15, 2026."),
        ("dana", "Billing is quarterly for us."),
        ("dana", "We plan with 120 seats."),
        ("dana", "We need single sign-on."),
        ("dana", "The yearly fee comes to $86,400."),
        ("dana", "Our technical contact is kim.lund@northwind.example."),
        ("dana", "Invoices cost $12 of postage."),
    ]);
    let invented = [(1, "we all agreed on this in the meeting of last week")];
    let mut sheet = Sheet::default();
    sheet.rescued(&talk, ("go_live_date", "July 15, 2026", "2026-07-15"), &invented, (json!("2026-07-15"), 2));
    sheet.rescued(
        &talk,
        ("contract_value", "$86,400", "86400 USD"),
        &invented,
        (json!({"amount": "86400", "currency": "USD"}), 6),
    );
    sheet.rescued(
        &talk,
        ("technical_email", "kim.lund@northwind.example", "kim.lund@northwind.example"),
        &invented,
        (json!("kim.lund@northwind.example"), 7),
    );
    // In the source, but not said of this field.
    sheet.falls(&talk, ("go_live_date", "May 4, 2026", "2026-05-04"), &invented);
    sheet.falls(&talk, ("contract_value", "$12", "12 USD"), &invented);
    sheet.falls(&talk, ("billing_email", "kim.lund@northwind.example", "kim.lund@northwind.example"), &invented);
    // Choices, flags and bare numbers stand in many places for many reasons.
    sheet.waits(&talk, ("billing_cycle", "quarterly", "quarterly"), &invented, json!("quarterly"));
    sheet.waits(&talk, ("user_count", "120", "120"), &invented, json!(120));
    sheet.falls(&talk, ("sso", "", "true"), &invented);
    // Nowhere at all.
    sheet.falls(&talk, ("go_live_date", "June 1, 2026", "2026-06-01"), &invented);
    sheet.falls(&talk, ("portal", "https://invented.example", "https://invented.example"), &invented);
    sheet.done();
}

#[test]
fn a_rescue_asks_for_the_right_side_and_a_statement() {
    let mut sheet = Sheet::default();
    let invented = [(1, "as we settled it between us last week")];
    let mut falls = |who, line: &str| {
        let talk = chat(&[("marcus", "Good morning."), (who, line)]);
        sheet.falls(&talk, ("customer_go_live", "July 15, 2026", "2026-07-15"), &invented);
    };
    falls("marcus", "The customer start is July 15, 2026.");
    falls("stranger", "The customer start is July 15, 2026.");
    falls("dana", "Is the customer start July 15, 2026?");
    falls("dana", "The customer start is not July 15, 2026.");
    falls("dana", "If legal signs, the customer start is July 15, 2026.");
    falls("dana", "The customer start might be July 15, 2026.");
    sheet.done();
}

#[test]
fn a_bare_number_near_a_cue_is_no_amount_of_money() {
    let talk = chat(&[
        ("dana", "The contract value depends on 40 drivers."),
        ("dana", "We talked of the yearly fee for 12 minutes."),
    ]);
    let invented = [(1, "as we settled it between us last week")];
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("contract_value", "40", "40"), &invented);
    sheet.falls(&talk, ("contract_value", "12", "12"), &invented);
    sheet.done();
}

#[test]
fn what_is_denied_open_or_conditional_never_stands() {
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    let mut falls = |line: &str, quote: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, value, &[(2, quote)]);
        sheet.falls(&talk, value, &[(2, line)]);
    };
    falls("We will not go live on July 15, 2026.", "go live on July 15, 2026");
    falls("We can't go live on July 15, 2026.", "go live on July 15, 2026");
    falls("Nobody said that we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("If legal signs, we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("We go live on July 15, 2026, provided that legal signs.", "We go live on July 15, 2026");
    falls("We go live on July 15, 2026 unless the audit fails.", "We go live on July 15, 2026");
    falls("Assuming the audit passes, we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("We might go live on July 15, 2026.", "go live on July 15, 2026");
    falls("We probably go live on July 15, 2026.", "go live on July 15, 2026");
    falls("I think we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("We hope to go live on July 15, 2026.", "go live on July 15, 2026");
    falls("We go live in August instead of July 15, 2026.", "July 15, 2026");
    falls("It is wrong to say that we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("Go live on July 15, 2026 is off the table.", "Go live on July 15, 2026");
    falls("Do you think we go live on July 15, 2026?", "we go live on July 15, 2026");
    sheet.done();
}

#[test]
fn what_is_taken_back_after_a_but_never_stands() {
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    let mut falls = |line: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, value, &[(2, line)]);
        sheet.falls(&talk, value, &[(2, "go live on July 15, 2026")]);
    };
    falls("We planned to go live on July 15, 2026, but that was cancelled.");
    falls("We would like to go live on July 15, 2026, but that is open.");
    falls("We wanted to go live on July 15, 2026, but we can't.");
    sheet.done();
}

#[test]
fn the_denial_may_stand_in_the_next_sentence() {
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    let mut falls = |line: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, value, &[(2, "We go live on July 15, 2026")]);
    };
    falls("We go live on July 15, 2026? No.");
    falls("We go live on July 15, 2026. No, scratch that.");
    sheet.done();
}

#[test]
fn words_of_somebody_else_are_no_statement() {
    let mut sheet = Sheet::default();
    let value = ("go_live_date", "July 15, 2026", "2026-07-15");
    let mut falls = |line: &str, quote: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, value, &[(2, quote)]);
    };
    falls("Freightly claims that we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("I heard that we go live on July 15, 2026.", "we go live on July 15, 2026");
    falls("We go live on July 15, 2026, says the reseller.", "We go live on July 15, 2026");
    sheet.done();
}

#[test]
fn according_to_somebody_else_is_no_statement() {
    let line = "According to the reseller, we go live on July 15, 2026.";
    let talk = chat(&[("dana", line)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("go_live_date", "July 15, 2026", "2026-07-15"), &[(1, "we go live on July 15, 2026")]);
    sheet.done();
}

#[test]
fn a_bound_cut_off_its_comparison_is_not_the_value() {
    check_bounds(|_, raw| raw);
}

#[test]
fn a_bound_quoted_whole_is_not_the_value() {
    check_bounds(|line, _| line);
}

fn check_bounds(quote: for<'a> fn(&'a str, &'a str) -> &'a str) {
    let mut sheet = Sheet::default();
    let mut falls = |line: &str, (field, raw, value): (&str, &str, &str)| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, (field, raw, value), &[(2, quote(line, raw))]);
    };
    let users = ("user_count", "500", "500");
    falls("We have fewer than 500 users.", users);
    falls("We have up to 500 users.", users);
    falls("We have more than 500 users.", users);
    falls("We have < 500 users.", users);
    falls("We have users, at least 500 of them.", users);
    falls("We have 500 or more users.", users);
    let value = ("contract_value", "$86,400", "86400 USD");
    falls("The contract value stays under $86,400.", value);
    falls("The contract value is above $86,400.", value);
    let day = ("go_live_date", "July 15, 2026", "2026-07-15");
    falls("We go live after July 15, 2026.", day);
    falls("We go live not before July 15, 2026.", day);
    sheet.done();
}

#[test]
fn a_choice_that_was_left_or_refused_is_not_the_choice() {
    let mut sheet = Sheet::default();
    let mut falls = |line: &str, raw: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, ("billing_cycle", raw, raw), &[(2, line)]);
    };
    falls("Billing is quarterly, not monthly.", "monthly");
    falls("Billing quarterly instead of monthly please.", "monthly");
    falls("Monthly billing is not possible for us.", "Monthly");
    falls("Can billing be monthly?", "monthly");
    falls("The monthlybilling file is attached.", "monthly");
    sheet.done();
}

#[test]
fn a_choice_of_the_past_or_one_of_two_is_not_the_choice() {
    let mut sheet = Sheet::default();
    let mut falls = |line: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, ("billing_cycle", "monthly", "monthly"), &[(2, line)]);
    };
    falls("We move billing from monthly to quarterly.");
    falls("Billing is monthly or quarterly, we have not chosen.");
    falls("Billing used to be monthly.");
    sheet.done();
}

#[test]
fn a_choice_in_front_of_a_thing_is_not_the_choice() {
    let mut sheet = Sheet::default();
    let plan = |line: &str| chat(&[("marcus", "Good morning."), ("dana", line)]);
    let mut falls = |line: &str| sheet.falls(&plan(line), ("payment_plan", "premium", "premium"), &[(2, line)]);
    falls("We start with 60 people, the premium line in Hamar and the packing hall.");
    falls("Our premium range is what sells best.");
    falls("There is a premium lounge, if you come by train.");
    let mut stands =
        |line: &str| sheet.stands(&plan(line), ("payment_plan", "premium", "premium"), &[(2, line)], json!("premium"));
    stands("We take the premium plan for all sites.");
    stands("We take the premium one for all sites.");
    stands("We go for premium.");
    stands("On the plan: the premium line in your list.");
    sheet.done();
}

#[test]
fn a_flag_needs_a_statement_about_its_own_words() {
    let mut sheet = Sheet::default();
    let mut falls = |line: &str, value: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, ("sso", "", value), &[(2, line)]);
    };
    falls("We do not need single sign-on.", "true");
    falls("We need single sign-on.", "false");
    falls("If the audit asks for it, we need single sign-on.", "true");
    falls("We might need single sign-on.", "true");
    falls("Do we need single sign-on?", "true");
    falls("Do we need single sign-on?", "false");
    falls("I do not know whether we need single sign-on.", "false");
    sheet.done();
}

#[test]
fn a_flag_that_nobody_has_decided_is_not_a_no() {
    let mut sheet = Sheet::default();
    let mut falls = |line: &str| {
        let talk = chat(&[("marcus", "Good morning."), ("dana", line)]);
        sheet.falls(&talk, ("sso", "", "false"), &[(2, line)]);
    };
    falls("We have not decided on single sign-on.");
    falls("No decision on single sign-on yet.");
    falls("Nobody told me about single sign-on.");
    falls("We have not talked about single sign-on.");
    sheet.done();
}

#[test]
fn a_flag_that_somebody_else_wants_is_not_a_yes() {
    let line = "Freightly says they need single sign-on.";
    let talk = chat(&[("dana", line)]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("sso", "", "true"), &[(1, line)]);
    sheet.falls(&talk, ("sso", "", "true"), &[(1, "they need single sign-on")]);
    sheet.done();
}

#[test]
fn a_flag_with_one_letter_off_is_for_a_person() {
    let talk = chat(&[("dana", "We always wanted single sign-on for everybody here.")]);
    let mut sheet = Sheet::default();
    sheet.falls(&talk, ("sso", "", "true"), &[(1, "We always wanted single sign-on for evarybody here")]);
    sheet.done();
}

#[test]
fn one_letter_off_is_for_a_person() {
    let talk = chat(&[
        ("dana", "The carriers are billed and we go live on July 15, 2026."),
        ("dana", "Our company name is Northwind Logistics as registered."),
    ]);
    let mut sheet = Sheet::default();
    sheet.falls(
        &talk,
        ("go_live_date", "July 15, 2026", "2026-07-15"),
        &[(1, "The carriers are killed and we go live on July 15, 2026")],
    );
    sheet.falls(
        &talk,
        ("customer_name", "Northwind Logistics", "Northwind Logistics"),
        &[(2, "Our company name is Northwind Logistics as registared.")],
    );
    sheet.done();
}

#[test]
fn an_ellipsis_supports_only_its_opening() {
    let talk = chat(&[
        (
            "dana",
            "The board of directors decided in the long meeting of yesterday evening to go live on July 15, 2026.",
        ),
        ("dana", "The contract value is $86,400 including the support desk for all of the branch offices."),
    ]);
    let mut sheet = Sheet::default();
    sheet.falls(
        &talk,
        ("go_live_date", "July 15, 2026", "2026-07-15"),
        &[(1, "The board of directors … to go live on July 15, 2026")],
    );
    sheet.stands(
        &talk,
        ("contract_value", "$86,400", "86400 USD"),
        &[(2, "The contract value is $86,400 … all of the branch offices")],
        json!({"amount": "86400", "currency": "USD"}),
    );
    sheet.done();
}

#[test]
fn words_that_only_fill_a_box_are_no_value() {
    let talk = chat(&[
        ("dana", "The billing contact is the procurement team."),
        ("dana", "The technical contact is TBD."),
        ("dana", "Our company name is TBD."),
        ("dana", "We go live soon."),
    ]);
    let route = crate::talk::fields();
    let mut sheet = Sheet::default();
    let mut empty = |field: &str, raw: &str, message: u32, quote: &str| {
        let claims = [crate::talk::claim(field, &[(message, quote)], raw, raw)];
        let grounded = crate::talk::ground(&talk, &route, &claims);
        let own: Vec<_> = grounded.iter().collect();
        let brief = baton::resolution::resolve(route.field(field).unwrap(), &own, None);
        let all = baton::route::Ordered(vec![(field.to_owned(), brief)]);
        let settled = baton::verdict::settle(&route, all, "2026-03-20T09:00:00Z".parse().unwrap());
        let got = settled.find(field).unwrap();
        sheet.note(
            || got.state != baton::brief::FieldState::Found,
            &format!("{field} found as {} by {quote}", got.value),
        );
    };
    empty("billing_contact", "the procurement team", 1, "The billing contact is the procurement team.");
    empty("technical_contact", "TBD", 2, "The technical contact is TBD.");
    empty("customer_name", "TBD", 3, "Our company name is TBD.");
    empty("go_live_date", "soon", 4, "We go live soon.");
    sheet.done();
}
