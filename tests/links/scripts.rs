//! Text from outside that would be a script: put into every place from which
//! words reach a page or a mail, and looked at in a real browser, with our
//! policy and without it. Nothing may run, nothing may be asked for, and
//! nothing may stand there but text. The short form puts every text into one
//! place, and some of each family into all; the long form all into all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton::config::{LinksSettings, MailSettings, Settings};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::chromium::Chromium;
use crate::harness::{Answer, Service, figure, folder, rounds, settings};
use crate::person::{Person, hidden};
use crate::vectors::{self, COUNT, Vector};

/// Letters of the vectors that stand in one place: a quote on a page is cut at 400, a person's name at 200.
const PLACE: usize = 370;
const NAME: usize = 180;

/// A page as the service answered it.
#[derive(Clone)]
struct Taken {
    kind: &'static str,
    html: String,
    policy: String,
    pack: usize,
}

/// Listens at the address that nobody may ask for.
async fn canary() -> (String, Arc<Mutex<BTreeSet<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let (url, asked) = (format!("http://{}", listener.local_addr().expect("an address")), Arc::default());
    let told: Arc<Mutex<BTreeSet<String>>> = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let told = told.clone();
            tokio::spawn(async move {
                let mut bytes = [0; 1024];
                let read = stream.read(&mut bytes).await.unwrap_or_default();
                let line = String::from_utf8_lossy(&bytes[..read]).lines().next().unwrap_or("a connection").to_owned();
                told.lock().unwrap_or_else(PoisonError::into_inner).insert(line);
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            });
        }
    });
    (url, asked)
}

/// Shows what was taken: `/on/N` with its policy, `/off/N` without any.
async fn show(pages: Arc<Vec<Taken>>) -> String {
    async fn page(State(pages): State<Arc<Vec<Taken>>>, Path((mode, number)): Path<(String, usize)>) -> Response {
        let Some(page) = pages.get(number) else { return axum::http::StatusCode::NOT_FOUND.into_response() };
        let kind = ("content-type", "text/html; charset=utf-8".to_owned());
        match mode.as_str() {
            "on" => ([kind, ("content-security-policy", page.policy.clone())], page.html.clone()).into_response(),
            _ => ([kind], page.html.replace("Content-Security-Policy", "nothing")).into_response(),
        }
    }
    let style = include_str!("../../templates/pages/style.css");
    let script = include_str!("../../templates/pages/live.js");
    let router = axum::Router::new()
        .route("/l/live.js", axum::routing::get(move || async move { ([("content-type", "text/javascript")], script) }))
        .route(
            "/l/style.css",
            axum::routing::get(move || async move {
                ([("content-type", "text/css"), ("cache-control", "max-age=3600")], style)
            }),
        )
        .route("/{mode}/{number}", axum::routing::get(page))
        .with_state(pages);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    // Small replies must not wait for the browser to acknowledge the last one.
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a setting"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// What stands on a page and is no text of ours: elements, attributes and addresses that we never write, comments, and
/// whether the page is the same when it is written out and parsed once more.
const FOREIGN: &str = r##"(() => {
  const never = new Set(("iframe frame frameset img image picture source track svg math object embed applet video audio base " +
    "template marquee noscript noembed noframes plaintext xmp listing x dialog menu isindex script style set animate").split(" "));
  const found = [];
  const counts = {};
  for (const one of document.querySelectorAll("*")) {
    counts[one.localName] = (counts[one.localName] || 0) + 1;
    if (never.has(one.localName)) found.push(one.localName);
    for (const {name, value} of one.attributes) {
      if (/^on|^srcdoc$|^formaction$|^background$|^ping$|^xlink|^poster$|^x$/.test(name)) found.push(`${one.localName} ${name}`);
      if (name === "autofocus" && !one.matches(".summary")) found.push(`${one.localName} autofocus`);
      if (name === "http-equiv" && !/^(Content-Security-Policy|nothing)$/.test(value)) found.push(`http-equiv ${value}`);
      if (/^(href|src|action|data|cite)$/.test(name) && !/^(#.*|\/h\/.*|\/l\/style\.css|http:\/\/127\.0\.0\.1:\d+\/(l|h)\/[\w.\-]+|mailto:[^"<>]*|)$/.test(value))
        found.push(`${one.localName} ${name}=${value}`);
    }
  }
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  while (comments.nextNode()) found.push("a comment");
  const again = new DOMParser().parseFromString(document.documentElement.outerHTML, "text/html");
  if (again.querySelectorAll("*").length !== document.querySelectorAll("*").length) found.push("it changes when parsed again");
  const inputs = [...document.querySelectorAll("input, textarea")].map((one) => one.value).join("\n");
  return {found, ran: window.ran || [], text: document.documentElement.textContent + "\n" + inputs};
})()"##;

/// Vectors that stand side by side in each place of one handoff.
struct Pack {
    words: String,
    /// The same in parts that fit into a name, which stands on one line.
    names: Vec<String>,
}

/// Texts joined, as many as fit.
fn joined<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Vec<Vec<&'a str>> {
    let mut all: Vec<Vec<&str>> = Vec::new();
    let mut length = 0;
    for text in texts {
        length += text.chars().count() + 1;
        match all.last_mut() {
            Some(last) if length <= most => last.push(text),
            _ => {
                length = text.chars().count() + 1;
                all.push(vec![text]);
            }
        }
    }
    all
}

