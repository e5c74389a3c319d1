//! Every page there is for people who log in, in a real browser: empty and with
//! data on it, on a phone and on a screen, light and dark. Nothing sticks out,
//! axe-core finds nothing; pictures lie in `target/screenshots`.

use std::path::Path;
use std::sync::Arc;

use baton::access::second_step::CodeSecret;
use baton::config::{ModelSettings, Settings};
use baton::llm::{Call, Failure, Model, Reader, Reply, Tokens};
use serde_json::json;

use crate::axe::violations;
use crate::chromium::Chromium;
use crate::filling::{Filled, fill};
use crate::hands::{check_page, write};
use crate::harness::{Service, figure, folder, settings};
use crate::stage::{DANA, PASSWORD, first};

const WINDOWS: [(u32, &str); 4] = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")];

/// Somebody who looks at pages in one window, and what they found wrong.
struct Looker<'f> {
    browser: Chromium,
    url: String,
    window: String,
    found: &'f mut Found,
}

#[derive(Default)]
struct Found {
    wrong: Vec<String>,
    pages: usize,
}

impl Looker<'_> {
    fn begin<'f>(profile: &Path, url: &str, (width, scheme): (u32, &str), found: &'f mut Found) -> Looker<'f> {
        let mut browser = Chromium::start(profile);
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
        browser.call("Emulation.setEmulatedMedia", json!({"features": features}));
        // A picture is as wide as the window then.
        browser.call("Emulation.setScrollbarsHidden", json!({"hidden": true}));
        browser.open(&format!("{url}/sign-in"), width, 900);
        Looker { browser, url: url.to_owned(), window: format!("{width}-{scheme}"), found }
    }

    fn sign_in(&mut self) {
        self.give_password();
        assert_eq!(self.browser.ask("location.pathname"), json!("/settings/profile"));
    }

    fn give_password(&mut self) {
        self.browser.load(&format!("{}/sign-in?next=/settings/profile", self.url));
        write(&mut self.browser, "#email", DANA.1);
        write(&mut self.browser, "#password", PASSWORD);
        self.press("main button");
    }

    /// Loads a page and looks at it.
    fn at(&mut self, path: &str, page: &str) {
        self.browser.load(&format!("{}{path}", self.url));
        self.here(page);
    }

    /// Looks at the page that is there; everything that can be unfolded is.
    fn here(&mut self, page: &str) {
        let name = format!("page-{page}-{}", self.window);
        check_page(&mut self.browser, &name);
        let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let screenshots = place.with_file_name("screenshots");
        std::fs::create_dir_all(&screenshots).expect("a folder");
        let picture = format!("{name}.png");
        std::fs::copy(place.join(env!("CARGO_CRATE_NAME")).join(&picture), screenshots.join(&picture)).expect("copied");
        self.browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        let wrong = violations(&mut self.browser);
        self.found.wrong.extend(wrong.into_iter().map(|one| format!("{name}: {one}")));
        self.found.pages += 1;
    }

    /// Fills inputs in, by their ids.
    fn fill(&mut self, inputs: &[(&str, &str)]) {
        for (id, text) in inputs {
            self.browser.ask(&format!("document.querySelector('#{id}').value = {text:?}"));
        }
    }

    /// Presses a button and waits for the next page.
    fn press(&mut self, selector: &str) {
        self.browser.events.clear();
        self.browser.ask(&format!("document.querySelector({selector:?}).click()"));
        while self.browser.told("Page.loadEventFired").is_empty() {
            self.browser.call("Page.enable", json!({}));
        }
    }
}

