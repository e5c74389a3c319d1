//! A person at the keyboard of a real browser, and the look at every page they
//! come to: nothing sticks out, everything can be read and has a name. Pictures
//! of the pages lie beside the test program's files, in a folder of its name.

use base64::Engine;
use serde_json::json;

use crate::chromium::{Chromium, FAINT};

/// Presses a key as a person does, with the letter it makes.
pub fn key(browser: &mut Chromium, (key, code, text): (&str, u32, &str)) {
    let down = json!({"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
    let down = if text.is_empty() {
        json!({"type": "rawKeyDown", "key": key, "code": key, "windowsVirtualKeyCode": code})
    } else {
        down
    };
    browser.call("Input.dispatchKeyEvent", down);
    browser.call(
        "Input.dispatchKeyEvent",
        json!({"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code}),
    );
}

pub const TAB: (&str, u32, &str) = ("Tab", 9, "");
pub const SPACE: (&str, u32, &str) = (" ", 32, " ");
pub const ENTER: (&str, u32, &str) = ("Enter", 13, "\r");
pub const DOWN: (&str, u32, &str) = ("ArrowDown", 40, "");

/// Goes on with Tab until an element has the focus, and sees that the focus can be seen.
pub fn tab_to(browser: &mut Chromium, selector: &str) {
    for _ in 0..80 {
        if browser.ask(&format!("!!document.activeElement?.matches({selector:?})")) == json!(true) {
            let seen =
                "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none'; })()";
            assert_eq!(browser.ask(seen), json!(true), "the focus on {selector} cannot be seen");
            return;
        }
        key(browser, TAB);
    }
    panic!("{selector} is not reached by keyboard");
}

/// The classes of what has the focus once the page has been drawn: `autofocus` is obeyed no sooner.
pub fn focused(browser: &mut Chromium) -> serde_json::Value {
    browser.ask(
        "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(document.activeElement.className))))",
    )
}

pub fn write(browser: &mut Chromium, selector: &str, text: &str) {
    tab_to(browser, selector);
    browser.call("Input.insertText", json!({"text": text}));
}

/// Presses Enter on a button and waits for the next page.
pub fn go_on(browser: &mut Chromium, selector: &str) {
    tab_to(browser, selector);
    browser.events.clear();
    key(browser, ENTER);
    while browser.told("Page.loadEventFired").is_empty() {
        browser.call("Page.enable", json!({}));
    }
}

fn picture(browser: &mut Chromium, name: &str) {
    let size = browser.call("Page.getLayoutMetrics", json!({}))["cssContentSize"].clone();
    let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
    let shot = browser.call("Page.captureScreenshot", json!({"captureBeyondViewport": true, "clip": clip}));
    let bytes =
        base64::engine::general_purpose::STANDARD.decode(shot["data"].as_str().unwrap_or_default()).expect("a picture");
    let place = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(env!("CARGO_CRATE_NAME"));
    std::fs::create_dir_all(&place).expect("a folder");
    std::fs::write(place.join(format!("{name}.png")), bytes).expect("it is written");
}

/// Nothing sticks out, everything can be read and has a name.
pub fn check_page(browser: &mut Chromium, name: &str) {
    picture(browser, name);
    let sideways = "(() => { const width = document.documentElement.clientWidth; \
                    if (document.documentElement.scrollWidth <= width) return []; \
                    const wide = [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > width + 1); \
                    return [document.documentElement.scrollWidth, ...wide.slice(0, 6).map((one) => `${one.localName}.${one.className}#${one.id}`)]; })()";
    assert_eq!(browser.ask(sideways), json!([]), "{name} is wider than its window");
    assert_eq!(browser.ask(FAINT), json!([]), "{name}");
    let nameless = "[...document.querySelectorAll('input:not([type=hidden]), textarea, select')].filter((one) => !one.labels.length).map((one) => one.id)";
    assert_eq!(browser.ask(nameless), json!([]), "{name}");
    let twice = "[...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, place, all) => all.indexOf(id) !== place)";
    assert_eq!(browser.ask(twice), json!([]), "{name}");
    let dangling = "[...document.querySelectorAll('[aria-describedby]')].flatMap((one) => one.getAttribute('aria-describedby').split(' ')) \
                    .filter((id) => id && !document.getElementById(id))";
    assert_eq!(browser.ask(dangling), json!([]), "{name}");
}
