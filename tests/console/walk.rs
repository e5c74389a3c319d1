//! The pages in a real browser, by keyboard alone, on a phone and on a screen,
//! light and dark: nothing sticks out, everything can be read and has a name.

use serde_json::json;

use crate::chromium::Chromium;
use crate::hands::{ENTER, SPACE, check_page, focused, go_on, key, tab_to, write};
use crate::harness::{Service, figure, folder};
use crate::stage::{DANA, PASSWORD, first_path, invite, sign_in};

const WINDOWS: [(u32, &str); 2] = [(390, "dark"), (1440, "light")];

fn begin(profile: &std::path::Path, scheme: &str) -> Chromium {
    let mut browser = Chromium::start(profile);
    let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
    browser.call("Emulation.setEmulatedMedia", feature);
    browser
}

/// From the first link to the pages of an admin.
fn walk(browser: &mut Chromium, (url, first): (&str, &str), (width, name): (u32, &str)) {
    browser.open(&format!("{url}/"), width, 900);
    check_page(browser, &format!("{name}-01-nobody"));
    browser.load(&format!("{url}{first}"));
    check_page(browser, &format!("{name}-02-first"));
    write(browser, "#name", DANA.0);
    write(browser, "#email", DANA.1);
    write(browser, "#password", "password1234");
    go_on(browser, "main button");
    check_page(browser, &format!("{name}-03-mistake"));
    assert_eq!(focused(browser), json!("summary"), "the mistakes have the focus");
    write(browser, "#password", PASSWORD);
    go_on(browser, "main button");
    assert_eq!(browser.ask("location.pathname"), json!("/handoffs"));
    browser.load(&format!("{url}/settings/members"));
    check_page(browser, &format!("{name}-04-members"));
    write(browser, "#email", "marcus@acme.example");
    tab_to(browser, "[name=role]");
    key(browser, SPACE);
    go_on(browser, "[action='/settings/members'] button");
    check_page(browser, &format!("{name}-05-invited"));
    browser.load(&format!("{url}/settings/profile/second-step"));
    check_page(browser, &format!("{name}-06-second-step"));
    browser.load(&format!("{url}/settings/sessions"));
    check_page(browser, &format!("{name}-07-sessions"));
    browser.load(&format!("{url}/settings/profile"));
    check_page(browser, &format!("{name}-08-profile"));
    go_on(browser, ".me button");
    check_page(browser, &format!("{name}-09-signed-out"));
    browser.load(&format!("{url}/settings/sessions"));
    check_page(browser, &format!("{name}-10-sign-in"));
    write(browser, "#email", DANA.1);
    write(browser, "#password", "three quiet lighthouse");
    go_on(browser, "main button");
    check_page(browser, &format!("{name}-11-wrong"));
    write(browser, "#password", PASSWORD);
    go_on(browser, "main button");
    assert_eq!(browser.ask("location.pathname"), json!("/settings/sessions"), "back to where one wanted to go");
}

/// What an admin sees when there is much to see.
fn look(browser: &mut Chromium, url: &str, (width, name): (u32, &str)) {
    browser.load(&format!("{url}/settings/members"));
    for _ in 0..2 {
        tab_to(browser, "details:not([open]) summary");
        key(browser, ENTER);
    }
    check_page(browser, &format!("{name}-12-many-members"));
    browser.load(&format!("{url}/settings/sessions"));
    check_page(browser, &format!("{name}-13-many-sessions"));
    assert!(width > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_work_by_keyboard_in_every_window() {
    let profile = folder();
    let mut walked = 0;
    for (width, scheme) in WINDOWS {
        let service = Service::start().await;
        let first = first_path(&service).await;
        let name = format!("{width}-{scheme}");
        let mut browser = tokio::task::block_in_place(|| {
            let mut browser = begin(&profile.join(scheme), scheme);
            walk(&mut browser, (&service.url, &first), (width, &name));
            browser
        });
        let (mut dana, _) = sign_in(&service, DANA.1, PASSWORD).await;
        for (email, who) in [
            (
                "a.very.long.address.of.somebody.far.away@a-very-long-domain-name.acme.example",
                "Bartholomew Featherstonehaugh-Whitfield",
            ),
            ("eve@acme.example", "Eve Stone"),
        ] {
            let path = invite(&mut dana, email, "receiver").await;
            let mut person = crate::person::Person::of(&service);
            person.post(&path, &[("name", who), ("password", PASSWORD)]).await.expect(303);
        }
        let id = crate::stage::id_of(&service, "eve@acme.example").await;
        crate::stage::send(&mut dana, &format!("/settings/members/{id}/access"), &[("access", "out")])
            .await
            .expect(303);
        tokio::task::block_in_place(|| look(&mut browser, &service.url, (width, &name)));
        walked += 1;
    }
    figure("pages of members by keyboard", walked == WINDOWS.len(), json!({"windows": walked}));
}