/// A workspace in which nothing has happened yet.
fn look_at_nothing(looker: &mut Looker) {
    looker.here("sign-in");
    looker.fill(&[("email", DANA.1), ("password", "not the password")]);
    looker.press("main button");
    looker.here("sign-in-wrong");
    looker.sign_in();
    for (path, page) in [
        ("/handoffs", "empty-list"),
        ("/handoffs?whose=all", "empty-all"),
        ("/handoffs?whose=team", "empty-team"),
        ("/handoffs/new", "empty-new"),
        ("/insights", "empty-insights"),
        ("/routes", "empty-routes"),
        ("/settings/keys", "empty-keys"),
        ("/settings/webhooks", "empty-webhooks"),
        ("/settings/model", "empty-model"),
        ("/settings/notifications", "empty-notifications"),
        ("/settings/retention", "empty-retention"),
    ] {
        looker.at(path, page);
    }
    looker.press("form[action='/settings/retention/person'] button");
    looker.here("nobody-to-find");
}

/// The second step, from its picture to the page that asks for a code.
fn look_at_second_step(looker: &mut Looker, service: &Service) {
    looker.sign_in();
    looker.browser.load(&format!("{}/settings/profile/second-step", looker.url));
    let shown = looker.browser.ask("document.querySelector('.secret').textContent");
    let secret = CodeSecret::read(&shown.as_str().unwrap_or_default().replace(' ', "")).expect("a secret");
    let code = secret.code_at(service.clock.now().as_second());
    looker.fill(&[("code", &code), ("current", PASSWORD)]);
    looker.press("main form button");
    looker.here("recovery-codes");
    looker.browser.call("Network.clearBrowserCookies", json!({}));
    looker.give_password();
    assert_eq!(looker.browser.ask("location.pathname"), json!("/sign-in/code"));
    looker.here("code");
    looker.press("main form button");
    looker.here("code-wrong");
}

/// Pages that are loaded, of a workspace with much in it.
fn look_at_much(looker: &mut Looker, filled: &Filled) {
    looker.at(&filled.invitation, "join");
    looker.sign_in();
    let of = |id: &str, rest: &str| format!("/handoffs/{id}{rest}");
    for (path, page) in [
        ("/handoffs?whose=all".to_owned(), "list"),
        ("/handoffs?whose=all&q=nothing".to_owned(), "list-nothing-fits"),
        ("/handoffs/new".to_owned(), "new-which-route"),
        ("/handoffs/new?route=sales-to-onboarding".to_owned(), "new"),
        (of(&filled.open, ""), "handoff"),
        (of(&filled.open, "/reading"), "reading"),
        (of(&filled.moved, ""), "handoff-moved"),
        (of(&filled.moved, "/receive"), "receive"),
        (of("none", ""), "not-there"),
        ("/insights?minutes=30&rate=90&rework=50&currency=EUR".to_owned(), "insights"),
        ("/routes".to_owned(), "routes"),
        ("/routes/sales-to-onboarding".to_owned(), "route"),
        ("/routes/short/versions/2".to_owned(), "diff"),
        ("/routes/short/edit".to_owned(), "edit"),
        ("/settings/profile/second-step".to_owned(), "second-step"),
        ("/settings/sessions".to_owned(), "sessions"),
        ("/settings/members".to_owned(), "members"),
        ("/settings/keys".to_owned(), "keys"),
        (format!("/settings/keys/{}/revoke", filled.key), "key-revoke"),
        ("/settings/webhooks".to_owned(), "webhooks"),
        (format!("/settings/webhooks/{}", filled.good), "endpoint"),
        (format!("/settings/webhooks/{}", filled.failing), "endpoint-failing"),
        (format!("/settings/webhooks/{}/rotate", filled.good), "endpoint-rotate"),
        (format!("/settings/webhooks/{}/delete", filled.good), "endpoint-delete"),
        (format!("/settings/deliveries/{}", filled.delivery), "delivery"),
        ("/settings/model".to_owned(), "model"),
        ("/settings/notifications".to_owned(), "notifications"),
        ("/settings/retention".to_owned(), "retention"),
        (format!("/settings/retention/erasures/{}", filled.erasure), "erasure"),
    ] {
        looker.at(&path, page);
    }
}

