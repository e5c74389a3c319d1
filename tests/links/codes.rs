//! The code that may be asked for before a link opens: mailed, good in one
//! browser, for a short time, once, for few tries; and what is said where none
//! can be sent.

use std::collections::HashSet;
use std::time::Duration;

use baton::access::keys::Mode;
use baton::config::{LinksSettings, MailSettings, Settings};
use jiff::SignedDuration;
use mail_parser::MessageParser;
use serde_json::{Value as Json, json};

use crate::chromium::Chromium;
use crate::hands::{check_page, focused, go_on, write};
use crate::harness::{Service, figure, folder, settings};
use crate::person::{Person, hidden, link};
use crate::smtp::Smtp;

const DANA: (&str, &str) = ("Dana Whitfield", "dana@acme.example");

/// A mail server with the codes that came to it.
pub struct Post {
    smtp: Smtp,
    seen: HashSet<String>,
}

impl Post {
    pub async fn start(name: &str) -> Post {
        let mut smtp = Smtp::prepare(name);
        smtp.start().await;
        Post { smtp, seen: HashSet::new() }
    }

    /// A service whose links ask for a code.
    pub async fn service(&self) -> Service {
        let mail = MailSettings {
            url: Some(self.smtp.url().into()),
            from: "Baton <baton@acme.example>".to_owned(),
            ..MailSettings::default()
        };
        let service = Service::start_with(Settings { mail, ..with_code() }, None).await;
        service.publish_short(&service.key).await;
        service
    }

    /// Codes that were not taken out before, each with its receiver.
    fn new_codes(&mut self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for raw in self.smtp.mails() {
            let mail = MessageParser::default().parse(&raw).expect("a mail");
            let id = mail.message_id().expect("an id").to_owned();
            if !mail.subject().is_some_and(|subject| subject.ends_with("your code")) || !self.seen.insert(id) {
                continue;
            }
            let to = mail.to().and_then(|to| to.first()?.address().map(str::to_owned)).expect("a receiver");
            let text = mail.body_text(0).expect("text").into_owned();
            let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
            let code = text.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code in {text}"));
            assert!(!mail.subject().unwrap_or_default().contains(code));
            assert!(mail.body_html(0).expect("a page").contains(code) && !text.contains("/l/"), "{text}");
            found.push((to, code.to_owned()));
        }
        found
    }

    /// The next code that comes.
    pub async fn code(&mut self) -> String {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        for _ in 0..400 {
            if let Some((to, code)) = self.new_codes().pop() {
                assert_eq!(to, DANA.1);
                return code;
            }
            ticks.tick().await;
        }
        panic!("no code came");
    }
}

fn with_code() -> Settings {
    Settings { links: LinksSettings { mailed_code: true }, ..settings() }
}

