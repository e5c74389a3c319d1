//! The pictures of the guides, as the running product shows them: a workspace
//! of a few weeks, and four of its pages as a window shows them. They lie in
//! `target/screenshots`; those under `docs/pictures` were made from them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use crate::chromium::Chromium;
use crate::hands::write;
use crate::harness::{Service, folder, sample};
use crate::person::Person;
use crate::stage::{DANA, PASSWORD, first, send};

const SENDERS: [(&str, &str); 4] = [
    ("Marcus Lee", "marcus@acme.example"),
    ("Ines Ortega", "ines@acme.example"),
    ("Tom Baker", "tom@acme.example"),
    ("Dana Whitfield", "dana@acme.example"),
];
const CUSTOMERS: [(&str, &str); 10] = [
    ("oakspindle-01", "Oakspindle"),
    ("brackwater-01", "Brackwater"),
    ("kestrel-01", "Kestrel"),
    ("juniper-01", "Juniper"),
    ("halden-01", "Halden"),
    ("coppergate-01", "Coppergate"),
    ("pinefold-01", "Pinefold Dental Group"),
    ("tanager-01", "Tanager Outfitters"),
    ("saltmarsh-01", "Saltmarsh"),
    ("northwind-01", "Northwind Logistics"),
];

/// Weeks before, of one route: what is missing in them comes again.
const EARLIER: [(&str, &str); 8] = [
    ("halden-01", "Alder & Sons"),
    ("northwind-01", "Birch Freight"),
    ("halden-01", "Cedar Clinics"),
    ("northwind-01", "Elm Outdoor"),
    ("halden-01", "Fir Dental"),
    ("northwind-01", "Gorse Foods"),
    ("halden-01", "Hazel Marine"),
    ("northwind-01", "Juniper Press"),
];

fn handed_over((case, title): (&str, &str), (name, email): (&str, &str)) -> Json {
    let mut body = sample(case);
    body["title"] = json!(title);
    body["external_id"] = json!(format!("crm:{}", title.to_lowercase().replace([' ', '&'], "")));
    let from = json!({"name": name, "email": email});
    body["from"] = json!({"owner": from});
    body["to"] = json!({"owner": {"name": "Priya Raman", "email": "priya@acme.example"}});
    body
}

async fn keys(dana: &mut Person) {
    for inputs in [
        [("name", "Zapier, for trying"), ("preset", "zapier"), ("mode", "test"), ("scopes", "handoffs:write")],
        [("name", "Nightly reconciliation"), ("preset", "plain"), ("mode", "live"), ("scopes", "handoffs:read")],
        [("name", "HubSpot, closed won"), ("preset", "hubspot"), ("mode", "live"), ("scopes", "handoffs:write")],
    ] {
        send(dana, "/settings/keys", &inputs).await.expect(200);
    }
}

/// A workspace of three weeks; the id of the handoff that is shown.
async fn weeks() -> (Service, String) {
    let service = Service::start().await;
    let mut dana = first(&service).await;
    keys(&mut dana).await;
    for (number, customer) in EARLIER.into_iter().enumerate() {
        let id =
            service.post("/v1/handoffs?wait=25", &handed_over(customer, SENDERS[number % 3])).await.expect(200).id();
        service.clock.advance(SignedDuration::from_hours(41));
        service.post(&format!("/v1/handoffs/{id}/cancel"), &json!({})).await.expect(200);
    }
    let mut last = String::new();
    for (number, customer) in CUSTOMERS.into_iter().enumerate() {
        let owner = if number == 9 { SENDERS[3] } else { SENDERS[number % 3] };
        last = service.post("/v1/handoffs?wait=25", &handed_over(customer, owner)).await.expect(200).id();
        if number < 9 {
            service.clock.advance(SignedDuration::from_hours(if number < 6 { 53 } else { 3 }));
        }
    }
    (service, last)
}

fn picture(browser: &mut Chromium, name: &str) {
    let shot = browser.call("Page.captureScreenshot", json!({}));
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    std::fs::create_dir_all(&place).expect("a folder");
    let bytes = STANDARD.decode(shot["data"].as_str().unwrap_or_default()).expect("a picture");
    std::fs::write(place.join(format!("guide-{name}.png")), bytes).expect("it is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_show_the_running_product() {
    let (service, id) = weeks().await;
    let profile = folder();
    tokio::task::block_in_place(|| {
        let mut browser = Chromium::start(&profile);
        browser.call("Emulation.setScrollbarsHidden", json!({"hidden": true}));
        browser.open(&format!("{}/sign-in?next=/handoffs?whose=all", service.url), 1280, 800);
        write(&mut browser, "#email", DANA.1);
        write(&mut browser, "#password", PASSWORD);
        crate::hands::go_on(&mut browser, "main button");
        browser.load(&format!("{}/handoffs?whose=all", service.url));
        assert_eq!(
            browser.ask("document.querySelectorAll('.lines > li').length"),
            json!(CUSTOMERS.len() + EARLIER.len())
        );
        picture(&mut browser, "list");
        browser.load(&format!("{}/handoffs/{id}", service.url));
        browser.click(".question a.see");
        browser.arrive();
        assert_eq!(browser.ask("!!document.querySelector('mark:target')"), json!(true));
        picture(&mut browser, "handoff");
        browser.load(&format!("{}/insights", service.url));
        assert_eq!(browser.ask("!!document.querySelector('svg.heat')"), json!(true));
        browser.ask("document.querySelector('svg.heat').closest('section').scrollIntoView()");
        picture(&mut browser, "insights");
        browser.load(&format!("{}/settings/keys", service.url));
        picture(&mut browser, "keys");
    });
}
