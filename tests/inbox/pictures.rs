//! The pages in a real browser, on a phone and on a screen, light and dark:
//! nothing sticks out, everything can be read and has a name. A handoff is begun
//! by keyboard with a file, and the page follows it to its end by itself.

use jiff::SignedDuration;
use serde_json::json;

use crate::chromium::Chromium;
use crate::figures::tell;
use crate::hands::{check_page, focused, go_on, write};
use crate::harness::{Service, figure, folder, mail};
use crate::inbox::{begin, publish, route};
use crate::stage::{DANA, PASSWORD, first};

const WINDOWS: [(u32, &str); 4] = [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")];

async fn fill(service: &Service) {
    tell(service, 60).await;
    let long = "Bartholomew Featherstonehaugh-Whitfield and Sons, Logistics and Warehousing of the Northern Provinces";
    begin(
        service,
        (long, "somebody.with.a.very.long.address@a-very-long-domain-name.acme.example"),
        json!({"external_id": "crm:deal:0123456789012345678901234567890123456789"}),
    )
    .await;
    begin(service, ("Alder & Sons", DANA.1), json!({})).await;
    service.clock.advance(SignedDuration::from_hours(11));
    begin(service, ("Birch", DANA.1), json!({})).await;
}

fn look(browser: &mut Chromium, url: &str, (width, name): (u32, &str)) {
    browser.open(&format!("{url}/sign-in"), width, 900);
    write(browser, "#email", DANA.1);
    write(browser, "#password", PASSWORD);
    go_on(browser, "main button");
    assert_eq!(browser.ask("location.pathname"), json!("/handoffs"), "where people begin");
    for (path, page) in [
        ("/handoffs", "01-mine"),
        ("/handoffs?whose=all", "02-all"),
        ("/handoffs?whose=all&q=nothing", "03-nothing-fits"),
        ("/handoffs?whose=team", "04-which-team"),
        ("/handoffs/new", "05-which-route"),
        ("/handoffs/new?route=asked", "06-new"),
        ("/insights?minutes=30&rate=90&rework=50&currency=EUR", "07-insights"),
        ("/insights?from=2020-01-01&to=2020-01-02", "08-no-figures"),
        ("/routes", "09-routes"),
        ("/routes/asked", "10-route"),
        ("/routes/sales-to-onboarding", "11-shipped-route"),
        ("/routes/sales-to-onboarding/edit", "12-edit"),
    ] {
        browser.load(&format!("{url}{path}"));
        check_page(browser, &format!("{name}-{page}"));
    }
    go_on(browser, "button[value=check]");
    check_page(browser, &format!("{name}-13-checked"));
    browser.ask("document.querySelector('#text').value = 'id: sales-to-onboarding\\nversion: 2\\nfields:\\n  - {key: a, typ: text}\\n'");
    go_on(browser, "button[value=publish]");
    check_page(browser, &format!("{name}-14-mistakes"));
    browser.load(&format!("{url}/handoffs?whose=all"));
    browser.ask("document.querySelectorAll('[name=handoff]').forEach((one) => { one.checked = true; })");
    go_on(browser, "form[action='/handoffs/remind'] .foot button");
    check_page(browser, &format!("{name}-15-remind"));
    browser.load(&format!("{url}/insights"));
    browser.ask("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    check_page(browser, &format!("{name}-16-07-insights-tables"));
}

/// A handoff from a file, by keyboard; the file itself is put in as a drop puts it in.
fn begin_one(browser: &mut Chromium, url: &str, file: &std::path::Path, name: &str) {
    browser.load(&format!("{url}/handoffs/new?route=asked"));
    let document = browser.call("DOM.getDocument", json!({}));
    let input = browser.call("DOM.querySelector", json!({"nodeId": document["root"]["nodeId"], "selector": "#files"}));
    browser.call("DOM.setFileInputFiles", json!({"nodeId": input["nodeId"], "files": [file]}));
    write(browser, "#sender-email", ".wrong@");
    go_on(browser, "main form button");
    assert_eq!(focused(browser), json!("summary"), "the mistakes have the focus");
    check_page(browser, &format!("{name}-17-new-mistakes"));
    browser.ask("document.querySelector('#sender-email').value = 'dana@acme.example'");
    go_on(browser, "main form button");
    assert!(browser.ask("location.pathname").as_str().is_some_and(|path| path.ends_with("/reading")));
    // The script loads the page again by itself; every look is answered by the page as it is then.
    for _ in 0..600 {
        if browser.ask("document.body?.innerText.includes('It is read')") == json!(true) {
            break;
        }
        browser.call("Page.enable", json!({}));
    }
    assert_eq!(browser.ask("document.body.innerText.includes('It is read')"), json!(true), "it follows by itself");
    check_page(browser, &format!("{name}-18-read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_can_be_read_in_every_window() {
    let service = Service::start().await;
    first(&service).await;
    publish(&service, &route("other", ("success", "support"))).await;
    fill(&service).await;
    let profile = folder();
    std::fs::create_dir_all(&profile).expect("a folder");
    let file = profile.join("a mail.eml");
    std::fs::write(&file, mail("We go live on 1 July 2026.")).expect("a file");
    let mut walked = 0;
    for (width, scheme) in WINDOWS {
        let name = format!("{width}-{scheme}");
        tokio::task::block_in_place(|| {
            let mut browser = Chromium::start(&profile.join(&name));
            let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            browser.call("Emulation.setEmulatedMedia", feature);
            look(&mut browser, &service.url, (width, &name));
            begin_one(&mut browser, &service.url, &file, &name);
        });
        walked += 1;
    }
    figure("pages of handoffs in every window", walked == WINDOWS.len(), json!({"windows": walked}));
}