/// Another code than this one.
fn other(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

async fn begun(post: &Post) -> (Service, String, String) {
    let service = post.service().await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (_, path) = link(&service, &id, DANA, "answer").await;
    (service, id, path)
}

/// Presses the link's button and gives the page for the code.
async fn press(person: &mut Person, path: &str) -> String {
    let place = person.post(path, &[]).await.expect(303).header("location").to_owned();
    person.get(&place).await.expect(200).text
}

async fn type_code(person: &mut Person, id: &str, (page, code): (&str, &str)) -> crate::harness::Answer {
    let inputs = [("token", hidden(page, "token")), ("code", code.to_owned())];
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    person.post(&format!("/h/{id}/code"), &inputs).await
}

/// Where six digits stand by themselves.
fn stands_in(text: &str, code: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
        !is_part(at.checked_sub(1).and_then(|at| text.as_bytes().get(at))) && !is_part(text.as_bytes().get(at + 6))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_with_the_code_that_was_mailed() {
    let log = crate::leaks::Lines::hear();
    let mut post = Post::start("code").await;
    let (service, id, path) = begun(&post).await;
    let mut dana = Person::of(&service);
    let first = dana.get(&path).await.expect(200).text;
    assert!(first.contains("mailed to d***@acme.example"), "{first}");
    assert!(dana.cookies.is_empty() && post.smtp.mails().is_empty(), "opening sends nothing");
    let page = press(&mut dana, &path).await;
    assert!(page.contains("autocomplete=\"one-time-code\"") && page.contains("inputmode=\"numeric\""), "{page}");
    dana.get(&format!("/h/{id}")).await.expect(403);
    let code = post.code().await;
    // A second click asks for no second code.
    let page = press(&mut dana, &path).await;
    let unfinished = type_code(&mut dana, &id, (&page, "12 34")).await.expect(422);
    assert!(unfinished.text.contains("Enter the six digits") && unfinished.text.contains("<title>Error: "));
    let wrong = type_code(&mut dana, &id, (&page, &other(&code))).await.expect(422);
    assert!(wrong.text.contains("4 tries are left") && wrong.text.contains("href=\"#code\""), "{}", wrong.text);
    let before = dana.cookies.clone();
    let spaced = format!(" {} {}", &code[..3], &code[3..]);
    let entered = type_code(&mut dana, &id, (&wrong.text, &spaced)).await.expect(303);
    assert_eq!(entered.header("location"), format!("/h/{id}"));
    dana.get(&format!("/h/{id}")).await.expect(200);
    // The cookie of the code is gone; whoever kept it has nothing of it.
    let mut keeper = Person::of(&service);
    keeper.cookies = before;
    let used = type_code(&mut keeper, &id, (&page, &code)).await.expect(422);
    assert!(used.text.contains("not good any more"), "{}", used.text);
    keeper.get(&format!("/h/{id}")).await.expect(403);
    // Who is inside is not asked again.
    assert_eq!(dana.post(&path, &[]).await.expect(303).header("location"), format!("/h/{id}"));
    assert!(post.new_codes().is_empty(), "one code, one mail");

    let mut shown = service.get(&format!("/v1/handoffs/{id}/events?limit=100")).await.text;
    shown += &service.get("/v1/outbox?limit=100").await.text;
    let mut database = crate::guesses::database(&service).await;
    let rows: Vec<(String, String, Option<String>)> =
        sqlx::query_as("SELECT about, topic, problem FROM slips").fetch_all(&mut database).await.expect("rows");
    assert_eq!(rows.len(), 1);
    shown += &format!("{rows:?}");
    let mut files = String::new();
    for entry in std::fs::read_dir(&service.settings.data_dir).expect("a folder").flatten() {
        if entry.path().is_file() {
            files += &String::from_utf8_lossy(&std::fs::read(entry.path()).expect("a file"));
        }
    }
    let logged = String::from_utf8_lossy(&log.so_far()).into_owned();
    let hits = [stands_in(&shown, &code), stands_in(&files, &code), stands_in(&logged, &code)];
    let pass = hits == [false; 3] && files.contains("cod_") && logged.contains("/h/{handoff}/code");
    figure(
        "links.mailed_code",
        pass,
        json!({"mails": 1, "in_outbox_and_events": hits[0], "in_data": hits[1], "in_log": hits[2]}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_good_in_one_browser_for_few_tries_and_a_short_time() {
    let mut post = Post::start("bounds").await;
    let (service, id, path) = begun(&post).await;
    let (mut dana, mut thief) = (Person::of(&service), Person::of(&service));
    let page = press(&mut dana, &path).await;
    let first = post.code().await;
    let foreign = press(&mut thief, &path).await;
    let second = post.code().await;
    let mut statuses = vec![
        // The code of one browser in the other, and the one that a newer one followed.
        type_code(&mut thief, &id, (&foreign, &first)).await.status,
        type_code(&mut dana, &id, (&page, &second)).await.status,
        type_code(&mut dana, &id, (&page, &first)).await.status,
    ];
    // Many at the same time are no more tries than five.
    let tries = (0..30).map(|number| {
        let mut same = Person::of(&service);
        same.cookies.clone_from(&thief.cookies);
        let (page, code, id) = (foreign.clone(), format!("{:06}", (number * 31_337 + 17) % 1_000_000), id.clone());
        let code = if code == second { other(&code) } else { code };
        async move { type_code(&mut same, &id, (&page, &code)).await.text }
    });
    let answers = futures_util::future::join_all(tries).await;
    let judged = answers.iter().filter(|text| text.contains("left")).count();
    statuses.push(type_code(&mut thief, &id, (&foreign, &second)).await.status);
    // The third one within the hour; then there is no more for a while.
    let again = [("token", hidden(&foreign, "token")), ("again", "yes".to_owned())];
    let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
    thief.post(&format!("/h/{id}/code"), &again).await.expect(303);
    let third = post.code().await;
    let slowed = thief.post(&format!("/h/{id}/code"), &again).await.expect(429);
    let also = dana.post(&path, &[]).await.expect(429);
    service.clock.advance(SignedDuration::from_mins(10));
    statuses.push(type_code(&mut thief, &id, (&foreign, &third)).await.status);
    service.clock.advance(SignedDuration::from_mins(51));
    let page = press(&mut dana, &path).await;
    let fourth = post.code().await;
    let right = type_code(&mut dana, &id, (&page, &fourth)).await.status;
    let pass = statuses == [422; 5] && judged <= 3 && right == 303 && slowed.header("retry-after") == "3600";
    let counts = json!({"refused": statuses, "judged_of_30_at_once": judged, "retry_after": also.header("retry-after"), "right": right});
    figure("links.mailed_code bounds", pass, counts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_browsers_own_page_tries_a_code() {
    let mut post = Post::start("own").await;
    let (service, id, path) = begun(&post).await;
    let other_id = service.hand_over_mail("short", "We would like to begin very soon.").await.expect(200).id();
    let (_, elsewhere) = link(&service, &other_id, DANA, "answer").await;
    let (mut dana, mut eve) = (Person::of(&service), Person::of(&service));
    let page = press(&mut dana, &path).await;
    let code = post.code().await;
    let foreign = hidden(&press(&mut eve, &elsewhere).await, "token");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let place = format!("/h/{id}/code");
    let body = |token: &str| format!("token={token}&code={code}");
    let token = hidden(&page, "token");
    let mut refused = Vec::new();
    for (body, headers) in [
        (body(""), vec![form]),
        (body(&foreign), vec![form]),
        (body(&token), vec![("content-type", "text/plain")]),
        (body(&token), vec![form, ("sec-fetch-site", "cross-site")]),
        (body(&token), vec![form, ("origin", "https://evil.example")]),
        (format!("token={foreign}&again=yes"), vec![form]),
    ] {
        refused.push(dana.send("POST", &place, Some(body), &headers).await.status);
    }
    refused.push(eve.send("POST", &place, Some(body(&token)), &[form]).await.status);
    refused.push(Person::of(&service).send("POST", &place, Some(body(&token)), &[form]).await.status);
    refused.push(eve.get(&place).await.status);
    let by_get = dana.get(&format!("{place}?{}", body(&token))).await.status;
    let still = dana.get(&format!("/h/{id}")).await.status;
    let tries: i64 = sqlx::query_scalar("SELECT MAX(tries) FROM codes")
        .fetch_one(&mut crate::guesses::database(&service).await)
        .await
        .expect("a number");
    let right = type_code(&mut dana, &id, (&page, &code)).await.status;
    let pass = refused.iter().all(|status| *status == 403) && (by_get, still, tries, right) == (200, 403, 0, 303);
    figure("A-41 forged codes", pass, json!({"statuses": refused, "tries_counted": tries, "right": right}));
}

#[tokio::test]
async fn where_no_code_can_be_sent_the_link_says_so() {
    let service = Service::start_with(with_code(), None).await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let mut person = Person::of(&service);
    let (_, path) = link(&service, &id, DANA, "answer").await;
    for answer in [person.get(&path).await, person.post(&path, &[]).await] {
        let text = answer.expect(403).text;
        assert!(text.contains("cannot be opened") && text.contains("sending mail is not set up"), "{text}");
        assert!(text.contains("Please ask whoever sent you the link"), "{text}");
    }
    let nameless = json!({"person": {"name": "Dana Whitfield"}, "purpose": "answer"});
    let made = service.post(&format!("/v1/handoffs/{id}/links"), &nameless).await.expect(201).json();
    let url = made["url"].as_str().expect("an address").to_owned();
    let path = &url[url.find("/l/").expect("its path")..];
    let text = person.post(path, &[]).await.expect(403).text;
    assert!(text.contains("no mail address of yours is known"), "{text}");
    assert!(person.cookies.is_empty());

    // Nothing of a handoff that is only tried out is mailed, so nothing is asked for.
    let key = service.make_key("all", "main", Mode::Test).await;
    service.publish_short(&key).await;
    let bearer = format!("Bearer {key}");
    let send = async |path: &str, body: Json| {
        let body = Some(body.to_string().into_bytes());
        service.send_raw("POST", path, body, &[("authorization", &bearer)]).await
    };
    let sources = json!([{"type": "email", "filename": "mail.eml", "content": crate::harness::mail("We begin soon.")}]);
    let tried = send("/v1/handoffs?wait=25", json!({"route": "short", "sources": sources})).await.expect(200).id();
    let made = send(&format!("/v1/handoffs/{tried}/links"), nameless.clone()).await.expect(201).json();
    let url = made["url"].as_str().expect("an address").to_owned();
    person.enter(&url[url.find("/l/").expect("its path")..]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_code_is_typed_in_every_window() {
    let mut post = Post::start("window").await;
    let (service, id, path) = begun(&post).await;
    let url = format!("{}{path}", service.url);
    let profile = folder();
    for (width, scheme) in [(390, "dark"), (1440, "light")] {
        let mut browser = tokio::task::block_in_place(|| {
            let mut browser = Chromium::start(&profile.join(scheme));
            let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
            browser.call("Emulation.setEmulatedMedia", feature);
            browser.open(&url, width, 800);
            check_page(&mut browser, &format!("code-{width}-1-link"));
            go_on(&mut browser, "main button");
            check_page(&mut browser, &format!("code-{width}-2-code"));
            browser
        });
        let code = post.code().await;
        tokio::task::block_in_place(|| {
            write(&mut browser, "#code", &other(&code));
            go_on(&mut browser, "main form > button");
            check_page(&mut browser, &format!("code-{width}-3-wrong"));
            assert_eq!(focused(&mut browser), json!("summary"), "the mistake has the focus");
            write(&mut browser, "#code", &code);
            go_on(&mut browser, "main form > button");
            assert_eq!(browser.ask("location.pathname"), json!(format!("/h/{id}")));
        });
    }
}
