//! A person at a browser of their own, with a mouse or by keyboard alone, with
//! or without script, on a screen or on a telephone. Every page they come to is
//! looked at.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::axe::violations;
use crate::chromium::Chromium;
use crate::hands::{DOWN, ENTER, SPACE, check_page, key, tab_to};
use crate::stage::PASSWORD;

/// A reading that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(60);

/// How somebody gets about.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    pub name: &'static str,
    pub width: u32,
    pub by_keyboard: bool,
    pub has_script: bool,
}

/// What can be pressed and is smaller than a fingertip, with nothing said by WCAG 2.2 (2.5.8) that excuses it: links in a
/// sentence, and what has room around it.
const SMALL: &str = r#"(() => {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((one) => one.checkVisibility() && one.getClientRects().length && !one.matches(".skip"));
  const box = (one) => {
    const labels = /radio|checkbox/.test(one.type) ? [...one.labels] : [];
    const rects = [one, ...labels].map((each) => each.getBoundingClientRect());
    return { left: Math.min(...rects.map((r) => r.left)), top: Math.min(...rects.map((r) => r.top)),
             right: Math.max(...rects.map((r) => r.right)), bottom: Math.max(...rects.map((r) => r.bottom)) };
  };
  const isSmall = (b) => b.right - b.left < 24 || b.bottom - b.top < 24;
  const inSentence = (one) => one.localName === "a" && getComputedStyle(one).display === "inline"
    && one.parentElement.textContent.trim() !== one.textContent.trim();
  const boxes = all.map((one) => [one, box(one)]);
  const crowded = (own, b) => {
    const [x, y] = [(b.left + b.right) / 2, (b.top + b.bottom) / 2];
    return boxes.some(([other, o]) => {
      if (other === own) return false;
      const [dx, dy] = [Math.max(o.left - x, 0, x - o.right), Math.max(o.top - y, 0, y - o.bottom)];
      const apart = Math.hypot((o.left + o.right) / 2 - x, (o.top + o.bottom) / 2 - y);
      return Math.hypot(dx, dy) < 12 || isSmall(o) && apart < 24;
    });
  };
  return boxes.filter(([one, b]) => isSmall(b) && !inSentence(one) && crowded(one, b))
    .map(([one, b]) => `${one.localName}.${one.className}#${one.id} ${one.textContent.trim().slice(0, 30)} ${Math.round(b.right - b.left)}x${Math.round(b.bottom - b.top)}`);
})()"#;

pub struct Hand {
    pub browser: Chromium,
    pub way: Way,
    url: String,
    who: String,
    /// Pages that were looked at.
    pub pages: usize,
    /// What keeps somebody from using them.
    pub wrong: Vec<String>,
}

impl Hand {
    /// A browser with a profile of its own.
    pub fn begin((url, who): (&str, &str), way: Way, profiles: &Path) -> Hand {
        let mut browser = Chromium::start(&profiles.join(format!("{}-{who}", way.name)));
        let features = json!([{"name": "prefers-reduced-motion", "value": "reduce"}]);
        browser.call("Emulation.setEmulatedMedia", json!({"features": features}));
        browser.call("Emulation.setScriptExecutionDisabled", json!({"value": !way.has_script}));
        browser.open("about:blank", way.width, 844);
        Hand { browser, way, url: url.to_owned(), who: who.to_owned(), pages: 0, wrong: Vec::new() }
    }

    /// Opens an address by hand.
    pub fn open(&mut self, path: &str) {
        let url = format!("{}{path}", self.url);
        self.browser.load(&url);
    }

    /// Signs in by the form; they are then where they wanted to go.
    pub fn sign_in(&mut self, email: &str, next: &str) {
        self.open(next);
        self.see("/sign-in", "Sign in");
        self.write("#email", email);
        self.write("#password", PASSWORD);
        self.go("main button");
    }

    /// Presses what leads to the next page, and waits for it.
    #[track_caller]
    pub fn go(&mut self, selector: &str) {
        if self.way.by_keyboard {
            tab_to(&mut self.browser, selector);
            self.browser.events.clear();
            key(&mut self.browser, ENTER);
        } else {
            self.browser.events.clear();
            self.browser.click(selector);
        }
        while self.browser.told("Page.loadEventFired").is_empty() {
            self.browser.call("Page.enable", json!({}));
        }
    }

