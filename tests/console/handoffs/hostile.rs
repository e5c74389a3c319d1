//! Text from outside that would be a script, on the page of a handoff: in its
//! title, its sources, its answers and its route, looked at in a real browser
//! with our policy and without it.

use serde_json::json;

use super::page_of;
use crate::chromium::Chromium;
use crate::harness::{figure, folder};
use crate::stage::{DANA, PASSWORD, begun};

/// Everything that only we make, and what must not be there at all.
const FOREIGN: &str = "[...document.querySelectorAll('img, svg, math, iframe, object, embed, style, base, video, audio, template, \
    form form, [onclick], [onerror], [onload], [style], script:not([src=\"/l/live.js\"])')].map((one) => one.localName)";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_from_outside_runs_on_the_page_of_a_handoff() {
    let (service, mut dana) = begun().await;
    let vectors = crate::vectors::all("http://127.0.0.1:9");
    let words: String = vectors.iter().map(|vector| format!("{}\n\n", vector.text)).collect();
    let few: String = vectors.iter().step_by(60).map(|vector| vector.text.as_str()).collect::<Vec<_>>().join(" ");
    let few: String = few.chars().filter(|letter| !letter.is_control()).take(280).collect();
    service.publish_short(&service.key).await;
    let mail = crate::harness::mail(&format!("We would like to go live soon {few}\r\n\r\n{words}"));
    let body = json!({"route": "short", "title": few, "known": {"note": few},
        "from": {"owner": {"name": few.chars().take(150).collect::<String>(), "email": "marcus@acme.example"}},
        "sources": [{"type": "email", "filename": format!("{}.eml", few.chars().take(60).collect::<String>()), "content": mail},
            {"type": "note", "filename": "note.txt", "content": words}]});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    service.answer(&id, &json!({"note": {"value": few.clone()}})).await.expect(200);
    let page = dana.get(&page_of(&id)).await.expect(200);
    let policy = page.header("content-security-policy").to_owned();
    let is_strict =
        ["default-src 'none'", "script-src 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"]
            .iter()
            .all(|part| policy.contains(part))
            && !policy.contains("unsafe");
    let profile = folder();
    let (ran, foreign, asked) = tokio::task::block_in_place(|| {
        let mut browser = Chromium::start(&profile);
        let source = "window.ran = []; window.X = (number) => { window.ran.push(number); };";
        browser.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": source}));
        browser.open(&format!("{}/sign-in?next=/handoffs", service.url), 1440, 900);
        crate::hands::write(&mut browser, "#email", DANA.1);
        crate::hands::write(&mut browser, "#password", PASSWORD);
        crate::hands::go_on(&mut browser, "main button");
        let (mut ran, mut foreign, mut asked) = (0, Vec::new(), Vec::new());
        for bypass in [false, true] {
            browser.call("Page.setBypassCSP", json!({"enabled": bypass}));
            for path in [page_of(&id), format!("{}/receive", page_of(&id)), "/handoffs".to_owned()] {
                browser.load(&format!("{}{path}", service.url));
                ran += browser.ask("window.ran.length").as_u64().unwrap_or(1);
                foreign.extend(browser.ask(FOREIGN).as_array().into_iter().flatten().map(ToString::to_string));
                let requests = browser.told("Network.requestWillBeSent");
                let addresses = requests.iter().filter_map(|request| request["request"]["url"].as_str());
                asked.extend(addresses.filter(|address| !address.starts_with(&service.url)).map(str::to_owned));
            }
        }
        (ran, foreign, asked)
    });
    let pass = is_strict && ran == 0 && foreign.is_empty() && asked.is_empty();
    figure(
        "A-40/members",
        pass,
        json!({"vectors": vectors.len(), "ran": ran, "foreign": foreign, "asked": asked, "policy": policy}),
    );
}