fn packs<'a>(vectors: impl Iterator<Item = &'a Vector>) -> Vec<Pack> {
    let packs = joined(vectors.map(|vector| vector.text.as_str()), PLACE).into_iter();
    packs
        .map(|texts| {
            let name = |part: &Vec<&str>| format!("zPerson {}", part.join(" ")).replace(char::is_control, "");
            Pack { words: texts.join(" "), names: joined(texts.iter().copied(), NAME).iter().map(name).collect() }
        })
        .collect()
}

/// What is walked through every place: in the short form as many of each family as one place holds.
fn walked(vectors: &[Vector], families: &BTreeSet<&str>) -> Vec<Pack> {
    let first = |family: &&str| {
        let vectors = vectors.iter().filter(|vector| vector.family == *family);
        packs(vectors).into_iter().next()
    };
    if rounds(0, 1) == 1 { packs(vectors.iter()) } else { families.iter().filter_map(first).collect() }
}

/// A route with a field for each pack, whose label and question it is.
fn route_of_all(packs: &[Pack]) -> Json {
    let field = |(number, pack): (usize, &Pack)| {
        json!({"key": format!("pack_{number}"), "label": format!("zLabel {}", pack.words),
               "question": format!("zAsk {}?", pack.words), "type": "text", "required": true, "cues": [format!("cue{number}")]})
    };
    let fields: Vec<Json> = packs.iter().enumerate().map(field).collect();
    json!({"id": "all", "version": 1, "title": "All", "from": {"team": "sales"}, "to": {"team": "onboarding"}, "fields": fields})
}

fn route(id: &str, words: &str) -> Json {
    json!({
        "id": id, "version": 1, "title": format!("zTitle {words}"),
        "from": {"team": format!("zFrom {words}")}, "to": {"team": format!("zTo {words}")},
        "fields": [
            {"key": "day", "label": format!("zLabel {words}"), "question": format!("zAsk {words}?"), "type": "date", "required": true,
             "specific": true, "cues": ["go live"], "allow": ["unknown", "not_applicable"]},
            {"key": "topic", "label": "Topic", "type": "text", "required": true, "cues": ["topic"]},
            {"key": "note", "label": "Note", "type": "text", "required": true},
            {"key": "site", "label": "Site", "type": "url", "required": true}
        ]
    })
}

/// A mail whose author, subject and words are vectors.
fn mail(words: &str) -> String {
    let encoded = |text: &str| format!("=?utf-8?b?{}?=", STANDARD.encode(text));
    format!(
        "From: {} <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\n\
         Subject: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
        encoded(&format!("zAuthor {words}")),
        encoded(&format!("zSubject {words}")),
        STANDARD.encode(format!("We would like to go live soon zQuote {words}\r\n\r\nTopic: zChoice {words}\r\n"))
    )
}

/// Everything that one handoff full of vectors shows.
struct Walk<'a> {
    service: &'a Service,
    pack: usize,
    words: String,
    taken: Vec<Taken>,
}

