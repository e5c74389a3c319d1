//! The guides keep their word: every request that the guide of the service and
//! the recipes show is really sent, in the order of the page, and what comes
//! back is compared with the answer they show.
//!
//! A request is an `http` block, or an `sh` block that begins with `curl`; the
//! next `http` block that begins with a status line is its answer. What a page
//! shows of an answer must be there; `…` in a text stands for anything.

use std::path::{Path, PathBuf};

use baton::access::callers::Preset;
use baton::access::keys::Mode;
use serde_json::Value as Json;

use crate::harness::{Answer, NOW, Service};

/// A fenced block: what stands behind the fence, its text, and its line.
struct Block {
    kind: String,
    text: String,
    line: usize,
}

struct Request {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

/// A moment that lies ahead, as whoever follows the page chooses it.
fn due() -> String {
    NOW.replace("-03T", "-10T")
}

/// What the answers so far have given.
#[derive(Default)]
struct Seen {
    key: String,
    id: String,
    pass: String,
    etag: String,
}

impl Seen {
    /// A text of the page with what it stands for.
    fn fill(&self, text: &str) -> String {
        let filled =
            [("$KEY", &self.key), ("$ID", &self.id), ("$PASS", &self.pass), ("$ETAG", &self.etag), ("$DUE", &due())]
                .into_iter()
                .fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
        filled.replace("baton_live_…", &self.key).replace("hnd_…", &self.id)
    }

    fn note(&mut self, answer: &Answer) {
        let Ok(body) = serde_json::from_str::<Json>(&answer.text) else { return };
        for (name, place) in [("id", &mut self.id), ("pass", &mut self.pass)] {
            if let Some(text) = body[name].as_str() {
                text.clone_into(place);
            }
        }
        if !answer.header("etag").is_empty() {
            answer.header("etag").clone_into(&mut self.etag);
        }
    }
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut is_inside = false;
    for (number, line) in page.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), is_inside) {
            (Some(kind), false) => {
                blocks.push(Block { kind: kind.to_owned(), text: String::new(), line: number + 1 });
                is_inside = true;
            }
            (Some(_), true) => is_inside = false,
            (None, true) => {
                let text = &mut blocks.last_mut().expect("an open block").text;
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {}
        }
    }
    blocks
}

/// The words of a command as a shell takes it apart; `\` before a line's end joins lines.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut letters = command.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some('"') | None, '\\') => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

fn of_curl(command: &str) -> Request {
    let mut request = Request { method: "GET".to_owned(), path: String::new(), headers: Vec::new(), body: None };
    let mut words = words(command).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" | "-i" => {}
            "-X" => request.method = words.next().expect("a method"),
            "-H" => {
                let header = words.next().expect("a header");
                let (name, value) = header.split_once(": ").expect("a name and a value");
                request.headers.push((name.to_owned(), value.to_owned()));
            }
            "--data-binary" | "-d" => request.body = words.next().map(given),
            _ => request.path = word.strip_prefix("$BATON").expect("an address of the service").to_owned(),
        }
    }
    request
}

/// The body itself, or the file of this repository that `@` names.
fn given(word: String) -> String {
    let Some(file) = word.strip_prefix('@') else { return word };
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file")
}

fn of_http(text: &str) -> Request {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let mut first = lines.next().expect("a request line").split(' ');
    let (method, path) = (first.next().expect("a method"), first.next().expect("a path"));
    let headers = lines.map(|line| line.split_once(": ").expect("a header"));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: Some(body.trim().to_owned()).filter(|body| !body.is_empty()),
    }
}

/// Whether a text is what the page shows, where `…` stands for anything.
fn fits(shown: &str, found: &str) -> bool {
    let parts: Vec<&str> = shown.split('…').collect();
    let ([first, .., last], true) = (parts.as_slice(), parts.len() > 1) else { return shown == found };
    let Some(rest) = found.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return false };
    let middle = &parts[1..parts.len() - 1];
    let found_all = middle.iter().try_fold(rest, |rest, part| rest.find(part).map(|place| &rest[place + part.len()..]));
    found_all.is_some()
}

/// What of a shown value is not in the answer, with its place.
fn differences(shown: &Json, found: &Json, place: &str, all: &mut Vec<String>) {
    match (shown, found) {
        (Json::Object(shown), Json::Object(found)) => {
            for (key, value) in shown {
                match found.get(key) {
                    Some(other) => differences(value, other, &format!("{place}/{key}"), all),
                    None => all.push(format!("{place}/{key} is missing")),
                }
            }
        }
        (Json::Array(shown), Json::Array(found)) => {
            let is_open = shown.last().is_some_and(|last| last == "…");
            let shown = if is_open { &shown[..shown.len() - 1] } else { shown };
            if found.len() < shown.len() || !is_open && found.len() > shown.len() {
                all.push(format!("{place} has {} entries", found.len()));
            }
            for (number, (value, other)) in shown.iter().zip(found).enumerate() {
                differences(value, other, &format!("{place}/{number}"), all);
            }
        }
        (Json::String(shown), Json::String(found)) if fits(shown, found) => {}
        (shown, found) if shown == found => {}
        (shown, found) => all.push(format!("{place}: shown {shown}, found {found}")),
    }
}

