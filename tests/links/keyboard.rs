//! The form in a real browser: filled in by keyboard alone, in a narrow and a
//! wide window, light and dark; pictures of it lie beside the test's files.

use serde_json::{Value as Json, json};

use crate::chromium::Chromium;
use crate::hands::{DOWN, ENTER, SPACE, check_page, focused, go_on, key, tab_to, write};
use crate::harness::{Service, folder};
use crate::person::link;

const SENT: &str = "We have signed. We go live on 1 July 2027.\r\n\r\nOn second thought, maybe we go live on 1 August 2027?\r\n\
                    The price is around 80k, on the standard contract.";

/// Every type of field that people fill in.
fn wide_route() -> Json {
    json!({
        "id": "wide", "version": 1, "title": "Northwind: signed, to be onboarded", "from": {"team": "sales"}, "to": {"team": "onboarding"},
        "fields": [
            {"key": "go_live_date", "label": "Go-live date", "question": "By which day must the customer be live?", "type": "date",
             "required": true, "specific": true, "cues": ["go live"]},
            {"key": "price", "label": "Price", "question": "How much does the customer pay for the first year, and in which currency?",
             "type": "money", "required": true, "specific": true, "cues": ["price"]},
            {"key": "contract", "label": "Contract", "question": "Is this a standard contract, an enterprise agreement or a pilot?",
             "type": "enum", "values": [{"id": "standard"}, {"id": "enterprise"}, {"id": "pilot"}], "required": true},
            {"key": "data_in_eu", "label": "Data in the EU", "question": "Must the data stay in the EU?", "type": "bool", "required": true,
             "allow": ["not_applicable", "unknown"]},
            {"key": "sponsor", "label": "Sponsor", "question": "Who is the customer's sponsor?", "type": "person", "required": true,
             "allow": ["unknown"]},
            {"key": "kick_off", "label": "Kick-off", "question": "On which day is the kick-off?", "type": "date", "required": true},
            {"key": "contacts", "label": "Contacts", "question": "Whom may we write to?", "type": "email", "list": true, "required": true}
        ]
    })
}

fn walk(browser: &mut Chromium, (url, name): (&str, &str), width: u32) {
    browser.open(url, width, 800);
    check_page(browser, &format!("{name}-1-link"));
    go_on(browser, "main button");
    assert_eq!(browser.ask("location.pathname.includes('/l/')"), json!(false), "the token has left the address");
    let sent = browser.told("Network.requestWillBeSentExtraInfo");
    let told_whence = sent.iter().filter(|request| !request["headers"]["Referer"].is_null()).count();
    assert!(!sent.is_empty() && told_whence == 0, "nobody is told from which address: {sent:?}");
    check_page(browser, &format!("{name}-2-form"));
    write(browser, "#f-kick_off-day", "31");
    write(browser, "#f-kick_off-month", "2");
    write(browser, "#f-kick_off-year", "2027");
    go_on(browser, "main form > button");
    check_page(browser, &format!("{name}-3-mistake"));
    assert_eq!(focused(browser), json!("summary"), "the mistakes have the focus");
    // The link of the mistake leads to its input, which still holds what was typed.
    tab_to(browser, ".summary a");
    key(browser, ENTER);
    browser.arrive();
    assert_eq!(browser.ask("document.activeElement.value"), json!("31"));
    key(browser, ("a", 65, ""));
    browser.ask("document.activeElement.select()");
    browser.call("Input.insertText", json!({"text": "27"}));
    write(browser, "#f-contacts-value", "dana@northwind.example");
    browser.ask("document.querySelector('.skip').focus()");
    tab_to(browser, "[name=f-contract-how]");
    key(browser, SPACE);
    key(browser, DOWN);
    tab_to(browser, "[name=f-data_in_eu-how]");
    key(browser, SPACE);
    tab_to(browser, "[name=f-sponsor-how]");
    key(browser, SPACE);
    write(browser, "#f-sponsor-value", "Rosa Lindqvist");
    check_page(browser, &format!("{name}-4-filled"));
    go_on(browser, "main form > button");
    check_page(browser, &format!("{name}-5-thanks"));
    assert_eq!(browser.ask("location.pathname.endsWith('/thanks')"), json!(true));
    go_on(browser, "main .button");
    check_page(browser, &format!("{name}-6-again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_is_filled_in_by_keyboard_in_every_window() {
    let service = Service::start().await;
    let body = wide_route().to_string().into_bytes();
    let bearer = format!("Bearer {}", service.key);
    service.send_raw("PUT", "/v1/routes/wide", Some(body), &[("authorization", &bearer)]).await.expect(201);
    let mut walked = 0;
    let profile = folder();
    for (width, scheme) in [(390, "light"), (1440, "dark")] {
        let sent = json!({"route": "wide", "known": {"go_live_date": "2027-09-01", "contract": "pilot"},
            "from": {"owner": {"name": "Marcus Lee", "email": "marcus@acme.example"}},
            "sources": [{"type": "email", "filename": "mail.eml", "content": crate::harness::mail(&format!("{SENT} ({width})"))}]});
        let id = service.post("/v1/handoffs?wait=25", &sent).await.expect(200).id();
        let (_, path) = link(&service, &id, ("Marcus Lee", "marcus@acme.example"), "answer").await;
        let url = format!("{}{path}", service.url);
        tokio::task::block_in_place(|| {
            let mut browser = Chromium::start(&profile.join(scheme));
            let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            browser.call("Emulation.setEmulatedMedia", feature);
            walk(&mut browser, (&url, &format!("{width}-{scheme}")), width);
        });
        let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
        let value = |key: &str| brief["fields"][key]["value"].clone();
        assert_eq!(value("kick_off"), "2027-02-27");
        // The second choice: what the request said, beside the words of the mail.
        assert_eq!(value("contract"), "pilot");
        assert_eq!(value("data_in_eu"), true);
        assert_eq!(value("sponsor"), "Rosa Lindqvist");
        assert_eq!(value("contacts"), json!(["dana@northwind.example"]));
        walked += 1;
    }
    crate::harness::figure("pages by keyboard", walked == 2, json!({"windows": walked}));
}