impl Walk<'_> {
    fn take(&mut self, kind: &'static str, answer: &Answer) {
        let policy = answer.header("content-security-policy").to_owned();
        self.taken.push(Taken { kind, html: answer.text.clone(), policy, pack: self.pack });
    }

    async fn begin(&mut self) -> String {
        let (words, id) = (&self.words, format!("pack-{}", self.pack));
        let path = format!("/v1/routes/{id}");
        self.service.send("PUT", &path, Some(&route(&id, words)), &[]).await.expect(201);
        let unreadable = STANDARD.encode([0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 1, 2, 3]);
        let body = json!({
            "route": id, "title": format!("zName {words}"), "known": {"topic": format!("zKnown {words}")},
            "from": {"team": "sales", "owner": {"name": format!("zOwner {words}"), "email": "marcus@acme.example", "slack": null}},
            "to": {"team": "onboarding", "owner": {"name": format!("zReceiver {words}"), "email": "priya@acme.example", "slack": null}},
            "sources": [
                {"type": "email", "filename": format!("zFile {words}.eml"), "content": mail(words)},
                {"filename": format!("zPicture {words}.png"), "content": unreadable, "encoding": "base64"}]
        });
        self.service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
    }

    async fn link(&self, id: &str, (name, email): (&str, &str), purpose: &str) -> String {
        crate::person::link(self.service, id, (name, email), purpose).await.1
    }

    /// The pages of somebody who is asked: link, form, mistakes.
    async fn ask(&mut self, id: &str, names: &[String]) {
        let mut person = Person::of(self.service);
        for (number, name) in names.iter().enumerate() {
            let path = self.link(id, (name, &format!("dana{number}@acme.example")), "answer").await;
            self.take("link", &person.get(&path).await.expect(200));
            if number == 0 {
                let form = person.enter(&path).await;
                self.take("form", &form);
                let typed = format!("zTyped {}", self.words);
                let wrong = [
                    ("f-site-value", typed.as_str()),
                    ("f-day-how", "un"),
                    ("f-day-owner", typed.as_str()),
                    ("f-day-due_day", typed.as_str()),
                    ("f-note-value", typed.as_str()),
                    ("f-topic-how", "value"),
                    ("f-topic-value", typed.as_str()),
                ];
                let mistakes = person.fill(id, &form.text, &wrong).await.expect(422);
                self.take("mistakes", &mistakes);
            }
        }
    }

    /// A person answers everything over the API, and what cannot be read is dismissed.
    async fn answer(&mut self, id: &str, name: &str) {
        let answer = self.service.get(&format!("/v1/handoffs/{id}")).await;
        let seen = answer.json();
        let value = |text: &str| json!({"value": format!("{text} {}", self.words)});
        let mut sources = serde_json::Map::new();
        for gap in seen["gaps"].as_array().into_iter().flatten() {
            if let Some(source) = gap["source"].as_str() {
                sources.insert(source.to_owned(), json!({"dismissed": format!("zWhy {}", self.words)}));
            }
        }
        let body = json!({
            "by": {"name": name, "email": "marcus@acme.example"}, "sources": sources,
            "fields": {"topic": value("zTopic"), "note": value("zNote"), "site": {"value": "https://northwind.example/"},
                       "day": {"not_applicable": format!("zReason {}", self.words)}}
        });
        let headers = [("if-match", answer.header("etag"))];
        self.service.send("PATCH", &format!("/v1/handoffs/{id}/fields"), Some(&body), &headers).await.expect(200);
    }

    /// The receiving team's pages: thanks, what is handed over, mistakes.
    async fn receive(&mut self, id: &str, name: &str) {
        let mut person = Person::of(self.service);
        let answering = self.link(id, (name, "dana0@acme.example"), "answer").await;
        let form = person.enter(&answering).await;
        self.take("answered", &form);
        self.take("thanks", &person.get(&format!("/h/{id}/thanks")).await.expect(200));
        self.service.transfer(id).await.expect(200);
        let path = self.link(id, (name, "priya@acme.example"), "receive").await;
        let mut priya = Person::of(self.service);
        let page = priya.enter(&path).await;
        self.take("receiving", &page);
        let typed = format!("zTyped {}", self.words);
        let wrong = [("move", "return"), ("reason", typed.as_str())];
        let mistakes = priya.fill(id, &page.text, &wrong).await.expect(422);
        self.take("receiving mistakes", &mistakes);
        let late = person
            .post(
                &format!("/h/{id}"),
                &[("token", &hidden(&form.text, "token")), ("version", "2"), ("f-note-value", &typed)],
            )
            .await;
        self.take("too late", &late);
    }

    async fn brief(&mut self, kind: &'static str, id: &str) {
        let page = self.service.get(&format!("/v1/handoffs/{id}/brief?format=html")).await.expect(200);
        self.take(kind, &page);
    }

    /// The page on which a code is typed.
    async fn code(&mut self, id: &str, name: &str) {
        let mut person = Person::of(self.service);
        let path = self.link(id, (name, "dana@acme.example"), "answer").await;
        self.take("link with a code", &person.get(&path).await.expect(200));
        let place = person.post(&path, &[]).await.expect(303).header("location").to_owned();
        self.take("code", &person.get(&place).await.expect(200));
    }

    /// The mail about the handoff to somebody, as soon as it is there.
    async fn mail(&mut self, kind: &'static str, (id, receiver): (&str, &str)) {
        let mut notices = self.service.app().listen();
        for _ in 0..200 {
            let page = self.service.get(&format!("/v1/outbox?handoff={id}&limit=100")).await.expect(200).json();
            let mut mails = page["data"].as_array().expect("messages").iter();
            if let Some(mail) = mails.find(|mail| mail["to"] == receiver) {
                let html = mail["html"].as_str().expect("a page").to_owned();
                let policy = "default-src 'none'; style-src 'unsafe-inline'".to_owned();
                self.taken.push(Taken { kind, html, policy, pack: self.pack });
                return;
            }
            let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
        }
        panic!("no message to {receiver} came");
    }
}

