//! Slack as strict as it says it is: one message a second in one channel, left
//! alone when it says so, nothing lost, nothing twice, nothing alive in a text.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Json as Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use baton::app::Clock;
use baton::config::SlackSettings;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::harness::{NOW, Service, figure, mail, rounds, settings, short_route};

/// What the fake has seen.
#[derive(Default)]
struct Seen {
    calls: usize,
    refused: usize,
    /// Calls while it wanted to be left alone.
    impolite: usize,
    messages: Vec<Json>,
    last: HashMap<String, Timestamp>,
    quiet_until: Option<Timestamp>,
    /// At these calls it takes the message and breaks down.
    breaks_at: HashSet<usize>,
    /// At this call it wants to be left alone for half a minute.
    tired_at: Option<usize>,
}

#[derive(Clone)]
struct Fake {
    seen: Arc<Mutex<Seen>>,
    clock: Arc<Mutex<Option<Clock>>>,
}

impl Fake {
    async fn start() -> (Fake, String) {
        let fake = Fake { seen: Arc::default(), clock: Arc::default() };
        let router = axum::Router::new()
            .route("/api/chat.postMessage", post(take))
            .route("/hook", post(take))
            .route("/api/conversations.open", post(open))
            .route("/api/conversations.history", post(history))
            .with_state(fake.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (fake, url)
    }

    fn now(&self) -> Timestamp {
        let clock = self.clock.lock().expect("a clock");
        clock.as_ref().map_or_else(|| NOW.parse().expect("a time"), Clock::now)
    }

    fn messages(&self) -> Vec<Json> {
        self.seen.lock().expect("seen").messages.clone()
    }
}

async fn take(State(fake): State<Fake>, Body(message): Body<Json>) -> Response {
    let now = fake.now();
    let mut seen = fake.seen.lock().expect("seen");
    seen.calls += 1;
    let (call, channel) = (seen.calls, message["channel"].as_str().unwrap_or("the webhook's").to_owned());
    if seen.quiet_until.is_some_and(|until| now < until) {
        seen.impolite += 1;
    }
    if seen.tired_at == Some(call) {
        seen.quiet_until = Some(now + SignedDuration::from_secs(30));
        seen.refused += 1;
        return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "30")], "").into_response();
    }
    let too_soon = seen.last.get(&channel).is_some_and(|last| now < *last + SignedDuration::from_secs(1));
    if too_soon {
        seen.refused += 1;
        return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")], "").into_response();
    }
    seen.last.insert(channel, now);
    seen.messages.push(message);
    if seen.breaks_at.contains(&call) {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    Body(json!({"ok": true, "ts": "1.2"})).into_response()
}

async fn open(Body(asked): Body<Json>) -> Body<Json> {
    Body(json!({"ok": true, "channel": {"id": format!("D{}", asked["users"].as_str().unwrap_or_default())}}))
}

async fn history(State(fake): State<Fake>, Body(asked): Body<Json>) -> Body<Json> {
    let channel = asked["channel"].as_str().unwrap_or_default().trim_start_matches('D').to_owned();
    let all = fake.messages();
    let messages: Vec<Json> = all.into_iter().filter(|one| one["channel"] == json!(channel)).collect();
    Body(json!({"ok": true, "messages": messages}))
}

async fn start(url: &str, fake: &Fake) -> Service {
    let slack = SlackSettings { token: Some("xoxb-test".into()), base_url: url.to_owned(), ..SlackSettings::default() };
    start_with(slack, fake).await
}

async fn start_with(slack: SlackSettings, fake: &Fake) -> Service {
    let service = Service::start_with(baton::config::Settings { slack, ..settings() }, None).await;
    *fake.clock.lock().expect("a clock") = Some(service.clock.clone());
    let mut route = short_route(1);
    route["limits"] = json!({"fill_gaps": "240h"});
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    service
}

async fn hand_over(service: &Service, (number, title): (usize, &str), slack: &str) {
    let body = json!({
        "route": "short", "title": title, "external_id": format!("deal:{number}"),
        "from": {"team": "sales", "owner": {"name": "Marcus Lee", "email": null, "slack": slack}},
        "sources": [{"type": "email", "filename": "mail.eml", "content": mail("Good morning.")}],
    });
    service.post("/v1/handoffs", &body).await.expect(202);
}

