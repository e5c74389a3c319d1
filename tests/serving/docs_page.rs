//! The page about the API in a real browser: it shows every operation with its
//! example, and asks nobody but the service for anything.

use serde_json::Value as Json;

use crate::conformance::DOCUMENT;
use crate::harness::{Service, folder};

#[path = "../browser/chromium.rs"]
#[allow(dead_code, reason = "the browser is driven further by the tests of the brief's page")]
mod chromium;

/// Resolves with a count once as many elements are there.
fn wait_for(selector: &str, count: usize) -> String {
    format!(
        "new Promise(done => {{ const look = () => document.querySelectorAll({selector:?}).length >= {count} \
         ? done(document.querySelectorAll({selector:?}).length) : requestAnimationFrame(look); look(); }})"
    )
}

/// What the browser told of, without what is about the page itself.
fn misdeeds(browser: &chromium::Chromium, own: &str) -> Vec<String> {
    let mut found = Vec::new();
    for request in browser.told("Network.requestWillBeSent") {
        let address = request["request"]["url"].as_str().unwrap_or_default();
        if !address.starts_with(own) && !address.starts_with("data:") {
            found.push(format!("asked for {address}"));
        }
    }
    for event in ["Log.entryAdded", "Audits.issueAdded"] {
        let told = browser.told(event).into_iter().map(Json::to_string);
        found.extend(told.filter(|text| text.contains("Content") || text.contains("content-security")));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_every_operation_and_asks_nobody_else() {
    let service = Service::start().await;
    let url = service.url.clone();
    let operations: usize = DOCUMENT["paths"]
        .as_object()
        .expect("paths")
        .values()
        .map(|item| item.as_object().expect("operations").len())
        .sum();
    let looking = tokio::task::spawn_blocking(move || {
        let mut browser = chromium::Chromium::start(&folder());
        browser.open(&format!("{url}/docs/"), 1200, 900);
        let shown = browser.ask(&wait_for(".opblock", operations));
        assert_eq!(shown, operations, "operations on the page");
        browser.click("#operations-Handing_over-createHandoff .opblock-summary-control");
        browser
            .ask(&wait_for("#operations-Handing_over-createHandoff .opblock-body textarea, .body-param__example", 1));
        let text =
            browser.ask("document.body.innerText + [...document.querySelectorAll('textarea')].map(t => t.value)");
        assert!(text.as_str().is_some_and(|text| text.contains("hubspot:deal:12345")), "{text}");
        assert_eq!(misdeeds(&browser, &url), Vec::<String>::new());
    });
    looking.await.expect("the page is looked at");
}
