//! The road to the provider and back in a real browser: no policy of ours keeps
//! it from leaving, its cookie is there when it comes back, and the pages on the
//! way can be used by everybody.

use serde_json::json;

use super::begun;
use super::fake::{Mood, Who};
use crate::axe::violations;
use crate::chromium::Chromium;
use crate::hands::{check_page, go_on};
use crate::harness::{figure, folder};
use crate::stage::DANA;

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_comes_in_by_the_button_alone() {
    let mut stage = begun(|oidc| oidc.button = "Sign in with Acme’s long name for its accounts".to_owned()).await;
    let invited = stage.invite("eve@acme.example", "viewer").await;
    let (profile, url) = (folder(), stage.service.url.clone());
    let (mut wrong, mut places) = (Vec::new(), Vec::new());
    for (width, script) in [(390, true), (1440, false)] {
        stage.fake.present(&Who::of("dana", DANA.1));
        let mut browser = tokio::task::block_in_place(|| {
            let mut browser = Chromium::start(&profile.join(width.to_string()));
            browser.call("Emulation.setScriptExecutionDisabled", json!({"value": !script}));
            browser.open(&format!("{url}/settings/members"), width, 844);
            check_page(&mut browser, &format!("provider-{width}-1-sign-in"));
            if script {
                wrong.extend(violations(&mut browser));
            }
            go_on(&mut browser, "#provider");
            places.push(browser.ask("location.pathname"));
            go_on(&mut browser, ".me button");
            check_page(&mut browser, &format!("provider-{width}-2-signed-out"));
            browser.load(&format!("{url}{invited}"));
            check_page(&mut browser, &format!("provider-{width}-3-invited"));
            browser
        });
        stage.fake.present(&Who::of("mallory", "mallory@evil.example"));
        tokio::task::block_in_place(|| {
            browser.load(&format!("{url}/sign-in"));
            go_on(&mut browser, "#provider");
            places.push(browser.ask("document.querySelector('h1').textContent"));
            check_page(&mut browser, &format!("provider-{width}-4-unknown"));
        });
        stage.service.clock.advance(jiff::SignedDuration::from_hours(2));
        stage.fake.mood("document", Mood::Broken);
        tokio::task::block_in_place(|| {
            browser.load(&format!("{url}/sign-in"));
            go_on(&mut browser, "#provider");
            places.push(browser.ask("document.querySelector('h1').textContent"));
            check_page(&mut browser, &format!("provider-{width}-5-away"));
            if script {
                wrong.extend(violations(&mut browser));
            }
        });
        stage.fake.straighten();
        stage.service.clock.advance(jiff::SignedDuration::from_secs(61));
    }
    let once = [
        json!("/settings/members"),
        json!("You have no account here"),
        json!("Your company’s sign-in does not answer"),
    ];
    let expected = [once.clone(), once].concat();
    figure(
        "signing in by provider in a browser",
        wrong.is_empty() && places == expected,
        json!({"places": places, "wrong": wrong}),
    );
}