fn compare(shown: &str, answer: &Answer) -> Vec<String> {
    let (head, body) = shown.split_once("\n\n").unwrap_or((shown, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
    let mut all = Vec::new();
    if status != answer.status.to_string() {
        all.push(format!("status: shown {status}, found {}", answer.status));
    }
    for line in lines {
        let (name, value) = line.split_once(": ").expect("a header");
        if !fits(value, answer.header(&name.to_lowercase())) {
            all.push(format!("{name}: shown {value}, found {:?}", answer.header(&name.to_lowercase())));
        }
    }
    if !body.trim().is_empty() {
        let shown: Json = serde_json::from_str(body).unwrap_or_else(|error| panic!("{error} in {body}"));
        differences(&shown, &serde_json::from_str(&answer.text).unwrap_or_default(), "", &mut all);
    }
    all
}

/// The key that the page has its reader make; one that may do everything where it names none.
async fn make_key(service: &Service, page: &str) -> String {
    let line = page.lines().find(|line| line.trim_start().starts_with("baton keys create"));
    let words = words(line.unwrap_or("baton keys create --scopes all"));
    let option = |name: &str| words.iter().position(|word| word == name).and_then(|place| words.get(place + 1));
    let preset: Preset = option("--preset").map_or("plain", String::as_str).parse().expect("a preset");
    let scopes = option("--scopes").expect("scopes");
    service.make_key_for(scopes, "main", Mode::Live, preset, option("--key-pointer").map(String::as_str)).await
}

/// Sends every request of a page; how many there were, and what differed.
async fn try_out(path: &Path) -> (usize, Vec<String>) {
    let page = std::fs::read_to_string(path).expect("a page");
    let service = Service::start().await;
    let mut seen = Seen { key: make_key(&service, &page).await, ..Seen::default() };
    let (mut count, mut problems, mut last) = (0, Vec::new(), None::<Answer>);
    for block in blocks(&page) {
        let at = format!("{}:{}", path.file_name().and_then(|name| name.to_str()).unwrap_or_default(), block.line);
        let request = match block.kind.as_str() {
            "http" if block.text.starts_with("HTTP/") => {
                let answer = last.take().unwrap_or_else(|| panic!("{at}: an answer without a request"));
                problems.extend(
                    compare(&block.text, &answer).iter().map(|one| format!("{at}: {one}\n    {}", answer.text)),
                );
                continue;
            }
            "http" => of_http(&block.text),
            "sh" if block.text.starts_with("curl ") => of_curl(&block.text),
            _ => continue,
        };
        count += 1;
        let headers: Vec<(String, String)> =
            request.headers.iter().map(|(name, value)| (name.to_lowercase(), seen.fill(value))).collect();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let body = request.body.map(|body| seen.fill(&body).into_bytes());
        let answer = service.send_raw(&request.method, &seen.fill(&request.path), body, &headers).await;
        seen.note(&answer);
        if answer.status >= 500 {
            problems.push(format!("{at}: {answer:?}"));
        }
        last = Some(answer);
    }
    (count, problems)
}

#[tokio::test]
async fn what_the_guides_show_is_what_happens() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let recipes = std::fs::read_dir(docs.join("recipes")).expect("recipes").flatten().map(|entry| entry.path());
    let mut pages: Vec<PathBuf> =
        recipes.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.sort();
    assert!(pages.len() >= 6, "{pages:?}");
    pages.push(docs.join("service.md"));
    let mut problems = Vec::new();
    for page in &pages {
        let (count, differing) = try_out(page).await;
        problems.extend(differing);
        if count == 0 {
            problems.push(format!("{}: no request", page.display()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn differences_are_found() {
    let check = |shown: &str, found: &str, expected: usize| {
        let mut all = Vec::new();
        let (shown, found) = (serde_json::from_str(shown).expect("JSON"), serde_json::from_str(found).expect("JSON"));
        differences(&shown, &found, "", &mut all);
        assert_eq!(all.len(), expected, "{shown} {found} {all:?}");
    };
    check(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, 0);
    check(r#"{"a": 1}"#, r#"{"a": 2}"#, 1);
    check(r#"{"a": 1, "b": 1}"#, r#"{}"#, 2);
    check(r#"["x"]"#, r#"["x", "y"]"#, 1);
    check(r#"["x", "…"]"#, r#"["x", "y"]"#, 0);
    check(r#"["x", "…"]"#, "[]", 1);
    check(r#""hnd_…""#, r#""hnd_0a""#, 0);
    check(r#""hnd_…""#, r#""pass_0a""#, 1);
    check(r#""a…b…c""#, r#""a1b2c""#, 0);
    check(r#""a…b…c""#, r#""a1c""#, 1);
    check("null", r#""…""#, 1);
}

#[test]
fn commands_are_taken_apart_as_a_shell_does() {
    let check = |command: &str, expected: &[&str]| assert_eq!(words(command), expected, "{command}");
    check("curl -s \\\n  -d '{\"a\": 1}' \"$BATON/x\"", &["curl", "-s", "-d", "{\"a\": 1}", "$BATON/x"]);
    check("a\"b c\"'d' ''", &["ab cd", ""]);
    check(r#""a\"b""#, &["a\"b"]);
}
