//! Every page in a real browser, wide and narrow, light and dark: nothing sticks
//! out, axe-core finds nothing, quotes light up beside the brief, the receiver's
//! page is one sheet of paper. Pictures lie in `target/screenshots`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::{MARCUS, PRIYA, hand_over, page_of, short};
use crate::axe::violations;
use crate::chromium::Chromium;
use crate::hands::{SPACE, check_page, go_on, key, tab_to, write};
use crate::harness::{Service, figure, folder};
use crate::person::link;
use crate::stage::{DANA, PASSWORD, begun};

const WINDOWS: [(u32, &str); 4] = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")];

fn begin(profile: &std::path::Path, scheme: &str) -> Chromium {
    let mut browser = Chromium::start(profile);
    let features = json!([{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]);
    browser.call("Emulation.setEmulatedMedia", json!({"features": features}));
    browser
}

/// Signs in by the form.
fn sign_in(browser: &mut Chromium, (url, width): (&str, u32)) {
    browser.open(&format!("{url}/sign-in?next=/handoffs"), width, 900);
    write(browser, "#email", DANA.1);
    write(browser, "#password", PASSWORD);
    go_on(browser, "main button");
}

/// What is wrong with a page; a picture of it is kept.
fn look(browser: &mut Chromium, name: &str, wrong: &mut Vec<String>) {
    // A picture shows all of the sources, not the part in their own window.
    check_page(browser, name);
    let place = picture(browser, &format!("{name}-window"));
    let whole =
        std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME")).join(format!("{name}.png"));
    std::fs::copy(whole, place.join(format!("{name}.png"))).expect("it is copied");
    wrong.extend(violations(browser).into_iter().map(|one| format!("{name}: {one}")));
}

/// A picture of what the window shows; the folder in which it lies.
fn picture(browser: &mut Chromium, name: &str) -> std::path::PathBuf {
    let shot = browser.call("Page.captureScreenshot", json!({}));
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
    std::fs::create_dir_all(&place).expect("a folder");
    let bytes = STANDARD.decode(shot["data"].as_str().unwrap_or_default()).expect("a picture");
    std::fs::write(place.join(format!("{name}.png")), bytes).expect("it is written");
    place
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_handoff_reads_well_in_every_window() {
    let (service, _) = begun().await;
    let open = hand_over(&service, "northwind-01", "Northwind Logistics").await;
    let ready = short(&service).await;
    service.answer(&ready, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    let moved = service.hand_over_mail("short", "We go live on 2 July 2026.").await.expect(200).id();
    service.answer(&moved, &json!({"contact_email": {"value": "dana@northwind.example"}})).await.expect(200);
    service.transfer(&moved).await.expect(200);
    let (_, answering) = link(&service, &open, MARCUS, "answer").await;
    let (_, receiving) = link(&service, &moved, PRIYA, "receive").await;
    let profile = folder();
    let (mut wrong, mut pages) = (Vec::new(), 0);
    for (width, scheme) in WINDOWS {
        let name = |what: &str| format!("handoff-{what}-{width}-{scheme}");
        tokio::task::block_in_place(|| {
            let mut browser = begin(&profile.join(format!("{width}-{scheme}")), scheme);
            let url = service.url.as_str();
            sign_in(&mut browser, (url, width));
            let browser = &mut browser;
            look(browser, &name("1-list"), &mut wrong);
            browser.load(&format!("{url}{}", page_of(&open)));
            look(browser, &name("2-open"), &mut wrong);
            browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
            look(browser, &name("3-all-unfolded"), &mut wrong);
            browser.load(&format!("{url}{}", page_of(&ready)));
            look(browser, &name("4-ready"), &mut wrong);
            browser.load(&format!("{url}{}", page_of(&moved)));
            look(browser, &name("5-moved"), &mut wrong);
            browser.load(&format!("{url}/handoffs/{moved}/receive"));
            look(browser, &name("6-receive"), &mut wrong);
            go_on(browser, ".decide button");
            look(browser, &name("7-receive-mistake"), &mut wrong);
            browser.load(&format!("{url}{answering}"));
            go_on(browser, "main button");
            look(browser, &name("8-link"), &mut wrong);
            go_on(browser, "main form > button");
            look(browser, &name("9-link-mistake"), &mut wrong);
            browser.load(&format!("{url}{receiving}"));
            go_on(browser, "main button");
            look(browser, &name("10-receive-link"), &mut wrong);
            pages += 10;
        });
    }
    figure("pages of a handoff, with axe", wrong.is_empty(), json!({"pages": pages, "violations": wrong}));
}

const WORDS: &str = "one change, sorry: the Dayton move slipped, so we go live on July 1 now.";

/// The lit words, and whether they can be seen in their window.
fn lit(browser: &mut Chromium) -> Json {
    browser.ask(
        "(() => { const all = [...document.querySelectorAll('mark')].filter((one) => \
         getComputedStyle(one).backgroundColor === 'rgb(255, 212, 59)' && !one.querySelector('mark')); \
         if (!all.length) return null; const box = all[0].getBoundingClientRect(); \
         return [all.map((one) => one.textContent).join(''), box.top >= 0 && box.bottom <= innerHeight]; })()",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quote_leads_to_its_words_with_and_without_script() {
    let (service, _) = begun().await;
    let id = hand_over(&service, "northwind-01", "Northwind Logistics").await;
    let profile = folder();
    tokio::task::block_in_place(|| {
        let mut browser = begin(&profile, "light");
        sign_in(&mut browser, (&service.url, 1440));
        for (width, script) in [(1440, true), (390, true), (1440, false), (390, false)] {
            browser.call("Emulation.setScriptExecutionDisabled", json!({"value": !script}));
            browser.open(&format!("{}{}", service.url, page_of(&id)), width, 800);
            let row = "[...document.querySelectorAll('.field-row')].find((one) => one.querySelector('h3').textContent.includes('Go-live date'))";
            let place = browser.ask(&format!("{row}.id"));
            browser.click(&format!("#{} a.value", place.as_str().expect("a row")));
            browser.arrive();
            assert_eq!(lit(&mut browser), json!([WORDS, true]), "{width} px, script {script}");
            // By the address alone, also of words in several parts.
            let target = browser.ask("location.hash.slice(1)");
            let target = target.as_str().expect("a place").to_owned();
            browser.open(&format!("{}{}?focus={target}", service.url, page_of(&id)), width, 800);
            assert_eq!(lit(&mut browser)[0], json!(WORDS), "{width} px, script {script}");
            // And back to the field that says it.
            let back = browser.ask(&format!("document.querySelector('#{target} + a.back').getAttribute('href')"));
            assert_eq!(browser.ask(&format!("!!document.querySelector({back})")), json!(true));
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receiver_gets_one_sheet_of_paper() {
    let (service, _) = begun().await;
    let id = hand_over(&service, "northwind-01", "Northwind Logistics").await;
    let profile = folder();
    let pages = tokio::task::block_in_place(|| {
        let mut browser = begin(&profile, "light");
        sign_in(&mut browser, (&service.url, 1440));
        browser.load(&format!("{}/handoffs/{id}/receive", service.url));
        let paper =
            json!({"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true, "printBackground": true});
        browser.call("Emulation.setEmulatedMedia", json!({"media": "print"}));
        browser.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": 680, "height": 1017, "deviceScaleFactor": 1, "mobile": false}),
        );
        picture(&mut browser, "handoff-paper");
        let printed = browser.call("Page.printToPDF", paper);
        let bytes = STANDARD.decode(printed["data"].as_str().unwrap_or_default()).expect("a document");
        let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        std::fs::create_dir_all(&place).expect("a folder");
        std::fs::write(place.join("handoff-paper.pdf"), &bytes).expect("it is written");
        String::from_utf8_lossy(&bytes).matches("/Type /Page\n").count()
    });
    figure("the brief on paper", pages == 1, json!({"pages": pages}));
}

/// By keyboard alone, with and without script: answered, kept for later, handed over.
#[tokio::test(flavor = "multi_thread")]
async fn a_handoff_is_answered_and_handed_over_by_keyboard_alone() {
    let (service, _) = begun().await;
    let profile = folder();
    let mut moved = 0;
    for script in [true, false] {
        let id = match script {
            true => short(&service).await,
            false => service.hand_over_mail("short", "We go live on 3 July 2026.").await.expect(200).id(),
        };
        tokio::task::block_in_place(|| {
            let mut browser = begin(&profile.join(script.to_string()), "light");
            sign_in(&mut browser, (&service.url, 390));
            browser.call("Emulation.setScriptExecutionDisabled", json!({"value": !script}));
            browser.load(&format!("{}{}", service.url, page_of(&id)));
            tab_to(&mut browser, "[name=f-contact_email-how]");
            key(&mut browser, SPACE);
            write(&mut browser, "#f-contact_email-value", "dana@northwind");
            go_on(&mut browser, "button[name=later]");
            assert_eq!(browser.ask("document.querySelector('#f-contact_email-value').value"), json!("dana@northwind"));
            browser.ask("document.querySelector('.skip').focus()");
            write(&mut browser, "#f-contact_email-value", "dana@northwind.example");
            go_on(&mut browser, "[data-draft] button");
            assert!(
                browser
                    .ask("document.querySelector('.done').textContent")
                    .as_str()
                    .is_some_and(|text| text.contains("saved"))
            );
            go_on(&mut browser, "form[action$='/transfer'] button");
            assert!(
                browser
                    .ask("document.querySelector('.done').textContent")
                    .as_str()
                    .is_some_and(|text| text.contains("handed over"))
            );
        });
        assert_eq!(super::field(&service, &id, "contact_email").await["value"], "dana@northwind.example");
        moved += usize::from(super::status(&service, &id).await == "transferred");
    }
    figure("a handoff by keyboard", moved == 2, json!({"handed_over": moved}));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_survives_a_reload_and_changes_by_others_are_told() {
    let (service, _) = begun().await;
    let id = short(&service).await;
    let (_, path) = link(&service, &id, MARCUS, "answer").await;
    let profile = folder();
    let url = format!("{}{path}", service.url);
    let mut browser = tokio::task::block_in_place(|| {
        let mut browser = begin(&profile, "light");
        browser.open(&url, 390, 844);
        go_on(&mut browser, "main button");
        browser.click("[name=f-contact_email-how][value=value]");
        browser.click("#f-contact_email-value");
        browser.call("Input.insertText", json!({"text": "half an address"}));
        let kept = browser.ask(
            "new Promise((done) => { const look = () => { const text = document.querySelector('[data-state]').textContent; \
             if (text) return done(text); setTimeout(look, 50); }; look(); })",
        );
        assert_eq!(kept, json!("What you typed is kept."));
        let here = browser.ask("location.href");
        browser.load(here.as_str().expect("an address"));
        assert_eq!(browser.ask("document.querySelector('#f-contact_email-value').value"), json!("half an address"));
        assert!(
            browser
                .ask("document.querySelector('.kept').textContent")
                .as_str()
                .is_some_and(|text| text.contains("was not sent"))
        );
        browser
    });
    // Somebody else answers: the page tells so, and what was typed stays.
    service.answer(&id, &json!({"note": {"value": "They like blue"}})).await.expect(200);
    tokio::task::block_in_place(|| {
        browser.click("#f-contact_email-value");
        let told = browser.ask(
            "new Promise((done) => { const look = () => { const one = document.querySelector('[data-version]'); \
             if (!one.hidden) return done(one.textContent); document.dispatchEvent(new Event('visibilitychange')); \
             setTimeout(look, 100); }; look(); })",
        );
        assert!(told.as_str().is_some_and(|text| text.contains("Somebody changed this handoff")), "{told}");
        assert_eq!(browser.ask("document.querySelector('#f-contact_email-value').value"), json!("half an address"));
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn very_long_handoffs_stay_readable() {
    let service_and_dana = begun().await;
    let service: &Service = &service_and_dana.0;
    let fields: Vec<Json> = (0..300)
        .map(|number| {
            let kind = ["text", "date", "money", "long_text", "email"][number % 5];
            json!({"key": format!("field_{number}"), "label": format!("Field number {number} {}", "long".repeat(number % 9)), "type": kind,
                   "required": number % 3 == 0, "allow": ["not_applicable", "unknown"]})
        })
        .collect();
    let route = json!({"id": "long", "version": 1, "title": "Long", "from": {"team": "a"}, "to": {"team": "b"}, "fields": fields});
    service.send("PUT", "/v1/routes/long", Some(&route), &[]).await.expect(201);
    let sources: Vec<Json> = (0..200)
        .map(|number| {
            let content = format!("Message {number}. {} {}", "unbroken".repeat(20), "And some more words. ".repeat(3));
            json!({"type": "note", "filename": format!("note-{number}.txt"), "content": content})
        })
        .collect();
    let body = json!({"route": "long", "title": "x".repeat(300), "sources": sources});
    let id = service.post("/v1/handoffs?wait=25", &body).await.id();
    service.until(&id, |seen| seen["status"] == "needs_input").await;
    let profile = folder();
    let mut looked = 0;
    tokio::task::block_in_place(|| {
        for (width, scheme) in [(1440, "light"), (390, "dark")] {
            let mut browser = begin(&profile.join(scheme), scheme);
            sign_in(&mut browser, (&service.url, width));
            browser.load(&format!("{}{}", service.url, page_of(&id)));
            check_page(&mut browser, &format!("handoff-long-{width}-{scheme}"));
            picture(&mut browser, &format!("handoff-long-{width}-{scheme}"));
            looked += 1;
        }
    });
    figure("300 fields, 200 messages", looked == 2, json!({"windows": looked}));
}