/// Walks every vector through every place.
async fn take_all(packs: &[Pack]) -> Vec<Taken> {
    let service = Service::start().await;
    let mail = MailSettings {
        url: Some("smtp://127.0.0.1:9".to_owned().into()),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    };
    let links = LinksSettings { mailed_code: true };
    let with_code = Service::start_with(Settings { mail, links, ..settings() }, None).await;
    let mut taken = Vec::new();
    for (number, pack) in packs.iter().enumerate() {
        let name = pack.names[0].as_str();
        let mut walk = Walk { service: &service, pack: number, words: pack.words.clone(), taken: Vec::new() };
        let id = walk.begin().await;
        walk.ask(&id, &pack.names).await;
        walk.brief("brief", &id).await;
        walk.mail("mail", (&id, "marcus@acme.example")).await;
        walk.answer(&id, name).await;
        walk.brief("brief with answers", &id).await;
        walk.receive(&id, name).await;
        walk.mail("mail to the receiver", (&id, "priya@acme.example")).await;
        taken.extend(walk.taken);
        let mut walk = Walk { service: &with_code, pack: number, words: pack.words.clone(), taken: Vec::new() };
        let id = walk.begin().await;
        walk.code(&id, name).await;
        taken.extend(walk.taken);
    }
    taken
}

/// Every vector, in one place of two pages.
async fn take_whole(packs: &[Pack]) -> Vec<Taken> {
    let service = Service::start().await;
    service.send("PUT", "/v1/routes/all", Some(&route_of_all(packs)), &[]).await.expect(201);
    // One of us, who sees questions that nobody is asked.
    let owner = json!({"name": "Dana Whitfield", "email": "dana@northwind.example", "slack": null});
    let body = json!({
        "route": "all", "sources": [{"type": "note", "filename": "note.txt", "content": "Good morning."}],
        "from": {"team": "sales", "owner": owner},
    });
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let mut walk = Walk { service: &service, pack: 0, words: String::new(), taken: Vec::new() };
    let path = walk.link(&id, ("Dana Whitfield", "dana@northwind.example"), "answer").await;
    let form = Person::of(&service).enter(&path).await;
    walk.take("all on a form", &form);
    walk.brief("all on a brief", &id).await;
    walk.taken
}

/// A browser in which scripts of the vectors leave a trace.
fn browser(name: &str) -> Chromium {
    let mut browser = Chromium::start(&folder().join(name));
    let source = "window.ran = []; window.X = (number) => { window.ran.push(number); };";
    browser.call("Page.addScriptToEvaluateOnNewDocument", json!({"source": source}));
    browser
}

