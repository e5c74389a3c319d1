//! The three gaps of a shipped sample, filled in through the link in a real
//! browser: every click and every letter is counted.

use serde_json::json;

use super::{MARCUS, hand_over};
use crate::chromium::Chromium;
use crate::harness::{Service, figure, folder};
use crate::person::link;

/// The most that two minutes on a phone allow.
const MOST_CLICKS: usize = 10;
const MOST_LETTERS: usize = 40;

/// A person who counts.
struct Hand<'a> {
    browser: &'a mut Chromium,
    clicks: usize,
    letters: usize,
}

impl Hand<'_> {
    fn click(&mut self, selector: &str) {
        self.clicks += 1;
        self.browser.click(selector);
    }

    /// Clicks into an input and types.
    fn write(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.letters += text.chars().count();
        self.browser.call("Input.insertText", json!({"text": text}));
    }

    /// Clicks what leads to the next page.
    fn go(&mut self, selector: &str) {
        self.browser.events.clear();
        self.click(selector);
        while self.browser.told("Page.loadEventFired").is_empty() {
            self.browser.call("Page.enable", json!({}));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn three_gaps_take_ten_clicks_and_forty_letters_at_most() {
    let service = Service::start().await;
    let id = hand_over(&service, "coppergate-01", "Coppergate Foods").await;
    let before = service.get(&format!("/v1/handoffs/{id}")).await.json();
    let blocking = |seen: &serde_json::Value| {
        seen["gaps"].as_array().into_iter().flatten().filter(|gap| gap["blocking"] == true).count()
    };
    assert_eq!(blocking(&before), 3, "{before}");
    let (_, path) = link(&service, &id, MARCUS, "answer").await;
    let url = format!("{}{path}", service.url);
    let profile = folder();
    let (clicks, letters) = tokio::task::block_in_place(|| {
        let mut browser = Chromium::start(&profile);
        browser.open(&url, 390, 844);
        let mut hand = Hand { browser: &mut browser, clicks: 0, letters: 0 };
        hand.go("main button");
        // A candidate with its quote beside it, by one click.
        hand.click("[name=f-team_size-how][value^='c:']");
        hand.write("#f-budget-amount", "18000");
        hand.write("#f-budget-currency", "EUR");
        // A day is offered that is not it, so the inputs come by a click.
        hand.click("[name=f-decision_date-how][value=value]");
        hand.write("#f-decision_date-day", "30");
        hand.write("#f-decision_date-month", "4");
        hand.write("#f-decision_date-year", "2026");
        hand.go("main form > button");
        let counted = (hand.clicks, hand.letters);
        let page = browser.ask("document.querySelector('main').textContent");
        assert_eq!(browser.ask("location.pathname.endsWith('/thanks')"), json!(true), "{page}");
        counted
    });
    let after = service.get(&format!("/v1/handoffs/{id}")).await.json();
    let pass = clicks <= MOST_CLICKS && letters <= MOST_LETTERS && after["status"] == "ready";
    figure(
        "three gaps",
        pass,
        json!({"clicks": clicks, "letters": letters, "left": blocking(&after), "status": after["status"]}),
    );
}