    /// Chooses a radio button or a box.
    #[track_caller]
    pub fn pick(&mut self, selector: &str) {
        if self.way.by_keyboard {
            // Of radio buttons with one name the Tab key comes to one; arrows lead to the others.
            let name = self.browser.ask(&format!("document.querySelector({selector:?}).name"));
            let name = name.as_str().unwrap_or_default().to_owned();
            let is_radio =
                self.browser.ask(&format!("document.querySelector({selector:?}).type === 'radio'")) == json!(true);
            let group = format!("[name='{name}']");
            tab_to(&mut self.browser, if is_radio { &group } else { selector });
            key(&mut self.browser, SPACE);
            let is_picked = format!("document.querySelector({selector:?}).checked");
            for _ in 0..if is_radio { 20 } else { 0 } {
                if self.browser.ask(&is_picked) == json!(true) {
                    break;
                }
                key(&mut self.browser, DOWN);
            }
        } else {
            self.browser.click(selector);
        }
        let is_picked = self.browser.ask(&format!("document.querySelector({selector:?}).checked"));
        assert_eq!(is_picked, json!(true), "{selector}");
    }

    /// Types over what stands in an input.
    #[track_caller]
    pub fn write(&mut self, selector: &str, text: &str) {
        if self.way.by_keyboard {
            tab_to(&mut self.browser, selector);
        } else {
            self.browser.click(selector);
        }
        self.browser.ask(&format!("document.querySelector({selector:?}).select()"));
        self.browser.call("Input.insertText", json!({"text": text}));
        let written = self.browser.ask(&format!("document.querySelector({selector:?}).value"));
        assert_eq!(written, json!(text), "{selector}");
    }

    /// Drops a file onto an input, as from the desktop.
    pub fn drop_file(&mut self, selector: &str, file: &Path) {
        let place = self.browser.ask(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        ));
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({"items": [], "files": [file], "dragOperationsMask": 1});
            let event = json!({"type": kind, "x": place[0], "y": place[1], "data": data});
            self.browser.call("Input.dispatchDragEvent", event);
        }
        // The drop is put in by the browser as soon as it has looked at the file.
        let count = format!("document.querySelector({selector:?}).files.length");
        for _ in 0..600 {
            if self.browser.ask(&count) == json!(1) {
                return;
            }
        }
        panic!("{} was not taken", file.display());
    }

    pub fn path(&mut self) -> String {
        self.browser.ask("location.pathname").as_str().unwrap_or_default().to_owned()
    }

    pub fn text(&mut self) -> String {
        self.browser.ask("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// They are on this page, it says this, and it can be used by everybody.
    #[track_caller]
    pub fn see(&mut self, path: &str, words: &str) {
        let (found, text) = (self.path(), self.text());
        assert!(found.contains(path), "{} {}: {found} is not {path}: {text}", self.way.name, self.who);
        assert!(
            text.to_lowercase().contains(&words.to_lowercase()),
            "{} {}: {path} does not say {words:?}: {text}",
            self.way.name,
            self.who
        );
        self.pages += 1;
        let name = format!("walk-{}-{}-{:02}", self.way.name, self.who, self.pages);
        check_page(&mut self.browser, &name);
        let small = self.browser.ask(SMALL);
        let small = small.as_array().into_iter().flatten().map(|one| format!("too small: {one}"));
        // Without script the checker cannot run in the page.
        let broken = if self.way.has_script { violations(&mut self.browser) } else { Vec::new() };
        self.wrong.extend(small.chain(broken).map(|one| format!("{name} at {path}: {one}")));
    }

    /// Waits until the reading is done: the page follows it by itself, or is asked for again.
    pub fn until_read(&mut self) {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            // Between two pages there is none to ask.
            if self.browser.ask("(document.body?.innerText ?? '').includes('It is read')") == json!(true) {
                return;
            }
            if !self.way.has_script {
                self.go("main a.button");
            }
        }
        panic!("it is not read: {}", self.text());
    }
}