/// Pages that answer a form.
fn look_at_answers(looker: &mut Looker) {
    looker.at("/settings/profile", "profile");
    looker.fill(&[("current", "not it"), ("password", "short")]);
    looker.press("form[action='/settings/profile/password'] button");
    looker.here("profile-mistake");
    looker.at("/settings/keys", "keys-again");
    looker.press("form[action='/settings/keys'] button");
    looker.here("keys-mistakes");
    looker.fill(&[("name", "Warehouse")]);
    looker.browser.ask("document.querySelector('#scope-transfer').checked = true");
    looker.press("form[action='/settings/keys'] button");
    looker.here("key-shown");
    looker.at("/settings/webhooks", "webhooks-again");
    looker.fill(&[("url", "http://10.0.0.1/hook")]);
    looker.press("form[action='/settings/webhooks'] button");
    looker.here("webhooks-mistake");
    looker.at("/settings/model", "model-again");
    looker.press("form[action='/settings/model'] button");
    looker.here("model-tried");
    looker.at("/settings/notifications", "notifications-again");
    looker.press("form[action='/settings/notifications'] button");
    looker.here("notifications-sent");
    looker.at("/settings/retention", "retention-again");
    looker.fill(&[("names", "Dana Whitfield")]);
    looker.press("form[action='/settings/retention/person'] button");
    looker.here("person");
    looker.press("form[action$='/confirm'] button");
    looker.here("person-mistake");
    looker.browser.ask("document.querySelector('[name=handoffs]').checked = true");
    looker.press("form[action$='/confirm'] button");
    looker.here("erase");
    looker.press("form[action$='/erase'] button");
    looker.here("erase-mistake");
    looker.at("/handoffs?whose=all", "list-again");
    looker.browser.ask("document.querySelectorAll('[name=handoff]').forEach((one) => { one.checked = true; })");
    looker.press("form[action='/handoffs/remind'] .foot button");
    looker.here("remind");
}

async fn with_model() -> Service {
    let answer = |_: &Call| -> Result<Reply, Failure> {
        let text = json!({"records": [], "instructions_seen": []}).to_string();
        Ok(Reply { text, tokens: Tokens { input: 900, cached: 0, output: 40 } })
    };
    let name = Some("a-model-with-a-very-long-name-of-its-own-7b-instruct-2026-02-24".to_owned());
    let model = ModelSettings { name, tokens_per_day: Some(5_000_000), ..ModelSettings::default() };
    let reader = Reader::new(Model::Generated(Arc::new(answer)), &model).expect("the shipped prompts");
    let service = Service::start_with(Settings { model, ..settings() }, Some(reader)).await;
    first(&service).await;
    service
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_reads_well_in_every_window() {
    let profile = folder();
    let mut found = Found::default();
    let empty = Service::start().await;
    first(&empty).await;
    let (service, filled) = fill().await;
    let with_model = with_model().await;
    for window in WINDOWS {
        let stepped = Service::start().await;
        first(&stepped).await;
        let place = profile.join(format!("{}-{}", window.0, window.1));
        tokio::task::block_in_place(|| {
            let mut looker = Looker::begin(&place.join("empty"), &empty.url, window, &mut found);
            look_at_nothing(&mut looker);
            drop(looker);
            let mut looker = Looker::begin(&place.join("model"), &with_model.url, window, &mut found);
            looker.sign_in();
            looker.at("/settings/model", "model-named");
            looker.press("form[action='/settings/model'] button");
            looker.here("model-failed");
            drop(looker);
            let mut looker = Looker::begin(&place.join("stepped"), &stepped.url, window, &mut found);
            look_at_second_step(&mut looker, &stepped);
            drop(looker);
            let mut looker = Looker::begin(&place.join("full"), &service.url, window, &mut found);
            look_at_much(&mut looker, &filled);
            look_at_answers(&mut looker);
        });
    }
    figure("every page, with axe", found.wrong.is_empty(), json!({"pages": found.pages, "violations": found.wrong}));
}
