//! Drives a headless Chromium over its DevTools protocol, spoken through two
//! pipes, so that a test can click like a person and see every request the
//! page makes. A missing browser is a failure that says how to get one.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value as Json, json};

/// Names under which the browser is found.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// An answer that takes longer than this is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Chromium {
    process: Child,
    requests: ChildStdin,
    answers: Receiver<Json>,
    session: String,
    last_id: u64,
    /// Everything the browser told since the page was opened: requests, dialogs, broken policies.
    pub events: Vec<Json>,
}

impl Chromium {
    /// `profile` is a folder of its own for this browser.
    pub fn start(profile: &Path) -> Chromium {
        let has =
            |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
        let name = NAMES.into_iter().find(has).expect("no Chromium; install it: apt-get install -y chromium");
        let flags = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
                     --disable-background-networking --disable-component-update --disable-sync --disable-extensions";
        // The protocol is spoken on the descriptors 3 and 4; a shell ties them to our pipes.
        let script = format!(
            "exec {name} {flags} --remote-debugging-pipe --user-data-dir=\"$0\" about:blank 3<&0 4>&1 </dev/null >/dev/null"
        );
        let mut process = Command::new("sh")
            .args(["-c", &script])
            .arg(profile)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell starts");
        let requests = process.stdin.take().expect("a pipe to the browser");
        let mut reader = BufReader::new(process.stdout.take().expect("a pipe from the browser"));
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while reader.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                if sender.send(serde_json::from_slice(&message).unwrap_or(Json::Null)).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let mut browser =
            Chromium { process, requests, answers, session: String::new(), last_id: 0, events: Vec::new() };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Network", "Runtime", "Log", "Audits"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Sends a command and waits for its answer.
    #[track_caller]
    pub fn call(&mut self, method: &str, parameters: Json) -> Json {
        self.last_id += 1;
        let mut command = json!({"id": self.last_id, "method": method, "params": parameters});
        if !self.session.is_empty() {
            command["sessionId"] = json!(self.session);
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        self.requests.write_all(&bytes).expect("the browser listens");
        loop {
            let mut answer = self.next(method);
            if answer["id"] == json!(self.last_id) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].take();
            }
            self.events.push(answer);
        }
    }

    /// Opens a page with a window of this size and waits until it is loaded.
    #[track_caller]
    pub fn open(&mut self, url: &str, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
        self.load(url);
    }

    /// Opens a page in the window as it is and waits until it is loaded.
    #[track_caller]
    pub fn load(&mut self, url: &str) {
        self.events.clear();
        self.call("Page.navigate", json!({"url": url}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next("the page's load");
            self.events.push(event);
        }
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn ask(&mut self, expression: &str) -> Json {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].take()
    }

    /// Clicks in the middle of the first line of an element, like a mouse.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let place = self.ask(&format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const b = e.getClientRects()[0]; return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses and releases a key.
    pub fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code});
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Waits until a link inside the page has been followed.
    #[track_caller]
    pub fn arrive(&mut self) {
        let inside = |event: &Json| event["method"] == "Page.navigatedWithinDocument";
        while !self.events.iter().any(inside) {
            let event = self.next("a place in the page");
            self.events.push(event);
        }
        self.events.retain(|event| !inside(event));
    }

    /// The parameters of all events of one kind.
    pub fn told(&self, method: &str) -> Vec<&Json> {
        self.events.iter().filter(|event| event["method"] == method).map(|event| &event["params"]).collect()
    }

    #[track_caller]
    fn next(&mut self, waiting_for: &str) -> Json {
        self.answers.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("the browser does not answer: {waiting_for}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the page did besides being shown: other requests, dialogs, new windows, broken policies.
pub fn misdeeds(browser: &Chromium, url: &str) -> Vec<String> {
    let mut found = Vec::new();
    for request in browser.told("Network.requestWillBeSent") {
        let address = request["request"]["url"].as_str().unwrap_or_default();
        if address.split('#').next() != Some(url) {
            found.push(format!("asked for {address}"));
        }
    }
    for event in ["Page.javascriptDialogOpening", "Page.windowOpen", "Log.entryAdded", "Audits.issueAdded"] {
        found.extend(browser.told(event).iter().map(|told| format!("{event}: {told}")));
    }
    found
}

/// Texts whose contrast with their ground is below 4.5, with what it is.
pub const FAINT: &str = r#"(() => {
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255).map((p) => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.localName === "script") continue;
    const ink = light(numbers(getComputedStyle(element).color).slice(0, 3));
    const paper = light(ground(element));
    const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (contrast < 4.5) faint.add(`${element.localName}.${element.className} ${contrast.toFixed(2)}`);
  }
  return [...faint];
})()"#;
