//! Messages that do not leave are told while they wait, and what people wrote
//! back goes with the raw context that it stood in.

use baton::config::{MailSettings, Settings};
use jiff::SignedDuration;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::harness::{Service, figure, settings};
use crate::life::{outbox, requests};
use crate::replies::{MARCUS, asked, id_of, post, reply, route, six};

/// A mail server that is away for hours is told in the log, among the figures, and to whoever asks how it stands.
#[tokio::test]
async fn a_mail_server_that_is_away_is_told() {
    let port = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("an address");
    let mail = MailSettings {
        url: Some(format!("smtp://{port}").into()),
        from: "Baton <baton@acme.example>".to_owned(),
        ..MailSettings::default()
    };
    let service = Service::start_with(Settings { mail, ..settings() }, None).await;
    let ready = async || service.get("/readyz").await.expect(200).json();
    let gauge = async |name: &str| {
        let text = service.get("/metrics").await.expect(200).text;
        let line =
            text.lines().find(|line| line.starts_with(&format!("{name}{{channel=\"email\"}}"))).map(str::to_owned);
        line.and_then(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
    };
    let (id, _) = asked(&service, &six()).await;
    assert_eq!((ready().await["unsent"].clone(), service.app().warn_of_unsent().await), (Json::Null, false));
    // It waits its minute, and then for the server.
    service.clock.advance(SignedDuration::from_mins(2));
    outbox(&service, &id, |all| all.iter().any(|one| one["attempts"].as_u64() >= Some(1))).await;
    assert_eq!(ready().await["unsent"], Json::Null, "one attempt is no trouble yet");
    service.clock.advance(SignedDuration::from_hours(3));
    let told = ready().await["unsent"][0].clone();
    assert_eq!((&told["channel"], &told["count"]), (&json!("email"), &json!(1)), "{told}");
    assert!(told["oldest_seconds"].as_i64() >= Some(3 * 3_600), "{told}");
    let (waiting, oldest) =
        (gauge("baton_messages_waiting").await, gauge("baton_messages_waiting_oldest_seconds").await);
    assert!(
        waiting.is_none_or(|count| count == 1.0) && oldest.is_none_or(|age| age >= 10_800.0),
        "{waiting:?} {oldest:?}"
    );
    // The service says it by itself; not again and again.
    let mut said = service.app().warn_of_unsent().await;
    for _ in 0..3 {
        said |= service.app().warn_of_unsent().await;
    }
    service.clock.advance(SignedDuration::from_mins(31));
    said |= service.app().warn_of_unsent().await;
    figure("asking.unsent_is_told", said, json!({"waiting": 1, "told": told["count"]}));
}

/// All bytes of the database and of its log of writes.
fn holds(service: &Service, words: &str) -> bool {
    let files = ["baton.db", "baton.db-wal"].map(|name| service.settings.data_dir.join(name));
    let bytes = files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect::<Vec<u8>>();
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[tokio::test]
async fn what_was_written_back_in_vain_goes_with_the_raw_context() {
    const MARKER: &str = "quokkazephyr";
    let service = Service::start().await;
    let (id, message) = asked(&service, &six()).await;
    post(&service, &id, &reply(MARCUS, Some(id_of(&message)), &format!("3. as {MARKER} said on the phone\n4. 40")))
        .await;
    let unclear = requests(&service, &id).await[0]["unclear"].to_string();
    assert!(unclear.contains(MARKER), "{unclear}");
    // The reminder shows it, and waits in the outbox.
    service.clock.advance(SignedDuration::from_mins(4 * 60 + 5));
    service.app().look_at_due().await.expect("it looks");
    let says = |one: &Json| one["text"].as_str().is_some_and(|text| text.contains(MARKER));
    outbox(&service, &id, |all| all.iter().any(says)).await;
    let mut route = route(&six());
    route["version"] = json!(2);
    route["retention"] = json!({"sources": "30d"});
    service.send("PUT", "/v1/routes/six", Some(&route), &[]).await.expect(201);
    service.clock.advance(SignedDuration::from_hours(31 * 24));
    service.app().let_age_go().await.expect("it goes");
    let left = service.get(&format!("/v1/outbox?handoff={id}&limit=100")).await.expect(200).text;
    let shown = requests(&service, &id).await;
    assert!(!left.contains(MARKER) && shown.iter().all(|one| one["unclear"] == Json::Null), "{left} {shown:#?}");
    // The file is written anew with the next erasure; its rows hold nothing of it now.
    let other =
        service.post("/v1/handoffs", &json!({"route": "six", "external_id": "x", "known": {"users": "4"}})).await;
    let erased = service.post("/v1/erasures", &json!({"handoff": other.expect(202).id()})).await.expect(202).json();
    let path = format!("/v1/erasures/{}", erased["id"].as_str().expect("an id"));
    for _ in 0..100 {
        if service.get(&path).await.expect(200).json()["state"] == "done" {
            break;
        }
        service.app().do_chores().await;
    }
    figure("R-45 replies", !holds(&service, MARKER), json!({"markers_left": u8::from(holds(&service, MARKER))}));
}