/// What is wrong with the pages, seen in one mode; and which places showed which packs.
fn look(
    browser: &mut Chromium,
    (url, mode): (&str, &str),
    (pages, packs, all): (&[Taken], &[Pack], &[Pack]),
    every: usize,
) -> Looked {
    let mut looked = Looked::default();
    for (number, page) in pages.iter().enumerate().filter(|(_, page)| page.pack % every == 0) {
        let address = format!("{url}/{mode}/{number}");
        browser.load(&address);
        let seen = browser.ask(FOREIGN);
        let own: &[&str] = match page.kind {
            "brief" | "brief with answers" | "all on a brief" => &["style", "script"],
            "mail" | "mail to the receiver" => &["style"],
            "form" | "mistakes" | "answered" | "too late" | "all on a form" => &["script", "script src=/l/live.js"],
            _ => &[],
        };
        let mut foreign: Vec<&str> = seen["found"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        for element in own {
            if let Some(at) = foreign.iter().position(|found| found == element) {
                foreign.remove(at);
            }
        }
        if !foreign.is_empty() {
            looked.foreign.push(format!("{} of pack {}: {foreign:?}", page.kind, page.pack));
        }
        looked.ran += seen["ran"].as_array().map_or(0, Vec::len);
        // The browser asks for the site's sign by itself, once.
        let own = ["l/style.css", "l/live.js", "favicon.ico"].map(|path| format!("{url}/{path}"));
        let own_requests: Vec<&str> = own.iter().map(String::as_str).chain([address.as_str()]).collect();
        for request in browser.told("Network.requestWillBeSent") {
            let asked = request["request"]["url"].as_str().unwrap_or_default();
            if !own_requests.contains(&asked) {
                looked.requests.push(format!("{}: {asked}", page.kind));
            }
        }
        if page.kind.starts_with("all") {
            let text = bare(seen["text"].as_str().unwrap_or_default());
            let is_shown = |(_, pack): &(usize, &Pack)| text.contains(&bare(&pack.words));
            let whole: BTreeSet<usize> = all.iter().enumerate().filter(is_shown).map(|(number, _)| number).collect();
            *looked.pages.entry(page.kind).or_default() += 1;
            looked.whole.push(whole);
            continue;
        }
        for place in places(seen["text"].as_str().unwrap_or_default(), &packs[page.pack].words) {
            looked.places.entry(place).or_default().insert(page.pack);
        }
        *looked.pages.entry(page.kind).or_default() += 1;
    }
    looked
}

/// Letters and digits alone: spaces and signs are shown in several ways.
fn bare(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The marks behind which a pack of vectors stands.
fn places(text: &str, words: &str) -> BTreeSet<String> {
    // Names of teams are written with spaces, and large at their beginning.
    let plain = |text: &str| {
        let text = text
            .replace(['-', '_', '“'], " ")
            .replace(|letter: char| letter.is_control() || ('\u{2400}'..='\u{2421}').contains(&letter), "");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (text, words) = (plain(&text.replace('\n', " ")), plain(words));
    let first: String = words.chars().take(12).collect();
    let marked = text.split(' ').filter(|word| word.len() > 2 && word.to_lowercase().starts_with('z'));
    let marks: BTreeSet<&str> = marked.collect();
    marks
        .into_iter()
        .filter(|mark| text.contains(&format!("{mark} {}", first.trim_end())))
        .map(|mark| format!("z{}", &mark[1..]))
        .collect()
}

#[derive(Debug, Default)]
struct Looked {
    pages: BTreeMap<&'static str, usize>,
    ran: usize,
    foreign: Vec<String>,
    requests: Vec<String>,
    /// Of pages that show every vector: which packs of them stand there whole.
    whole: Vec<BTreeSet<usize>>,
    /// Which packs were seen in which place.
    places: BTreeMap<String, BTreeSet<usize>>,
}

/// What stands on a page a moment after it was asked for: a page full of attacks may never be loaded to its end.
fn glimpse(browser: &mut Chromium, url: &str) -> Json {
    browser.events.clear();
    browser.call("Page.navigate", json!({"url": url}));
    while browser.told("Page.domContentEventFired").is_empty() {
        browser.call("Page.enable", json!({}));
    }
    browser.ask("new Promise((done) => setTimeout(done, 60))");
    browser.ask(FOREIGN)
}

/// The same vectors where nothing is escaped: that they run, fetch and are stopped shows that the test would see it.
async fn control() -> Json {
    const STRICT: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
    let page = |vector: &Vector| Taken {
        kind: "control",
        html: format!("<!doctype html><title>x</title><p>{}", vector.text),
        policy: STRICT.to_owned(),
        pack: 0,
    };
    let (canary, asked) = canary().await;
    // Every twentieth is enough to see; every fifth in the long form.
    let pages: Vec<Taken> = vectors::all(&canary).iter().step_by(rounds(20, 5)).map(page).collect();
    let url = show(Arc::new(pages.clone())).await;
    let count = || asked.lock().unwrap_or_else(PoisonError::into_inner).len();
    let (ran, foreign, stopped) = tokio::task::block_in_place(|| {
        let mut browser = browser("control");
        let (mut ran, mut foreign, mut stopped) = (0, 0, 0);
        for number in 0..pages.len() {
            let seen = glimpse(&mut browser, &format!("{url}/off/{number}"));
            ran += usize::from(seen["ran"].as_array().is_some_and(|ran| !ran.is_empty()));
            foreign += usize::from(seen["found"].as_array().is_some_and(|found| !found.is_empty()));
        }
        let fetched = count();
        for number in 0..pages.len() {
            let seen = glimpse(&mut browser, &format!("{url}/on/{number}"));
            stopped += seen["ran"].as_array().map_or(0, Vec::len);
        }
        stopped += count() - fetched;
        (ran, foreign, stopped)
    });
    let fetched = count();
    let is_seen = ran * 5 >= pages.len() && foreign * 5 >= pages.len() * 3 && fetched * 20 >= pages.len();
    assert!(is_seen, "{ran} ran, {foreign} were seen, {fetched} were asked for");
    json!({"pages": pages.len(), "ran_unescaped": ran, "seen_unescaped": foreign, "fetched_unescaped": fetched,
           "ran_or_fetched_under_policy": stopped})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_from_outside_runs_on_any_page() {
    let (canary, asked) = canary().await;
    let vectors = vectors::all(&canary);
    // Beside the walk, with an address of its own.
    let control = tokio::spawn(control());
    let families: BTreeSet<&str> = vectors.iter().map(|vector| vector.family).collect();
    assert_eq!((vectors.len(), families.len()), (COUNT, 11));
    let (packs, all) = (walked(&vectors, &families), packs(vectors.iter()));
    let mut pages = take_all(&packs).await;
    pages.extend(take_whole(&all).await);
    let url = show(Arc::new(pages.clone())).await;
    let (on, off) = tokio::task::block_in_place(|| {
        let mut browser = browser("pages");
        // With the policy every page in the long form: nothing can run there that does not run without it.
        let on = look(&mut browser, (&url, "on"), (&pages, &packs, &all), rounds(5, 1));
        (on, look(&mut browser, (&url, "off"), (&pages, &packs, &all), 1))
    });
    let fetched = asked.lock().unwrap_or_else(PoisonError::into_inner).len();
    let weak: BTreeSet<&str> =
        pages.iter().filter(|page| !page.kind.starts_with("mail") && !is_strict(page)).map(|page| page.kind).collect();
    // Places in which not every pack was seen, in either mode.
    let wanted = [
        "zName", "zTo", "zLabel", "zAsk", "zQuote", "zAuthor", "zFile", "zPicture", "zChoice", "zKnown", "zTyped",
        "zPerson", "zNote", "zTopic", "zReason", "zWhy", "zSubject",
    ];
    let unseen: Vec<&str> =
        wanted.into_iter().filter(|place| off.places.get(*place).is_none_or(|seen| seen.len() < packs.len())).collect();
    let whole = [&on, &off]
        .iter()
        .all(|looked| looked.whole.len() == 2 && looked.whole.iter().all(|shown| shown.len() == all.len()));
    let clean =
        [&on, &off].iter().all(|looked| looked.ran == 0 && looked.foreign.is_empty() && looked.requests.is_empty());
    let control = control.await.expect("the control");
    let pass = clean && whole && fetched == 0 && weak.is_empty() && unseen.is_empty();
    figure(
        "A-40",
        pass,
        json!({"vectors": COUNT, "families": families.len(), "packs": all.len(), "packs_in_every_place": packs.len(),
            "shown_whole": off.whole.iter().map(BTreeSet::len).collect::<Vec<_>>(), "places": off.places.len(), "pages": off.pages, "looks_with_policy": on.pages.values().sum::<usize>(),
            "looks_without": off.pages.values().sum::<usize>(),
            "ran_with_policy": on.ran, "ran_without": off.ran, "fetched": fetched, "foreign": [on.foreign, off.foreign],
            "requests": [on.requests, off.requests], "weak_policies": weak, "unseen": unseen, "control": control}),
    );
}

/// Whether a page's policy, in its header and its head, has all parts.
fn is_strict(page: &Taken) -> bool {
    let in_head =
        page.html.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    let all = format!("{}; {}", page.policy, in_head.unwrap_or_default().replace("&#39;", "'").replace("&#x27;", "'"));
    let has = |part: &str| all.split(';').any(|own| own.trim().starts_with(part));
    has("default-src 'none'")
        && has("base-uri 'none'")
        && has("frame-ancestors 'none'")
        && has("object-src 'none'")
        && (has("form-action 'self'") || has("form-action 'none'"))
        && !all.contains("unsafe")
}