/// Lets the time go on, five times as fast as it does, until the fake holds so many messages. Were it much faster, the
/// way to the fake and back would take longer than what has to lie between two messages.
async fn until(service: &Service, fake: &Fake, count: usize) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(10));
    for _ in 0..30_000 {
        if fake.messages().len() >= count {
            return;
        }
        ticks.tick().await;
        service.clock.advance(SignedDuration::from_millis(50));
    }
    panic!("{} of {count} messages came", fake.messages().len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_keeps_to_the_limits() {
    // A thousand in the long form; four hundred show the limits of each of the 25 channels sixteen times over.
    let parts = rounds(8, 20);
    let count = parts * 50;
    let (fake, url) = Fake::start().await;
    let service = start(&url, &fake).await;
    fake.seen.lock().expect("seen").tired_at = Some(count * 2 / 5);
    for part in 0..parts {
        let numbers = (part * 50)..(part * 50 + 50);
        let all = numbers.map(|number| {
            let service = &service;
            async move { hand_over(service, (number, "Northwind"), &format!("U{:03}", number % 25)).await }
        });
        futures_util::future::join_all(all).await;
    }
    until(&service, &fake, count).await;
    // Whatever is still on its way would be one too many.
    for _ in 0..20 {
        service.clock.advance(SignedDuration::from_secs(2));
        tokio::time::timeout(std::time::Duration::from_millis(20), std::future::pending::<()>()).await.unwrap_err();
    }
    let (calls, refused, impolite, messages) = {
        let seen = fake.seen.lock().expect("seen");
        (seen.calls, seen.refused, seen.impolite, seen.messages.clone())
    };
    let ids: HashSet<String> = messages.iter().map(|one| one["metadata"]["event_payload"]["id"].to_string()).collect();
    // What was on its way when it asked to be left alone counts; nothing that was begun later.
    let pass = ids.len() == count && messages.len() == count && refused * 100 <= calls && impolite <= 16;
    figure(
        "R-35",
        pass,
        json!({"messages": messages.len(), "distinct": ids.len(), "calls": calls, "refused": refused,
                                "during_quiet": impolite, "channels": 25}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_unclear_end_it_is_looked_for_and_not_sent_twice() {
    let (fake, url) = Fake::start().await;
    let service = start(&url, &fake).await;
    fake.seen.lock().expect("seen").breaks_at = (1..=20).step_by(2).collect();
    for number in 0..20 {
        hand_over(&service, (number, "Northwind"), &format!("U{number:03}")).await;
    }
    until(&service, &fake, 20).await;
    let mut left = 1;
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(20));
    for _ in 0..500 {
        service.clock.advance(SignedDuration::from_secs(2));
        ticks.tick().await;
        let page = service.get("/v1/outbox?limit=100").await.expect(200).json();
        let waiting = page["data"].as_array().expect("messages").iter().filter(|one| one["state"] != "sent");
        left = waiting.count();
        if left == 0 {
            break;
        }
    }
    let messages = fake.messages();
    let ids: HashSet<String> = messages.iter().map(|one| one["metadata"]["event_payload"]["id"].to_string()).collect();
    let pass = left == 0 && messages.len() == 20 && ids.len() == 20;
    figure(
        "asking.slack_unclear",
        pass,
        json!({"messages": messages.len(), "distinct": ids.len(), "unclear": 10, "left": left}),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_has_one_channel_for_all() {
    let (fake, url) = Fake::start().await;
    let slack = SlackSettings { webhook: Some(format!("{url}/hook").into()), ..SlackSettings::default() };
    let service = start_with(slack, &fake).await;
    for number in 0..10 {
        hand_over(&service, (number, "Northwind"), &format!("U{number:03}")).await;
    }
    until(&service, &fake, 10).await;
    let (calls, refused) = {
        let seen = fake.seen.lock().expect("seen");
        (seen.calls, seen.refused)
    };
    figure("asking.webhook", (calls, refused) == (10, 0), json!({"people": 10, "calls": calls, "refused": refused}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_people_wrote_is_alive() {
    let (fake, url) = Fake::start().await;
    let service = start(&url, &fake).await;
    let attacks = [
        "<!channel> now",
        "<@U1>",
        "<https://evil.example|click>",
        "a & b <b>",
        "*bold* `code`",
        "\u{202e}gnp",
        "&lt;!here&gt;",
    ];
    for (number, attack) in attacks.into_iter().enumerate() {
        hand_over(&service, (number, attack), &format!("U{number:03}")).await;
    }
    until(&service, &fake, attacks.len()).await;
    let messages = fake.messages();
    let mut alive = 0;
    for message in &messages {
        assert_eq!((&message["unfurl_links"], &message["unfurl_media"]), (&json!(false), &json!(false)));
        let blocks = message["blocks"].as_array().expect("blocks");
        assert!(blocks.len() <= 50 && blocks[0]["text"]["type"] == "plain_text", "{message}");
        // In plain text nothing is read as a sign; everywhere else a bracket may only begin a quote.
        let mut texts = vec![message["text"].as_str().expect("a text").to_owned()];
        for block in blocks.iter().skip(1) {
            collect(block, &mut texts);
        }
        alive += texts.iter().filter(|text| text.contains('<') || text.contains("<!") || text.contains("<@")).count();
    }
    figure("A-17", alive == 0, json!({"attacks": attacks.len(), "messages": messages.len(), "alive": alive}));
}

/// What a route says in Slack when work moves goes by the same road.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_transfer_says_arrives_once_and_is_only_text() {
    let (fake, url) = Fake::start().await;
    let service = start(&url, &fake).await;
    let mut route = short_route(1);
    route["id"] = json!("says");
    route["owners"] = json!({"next_action": "receiver", "failure": "revops@acme.example"});
    route["fields"] = json!([{"key": "customer_name", "label": "Customer", "type": "text", "required": true}]);
    route["on_transfer"] = json!([
        {"name": "room", "slack": {"channel": "C024BE91L", "text": "{{title}} is with {{to_owner}} now"}},
        {"name": "receiver", "slack": {"person": "receiver"}},
    ]);
    service.send("PUT", "/v1/routes/says", Some(&route), &[]).await.expect(201);
    let owner = |name: &str, slack: &str| json!({"owner": {"name": name, "email": null, "slack": slack}});
    let body = json!({"route": "says", "title": "<!channel> Northwind", "from": owner("Marcus Lee", "U024BE7LH"),
                      "to": owner("Priya Raman", "U061F7AUR"), "known": {"customer_name": "Northwind & Sons"}});
    let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
    // It breaks down when it has taken the first: that one is looked for, and not sent again.
    fake.seen.lock().expect("seen").breaks_at = HashSet::from([1]);
    service.transfer(&id).await.expect(200);
    let mut states = Vec::new();
    let mut ticks = tokio::time::interval(std::time::Duration::from_millis(10));
    for _ in 0..500 {
        let all = service.get(&format!("/v1/handoffs/{id}/actions")).await.expect(200).json();
        states = all["data"].as_array().expect("actions").iter().map(|one| one["state"].clone()).collect::<Vec<_>>();
        if states == ["done", "done"] {
            break;
        }
        ticks.tick().await;
        service.clock.advance(SignedDuration::from_secs(1));
    }
    let messages = fake.messages();
    let channels: HashSet<&str> = messages.iter().filter_map(|one| one["channel"].as_str()).collect();
    let mut texts = Vec::new();
    for message in &messages {
        texts.push(message["text"].as_str().expect("a text").to_owned());
        message["blocks"].as_array().into_iter().flatten().for_each(|block| collect(block, &mut texts));
    }
    let alive = texts.iter().filter(|text| text.contains("<!")).count();
    let said = texts.iter().any(|text| text.contains("Northwind is with Priya Raman now"));
    let pass = states == ["done", "done"] && messages.len() == 2 && channels.len() == 2 && alive == 0 && said;
    figure(
        "actions.slack",
        pass && channels.contains("C024BE91L"),
        json!({"states": states, "messages": messages.len(), "channels": channels, "alive": alive, "texts": texts}),
    );
}

fn collect(block: &Json, texts: &mut Vec<String>) {
    match block {
        Json::Object(object) if object.get("type") == Some(&json!("mrkdwn")) => {
            texts.extend(object.get("text").and_then(Json::as_str).map(str::to_owned));
        }
        Json::Object(object) => object.values().for_each(|value| collect(value, texts)),
        Json::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        _ => {}
    }
}
